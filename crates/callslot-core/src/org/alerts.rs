//! The alerts of an organisation: its rules, which alerts are open, and the last ones that closed. Decides nothing.

use alloc::collections::{BTreeMap, VecDeque};

use crate::alert::{AlertClosing, AlertOpening, AlertRule};
use crate::event::AlertEvent;
use crate::id::AlertId;

#[derive(Debug, Default)]
pub(crate) struct Alerts {
    rules: BTreeMap<AlertId, AlertRule>,
    open: BTreeMap<AlertId, AlertOpening>,
    /// Those that closed last, in order.
    past: VecDeque<AlertClosing>,
}

impl Alerts {
    pub(crate) fn len(&self) -> usize {
        self.rules.len()
    }

    pub(crate) fn rule(&self, alert: &AlertId) -> Option<&AlertRule> {
        self.rules.get(alert)
    }

    /// All rules, by id.
    pub(crate) fn rules(&self) -> impl Iterator<Item = (&AlertId, &AlertRule)> + Clone {
        self.rules.iter()
    }

    pub(crate) fn opening(&self, alert: &AlertId) -> Option<&AlertOpening> {
        self.open.get(alert)
    }

    /// All open alerts, by id.
    pub(crate) fn open(&self) -> impl Iterator<Item = &AlertOpening> {
        self.open.values()
    }

    pub(crate) fn open_count(&self) -> usize {
        self.open.len()
    }

    /// Those that closed last, in order.
    pub(crate) fn past(&self) -> impl DoubleEndedIterator<Item = &AlertClosing> {
        self.past.iter()
    }

    /// The number of the next closing.
    pub(crate) fn next_closing(&self) -> u64 {
        self.past.back().map_or(0, |closing| closing.number) + 1
    }

    pub(super) fn put(&mut self, alert: &AlertId, rule: &AlertRule) {
        self.rules.insert(alert.clone(), rule.clone());
    }

    pub(super) fn remove(&mut self, alert: &AlertId) {
        self.rules.remove(alert);
    }

    /// An alert opens or closes. Of those that closed, `most` are kept.
    pub(super) fn apply(&mut self, event: &AlertEvent, most: usize) {
        match event {
            AlertEvent::Opened(opening) => {
                self.open.insert(opening.alert.clone(), AlertOpening::clone(opening));
            }
            AlertEvent::Closed(closing) => {
                self.open.remove(&closing.opening.alert);
                self.past.push_back(AlertClosing::clone(closing));
                while self.past.len() > most {
                    self.past.pop_front();
                }
            }
        }
    }
}
