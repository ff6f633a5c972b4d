//! Alerts: what each rule looks at, and that none is open twice.

use callslot_core::limits::Bounds;
use callslot_core::{
    AgentId, AlertId, AlertRule, AlertState, AlertWhen, CallGates, CallId, CallType, CreateOrg,
    DeleteAlert, Event, GateId, GateKind, GateSettings, Now, OrgEvent, OrgId, OrgSettings, PerType,
    PlanId, PutAgent, PutAlert, PutGate, Recorded, Rejection, SetAlertState, SetReservations,
    Shard, StartCall, Tick, Timestamp,
};

fn at(ms: u64) -> Now {
    Now { at: Timestamp(1_700_000_000_000 + ms), tick: Tick(ms) }
}

fn org() -> OrgId {
    OrgId::parse("o").expect("an organisation id")
}

fn agent(id: &str) -> AgentId {
    AgentId::parse(id).expect("an agent id")
}

fn id() -> AlertId {
    AlertId::parse("alert").expect("an alert id")
}

/// Four slots: agent `a` has a cap of two and two reserved for chats, gate `g` lets one call through.
fn shard(events: &mut Vec<Recorded>) -> Shard {
    let mut shard = Shard::new();
    let settings = OrgSettings {
        name: "O".into(),
        plan: PlanId::parse("small").expect("a plan id"),
        plan_limit: 4,
        limit_override: None,
        max_call_duration_ms: 0,
        max_wait_ms: PerType::default(),
        max_queued: 100,
    };
    shard.decide(at(0), (org(), CreateOrg(settings)), events).expect("a new organisation");
    for (id, cap) in [("a", Some(2)), ("b", None)] {
        let put = PutAgent { agent: agent(id), name: id.into(), cap, pace: None };
        shard.decide(at(0), (org(), put), events).expect("an agent");
    }
    let gate = GateId::parse("g").expect("a gate id");
    let settings = GateSettings {
        name: "G".into(),
        kind: GateKind::Other,
        cap: Some(1),
        pace: None,
        is_paused: false,
        hours: None,
    };
    let put = PutGate { gate, settings, is_within_hours: true };
    shard.decide(at(0), (org(), put), events).expect("a gate");
    let reservations = vec![(agent("a"), PerType([0, 2, 0, 0]))];
    let set = SetReservations { reservations, if_version: None };
    shard.decide(at(0), (org(), set), events).expect("they fit");
    shard
}

fn start(shard: &mut Shard, ms: u64, id: &str, of: &str, gates: &[&str]) {
    let gates = gates.iter().map(|id| GateId::parse(id).expect("a gate id")).collect();
    let start = StartCall {
        id: CallId::parse(id).expect("a call id"),
        agent: agent(of),
        call_type: CallType::Chat,
        lease: None,
        max_wait_ms: None,
        max_duration_ms: None,
        claim_within_ms: None,
        gates: CallGates::new(gates).expect("few gates"),
        metadata: None,
    };
    shard.decide(at(ms), (org(), start), &mut Vec::new()).expect("a start");
}

fn rule(when: AlertWhen, of: Option<&str>, call_type: Option<CallType>, gate: bool) -> AlertRule {
    AlertRule {
        when,
        agent: of.map(agent),
        call_type,
        gate: gate.then(|| GateId::parse("g").expect("a gate id")),
        above_milli: 1_000,
        for_ms: 0,
    }
}

#[test]
fn each_rule_looks_at_its_own_figure() {
    use AlertWhen::{OldestWait, Queued, ReservationFull, Utilization};

    let mut shard = shard(&mut Vec::new());
    for (ms, id, of, gates) in [
        (0, "1", "a", &[][..]),
        (0, "2", "b", &["g"][..]),
        (1_000, "3", "b", &["g"][..]),
        (2_000, "4", "b", &[][..]),
        (3_000, "5", "b", &[][..]),
        (4_000, "6", "a", &["g"][..]),
    ] {
        start(&mut shard, ms, id, of, gates);
    }
    let chat = Some(CallType::Chat);
    for (wanted, rule) in [
        (75_000, rule(Utilization, None, None, false)),
        (50_000, rule(Utilization, Some("a"), None, false)),
        (50_000, rule(Utilization, Some("b"), chat, false)),
        (75_000, rule(Utilization, None, chat, false)),
        (0, rule(Utilization, None, Some(CallType::Inbound), false)),
        (100_000, rule(Utilization, None, None, true)),
        (3_000, rule(Queued, None, None, false)),
        (1_000, rule(Queued, Some("a"), None, false)),
        (3_000, rule(Queued, None, chat, false)),
        (2_000, rule(Queued, None, None, true)),
        (9_000, rule(OldestWait, None, None, false)),
        (6_000, rule(OldestWait, Some("a"), None, false)),
        (9_000, rule(OldestWait, Some("b"), chat, false)),
        (0, rule(OldestWait, None, Some(CallType::Inbound), false)),
        (9_000, rule(OldestWait, None, None, true)),
        (50_000, rule(ReservationFull, None, None, false)),
        (50_000, rule(ReservationFull, Some("a"), chat, false)),
        (0, rule(ReservationFull, Some("b"), None, false)),
    ] {
        let put = PutAlert { alert: id(), rule: rule.clone() };
        shard.decide(at(5_000), (org(), put), &mut Vec::new()).expect("a rule");
        let view = shard.org(&org()).expect("it is there").alert(&id(), at(10_000));
        assert_eq!(view.expect("it is there").figure_milli, Some(wanted), "{rule:?}");
    }
}

#[test]
fn the_longest_wait_does_not_follow_the_wall_clock_nor_start_again_with_a_snapshot() {
    let mut shard = shard(&mut Vec::new());
    for (ms, id) in [(0, "1"), (0, "2"), (1_000, "3")] {
        start(&mut shard, ms, id, "b", &["g"]);
    }
    let of_gate = rule(AlertWhen::OldestWait, None, None, true);
    let put = PutAlert { alert: id(), rule: of_gate };
    shard.decide(at(1_000), (org(), put), &mut Vec::new()).expect("a rule");
    let waits = |shard: &Shard, now| {
        let org = shard.org(&org()).expect("it is there");
        let gate = org.gate(&GateId::parse("g").expect("a gate id"), now).expect("it is there");
        let of_alert = org.alert(&id(), now).expect("it is there").figure_milli;
        [org.pool(now).oldest_wait_ms, gate.oldest_wait_ms, of_alert]
    };
    let restored = |at: Now, events: &[Recorded]| {
        let mut shard = Shard::new();
        for event in events {
            shard.apply(at, event);
        }
        shard
    };
    // The clock is set a day forward, then to the seventies.
    for wall in [1_700_086_400_000, 1_000_000] {
        let now = Now { at: Timestamp(wall), tick: Tick(10_000) };
        assert_eq!(waits(&shard, now), [Some(10_000); 3]);
        let snapshot = shard.snapshot(now.tick);
        let later = Now { tick: Tick(12_000), ..now };
        assert_eq!(waits(&restored(now, &snapshot), later), [Some(12_000); 3]);
    }
    // A snapshot of an earlier version has the wall clock only.
    let mut snapshot = shard.snapshot(Tick(10_000));
    snapshot.retain(|it| !matches!(it.event, Event::Org(OrgEvent::RequestsRestored(_))));
    let waits_of = |now, later| waits(&restored(now, &snapshot), later);
    assert_eq!(waits_of(at(10_000), at(12_000)), [Some(12_000); 3]);
    let earlier = Now { at: Timestamp(0), tick: Tick(10_000) };
    assert_eq!(waits_of(earlier, at(12_000)), [Some(2_000); 3], "a wait is never below nothing");
}

#[test]
fn an_alert_that_is_open_is_not_opened_again_nor_by_another_rule() {
    let mut shard = shard(&mut Vec::new());
    let rule = rule(AlertWhen::Queued, None, None, false);
    let put = PutAlert { alert: id(), rule: rule.clone() };
    shard.decide(at(0), (org(), put), &mut Vec::new()).expect("a rule");
    let mut set = |rule: &AlertRule, state| {
        let mut events = Vec::new();
        let set = SetAlertState { alert: id(), rule: rule.clone(), state };
        shard.decide(at(1), (org(), set), &mut events).expect("it is never refused");
        events.len()
    };
    let (open, closed) =
        (AlertState::Open { figure_milli: 2_000 }, AlertState::Closed { figure_milli: 0 });
    let other = AlertRule { above_milli: 2_000, ..rule.clone() };
    assert_eq!([set(&other, open), set(&rule, closed)], [0, 0]);
    assert_eq!([set(&rule, open), set(&rule, open)], [1, 0]);
    assert_eq!([set(&other, closed), set(&rule, closed), set(&rule, closed)], [0, 1, 0]);
}

#[test]
fn of_alerts_without_a_rule_no_more_are_open_than_there_may_be_rules_and_none_is_deleted() {
    let mut shard = shard(&mut Vec::new());
    let built_in = |number: usize| {
        AlertId::of_webhook(&format!("wh_{number}")).expect("the id of a webhook's alert")
    };
    let mut set = |number, state| {
        let (alert, rule) = (built_in(number), AlertRule::webhook_disabled());
        let set = SetAlertState { alert, rule, state };
        shard.decide(at(1), (org(), set), &mut Vec::new()).expect("it is never refused");
        shard.org(&org()).expect("it is there").open_built_in_alerts().count()
    };
    let open = AlertState::Open { figure_milli: 1_000 };
    let most = Bounds::default().alerts;
    assert_eq!((0..=most).map(|number| set(number, open)).last(), Some(most));
    assert_eq!(set(0, AlertState::Closed { figure_milli: 0 }), most - 1);
    assert_eq!(set(most, open), most);
    let delete = DeleteAlert { alert: built_in(1) };
    let refused = shard.decide(at(1), (org(), delete), &mut Vec::new());
    assert_eq!(refused, Err(Rejection::BuiltInAlert { alert: built_in(1) }));
}
