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

#[cfg(test)]
mod tests {
    use alloc::boxed::Box;
    use alloc::vec::Vec;

    use super::*;
    use crate::alert::WhyClosed;
    use crate::time::Timestamp;

    #[test]
    fn the_last_that_closed_are_kept_and_their_numbers_go_on() {
        let (mut alerts, id) = (Alerts::default(), AlertId::parse("busy").expect("an alert id"));
        for _ in 0..5 {
            let opening = AlertOpening {
                alert: id.clone(),
                rule: AlertRule::webhook_disabled(),
                opened_at: Timestamp(1),
                figure_milli: 1,
            };
            alerts.apply(&AlertEvent::Opened(Box::new(opening.clone())), 3);
            assert_eq!(alerts.opening(&id), Some(&opening));
            let closing = AlertClosing {
                number: alerts.next_closing(),
                opening,
                closed_at: Timestamp(2),
                figure_milli: Some(0),
                why: WhyClosed::Recovered,
            };
            alerts.apply(&AlertEvent::Closed(Box::new(closing)), 3);
            assert_eq!(alerts.open_count(), 0);
        }
        let kept: Vec<u64> = alerts.past().map(|closing| closing.number).collect();
        assert_eq!(kept, [3, 4, 5]);
        assert_eq!(alerts.next_closing(), 6);
    }
}
