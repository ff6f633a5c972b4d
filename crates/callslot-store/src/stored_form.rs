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
mod gate;
mod marker;
mod names;
mod sweep;
mod version_and_checksum;
mod waits;

use std::sync::Arc;

use callslot_core::{
    Adoption, CallEvent, CallId, Claim, Counters, Event, GateFigures, LeaseEvent, LeaseSum, Now,
    OrgEvent, OrgSettings, PerType, Recorded, Sequence, SettingsEvent, SweepEvent, Tick, Ticket,
    Timestamp, Version,
};
use serde::{Deserialize, Serialize};

use crate::contract::record::Record;
use crate::contract::store_error::StoreError;
use crate::stored_form::call::{StoredCall, StoredType, after, before, distance};
use crate::stored_form::gate::{StoredGate, StoredPace, StoredPaceOf};
use crate::stored_form::names::{Context, Names};
use crate::stored_form::sweep::StoredSweep;
use crate::stored_form::version_and_checksum::{Unreadable, opened, sealed};
use crate::stored_form::waits::{StoredClassWaits, StoredSlots, StoredWaits};

pub use ended_call::{decode_ended_call, encode_ended_call};
pub use figures::{decode_figures, encode_figures};
pub use marker::{decode_marker, encode_marker};

/// The newest version of the stored form, which is the one written. Each has facts that the ones before do not have, and is
/// otherwise the same.
const VERSION: u8 = 4;

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
    LimitChanged {
        plan: u32,
        plan_limit: u32,
        limit_override: Option<u32>,
    },
    AgentPut {
        agent: u32,
        name: &'a str,
        cap: Option<u32>,
    },
    AgentDeleted {
        agent: u32,
    },
    ReservationsChanged {
        version: u64,
        reservations: Vec<(u32, [u32; 4])>,
    },
    CallQueued(#[serde(borrow)] StoredCall<'a>),
    CallStarted(#[serde(borrow)] StoredCall<'a>),
    CallClaimed(#[serde(borrow)] StoredCall<'a>),
    CallEnded(#[serde(borrow)] StoredCall<'a>),
    LeaseOpened {
        lease: u32,
        ttl_ms: u64,
    },
    LeaseEnded {
        lease: u32,
    },
    /// What was written before version 3.
    CountersRestored(FormerCounters),
    /// Since version 2.
    TypeCapChanged {
        call_type: StoredType,
        cap: Option<u32>,
    },
    /// Since version 3.
    CallAdopted {
        #[serde(borrow)]
        call: StoredCall<'a>,
        from: Option<u32>,
    },
    /// Since version 3.
    CallEndedAtOnce(#[serde(borrow)] StoredCall<'a>),
    /// Since version 3.
    EndRemembered {
        call: &'a str,
        remembered_for: i64,
    },
    /// Since version 3; until then claims did not say by whom.
    CallClaimedBy {
        #[serde(borrow)]
        call: StoredCall<'a>,
        claimant: u32,
    },
    /// Since version 3.
    NumbersRestored {
        sequence: u64,
        ticket: u64,
        version: u64,
    },
    /// Since version 3.
    WaitsRestored(StoredWaits),
    /// Since version 3.
    AgentWaitsRestored {
        agent: u32,
        classes: [StoredClassWaits; 4],
    },
    /// Since version 3.
    SweepBegun(#[serde(borrow)] StoredSweep<'a>),
    /// Since version 3.
    SweepDone {
        number: u64,
        ended: u64,
    },
    /// Since version 3.
    StartRestored {
        call: &'a str,
        ticks_ago: i64,
    },
    /// Since version 3.
    PagesBegun {
        lease: u32,
    },
    /// Since version 3.
    PagesDecided {
        lease: u32,
        last: (u64, u64),
        until: i64,
    },
    /// Since version 3.
    PagesLost {
        lease: u32,
        last: Option<(u64, u64)>,
    },
    /// Since version 3.
    EndsRemembered {
        #[serde(borrow)]
        calls: Vec<&'a str>,
        remembered_for: i64,
    },
    /// Since version 3; until then leases did not say by whom they were opened.
    LeaseOpenedBy {
        lease: u32,
        ttl_ms: u64,
        key: u32,
    },
    /// Since version 3; until then it was not kept with which page a list had begun.
    ListBegun {
        lease: u32,
        first: Option<(u64, u64)>,
        is_in_doubt: bool,
    },
    /// Since version 3, likewise.
    ListLost {
        lease: u32,
        last: Option<(u64, u64)>,
        first: (u64, u64),
    },
    /// Since version 4: an agent with a pace.
    AgentPaced {
        agent: u32,
        name: &'a str,
        cap: Option<u32>,
        pace: StoredPace,
    },
    /// Since version 4: a call type with a pace.
    TypePaced {
        call_type: StoredType,
        cap: Option<u32>,
        pace: StoredPace,
    },
    /// Since version 4.
    GatePut {
        gate: u32,
        #[serde(borrow)]
        settings: StoredGate<'a>,
        is_within_hours: bool,
    },
    /// Since version 4.
    GateHours {
        gate: u32,
        is_within_hours: bool,
    },
    /// Since version 4.
    GateDeleted {
        gate: u32,
    },
    /// Since version 4.
    PaceRestored {
        of: StoredPaceOf,
        due: u64,
    },
    /// Since version 4.
    GateRestored {
        gate: u32,
        ended: u64,
        held: StoredSlots,
    },
    /// Since version 4: a sweep of the calls of a gate.
    GateSweepBegun {
        gate: u32,
        #[serde(borrow)]
        sweep: StoredSweep<'a>,
    },
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
            SettingsEvent::AgentPut { agent, name, cap, pace } => {
                let (agent, cap) = (names.number(agent.as_str()), *cap);
                match pace.map(StoredPace::from) {
                    None => Self::AgentPut { agent, name, cap },
                    Some(pace) => Self::AgentPaced { agent, name, cap, pace },
                }
            }
            SettingsEvent::TypeChanged { call_type, cap, pace } => {
                let (call_type, cap) = ((*call_type).into(), *cap);
                match pace.map(StoredPace::from) {
                    None => Self::TypeCapChanged { call_type, cap },
                    Some(pace) => Self::TypePaced { call_type, cap, pace },
                }
            }
            SettingsEvent::GatePut { gate, settings, is_within_hours } => Self::GatePut {
                gate: names.number(gate.as_str()),
                settings: StoredGate::from_core(settings),
                is_within_hours: *is_within_hours,
            },
            SettingsEvent::GateHours { gate, is_within_hours } => {
                let gate = names.number(gate.as_str());
                Self::GateHours { gate, is_within_hours: *is_within_hours }
            }
            SettingsEvent::GateDeleted { gate } => {
                Self::GateDeleted { gate: names.number(gate.as_str()) }
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

    fn of_lease(event: &'a LeaseEvent, now: Now, names: &mut Names<'a>) -> Self {
        match event {
            LeaseEvent::Opened { lease, ttl_ms, key } => {
                let (lease, ttl_ms) = (names.number(lease.as_str()), *ttl_ms);
                match key {
                    Some(key) => {
                        Self::LeaseOpenedBy { lease, ttl_ms, key: names.number(key.as_str()) }
                    }
                    None => Self::LeaseOpened { lease, ttl_ms },
                }
            }
            LeaseEvent::Ended { lease } => Self::LeaseEnded { lease: names.number(lease.as_str()) },
            LeaseEvent::PagesBegun { lease, first, is_in_doubt } => {
                let (lease, is_in_doubt) = (names.number(lease.as_str()), *is_in_doubt);
                match first.map(stored_sum) {
                    None if !is_in_doubt => Self::PagesBegun { lease },
                    first => Self::ListBegun { lease, first, is_in_doubt },
                }
            }
            LeaseEvent::PagesDecided { lease, last, until } => Self::PagesDecided {
                lease: names.number(lease.as_str()),
                last: stored_sum(*last),
                until: distance(now.tick.0, until.0),
            },
            LeaseEvent::PagesLost { lease, last, first } => {
                let (lease, last) = (names.number(lease.as_str()), last.map(stored_sum));
                match first.map(stored_sum) {
                    Some(first) => Self::ListLost { lease, last, first },
                    None => Self::PagesLost { lease, last },
                }
            }
        }
    }
}

/// The sum of calls: their number and their digest.
fn stored_sum(LeaseSum { count, digest }: LeaseSum) -> (u64, u64) {
    (count, digest)
}

fn sum_of((count, digest): (u64, u64)) -> LeaseSum {
    LeaseSum { count, digest }
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
            Event::Call(CallEvent::EndedAtOnce(call)) => {
                Fact::CallEndedAtOnce(StoredCall::ended(call, now, names))
            }
            Event::EndsRemembered(calls, until) => {
                let remembered_for = distance(now.tick.0, until.0);
                match &calls[..] {
                    [call] => Fact::EndRemembered { call: call.as_str(), remembered_for },
                    calls => {
                        let calls = calls.iter().map(CallId::as_str).collect();
                        Fact::EndsRemembered { calls, remembered_for }
                    }
                }
            }
            Event::CallClaimed(claim) => {
                let call = StoredCall::active(&claim.call, now, names);
                match &claim.claimant {
                    Some(claimant) => {
                        Fact::CallClaimedBy { call, claimant: names.number(claimant.as_str()) }
                    }
                    None => Fact::CallClaimed(call),
                }
            }
            Event::CallAdopted(adoption) => Fact::CallAdopted {
                call: StoredCall::live(&adoption.call, now, names),
                from: adoption.from.as_ref().map(|lease| names.number(lease.as_str())),
            },
            Event::Sweep(SweepEvent::Begun(sweep)) => {
                let gate = sweep.filter.gate.as_ref().map(|gate| names.number(gate.as_str()));
                let sweep = StoredSweep::from_core(sweep, names);
                match gate {
                    None => Fact::SweepBegun(sweep),
                    Some(gate) => Fact::GateSweepBegun { gate, sweep },
                }
            }
            Event::Sweep(SweepEvent::Done { number, ended }) => {
                Fact::SweepDone { number: *number, ended: *ended }
            }
            Event::Settings(event) => Fact::of_settings(event, names),
            Event::Lease(event) => Fact::of_lease(event, now, names),
            Event::Org(OrgEvent::Created(settings)) => {
                Fact::OrgCreated(StoredSettings::from_core(settings, names))
            }
            Event::Org(OrgEvent::Changed(settings)) => {
                Fact::OrgChanged(StoredSettings::from_core(settings, names))
            }
            Event::Org(OrgEvent::Deleted) => Fact::OrgDeleted,
            Event::Org(OrgEvent::CountersRestored(counters)) => {
                let Counters { sequence, ticket, version } = **counters;
                let (sequence, ticket, version) = (sequence.0, ticket.0, version.0);
                Fact::NumbersRestored { sequence, ticket, version }
            }
            Event::Org(OrgEvent::WaitsRestored(figures)) => {
                Fact::WaitsRestored(StoredWaits::from_core(figures, now))
            }
            Event::Org(OrgEvent::AgentWaitsRestored(agent, figures)) => Fact::AgentWaitsRestored {
                agent: names.number(agent.as_str()),
                classes: figures.0.map(|figures| StoredClassWaits::from_core(figures, now)),
            },
            Event::Org(OrgEvent::StartRestored(call, started)) => Fact::StartRestored {
                call: call.as_str(),
                ticks_ago: distance(started.0, now.tick.0),
            },
            Event::Org(OrgEvent::PaceRestored(of, due)) => {
                Fact::PaceRestored { of: StoredPaceOf::from_core(of, names), due: *due }
            }
            Event::Org(OrgEvent::GateRestored(gate, GateFigures { ended, held })) => {
                let (gate, held) =
                    (names.number(gate.as_str()), StoredSlots::from_core(*held, now));
                Fact::GateRestored { gate, ended: *ended, held }
            }
        };
        Self { org, sequence, fact }
    }

    #[expect(clippy::too_many_lines, reason = "it is a table, with a row for each event")]
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
                SettingsEvent::AgentPut { agent, name: Arc::from(name), cap, pace: None }.into()
            }
            Fact::AgentPaced { agent, name, cap, pace } => {
                let (agent, name) = (context.agents(agent)?, Arc::from(name));
                let pace = Some(pace.into_core()?);
                SettingsEvent::AgentPut { agent, name, cap, pace }.into()
            }
            Fact::TypeCapChanged { call_type, cap } => {
                let call_type = call_type.into();
                SettingsEvent::TypeChanged { call_type, cap, pace: None }.into()
            }
            Fact::TypePaced { call_type, cap, pace } => {
                let (call_type, pace) = (call_type.into(), Some(pace.into_core()?));
                SettingsEvent::TypeChanged { call_type, cap, pace }.into()
            }
            Fact::GatePut { gate, settings, is_within_hours } => {
                let (gate, settings) = (context.gates(gate)?, Box::new(settings.into_core()?));
                SettingsEvent::GatePut { gate, settings, is_within_hours }.into()
            }
            Fact::GateHours { gate, is_within_hours } => {
                SettingsEvent::GateHours { gate: context.gates(gate)?, is_within_hours }.into()
            }
            Fact::GateDeleted { gate } => {
                SettingsEvent::GateDeleted { gate: context.gates(gate)? }.into()
            }
            Fact::PaceRestored { of, due } => {
                OrgEvent::PaceRestored(of.into_core(context)?, due).into()
            }
            Fact::GateRestored { gate, ended, held } => {
                let figures = GateFigures { ended, held: held.into_core(context.now) };
                OrgEvent::GateRestored(context.gates(gate)?, figures).into()
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
            Fact::CallClaimed(call) => {
                Claim { call: call.into_core(context)?, claimant: None }.into()
            }
            Fact::CallClaimedBy { call, claimant } => {
                let claimant = Some(context.claimants(claimant)?);
                Claim { call: call.into_core(context)?, claimant }.into()
            }
            Fact::CallEnded(call) => CallEvent::Ended(call.into_core(context)?).into(),
            Fact::CallEndedAtOnce(call) => CallEvent::EndedAtOnce(call.into_core(context)?).into(),
            Fact::EndRemembered { call, remembered_for } => {
                let until = Tick(after(context.now.tick.0, remembered_for));
                Event::EndsRemembered(vec![CallId::kept(call)?], until)
            }
            Fact::EndsRemembered { calls, remembered_for } => {
                let until = Tick(after(context.now.tick.0, remembered_for));
                let calls = calls.into_iter().map(CallId::kept).collect::<Result<_, _>>()?;
                Event::EndsRemembered(calls, until)
            }
            Fact::CallAdopted { call, from } => {
                let from = from.map(|lease| context.leases(lease)).transpose()?;
                Adoption { call: call.into_core(context)?, from }.into()
            }
            Fact::SweepBegun(sweep) => {
                SweepEvent::Begun(Box::new(sweep.into_core(None, context)?)).into()
            }
            Fact::GateSweepBegun { gate, sweep } => {
                SweepEvent::Begun(Box::new(sweep.into_core(Some(gate), context)?)).into()
            }
            Fact::SweepDone { number, ended } => SweepEvent::Done { number, ended }.into(),
            Fact::LeaseOpened { lease, ttl_ms } => {
                LeaseEvent::Opened { lease: context.leases(lease)?, ttl_ms, key: None }.into()
            }
            Fact::LeaseOpenedBy { lease, ttl_ms, key } => {
                let (lease, key) = (context.leases(lease)?, Some(context.keys(key)?));
                LeaseEvent::Opened { lease, ttl_ms, key }.into()
            }
            Fact::LeaseEnded { lease } => {
                LeaseEvent::Ended { lease: context.leases(lease)? }.into()
            }
            Fact::CountersRestored(FormerCounters { sequence, ticket, version, .. })
            | Fact::NumbersRestored { sequence, ticket, version } => {
                let (sequence, ticket) = (Sequence(sequence), Ticket(ticket));
                let counters = Counters { sequence, ticket, version: Version(version) };
                OrgEvent::CountersRestored(Box::new(counters)).into()
            }
            Fact::WaitsRestored(waits) => {
                OrgEvent::WaitsRestored(Box::new(waits.into_core(context.now))).into()
            }
            Fact::AgentWaitsRestored { agent, classes } => {
                let figures = PerType(classes.map(|stored| stored.into_core(context.now)));
                OrgEvent::AgentWaitsRestored(context.agents(agent)?, Box::new(figures)).into()
            }
            Fact::PagesBegun { lease } => {
                let lease = context.leases(lease)?;
                LeaseEvent::PagesBegun { lease, first: None, is_in_doubt: false }.into()
            }
            Fact::ListBegun { lease, first, is_in_doubt } => {
                let (lease, first) = (context.leases(lease)?, first.map(sum_of));
                LeaseEvent::PagesBegun { lease, first, is_in_doubt }.into()
            }
            Fact::PagesDecided { lease, last, until } => {
                let until = Tick(after(context.now.tick.0, until));
                let (lease, last) = (context.leases(lease)?, sum_of(last));
                LeaseEvent::PagesDecided { lease, last, until }.into()
            }
            Fact::PagesLost { lease, last } => {
                let (lease, last) = (context.leases(lease)?, last.map(sum_of));
                LeaseEvent::PagesLost { lease, last, first: None }.into()
            }
            Fact::ListLost { lease, last, first } => {
                let (last, first) = (last.map(sum_of), Some(sum_of(first)));
                LeaseEvent::PagesLost { lease: context.leases(lease)?, last, first }.into()
            }
            Fact::StartRestored { call, ticks_ago } => {
                let started = Tick(before(context.now.tick.0, ticks_ago));
                OrgEvent::StartRestored(CallId::kept(call)?, started).into()
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

/// The numbers, and what waits were estimated from then, which is read past.
#[derive(Serialize, Deserialize)]
struct FormerCounters {
    sequence: u64,
    ticket: u64,
    version: u64,
    newest_bucket: u64,
    dispatched: [u32; 12],
    durations: u64,
    duration_sum_ms: u64,
}
