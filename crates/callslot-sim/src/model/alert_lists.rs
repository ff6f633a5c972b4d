//! What alerts an organisation has, as lists.

use callslot_core::{AlertClosing, AlertId, AlertOpening, AlertRule};

/// The alerts of an organisation.
#[derive(Debug, Default)]
pub(super) struct Alerts {
    pub(super) rules: Vec<(AlertId, AlertRule)>,
    pub(super) open: Vec<AlertOpening>,
    pub(super) past: Vec<AlertClosing>,
}

impl Alerts {
    pub(super) fn rule(&self, alert: &AlertId) -> Option<&AlertRule> {
        self.rules.iter().find(|(id, _)| id == alert).map(|(_, rule)| rule)
    }

    pub(super) fn opening(&self, alert: &AlertId) -> Option<&AlertOpening> {
        self.open.iter().find(|opening| opening.alert == *alert)
    }
}
