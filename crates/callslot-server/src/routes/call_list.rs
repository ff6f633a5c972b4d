//! Lists of calls: the live ones, and the log of ended ones.

mod pieces;

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header::{LINK, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use callslot_api::{Call, CallState, CallType, EndReason, Page, ProblemCode as Code, Time, id};
use callslot_core::{
    AgentId, CallCursor, CallFilter, GateId, Org, OrgId, Rejection, Sequence, StateFilter,
    Timestamp,
};
use callslot_store::EndedFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use self::pieces::{CallPage, read_ended};
use crate::auth::roles::MayRead;
use crate::convert;
use crate::extract::field::{checked_id, quoted};
use crate::extract::headers::Format;
use crate::extract::pagination::{List, bad_cursor, cursor_ahead, page_limit};
use crate::extract::query::Params;
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals =
    &[("list_calls", &[Code::CursorAhead, Code::UnknownAgent, Code::UnknownGate])];

/// How long the beginning of an id may be: as long as the longest id that an earlier version took.
const MAX_ID_PREFIX: usize = 255;

/// Which calls to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    /// `queued` (in queue order), `active` or `ended` (newest first). By default, all live calls.
    #[param(inline)]
    state: Option<CallState>,
    /// Only calls of this agent.
    #[param(value_type = Option<id::AgentId>)]
    agent: Option<String>,
    /// Only calls of this type.
    #[serde(rename = "type")]
    #[param(inline)]
    call_type: Option<CallType>,
    /// Only calls that pass this gate.
    #[param(value_type = Option<id::GateId>)]
    gate: Option<String>,
    /// With `state=ended`: only calls that ended for this reason.
    #[param(inline)]
    reason: Option<EndReason>,
    /// With `state=ended`: only calls that ended at this time or later.
    ended_from: Option<Time>,
    /// With `state=ended`: only calls that ended before this time.
    ended_to: Option<Time>,
    /// With `state=ended`: only calls that waited in the queue at least this long, in milliseconds, whether they were served
    /// or not.
    least_wait_ms: Option<u64>,
    /// With `state=ended`: only calls whose ids begin with this.
    #[param(min_length = 1, max_length = 255, pattern = "^[!-~]+$", example = "sip-")]
    id_prefix: Option<String>,
    /// The maximum number of items: 1 to 1,000, 100 by default.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u64>,
    /// Where to continue: `next` of the previous page.
    #[param(pattern = "^([0-9a-f][0-9a-f])+$")]
    cursor: Option<String>,
}

/// List calls
///
/// Queued calls come first, in the order of their tickets, then active ones in no particular order. With `state=ended` the
/// newest come first. A filtered page may be shorter than `limit`; continue until `next` is null.
#[utoipa::path(get, path = "/v1/calls", tag = "Calls", security(("key" = ["viewer"])), params(ListParams),
    responses((status = 200, description = "A page of calls, queued ones first, in queue order. As CSV for `Accept: text/csv`: \
            the next page is then in the header `link`, and texts that a spreadsheet would take for formulas begin with an \
            apostrophe",
        content((Page<Call> = "application/json"), (String = "text/csv")))))]
pub(crate) async fn list_calls(
    State(app): State<Arc<App>>,
    MayRead(org): MayRead,
    Params(params): Params<ListParams>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let limit = page_limit(params.limit)?;
    let agent = params.agent.as_deref().map(|agent| checked_id("agent", agent)).transpose()?;
    let page = if params.state == Some(CallState::Ended) {
        list_ended(&app, org, agent, &params, limit).await?
    } else {
        list_live(&app, org, agent, &params, limit).await?
    };
    let format = Format::wanted(&headers);
    let next = page.next.clone().filter(|_| format == Format::Csv);
    let mut response = page.answer(format).await?;
    if let Some(next) = next {
        link_to_next(&mut response, query.as_deref().unwrap_or_default(), &next);
    }
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

async fn list_live(
    app: &App,
    org: OrgId,
    agent: Option<AgentId>,
    params: &ListParams,
    limit: usize,
) -> Result<CallPage, Refusal> {
    let of_ended = [
        ("reason", params.reason.is_some()),
        ("ended_from", params.ended_from.is_some()),
        ("ended_to", params.ended_to.is_some()),
        ("least_wait_ms", params.least_wait_ms.is_some()),
        ("id_prefix", params.id_prefix.is_some()),
    ];
    if let Some((field, _)) = of_ended.iter().find(|(_, is_given)| *is_given) {
        let detail =
            format!("`{field}` only applies to ended calls; omit it, or add `state=ended`");
        return Err(Refusal::invalid_field(field, detail));
    }
    let state = match params.state {
        Some(CallState::Queued) => Some(StateFilter::Queued),
        Some(CallState::Active) => Some(StateFilter::Active),
        Some(CallState::Ended) | None => None,
    };
    let from = params.cursor.as_deref().map(|cursor| live_cursor(state, cursor)).transpose()?;
    let call_type = params.call_type.map(convert::core_call_type);
    let filter = CallFilter { state, agent, call_type, gate: gate(params)? };
    let of = org.clone();
    let page = app
        .node
        .read(&org, move |found, now| {
            let found = found.ok_or(Rejection::UnknownOrg { org: of })?;
            if let Some(agent) = filter.agent.as_ref().filter(|agent| found.agent(agent).is_none())
            {
                return Err(Rejection::UnknownAgent { agent: agent.clone() }.into());
            }
            if let Some(gate) = filter.gate.as_ref().filter(|gate| !found.has_gate(gate)) {
                return Err(Rejection::UnknownGate { gate: gate.clone() }.into());
            }
            if matches!(from, Some(CallCursor::Queued(ticket)) if ticket > found.last_ticket().0) {
                return Err(cursor_ahead());
            }
            Ok(found.calls(&filter, from, limit, now))
        })
        .await??;
    let next = page.next.map(|next| match next {
        CallCursor::Queued(ticket) => List::QueuedCalls.cursor(ticket),
        CallCursor::Active(place) => List::ActiveCalls.cursor(place),
    });
    Ok(CallPage::of_live(page.calls, app.node.gate_hours(&org), next))
}

/// Where a list of live calls continues; a list of one state continues within that state.
fn live_cursor(state: Option<StateFilter>, cursor: &str) -> Result<CallCursor, Refusal> {
    let queued = || List::QueuedCalls.place(cursor).map(CallCursor::Queued);
    let active = || List::ActiveCalls.place(cursor).map(CallCursor::Active);
    let place = match state {
        Some(StateFilter::Queued) => queued(),
        Some(StateFilter::Active) => active(),
        None => queued().or_else(active),
    };
    place.ok_or_else(bad_cursor)
}

fn gate(params: &ListParams) -> Result<Option<GateId>, Refusal> {
    params.gate.as_deref().map(|gate| checked_id("gate", gate)).transpose()
}

async fn list_ended(
    app: &Arc<App>,
    org: OrgId,
    agent: Option<AgentId>,
    params: &ListParams,
    limit: usize,
) -> Result<CallPage, Refusal> {
    let before = params
        .cursor
        .as_deref()
        .map(|cursor| List::EndedCalls.place(cursor).map(Sequence).ok_or_else(bad_cursor));
    let before = before.transpose()?;
    if let Some(before) = before {
        check_reached(app, &org, before).await?;
    }
    let filter = EndedFilter {
        agent,
        call_type: params.call_type.map(convert::core_call_type),
        gate: gate(params)?,
        reason: params.reason.map(convert::core_reason),
        from: params.ended_from.map(|from| Timestamp(from.0)),
        to: params.ended_to.map(|to| Timestamp(to.0)),
        least_wait_ms: params.least_wait_ms,
        id_prefix: params.id_prefix.as_deref().map(id_prefix).transpose()?,
        before,
    };
    let found = read_ended(app, &org, &filter, limit).await?;
    let next = found.next.map(|last| List::EndedCalls.cursor(last.0));
    Ok(CallPage::of_ended(app, org, filter, found, next))
}

/// What ids are to begin with, if ids can.
fn id_prefix(text: &str) -> Result<String, Refusal> {
    let is_short = (1..=MAX_ID_PREFIX).contains(&text.len());
    if is_short && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    let detail = format!(
        "`id_prefix` is {}; it must have 1 to {MAX_ID_PREFIX} printable ASCII characters without spaces",
        quoted(text)
    );
    Err(Refusal::invalid_field("id_prefix", detail))
}

/// Refuses a cursor before an event that the organisation has not come to.
async fn check_reached(app: &App, org: &OrgId, before: Sequence) -> Result<(), Refusal> {
    let as_of = app.node.read(org, |found, _| found.map(Org::as_of)).await?;
    // The calls of an organisation that was deleted are still listed.
    match as_of {
        Some(as_of) if before > as_of => Err(cursor_ahead()),
        Some(_) | None => Ok(()),
    }
}

/// Says in the header `link` where the next page is: at the request's query with another cursor.
fn link_to_next(response: &mut Response, query: &str, next: &str) {
    let kept = query.split('&').filter(|part| !part.is_empty() && !part.starts_with("cursor="));
    let cursor = format!("cursor={next}");
    let next: Vec<&str> = kept.chain([cursor.as_str()]).collect();
    let link = format!("</v1/calls?{}>; rel=\"next\"", next.join("&"));
    // A query that was parsed has only characters that a header may have.
    if let Ok(link) = HeaderValue::try_from(link) {
        response.headers_mut().insert(LINK, link);
    }
}
