//! Calls, as every door needs them: checks what a client asks for, and finds the call that an answer is about.

use std::sync::Arc;

use callslot_api::limits::{
    MAX_CALL_DURATION_S, MAX_CLAIM_WITHIN_S, MAX_ENDED_CALLS, MAX_GATES_PER_CALL, MAX_MAX_WAIT_S,
    MAX_METADATA_BYTES, MAX_NOTE_CHARS,
};
use callslot_api::{CallStart, CallsEnd, LiveCallState, Metadata};
use callslot_core::{
    Call, CallFilter, CallGates, CallId, CallState, CallView, Decline, DeclineCall, EndCalls,
    Ended, GateId, OrgId, Rejection, Reply, StartCall, StateFilter,
};
use callslot_node::NodeHandle;

use crate::auth::secrets::new_id;
use crate::convert;
use crate::extract::field::{self, at_most, checked_id, checked_ids, in_range, shown, text};
use crate::refusal::Refusal;

/// Checks the note that ends a call.
pub(crate) fn note(note: Option<&str>) -> Result<Option<Arc<str>>, Refusal> {
    note.map(|note| text("note", note, MAX_NOTE_CHARS)).transpose()
}

/// Checks how a client declines a call.
pub(crate) fn decline_command(
    call: CallId,
    for_good: bool,
    said: Option<&str>,
) -> Result<DeclineCall, Refusal> {
    let decline = if for_good { Decline::ForGood } else { Decline::ForNow };
    Ok(DeclineCall { call, decline, note: note(said)? })
}

/// Checks which calls a client ends.
pub(crate) fn end_command(end: &CallsEnd) -> Result<EndCalls, Refusal> {
    let CallsEnd { agent, call_type, gate, state, ids, note: said } = end;
    let names_none = agent.is_none() && call_type.is_none() && gate.is_none();
    if names_none && state.is_none() && ids.is_none() {
        return Err(Refusal::invalid_field(
            "agent",
            "one of `agent`, `type`, `gate`, `state` and `ids` must say which calls to end",
        ));
    }
    if let Some(ids) = ids {
        at_most("ids", "ids", ids.len(), MAX_ENDED_CALLS)?;
    }
    let filter = CallFilter {
        state: state.map(|state| match state {
            LiveCallState::Queued => StateFilter::Queued,
            LiveCallState::Active => StateFilter::Active,
        }),
        agent: agent.as_deref().map(|agent| checked_id("agent", agent)).transpose()?,
        call_type: call_type.map(convert::core_call_type),
        gate: gate.as_deref().map(|gate| checked_id("gate", gate)).transpose()?,
    };
    let ids = ids.as_ref().map(|ids| checked_ids("ids", ids)).transpose()?;
    Ok(EndCalls { filter, ids, note: note(said.as_deref())? })
}

/// Checks what a client asks to start. Whether somebody waits for it is checked where that is known.
pub(crate) fn start_command(start: &CallStart) -> Result<StartCall, Refusal> {
    let id = match &start.id {
        Some(id) => field::new_id("id", id)?,
        None => CallId::parse(&new_id("call")).expect("ids made here are valid"),
    };
    let ms = |field: &str, seconds: Option<u64>, allowed: (u64, u64)| {
        seconds.map(|seconds| in_range(field, seconds, allowed).map(|s| s * 1000)).transpose()
    };
    let max_wait_ms = ms("max_wait_s", start.max_wait_s, (0, MAX_MAX_WAIT_S))?;
    let max_duration_ms = ms("max_duration_s", start.max_duration_s, (1, MAX_CALL_DURATION_S))?;
    let claim_within_ms = ms("claim_within_s", start.claim_within_s, (1, MAX_CLAIM_WITHIN_S))?;
    Ok(StartCall {
        id,
        agent: checked_id("agent", &start.agent)?,
        call_type: convert::core_call_type(start.call_type),
        lease: start.lease.as_deref().map(|lease| checked_id("lease", lease)).transpose()?,
        max_wait_ms,
        max_duration_ms,
        claim_within_ms,
        gates: gates(&start.gates)?,
        metadata: start.metadata.as_ref().map(metadata).transpose()?.flatten(),
    })
}

/// The gates that a call passes.
fn gates(ids: &[String]) -> Result<CallGates, Refusal> {
    at_most("gates", "gates", ids.len(), MAX_GATES_PER_CALL)?;
    let gates: Vec<GateId> = checked_ids("gates", ids)?;
    Ok(CallGates::new(gates).expect("they are few"))
}

/// The metadata as it is stored, if there is any.
fn metadata(metadata: &Metadata) -> Result<Option<Arc<str>>, Refusal> {
    if metadata.is_empty() {
        return Ok(None);
    }
    let json = metadata.as_text();
    at_most("metadata", "bytes of JSON", json.len(), MAX_METADATA_BYTES)?;
    metadata.check().map_err(|bad| {
        let field = format!("metadata{}", bad.path);
        Refusal::invalid_field(&field, format!("`{}` {bad}", shown(&field)))
    })?;
    Ok(Some(Arc::clone(json)))
}

/// The call that was claimed, declined or adopted. If the core has forgotten it, it may be among the ended calls.
pub(crate) async fn taken_on(
    node: &NodeHandle,
    org: &OrgId,
    call: CallId,
    decided: Result<CallView, Rejection>,
) -> Result<CallView, Refusal> {
    match decided {
        Ok(view) => Ok(view),
        Err(rejection @ Rejection::UnknownCall { .. }) => {
            let ended = forgotten_call(node, org, &call).await?;
            Err(ended.map_or(rejection, |_| Rejection::CallHasEnded { call }).into())
        }
        Err(rejection) => Err(rejection.into()),
    }
}

/// Adds the texts of ended calls that are in the history alone to the outcomes of one request, all together. An outcome becomes a
/// refusal where they cannot be read.
pub(crate) async fn add_texts<'a>(
    node: &NodeHandle,
    org: &OrgId,
    outcomes: impl IntoIterator<Item = &'a mut Result<CallView, Refusal>>,
) {
    let mut outcomes: Vec<_> = outcomes.into_iter().collect();
    let views = outcomes.iter_mut().filter_map(|outcome| outcome.as_mut().ok());
    if let Err(unavailable) = node.add_texts(org, views).await {
        for outcome in outcomes {
            if outcome.as_ref().is_ok_and(|view| view.call.has_texts_in_history()) {
                *outcome = Err(unavailable.into());
            }
        }
    }
}

/// The ended call, in which texts may be missing. If the core does not know it, it may be among the ended calls of the store.
pub(crate) async fn ended(
    node: &NodeHandle,
    org: &OrgId,
    call: CallId,
    ended: Option<CallView>,
) -> Result<CallView, Refusal> {
    if let Some(view) = ended {
        return Ok(view);
    }
    let kept = forgotten_call(node, org, &call).await?;
    kept.ok_or_else(|| Rejection::UnknownCall { call }.into())
}

/// A call that is live, remembered, or among the ended calls.
pub(crate) async fn find_call(
    node: &NodeHandle,
    org: &OrgId,
    id: &CallId,
) -> Result<CallView, Refusal> {
    let wanted = id.clone();
    let live = node.read(org, move |found, now| found?.call(&wanted, now)).await?;
    match live {
        Some(view) => Ok(node.with_texts(org, view).await?),
        None => ended_call(node, org, id)
            .await?
            .ok_or_else(|| Rejection::UnknownCall { call: id.clone() }.into()),
    }
}

/// The call that is to be erased, without what that removes. It must be over, remembered or among the ended calls.
pub(crate) async fn ended_to_erase(
    node: &NodeHandle,
    org: &OrgId,
    id: &CallId,
) -> Result<CallView, Refusal> {
    let wanted = id.clone();
    let known = node.read(org, move |found, now| found?.call(&wanted, now)).await?;
    let found = if known.is_some() { known } else { ended_call(node, org, id).await? };
    let Some(CallView { call: Call { request, state }, .. }) = found else {
        return Err(Rejection::UnknownCall { call: id.clone() }.into());
    };
    let CallState::Ended(state) = state else {
        return Err(Rejection::CallIsLive { call: id.clone() }.into());
    };
    let mut call = Call { request, state };
    call.erase_texts();
    Ok(CallView { call: call.into(), wait: None })
}

async fn ended_call(
    node: &NodeHandle,
    org: &OrgId,
    id: &CallId,
) -> Result<Option<CallView>, Refusal> {
    let ended = ended_calls(node, org, vec![id.clone()]).await?;
    Ok(ended.into_iter().flatten().next())
}

/// A call that the core did not know when it decided a command a moment ago. One that has come since, and may have ended by now, is
/// not what the command was about.
async fn forgotten_call(
    node: &NodeHandle,
    org: &OrgId,
    id: &CallId,
) -> Result<Option<CallView>, Refusal> {
    let Some(ended) = ended_call(node, org, id).await? else { return Ok(None) };
    let of = id.clone();
    let has_come = node.read(org, move |found, now| found?.call(&of, now)).await?;
    Ok(if has_come.is_some() { None } else { Some(ended) })
}

/// Looks up calls among the ended ones; the result has a place for each id.
pub(crate) async fn ended_calls(
    node: &NodeHandle,
    org: &OrgId,
    ids: Vec<CallId>,
) -> Result<Vec<Option<CallView>>, Refusal> {
    let org = org.clone();
    let ended = node.in_store(move |store| {
        ids.iter().map(|id| store.ended_call(&org, id)).collect::<Result<Vec<_>, _>>()
    });
    let view = |call: Call<Ended>| CallView { call: call.into(), wait: None };
    Ok(ended.await?.into_iter().map(|call| call.map(view)).collect())
}

/// The call in the answer to a start, a claim, a refusal or an adoption that came in a batch with other commands.
pub(crate) fn call_of(reply: Reply) -> CallView {
    let Reply::Call { call, .. } = reply else {
        unreachable!("a command about a call is answered with the call");
    };
    call
}

/// The call in the answer to an end that came in a batch with other commands; none if the core does not know it.
pub(crate) fn ended_call_of(reply: Reply) -> Option<CallView> {
    if matches!(reply, Reply::EndRemembered) { None } else { Some(call_of(reply)) }
}
