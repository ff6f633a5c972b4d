//! Cases that random steps are too short or too coarse for, put to the core and the model alike.

use std::sync::Arc;

use callslot_core::{
    AgentId, CallGates, CallId, CallType, Command, EndCall, EndReason, LeaseId, OpenLease,
    OrgChange, OrgCommand, OrgId, PutAgent, ReconcileLease, RenewLease, Reply, SetType, StartCall,
};
use callslot_sim::commands::{Source, Step, Timer};

use crate::pair::Pair;

fn atlas(command: OrgCommand) -> Command {
    Command::Org(OrgId::parse("atlas").expect("an organisation id"), command)
}

fn call(name: &str) -> CallId {
    CallId::parse(name).expect("a call id")
}

fn lease() -> LeaseId {
    LeaseId::parse("lease").expect("a lease id")
}

fn start(id: &str, lease: Option<LeaseId>) -> Command {
    atlas(OrgCommand::StartCall(StartCall {
        id: call(id),
        agent: AgentId::parse("ada").expect("an agent id"),
        call_type: CallType::Chat,
        lease,
        max_wait_ms: None,
        max_duration_ms: None,
        claim_within_ms: None,
        gates: CallGates::default(),
        metadata: None,
    }))
}

fn start_of_bea(id: &str) -> Command {
    let Command::Org(org, OrgCommand::StartCall(start)) = start(id, None) else {
        panic!("a start starts a call");
    };
    let agent = AgentId::parse("bea").expect("an agent id");
    Command::Org(org, OrgCommand::StartCall(StartCall { agent, ..start }))
}

fn type_cap(cap: Option<u32>) -> Command {
    atlas(OrgCommand::SetType(SetType { call_type: CallType::Chat, cap, pace: None }))
}

fn end(id: &str) -> Command {
    atlas(OrgCommand::EndCall(EndCall { call: call(id), note: None }))
}

fn limit(limit: u32) -> Command {
    atlas(OrgCommand::ChangeOrg(OrgChange {
        limit_override: Some(Some(limit)),
        max_call_duration_ms: Some(0),
        max_queued: Some(10_000),
        ..OrgChange::default()
    }))
}

fn cap(cap: u32) -> Command {
    let agent = AgentId::parse("ada").expect("an agent id");
    atlas(OrgCommand::PutAgent(PutAgent {
        agent,
        name: Arc::from("Ada"),
        cap: Some(cap),
        pace: None,
    }))
}

fn ask_all(pair: &mut Pair, commands: impl IntoIterator<Item = Command>) {
    for command in commands {
        pair.take(&Step::Ask(command));
    }
}

fn pass(pair: &mut Pair, ms: u64) {
    pair.take(&Step::Pass(ms, Timer::OnTime));
}

#[test]
fn the_time_for_which_slots_are_held_forgets_older_calls_by_halves() {
    let mut pair = Pair::founded();
    ask_all(&mut pair, [limit(1), start("0", None)]);
    for number in 0..600_u64 {
        ask_all(&mut pair, [start(&(number + 1).to_string(), None)]);
        pass(&mut pair, 7 + number * number % 997);
        ask_all(&mut pair, [end(&number.to_string())]);
    }
    pair.compare_restarts();
}

/// Those that wait hang up, are held by a cap, and are given slots, more often than the line remembers.
#[test]
fn a_line_that_calls_leave_in_every_way_is_told_by_the_clock_that_counts_and_no_other() {
    let mut pair = Pair::founded();
    ask_all(&mut pair, [limit(3), cap(2), start("0", None), start("1", None)]);
    ask_all(&mut pair, [start_of_bea("2"), type_cap(Some(2))]);
    for number in 0..150_u64 {
        let [waits, hangs_up, of_bea] =
            ["waits", "hangs-up", "bea"].map(|who| format!("{who}-{number}"));
        ask_all(&mut pair, [start(&waits, None), start(&hangs_up, None), start_of_bea(&of_bea)]);
        pass(&mut pair, 300 + number * 37 % 911);
        ask_all(&mut pair, [end(&hangs_up)]);
        if let Some(active) = pair.oldest_active() {
            ask_all(&mut pair, [atlas(OrgCommand::EndCall(EndCall { call: active, note: None }))]);
        }
        if number == 70 {
            pair.take(&Step::SetClock(-50_000));
            pair.take(&Step::Restart(Source::Snapshot));
        }
        if number == 100 {
            pair.take(&Step::SetClock(7_200_000));
            ask_all(&mut pair, [type_cap(None)]);
        }
    }
    pair.compare_restarts();
}

/// An engine may not have heard yet of a call that was dispatched less than the lease's TTL ago, or that started at once.
#[test]
fn a_call_is_reconciled_exactly_one_ttl_after_its_start() {
    let dispatched = [start("0", None), start("1", Some(lease())), end("0")].to_vec();
    for calls in [dispatched, vec![start("1", Some(lease()))]] {
        reconciled_one_ttl_after(&calls);
    }
}

/// Call 1 starts with the last of the commands.
fn reconciled_one_ttl_after(calls: &[Command]) {
    let mut pair = Pair::founded();
    let open = OrgCommand::OpenLease(OpenLease { lease: lease(), ttl_ms: 10_000, key: None });
    ask_all(&mut pair, [limit(1), atlas(open)]);
    ask_all(&mut pair, calls.iter().cloned());
    let reconcile = atlas(OrgCommand::ReconcileLease(ReconcileLease {
        lease: lease(),
        active: Arc::default(),
        more: false,
        cursor: None,
        rest: None,
    }));
    for (wait_ms, expected) in [(0, vec![]), (9_999, vec![]), (1, vec![call("1")])] {
        pass(&mut pair, wait_ms);
        let reply = pair.ask(&reconcile);
        let unknown = vec![];
        assert_eq!(reply, Ok(Reply::Reconciled { ended: expected, unknown, rest: None }));
        pair.compare_restarts();
    }
}

#[test]
fn a_lease_vouches_for_its_calls_however_long_they_last() {
    let mut pair = Pair::founded();
    let change = OrgChange { max_call_duration_ms: Some(5_000), ..OrgChange::default() };
    let open = OrgCommand::OpenLease(OpenLease { lease: lease(), ttl_ms: 60_000, key: None });
    ask_all(&mut pair, [atlas(OrgCommand::ChangeOrg(change)), atlas(open)]);
    ask_all(&mut pair, [start("vouched", Some(lease())), start("alone", None)]);
    pass(&mut pair, 5_000);
    let reason = |reply| match reply {
        Ok(Reply::Call { call, .. }) => match call.call.state {
            callslot_core::CallState::Ended(ended) => Some(ended.reason),
            callslot_core::CallState::Queued(_) | callslot_core::CallState::Active(_) => None,
        },
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(pair.ask(&start("alone", None))), Some(EndReason::MaxDuration));
    assert_eq!(reason(pair.ask(&start("vouched", None))), None);
    pass(&mut pair, 55_000);
    assert_eq!(reason(pair.ask(&start("vouched", None))), Some(EndReason::LeaseExpired));
}

#[test]
fn an_organisation_founded_after_a_restart_has_no_grace_since_nothing_of_it_was_there_before() {
    let mut pair = Pair::founded();
    pair.take(&Step::Restart(Source::Log));
    let settings = callslot_core::OrgSettings {
        name: Arc::from("new"),
        plan: callslot_core::PlanId::parse("standard").expect("a plan id"),
        plan_limit: 6,
        limit_override: None,
        max_call_duration_ms: 0,
        max_wait_ms: callslot_core::PerType::default(),
        max_queued: 10,
    };
    let new = OrgId::parse("new").expect("an organisation id");
    let found = Command::Org(new.clone(), OrgCommand::CreateOrg(settings));
    let open = OrgCommand::OpenLease(OpenLease { lease: lease(), ttl_ms: 5_000, key: None });
    ask_all(&mut pair, [found, Command::Org(new, open)]);
    pass(&mut pair, 15_000);
}

/// A lease that runs out in the same tick as a wait goes first, so the call ends with the lease.
#[test]
fn of_a_lease_and_a_wait_that_run_out_together_the_lease_goes_first() {
    let mut pair = Pair::founded();
    let open = OrgCommand::OpenLease(OpenLease { lease: lease(), ttl_ms: 5_000, key: None });
    let mut max_wait_ms = callslot_core::PerType::default();
    max_wait_ms[CallType::Chat] = Some(Some(5_000));
    let change = OrgChange { max_wait_ms, ..OrgChange::default() };
    ask_all(&mut pair, [limit(1), atlas(OrgCommand::ChangeOrg(change)), atlas(open)]);
    ask_all(&mut pair, [start("0", None), start("1", Some(lease())), start("2", None)]);
    pass(&mut pair, 5_000);
    pair.compare_restarts();
}

#[test]
fn an_organisation_founded_again_goes_on_from_the_pace_of_the_old_one() {
    let mut pair = Pair::founded();
    let settings = callslot_core::OrgSettings {
        name: Arc::from("again"),
        plan: callslot_core::PlanId::parse("standard").expect("a plan id"),
        plan_limit: 1,
        limit_override: None,
        max_call_duration_ms: 0,
        max_wait_ms: callslot_core::PerType::default(),
        max_queued: 10,
    };
    ask_all(&mut pair, [start("0", None)]);
    pass(&mut pair, 4_000);
    ask_all(&mut pair, [end("0"), atlas(OrgCommand::DeleteOrg)]);
    ask_all(&mut pair, [atlas(OrgCommand::CreateOrg(settings)), cap(1)]);
    ask_all(&mut pair, [start("0", None), start("1", None)]);
    pair.take(&Step::Restart(Source::Snapshot));
    pair.compare_restarts();
}

/// The calls of an engine that knows none of them end in as many parts as it takes, and no call that it starts meanwhile is among
/// them.
#[test]
fn a_reconciliation_that_is_too_long_for_one_step_goes_on_where_it_was() {
    let mut pair = Pair::founded();
    let open = OrgCommand::OpenLease(OpenLease { lease: lease(), ttl_ms: 10_000, key: None });
    ask_all(&mut pair, [limit(9), atlas(open)]);
    ask_all(&mut pair, ["0", "1", "2", "3", "4"].map(|id| start(id, Some(lease()))));
    pass(&mut pair, 9_999);
    let renew = RenewLease { lease: lease(), sum: None };
    ask_all(&mut pair, [atlas(OrgCommand::RenewLease(renew))]);
    pass(&mut pair, 1);
    let mut left = None;
    for expected in [vec!["0", "1", "2"], vec!["3", "4"]] {
        let (active, more, cursor) = (Arc::default(), false, None);
        let command = ReconcileLease { lease: lease(), active, more, cursor, rest: left };
        let reply = pair.ask(&atlas(OrgCommand::ReconcileLease(command)));
        let Ok(Reply::Reconciled { ended, rest, .. }) = reply else {
            panic!("it is reconciled: {reply:?}");
        };
        assert_eq!(ended, expected.into_iter().map(call).collect::<Vec<_>>());
        left = rest;
        ask_all(&mut pair, [start(if left.is_some() { "5" } else { "6" }, Some(lease()))]);
    }
    assert_eq!(left, None);
    pair.compare_restarts();
}
