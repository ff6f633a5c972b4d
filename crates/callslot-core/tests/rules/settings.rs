//! What happens when settings change, also under load.

use callslot_core::{
    CreateOrg, DeleteOrg, Now, OrgId, OrgSettings, PerType, PlanId, PutAgent, Rejection,
    SetReservations, Shard, Tick, Timestamp, Version,
};

use crate::check::check;

#[test]
fn a_reservation_lowered_under_load_gives_its_idle_slots_to_those_who_wait() {
    check(
        "limit 3; agents a b; reserve a chat 3
         start a.chat 1 -> reserved      start b.chat 2 -> queued       start b.chat 3 -> queued
         reserve a chat 2 -> starts 2    unreserve a -> starts 3",
    );
}

#[test]
fn a_reservation_removed_under_load_leaves_its_calls_on_shared_slots() {
    let world = check(
        "limit 3; agents a; reserve a chat 2
         start a.chat 1 -> reserved      start a.chat 2 -> reserved     unreserve a",
    );
    assert_eq!(world.slots_in_use(), [0, 2, 3]);
}

#[test]
fn calls_already_running_move_into_a_raised_reservation() {
    let world = check(
        "limit 3; agents a; start a.chat 1 -> shared; start a.chat 2 -> shared; reserve a chat 2",
    );
    assert_eq!(world.slots_in_use(), [2, 0, 1]);
}

#[test]
fn a_reservation_raised_under_load_settles_without_interrupting_anyone() {
    let world = check(
        "limit 4; agents a b
         start b.chat 1 -> shared        start b.chat 2 -> shared
         start b.chat 3 -> shared        start b.chat 4 -> shared
         reserve a chat 2                start a.chat 5 -> queued limit
         start b.chat 6 -> queued limit
         end 1 -> starts 5               end 2                          start a.chat 7 -> reserved
         end 3 -> starts 6",
    );
    assert_eq!(world.pool().settling, 0);
}

#[test]
fn while_a_cap_settles_its_agents_reserved_classes_go_first() {
    check(
        "limit 9; agents a; reserve a inbound 1
         start a.chat 1 -> shared        start a.chat 2 -> shared       start a.chat 3 -> shared
         cap a 2                         start a.chat 4 -> queued agent_cap
         start a.inbound 5 -> queued agent_cap
         end 1                           end 2 -> starts 5              end 3 -> starts 4",
    );
}

#[test]
fn a_pool_with_room_that_is_settling_says_so_to_those_who_want_a_shared_slot() {
    check(
        "limit 4; agents a b
         start b.chat 1 -> shared        start b.chat 2 -> shared       start b.chat 3 -> shared
         reserve a chat 2                start b.chat 4 -> queued settling
         start a.chat 5 -> reserved",
    );
}

#[test]
fn the_view_says_by_how_many_calls_the_organisation_is_settling() {
    let world = check(
        "limit 4; agents a b
         start b.chat 1 -> shared        start b.chat 2 -> shared
         start b.chat 3 -> shared        start b.chat 4 -> shared       reserve a chat 2",
    );
    assert_eq!(world.pool().settling, 2);
}

#[test]
fn a_limit_lowered_below_use_starts_nothing_until_enough_calls_have_ended() {
    check(
        "limit 3; agents a
         start a.chat 1 -> shared        start a.chat 2 -> shared       start a.chat 3 -> shared
         limit 1                         start a.chat 4 -> queued limit
         end 1                           end 2                          end 3 -> starts 4",
    );
}

#[test]
fn a_raised_limit_starts_those_who_wait_in_order() {
    check(
        "limit 1; agents a b; start a.chat 1 -> active; start b.chat 2 -> queued
         start a.chat 3 -> queued        start b.chat 4 -> queued limit limit 3 -> starts 2 3",
    );
}

#[test]
fn a_plans_limit_holds_where_no_other_is_set_and_starts_calls_step_by_step() {
    check(
        "agents a; step 2; plan 0
         start a.chat 1 -> queued        start a.chat 2 -> queued       start a.chat 3 -> queued
         start a.chat 4 -> queued        start a.chat 5 -> queued
         plan 1 -> starts 1              plan 5 -> starts 2 3           go -> starts 4 5
         limit 6                         plan 9
         start a.chat 6 -> active        start a.chat 7 -> queued limit
         limit none -> starts 7",
    );
}

#[test]
fn reservations_beyond_the_limit_are_refused_whole() {
    check(
        "limit 5; agents a b; reserve a chat 3
         reserve b chat 2 inbound 1 -> refused ReservationsExceedLimit 6 5 2
         reserve b chat 2",
    );
}

#[test]
fn a_limit_below_the_reservations_is_refused() {
    check("limit 5; agents a; reserve a chat 3; limit 2 -> refused LimitBelowReservations 2 3");
}

#[test]
fn a_cap_and_reservations_must_fit_each_other() {
    check(
        "limit 9; agents a; reserve a chat 2 inbound 2
         cap a 3 -> refused CapBelowReservations 3 4
         cap a 4
         reserve a chat 3 inbound 2 -> refused ReservationsExceedCap 5 4 4",
    );
}

#[test]
fn a_types_cap_and_the_reservations_of_all_agents_must_fit_each_other() {
    check(
        "limit 20; agents a b; reserve a chat 2 and b chat 3
         cap type chat 4 -> refused CapBelowReservations 4 5
         cap type chat 6
         reserve a chat 4 -> refused ReservationsExceedCap 7 6 3
         reserve a chat 3
         reserve a chat 4 and b chat 2   uncap type chat                reserve b chat 9",
    );
}

#[test]
fn a_types_cap_lowered_under_load_interrupts_nobody_and_a_raised_one_dispatches() {
    check(
        "limit 9; agents a b; start a.chat 1 -> active; start b.chat 2 -> active; start a.chat 3 -> active
         cap type chat 1                 start b.chat 4 -> queued type_cap
         end 1                           end 2                          cap type chat 2 -> starts 4
         start a.chat 5 -> queued        uncap type chat -> starts 5",
    );
}

#[test]
fn a_cap_holds_an_agent_over_all_its_types() {
    check(
        "limit 9; agents a; cap a 2
         start a.chat 1 -> shared        start a.inbound 2 -> shared
         start a.webcall 3 -> queued agent_cap                          end 2 -> starts 3",
    );
}

#[test]
fn a_cap_lowered_under_load_interrupts_nobody_and_a_raised_one_dispatches() {
    check(
        "limit 9; agents a; start a.chat 1 -> active; start a.chat 2 -> active; start a.chat 3 -> active
         cap a 1                         start a.chat 4 -> queued agent_cap
         end 1                           end 2                          cap a 2 -> starts 4     uncap a",
    );
}

#[test]
fn an_agent_with_calls_or_reservations_stays() {
    check(
        "limit 9; agents a; reserve a chat 1
         forget a -> refused AgentInUse 0 1
         unreserve a                     start a.chat 1 -> active
         forget a -> refused AgentInUse 1 0
         limit 1                         start a.chat 2 -> queued       start a.inbound 3 -> queued
         forget a -> refused AgentInUse 3 0
         end 3                           end 2                          end 1
         forget a                        start a.chat 4 -> refused UnknownAgent",
    );
}

#[test]
fn a_call_keeps_the_duration_bound_it_started_with() {
    check(
        "limit 9; agents a; longest 60s; start a.chat 1 -> active; longest 10s
         pass 20s                        pass 40s -> ends 1:max_duration",
    );
}

#[test]
fn a_queued_call_keeps_the_patience_it_came_with() {
    check(
        "limit 1; agents a; start a.chat 1 -> active; patience chat 60s
         start a.chat 2 -> queued        patience chat 10s
         pass 20s                        pass 40s -> ends 2:max_wait",
    );
}

#[test]
fn an_organisation_has_a_bound_on_its_agents_and_those_it_has_can_be_changed() {
    check(
        "limit 4; agents a b; crowd 2
         cap c 1 -> refused TooManyAgents 2
         cap b 3                         uncap a
         forget a                        cap c 1
         uncap a -> refused TooManyAgents 2",
    );
}

#[test]
fn an_organisation_created_again_has_a_version_that_the_old_one_never_had() {
    let now = Now { at: Timestamp(1), tick: Tick(1) };
    let org = OrgId::parse("o").expect("an organisation id");
    let settings = OrgSettings {
        name: "O".into(),
        plan: PlanId::parse("p").expect("a plan id"),
        plan_limit: 10,
        limit_override: None,
        max_call_duration_ms: 0,
        max_wait_ms: PerType::default(),
        max_queued: 100,
    };
    let (mut shard, mut events) = (Shard::new(), Vec::new());
    let mut reserve = |shard: &mut Shard, if_version| {
        let agent = callslot_core::AgentId::parse("a").expect("an agent id");
        let put = PutAgent { agent: agent.clone(), name: "A".into(), cap: None, pace: None };
        shard.decide(now, (org.clone(), put), &mut events).expect("an agent");
        let reservations = vec![(agent, PerType([1, 0, 0, 0]))];
        let set = SetReservations { reservations, if_version };
        shard.decide(now, (org.clone(), set), &mut events).map(|pool| pool.version)
    };
    let create = (org.clone(), CreateOrg(settings));
    shard.decide(now, create.clone(), &mut Vec::new()).expect("it is created");
    assert_eq!(reserve(&mut shard, Some(Version(0))), Ok(Version(1)));
    shard.decide(now, (org.clone(), DeleteOrg), &mut Vec::new()).expect("it is deleted");
    shard.decide(now, create, &mut Vec::new()).expect("it is created again");
    let stale = reserve(&mut shard, Some(Version(1)));
    assert_eq!(stale, Err(Rejection::VersionMismatch { given: Version(1), current: Version(2) }));
    assert_eq!(reserve(&mut shard, Some(Version(2))), Ok(Version(3)));
}
