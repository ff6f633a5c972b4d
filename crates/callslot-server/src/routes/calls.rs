//! Calls: start, read, claim, decline, end, erase. Lists of calls are in `call_list.rs`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::{Extension, Json as JsonBody};
use callslot_api::limits::{MAX_BATCH_CALLS, MAX_WAIT_S};
use callslot_api::{
    BatchResult, Call, CallBatch, CallBatchResults, CallClaim, CallDecline, CallEnd, CallStart,
    CallsEnd, CallsEnded, ProblemCode as Code, id,
};
use callslot_core::{
    By, CallId, CallView, ClaimCall, Claimant, EndCall, EraseCall, OrgId, Rejection, StartCall,
    Started,
};
use callslot_node::{SubmitError, Unavailable};
use callslot_store::Role;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::actions::calls::{
    add_texts, decline_command, end_command, ended, ended_to_erase, find_call, note, start_command,
    taken_on,
};
use crate::actions::hang_up::Waiter;
use crate::auth::key_ring::Credential;
use crate::auth::roles::{Authenticated, MayConfigure, MayRunCalls, MayStream, no_longer_valid};
use crate::connection::activity::AwaitingEnd;
use crate::connection::peer::Peer;
use crate::convert;
use crate::extract::body::{Json, OptionalJson};
use crate::extract::field::{at_most, checked_id, in_range, new_id, quoted};
use crate::extract::headers::single;
use crate::extract::path::PathId;
use crate::extract::query::{NoParams, Params};
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::seats::Seat;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    (
        "start_call",
        &[
            Code::UnknownAgent,
            Code::UnknownGate,
            Code::LeaseExpired,
            Code::CallIdTaken,
            Code::HeldByOtherLease,
            Code::LeaseFull,
            Code::TooManyLanes,
            Code::QueueFull,
            Code::QueuedMetadataFull,
            Code::TooManySeats,
        ],
    ),
    ("start_calls", &[]),
    ("read_call", &[Code::UnknownCall, Code::TooManySeats]),
    (
        "claim_call",
        &[Code::UnknownCall, Code::ClaimedByOther, Code::CallNotDispatched, Code::CallHasEnded],
    ),
    (
        "decline_call",
        &[Code::UnknownCall, Code::NoClaimDue, Code::CallNotDispatched, Code::CallHasEnded],
    ),
    ("end_call", &[Code::UnknownCall]),
    ("erase_call", &[Code::UnknownCall, Code::CallIsLive]),
    ("end_calls", &[Code::UnknownAgent, Code::UnknownGate, Code::TooManySweeps]),
];

/// The header that may name a new call.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// How long to wait for the call to leave the queue.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WaitParams {
    /// Holds the answer until the call leaves the queue, up to this many seconds: 0 to 60.
    #[param(maximum = 60)]
    wait_s: Option<u64>,
}

impl WaitParams {
    /// How long to wait, with a seat; `None` if the answer is wanted at once.
    fn long_poll(
        &self,
        app: &App,
        credential: &Credential,
        org: &OrgId,
    ) -> Result<Option<LongPoll>, Refusal> {
        let wait_s = in_range("wait_s", self.wait_s.unwrap_or(0), (0, MAX_WAIT_S))?;
        if wait_s == 0 {
            return Ok(None);
        }
        let seat = app.seats.take(&credential.known.key.id, org)?;
        Ok(Some(LongPoll { most: Duration::from_secs(wait_s), _seat: seat }))
    }
}

/// A client waiting for a call to leave the queue.
struct LongPoll {
    most: Duration,
    _seat: Seat,
}

/// Start or queue a call
///
/// The call is `active` if a slot is available, otherwise `queued` with its position and the reason. Starting a known
/// `id` again returns that call and takes no second slot, so a retry is safe; naming another lease than that of a live call
/// is refused. With `wait_s` the answer is held until
/// the call leaves the queue.
#[utoipa::path(post, path = "/v1/calls", tag = "Calls", security(("key" = ["engine"])),
    params(WaitParams, ("idempotency-key" = Option<id::CallId>, Header, nullable = false, description = "The call's id, where the body has none")),
    request_body = CallStart,
    responses((status = 201, description = "The call is new", body = Call),
        (status = 200, description = "The id was used before: the call's current state", body = Call)))]
pub(crate) async fn start_call(
    State(app): State<Arc<App>>,
    MayStream(credential, org): MayStream,
    Params(params): Params<WaitParams>,
    headers: HeaderMap,
    Extension(peer): Extension<Peer>,
    Json(start): Json<CallStart>,
) -> Result<(StatusCode, JsonBody<Call>), Refusal> {
    let long_poll = params.long_poll(&app, &credential, &org)?;
    if start.cancel_on_disconnect && long_poll.is_none() {
        return Err(only_with_wait());
    }
    let cancels = start.cancel_on_disconnect;
    let start = (org.clone(), start_command(&named(start, &headers)?)?);
    let _awaiting_end = cancels.then(|| AwaitingEnd::of(&peer.activity));
    let (Started { call: mut view, is_new }, waiter) = if cancels {
        Waiter::start(&app.node, start).await?
    } else {
        (app.node.submit(start).await?, None)
    };
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    if let Some(long_poll) = long_poll
        && view.call.is_queued()
    {
        // The call has been accepted, whatever the outcome of the waiting.
        if let Ok(later) =
            once_settled(&app, &org, &view.call.request.id, long_poll, credential).await
        {
            view = later;
        }
    }
    let view = app.node.with_texts(&org, view).await?;
    waiter.into_iter().for_each(Waiter::answered);
    Ok((status, JsonBody(convert::call_view(&view, &app.node.gate_hours(&org)))))
}

/// Start or queue up to 1,000 calls
///
/// Each call is decided on its own, in order and in one batch; the results are in the same order. One refused call
/// does not affect the others. Each counts as a command of the key's rate limit.
#[utoipa::path(post, path = "/v1/calls/batch", tag = "Calls", security(("key" = ["engine"])), request_body = CallBatch,
    responses((status = 200, description = "The outcome of each call, in order", body = CallBatchResults)))]
pub(crate) async fn start_calls(
    State(app): State<Arc<App>>,
    MayStream(credential, org): MayStream,
    _: NoParams,
    headers: HeaderMap,
    Json(batch): Json<CallBatch>,
) -> Result<JsonBody<CallBatchResults>, Refusal> {
    if headers.contains_key(IDEMPOTENCY_KEY) {
        return Err(Refusal::invalid_field(
            IDEMPOTENCY_KEY.as_str(),
            "`idempotency-key` names one call; give each call of a batch its own `id`, and repeating the batch starts none twice",
        ));
    }
    at_most("calls", "calls", batch.calls.len(), MAX_BATCH_CALLS)?;
    let starts = batch.calls.iter().enumerate().map(|(row, call)| {
        // The request counts as its first call.
        if row > 0 {
            credential.known.count_command()?;
        }
        if call.cancel_on_disconnect {
            return Err(only_with_wait());
        }
        start_command(call)
    });
    let starts: Vec<_> = starts.collect();
    let good = starts.iter().filter_map(|start| start.as_ref().ok().cloned());
    let commands = good.map(|start| (org.clone(), start));
    let mut decisions = app.node.submit_all(commands.collect()).await?.into_iter();
    let outcome = |start: Result<StartCall, Refusal>| {
        let decided = start.map(|_| decisions.next().expect("every command was decided"))?;
        Ok(decided?.call)
    };
    let mut outcomes: Vec<_> = starts.into_iter().map(outcome).collect();
    add_texts(&app.node, &org, &mut outcomes).await;
    let hours = app.node.gate_hours(&org);
    let result = |(row, outcome): (usize, Result<CallView, Refusal>)| match outcome {
        Ok(view) => BatchResult::Call(Box::new(convert::call_view(&view, &hours))),
        Err(refusal) => BatchResult::Error(refusal.in_row(&format!("calls[{row}]")).into_problem()),
    };
    let results = outcomes.into_iter().enumerate().map(result).collect();
    Ok(JsonBody(CallBatchResults { results }))
}

/// Read a call
///
/// Live calls and ended ones, as long as ended calls are kept. With `wait_s` the answer is held while the call is
/// queued.
#[utoipa::path(get, path = "/v1/calls/{id}", tag = "Calls", security(("key" = ["viewer"])),
    params(("id" = id::CallId, Path, description = "The call's id"), WaitParams),
    responses((status = 200, description = "The call's current state", body = Call)))]
pub(crate) async fn read_call(
    State(app): State<Arc<App>>,
    caller: Authenticated,
    PathId(id): PathId<CallId>,
    Params(params): Params<WaitParams>,
) -> Result<JsonBody<Call>, Refusal> {
    let credential = caller.credential();
    let org = caller.acting_as(Role::Viewer)?;
    let long_poll = params.long_poll(&app, &credential, &org)?;
    let mut view = find_call(&app.node, &org, &id).await?;
    if let Some(long_poll) = long_poll
        && view.call.is_queued()
    {
        view = once_settled(&app, &org, &id, long_poll, credential).await?;
    }
    Ok(JsonBody(convert::call_view(&view, &app.node.gate_hours(&org))))
}

/// Claim a dispatched call that asked for a claim
///
/// Confirms a call that was started with `claim_within_s`. An unclaimed call loses its slot and returns to the queue;
/// after three misses it ends. The first claim wins: another claimant's is refused, and the same claimant's is answered with the
/// call.
#[utoipa::path(post, path = "/v1/calls/{id}/claim", tag = "Calls", security(("key" = ["engine"])), request_body = Option<CallClaim>,
    params(("id" = id::CallId, Path, description = "The call's id")),
    responses((status = 200, description = "The call, claimed", body = Call)))]
pub(crate) async fn claim_call(
    State(app): State<Arc<App>>,
    MayStream(credential, org): MayStream,
    _: NoParams,
    PathId(call): PathId<CallId>,
    OptionalJson(claim): OptionalJson<CallClaim>,
) -> Result<JsonBody<Call>, Refusal> {
    let claimant =
        claim.claimant.as_deref().map(|name| checked_id("claimant", name)).transpose()?;
    let caller = Claimant::kept(&credential.known.key.id).expect("the id of a key names it");
    let claim = ClaimCall { call: call.clone(), claimant, caller };
    let decided = decided(app.node.submit((org.clone(), claim)).await)?;
    let view = taken_on(&app.node, &org, call, decided).await?;
    Ok(JsonBody(convert::call_view(&view, &app.node.gate_hours(&org))))
}

/// Decline a dispatched call that is to be claimed
///
/// For now: its slot is taken back, and it returns to the queue at once with its own ticket. That counts as a miss; after three it
/// ends. Or for good: it ends with the reason `declined`. The note is kept if the call ends.
#[utoipa::path(post, path = "/v1/calls/{id}/decline", tag = "Calls", security(("key" = ["engine"])), request_body = Option<CallDecline>,
    params(("id" = id::CallId, Path, description = "The call's id")),
    responses((status = 200, description = "The call: queued, ended, or active again if it is its turn", body = Call)))]
pub(crate) async fn decline_call(
    State(app): State<Arc<App>>,
    MayRunCalls(org): MayRunCalls,
    _: NoParams,
    PathId(call): PathId<CallId>,
    OptionalJson(decline): OptionalJson<CallDecline>,
) -> Result<JsonBody<Call>, Refusal> {
    let command = decline_command(call.clone(), decline.for_good, decline.note.as_deref())?;
    let decided = decided(app.node.submit((org.clone(), command)).await)?;
    let view = taken_on(&app.node, &org, call, decided).await?;
    Ok(JsonBody(convert::call_view(&view, &app.node.gate_hours(&org))))
}

/// End a call, queued or active
///
/// Ends a queued call as `canceled` and an active one as `completed`, and gives its slot to the next call. Ending an
/// ended call returns it unchanged. An unknown id is a 404, and is remembered for 60 s: a start of it that comes late takes no
/// slot and is answered `ended`, `canceled`.
#[utoipa::path(post, path = "/v1/calls/{id}/end", tag = "Calls", security(("key" = ["engine"])), request_body = Option<CallEnd>,
    params(("id" = id::CallId, Path, description = "The call's id")),
    responses((status = 200, description = "The call, ended; unchanged if it had ended before", body = Call)))]
pub(crate) async fn end_call(
    State(app): State<Arc<App>>,
    MayRunCalls(org): MayRunCalls,
    _: NoParams,
    PathId(id): PathId<CallId>,
    OptionalJson(end): OptionalJson<CallEnd>,
) -> Result<JsonBody<Call>, Refusal> {
    let command = EndCall { call: id.clone(), note: note(end.note.as_deref())? };
    let view = app.node.submit((org.clone(), command)).await?;
    let view = ended(&app.node, &org, id, view).await?;
    let view = app.node.with_texts(&org, view).await?;
    Ok(JsonBody(convert::call_view(&view, &app.node.gate_hours(&org))))
}

/// Remove the metadata and the note of an ended call
///
/// For good, for instance since they are personal data: nobody is shown them any more, and the server keeps them no longer than the log keeps
/// what came before, a day unless it is set otherwise. Everything else about the call stays: its id, agent, type, gates, times and reason. It is done
/// to all ended calls with the id, and again does no harm. The audit says who did it, not what there was. A queued or active call must be
/// ended first.
#[utoipa::path(post, path = "/v1/calls/{id}/erase", tag = "Calls", security(("key" = ["admin"])),
    params(("id" = id::CallId, Path, description = "The call's id")),
    responses((status = 200, description = "The call, without metadata and note", body = Call)))]
pub(crate) async fn erase_call(
    State(app): State<Arc<App>>,
    MayConfigure(actor, org): MayConfigure,
    _: NoParams,
    PathId(id): PathId<CallId>,
) -> Result<JsonBody<Call>, Refusal> {
    let view = ended_to_erase(&app.node, &org, &id).await?;
    let command = EraseCall { call: id.clone() };
    app.node.submit((org.clone(), By { actor, command })).await?;
    app.node.until_erased(&org, &id).await?;
    Ok(JsonBody(convert::call_view(&view, &app.node.gate_hours(&org))))
}

/// End all calls that match
///
/// Ends every live call that matches all that is given, whether queued or active, oldest first, and answers once the last end is
/// durable. Many calls are ended in steps, with other organisations' commands between them; if the server restarts meanwhile, it
/// goes on. Calls that come after the request are not ended. A call is looked at when its turn comes.
#[utoipa::path(post, path = "/v1/calls/end", tag = "Calls", security(("key" = ["engine"])), request_body = CallsEnd,
    responses((status = 200, description = "All of them have ended", body = CallsEnded)))]
pub(crate) async fn end_calls(
    State(app): State<Arc<App>>,
    MayRunCalls(org): MayRunCalls,
    _: NoParams,
    Json(end): Json<CallsEnd>,
) -> Result<JsonBody<CallsEnded>, Refusal> {
    let ended = app.node.end_calls(org, end_command(&end)?).await?;
    Ok(JsonBody(CallsEnded { ended }))
}

fn only_with_wait() -> Refusal {
    Refusal::invalid_field(
        "cancel_on_disconnect",
        "`cancel_on_disconnect` goes with `POST /v1/calls?wait_s=…`: nobody waits for this call",
    )
}

/// The call asked for. Its id may be in the header `idempotency-key`, as text or as a quoted string
/// (draft-ietf-httpapi-idempotency-key-header).
fn named(start: CallStart, headers: &HeaderMap) -> Result<CallStart, Refusal> {
    let Some(value) = single(headers, &IDEMPOTENCY_KEY)? else { return Ok(start) };
    let value = String::from_utf8_lossy(value.as_bytes());
    let quoted_text = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let key: CallId = new_id("idempotency-key", quoted_text.unwrap_or(&value))?;
    match &start.id {
        Some(id) if id != key.as_str() => Err(Refusal::invalid_field(
            "idempotency-key",
            format!(
                "`idempotency-key` is {} and `id` is {}; they must be the same, or one of them absent",
                quoted(key.as_str()),
                quoted(id)
            ),
        )),
        Some(_) | None => Ok(CallStart { id: Some(key.to_string()), ..start }),
    }
}

/// The core's decision on a command, if the command reached it.
fn decided(
    submitted: Result<CallView, SubmitError>,
) -> Result<Result<CallView, Rejection>, Unavailable> {
    match submitted {
        Ok(view) => Ok(Ok(view)),
        Err(SubmitError::Refused(rejection)) => Ok(Err(rejection)),
        Err(SubmitError::Unavailable(unavailable)) => Err(unavailable),
    }
}

/// The call once it has left the queue, the time is up, or the server stops. A client whose key is revoked meanwhile is refused
/// at once: it may no longer read.
async fn once_settled(
    app: &App,
    org: &OrgId,
    id: &CallId,
    long_poll: LongPoll,
    credential: Credential,
) -> Result<CallView, Refusal> {
    tokio::select! {
        () = app.keys.until_closed(credential.clone()) => {
            return Err(no_longer_valid(&credential));
        }
        left = app.node.left_queue(org.clone(), id.clone()) => left?,
        () = tokio::time::sleep(long_poll.most) => {}
        () = app.closed() => {}
    }
    find_call(&app.node, org, id).await
}
