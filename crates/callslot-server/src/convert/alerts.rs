//! Converts alerts. Rules that a client sends are checked in `actions/alerts.rs`.

use callslot_api as api;
use callslot_core as core;

use crate::convert::{call_type, time};

/// A figure or a threshold, from thousandths.
pub(crate) fn figure(milli: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "figures are far below 2^53 thousandths")]
    let thousandths = milli as f64;
    thousandths / 1_000.0
}

fn when(when: core::AlertWhen) -> api::AlertWhen {
    match when {
        core::AlertWhen::Utilization => api::AlertWhen::Utilization,
        core::AlertWhen::OldestWait => api::AlertWhen::OldestWait,
        core::AlertWhen::Queued => api::AlertWhen::Queued,
        core::AlertWhen::ReservationFull => api::AlertWhen::ReservationFull,
        core::AlertWhen::Refused => api::AlertWhen::Refused,
        core::AlertWhen::WebhookDisabled => api::AlertWhen::WebhookDisabled,
    }
}

pub(crate) const fn core_when(figure: api::AlertFigure) -> core::AlertWhen {
    match figure {
        api::AlertFigure::Utilization => core::AlertWhen::Utilization,
        api::AlertFigure::OldestWait => core::AlertWhen::OldestWait,
        api::AlertFigure::Queued => core::AlertWhen::Queued,
        api::AlertFigure::ReservationFull => core::AlertWhen::ReservationFull,
        api::AlertFigure::Refused => core::AlertWhen::Refused,
    }
}

/// A rule, and the webhook that its alert is about.
pub(crate) fn rule(rule: &core::AlertRule, webhook: Option<&str>) -> api::AlertRule {
    api::AlertRule {
        when: when(rule.when),
        agent: rule.agent.as_ref().map(ToString::to_string),
        call_type: rule.call_type.map(call_type),
        gate: rule.gate.as_ref().map(ToString::to_string),
        webhook: webhook.map(str::to_owned),
        above: figure(rule.above_milli),
        for_s: rule.for_ms / 1_000,
    }
}

fn rule_of(opening: &core::AlertOpening) -> api::AlertRule {
    rule(&opening.rule, opening.alert.webhook())
}

/// An alert now.
pub(crate) fn alert(view: &core::AlertView) -> api::Alert {
    api::Alert {
        id: view.id.to_string(),
        rule: rule(&view.rule, view.id.webhook()),
        figure: figure(view.figure_milli.unwrap_or_default()),
        open: view.open.as_ref().map(|opening| api::AlertOpening {
            opened_at: time(opening.opened_at),
            figure: figure(opening.figure_milli),
        }),
    }
}

fn why(why: core::WhyClosed) -> api::AlertClosed {
    match why {
        core::WhyClosed::Recovered => api::AlertClosed::Recovered,
        core::WhyClosed::RuleChanged => api::AlertClosed::RuleChanged,
        core::WhyClosed::RuleDeleted => api::AlertClosed::RuleDeleted,
    }
}

/// An alert that closed.
pub(crate) fn past(closing: &core::AlertClosing) -> api::PastAlert {
    let opening = &closing.opening;
    api::PastAlert {
        id: opening.alert.to_string(),
        rule: rule_of(opening),
        opened_at: time(opening.opened_at),
        figure: figure(opening.figure_milli),
        closed_at: time(closing.closed_at),
        closed_figure: closing.figure_milli.map(figure),
        why: why(closing.why),
    }
}

/// What the event of a changed rule says.
pub(crate) fn changed(
    (seq, at): (u64, api::Time),
    id: &core::AlertId,
    rule: Option<&core::AlertRule>,
) -> api::SettingsChange {
    let (id, rule) = (id.to_string(), rule.map(|it| self::rule(it, None)));
    api::SettingsChange::Alert(api::AlertChanged { seq, at, id, rule })
}

/// What the event of an alert that opened says.
pub(crate) fn opened(
    (seq, at): (u64, api::Time),
    opening: &core::AlertOpening,
) -> api::AlertHasOpened {
    api::AlertHasOpened {
        seq,
        at,
        id: opening.alert.to_string(),
        rule: rule_of(opening),
        figure: figure(opening.figure_milli),
    }
}

/// What the event of an alert that closed says.
pub(crate) fn closed(
    (seq, at): (u64, api::Time),
    closing: &core::AlertClosing,
) -> api::AlertHasClosed {
    let opening = &closing.opening;
    api::AlertHasClosed {
        seq,
        at,
        id: opening.alert.to_string(),
        rule: rule_of(opening),
        opened_at: time(opening.opened_at),
        figure: figure(opening.figure_milli),
        closed_figure: closing.figure_milli.map(figure),
        why: why(closing.why),
    }
}

/// The rule of the alert that an event is about.
pub(crate) const fn rule_of_event(event: &core::AlertEvent) -> &core::AlertRule {
    match event {
        core::AlertEvent::Opened(opening) => &opening.rule,
        core::AlertEvent::Closed(closing) => &closing.opening.rule,
    }
}
