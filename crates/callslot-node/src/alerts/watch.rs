//! When alerts open and close. It reads no clock and waits for nothing.
//!
//! An alert opens once its figure has been above the threshold at every look for as long as its rule says, and closes at the first
//! look at which the figure is below nine tenths of it. For how long it has been above is known here alone, so it starts again after a
//! restart, and no alert about refused starts closes before a minute of them is known.

use std::collections::{HashMap, VecDeque};

use callslot_core::{
    AlertId, AlertRule, AlertState, AlertView, AlertWhen, OrgId, SetAlertState, Tick,
};

use crate::limits::COUNT_REFUSALS_FOR_MS;

/// A rule that there was, or an organisation with all its rules, before it was put or deleted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FormerRule {
    pub(crate) org: OrgId,
    /// None: all of the organisation.
    pub(crate) alert: Option<AlertId>,
}

/// What is known of the rules of all organisations.
#[derive(Debug, Default)]
pub(crate) struct AlertWatch {
    orgs: HashMap<OrgId, HashMap<AlertId, Watched>>,
}

#[derive(Debug)]
struct Watched {
    rule: AlertRule,
    /// Since when the figure has been above the threshold.
    met_since: Option<Tick>,
    /// How many starts had been refused at the last looks.
    refused: VecDeque<(Tick, u64)>,
}

/// What a look at an organisation came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Looked {
    /// What to tell the core.
    pub(crate) changes: Vec<SetAlertState>,
    /// The figures of the rules that count refused starts, in thousandths.
    pub(crate) refused: HashMap<AlertId, u64>,
}

impl AlertWatch {
    /// Looks at all rules of an organisation. `refused` is how many starts that a rule counts were refused since the node started.
    pub(crate) fn look(
        &mut self,
        org: &OrgId,
        tick: Tick,
        views: Vec<AlertView>,
        refused: impl Fn(&AlertRule) -> u64,
    ) -> Looked {
        let mut before = self.orgs.remove(org).unwrap_or_default();
        let (mut now, mut looked) = (HashMap::new(), Looked::default());
        for view in views.into_iter().filter(|view| !view.id.is_built_in()) {
            let known = before.remove(&view.id).filter(|known| known.rule == view.rule);
            let mut watched = known.unwrap_or_else(|| Watched::new(view.rule.clone()));
            let figure_milli = match view.figure_milli {
                Some(figure_milli) => figure_milli,
                None => watched.refused_lately(tick, refused(&view.rule)) * 1_000,
            };
            if view.rule.when == AlertWhen::Refused {
                looked.refused.insert(view.id.clone(), figure_milli);
            }
            if let Some(state) = watched.change(tick, view.open.is_some(), figure_milli) {
                let (alert, rule) = (view.id.clone(), view.rule);
                looked.changes.push(SetAlertState { alert, rule, state });
            }
            now.insert(view.id, watched);
        }
        if !now.is_empty() {
            self.orgs.insert(org.clone(), now);
        }
        looked
    }

    /// Forgets an organisation that has no rules.
    pub(crate) fn forget(&mut self, org: &OrgId) {
        self.orgs.remove(org);
    }

    /// Forgets rules that are no longer the same, even if those of now say the same.
    pub(crate) fn forget_former(&mut self, former: impl IntoIterator<Item = FormerRule>) {
        for FormerRule { org, alert } in former {
            match alert {
                Some(alert) => {
                    self.orgs.get_mut(&org).and_then(|of| of.remove(&alert));
                }
                None => self.forget(&org),
            }
        }
    }
}

impl Watched {
    const fn new(rule: AlertRule) -> Self {
        Self { rule, met_since: None, refused: VecDeque::new() }
    }

    /// How many starts were refused in the last minute, if these many were since the node started.
    fn refused_lately(&mut self, tick: Tick, in_all: u64) -> u64 {
        self.refused.push_back((tick, in_all));
        // The last one that is a minute old says how many there were before the minute.
        while self.refused.get(1).is_some_and(|(at, _)| tick.ms_after(*at) >= COUNT_REFUSALS_FOR_MS)
        {
            self.refused.pop_front();
        }
        self.refused.front().map_or(0, |(_, before)| in_all.saturating_sub(*before))
    }

    /// Whether more starts may have been refused in the last minute than were counted, as the counting began within it.
    fn may_have_missed_some(&self, tick: Tick) -> bool {
        let counted_ms = self.refused.front().map_or(0, |(first, _)| tick.ms_after(*first));
        self.rule.when == AlertWhen::Refused && counted_ms < COUNT_REFUSALS_FOR_MS
    }

    /// What becomes of the alert.
    fn change(&mut self, tick: Tick, is_open: bool, figure_milli: u64) -> Option<AlertState> {
        if is_open {
            self.met_since = None;
            let is_over = self.rule.is_over_at(figure_milli) && !self.may_have_missed_some(tick);
            return is_over.then_some(AlertState::Closed { figure_milli });
        }
        if !self.rule.is_met_by(figure_milli) {
            self.met_since = None;
            return None;
        }
        let since = *self.met_since.get_or_insert(tick);
        let is_due = tick.ms_after(since) >= self.rule.for_ms;
        is_due.then_some(AlertState::Open { figure_milli })
    }
}

#[cfg(test)]
mod tests {
    use callslot_core::{AlertOpening, Timestamp};

    use super::*;

    fn org() -> OrgId {
        OrgId::parse("acme").expect("an organisation id")
    }

    fn id() -> AlertId {
        AlertId::parse("busy").expect("an alert id")
    }

    fn rule(when: AlertWhen, above: u64, seconds: u64) -> AlertRule {
        let (above_milli, for_ms) = (above * 1_000, seconds * 1_000);
        AlertRule { when, above_milli, for_ms, ..AlertRule::webhook_disabled() }
    }

    fn view(rule: &AlertRule, figure: Option<u64>, is_open: bool) -> AlertView {
        let figure_milli = figure.map(|figure| figure * 1_000);
        let open = is_open.then(|| AlertOpening {
            alert: id(),
            rule: rule.clone(),
            opened_at: Timestamp(1),
            figure_milli: 0,
        });
        AlertView { id: id(), rule: rule.clone(), figure_milli, open }
    }

    /// What becomes of the alert with these figures, one at each of these seconds.
    fn states(
        watch: &mut AlertWatch,
        rule: &AlertRule,
        figures: &[(u64, u64)],
    ) -> Vec<&'static str> {
        let mut is_open = false;
        let mut states = Vec::new();
        for (second, figure) in figures {
            let view = view(rule, Some(*figure), is_open);
            let looked = watch.look(&org(), Tick(second * 1_000), vec![view], |_| 0);
            let change = looked.changes.first().map(|set| set.state);
            states.push(match change {
                Some(AlertState::Open { figure_milli }) => {
                    assert_eq!((figure_milli, is_open), (figure * 1_000, false));
                    is_open = true;
                    "opens"
                }
                Some(AlertState::Closed { figure_milli }) => {
                    assert_eq!((figure_milli, is_open), (figure * 1_000, true));
                    is_open = false;
                    "closes"
                }
                None => "",
            });
        }
        states
    }

    #[test]
    fn an_alert_opens_after_its_time_and_closes_below_nine_tenths() {
        let (mut watch, rule) = (AlertWatch::default(), rule(AlertWhen::Queued, 10, 5));
        let figures = [(0, 11), (4, 12), (5, 13), (6, 10), (7, 9), (8, 8), (9, 11)];
        let states = states(&mut watch, &rule, &figures);
        assert_eq!(states, ["", "", "opens", "", "", "closes", ""]);
    }

    #[test]
    fn a_figure_that_drops_in_between_starts_the_time_again() {
        let (mut watch, rule) = (AlertWatch::default(), rule(AlertWhen::Queued, 10, 5));
        let states = states(&mut watch, &rule, &[(0, 11), (4, 10), (5, 11), (9, 11), (10, 11)]);
        assert_eq!(states, ["", "", "", "", "opens"]);
    }

    #[test]
    fn without_a_time_an_alert_opens_at_the_first_look() {
        let (mut watch, rule) = (AlertWatch::default(), rule(AlertWhen::Queued, 0, 0));
        assert_eq!(states(&mut watch, &rule, &[(3, 1), (4, 1), (5, 0)]), ["opens", "", "closes"]);
    }

    #[test]
    fn another_rule_starts_the_time_again() {
        let mut watch = AlertWatch::default();
        let (first, other) = (rule(AlertWhen::Queued, 10, 5), rule(AlertWhen::Queued, 9, 5));
        assert_eq!(states(&mut watch, &first, &[(0, 11)]), [""]);
        assert_eq!(states(&mut watch, &other, &[(5, 11), (10, 11)]), ["", "opens"]);
    }

    #[test]
    fn refused_starts_count_for_a_minute() {
        let (mut watch, rule) = (AlertWatch::default(), rule(AlertWhen::Refused, 2, 0));
        let mut figure = |second: u64, in_all: u64| {
            let view = view(&rule, None, false);
            let looked = watch.look(&org(), Tick(second * 1_000), vec![view], |_| in_all);
            (looked.refused[&id()] / 1_000, looked.changes.len())
        };
        assert_eq!(figure(0, 7), (0, 0), "what was before the first look is not counted");
        assert_eq!(figure(1, 9), (2, 0));
        assert_eq!(figure(30, 10), (3, 1));
        assert_eq!(figure(61, 10), (1, 0));
        assert_eq!(figure(90, 10), (0, 0));
    }

    #[test]
    fn after_a_start_no_alert_about_refused_starts_closes_before_a_minute_is_counted() {
        let (mut watch, rule) = (AlertWatch::default(), rule(AlertWhen::Refused, 2, 0));
        let mut closes = |second: u64, in_all: u64| {
            let view = view(&rule, None, true);
            let looked = watch.look(&org(), Tick(second * 1_000), vec![view], |_| in_all);
            looked.changes.len()
        };
        assert_eq!([closes(0, 0), closes(1, 0), closes(59, 1)], [0, 0, 0]);
        assert_eq!(closes(60, 1), 1);
    }

    #[test]
    fn a_rule_that_is_put_again_starts_again_though_it_says_the_same() {
        let rule = rule(AlertWhen::Queued, 10, 5);
        let alert = Some(id());
        for alert in [alert, None] {
            let mut watch = AlertWatch::default();
            assert_eq!(states(&mut watch, &rule, &[(0, 11)]), [""]);
            watch.forget_former([FormerRule { org: org(), alert }]);
            assert_eq!(states(&mut watch, &rule, &[(5, 11), (10, 11)]), ["", "opens"]);
        }
    }

    #[test]
    fn what_has_no_rule_is_left_alone_and_what_has_none_any_more_is_forgotten() {
        let (mut watch, rule) = (AlertWatch::default(), rule(AlertWhen::Queued, 10, 5));
        assert_eq!(states(&mut watch, &rule, &[(0, 11)]), [""]);
        assert!(watch.orgs.contains_key(&org()));
        let mut own = view(&rule, None, true);
        own.id = AlertId::of_webhook("w").expect("an alert id");
        let looked = watch.look(&org(), Tick(1_000), vec![own], |_| 0);
        assert_eq!(looked, Looked::default());
        assert!(watch.orgs.is_empty());
    }
}
