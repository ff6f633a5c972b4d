//! Putting and deleting the rules of alerts, and opening and closing alerts. None of it changes who gets a slot.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::alert::{AlertClosing, AlertOpening, AlertWhen, WhyClosed};
use crate::command::{AlertState, DeleteAlert, PutAlert, SetAlertState};
use crate::event::{AlertEvent, Recorded, SettingsEvent};
use crate::id::AlertId;
use crate::org::Org;
use crate::rejection::Rejection;
use crate::reply::AlertWritten;
use crate::time::Now;

impl Org {
    /// A rule that changes closes its alert first: what was open was about the one before.
    pub(super) fn put_alert(
        &mut self,
        now: Now,
        PutAlert { alert, rule }: PutAlert,
        events: &mut Vec<Recorded>,
    ) -> Result<AlertWritten, Rejection> {
        if alert.is_built_in() || rule.when == AlertWhen::WebhookDisabled {
            return Err(Rejection::BuiltInAlert { alert });
        }
        if let Some(agent) = rule.agent.as_ref().filter(|agent| self.pool.find(agent).is_none()) {
            return Err(Rejection::UnknownAgent { agent: agent.clone() });
        }
        if let Some(gate) = rule.gate.as_ref().filter(|gate| self.pool.gates.find(gate).is_none()) {
            return Err(Rejection::UnknownGate { gate: gate.clone() });
        }
        let known = self.alerts.rule(&alert);
        let (is_new, is_other) = (known.is_none(), known != Some(&rule));
        let max_alerts = self.bounds.alerts;
        if is_new && self.alerts.len() >= max_alerts {
            return Err(Rejection::TooManyAlerts { max_alerts });
        }
        if is_other {
            self.close_alert(now, &alert, (None, WhyClosed::RuleChanged), events);
            self.record(now, events, SettingsEvent::AlertPut { alert, rule: rule.into() });
        }
        Ok(AlertWritten { is_new })
    }

    pub(super) fn delete_alert(
        &mut self,
        now: Now,
        DeleteAlert { alert }: DeleteAlert,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        if alert.is_built_in() {
            return Err(Rejection::BuiltInAlert { alert });
        }
        if self.alerts.rule(&alert).is_none() {
            return Err(Rejection::UnknownAlert { alert });
        }
        self.close_alert(now, &alert, (None, WhyClosed::RuleDeleted), events);
        self.record(now, events, SettingsEvent::AlertDeleted { alert });
        Ok(())
    }

    /// Does nothing if the rule is another one by now, or the alert is so already. Of those that no rule is for, no more are open
    /// than there may be rules.
    #[expect(clippy::unnecessary_wraps, reason = "commands are decided alike")]
    pub(super) fn set_alert_state(
        &mut self,
        now: Now,
        SetAlertState { alert, rule, state }: SetAlertState,
        events: &mut Vec<Recorded>,
    ) -> Result<(), Rejection> {
        let is_its_rule = if alert.is_built_in() {
            rule.when == AlertWhen::WebhookDisabled
        } else {
            self.alerts.rule(&alert) == Some(&rule)
        };
        let is_open = self.alerts.opening(&alert).is_some();
        match state {
            AlertState::Open { figure_milli } if is_its_rule && !is_open => {
                if alert.is_built_in() && self.built_in_alerts() >= self.bounds.alerts {
                    return Ok(());
                }
                let opening = AlertOpening { alert, rule, opened_at: now.at, figure_milli };
                self.record(now, events, AlertEvent::Opened(Box::new(opening)));
            }
            AlertState::Closed { figure_milli } if is_its_rule => {
                let why = (Some(figure_milli), WhyClosed::Recovered);
                self.close_alert(now, &alert, why, events);
            }
            AlertState::Open { .. } | AlertState::Closed { .. } => {}
        }
        Ok(())
    }

    fn built_in_alerts(&self) -> usize {
        self.alerts.open().filter(|opening| opening.alert.is_built_in()).count()
    }

    /// Closes an alert, if it is open.
    fn close_alert(
        &mut self,
        now: Now,
        alert: &AlertId,
        (figure_milli, why): (Option<u64>, WhyClosed),
        events: &mut Vec<Recorded>,
    ) {
        let Some(opening) = self.alerts.opening(alert).cloned() else { return };
        let number = self.alerts.next_closing();
        let closing = AlertClosing { number, opening, closed_at: now.at, figure_milli, why };
        self.record(now, events, AlertEvent::Closed(Box::new(closing)));
    }
}
