//! Converts the core's values to JSON types and back. It decides no rule.

pub(crate) mod alerts;
pub(crate) mod audit;
pub(crate) mod events;
pub(crate) mod gates;
pub(crate) mod webhooks;

use std::sync::Arc;

use callslot_api as api;
use callslot_core as core;
use callslot_node::{GateHours, Point};
use callslot_store as store;

pub(crate) fn time(at: core::Timestamp) -> api::Time {
    api::Time(at.0)
}

pub(crate) fn lease(lease: &core::LeaseView) -> api::LeaseStatus {
    api::LeaseStatus {
        id: lease.id.to_string(),
        ttl_s: lease.ttl_ms / 1000,
        expires_in_ms: lease.expires_in_ms,
        key: lease.key.as_ref().map(ToString::to_string),
        active: lease.active,
        queued: lease.queued,
    }
}

pub(crate) fn call_type(call_type: core::CallType) -> api::CallType {
    match call_type {
        core::CallType::Webcall => api::CallType::Webcall,
        core::CallType::Chat => api::CallType::Chat,
        core::CallType::Outbound => api::CallType::Outbound,
        core::CallType::Inbound => api::CallType::Inbound,
    }
}

pub(crate) fn core_call_type(call_type: api::CallType) -> core::CallType {
    match call_type {
        api::CallType::Webcall => core::CallType::Webcall,
        api::CallType::Chat => core::CallType::Chat,
        api::CallType::Outbound => core::CallType::Outbound,
        api::CallType::Inbound => core::CallType::Inbound,
    }
}

fn slot(slot: core::SlotKind) -> api::SlotKind {
    match slot {
        core::SlotKind::Reserved => api::SlotKind::Reserved,
        core::SlotKind::Shared => api::SlotKind::Shared,
    }
}

fn blocked_on(blocked_on: core::BlockedOn) -> api::BlockedOn {
    match blocked_on {
        core::BlockedOn::NothingShared => api::BlockedOn::NothingShared,
        core::BlockedOn::Limit => api::BlockedOn::Limit,
        core::BlockedOn::Settling => api::BlockedOn::Settling,
        core::BlockedOn::AgentCap => api::BlockedOn::AgentCap,
        core::BlockedOn::TypeCap => api::BlockedOn::TypeCap,
        core::BlockedOn::GateCap => api::BlockedOn::GateCap,
        core::BlockedOn::GatePaused => api::BlockedOn::GatePaused,
        core::BlockedOn::GateHours => api::BlockedOn::GateHours,
        core::BlockedOn::Paced => api::BlockedOn::Paced,
        core::BlockedOn::SharedFull => api::BlockedOn::SharedFull,
    }
}

fn blocked_by(blocked_by: core::BlockedBy, request: &core::Request) -> Option<api::BlockedBy> {
    Some(match blocked_by {
        core::BlockedBy::Agent => api::BlockedBy::Agent(request.agent.to_string()),
        core::BlockedBy::Type => api::BlockedBy::Type(call_type(request.call_type)),
        core::BlockedBy::Gate(place) => {
            api::BlockedBy::Gate(request.gates.ids().get(usize::from(place))?.to_string())
        }
    })
}

pub(crate) fn core_reason(reason: api::EndReason) -> core::EndReason {
    match reason {
        api::EndReason::Completed => core::EndReason::Completed,
        api::EndReason::Canceled => core::EndReason::Canceled,
        api::EndReason::LeaseExpired => core::EndReason::LeaseExpired,
        api::EndReason::Reconciled => core::EndReason::Reconciled,
        api::EndReason::MaxDuration => core::EndReason::MaxDuration,
        api::EndReason::MaxWait => core::EndReason::MaxWait,
        api::EndReason::Unclaimed => core::EndReason::Unclaimed,
        api::EndReason::Declined => core::EndReason::Declined,
    }
}

fn reason(reason: core::EndReason) -> api::EndReason {
    match reason {
        core::EndReason::Completed => api::EndReason::Completed,
        core::EndReason::Canceled => api::EndReason::Canceled,
        core::EndReason::LeaseExpired => api::EndReason::LeaseExpired,
        core::EndReason::Reconciled => api::EndReason::Reconciled,
        core::EndReason::MaxDuration => api::EndReason::MaxDuration,
        core::EndReason::MaxWait => api::EndReason::MaxWait,
        core::EndReason::Unclaimed => api::EndReason::Unclaimed,
        core::EndReason::Declined => api::EndReason::Declined,
    }
}

pub(crate) fn role(role: store::Role) -> api::Role {
    match role {
        store::Role::Viewer => api::Role::Viewer,
        store::Role::Engine => api::Role::Engine,
        store::Role::Admin => api::Role::Admin,
        store::Role::Operator => api::Role::Operator,
    }
}

pub(crate) fn core_role(role: api::Role) -> store::Role {
    match role {
        api::Role::Viewer => store::Role::Viewer,
        api::Role::Engine => store::Role::Engine,
        api::Role::Admin => store::Role::Admin,
        api::Role::Operator => store::Role::Operator,
    }
}

/// A call that an engine named and must not run.
pub(crate) fn unknown_call(unknown: &core::UnknownCall) -> api::UnknownCall {
    let why = match unknown.why {
        core::WhyUnknown::NeverKnown => api::WhyUnknown::NeverKnown,
        core::WhyUnknown::Ended => api::WhyUnknown::Ended,
        core::WhyUnknown::OtherLease => api::WhyUnknown::OtherLease,
        core::WhyUnknown::Queued => api::WhyUnknown::Queued,
    };
    api::UnknownCall { id: unknown.id.to_string(), why }
}

/// A call, with what is known of its wait while it is queued.
pub(crate) fn call_view(view: &core::CallView, hours: &GateHours) -> api::Call {
    let mut json = call(&view.call);
    if let Some(wait) = view.wait {
        json.position = Some(wait.position);
        json.position_in_class = Some(wait.position_in_class);
        json.blocked_on = Some(blocked_on(wait.blocked_on));
        json.blocked_by = wait.blocked_by.and_then(|whose| blocked_by(whose, &view.call.request));
        json.retry_in_ms =
            wait.retry_in_ms.or_else(|| opens_in_ms(wait, &view.call.request, hours));
        json.estimated_wait_ms = wait.estimated_ms;
    }
    json
}

/// In how long the hours begin that hold a call.
fn opens_in_ms(wait: core::Wait, request: &core::Request, hours: &GateHours) -> Option<u64> {
    let (core::BlockedOn::GateHours, Some(core::BlockedBy::Gate(place))) =
        (wait.blocked_on, wait.blocked_by)
    else {
        return None;
    };
    hours.opens_in_ms(request.gates.ids().get(usize::from(place))?)
}

/// A call on its own.
pub(crate) fn call(call: &core::Call) -> api::Call {
    let request = &call.request;
    let mut json = api::Call {
        id: request.id.to_string(),
        agent: request.agent.to_string(),
        call_type: call_type(request.call_type),
        gates: request.gates.ids().iter().map(ToString::to_string).collect(),
        state: api::CallState::Queued,
        slot: None,
        position: None,
        position_in_class: None,
        blocked_on: None,
        blocked_by: None,
        retry_in_ms: None,
        estimated_wait_ms: None,
        requested_at: time(request.requested_at),
        started_at: None,
        ended_at: None,
        reason: None,
        note: None,
        lease: request.lease.as_ref().map(ToString::to_string),
        metadata: metadata(request.metadata.as_ref()),
    };
    match &call.state {
        core::CallState::Queued(_) => {}
        core::CallState::Active(active) => {
            json.state = api::CallState::Active;
            json.slot = Some(slot(active.slot));
            json.started_at = Some(time(active.started_at));
        }
        core::CallState::Ended(ended) => {
            json.state = api::CallState::Ended;
            json.slot = ended.served.map(|(taken, _)| slot(taken));
            json.started_at = ended.served.map(|(_, started_at)| time(started_at));
            json.ended_at = Some(time(ended.ended_at));
            json.reason = Some(reason(ended.reason));
            json.note = ended.note.as_ref().map(ToString::to_string);
        }
    }
    json
}

fn metadata(text: Option<&Arc<str>>) -> api::Metadata {
    text.map(api::Metadata::of_checked).unwrap_or_default()
}

pub(crate) fn pool(org: &core::OrgId, view: &core::PoolView) -> api::Pool {
    api::Pool {
        org: org.to_string(),
        plan: view.plan.to_string(),
        limit: view.limit,
        reserved: view.reserved,
        shared: api::Shared {
            size: view.shared_size,
            in_use: view.shared_in_use,
            free: view.shared_size.saturating_sub(view.shared_in_use),
        },
        active: view.active,
        queued: view.queued,
        oldest_wait_ms: view.oldest_wait_ms,
        settling: view.settling,
        version: view.version.0,
        as_of: view.as_of.0,
        type_caps: api::TypeCaps {
            webcall: view.type_caps[core::CallType::Webcall],
            chat: view.type_caps[core::CallType::Chat],
            outbound: view.type_caps[core::CallType::Outbound],
            inbound: view.type_caps[core::CallType::Inbound],
        },
        type_paces: type_paces(&view.type_paces),
        agents: view.agents.iter().map(pool_agent).collect(),
    }
}

pub(crate) fn preview(
    preview: &core::ReservationsPreview,
    problem: Option<api::Problem>,
) -> api::ReservationsPreview {
    let starts = preview.starts.iter().map(|of| api::StartsOfClass {
        agent: of.agent.to_string(),
        call_type: call_type(of.call_type),
        count: of.count,
    });
    let waits_longer = preview.waits_longer.iter().map(|it| api::MayWaitLonger {
        agent: it.agent.to_string(),
        call_type: call_type(it.call_type),
        queued: it.queued,
        slots_now: it.slots_now,
        slots_after: it.slots_after,
    });
    let over = preview.over_reservation.iter();
    let over = over.map(|it| api::OverReservation { agent: it.agent.to_string(), calls: it.calls });
    api::ReservationsPreview {
        fits: problem.is_none(),
        problem,
        starts: starts.collect(),
        first_starts: preview.first_starts.iter().map(ToString::to_string).collect(),
        waits_longer: waits_longer.collect(),
        settling: preview.settling,
        over_reservation: over.collect(),
        shared_after: preview.shared_after,
    }
}

fn type_paces(paces: &core::PerType<Option<core::Pace>>) -> api::TypePaces {
    let of = |call_type| paces[call_type].map(gates::pace);
    api::TypePaces {
        webcall: of(core::CallType::Webcall),
        chat: of(core::CallType::Chat),
        outbound: of(core::CallType::Outbound),
        inbound: of(core::CallType::Inbound),
    }
}

fn pool_agent(view: &core::AgentView) -> api::PoolAgent {
    let class = |call_type| {
        let class: core::ClassView = view.types[call_type];
        api::ClassUse {
            reserved: class.reserved,
            active: class.active,
            reserved_in_use: class.reserved_in_use,
            shared_in_use: class.shared_in_use,
            queued: class.queued,
        }
    };
    api::PoolAgent {
        id: view.id.to_string(),
        name: view.name.to_string(),
        cap: view.cap,
        pace: view.pace.map(gates::pace),
        reserved: view.reserved,
        active: view.active,
        queued: view.queued,
        types: api::PoolTypes {
            webcall: class(core::CallType::Webcall),
            chat: class(core::CallType::Chat),
            outbound: class(core::CallType::Outbound),
            inbound: class(core::CallType::Inbound),
        },
    }
}

pub(crate) fn agent(view: &core::AgentView) -> api::Agent {
    api::Agent {
        id: view.id.to_string(),
        name: view.name.to_string(),
        cap: view.cap,
        pace: view.pace.map(gates::pace),
    }
}

pub(crate) fn org(id: &core::OrgId, org: &core::OrgView) -> api::Org {
    let settings = &org.settings;
    api::Org {
        id: id.to_string(),
        name: settings.name.to_string(),
        plan: settings.plan.to_string(),
        limit: settings.limit(),
        limit_override: settings.limit_override,
        max_call_duration_s: settings.max_call_duration_ms / 1000,
        max_wait_s: max_waits(settings),
        max_queued: settings.max_queued,
        live_calls: org.live_calls,
        active: org.live_calls - org.queued,
        queued: org.queued,
    }
}

fn max_waits(settings: &core::OrgSettings) -> api::MaxWaits {
    let seconds = |call_type| settings.max_wait_ms[call_type].map(|ms| ms / 1000);
    api::MaxWaits {
        webcall: seconds(core::CallType::Webcall),
        chat: seconds(core::CallType::Chat),
        outbound: seconds(core::CallType::Outbound),
        inbound: seconds(core::CallType::Inbound),
    }
}

/// Reservations by agent.
fn reservations_of(reservations: &[(core::AgentId, core::PerType<u32>)]) -> Vec<api::Reservation> {
    let each = reservations.iter().map(|(agent, reserved)| api::Reservation {
        agent: agent.to_string(),
        webcall: reserved[core::CallType::Webcall],
        chat: reserved[core::CallType::Chat],
        outbound: reserved[core::CallType::Outbound],
        inbound: reserved[core::CallType::Inbound],
    });
    each.collect()
}

/// The average number of active calls, to three decimals.
pub(crate) fn mean_active(point: &Point) -> f64 {
    (point.mean_active() * 1_000.0).round() / 1_000.0
}

pub(crate) fn ended(counts: &store::EndCounts) -> api::HistoryEnds {
    api::HistoryEnds {
        completed: counts.of(core::EndReason::Completed),
        canceled: counts.of(core::EndReason::Canceled),
        lease_expired: counts.of(core::EndReason::LeaseExpired),
        reconciled: counts.of(core::EndReason::Reconciled),
        max_duration: counts.of(core::EndReason::MaxDuration),
        max_wait: counts.of(core::EndReason::MaxWait),
        unclaimed: counts.of(core::EndReason::Unclaimed),
        declined: counts.of(core::EndReason::Declined),
    }
}

/// None if there are none.
pub(crate) fn waits(waits: &store::Waits) -> Option<api::HistoryWaits> {
    Some(api::HistoryWaits {
        p50: waits.percentile_ms(50)?,
        p95: waits.percentile_ms(95)?,
        p99: waits.percentile_ms(99)?,
        max: waits.longest_ms(),
    })
}
