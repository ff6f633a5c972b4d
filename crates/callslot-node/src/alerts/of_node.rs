//! What the server asks of the node about alerts: what there are, and to open or close those that no rule is for.

use callslot_core::{
    AlertId, AlertRule, AlertState, AlertView, AlertWhen, Org, OrgId, SetAlertState,
};

use crate::node_handle::NodeHandle;
use crate::unavailable::{SubmitError, Unavailable};

impl NodeHandle {
    /// The alerts of an organisation with the figures that their rules look at: all rules by id, then what is open without a rule.
    /// None if there is no such organisation.
    ///
    /// # Errors
    /// [`Unavailable`] when the state was not read.
    pub async fn alerts(&self, org: &OrgId) -> Result<Option<Vec<AlertView>>, Unavailable> {
        let look = |found: Option<&Org>, now| found.map(|found| found.alerts(now));
        let alerts = self.read(org, look).await?;
        Ok(alerts.map(|alerts| alerts.into_iter().map(|it| self.counted(org, it)).collect()))
    }

    /// One of them.
    ///
    /// # Errors
    /// [`Unavailable`] when the state was not read.
    pub async fn alert(
        &self,
        org: &OrgId,
        alert: AlertId,
    ) -> Result<Option<AlertView>, Unavailable> {
        let look = move |found: Option<&Org>, now| found?.alert(&alert, now);
        Ok(self.read(org, look).await?.map(|it| self.counted(org, it)))
    }

    /// Says whether a webhook is disabled: opens the alert of it or closes it.
    ///
    /// # Errors
    /// [`SubmitError::Unavailable`] when that was not carried out.
    pub async fn set_webhook_disabled(
        &self,
        org: &OrgId,
        alert: AlertId,
        is_disabled: bool,
    ) -> Result<(), SubmitError> {
        let state = if is_disabled {
            AlertState::Open { figure_milli: 1_000 }
        } else {
            AlertState::Closed { figure_milli: 0 }
        };
        let rule = AlertRule::webhook_disabled();
        self.submit((org.clone(), SetAlertState { alert, rule, state })).await
    }

    /// With the figure that only the node counts.
    fn counted(&self, org: &OrgId, mut alert: AlertView) -> AlertView {
        match alert.rule.when {
            AlertWhen::Refused => {
                alert.figure_milli =
                    Some(self.shard_of(org).state.alert_book.refused(org, &alert.id));
            }
            AlertWhen::WebhookDisabled => alert.figure_milli = Some(1_000),
            AlertWhen::Utilization
            | AlertWhen::OldestWait
            | AlertWhen::Queued
            | AlertWhen::ReservationFull => {}
        }
        alert
    }
}
