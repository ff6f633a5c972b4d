//! Converts gates and paces. Hours that a client sends are checked in `actions/gates.rs`.

use callslot_api as api;
use callslot_core as core;
use callslot_node::GateHours;

/// The days of a week as the API names them, from the lowest bit on.
pub(crate) const DAYS: [api::Day; 7] = [
    api::Day::Mon,
    api::Day::Tue,
    api::Day::Wed,
    api::Day::Thu,
    api::Day::Fri,
    api::Day::Sat,
    api::Day::Sun,
];

pub(crate) fn pace(pace: core::Pace) -> api::Pace {
    api::Pace { starts: pace.starts, per_s: pace.per_s, burst: pace.burst }
}

fn kind(kind: core::GateKind) -> api::GateKind {
    match kind {
        core::GateKind::Campaign => api::GateKind::Campaign,
        core::GateKind::Trunk => api::GateKind::Trunk,
        core::GateKind::Customer => api::GateKind::Customer,
        core::GateKind::Number => api::GateKind::Number,
        core::GateKind::Other => api::GateKind::Other,
    }
}

pub(crate) fn core_kind(kind: api::GateKind) -> core::GateKind {
    match kind {
        api::GateKind::Campaign => core::GateKind::Campaign,
        api::GateKind::Trunk => core::GateKind::Trunk,
        api::GateKind::Customer => core::GateKind::Customer,
        api::GateKind::Number => core::GateKind::Number,
        api::GateKind::Other => core::GateKind::Other,
    }
}

/// A gate now.
pub(crate) fn gate(view: &core::GateView, hours: &GateHours) -> api::Gate {
    api::Gate {
        id: view.id.to_string(),
        settings: settings(&view.settings),
        within_hours: view.is_within_hours,
        opens_in_ms: if view.is_within_hours { None } else { hours.opens_in_ms(&view.id) },
        active: view.active,
        queued: view.queued,
        ended: view.ended,
        oldest_wait_ms: view.oldest_wait_ms,
        next_start_in_ms: view.next_start_in_ms,
        done_in_ms: view.done_in_ms,
    }
}

pub(crate) fn settings(settings: &core::GateSettings) -> api::GateSettings {
    api::GateSettings {
        name: settings.name.to_string(),
        kind: kind(settings.kind),
        cap: settings.cap,
        pace: settings.pace.map(pace),
        paused: settings.is_paused,
        hours: settings.hours.as_deref().map(hours),
    }
}

fn hours(hours: &core::Hours) -> api::Hours {
    api::Hours { tz: hours.tz.to_string(), open: hours.open.iter().copied().map(span).collect() }
}

fn span(span: core::OpenSpan) -> api::OpenSpan {
    let days = DAYS.into_iter().enumerate().filter(|(bit, _)| span.days >> bit & 1 == 1);
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    api::OpenSpan {
        days: days.map(|(_, day)| day).collect(),
        from: clock(span.from_min),
        to: clock(span.to_min),
    }
}

/// What the event of a changed gate says.
#[expect(clippy::option_option, reason = "absent and null are two things in the event")]
pub(crate) fn changed(
    (seq, at): (u64, api::Time),
    id: &core::GateId,
    gate: Option<Option<api::GateSettings>>,
    within_hours: Option<bool>,
) -> api::SettingsChange {
    let id = id.to_string();
    api::SettingsChange::Gate(api::GateChanged { seq, at, id, gate, within_hours })
}
