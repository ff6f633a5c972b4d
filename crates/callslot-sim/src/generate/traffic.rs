//! The traffic of a seed's world: clients that start, repeat, end and forget calls and let leases lapse, an operator who
//! changes everything under load, a disk that fails, a clock that jumps, and crashes.
//!
//! Swarm style (Groce and others 2012, "Swarm testing"): every seed leaves out a random part of all this, so that what is
//! left happens often enough to meet itself. Start reading at [`Traffic::next`].

use std::sync::Arc;

use callslot_core::{
    AdoptCall, AgentId, Call, CallGates, CallId, CallType, Capped, ClaimCall, Claimant, Command,
    Decline, DeclineCall, DeleteAgent, EndCall, EndCalls, EndLease, EraseCall, HangUp, KeyId,
    LeaseId, LeaseSum, OpenLease, OrgChange, OrgCommand, OrgId, OrgSettings, Pace, PerType, PlanId,
    PutAgent, ReconcileLease, RenewLease, SetPlanLimit, SetReservations, SetType, StartCall,
    Version,
};
use fastrand::Rng;

use crate::Model;
use crate::generate::alerts::some_alert_command;
use crate::generate::commands::{changes_settings, somebody};
use crate::generate::engine_traffic::EngineTraffic;
use crate::generate::gates::{
    delete_gate, hours_change, put_gate, some_gate, some_gates, some_pace,
};
use crate::generate::sweeps::end_calls;
use crate::judge::Sight;
use crate::world::{Action, Ask, Fate, World};

/// What may happen, with the weight of each.
const HAPPENINGS: [(Happening, u32); 44] = [
    (Happening::Ask(Wish::Start), 200),
    (Happening::Ask(Wish::StartUnderLease), 90),
    (Happening::Ask(Wish::StartEndedId), 15),
    (Happening::StartSeveral, 15),
    (Happening::RepeatARequest, 40),
    (Happening::Ask(Wish::EndActive), 150),
    (Happening::Ask(Wish::HangUpQueued), 40),
    (Happening::Ask(Wish::GoAway), 20),
    (Happening::Ask(Wish::EndSomeId), 10),
    (Happening::Ask(Wish::EndAllThatMatch), 6),
    (Happening::Ask(Wish::Claim), 45),
    (Happening::Ask(Wish::Decline), 12),
    (Happening::Ask(Wish::Erase), 6),
    (Happening::WaitForQueued, 30),
    (Happening::Ask(Wish::OpenLease), 25),
    (Happening::Ask(Wish::Renew), 60),
    (Happening::Ask(Wish::RenewWithSum), 20),
    (Happening::Ask(Wish::Reconcile), 30),
    (Happening::Ask(Wish::Adopt), 40),
    (Happening::Ask(Wish::EndLease), 6),
    (Happening::LookAtOrg, 25),
    (Happening::LookAtCall, 25),
    (Happening::Ask(Wish::SetLimit), 30),
    (Happening::SetPlanLimit, 8),
    (Happening::Ask(Wish::SetCap), 30),
    (Happening::Ask(Wish::SetType), 20),
    (Happening::Ask(Wish::PutGate), 40),
    (Happening::Ask(Wish::ChangeHours), 30),
    (Happening::Ask(Wish::DeleteGate), 6),
    (Happening::Ask(Wish::Alert), 30),
    (Happening::Ask(Wish::SetReservations), 50),
    (Happening::Ask(Wish::SetReservationsOfSeveral), 12),
    (Happening::Ask(Wish::ChangeBounds), 15),
    (Happening::Ask(Wish::DeleteAgent), 8),
    (Happening::Ask(Wish::DeleteOrg), 4),
    (Happening::Ask(Wish::CreateOrg), 4),
    (Happening::ShortPause, 150),
    (Happening::Pause, 40),
    (Happening::LongPause, 2),
    (Happening::Stall, 8),
    (Happening::SetClock, 8),
    (Happening::Crash, 2),
    (Happening::Upkeep, 12),
    (Happening::Follow, 6),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Happening {
    Ask(Wish),
    StartSeveral,
    RepeatARequest,
    WaitForQueued,
    LookAtOrg,
    LookAtCall,
    SetPlanLimit,
    ShortPause,
    Pause,
    LongPause,
    Stall,
    SetClock,
    Crash,
    Upkeep,
    Follow,
}

/// What somebody asks of one organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Start,
    StartUnderLease,
    StartEndedId,
    EndActive,
    HangUpQueued,
    GoAway,
    EndSomeId,
    EndAllThatMatch,
    Claim,
    Decline,
    Erase,
    OpenLease,
    Renew,
    RenewWithSum,
    Reconcile,
    Adopt,
    EndLease,
    SetLimit,
    SetCap,
    SetType,
    PutGate,
    ChangeHours,
    DeleteGate,
    Alert,
    SetReservations,
    SetReservationsOfSeveral,
    ChangeBounds,
    DeleteAgent,
    DeleteOrg,
    CreateOrg,
}

/// How many requests are remembered to be repeated.
const REMEMBERED_REQUESTS: usize = 8;

/// The actions of one seed.
#[derive(Debug)]
pub struct Traffic {
    pub(super) rng: Rng,
    /// What this seed leaves in, with running sums of how often.
    mix: Vec<(Happening, u32)>,
    /// How often, of 100 times, the node and its disk go on before anything else happens.
    promptness: u8,
    /// How often, of 1000 times, a disk operation fails.
    failures: u16,
    /// How often, of 100 times, a call has bounds of its own.
    bounds: u8,
    orgs: Vec<OrgId>,
    /// In how many shards they are.
    shards: u16,
    agents: Vec<AgentId>,
    /// Whether agents and types have paces.
    paces: bool,
    /// How often, of 100 times, a call names gates.
    gated: u8,
    leases: Vec<LeaseId>,
    /// The largest limit, cap or reservation is about this.
    slots: u32,
    calls: u32,
    recent: Vec<Ask>,
    /// What happens before all else.
    first: Vec<Action>,
    crashes_next: bool,
    /// How engines behave, where the seed has some.
    pub(super) engines: Option<EngineTraffic>,
}

impl Traffic {
    /// The traffic of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut sum = 0;
        let mut mix = Vec::new();
        for (happening, weight) in HAPPENINGS {
            let is_needed =
                matches!(happening, Happening::Ask(Wish::Start) | Happening::ShortPause);
            if is_needed || rng.u8(..3) > 0 {
                sum += weight;
                mix.push((happening, sum));
            }
        }
        let shards = shards_of(seed);
        let has_several = rng.u8(..4) == 0;
        let orgs = match shards {
            1 if !has_several => &["o"][..],
            1 => &["o", "p"],
            // In shards 0 and 1 of two; the last is in the same as the first.
            2 => &["o", "q", "r"],
            // Each in another of four.
            _ => &["o", "p", "q", "t"],
        };
        let agents = &["a", "b", "c", "d"][..rng.usize(1..=4)];
        let mut traffic = Self {
            mix,
            promptness: [30, 70, 95, 100][rng.usize(..4)],
            failures: [0, 0, 15, 80][rng.usize(..4)],
            bounds: [0, 10, 50][rng.usize(..3)],
            shards,
            orgs: orgs.iter().map(|id| OrgId::parse(id).expect("an organisation id")).collect(),
            agents: agents.iter().map(|id| AgentId::parse(id).expect("an agent id")).collect(),
            leases: ["k", "l", "m"]
                .iter()
                .map(|id| LeaseId::parse(id).expect("a lease id"))
                .collect(),
            paces: rng.u8(..3) == 0,
            gated: [0, 40, 90][rng.usize(..3)],
            slots: [2, 5, 12][rng.usize(..3)],
            calls: 0,
            recent: Vec::new(),
            first: Vec::new(),
            crashes_next: false,
            engines: EngineTraffic::of(seed),
            rng,
        };
        traffic.first = traffic.foundations();
        traffic.first.reverse();
        if shards > 1 {
            traffic.first.push(Action::Shards(shards));
        }
        traffic
    }

    /// What happens next in this world.
    pub fn next(&mut self, world: &World) -> Action {
        if let Some(action) = self.first.pop() {
            return action;
        }
        if self.crashes_next {
            self.crashes_next = false;
            return Action::Crash;
        }
        if let Some(action) = self.engine_action(world) {
            return action;
        }
        let busy = world.busy_shards();
        if !busy.is_empty() && self.rng.u8(..100) < self.promptness {
            let turn = self.turn(&busy, world.turn());
            return if turn == world.turn() { self.go_on(world) } else { Action::Turn(turn) };
        }
        let total = self.mix.last().map_or(1, |(_, sum)| *sum);
        let drawn = self.rng.u32(..total);
        let place = self.mix.partition_point(|(_, sum)| *sum <= drawn);
        self.act(self.mix[place].0, world)
    }

    /// Which of the shards that have something to do goes on.
    fn turn(&mut self, busy: &[u16], now: u16) -> u16 {
        if self.shards == 1 || (busy.contains(&now) && self.rng.u8(..4) > 0) {
            return now;
        }
        busy[self.rng.usize(..busy.len())]
    }

    /// Something that the shard whose turn it is or its disk has to do.
    fn go_on(&mut self, world: &World) -> Action {
        let waiting = world.node().waiting_commands();
        // Orders are often taken while a record is on its way: they are decided on top of it.
        if waiting > 0
            && (self.rng.bool() || !(world.node().is_committing() || world.node().has_news()))
        {
            return Action::Take(self.rng.usize(1..=waiting));
        }
        if world.node().has_news() && (self.rng.bool() || !world.node().is_committing()) {
            return Action::Hear;
        }
        let fate = self.fate();
        self.crashes_next = matches!(fate, Fate::Tears(_)) && self.rng.u8(..4) > 0;
        Action::Disk(fate)
    }

    fn fate(&mut self) -> Fate {
        if self.rng.u16(..1000) >= self.failures {
            return Fate::Fair;
        }
        match self.rng.u8(..3) {
            0 => Fate::Fails,
            1 => Fate::ForgetsToSay,
            _ => Fate::Tears(self.rng.u8(..)),
        }
    }

    fn act(&mut self, happening: Happening, world: &World) -> Action {
        let org = self.orgs[self.rng.usize(..self.orgs.len())].clone();
        let model = world.judge_of(&org).model();
        let live = model.live(&org);
        match happening {
            Happening::ShortPause => Action::Pass(self.rng.u64(1..=300)),
            Happening::Pause => Action::Pass([1_000, 5_000, 15_000][self.rng.usize(..3)]),
            Happening::LongPause => Action::Pass([59_000, 60_100, 600_000][self.rng.usize(..3)]),
            Happening::Stall => Action::Stall([150, 1_500, 20_000][self.rng.usize(..3)]),
            Happening::SetClock => {
                // Before the node has looked: so it starts with a clock that is far ahead.
                self.crashes_next = self.rng.u8(..8) == 0;
                Action::SetClock(clock_step(self.rng.i64(-3_600_000..=3_600_000)))
            }
            Happening::Crash => Action::Crash,
            Happening::Upkeep => match self.rng.u8(..8) {
                0..=2 => Action::KeepSnapshot(self.fate()),
                3..=6 => Action::Project(self.fate()),
                _ if world.node().doubts_its_clock() || self.rng.usize(..3) == 0 => {
                    self.crashes_next = true;
                    Action::ConfirmClock
                }
                _ => Action::Truncate,
            },
            Happening::Follow => Action::Follow(org),
            Happening::WaitForQueued => match self.pick(live, Call::is_queued) {
                Some(call) => self.ask(Ask::Wait(org, call)),
                None => Action::Pass(1),
            },
            Happening::LookAtOrg => self.ask(Ask::Look(Sight::Org(org))),
            Happening::LookAtCall => {
                let call = self.pick(live, |_| true).unwrap_or_else(|| self.some_call());
                self.ask(Ask::Look(Sight::Call(org, call)))
            }
            Happening::RepeatARequest => {
                match self.recent.get(self.rng.usize(..REMEMBERED_REQUESTS)) {
                    Some(ask) => Action::Ask(ask.clone()),
                    None => Action::Pass(1),
                }
            }
            Happening::StartSeveral => {
                let several = 1 + self.rng.usize(..4);
                let starts = (0..several).map(|_| Command::Org(org.clone(), self.start(None)));
                let starts = starts.collect();
                self.ask(Ask::Batch(starts))
            }
            Happening::SetPlanLimit => {
                let (plan, limit) = (standard(), self.rng.u32(..=self.slots));
                let command = Command::SetPlanLimit(SetPlanLimit { plan, limit });
                let by = somebody(self.rng.u8(..3));
                self.ask(Ask::Command(Command::By(by, command.into())))
            }
            Happening::Ask(wish) => {
                let command = Command::Org(org.clone(), self.command(wish, world, &org));
                // Some changes were made before it was kept who makes them.
                let command = match self.rng.u8(..4) {
                    by @ 0..3 if changes_settings(&command) => {
                        Command::By(somebody(by), command.into())
                    }
                    _ => command,
                };
                self.ask(Ask::Command(command))
            }
        }
    }

    fn open_lease(&mut self, lease: LeaseId) -> OrgCommand {
        let ttl_ms = [5_000, 15_000, 60_000][self.rng.usize(..3)];
        let key = KeyId::parse(["key-1", "key-2"][self.rng.usize(..2)]).ok();
        OrgCommand::OpenLease(OpenLease { lease, ttl_ms, key })
    }

    fn pace(&mut self) -> Option<Pace> {
        if self.paces { some_pace(&mut self.rng) } else { None }
    }

    fn end_all(&mut self, agent: AgentId, live: &[Call]) -> EndCalls {
        let gate = some_gate(&mut self.rng);
        end_calls(&mut self.rng, (agent, gate), live, call_id(self.calls + 1))
    }

    fn command(&mut self, wish: Wish, world: &World, org: &OrgId) -> OrgCommand {
        let model = world.judge_of(org).model();
        let live = model.live(org);
        let lease = self.leases[self.rng.usize(..self.leases.len())].clone();
        let agent = self.agents[self.rng.usize(..self.agents.len())].clone();
        match wish {
            Wish::Start => self.start_via(None, model, org),
            Wish::StartUnderLease => self.start_via(Some(lease), model, org),
            Wish::StartEndedId => {
                let lately = model.ended(org).rchunks(20).next().unwrap_or_default();
                let Some(call) = self.pick(lately, |_| true) else { return self.start(None) };
                OrgCommand::StartCall(StartCall { id: call, ..self.start_call(None) })
            }
            Wish::EndActive => match self.pick(live, Call::is_active) {
                Some(call) => OrgCommand::EndCall(EndCall { call, note: None }),
                None => self.start(None),
            },
            Wish::HangUpQueued => self.hang_up(live),
            Wish::GoAway => self.go_away(live),
            Wish::EndSomeId => {
                // One of three has not come yet, and is the next to come.
                let is_early = self.rng.u8(..3) == 0;
                let call = if is_early { call_id(self.calls + 1) } else { self.some_call() };
                OrgCommand::EndCall(EndCall { call, note: None })
            }
            Wish::EndAllThatMatch => OrgCommand::EndCalls(self.end_all(agent, live)),
            Wish::Claim => {
                let call = self.pick(live, |_| true).unwrap_or_else(|| self.some_call());
                let caller = Claimant::parse("key").expect("a claimant");
                let claimant = match self.rng.u8(..4) {
                    0 => Some(Claimant::from(&lease)),
                    1 => Some(caller.clone()),
                    _ => None,
                };
                OrgCommand::ClaimCall(ClaimCall { call, claimant, caller })
            }
            Wish::Decline => {
                let call = self.pick(live, Call::is_active).unwrap_or_else(|| self.some_call());
                OrgCommand::DeclineCall(self.decline_call(call))
            }
            Wish::Erase => OrgCommand::EraseCall(EraseCall { call: self.some_call() }),
            Wish::OpenLease => self.open_lease(lease),
            Wish::Renew => OrgCommand::RenewLease(RenewLease { lease, sum: None }),
            Wish::RenewWithSum => {
                let sum = match self.rng.u8(..3) {
                    0 => LeaseSum { count: self.rng.u64(..3), digest: self.rng.u64(..) },
                    _ => model.lease_sum(org, &lease),
                };
                OrgCommand::RenewLease(RenewLease { lease, sum: Some(sum) })
            }
            Wish::Reconcile => {
                OrgCommand::ReconcileLease(self.reconciliation(model, org, live, lease))
            }
            Wish::Adopt => {
                let open = model.open_leases(org);
                let heir = (!open.is_empty()).then(|| open[self.rng.usize(..open.len())].clone());
                let call = self.pick(live, |_| true).unwrap_or_else(|| self.some_call());
                OrgCommand::AdoptCall(AdoptCall { call, lease: heir.unwrap_or(lease) })
            }
            Wish::EndLease => OrgCommand::EndLease(EndLease { lease }),
            Wish::SetCap => {
                let cap = self.cap_on(model, org, &Capped::Agent(agent.clone()));
                let pace = self.pace();
                OrgCommand::PutAgent(PutAgent { name: agent.as_str().into(), agent, cap, pace })
            }
            Wish::SetType => {
                let call_type = CallType::ALL[self.rng.usize(..4)];
                let cap = self.cap_on(model, org, &Capped::Type(call_type));
                OrgCommand::SetType(SetType { call_type, cap, pace: self.pace() })
            }
            Wish::PutGate => put_gate(&mut self.rng),
            Wish::ChangeHours => hours_change(&mut self.rng),
            Wish::DeleteGate => delete_gate(&mut self.rng),
            Wish::Alert => some_alert_command(&mut self.rng, agent),
            Wish::DeleteAgent => OrgCommand::DeleteAgent(DeleteAgent { agent }),
            Wish::SetReservations => {
                let reservations = vec![(agent, self.reserved())];
                OrgCommand::SetReservations(SetReservations { reservations, if_version: None })
            }
            Wish::SetReservationsOfSeveral => {
                let several = self.rng.usize(..=3);
                let mut one = || (self.agents[self.rng.usize(..self.agents.len())].clone(), [0; 4]);
                let mut reservations: Vec<_> =
                    (0..several).map(|_| one()).map(|(id, none)| (id, PerType(none))).collect();
                for (_, reserved) in &mut reservations {
                    *reserved = self.reserved();
                }
                let if_version = (self.rng.u8(..4) == 0).then(|| Version(self.rng.u64(..6)));
                OrgCommand::SetReservations(SetReservations { reservations, if_version })
            }
            Wish::SetLimit => {
                let limit_override = match self.rng.u8(..8) {
                    0 => Some(None),
                    // Waits in large pools are estimated another way.
                    1 => Some(Some(self.rng.u32(49..60))),
                    _ => Some(Some(self.rng.u32(..=self.slots))),
                };
                OrgCommand::ChangeOrg(OrgChange { limit_override, ..OrgChange::default() })
            }
            Wish::ChangeBounds => OrgCommand::ChangeOrg(self.bounds()),
            Wish::DeleteOrg => OrgCommand::DeleteOrg,
            Wish::CreateOrg => OrgCommand::CreateOrg(self.settings()),
        }
    }

    fn reconciliation(
        &mut self,
        model: &Model,
        org: &OrgId,
        live: &[Call],
        lease: LeaseId,
    ) -> ReconcileLease {
        // Often one that has sent a page, so that lists come to an end.
        let has_page = |lease: &LeaseId| model.page_cursor(org, lease).is_some();
        let paging = model.open_leases(org).into_iter().find(has_page);
        let lease = paging.filter(|_| self.rng.u8(..3) > 0).unwrap_or(lease);
        let cursor = model.page_cursor(org, &lease);
        let of_lease = live.iter().filter(|call| call.request.lease.as_ref() == Some(&lease));
        let mut active: Vec<CallId> =
            of_lease.filter(|_| self.rng.u8(..4) > 0).map(|call| call.request.id.clone()).collect();
        if self.rng.u8(..4) == 0 {
            active.push(self.some_call());
        }
        // Clients that page name the page before, or do not, or the one before that.
        let cursor = match self.rng.u8(..6) {
            0 => cursor.map(|cursor| cursor ^ 1),
            1..=3 => cursor,
            _ => None,
        };
        let more = self.rng.u8(..3) == 0;
        ReconcileLease { lease, active: Arc::new(active.into()), more, cursor, rest: None }
    }

    /// A call that may name gates of the organisation.
    fn start_via(&mut self, lease: Option<LeaseId>, model: &Model, org: &OrgId) -> OrgCommand {
        let known = model.gate_ids(org);
        let is_gated = self.rng.u8(..100) < self.gated;
        let gates = if is_gated { some_gates(&mut self.rng, &known) } else { CallGates::default() };
        OrgCommand::StartCall(StartCall { gates, ..self.start_call(lease) })
    }

    fn start(&mut self, lease: Option<LeaseId>) -> OrgCommand {
        OrgCommand::StartCall(self.start_call(lease))
    }

    pub(super) fn start_call(&mut self, lease: Option<LeaseId>) -> StartCall {
        self.calls += 1;
        let mut bound = |choices: [u64; 3]| {
            (self.rng.u8(..100) < self.bounds).then(|| choices[self.rng.usize(..3)])
        };
        let (max_wait_ms, claim_within_ms) = (bound([0, 2_000, 9_000]), bound([0, 1_000, 4_000]));
        let max_duration_ms = bound([1, 5_000, 30_000]);
        let id = match self.rng.u8(..12) {
            0 => self.some_call(),
            _ => call_id(self.calls),
        };
        StartCall {
            id,
            agent: self.agents[self.rng.usize(..self.agents.len())].clone(),
            // One type is more frequent, so that classes have queues of their own.
            call_type: CallType::ALL[[0, 1, 2, 3, 3, 3][self.rng.usize(..6)]],
            lease,
            max_wait_ms,
            max_duration_ms,
            claim_within_ms,
            gates: CallGates::default(),
            metadata: (self.rng.u8(..20) < 5).then(|| Arc::from(r#"{"line":7}"#)),
        }
    }

    pub(super) fn decline_call(&mut self, call: CallId) -> DeclineCall {
        let decline = if self.rng.u8(..3) == 0 { Decline::ForGood } else { Decline::ForNow };
        DeclineCall { call, decline, note: Some("not for us".into()) }
    }

    /// A cap, or none: often one that is just what is reserved, or one less.
    fn cap_on(&mut self, model: &Model, org: &OrgId, of: &Capped) -> Option<u32> {
        let all = model.reserved(org);
        let reserved = all.iter().find(|(capped, _)| capped == of).map_or(0, |found| found.1);
        match self.rng.u8(..6) {
            0 | 1 => None,
            2 => Some(reserved),
            3 => Some(reserved.saturating_sub(1)),
            _ => Some(self.rng.u32(..=self.slots)),
        }
    }

    fn reserved(&mut self) -> PerType<u32> {
        PerType([0; 4].map(|_: u32| match self.rng.u8(..6) {
            0..=2 => 0,
            3 | 4 => 1,
            _ => self.rng.u32(..=self.slots),
        }))
    }

    fn bounds(&mut self) -> OrgChange {
        let mut change = OrgChange::default();
        match self.rng.u8(..4) {
            0 => change.max_queued = Some(self.rng.u32(..6)),
            1 => change.max_queued = Some(1_000),
            2 => change.max_call_duration_ms = Some([0, 3_000, 20_000][self.rng.usize(..3)]),
            _ => {
                let call_type = CallType::ALL[self.rng.usize(..4)];
                change.max_wait_ms[call_type] =
                    Some([None, Some(0), Some(2_000), Some(8_000)][self.rng.usize(..4)]);
            }
        }
        change
    }

    fn settings(&mut self) -> OrgSettings {
        OrgSettings {
            name: "an organisation".into(),
            plan: standard(),
            plan_limit: self.rng.u32(..=self.slots),
            limit_override: None,
            max_call_duration_ms: 0,
            max_wait_ms: PerType::default(),
            max_queued: 1_000,
        }
    }

    fn foundations(&mut self) -> Vec<Action> {
        let mut commands = Vec::new();
        for org in self.orgs.clone() {
            commands.push(Command::Org(org.clone(), OrgCommand::CreateOrg(self.settings())));
            for agent in self.agents.clone() {
                let name = agent.as_str().into();
                let (cap, pace) = (None, None);
                let put = OrgCommand::PutAgent(PutAgent { agent, name, cap, pace });
                commands.push(Command::Org(org.clone(), put));
            }
        }
        let asks = commands.into_iter().map(|command| Action::Ask(Ask::Command(command)));
        let in_shard = |number| {
            let turn = (self.shards > 1).then_some(Action::Turn(number)).into_iter();
            turn.chain([Action::Take(64), Action::Disk(Fate::Fair), Action::Hear])
        };
        asks.chain((0..self.shards).flat_map(in_shard)).collect()
    }

    fn ask(&mut self, ask: Ask) -> Action {
        if self.recent.len() == REMEMBERED_REQUESTS {
            let place = self.rng.usize(..REMEMBERED_REQUESTS);
            self.recent.swap_remove(place);
        }
        self.recent.push(ask.clone());
        Action::Ask(ask)
    }

    /// A random one of the wanted calls; none if there is none.
    fn hang_up(&mut self, live: &[Call]) -> OrgCommand {
        match self.pick(live, Call::is_queued) {
            Some(call) => OrgCommand::EndCall(EndCall { call, note: Some("they hung up".into()) }),
            None => self.start(None),
        }
    }

    fn go_away(&mut self, live: &[Call]) -> OrgCommand {
        match self.pick(live, |_| true) {
            Some(call) => OrgCommand::HangUp(HangUp { call }),
            None => self.start(None),
        }
    }

    pub(super) fn pick(
        &mut self,
        calls: &[Call],
        is_wanted: impl Fn(&Call) -> bool,
    ) -> Option<CallId> {
        let wanted: Vec<&Call> = calls.iter().filter(|call| is_wanted(call)).collect();
        (!wanted.is_empty()).then(|| wanted[self.rng.usize(..wanted.len())].request.id.clone())
    }

    pub(super) fn some_call(&mut self) -> CallId {
        call_id(self.rng.u32(..=self.calls))
    }
}

fn call_id(number: u32) -> CallId {
    CallId::parse(&number.to_string()).expect("a call id")
}

fn standard() -> PlanId {
    PlanId::parse("standard").expect("a plan id")
}

/// By how much the clock is set: up to an hour, a day, or more than two years, forward or back.
fn clock_step(within_an_hour_ms: i64) -> i64 {
    match within_an_hour_ms.rem_euclid(4) {
        0 => within_an_hour_ms * 24,
        1 => within_an_hour_ms * 24 * 800,
        _ => within_an_hour_ms,
    }
}

/// In how many shards the organisations of a seed's world are: one of three seeds has several.
fn shards_of(seed: u64) -> u16 {
    match seed % 6 {
        1 => 2,
        4 => 4,
        _ => 1,
    }
}
