//! The stored form of records, snapshots and ended calls: the only file that (de)serialises stored data.
//!
//! A stored record is one byte of format version, four bytes of CRC-32 (little endian, of the rest), and a
//! [postcard](https://postcard.jamesmunns.com/wire-format) body. The body's types stand here, apart from the core's, and
//! are never changed once released: a new form gets a new version, and every old one still loads. Ids that recur are kept
//! once a record; times are kept as distances from the record's own.

use std::collections::HashMap;
use std::sync::Arc;

use callslot_core::{
    AgentId, Call, CallId, CallState, CallType, Counters, EndReason, Event, InvalidId, LeaseId,
    Now, OrgId, OrgSettings, Pace, PerType, PlanId, Recorded, Request, Sequence, SlotKind, Tick,
    Ticket, Timestamp, Version,
};
use serde::{Deserialize, Serialize};

use crate::log::{Record, StoreError};

/// The newest version of the stored form, which is the one written.
const VERSION: u8 = 1;
const HEADER_BYTES: usize = 5;

/// The stored form of a record.
#[must_use]
pub fn encode(record: &Record) -> Vec<u8> {
    let mut names = Names::default();
    let now = record.now;
    let events =
        record.events.iter().map(|event| StoredEvent::from_core(event, now, &mut names)).collect();
    let stored = StoredRecord { at: now.at.0, tick: now.tick.0, names: names.list, events };
    let mut bytes = vec![VERSION, 0, 0, 0, 0];
    bytes = postcard::to_extend(&stored, bytes).expect("a stored record can always be written");
    let checksum = crc32fast::hash(&bytes[HEADER_BYTES..]);
    bytes[1..HEADER_BYTES].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

/// Reads a stored record. `place` says in the error what was being read.
///
/// # Errors
/// [`StoreError::Damaged`] when the bytes are not what was written; [`StoreError::TooNew`] when a newer version wrote them.
pub fn decode(bytes: &[u8], place: &str) -> Result<Record, StoreError> {
    let damaged = |what: &str| {
        StoreError::Damaged(format!(
            "{place} is damaged ({what}); restore the data directory from a backup with `callslot restore FILE`"
        ))
    };
    let Some((&[version, ..], body)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
        return Err(damaged("it is too short"));
    };
    let checksum = u32::from_le_bytes(bytes[1..HEADER_BYTES].try_into().expect("4 bytes"));
    if version > VERSION {
        return Err(StoreError::TooNew(format!(
            "{place} has format {version}, and this version of Callslot reads formats up to {VERSION}; \
             use the newer version that wrote it"
        )));
    }
    if version == 0 || checksum != crc32fast::hash(body) {
        return Err(damaged("its checksum does not match"));
    }
    let stored: StoredRecord<'_> =
        postcard::from_bytes(body).map_err(|error| damaged(&error.to_string()))?;
    stored.into_core().map_err(|Unreadable(what)| damaged(what))
}

/// A stored value that no version of the core could have written.
struct Unreadable(&'static str);

impl From<InvalidId> for Unreadable {
    fn from(_: InvalidId) -> Self {
        Self("an id has characters that ids do not have")
    }
}

/// Ids by number, each kept once.
#[derive(Default)]
struct Names<'a> {
    list: Vec<&'a str>,
    numbers: HashMap<&'a str, u32>,
}

impl<'a> Names<'a> {
    fn number(&mut self, name: &'a str) -> u32 {
        *self.numbers.entry(name).or_insert_with(|| {
            self.list.push(name);
            u32::try_from(self.list.len() - 1).expect("a record has fewer than 2^32 names")
        })
    }
}

/// What the parts of a record being read refer to.
struct Context {
    now: Now,
    orgs: Vec<Option<OrgId>>,
    agents: Vec<Option<AgentId>>,
    leases: Vec<Option<LeaseId>>,
    plans: Vec<Option<PlanId>>,
}

macro_rules! named {
    ($field:ident, $id:ident) => {
        fn $field(&self, number: u32) -> Result<$id, Unreadable> {
            let known = usize::try_from(number).ok().and_then(|number| self.$field.get(number));
            let name = known.ok_or(Unreadable("it names an id it does not hold"))?;
            name.clone().ok_or(Unreadable("an id has characters that ids do not have"))
        }
    };
}

impl Context {
    named!(orgs, OrgId);
    named!(agents, AgentId);
    named!(leases, LeaseId);
    named!(plans, PlanId);
}

#[derive(Serialize, Deserialize)]
struct StoredRecord<'a> {
    at: u64,
    tick: u64,
    #[serde(borrow)]
    names: Vec<&'a str>,
    #[serde(borrow)]
    events: Vec<StoredEvent<'a>>,
}

impl StoredRecord<'_> {
    fn into_core(self) -> Result<Record, Unreadable> {
        let now = Now { at: Timestamp(self.at), tick: Tick(self.tick) };
        let context = Context {
            now,
            orgs: self.names.iter().map(|name| OrgId::parse(name).ok()).collect(),
            agents: self.names.iter().map(|name| AgentId::parse(name).ok()).collect(),
            leases: self.names.iter().map(|name| LeaseId::parse(name).ok()).collect(),
            plans: self.names.iter().map(|name| PlanId::parse(name).ok()).collect(),
        };
        let events = self.events.into_iter().map(|event| event.into_core(&context));
        Ok(Record { now, events: events.collect::<Result<_, _>>()? })
    }
}

#[derive(Serialize, Deserialize)]
struct StoredEvent<'a> {
    org: u32,
    /// 0 for an event that is not public.
    sequence: u64,
    #[serde(borrow)]
    fact: Fact<'a>,
}

#[derive(Serialize, Deserialize)]
enum Fact<'a> {
    OrgCreated(#[serde(borrow)] StoredSettings<'a>),
    OrgChanged(#[serde(borrow)] StoredSettings<'a>),
    OrgDeleted,
    LimitChanged { plan: u32, plan_limit: u32, limit_override: Option<u32> },
    AgentPut { agent: u32, name: &'a str, cap: Option<u32> },
    AgentDeleted { agent: u32 },
    ReservationsChanged { version: u64, reservations: Vec<(u32, [u32; 4])> },
    CallQueued(#[serde(borrow)] StoredCall<'a>),
    CallStarted(#[serde(borrow)] StoredCall<'a>),
    CallClaimed(#[serde(borrow)] StoredCall<'a>),
    CallEnded(#[serde(borrow)] StoredCall<'a>),
    LeaseOpened { lease: u32, ttl_ms: u64 },
    LeaseEnded { lease: u32 },
    CountersRestored(StoredCounters),
}

impl<'a> StoredEvent<'a> {
    fn from_core(recorded: &'a Recorded, now: Now, names: &mut Names<'a>) -> Self {
        let org = names.number(recorded.org.as_str());
        let sequence = recorded.sequence.map_or(0, |sequence| sequence.0);
        let fact = match &recorded.event {
            Event::OrgCreated(settings) => {
                Fact::OrgCreated(StoredSettings::from_core(settings, names))
            }
            Event::OrgChanged(settings) => {
                Fact::OrgChanged(StoredSettings::from_core(settings, names))
            }
            Event::OrgDeleted => Fact::OrgDeleted,
            Event::LimitChanged { plan, plan_limit, limit_override } => Fact::LimitChanged {
                plan: names.number(plan.as_str()),
                plan_limit: *plan_limit,
                limit_override: *limit_override,
            },
            Event::AgentPut { agent, name, cap } => {
                Fact::AgentPut { agent: names.number(agent.as_str()), name, cap: *cap }
            }
            Event::AgentDeleted { agent } => {
                Fact::AgentDeleted { agent: names.number(agent.as_str()) }
            }
            Event::ReservationsChanged { version, reservations } => Fact::ReservationsChanged {
                version: version.0,
                reservations: reservations
                    .iter()
                    .map(|(agent, reserved)| (names.number(agent.as_str()), reserved.0))
                    .collect(),
            },
            Event::CallQueued(call) => Fact::CallQueued(StoredCall::from_core(call, now, names)),
            Event::CallStarted(call) => Fact::CallStarted(StoredCall::from_core(call, now, names)),
            Event::CallClaimed(call) => Fact::CallClaimed(StoredCall::from_core(call, now, names)),
            Event::CallEnded(call) => Fact::CallEnded(StoredCall::from_core(call, now, names)),
            Event::LeaseOpened { lease, ttl_ms } => {
                Fact::LeaseOpened { lease: names.number(lease.as_str()), ttl_ms: *ttl_ms }
            }
            Event::LeaseEnded { lease } => Fact::LeaseEnded { lease: names.number(lease.as_str()) },
            Event::CountersRestored(counters) => {
                Fact::CountersRestored(StoredCounters::from_core(counters))
            }
        };
        Self { org, sequence, fact }
    }

    fn into_core(self, context: &Context) -> Result<Recorded, Unreadable> {
        let event = match self.fact {
            Fact::OrgCreated(settings) => Event::OrgCreated(Box::new(settings.into_core(context)?)),
            Fact::OrgChanged(settings) => Event::OrgChanged(Box::new(settings.into_core(context)?)),
            Fact::OrgDeleted => Event::OrgDeleted,
            Fact::LimitChanged { plan, plan_limit, limit_override } => {
                Event::LimitChanged { plan: context.plans(plan)?, plan_limit, limit_override }
            }
            Fact::AgentPut { agent, name, cap } => {
                Event::AgentPut { agent: context.agents(agent)?, name: Arc::from(name), cap }
            }
            Fact::AgentDeleted { agent } => Event::AgentDeleted { agent: context.agents(agent)? },
            Fact::ReservationsChanged { version, reservations } => Event::ReservationsChanged {
                version: Version(version),
                reservations: reservations
                    .into_iter()
                    .map(|(agent, reserved)| Ok((context.agents(agent)?, PerType(reserved))))
                    .collect::<Result<_, Unreadable>>()?,
            },
            Fact::CallQueued(call) => Event::CallQueued(call.into_core(context)?),
            Fact::CallStarted(call) => Event::CallStarted(call.into_core(context)?),
            Fact::CallClaimed(call) => Event::CallClaimed(call.into_core(context)?),
            Fact::CallEnded(call) => Event::CallEnded(call.into_core(context)?),
            Fact::LeaseOpened { lease, ttl_ms } => {
                Event::LeaseOpened { lease: context.leases(lease)?, ttl_ms }
            }
            Fact::LeaseEnded { lease } => Event::LeaseEnded { lease: context.leases(lease)? },
            Fact::CountersRestored(counters) => {
                Event::CountersRestored(Box::new(counters.into_core()))
            }
        };
        let sequence = (self.sequence > 0).then_some(Sequence(self.sequence));
        Ok(Recorded { org: context.orgs(self.org)?, sequence, event })
    }
}

#[derive(Serialize, Deserialize)]
struct StoredSettings<'a> {
    name: &'a str,
    plan: u32,
    plan_limit: u32,
    limit_override: Option<u32>,
    max_call_duration_ms: u64,
    max_wait_ms: [Option<u64>; 4],
    max_queued: u32,
}

impl<'a> StoredSettings<'a> {
    fn from_core(settings: &'a OrgSettings, names: &mut Names<'a>) -> Self {
        Self {
            name: &settings.name,
            plan: names.number(settings.plan.as_str()),
            plan_limit: settings.plan_limit,
            limit_override: settings.limit_override,
            max_call_duration_ms: settings.max_call_duration_ms,
            max_wait_ms: settings.max_wait_ms.0,
            max_queued: settings.max_queued,
        }
    }

    fn into_core(self, context: &Context) -> Result<OrgSettings, Unreadable> {
        Ok(OrgSettings {
            name: Arc::from(self.name),
            plan: context.plans(self.plan)?,
            plan_limit: self.plan_limit,
            limit_override: self.limit_override,
            max_call_duration_ms: self.max_call_duration_ms,
            max_wait_ms: PerType(self.max_wait_ms),
            max_queued: self.max_queued,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct StoredCounters {
    sequence: u64,
    ticket: u64,
    version: u64,
    newest_bucket: u64,
    dispatched: [u32; 12],
    durations: u64,
    duration_sum_ms: u64,
}

impl StoredCounters {
    fn from_core(counters: &Counters) -> Self {
        let pace = &counters.pace;
        Self {
            sequence: counters.sequence.0,
            ticket: counters.ticket.0,
            version: counters.version.0,
            newest_bucket: pace.newest_bucket,
            dispatched: pace.dispatched,
            durations: pace.durations,
            duration_sum_ms: pace.duration_sum_ms,
        }
    }

    fn into_core(self) -> Counters {
        Counters {
            sequence: Sequence(self.sequence),
            ticket: Ticket(self.ticket),
            version: Version(self.version),
            pace: Pace {
                newest_bucket: self.newest_bucket,
                dispatched: self.dispatched,
                durations: self.durations,
                duration_sum_ms: self.duration_sum_ms,
            },
        }
    }
}

#[derive(Serialize, Deserialize)]
struct StoredCall<'a> {
    id: &'a str,
    agent: u32,
    call_type: StoredType,
    ticket: u64,
    requested_ms_ago: i64,
    lease: Option<u32>,
    wait_deadline_in: Option<i64>,
    claim_within_ms: Option<u64>,
    metadata: Option<&'a str>,
    #[serde(borrow)]
    state: StoredState<'a>,
}

#[derive(Serialize, Deserialize)]
enum StoredState<'a> {
    Queued {
        misses: u8,
    },
    Active {
        slot: StoredSlot,
        started_ms_ago: i64,
        dispatched_ticks_ago: Option<i64>,
        deadline_in: Option<i64>,
        is_claim_due: bool,
        misses: u8,
    },
    Ended {
        served: Option<(StoredSlot, i64)>,
        ended_ms_ago: i64,
        reason: StoredReason,
        note: Option<&'a str>,
        remembered_for: i64,
    },
}

impl<'a> StoredCall<'a> {
    fn from_core(call: &'a Call, now: Now, names: &mut Names<'a>) -> Self {
        let request = &*call.request;
        Self {
            id: request.id.as_str(),
            agent: names.number(request.agent.as_str()),
            call_type: request.call_type.into(),
            ticket: request.ticket.0,
            requested_ms_ago: distance(request.requested_at.0, now.at.0),
            lease: request.lease.as_ref().map(|lease| names.number(lease.as_str())),
            wait_deadline_in: request.wait_deadline.map(|tick| distance(now.tick.0, tick.0)),
            claim_within_ms: request.claim_within_ms,
            metadata: request.metadata.as_deref(),
            state: StoredState::from_core(&call.state, now),
        }
    }

    fn into_core(self, context: &Context) -> Result<Call, Unreadable> {
        let now = context.now;
        let request = Request {
            id: CallId::parse(self.id)?,
            agent: context.agents(self.agent)?,
            call_type: self.call_type.into(),
            ticket: Ticket(self.ticket),
            requested_at: Timestamp(before(now.at.0, self.requested_ms_ago)),
            lease: self.lease.map(|lease| context.leases(lease)).transpose()?,
            wait_deadline: self.wait_deadline_in.map(|ms| Tick(after(now.tick.0, ms))),
            claim_within_ms: self.claim_within_ms,
            metadata: self.metadata.map(Arc::from),
        };
        Ok(Call { request: Arc::new(request), state: self.state.into_core(now) })
    }
}

impl<'a> StoredState<'a> {
    fn from_core(state: &'a CallState, now: Now) -> Self {
        match state {
            CallState::Queued { misses } => Self::Queued { misses: *misses },
            CallState::Active { slot, started_at, dispatched, deadline, is_claim_due, misses } => {
                Self::Active {
                    slot: (*slot).into(),
                    started_ms_ago: distance(started_at.0, now.at.0),
                    dispatched_ticks_ago: dispatched.map(|tick| distance(tick.0, now.tick.0)),
                    deadline_in: deadline.map(|tick| distance(now.tick.0, tick.0)),
                    is_claim_due: *is_claim_due,
                    misses: *misses,
                }
            }
            CallState::Ended { served, ended_at, reason, note, remembered_until } => Self::Ended {
                served: served.map(|(slot, at)| (slot.into(), distance(at.0, now.at.0))),
                ended_ms_ago: distance(ended_at.0, now.at.0),
                reason: (*reason).into(),
                note: note.as_deref(),
                remembered_for: distance(now.tick.0, remembered_until.0),
            },
        }
    }

    fn into_core(self, now: Now) -> CallState {
        match self {
            Self::Queued { misses } => CallState::Queued { misses },
            Self::Active {
                slot,
                started_ms_ago,
                dispatched_ticks_ago,
                deadline_in,
                is_claim_due,
                misses,
            } => CallState::Active {
                slot: slot.into(),
                started_at: Timestamp(before(now.at.0, started_ms_ago)),
                dispatched: dispatched_ticks_ago.map(|ms| Tick(before(now.tick.0, ms))),
                deadline: deadline_in.map(|ms| Tick(after(now.tick.0, ms))),
                is_claim_due,
                misses,
            },
            Self::Ended { served, ended_ms_ago, reason, note, remembered_for } => {
                CallState::Ended {
                    served: served
                        .map(|(slot, ms_ago)| (slot.into(), Timestamp(before(now.at.0, ms_ago)))),
                    ended_at: Timestamp(before(now.at.0, ended_ms_ago)),
                    reason: reason.into(),
                    note: note.map(Arc::from),
                    remembered_until: Tick(after(now.tick.0, remembered_for)),
                }
            }
        }
    }
}

/// From one number to another, whichever is larger; exact for all numbers, since it wraps both ways.
fn distance(from: u64, to: u64) -> i64 {
    to.wrapping_sub(from).cast_signed()
}

fn before(to: u64, distance: i64) -> u64 {
    to.wrapping_sub(distance.cast_unsigned())
}

fn after(from: u64, distance: i64) -> u64 {
    from.wrapping_add(distance.cast_unsigned())
}

/// A stored enum and how it stands for one of the core's.
macro_rules! stored_enum {
    ($stored:ident, $core:ident { $($variant:ident),+ }) => {
        #[derive(Clone, Copy, Serialize, Deserialize)]
        enum $stored { $($variant),+ }

        impl From<$core> for $stored {
            fn from(value: $core) -> Self {
                match value { $($core::$variant => Self::$variant),+ }
            }
        }

        impl From<$stored> for $core {
            fn from(value: $stored) -> Self {
                match value { $($stored::$variant => Self::$variant),+ }
            }
        }
    };
}

stored_enum!(StoredType, CallType { Webcall, Chat, Outbound, Inbound });
stored_enum!(StoredSlot, SlotKind { Reserved, Shared });
stored_enum!(
    StoredReason,
    EndReason { Completed, Canceled, LeaseExpired, Reconciled, MaxDuration, MaxWait, Unclaimed }
);
