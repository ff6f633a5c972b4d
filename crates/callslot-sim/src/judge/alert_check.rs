//! What holds of alerts, judged from events alone: each rule has at most one that is open, it is about the rule that there is, and each closing says
//! how the alert had opened.

use std::collections::BTreeMap;

use callslot_core::{AlertEvent, AlertId, AlertOpening, AlertRule, SettingsEvent, WhyClosed};

/// What a reader of the events knows of alerts.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    rules: BTreeMap<AlertId, AlertRule>,
    open: BTreeMap<AlertId, AlertOpening>,
    closed: u64,
}

impl Alarms {
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn see_settings(&mut self, event: &SettingsEvent) {
        match event {
            SettingsEvent::AlertPut { alert, rule } => {
                assert!(!self.open.contains_key(alert), "one-alert-a-rule: {alert} is open");
                self.rules.insert(alert.clone(), AlertRule::clone(rule));
            }
            SettingsEvent::AlertDeleted { alert } => {
                assert!(!self.open.contains_key(alert), "one-alert-a-rule: {alert} is open");
                self.rules.remove(alert).expect("a rule that is deleted was there");
            }
            SettingsEvent::LimitChanged { .. }
            | SettingsEvent::AgentPut { .. }
            | SettingsEvent::AgentDeleted { .. }
            | SettingsEvent::TypeChanged { .. }
            | SettingsEvent::GatePut { .. }
            | SettingsEvent::GateHours { .. }
            | SettingsEvent::GateDeleted { .. }
            | SettingsEvent::ReservationsChanged { .. } => {}
        }
    }

    pub(super) fn see(&mut self, event: &AlertEvent) {
        match event {
            AlertEvent::Opened(opening) => {
                if !opening.alert.is_built_in() {
                    let rule = self.rules.get(&opening.alert);
                    assert_eq!(rule, Some(&opening.rule), "one-alert-a-rule: of its rule");
                }
                let before = self.open.insert(opening.alert.clone(), AlertOpening::clone(opening));
                assert_eq!(before, None, "one-alert-a-rule: it was open");
            }
            AlertEvent::Closed(closing) => {
                self.closed += 1;
                assert_eq!(closing.number, self.closed, "closings are numbered in a row");
                let opened = self.open.remove(&closing.opening.alert);
                assert_eq!(opened.as_ref(), Some(&closing.opening), "it closes as it opened");
                let has_figure = closing.figure_milli.is_some();
                assert_eq!(has_figure, closing.why == WhyClosed::Recovered, "{closing:?}");
            }
        }
    }
}
