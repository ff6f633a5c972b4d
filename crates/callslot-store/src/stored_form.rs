//! The stored form of records, snapshots, ended calls and figures: the only file that (de)serialises stored data.
//!
//! A stored record is one byte of format version, four bytes of CRC-32 (little endian, of the rest), and a
//! [postcard](https://postcard.jamesmunns.com/wire-format) body. The body's types are defined here, apart from the core's, and
//! never change once released: a new form gets a new version, and every old one still loads. Each id is stored once a record,
//! and times are stored as distances from the record's own. The page `docs/internals/stored-form.md` shows all of it byte by
//! byte. Start reading at [`encode`].

mod call;
mod ended_call;
mod figures;
mod marker;
mod names;
mod version_and_checksum;

use std::sync::Arc;

use callslot_core::{
    CallEvent, Counters, Event, LeaseEvent, Now, OrgEvent, OrgSettings, PerType, Recorded,
    Sequence, SettingsEvent, Tick, Ticket, Timestamp, Version, WaitEstimator,
};
use serde::{Deserialize, Serialize};

use crate::contract::record::Record;
use crate::contract::store_error::StoreError;
use crate::stored_form::call::StoredCall;
use crate::stored_form::names::{Context, Names};
use crate::stored_form::version_and_checksum::{Unreadable, opened, sealed};

pub use ended_call::{decode_ended_call, encode_ended_call};
pub use figures::{decode_figures, encode_figures};
pub use marker::{decode_marker, encode_marker};

/// The newest version of the stored form, which is the one written.
const VERSION: u8 = 1;

/// The stored form of a record.
#[must_use]
pub fn encode(record: &Record) -> Vec<u8> {
    let mut names = Names::default();
    let now = record.now;
    let events =
        record.events.iter().map(|event| StoredEvent::from_core(event, now, &mut names)).collect();
    let stored = StoredRecord { at: now.at.0, tick: now.tick.0, names: names.list, events };
    sealed(VERSION, &stored)
}

/// Reads a stored record. `place` names it in errors.
///
/// # Errors
/// [`StoreError::Damaged`] when the bytes are not what was written; [`StoreError::TooNew`] when a newer version wrote them.
pub fn decode(bytes: &[u8], place: &str) -> Result<Record, StoreError> {
    read(bytes).map_err(|unreadable| unreadable.into_error(place, VERSION))
}

fn read(bytes: &[u8]) -> Result<Record, Unreadable> {
    let stored: StoredRecord<'_> = opened(VERSION, bytes)?;
    stored.into_core()
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
        let context = Context::new(now, self.names);
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

impl<'a> Fact<'a> {
    fn of_settings(event: &'a SettingsEvent, names: &mut Names<'a>) -> Self {
        match event {
            SettingsEvent::LimitChanged { plan, plan_limit, limit_override } => {
                Self::LimitChanged {
                    plan: names.number(plan.as_str()),
                    plan_limit: *plan_limit,
                    limit_override: *limit_override,
                }
            }
            SettingsEvent::AgentPut { agent, name, cap } => {
                Self::AgentPut { agent: names.number(agent.as_str()), name, cap: *cap }
            }
            SettingsEvent::AgentDeleted { agent } => {
                Self::AgentDeleted { agent: names.number(agent.as_str()) }
            }
            SettingsEvent::ReservationsChanged { version, reservations } => {
                Self::ReservationsChanged {
                    version: version.0,
                    reservations: reservations
                        .iter()
                        .map(|(agent, reserved)| (names.number(agent.as_str()), reserved.0))
                        .collect(),
                }
            }
        }
    }
}

impl<'a> StoredEvent<'a> {
    fn from_core(recorded: &'a Recorded, now: Now, names: &mut Names<'a>) -> Self {
        let org = names.number(recorded.org.as_str());
        let sequence = recorded.sequence.map_or(0, |sequence| sequence.0);
        let fact = match &recorded.event {
            Event::Call(CallEvent::Queued(call)) => {
                Fact::CallQueued(StoredCall::queued(call, now, names))
            }
            Event::Call(CallEvent::Started(call)) => {
                Fact::CallStarted(StoredCall::active(call, now, names))
            }
            Event::Call(CallEvent::Ended(call)) => {
                Fact::CallEnded(StoredCall::ended(call, now, names))
            }
            Event::CallClaimed(call) => Fact::CallClaimed(StoredCall::active(call, now, names)),
            Event::Settings(event) => Fact::of_settings(event, names),
            Event::Lease(LeaseEvent::Opened { lease, ttl_ms }) => {
                Fact::LeaseOpened { lease: names.number(lease.as_str()), ttl_ms: *ttl_ms }
            }
            Event::Lease(LeaseEvent::Ended { lease }) => {
                Fact::LeaseEnded { lease: names.number(lease.as_str()) }
            }
            Event::Org(OrgEvent::Created(settings)) => {
                Fact::OrgCreated(StoredSettings::from_core(settings, names))
            }
            Event::Org(OrgEvent::Changed(settings)) => {
                Fact::OrgChanged(StoredSettings::from_core(settings, names))
            }
            Event::Org(OrgEvent::Deleted) => Fact::OrgDeleted,
            Event::Org(OrgEvent::CountersRestored(counters)) => {
                Fact::CountersRestored(StoredCounters::from_core(counters))
            }
        };
        Self { org, sequence, fact }
    }

    fn into_core(self, context: &Context<'_>) -> Result<Recorded, Unreadable> {
        let event = match self.fact {
            Fact::OrgCreated(settings) => {
                OrgEvent::Created(Box::new(settings.into_core(context)?)).into()
            }
            Fact::OrgChanged(settings) => {
                OrgEvent::Changed(Box::new(settings.into_core(context)?)).into()
            }
            Fact::OrgDeleted => OrgEvent::Deleted.into(),
            Fact::LimitChanged { plan, plan_limit, limit_override } => {
                let plan = context.plans(plan)?;
                SettingsEvent::LimitChanged { plan, plan_limit, limit_override }.into()
            }
            Fact::AgentPut { agent, name, cap } => {
                let agent = context.agents(agent)?;
                SettingsEvent::AgentPut { agent, name: Arc::from(name), cap }.into()
            }
            Fact::AgentDeleted { agent } => {
                SettingsEvent::AgentDeleted { agent: context.agents(agent)? }.into()
            }
            Fact::ReservationsChanged { version, reservations } => {
                let reservations = reservations
                    .into_iter()
                    .map(|(agent, reserved)| Ok((context.agents(agent)?, PerType(reserved))))
                    .collect::<Result<_, Unreadable>>()?;
                SettingsEvent::ReservationsChanged { version: Version(version), reservations }
                    .into()
            }
            Fact::CallQueued(call) => CallEvent::Queued(call.into_core(context)?).into(),
            Fact::CallStarted(call) => CallEvent::Started(call.into_core(context)?).into(),
            Fact::CallClaimed(call) => Event::CallClaimed(call.into_core(context)?),
            Fact::CallEnded(call) => CallEvent::Ended(call.into_core(context)?).into(),
            Fact::LeaseOpened { lease, ttl_ms } => {
                LeaseEvent::Opened { lease: context.leases(lease)?, ttl_ms }.into()
            }
            Fact::LeaseEnded { lease } => {
                LeaseEvent::Ended { lease: context.leases(lease)? }.into()
            }
            Fact::CountersRestored(counters) => {
                OrgEvent::CountersRestored(Box::new(counters.into_core())).into()
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

    fn into_core(self, context: &Context<'_>) -> Result<OrgSettings, Unreadable> {
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
        let estimator = &counters.wait_estimator;
        Self {
            sequence: counters.sequence.0,
            ticket: counters.ticket.0,
            version: counters.version.0,
            newest_bucket: estimator.newest_bucket,
            dispatched: estimator.dispatched,
            durations: estimator.durations,
            duration_sum_ms: estimator.duration_sum_ms,
        }
    }

    fn into_core(self) -> Counters {
        Counters {
            sequence: Sequence(self.sequence),
            ticket: Ticket(self.ticket),
            version: Version(self.version),
            wait_estimator: WaitEstimator {
                newest_bucket: self.newest_bucket,
                dispatched: self.dispatched,
                durations: self.durations,
                duration_sum_ms: self.duration_sum_ms,
            },
        }
    }
}
