//! Calls: start, read, claim, end. Lists of calls are in `call_list.rs`.

use std::sync::Arc;
use std::time::Duration;

use axum::Json as JsonBody;
use axum::extract::State;
use axum::http::StatusCode;
use callslot_api::limits::{
    MAX_BATCH_CALLS, MAX_CLAIM_WITHIN_S, MAX_MAX_WAIT_S, MAX_METADATA_BYTES, MAX_METADATA_DEPTH,
    MAX_NOTE_CHARS, MAX_WAIT_S,
};
use callslot_api::{
    BatchResult, Call, CallBatch, CallBatchResults, CallEnd, CallStart, id, metadata_depth,
};
use callslot_core::{
    AgentId, CallId, CallView, Command, Ended, LeaseId, OrgCommand, OrgId, Rejection, Reply,
    StartCall,
};
use callslot_node::{SubmitError, Unavailable};
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::OwnedSemaphorePermit;
use utoipa::IntoParams;

use crate::auth::roles::{Engine, Reader};
use crate::auth::secrets::new_id;
use crate::convert;
use crate::extract::body::{Json, NoParams, OptionalJson, Params, PathId, in_range, text};
use crate::refusal::{Refusal, bad_id};
use crate::state::App;

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
    /// How long to wait, with a seat; none when the answer is wanted at once.
    fn wait(&self, app: &App) -> Result<Option<Wait>, Refusal> {
        let wait_s = in_range("wait_s", self.wait_s.unwrap_or(0), (0, MAX_WAIT_S))?;
        if wait_s == 0 {
            return Ok(None);
        }
        Ok(Some(Wait { most: Duration::from_secs(wait_s), _seat: app.seat()? }))
    }
}

/// A client that waits for a call to leave the queue.
struct Wait {
    most: Duration,
    _seat: OwnedSemaphorePermit,
}

/// Start or queue a call
#[utoipa::path(post, path = "/v1/calls", tag = "Calls", security(("key" = ["engine"])), params(WaitParams), request_body = CallStart,
    responses((status = 201, description = "The call is new", body = Call),
        (status = 200, description = "The id was used before: the call as it stands", body = Call)))]
pub(crate) async fn start_call(
    State(app): State<Arc<App>>,
    Engine(org): Engine,
    Params(params): Params<WaitParams>,
    Json(start): Json<CallStart>,
) -> Result<(StatusCode, JsonBody<Call>), Refusal> {
    let wait = params.wait(&app)?;
    let command = Command::Org(org.clone(), OrgCommand::StartCall(start_command(&start)?));
    let (mut view, is_new) = call_reply(app.node.submit(command).await?);
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    if let Some(wait) = wait
        && view.call.is_queued()
    {
        // The call is accepted, whatever comes of the waiting.
        if let Ok(later) = once_settled(&app, &org, &view.call.request.id, wait).await {
            view = later;
        }
    }
    Ok((status, JsonBody(convert::call_view(&view))))
}

/// Start or queue up to 1,000 calls
#[utoipa::path(post, path = "/v1/calls/batch", tag = "Calls", security(("key" = ["engine"])), request_body = CallBatch,
    responses((status = 200, description = "What came of each call, in order", body = CallBatchResults)))]
pub(crate) async fn start_calls(
    State(app): State<Arc<App>>,
    Engine(org): Engine,
    _: NoParams,
    Json(batch): Json<CallBatch>,
) -> Result<JsonBody<CallBatchResults>, Refusal> {
    in_range("calls", batch.calls.len() as u64, (0, MAX_BATCH_CALLS as u64))?;
    let starts: Vec<_> = batch.calls.iter().map(start_command).collect();
    let good = starts.iter().filter_map(|start| start.as_ref().ok().cloned());
    let commands = good.map(|start| Command::Org(org.clone(), OrgCommand::StartCall(start)));
    let mut decisions = app.node.submit_all(commands.collect()).await?.into_iter();
    let results = starts.into_iter().map(|start| {
        let decision = start.and_then(|_| {
            let decided = decisions.next().expect("every command was decided");
            decided.map_err(Refusal::from)
        });
        match decision {
            Ok(reply) => BatchResult::Call(Box::new(convert::call_view(&call_reply(reply).0))),
            Err(refusal) => BatchResult::Error(refusal.into_problem()),
        }
    });
    Ok(JsonBody(CallBatchResults { results: results.collect() }))
}

/// Read a call
#[utoipa::path(get, path = "/v1/calls/{id}", tag = "Calls", security(("key" = ["viewer"])),
    params(("id" = id::CallId, Path, description = "The call's id"), WaitParams),
    responses((status = 200, description = "The call as it stands", body = Call)))]
pub(crate) async fn read_call(
    State(app): State<Arc<App>>,
    Reader(org): Reader,
    PathId(id): PathId<CallId>,
    Params(params): Params<WaitParams>,
) -> Result<JsonBody<Call>, Refusal> {
    let wait = params.wait(&app)?;
    let mut view = find_call(&app, &org, &id).await?;
    if let Some(wait) = wait
        && view.call.is_queued()
    {
        view = once_settled(&app, &org, &id, wait).await?;
    }
    Ok(JsonBody(convert::call_view(&view)))
}

/// Claim a dispatched call that asked for a claim
#[utoipa::path(post, path = "/v1/calls/{id}/claim", tag = "Calls", security(("key" = ["engine"])),
    params(("id" = id::CallId, Path, description = "The call's id")),
    responses((status = 200, description = "The call, claimed", body = Call)))]
pub(crate) async fn claim_call(
    State(app): State<Arc<App>>,
    Engine(org): Engine,
    _: NoParams,
    PathId(call): PathId<CallId>,
) -> Result<JsonBody<Call>, Refusal> {
    let claim = OrgCommand::ClaimCall { call: call.clone() };
    let decided = decided(app.node.submit(Command::Org(org.clone(), claim)).await)?;
    Ok(JsonBody(convert::call_view(&claimed(&app, &org, call, decided).await?)))
}

/// End a call, queued or active
#[utoipa::path(post, path = "/v1/calls/{id}/end", tag = "Calls", security(("key" = ["engine"])), request_body = Option<CallEnd>,
    params(("id" = id::CallId, Path, description = "The call's id")),
    responses((status = 200, description = "The call, ended; unchanged if it had ended before", body = Call)))]
pub(crate) async fn end_call(
    State(app): State<Arc<App>>,
    Engine(org): Engine,
    _: NoParams,
    PathId(id): PathId<CallId>,
    OptionalJson(end): OptionalJson<CallEnd>,
) -> Result<JsonBody<Call>, Refusal> {
    let command = OrgCommand::EndCall { call: id.clone(), note: note(end.note.as_deref())? };
    let decided = decided(app.node.submit(Command::Org(org.clone(), command)).await)?;
    Ok(JsonBody(convert::call_view(&ended(&app, &org, id, decided).await?)))
}

/// What the core made of a command, if it came to it.
fn decided(submitted: Result<Reply, SubmitError>) -> Result<Result<Reply, Rejection>, Unavailable> {
    match submitted {
        Ok(reply) => Ok(Ok(reply)),
        Err(SubmitError::Refused(rejection)) => Ok(Err(rejection)),
        Err(SubmitError::Unavailable(unavailable)) => Err(unavailable),
    }
}

/// The call that was to be claimed. One that the core has forgotten may be among the ended calls.
pub(crate) async fn claimed(
    app: &App,
    org: &OrgId,
    call: CallId,
    decided: Result<Reply, Rejection>,
) -> Result<CallView, Refusal> {
    match decided {
        Ok(reply) => Ok(call_reply(reply).0),
        Err(rejection @ Rejection::UnknownCall { .. }) => {
            let ended = ended_call(app, org, &call).await?;
            Err(ended.map_or(rejection, |_| Rejection::CallHasEnded { call }).into())
        }
        Err(rejection) => Err(rejection.into()),
    }
}

/// The call that was to be ended. One that the core has forgotten may be among the ended calls.
pub(crate) async fn ended(
    app: &App,
    org: &OrgId,
    call: CallId,
    decided: Result<Reply, Rejection>,
) -> Result<CallView, Refusal> {
    match decided {
        Ok(reply) => Ok(call_reply(reply).0),
        Err(rejection @ Rejection::UnknownCall { .. }) => {
            Ok(ended_call(app, org, &call).await?.ok_or(rejection)?)
        }
        Err(rejection) => Err(rejection.into()),
    }
}

/// Checks what a client says of an end.
pub(crate) fn note(note: Option<&str>) -> Result<Option<Arc<str>>, Refusal> {
    note.map(|note| text("note", note, MAX_NOTE_CHARS)).transpose()
}

/// Checks what a client asks for.
pub(crate) fn start_command(start: &CallStart) -> Result<StartCall, Refusal> {
    let id = match &start.id {
        Some(id) => CallId::parse(id).map_err(bad_id("id"))?,
        None => CallId::parse(&new_id("call")).expect("an id we make is one"),
    };
    let max_wait_ms = start
        .max_wait_s
        .map(|wait_s| {
            in_range("max_wait_s", wait_s, (0, MAX_MAX_WAIT_S)).map(|wait_s| wait_s * 1000)
        })
        .transpose()?;
    let claim_within_ms = start
        .claim_within_s
        .map(|within_s| {
            in_range("claim_within_s", within_s, (1, MAX_CLAIM_WITHIN_S)).map(|s| s * 1000)
        })
        .transpose()?;
    Ok(StartCall {
        id,
        agent: AgentId::parse(&start.agent).map_err(bad_id("agent"))?,
        call_type: convert::core_call_type(start.call_type),
        lease: start.lease.as_deref().map(LeaseId::parse).transpose().map_err(bad_id("lease"))?,
        max_wait_ms,
        claim_within_ms,
        metadata: start.metadata.as_ref().map(metadata).transpose()?.flatten(),
    })
}

/// The metadata as it is kept, if there is any.
fn metadata(metadata: &Map<String, Value>) -> Result<Option<Arc<str>>, Refusal> {
    if metadata.is_empty() {
        return Ok(None);
    }
    let depth = metadata_depth(metadata);
    if depth > MAX_METADATA_DEPTH {
        return Err(Refusal::invalid_field(
            "metadata",
            format!("`metadata` is nested {depth} deep; it may be {MAX_METADATA_DEPTH}"),
        ));
    }
    let json = serde_json::to_string(metadata).expect("a JSON object can be written");
    in_range("metadata", json.len() as u64, (0, MAX_METADATA_BYTES as u64))?;
    Ok(Some(Arc::from(json)))
}

/// The call as it stands once it has left the queue, or when the time is up or the server stops.
async fn once_settled(
    app: &App,
    org: &OrgId,
    id: &CallId,
    wait: Wait,
) -> Result<CallView, Refusal> {
    tokio::select! {
        left = app.node.left_queue(org.clone(), id.clone()) => left?,
        () = tokio::time::sleep(wait.most) => {}
        () = app.closed() => {}
    }
    find_call(app, org, id).await
}

/// A call that is live, remembered, or among the ended calls.
async fn find_call(app: &App, org: &OrgId, id: &CallId) -> Result<CallView, Refusal> {
    let (of, wanted) = (org.clone(), id.clone());
    let live = app
        .node
        .read(move |shard, now| shard.org(&of).and_then(|found| found.call(&wanted, now)))
        .await?;
    match live {
        Some(view) => Ok(view),
        None => ended_call(app, org, id)
            .await?
            .ok_or_else(|| Rejection::UnknownCall { call: id.clone() }.into()),
    }
}

async fn ended_call(app: &App, org: &OrgId, id: &CallId) -> Result<Option<CallView>, Refusal> {
    let ended = ended_calls(app, org, vec![id.clone()]).await?;
    Ok(ended.into_iter().flatten().next())
}

/// Those of the calls that are among the ended ones, each in its place.
pub(crate) async fn ended_calls(
    app: &App,
    org: &OrgId,
    ids: Vec<CallId>,
) -> Result<Vec<Option<CallView>>, Refusal> {
    let org = org.clone();
    let ended = app.node.in_store(move |store| {
        ids.iter().map(|id| store.ended_call(&org, id)).collect::<Result<Vec<_>, _>>()
    });
    let view = |call: callslot_core::Call<Ended>| CallView { call: call.into(), wait: None };
    Ok(ended.await?.into_iter().map(|call| call.map(view)).collect())
}

pub(crate) fn call_reply(reply: Reply) -> (CallView, bool) {
    let Reply::Call { call, is_new } = reply else {
        unreachable!("a command about a call is answered with the call");
    };
    (call, is_new)
}
