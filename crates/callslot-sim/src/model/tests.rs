//! The model on the worked example of `docs/semantics.md` and on cases whose outcome is worked out by hand.

use std::sync::Arc;

use callslot_core::{
    Active, AgentId, BlockedOn, CallEvent, CallGates, CallId, CallState, CallType, Command,
    EndCall, Event, LeaseEvent, LeaseId, Now, OpenLease, OrgChange, OrgCommand, OrgId, OrgSettings,
    PerType, PlanId, PutAgent, Rejection, Reply, SetPlanLimit, SetReservations, StartCall, Tick,
    Timestamp,
};

use crate::Model;

const CHAT: CallType = CallType::Chat;
const INBOUND: CallType = CallType::Inbound;

/// One organisation with the agents `a`, `b` and `c`.
struct Bench {
    model: Model,
    now: Now,
    started: u32,
}

impl Bench {
    fn with_limit(plan_limit: u32) -> Self {
        let now = Now { at: Timestamp(1_000_000), tick: Tick(0) };
        let mut bench = Self { model: Model::default(), now, started: 0 };
        bench.done(OrgCommand::CreateOrg(OrgSettings {
            name: Arc::from("Org"),
            plan: PlanId::parse("standard").expect("a plan id"),
            plan_limit,
            limit_override: None,
            max_call_duration_ms: 0,
            max_wait_ms: PerType::default(),
            max_queued: 100,
        }));
        for name in ["a", "b", "c"] {
            bench.cap(name, None);
        }
        bench
    }

    fn ask(&mut self, command: OrgCommand) -> Result<Reply, Rejection> {
        self.model.decide(self.now, &Command::Org(org(), command))
    }

    fn done(&mut self, command: OrgCommand) {
        self.ask(command).expect("it is not refused");
    }

    fn cap(&mut self, name: &str, cap: Option<u32>) {
        let put = PutAgent { agent: agent(name), name: name.into(), cap, pace: None };
        self.done(OrgCommand::PutAgent(put));
    }

    fn reserve(&mut self, name: &str, slots: [u32; 4]) -> Result<Reply, Rejection> {
        let reservations = vec![(agent(name), PerType(slots))];
        self.ask(OrgCommand::SetReservations(SetReservations { reservations, if_version: None }))
    }

    fn start(&mut self, name: &str, call_type: CallType) -> String {
        self.start_with(name, call_type, None, None)
    }

    /// Starts a call, and says its id and the outcome.
    fn start_with(
        &mut self,
        name: &str,
        call_type: CallType,
        lease: Option<&str>,
        claim_within_ms: Option<u64>,
    ) -> String {
        self.started += 1;
        let reply = self.ask(OrgCommand::StartCall(StartCall {
            id: call(self.started),
            agent: agent(name),
            call_type,
            lease: lease.map(|lease| LeaseId::parse(lease).expect("a lease id")),
            max_wait_ms: None,
            max_duration_ms: None,
            claim_within_ms,
            gates: CallGates::default(),
            metadata: None,
        }));
        match reply {
            Ok(Reply::Call { call, .. }) => match (call.call.state, call.wait) {
                (CallState::Active(Active { slot, .. }), _) => format!("{slot:?}"),
                (_, Some(wait)) => format!("{} {:?}", wait.position, wait.blocked_on),
                (state, None) => panic!("{state:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    fn end(&mut self, number: u32) -> Vec<String> {
        self.done(OrgCommand::EndCall(EndCall { call: call(number), note: None }));
        self.news()
    }

    fn pass(&mut self, ms: u64) -> Vec<String> {
        self.now.tick = self.now.tick.after_ms(ms);
        self.now.at.0 += ms;
        self.model.decide(self.now, &Command::ExpireDue).expect("expiry is never refused");
        self.news()
    }

    /// The last command's events, in short.
    fn news(&self) -> Vec<String> {
        let tell = |event: &Event| match event {
            Event::Call(CallEvent::Queued(call)) => format!("{} queued", call.request.id),
            Event::Call(CallEvent::Started(call)) => format!("{} started", call.request.id),
            Event::Call(CallEvent::Ended(call) | CallEvent::EndedAtOnce(call)) => {
                format!("{} {}", call.request.id, call.state.reason.as_str())
            }
            Event::Lease(LeaseEvent::Ended { lease }) => format!("{lease} over"),
            other @ (Event::CallClaimed(_)
            | Event::CallAdopted(_)
            | Event::EndsRemembered(..)
            | Event::CallErased(_)
            | Event::Sweep(_)
            | Event::Settings(_)
            | Event::Alert(_)
            | Event::ChangedBy(_)
            | Event::Lease(_)
            | Event::Org(_)) => format!("{other:?}"),
        };
        self.model.expected_events().iter().map(|recorded| tell(&recorded.event)).collect()
    }

    fn settling(&self) -> u32 {
        self.model.pool(&org(), self.now).expect("it was founded").settling
    }
}

fn org() -> OrgId {
    OrgId::parse("org").expect("an organisation id")
}

fn agent(name: &str) -> AgentId {
    AgentId::parse(name).expect("an agent id")
}

fn call(number: u32) -> CallId {
    CallId::parse(&number.to_string()).expect("a call id")
}

/// The worked example up to 20 of 20; calls 1 to 12 are a's own, the next three shared, and five are b's own.
fn worked_example(shared_of_a: CallType) -> Bench {
    let mut bench = Bench::with_limit(20);
    bench.reserve("a", [2, 3, 4, 3]).expect("12 of 20");
    bench.reserve("b", [1, 1, 2, 1]).expect("17 of 20");
    for (call_type, count) in CallType::ALL.into_iter().zip([2, 3, 4, 3]) {
        for _ in 0..count {
            assert_eq!(bench.start("a", call_type), "Reserved");
        }
    }
    for _ in 0..3 {
        assert_eq!(bench.start("a", shared_of_a), "Shared");
    }
    for (call_type, count) in CallType::ALL.into_iter().zip([1, 1, 2, 1]) {
        for _ in 0..count {
            assert_eq!(bench.start("b", call_type), "Reserved");
        }
    }
    bench
}

#[test]
fn the_worked_example_holds_a_reserved_slot_for_its_class() {
    let mut bench = worked_example(CHAT);
    assert_eq!(bench.start("c", CHAT), "1 Limit");
    assert_eq!(bench.start("a", CHAT), "2 Limit");
    // The last of a's three inbound calls, all on reserved slots.
    assert_eq!(bench.end(12), ["12 completed"]);
    assert_eq!(bench.start("b", INBOUND), "3 SharedFull");
    assert_eq!(bench.start("a", INBOUND), "Reserved");
}

#[test]
fn the_worked_example_gives_a_shared_slot_to_the_earliest_call_of_anyone() {
    let mut bench = worked_example(INBOUND);
    assert_eq!(bench.start("c", CHAT), "1 Limit");
    assert_eq!(bench.start("a", INBOUND), "2 Limit");
    assert_eq!(bench.end(12), ["12 completed", "21 started"]);
}

#[test]
fn while_settling_free_slots_go_to_classes_below_their_reservation_and_nothing_is_interrupted() {
    let mut bench = Bench::with_limit(3);
    for _ in 0..3 {
        assert_eq!(bench.start("a", CHAT), "Shared");
    }
    bench.reserve("b", [0, 2, 0, 0]).expect("2 of 3");
    assert_eq!(bench.settling(), 2);
    assert_eq!(bench.start("c", CHAT), "1 Limit");
    assert_eq!(bench.start("b", CHAT), "2 Limit");
    assert_eq!(bench.end(1), ["1 completed", "5 started"]);
    assert_eq!(bench.end(2), ["2 completed"]);
    assert_eq!(bench.settling(), 0);
    assert_eq!(bench.start("b", CHAT), "Reserved");
    assert_eq!(bench.end(3), ["3 completed", "4 started"]);
}

#[test]
fn a_blocked_head_does_not_block_other_classes() {
    let mut bench = Bench::with_limit(2);
    bench.cap("a", Some(1));
    assert_eq!(bench.start("a", CHAT), "Shared");
    assert_eq!(bench.start("a", CHAT), "1 AgentCap");
    assert_eq!(bench.start("b", CHAT), "Shared");
    assert_eq!(bench.start("c", CHAT), "2 Limit");
    assert_eq!(bench.end(3), ["3 completed", "4 started"]);
    assert_eq!(bench.end(1), ["1 completed", "2 started"]);
}

#[test]
fn a_cap_never_eats_a_reservation() {
    let mut bench = Bench::with_limit(9);
    bench.reserve("a", [0, 2, 0, 3]).expect("5 of 9");
    bench.cap("a", Some(5));
    assert_eq!(bench.start("a", CHAT), "Reserved");
    assert_eq!(bench.start("a", CHAT), "Reserved");
    assert_eq!(bench.start("a", CHAT), "1 AgentCap");
    for _ in 0..3 {
        assert_eq!(bench.start("a", INBOUND), "Reserved");
    }
    assert_eq!(bench.start("a", INBOUND), "2 AgentCap");
    assert_eq!(bench.end(4), ["4 completed", "7 started"]);
    assert_eq!(bench.end(1), ["1 completed", "3 started"]);
}

#[test]
fn a_call_that_is_never_claimed_keeps_its_ticket_and_ends_after_three_misses() {
    let mut bench = Bench::with_limit(1);
    assert_eq!(bench.start_with("a", CHAT, None, Some(1_000)), "Shared");
    assert_eq!(bench.start("b", CHAT), "1 Limit");
    assert_eq!(bench.pass(999), [""; 0]);
    assert_eq!(bench.pass(1), ["1 queued", "1 started"]);
    assert_eq!(bench.pass(1_000), ["1 queued", "1 started"]);
    assert_eq!(bench.pass(1_000), ["1 unclaimed", "2 started"]);
}

#[test]
fn a_lease_takes_its_queued_and_active_calls_with_it_oldest_first() {
    let mut bench = Bench::with_limit(1);
    let lease = LeaseId::parse("lease").expect("a lease id");
    bench.done(OrgCommand::OpenLease(OpenLease { lease, ttl_ms: 5_000, key: None }));
    assert_eq!(bench.start_with("a", CHAT, Some("lease"), None), "Shared");
    assert_eq!(bench.start("b", CHAT), "1 Limit");
    assert_eq!(bench.start_with("b", CHAT, Some("lease"), None), "2 Limit");
    let over = ["lease over", "1 lease_expired", "3 lease_expired", "2 started"];
    assert_eq!(bench.pass(5_000), over);
}

#[test]
fn after_a_restart_nothing_expires_for_one_default_ttl() {
    let mut bench = Bench::with_limit(1);
    let lease = LeaseId::parse("lease").expect("a lease id");
    bench.done(OrgCommand::OpenLease(OpenLease { lease, ttl_ms: 5_000, key: None }));
    bench.now.tick = Tick(4_999);
    bench.model.resume(bench.now.tick);
    assert_eq!(bench.model.next_deadline(), Some(Tick(19_999)));
    assert_eq!(bench.pass(14_999), [""; 0]);
    assert_eq!(bench.pass(1), ["lease over"]);
}

#[test]
fn what_does_not_fit_is_refused_whole_with_its_numbers() {
    let mut bench = Bench::with_limit(10);
    bench.reserve("a", [4, 0, 0, 0]).expect("4 of 10");
    let refused = Rejection::ReservationsExceedLimit { asked: 11, limit: 10, left: 6 };
    assert_eq!(bench.reserve("b", [7, 0, 0, 0]), Err(refused));
    let change = OrgChange { limit_override: Some(Some(3)), ..OrgChange::default() };
    let refused = Rejection::LimitBelowReservations { org: org(), limit: 3, reserved: 4 };
    assert_eq!(bench.ask(OrgCommand::ChangeOrg(change)), Err(refused.clone()));
    let plan = PlanId::parse("standard").expect("a plan id");
    let command = Command::SetPlanLimit(SetPlanLimit { plan, limit: 3 });
    assert_eq!(bench.model.decide(bench.now, &command), Err(refused));
    assert_eq!(bench.model.settings(&org()).map(OrgSettings::limit), Some(10));
}

#[test]
fn another_agents_idle_reserved_slots_are_not_lent() {
    let mut bench = Bench::with_limit(2);
    bench.reserve("a", [0, 1, 0, 0]).expect("1 of 2");
    assert_eq!(bench.start("b", CHAT), "Shared");
    let waits = format!("1 {:?}", BlockedOn::SharedFull);
    assert_eq!(bench.start("b", CHAT), waits);
    assert_eq!(bench.start("a", CHAT), "Reserved");
}
