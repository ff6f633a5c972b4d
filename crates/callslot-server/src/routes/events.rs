//! The stream of an organisation's events.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use callslot_api::{ProblemCode as Code, ServerSentEvent};
use callslot_core::{AgentId, GateId, Sequence};
use callslot_node::{EventFeed, FedEvent};
use callslot_store::Role;
use futures_util::stream::{self, Stream, StreamExt};
use serde::Deserialize;
use tokio::time::{Interval, MissedTickBehavior, interval};
use utoipa::IntoParams;

use crate::auth::roles::Authenticated;
use crate::connection::activity::Exchange;
use crate::connection::peer::Peer;
use crate::convert;
use crate::convert::events::EVENT_NAMES;
use crate::extract::field::{checked_ids, in_range, quoted, shown};
use crate::extract::headers::single;
use crate::extract::query::Params;
use crate::reference::openapi::Refusals;
use crate::refusal::Refusal;
use crate::routes::limits::{MAX_EVENT_NUMBER, STREAM_KEEP_ALIVE, TELL_CURSOR_EVERY};
use crate::seats::Seat;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals =
    &[("follow_events", &[Code::CursorExpired, Code::CursorAhead, Code::TooManySeats])];

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Which events to follow.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventParams {
    /// Only events after this number, such as `as_of` of the pool. The header `Last-Event-ID` means the same, and takes
    /// precedence. Without either, events from now on.
    after: Option<u64>,
    /// Only events of these names, separated by commas.
    #[param(
        pattern = r"^(call[.](queued|started|ended)|(reservations|limit|agent|type|gate)[.]changed)(,(call[.](queued|started|ended)|(reservations|limit|agent|type|gate)[.]changed))*$"
    )]
    types: Option<String>,
    /// Only events about these agents, separated by commas, and those about the whole organisation. An agent that is not there may
    /// still come.
    #[param(pattern = "^[A-Za-z0-9_.:-]{1,64}(,[A-Za-z0-9_.:-]{1,64})*$")]
    agents: Option<String>,
    /// Only events about these gates or calls that pass one of them, separated by commas, and changes of
    /// other settings. A gate that is not there may still come.
    #[param(pattern = "^[A-Za-z0-9_.:-]{1,64}(,[A-Za-z0-9_.:-]{1,64})*$")]
    gates: Option<String>,
}

/// Which events a client wants.
struct Filter {
    names: Option<Vec<String>>,
    agents: Option<Vec<AgentId>>,
    gates: Option<Vec<GateId>>,
}

impl Filter {
    fn of(params: &EventParams) -> Result<Self, Refusal> {
        let listed = |text: &String| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let names = params.types.as_ref().map(listed);
        if let Some(unknown) =
            names.iter().flatten().find(|name| !EVENT_NAMES.contains(&name.as_str()))
        {
            return Err(Refusal::invalid_field(
                "types",
                format!(
                    "`types` has {}, which is not an event; the events are {}",
                    quoted(unknown),
                    EVENT_NAMES.join(", ")
                ),
            ));
        }
        let agents = params.agents.as_ref().map(listed);
        let agents = agents.map(|agents| checked_ids("agents", &agents)).transpose()?;
        let gates = params.gates.as_ref().map(listed);
        let gates = gates.map(|gates| checked_ids("gates", &gates)).transpose()?;
        Ok(Self { names, agents, gates })
    }

    fn wants(&self, name: &str, event: &FedEvent) -> bool {
        let agent = convert::events::agent_of(&event.event);
        let gates = convert::events::gates_of(&event.event);
        let is_of_agent = |agents: &Vec<AgentId>| agent.is_none_or(|agent| agents.contains(agent));
        let is_of_gate = |wanted: &Vec<GateId>| {
            gates.is_none_or(|gates| gates.iter().any(|gate| wanted.contains(gate)))
        };
        self.names.as_ref().is_none_or(|names| names.iter().any(|wanted| wanted == name))
            && self.agents.as_ref().is_none_or(is_of_agent)
            && self.gates.as_ref().is_none_or(is_of_gate)
    }
}

/// Follow events
///
/// Server-sent events. Each has a sequence number without gaps in the organisation; send the last one as
/// `last-event-id` or `after` to resume. The stream begins with an `id` without an event, the number that it comes after. Further
/// ones follow where a filter passes over events, so that a narrow stream resumes from where it was.
#[utoipa::path(get, path = "/v1/events", tag = "Events", security(("key" = ["viewer"])),
    params(EventParams, ("last-event-id" = Option<u64>, Header, nullable = false, description = "Only events after this number")),
    responses((status = 200, description = "An endless stream of server-sent events; the schema is that of one event",
            body = ServerSentEvent, content_type = "text/event-stream")))]
pub(crate) async fn follow_events(
    State(app): State<Arc<App>>,
    caller: Authenticated,
    Params(params): Params<EventParams>,
    headers: HeaderMap,
    Extension(peer): Extension<Peer>,
) -> Result<
    ([(HeaderName, &'static str); 2], Sse<impl Stream<Item = Result<Event, Infallible>>>),
    Refusal,
> {
    let credential = caller.credential();
    let org = caller.acting_as(Role::Viewer)?;
    let filter = Filter::of(&params)?;
    let last = single(&headers, &LAST_EVENT_ID)?.map(|value| {
        value.to_str().ok().and_then(|text| text.parse().ok()).ok_or_else(|| {
            let value = shown(&format!("{value:?}"));
            let detail = format!("`last-event-id` is {value}; it must be an event's number");
            Refusal::invalid_field(LAST_EVENT_ID.as_str(), detail)
        })
    });
    let in_bounds = |name: &str, number: Option<u64>| {
        number.map(|number| in_range(name, number, (0, MAX_EVENT_NUMBER))).transpose()
    };
    let last = in_bounds(LAST_EVENT_ID.as_str(), last.transpose()?)?;
    let after = in_bounds("after", params.after)?;
    let after = last.or(after).map(Sequence);
    let seat = app.seats.take(&credential.known.key.id, &org)?;
    let feed = app.node.follow(org, after).await?;
    let stopping = async move {
        tokio::select! {
            () = app.closed() => {}
            // A client that may no longer read gets no more events.
            () = app.keys.until_closed(credential) => {}
        }
    };
    // A stream waiting for events is not an idle connection.
    let held = (seat, Exchange::begin(&peer.activity));
    let events = sent(feed, filter, held).take_until(stopping);
    let keep_alive = KeepAlive::new().interval(STREAM_KEEP_ALIVE);
    let headers = [
        (HeaderName::from_static("cache-control"), "no-store"),
        // Proxies that buffer answers would hold events back.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Sse::new(events).keep_alive(keep_alive)))
}

/// The events as they are sent, behind the number that they come after; `held` is released with the stream. For a slow client,
/// events are read from the log, not buffered in memory.
fn sent(
    feed: EventFeed,
    filter: Filter,
    held: (Seat, Exchange),
) -> impl Stream<Item = Result<Event, Infallible>> {
    // Send something at once: proxies hold the head back until data follows.
    let opening = Event::default().comment("open").id(feed.cursor().to_string());
    let narrowed = NarrowedFeed::new(feed, filter);
    let batches = stream::unfold((narrowed, held), |(mut narrowed, held)| async move {
        let events = narrowed.next().await?;
        // Each is written once the client has room for it: until then all streams share it.
        let written = events.into_iter().map(Sent::written);
        Some((stream::iter(written), (narrowed, held)))
    });
    stream::once(async { opening }).chain(batches.flatten()).map(Ok)
}

/// Something that is sent.
enum Sent {
    Event(&'static str, Arc<FedEvent>),
    /// A number without an event: a client remembers it as its last one, and sees no event (WHATWG HTML, section 9.2.6).
    Number(Sequence),
}

impl Sent {
    fn written(self) -> Event {
        match self {
            Self::Event(name, fed) => {
                let event = Event::default().id(fed.sequence.to_string()).event(name);
                event.data(convert::events::event_data(&fed))
            }
            Self::Number(number) => Event::default().id(number.to_string()),
        }
    }
}

/// The events of a feed that a client wants. Now and then the client also gets the number of the last event that it did not want,
/// so that it resumes from there, and not from the last one that it wanted, which may be in the log no longer.
struct NarrowedFeed {
    feed: EventFeed,
    filter: Filter,
    /// The last event whose number the client has.
    told: Sequence,
    tell: Interval,
}

impl NarrowedFeed {
    fn new(feed: EventFeed, filter: Filter) -> Self {
        let mut tell = interval(TELL_CURSOR_EVERY);
        tell.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { told: feed.cursor(), feed, filter, tell }
    }

    /// The next to send, or none when the feed ends or fails. The client then reconnects with its last number, and gets the reason.
    async fn next(&mut self) -> Option<Vec<Sent>> {
        let passed = self.feed.cursor();
        let events = tokio::select! {
            // Not behind the events: an organisation may always have some.
            biased;
            _ = self.tell.tick(), if passed > self.told => {
                self.told = passed;
                return Some(vec![Sent::Number(passed)]);
            }
            events = self.feed.next() => events?.ok()?,
        };
        let mut wanted = Vec::new();
        for fed in events {
            let name = convert::events::event_name(&fed);
            if self.filter.wants(name, &fed) {
                self.told = fed.sequence;
                wanted.push(Sent::Event(name, fed));
            }
        }
        Some(wanted)
    }
}
