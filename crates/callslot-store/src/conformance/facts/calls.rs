//! Calls, an organisation and a time, of which the facts are made.

use std::sync::Arc;

use callslot_core::{
    AgentId, Call, CallGates, CallId, CallType, EndReason, Ended, LeaseId, Now, OrgId, Request,
    SlotKind, Tick, Ticket, Timestamp,
};

/// A time, `ms` milliseconds after a fixed one.
#[must_use]
pub fn now(ms: u64) -> Now {
    Now { at: Timestamp(1_700_000_000_000 + ms), tick: Tick(ms) }
}

/// The organisation with this id.
#[must_use]
pub fn org(name: &str) -> OrgId {
    OrgId::parse(name).expect("an organisation id")
}

/// A call that was active and ended `ended_ms` milliseconds after the fixed time.
#[must_use]
pub fn ended_call(id: &str, agent: &str, call_type: CallType, ended_ms: u64) -> Call<Ended> {
    let state = Ended {
        served: Some((SlotKind::Shared, now(ended_ms / 2).at)),
        ended_at: now(ended_ms).at,
        reason: EndReason::Completed,
        note: Some(Arc::from("said goodbye")),
        remembered_until: Tick(ended_ms + 600_000),
    };
    Call { request: request(id, agent, call_type), state }
}

/// A call that ended for this reason `ended_ms` milliseconds after it was requested; served halfway through if it was completed.
#[must_use]
pub fn ended_for(reason: EndReason, id: &str, ended_ms: u64) -> Call<Ended> {
    let mut call = ended_call(id, "a", CallType::Chat, ended_ms + 1);
    let served = call.state.served.filter(|_| reason == EndReason::Completed);
    call.state = Ended { ended_at: now(ended_ms).at, reason, served, ..call.state };
    call
}

pub(super) fn request(id: &str, agent: &str, call_type: CallType) -> Arc<Request> {
    Arc::new(Request {
        id: CallId::parse(id).expect("a call id"),
        agent: AgentId::parse(agent).expect("an agent id"),
        call_type,
        ticket: Ticket(7),
        requested_at: now(1).at,
        lease: Some(LeaseId::parse("lease-1").expect("a lease id")),
        wait_deadline: Some(Tick(31_000)),
        max_duration_ms: None,
        claim_within_ms: Some(5_000),
        gates: CallGates::default(),
        metadata: Some(Arc::from(r#"{"caller":"+49 30 1234"}"#)),
    })
}
