//! A past for an empty data directory, so that the demo has something to show: calls as they could have come and gone, each
//! decided by the core and kept in the log like any other.
//!
//! It never gives a slot itself: it only says who called when, and how long they would wait and talk. Start reading at
//! [`write_past`].

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use callslot_api::{AgentPut, CallType, Reservation, Time};
use callslot_core::{
    AgentId, CallEvent, CallGates, CallId, Command, EndCall, Event, Now, OrgCommand, OrgId,
    OrgSettings, PerType, PutAgent, Request, SetReservations, Shard, StartCall, Tick, Timestamp,
};
use callslot_store::{AppendError, Plan, Position, Record, Store, StoreError};

/// Everything within this many milliseconds is decided together, and kept in one record.
const TOGETHER_MS: usize = 20_000;

/// The history of an organisation.
#[derive(Debug, Clone)]
pub struct Past {
    /// The plans there are.
    pub plans: Vec<Plan>,
    /// Its id.
    pub org: OrgId,
    /// Its settings, with one of those plans.
    pub settings: OrgSettings,
    /// When it was founded.
    pub begins: Time,
    /// When the last of its calls ends.
    pub ends: Time,
    /// Its agents.
    pub agents: Vec<(String, AgentPut)>,
    /// Their reservations.
    pub reservations: Vec<Reservation>,
    /// Who called, earliest first.
    pub callers: Vec<Caller>,
}

/// Somebody who called.
#[derive(Debug, Clone)]
pub struct Caller {
    /// When.
    pub at: Time,
    /// Whom.
    pub agent: String,
    /// How.
    pub call_type: CallType,
    /// How long they wait before they hang up, in milliseconds.
    pub patience_ms: u64,
    /// How long they talk, in milliseconds.
    pub talk_ms: u64,
}

/// Why a past could not be written.
#[derive(Debug, thiserror::Error)]
pub enum BackfillError {
    /// The store cannot be used.
    #[error("{}", callslot_node::with_advice(.0))]
    Store(#[from] StoreError),
    /// Something in it was refused.
    #[error("the past could not have been: {0}")]
    Impossible(String),
}

/// Writes a past to an empty store. `go_on` gets the percentage written so far now and then, and returns whether
/// to continue.
pub fn write_past(
    store: &dyn Store,
    past: &Past,
    mut go_on: impl FnMut(u64) -> bool,
) -> Result<(), BackfillError> {
    let mut writer = Writer::found(store, past)?;
    let mut callers = past.callers.iter().enumerate().peekable();
    let length_ms = past.ends.0.saturating_sub(past.begins.0);
    for passed_ms in (0..length_ms).step_by(TOGETHER_MS) {
        writer.go_on_to(past.begins.0 + passed_ms);
        writer.end_what_is_due()?;
        while let Some((number, caller)) =
            callers.next_if(|(_, caller)| caller.at.0 <= past.begins.0 + passed_ms)
        {
            writer.start(number, caller)?;
        }
        writer.keep()?;
        if !go_on(passed_ms * 100 / length_ms) {
            return Ok(());
        }
    }
    writer.go_on_to(past.ends.0);
    let mut live: Vec<CallId> = writer.live.keys().cloned().collect();
    live.sort_unstable();
    for call in live {
        writer.decide(OrgCommand::EndCall(EndCall { call, note: None }))?;
    }
    writer.keep()
}

struct Writer<'a> {
    store: &'a dyn Store,
    org: &'a OrgId,
    shard: Shard,
    end: Position,
    begins: u64,
    /// Decided together and not yet written.
    record: Record,
    /// Calls that are not over, and who made them.
    live: HashMap<CallId, &'a Caller>,
    /// The calls to end, by the time and then by their tickets. Of one that got through, the hang-up is gone.
    later: BTreeMap<(u64, u64), CallId>,
}

impl<'a> Writer<'a> {
    /// Founds the organisation, with its agents and their reservations.
    fn found(store: &'a dyn Store, past: &'a Past) -> Result<Self, BackfillError> {
        for plan in &past.plans {
            store.put_plan(plan)?;
        }
        let mut writer = Self {
            store,
            org: &past.org,
            shard: Shard::new(),
            end: Position(0),
            begins: past.begins.0,
            record: Record::default(),
            live: HashMap::new(),
            later: BTreeMap::new(),
        };
        writer.go_on_to(past.begins.0);
        writer.decide(OrgCommand::CreateOrg(past.settings.clone()))?;
        for (id, put) in &past.agents {
            let (agent, name) = (agent_id(id)?, Arc::from(put.name.as_str()));
            writer.decide(OrgCommand::PutAgent(PutAgent {
                agent,
                name,
                cap: put.cap,
                pace: None,
            }))?;
        }
        let reservations = past.reservations.iter().map(reserved).collect::<Result<_, _>>()?;
        writer.decide(OrgCommand::SetReservations(SetReservations {
            reservations,
            if_version: None,
        }))?;
        writer.keep()?;
        Ok(writer)
    }

    fn go_on_to(&mut self, at: u64) {
        self.record.now = Now { at: Timestamp(at), tick: Tick(at - self.begins) };
    }

    /// Starts a caller's call.
    fn start(&mut self, number: usize, caller: &'a Caller) -> Result<(), BackfillError> {
        let id = CallId::parse(&format!("past-{number}")).expect("a call id");
        self.live.insert(id.clone(), caller);
        self.decide(OrgCommand::StartCall(StartCall {
            id,
            agent: agent_id(&caller.agent)?,
            call_type: call_type(caller.call_type),
            lease: None,
            max_wait_ms: None,
            max_duration_ms: None,
            claim_within_ms: None,
            gates: CallGates::default(),
            metadata: None,
        }))
    }

    /// Ends the calls that are due: callers that still wait have hung up.
    fn end_what_is_due(&mut self) -> Result<(), BackfillError> {
        while let Some(due) = self.later.first_entry() {
            if due.key().0 > self.record.now.at.0 {
                break;
            }
            let call = due.remove();
            if self.live.contains_key(&call) {
                self.decide(OrgCommand::EndCall(EndCall { call, note: None }))?;
            }
        }
        Ok(())
    }

    /// Decides a command, and schedules what follows from its events.
    fn decide(&mut self, command: OrgCommand) -> Result<(), BackfillError> {
        let (now, before) = (self.record.now, self.record.events.len());
        let command = Command::Org(self.org.clone(), command);
        self.shard.decide(now, command, &mut self.record.events).map_err(could_not_be)?;
        for recorded in &self.record.events[before..] {
            let Event::Call(event) = &recorded.event else { continue };
            let request = event.request();
            match event {
                CallEvent::Queued(_) => {
                    let patience_ms = self.live[&request.id].patience_ms;
                    self.later.insert(due(now.at, patience_ms, request), request.id.clone());
                }
                CallEvent::Started(_) => {
                    let caller = self.live[&request.id];
                    self.later.remove(&due(request.requested_at, caller.patience_ms, request));
                    self.later.insert(due(now.at, caller.talk_ms, request), request.id.clone());
                }
                CallEvent::Ended(_) | CallEvent::EndedAtOnce(_) => {
                    self.live.remove(&request.id);
                }
            }
        }
        Ok(())
    }

    /// Appends the record to the log.
    fn keep(&mut self) -> Result<(), BackfillError> {
        if self.record.events.is_empty() {
            return Ok(());
        }
        self.end = self.store.append(self.end, &self.record).map_err(|error| match error {
            AppendError::Store(error) => BackfillError::Store(error),
            AppendError::NotAtEnd { .. } | AppendError::TooLarge { .. } => could_not_be(error),
        })?;
        self.record.events.clear();
        Ok(())
    }
}

/// This long after a moment, with the call's ticket to distinguish it from others.
fn due(moment: Timestamp, after_ms: u64, call: &Request) -> (u64, u64) {
    (moment.0 + after_ms, call.ticket.0)
}

fn agent_id(id: &str) -> Result<AgentId, BackfillError> {
    AgentId::parse(id).map_err(could_not_be)
}

fn call_type(call_type: CallType) -> callslot_core::CallType {
    match call_type {
        CallType::Webcall => callslot_core::CallType::Webcall,
        CallType::Chat => callslot_core::CallType::Chat,
        CallType::Outbound => callslot_core::CallType::Outbound,
        CallType::Inbound => callslot_core::CallType::Inbound,
    }
}

fn reserved(reservation: &Reservation) -> Result<(AgentId, PerType<u32>), BackfillError> {
    let Reservation { agent, webcall, chat, outbound, inbound } = reservation;
    Ok((agent_id(agent)?, PerType([*webcall, *chat, *outbound, *inbound])))
}

fn could_not_be(error: impl std::fmt::Display) -> BackfillError {
    BackfillError::Impossible(error.to_string())
}

#[cfg(test)]
mod tests {
    use callslot_core::{Call, Ended, PlanId};
    use callslot_store::{EndedFilter, History, MemoryStore};

    use super::*;

    fn caller(at: u64, patience_ms: u64, talk_ms: u64) -> Caller {
        let agent = "support".to_owned();
        Caller { at: Time(at), agent, call_type: CallType::Chat, patience_ms, talk_ms }
    }

    /// How the calls of a past ended: waited and talked, in seconds, and why it was over.
    fn ended(callers: Vec<Caller>) -> Vec<(u64, Option<u64>, &'static str)> {
        let put = AgentPut { name: "Support".into(), cap: Some(1), pace: None };
        let plan = Plan {
            id: PlanId::parse("standard").expect("a plan id"),
            name: "Standard".into(),
            limit: 20,
        };
        let past = Past {
            org: OrgId::parse("default").expect("an organisation id"),
            settings: OrgSettings {
                name: "Default".into(),
                plan: plan.id.clone(),
                plan_limit: plan.limit,
                limit_override: None,
                max_call_duration_ms: 14_400_000,
                max_wait_ms: PerType::default(),
                max_queued: 1_000,
            },
            plans: vec![plan],
            begins: Time(1_000_000),
            ends: Time(2_000_000),
            agents: vec![("support".into(), put)],
            reservations: Vec::new(),
            callers,
        };
        let store = MemoryStore::new();
        write_past(&store, &past, |_| true).expect("it could have been");
        let refusals = callslot_node::Refusals::default();
        while callslot_node::project(&store, &refusals).expect("the store works") > 0 {}
        let calls = store.ended_calls(&past.org, &EndedFilter::default(), 100);
        let mut calls: Vec<Call<Ended>> =
            calls.expect("the store works").calls.into_iter().map(|(_, call)| call).collect();
        calls.sort_by_key(|call| call.request.ticket);
        calls
            .iter()
            .map(|call| {
                let Ended { served, ended_at, reason, .. } = &call.state;
                let started = served.map_or(*ended_at, |(_, started_at)| started_at);
                let waited = started.ms_since(call.request.requested_at) / 1_000;
                let talked = served.map(|(_, from)| ended_at.ms_since(from) / 1_000);
                (waited, talked, reason.as_str())
            })
            .collect()
    }

    #[test]
    fn calls_of_the_past_wait_talk_and_are_hung_up_as_their_callers_would() {
        let calls = ended(vec![
            caller(1_020_000, 1_000, 200_000),
            caller(1_040_000, 60_000, 100_000),
            caller(1_060_000, 500_000, 100_000),
            caller(1_900_000, 1_000, 900_000),
        ]);
        assert_eq!(
            calls,
            [
                (0, Some(200), "completed"),
                (60, None, "canceled"),
                (160, Some(100), "completed"),
                (0, Some(100), "completed"),
            ]
        );
    }
}
