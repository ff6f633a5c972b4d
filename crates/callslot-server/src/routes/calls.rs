//! Calls: start, read, claim, end. Lists of calls are in `call_list.rs`.

use std::sync::Arc;
use std::time::Duration;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::StatusCode;
use callslot_api::limits::{MAX_BATCH_CALLS, MAX_WAIT_S};
use callslot_api::{
    BatchResult, Call, CallBatch, CallBatchResults, CallEnd, CallStart, ProblemCode as Code, id,
};
use callslot_core::{CallId, CallView, ClaimCall, EndCall, OrgId, Rejection, Started};
use callslot_node::{SubmitError, Unavailable};
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::IntoParams;

use crate::actions::calls::{claimed, ended, find_call, note, start_command};
use crate::auth::roles::{MayRead, MayRunCalls};
use crate::convert;
use crate::extract::body::{Json, OptionalJson};
use crate::extract::field::in_range;
use crate::extract::path::PathId;
use crate::extract::query::{NoParams, Params};
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    (
        "start_call",
        &[
            Code::UnknownAgent,
            Code::LeaseExpired,
            Code::CallIdTaken,
            Code::LeaseFull,
            Code::QueueFull,
        ],
    ),
    ("start_calls", &[]),
    ("read_call", &[Code::UnknownCall]),
    ("claim_call", &[Code::UnknownCall, Code::CallNotDispatched, Code::CallHasEnded]),
    ("end_call", &[Code::UnknownCall]),
];

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
    /// How long to wait, with a permit; `None` if the answer is wanted at once.
    fn long_poll(&self, app: &App) -> Result<Option<LongPoll>, Refusal> {
        let wait_s = in_range("wait_s", self.wait_s.unwrap_or(0), (0, MAX_WAIT_S))?;
        if wait_s == 0 {
            return Ok(None);
        }
        Ok(Some(LongPoll { most: Duration::from_secs(wait_s), _permit: app.permit_to_wait()? }))
    }
}

/// A client waiting for a call to leave the queue.
struct LongPoll {
    most: Duration,
    _permit: OwnedSemaphorePermit,
}

/// Start or queue a call
///
/// The call is `active` if a slot is available, otherwise `queued` with its position and the reason. Starting a known
/// `id` again returns that call and takes no second slot, so a retry is safe. With `wait_s` the answer is held until
/// the call leaves the queue.
#[utoipa::path(post, path = "/v1/calls", tag = "Calls", security(("key" = ["engine"])), params(WaitParams), request_body = CallStart,
    responses((status = 201, description = "The call is new", body = Call),
        (status = 200, description = "The id was used before: the call's current state", body = Call)))]
pub(crate) async fn start_call(
    State(app): State<Arc<App>>,
    MayRunCalls(org): MayRunCalls,
    Params(params): Params<WaitParams>,
    Json(start): Json<CallStart>,
) -> Result<(StatusCode, JsonBody<Call>), Refusal> {
    let long_poll = params.long_poll(&app)?;
    let start = (org.clone(), start_command(&start)?);
    let Started { call: mut view, is_new } = app.node.submit(start).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    if let Some(long_poll) = long_poll
        && view.call.is_queued()
    {
        // The call has been accepted, whatever the outcome of the waiting.
        if let Ok(later) = once_settled(&app, &org, &view.call.request.id, long_poll).await {
            view = later;
        }
    }
    Ok((status, JsonBody(convert::call_view(&view))))
}

/// Start or queue up to 1,000 calls
///
/// Each call is decided on its own, in order and in one batch; the results are in the same order. One refused call
/// does not affect the others.
#[utoipa::path(post, path = "/v1/calls/batch", tag = "Calls", security(("key" = ["engine"])), request_body = CallBatch,
    responses((status = 200, description = "The outcome of each call, in order", body = CallBatchResults)))]
pub(crate) async fn start_calls(
    State(app): State<Arc<App>>,
    MayRunCalls(org): MayRunCalls,
    _: NoParams,
    Json(batch): Json<CallBatch>,
) -> Result<JsonBody<CallBatchResults>, Refusal> {
    in_range("calls", batch.calls.len() as u64, (0, MAX_BATCH_CALLS as u64))?;
    let starts: Vec<_> = batch.calls.iter().map(start_command).collect();
    let good = starts.iter().filter_map(|start| start.as_ref().ok().cloned());
    let commands = good.map(|start| (org.clone(), start));
    let mut decisions = app.node.submit_all(commands.collect()).await?.into_iter();
    let results = starts.into_iter().map(|start| {
        let decision = start.and_then(|_| {
            let decided = decisions.next().expect("every command was decided");
            decided.map_err(Refusal::from)
        });
        match decision {
            Ok(started) => BatchResult::Call(Box::new(convert::call_view(&started.call))),
            Err(refusal) => BatchResult::Error(refusal.into_problem()),
        }
    });
    Ok(JsonBody(CallBatchResults { results: results.collect() }))
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
    MayRead(org): MayRead,
    PathId(id): PathId<CallId>,
    Params(params): Params<WaitParams>,
) -> Result<JsonBody<Call>, Refusal> {
    let long_poll = params.long_poll(&app)?;
    let mut view = find_call(&app.node, &org, &id).await?;
    if let Some(long_poll) = long_poll
        && view.call.is_queued()
    {
        view = once_settled(&app, &org, &id, long_poll).await?;
    }
    Ok(JsonBody(convert::call_view(&view)))
}

/// Claim a dispatched call that asked for a claim
///
/// Confirms a call that was started with `claim_within_s`. An unclaimed call loses its slot and returns to the queue;
/// after three misses it ends.
#[utoipa::path(post, path = "/v1/calls/{id}/claim", tag = "Calls", security(("key" = ["engine"])),
    params(("id" = id::CallId, Path, description = "The call's id")),
    responses((status = 200, description = "The call, claimed", body = Call)))]
pub(crate) async fn claim_call(
    State(app): State<Arc<App>>,
    MayRunCalls(org): MayRunCalls,
    _: NoParams,
    PathId(call): PathId<CallId>,
) -> Result<JsonBody<Call>, Refusal> {
    let claim = ClaimCall { call: call.clone() };
    let decided = decided(app.node.submit((org.clone(), claim)).await)?;
    Ok(JsonBody(convert::call_view(&claimed(&app.node, &org, call, decided).await?)))
}

/// End a call, queued or active
///
/// Ends a queued call as `canceled` and an active one as `completed`, and gives its slot to the next call. Ending an
/// ended call returns it unchanged.
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
    let decided = decided(app.node.submit((org.clone(), command)).await)?;
    Ok(JsonBody(convert::call_view(&ended(&app.node, &org, id, decided).await?)))
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

/// The call once it has left the queue, the time is up, or the server stops.
async fn once_settled(
    app: &App,
    org: &OrgId,
    id: &CallId,
    long_poll: LongPoll,
) -> Result<CallView, Refusal> {
    tokio::select! {
        left = app.node.left_queue(org.clone(), id.clone()) => left?,
        () = tokio::time::sleep(long_poll.most) => {}
        () = app.closed() => {}
    }
    find_call(&app.node, org, id).await
}
