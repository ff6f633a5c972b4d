//! Ends of all calls that match, as random traffic asks for them.

use callslot_core::{AgentId, Call, CallFilter, CallId, CallType, EndCalls, GateId, StateFilter};
use fastrand::Rng;

/// Calls of the agent or of all, of a type or of all, of the gate or of all, in a state or in both; sometimes only some that are live,
/// or some that are live and `next`, which
/// has not come yet.
pub(super) fn end_calls(
    rng: &mut Rng,
    (agent, gate): (AgentId, GateId),
    live: &[Call],
    next: CallId,
) -> EndCalls {
    let state = match rng.u8(..3) {
        0 => Some(StateFilter::Queued),
        1 => Some(StateFilter::Active),
        _ => None,
    };
    let call_type = (rng.u8(..3) == 0).then(|| CallType::ALL[rng.usize(..4)]);
    let ids = (rng.u8(..3) == 0).then(|| {
        let some = live.iter().filter(|_| rng.bool()).map(|call| call.request.id.clone());
        some.collect::<Vec<_>>()
    });
    let agent = rng.bool().then_some(agent);
    let gate = (rng.u8(..4) == 0).then_some(gate);
    let filter = CallFilter { state, agent, call_type, gate };
    match ids {
        Some(ids) if rng.bool() => {
            let ids = ids.into_iter().chain([next]).collect();
            EndCalls { filter: CallFilter::default(), ids: Some(ids), note: None }
        }
        ids => EndCalls { filter, ids, note: None },
    }
}
