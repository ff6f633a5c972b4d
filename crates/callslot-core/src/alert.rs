//! Alerts: rules that say of which figure somebody wants to know, and what became of them. Nothing here decides.
//!
//! A rule compares a figure with a threshold, both in thousandths: of a call, of a per cent, or of a second. The caller works out
//! when a rule's alert opens and closes, since that takes time; the core keeps which are open, one a rule at most.

use crate::call::CallType;
use crate::id::{AgentId, AlertId, GateId};
use crate::time::Timestamp;

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertWhen {
    /// How much of what calls may use is in use, in per cent: of the limit or, if that is lower, of the cap.
    Utilization,
    /// How long the earliest queued call has waited, in seconds.
    OldestWait,
    /// How many calls are queued.
    Queued,
    /// How many of the reserved slots are in use, in per cent.
    ReservationFull,
    /// How many starts were refused for lack of room in the last minute.
    Refused,
    /// A webhook was disabled. No rule says so: the server opens it by itself.
    WebhookDisabled,
}

impl AlertWhen {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Utilization,
        Self::OldestWait,
        Self::Queued,
        Self::ReservationFull,
        Self::Refused,
        Self::WebhookDisabled,
    ];

    /// The name in JSON and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utilization => "utilization",
            Self::OldestWait => "oldest_wait",
            Self::Queued => "queued",
            Self::ReservationFull => "reservation_full",
            Self::Refused => "refused",
            Self::WebhookDisabled => "webhook_disabled",
        }
    }
}

/// When an alert opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRule {
    /// Which figure it looks at.
    pub when: AlertWhen,
    /// Only of this agent's calls.
    pub agent: Option<AgentId>,
    /// Only of calls of this type.
    pub call_type: Option<CallType>,
    /// Only of calls that pass this gate; then of all agents and types.
    pub gate: Option<GateId>,
    /// It opens once the figure is above this, in thousandths.
    pub above_milli: u64,
    /// For how long the figure must be above it all the time, in milliseconds; 0: at once.
    pub for_ms: u64,
}

impl AlertRule {
    /// The alert of a webhook that was disabled.
    #[must_use]
    pub const fn webhook_disabled() -> Self {
        Self {
            when: AlertWhen::WebhookDisabled,
            agent: None,
            call_type: None,
            gate: None,
            above_milli: 0,
            for_ms: 0,
        }
    }

    /// Whether a figure is above the threshold.
    #[must_use]
    pub const fn is_met_by(&self, figure_milli: u64) -> bool {
        figure_milli > self.above_milli
    }

    /// Whether a figure is so low that an open alert closes: below nine tenths of the threshold, or nothing.
    #[must_use]
    pub const fn is_over_at(&self, figure_milli: u64) -> bool {
        figure_milli == 0 || figure_milli.saturating_mul(10) < self.above_milli.saturating_mul(9)
    }
}

/// An alert that opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertOpening {
    /// The alert.
    pub alert: AlertId,
    /// Its rule then.
    pub rule: AlertRule,
    /// When.
    pub opened_at: Timestamp,
    /// The figure then, in thousandths.
    pub figure_milli: u64,
}

/// An alert that closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertClosing {
    /// Which of the organisation's closings: 1, 2, 3, …
    pub number: u64,
    /// How it had opened.
    pub opening: AlertOpening,
    /// When it closed.
    pub closed_at: Timestamp,
    /// The figure then, in thousandths; none if it closed for another reason.
    pub figure_milli: Option<u64>,
    /// Why it closed.
    pub why: WhyClosed,
}

/// Why an alert closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhyClosed {
    /// The figure is low enough again.
    Recovered,
    /// Its rule is another one now.
    RuleChanged,
    /// Its rule was deleted.
    RuleDeleted,
}

impl WhyClosed {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Recovered, Self::RuleChanged, Self::RuleDeleted];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::RuleChanged => "rule_changed",
            Self::RuleDeleted => "rule_deleted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(above_milli: u64) -> AlertRule {
        AlertRule { when: AlertWhen::Queued, above_milli, ..AlertRule::webhook_disabled() }
    }

    #[test]
    fn an_alert_opens_above_the_threshold_and_closes_below_nine_tenths_of_it() {
        let rule = rule(10_000);
        assert!(!rule.is_met_by(10_000) && rule.is_met_by(10_001));
        assert!(!rule.is_over_at(9_000) && rule.is_over_at(8_999));
    }

    #[test]
    fn an_alert_above_nothing_closes_at_nothing() {
        let rule = rule(0);
        assert!(rule.is_met_by(1) && !rule.is_met_by(0));
        assert!(!rule.is_over_at(1) && rule.is_over_at(0));
    }

    #[test]
    fn the_highest_figures_are_compared_without_overflow() {
        assert!(!rule(u64::MAX).is_met_by(u64::MAX));
        assert!(!rule(u64::MAX).is_over_at(u64::MAX));
    }
}
