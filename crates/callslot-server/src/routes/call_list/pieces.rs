//! Pages of calls as they are sent: written piece by piece, as fast as the client reads.
//!
//! A page may have more than 4 MB, and a client may ask for hundreds and read none, so what is not yet read is not yet written: live
//! calls are kept as they stand in the organisation, which shares their texts, and ended ones are read from the store again.
//! Start reading at [`CallPage::answer`].

use std::collections::VecDeque;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use callslot_api::{Call, Time};
use callslot_core::{CallView, OrgId, Sequence};
use callslot_node::{GateHours, Unavailable};
use callslot_store::{EndedFilter, EndedPage};
use futures_util::{StreamExt, stream};
use serde::Serialize;

use crate::convert;
use crate::csv_answer::{CSV, Table};
use crate::extract::headers::Format;
use crate::state::App;

/// A piece is sent once it has this many bytes.
const PIECE_BYTES: usize = 16 << 10;
/// How many ended calls are read at a time.
const READ_AT_A_TIME: usize = 50;
/// A page of ended calls with fewer bytes of metadata than this is kept. Most are small, and need not be read twice.
const KEPT_METADATA_BYTES: usize = 64 << 10;

/// A page of calls.
pub(super) struct CallPage {
    calls: Calls,
    /// The cursor of the next page.
    pub(super) next: Option<String>,
}

enum Calls {
    Live(VecDeque<CallView>, GateHours),
    Ended(EndedCalls),
}

/// Ended calls, newest first.
struct EndedCalls {
    app: Arc<App>,
    org: OrgId,
    /// Where the rest begins.
    filter: EndedFilter,
    /// How many are still to be sent.
    left: usize,
    read: VecDeque<Call>,
}

impl CallPage {
    /// Live calls.
    pub(super) fn of_live(calls: Vec<CallView>, hours: GateHours, next: Option<String>) -> Self {
        Self { calls: Calls::Live(calls.into(), hours), next }
    }

    /// Ended calls, as they were `found` with this filter.
    pub(super) fn of_ended(
        app: &Arc<App>,
        org: OrgId,
        mut filter: EndedFilter,
        found: EndedPage,
        next: Option<String>,
    ) -> Self {
        let metadata = found.calls.iter().filter_map(|(_, call)| call.request.metadata.as_ref());
        let is_small = metadata.map(|text| text.len()).sum::<usize>() < KEPT_METADATA_BYTES;
        let left = found.calls.len();
        // What has ended since does not come before them.
        filter.before = found.calls.first().map(|(first, _)| Sequence(first.0 + 1));
        let kept = found.calls.into_iter().filter(|_| is_small);
        let read = kept.map(|(_, call)| convert::call(&call.into())).collect();
        let calls = EndedCalls { app: Arc::clone(app), org, filter, left, read };
        Self { calls: Calls::Ended(calls), next }
    }

    /// The answer. A page that is one piece is sent whole.
    pub(super) async fn answer(self, format: Format) -> Result<Response, Unavailable> {
        let media_type = match format {
            Format::Json => "application/json",
            Format::Csv => CSV,
        };
        let mut writing = Writing { page: self, format, begun: false, is_over: false };
        let first = writing.piece().await?;
        let body = if writing.is_over {
            Body::from(first)
        } else {
            let rest = stream::unfold(writing, async |mut writing| {
                let piece = if writing.is_over { return None } else { writing.piece().await };
                writing.is_over |= piece.is_err();
                Some((piece, writing))
            });
            Body::from_stream(stream::iter([Ok(first)]).chain(rest))
        };
        let mut response = Response::new(body);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        Ok(response)
    }
}

/// A page that is being written.
struct Writing {
    page: CallPage,
    format: Format,
    begun: bool,
    is_over: bool,
}

impl Writing {
    async fn piece(&mut self) -> Result<Bytes, Unavailable> {
        match self.format {
            Format::Json => self.json_piece().await,
            Format::Csv => self.csv_piece().await,
        }
    }

    /// As `Page` is written.
    async fn json_piece(&mut self) -> Result<Bytes, Unavailable> {
        let mut json = Vec::with_capacity(PIECE_BYTES);
        while json.len() < PIECE_BYTES {
            let before: &[u8] = if self.begun { b"," } else { br#"{"items":["# };
            let Some(call) = self.page.calls.next().await? else {
                json.extend_from_slice(if self.begun { b"" } else { before });
                json.extend_from_slice(br#"],"next":"#);
                write(&mut json, &self.page.next);
                json.push(b'}');
                self.is_over = true;
                break;
            };
            json.extend_from_slice(before);
            write(&mut json, &call);
            self.begun = true;
        }
        Ok(json.into())
    }

    async fn csv_piece(&mut self) -> Result<Bytes, Unavailable> {
        let mut table = if self.begun { Table::going_on() } else { Table::new(&COLUMNS) };
        self.begun = true;
        while table.len() < PIECE_BYTES {
            let Some(call) = self.page.calls.next().await? else {
                self.is_over = true;
                break;
            };
            add_row(&mut table, &call);
        }
        Ok(table.into_text().into())
    }
}

impl Calls {
    async fn next(&mut self) -> Result<Option<Call>, Unavailable> {
        match self {
            Self::Live(calls, hours) => {
                Ok(calls.pop_front().map(|call| convert::call_view(&call, hours)))
            }
            Self::Ended(calls) => calls.next().await,
        }
    }
}

impl EndedCalls {
    async fn next(&mut self) -> Result<Option<Call>, Unavailable> {
        // A read looks at a bounded number of calls, and may find none of these.
        while self.read.is_empty() && self.left > 0 {
            let most = self.left.min(READ_AT_A_TIME);
            let found = read_ended(&self.app, &self.org, &self.filter, most).await?;
            // None: the rest was removed meanwhile.
            self.filter.before = found.next;
            self.left = found.next.map_or(found.calls.len(), |_| self.left);
            self.read =
                found.calls.into_iter().map(|(_, call)| convert::call(&call.into())).collect();
        }
        self.left = self.left.saturating_sub(1);
        Ok(self.read.pop_front())
    }
}

/// Reads ended calls when it is the organisation's turn.
pub(super) async fn read_ended(
    app: &App,
    org: &OrgId,
    filter: &EndedFilter,
    most: usize,
) -> Result<EndedPage, Unavailable> {
    let turn = app.turns.to_read(org).await;
    let (org, filter) = (org.clone(), filter.clone());
    let found = app.node.in_store(move |store| {
        let _turn = turn;
        store.ended_calls(&org, &filter, most)
    });
    found.await
}

fn write(json: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(json, value).expect("JSON types can be written");
}

const COLUMNS: [&str; 19] = [
    "id",
    "agent",
    "type",
    "state",
    "slot",
    "position",
    "blocked_on",
    "estimated_wait_ms",
    "requested_at",
    "started_at",
    "ended_at",
    "wait_ms",
    "duration_ms",
    "reason",
    "note",
    "lease",
    "metadata",
    "gates",
    "retry_in_ms",
];

fn add_row(table: &mut Table, call: &Call) {
    let since = |later: Time, earlier: Time| later.0.saturating_sub(earlier.0);
    let left_queue = call.started_at.or(call.ended_at);
    let metadata = (!call.metadata.is_empty()).then(|| call.metadata.as_text());
    table
        .field(call.id.as_str())
        .field(call.agent.as_str())
        .field(word(&call.call_type).as_str())
        .field(word(&call.state).as_str())
        .optional(call.slot.as_ref().map(word).as_deref())
        .optional(call.position)
        .optional(call.blocked_on.as_ref().map(word).as_deref())
        .optional(call.estimated_wait_ms)
        .field(call.requested_at)
        .optional(call.started_at)
        .optional(call.ended_at)
        .optional(left_queue.map(|at| since(at, call.requested_at)))
        .optional(call.ended_at.zip(call.started_at).map(|(end, start)| since(end, start)))
        .optional(call.reason.as_ref().map(word).as_deref())
        .optional(call.note.as_deref())
        .optional(call.lease.as_deref())
        .optional(metadata.map(|text| &**text))
        .field(call.gates.join(" ").as_str())
        .optional(call.retry_in_ms)
        .end_row();
}

/// A word of the API as in JSON.
fn word(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).expect("a word of the API can be written");
    json.as_str().unwrap_or_default().to_owned()
}
