//! Snapshots: whatever was decided, the stored form of a state is read back as the same state, and so is its log.
//!
//! An input is a history: each byte or two is a command to one of two organisations, out of few agents, calls and leases.
#![no_main]

use std::sync::Arc;

use callslot_core::limits::Bounds;
use callslot_core::{
    AdoptCall, AgentId, AlertId, AlertRule, AlertState, AlertWhen, CallFilter, CallGates, CallId,
    CallType, ClaimCall, Claimant, Command, Decline, DeclineCall, DeleteAgent, DeleteAlert,
    DeleteGate, EndCall, EndCalls, EndLease, EraseCall, GateId, GateKind, GateSettings, HangUp,
    Hours, KeyId, LeaseId, Now, OpenLease, OpenSpan, OrgChange, OrgCommand, OrgId, OrgSettings,
    Pace, PerType, PlanId, PutAgent, PutAlert, PutGate, ReconcileLease, RenewLease, SetAlertState,
    SetPlanLimit, SetReservations, SetType, SetWithinHours, Shard, StartCall, StateFilter, Tick,
    Timestamp, Version,
};
use callslot_store::Record;
use callslot_store::stored_form::{decode, encode};
use libfuzzer_sys::fuzz_target;

const MAX_COMMANDS: usize = 200;
/// A step is over after few events.
const BOUNDS: Bounds = Bounds {
    step_events: 2,
    lane_moves: 2_000,
    looks: 4,
    reconciled_looks: 12,
    queued_metadata_bytes: 1 << 20,
    ended_text_bytes: 1 << 20,
    agents: 10_000,
    gates: 3,
    alerts: 2,
    past_alerts: 500,
    lanes: 4,
    leases: 20_000,
    leases_of_key: 3,
    paged_calls: 100,
    paged_bytes: 10_000,
};

fuzz_target!(|data: &[u8]| {
    let mut history = History { bytes: data, ms: 1 };
    let (mut live, mut replayed) = (Shard::new(), Shard::new());
    live.set_bounds(BOUNDS);
    for _ in 0..MAX_COMMANDS {
        if history.bytes.is_empty() {
            break;
        }
        let step = history.byte();
        history.ms += u64::from(step >> 6) * 7_000;
        let now = history.now();
        let kind = step % 64;
        if kind == 63 {
            // A restart: the state continues from its snapshot.
            live = restored(&live, now);
            live.set_bounds(BOUNDS);
            live.resume(now.tick);
            continue;
        }
        let mut events = Vec::new();
        // A refusal is as good as an answer.
        let _ = live.decide(now, history.command(kind), &mut events);
        let record = stored(&Record { now, events });
        for recorded in &record.events {
            replayed.apply(record.now, recorded);
        }
    }
    let now = history.now();
    let snapshot = live.snapshot(now.tick);
    assert_eq!(replayed.snapshot(now.tick), snapshot, "the log leads to the state");
    assert_eq!(
        restored(&live, now).snapshot(now.tick),
        snapshot,
        "the snapshot leads to the state"
    );
    for (id, org) in live.orgs() {
        let views =
            [&replayed, &restored(&live, now)].map(|shard| shard.org(&id).map(|it| it.pool(now)));
        assert_eq!(views, [Some(org.pool(now)), Some(org.pool(now))]);
    }
});

/// A record after it was stored and read.
fn stored(record: &Record) -> Record {
    let read = decode(&encode(record), "the record").expect("what is written can be read");
    assert_eq!(read, *record);
    read
}

/// A state after it was stored as a snapshot and read.
fn restored(shard: &Shard, now: Now) -> Shard {
    let snapshot = stored(&Record { now, events: shard.snapshot(now.tick) });
    let mut restored = Shard::new();
    for recorded in &snapshot.events {
        restored.apply(snapshot.now, recorded);
    }
    restored
}

/// Bytes as commands.
struct History<'a> {
    bytes: &'a [u8],
    ms: u64,
}

impl History<'_> {
    fn now(&self) -> Now {
        Now { at: Timestamp(1_700_000_000_000 + self.ms), tick: Tick(self.ms) }
    }

    fn byte(&mut self) -> u8 {
        let (first, rest) = self.bytes.split_first().unwrap_or((&0, &[]));
        self.bytes = rest;
        *first
    }

    /// A number below `most`.
    fn below(&mut self, most: u8) -> u8 {
        self.byte() % most
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 1).then(|| value(self))
    }

    fn agent(&mut self) -> AgentId {
        AgentId::parse(["a", "b", "c"][usize::from(self.below(3))]).expect("an agent id")
    }

    fn call(&mut self) -> CallId {
        CallId::parse(&format!("call-{}", self.below(12))).expect("a call id")
    }

    fn gate(&mut self) -> GateId {
        GateId::parse(["g", "h", "i", "j"][usize::from(self.below(4))]).expect("a gate id")
    }

    fn gates(&mut self) -> CallGates {
        let count = self.below(4);
        CallGates::new((0..count).map(|_| self.gate()).collect()).expect("fewer than four")
    }

    fn pace(&mut self) -> Pace {
        let (starts, per_s) = (1 + u32::from(self.below(3)), 1 + u32::from(self.byte()));
        Pace { starts, per_s, burst: 1 + u32::from(self.below(3)) }
    }

    fn hours(&mut self) -> Arc<Hours> {
        let open = OpenSpan { days: self.below(2), from_min: 480, to_min: 1_260 };
        Arc::new(Hours { tz: Arc::from("UTC"), open: vec![open] })
    }

    fn gate_settings(&mut self) -> GateSettings {
        GateSettings {
            name: self.text(),
            kind: GateKind::ALL[usize::from(self.below(5))],
            cap: self.maybe(|it| it.below(4).into()),
            pace: self.maybe(Self::pace),
            is_paused: self.below(4) == 0,
            hours: self.maybe(Self::hours),
        }
    }

    fn put_gate(&mut self) -> PutGate {
        let (gate, settings) = (self.gate(), self.gate_settings());
        let is_within_hours = settings.hours.is_none() || self.below(2) == 0;
        PutGate { gate, settings, is_within_hours }
    }

    fn alert(&mut self) -> AlertId {
        let ids = ["v", "w", "webhook:v", "webhook:w"];
        AlertId::parse(ids[usize::from(self.below(4))]).expect("an alert id")
    }

    fn rule(&mut self) -> AlertRule {
        AlertRule {
            when: AlertWhen::ALL[usize::from(self.below(6))],
            agent: self.maybe(Self::agent),
            call_type: self.maybe(Self::call_type),
            gate: self.maybe(Self::gate),
            above_milli: u64::from(self.below(3)) * 999,
            for_ms: self.below(2).into(),
        }
    }

    fn call_type(&mut self) -> CallType {
        CallType::ALL[usize::from(self.below(4))]
    }

    fn filter(&mut self) -> CallFilter {
        CallFilter {
            state: self
                .maybe(|it| [StateFilter::Queued, StateFilter::Active][usize::from(it.below(2))]),
            agent: self.maybe(Self::agent),
            call_type: self.maybe(Self::call_type),
            gate: self.maybe(Self::gate),
        }
    }

    fn lease(&mut self) -> LeaseId {
        LeaseId::parse(["l", "m"][usize::from(self.below(2))]).expect("a lease id")
    }

    fn plan(&mut self) -> PlanId {
        PlanId::parse(["p", "q"][usize::from(self.below(2))]).expect("a plan id")
    }

    fn text(&mut self) -> Arc<str> {
        Arc::from(["", "Größe", "{}", r#"{"a":1}"#][usize::from(self.below(4))])
    }

    fn waits<T: Copy>(&mut self, wait: impl Fn(&mut Self) -> T) -> PerType<T> {
        PerType([wait(self); 4])
    }

    fn command(&mut self, step: u8) -> Command {
        match step {
            0 => return Command::ExpireDue,
            62 => return Command::TakeStep,
            1 => {
                return Command::SetPlanLimit(SetPlanLimit {
                    plan: self.plan(),
                    limit: self.below(9).into(),
                });
            }
            _ => {}
        }
        let org = OrgId::parse(if step.is_multiple_of(2) { "o" } else { "other" }).expect("an id");
        Command::Org(org, self.org_command(step / 2))
    }

    fn org_command(&mut self, kind: u8) -> OrgCommand {
        match kind {
            1 => OrgCommand::CreateOrg(self.settings()),
            2 => OrgCommand::ChangeOrg(OrgChange {
                name: self.maybe(Self::text),
                plan: self.maybe(|it| (it.plan(), it.below(9).into())),
                limit_override: self.maybe(|it| it.maybe(|it| it.below(9).into())),
                max_call_duration_ms: self.maybe(|it| u64::from(it.below(3)) * 9_000),
                max_wait_ms: self
                    .waits(|it| it.maybe(|it| it.maybe(|it| u64::from(it.byte()) * 99))),
                max_queued: self.maybe(|it| it.below(9).into()),
            }),
            3 => OrgCommand::DeleteOrg,
            4 => OrgCommand::PutAgent(PutAgent {
                agent: self.agent(),
                name: self.text(),
                cap: self.maybe(|it| it.below(5).into()),
                pace: self.maybe(Self::pace),
            }),
            5 => OrgCommand::DeleteAgent(DeleteAgent { agent: self.agent() }),
            6 => {
                let count = self.below(4);
                OrgCommand::SetReservations(SetReservations {
                    reservations: (0..count).map(|_| (self.agent(), self.reserved())).collect(),
                    if_version: self.maybe(|it| Version(it.below(4).into())),
                })
            }
            7 => OrgCommand::ClaimCall(ClaimCall {
                call: self.call(),
                claimant: self.maybe(|it| Claimant::from(&it.lease())),
                caller: Claimant::parse("key").expect("a claimant"),
            }),
            8 => OrgCommand::OpenLease(OpenLease {
                lease: self.lease(),
                ttl_ms: 5_000 + u64::from(self.byte()) * 99,
                key: self.maybe(|_| KeyId::parse("key").expect("a key id")),
            }),
            9 => OrgCommand::RenewLease(RenewLease { lease: self.lease(), sum: None }),
            10 => {
                let count = self.below(4);
                let active: Vec<_> = (0..count).map(|_| self.call()).collect();
                OrgCommand::ReconcileLease(ReconcileLease {
                    lease: self.lease(),
                    active: Arc::new(active.into()),
                    more: self.below(2) == 0,
                    cursor: None,
                    rest: None,
                })
            }
            11 => OrgCommand::EndLease(EndLease { lease: self.lease() }),
            12 => OrgCommand::EndCall(EndCall { call: self.call(), note: self.maybe(Self::text) }),
            13 => OrgCommand::SetType(SetType {
                call_type: self.call_type(),
                cap: self.maybe(|it| it.below(5).into()),
                pace: self.maybe(Self::pace),
            }),
            14 => OrgCommand::AdoptCall(AdoptCall { call: self.call(), lease: self.lease() }),
            15 | 16 => OrgCommand::PutGate(self.put_gate()),
            17 => OrgCommand::SetWithinHours(SetWithinHours {
                gate: self.gate(),
                hours: self.hours(),
                is_within_hours: self.below(2) == 0,
            }),
            18 => OrgCommand::DeleteGate(DeleteGate { gate: self.gate() }),
            19 => OrgCommand::EndCalls(EndCalls {
                filter: self.filter(),
                ids: self.maybe(|it| vec![it.call(), it.call()]),
                note: self.maybe(Self::text),
            }),
            20 => OrgCommand::DeclineCall(DeclineCall {
                call: self.call(),
                decline: [Decline::ForNow, Decline::ForGood][usize::from(self.below(2))],
                note: self.maybe(Self::text),
            }),
            21 => OrgCommand::HangUp(HangUp { call: self.call() }),
            22 => OrgCommand::PutAlert(PutAlert { alert: self.alert(), rule: self.rule() }),
            23 => OrgCommand::DeleteAlert(DeleteAlert { alert: self.alert() }),
            24 => {
                let figure_milli = u64::from(self.byte()) * 999;
                let states =
                    [AlertState::Open { figure_milli }, AlertState::Closed { figure_milli }];
                OrgCommand::SetAlertState(SetAlertState {
                    alert: self.alert(),
                    rule: self.rule(),
                    state: states[usize::from(self.below(2))],
                })
            }
            25 => OrgCommand::EraseCall(EraseCall { call: self.call() }),
            _ => OrgCommand::StartCall(StartCall {
                id: self.call(),
                agent: self.agent(),
                call_type: self.call_type(),
                lease: self.maybe(Self::lease),
                max_wait_ms: self.maybe(|it| u64::from(it.byte()) * 99),
                max_duration_ms: self.maybe(|it| 1_000 + u64::from(it.byte()) * 99),
                claim_within_ms: self.maybe(|it| 1_000 + u64::from(it.byte()) * 99),
                gates: self.gates(),
                metadata: self.maybe(Self::text),
            }),
        }
    }

    fn reserved(&mut self) -> PerType<u32> {
        PerType([self.below(4).into(), self.below(3).into(), 0, self.below(2).into()])
    }

    fn settings(&mut self) -> OrgSettings {
        OrgSettings {
            name: self.text(),
            plan: self.plan(),
            plan_limit: self.below(9).into(),
            limit_override: self.maybe(|it| it.below(9).into()),
            max_call_duration_ms: u64::from(self.below(3)) * 9_000,
            max_wait_ms: self.waits(|it| it.maybe(|it| u64::from(it.byte()) * 99)),
            max_queued: self.below(9).into(),
        }
    }
}
