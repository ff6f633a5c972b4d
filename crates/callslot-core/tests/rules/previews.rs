//! What replacing reservations would lead to, told before anybody does it.

use callslot_core::ReservationsPreview;

use crate::check::{World, check, reservations};

/// `a chat 2, …` for the calls that would start.
fn starts(preview: &ReservationsPreview) -> String {
    let starts = preview.starts.iter();
    let said: Vec<_> =
        starts.map(|of| format!("{} {} {}", of.agent, of.call_type.as_str(), of.count)).collect();
    said.join(", ")
}

/// `a chat 2 of 5 to 3, …`: that many calls would still wait, for 3 slots where they can have 5 now.
fn waits_longer(preview: &ReservationsPreview) -> String {
    let classes = preview.waits_longer.iter();
    let said: Vec<_> = classes
        .map(|it| {
            let (agent, call_type) = (&it.agent, it.call_type.as_str());
            format!("{agent} {call_type} {} of {} to {}", it.queued, it.slots_now, it.slots_after)
        })
        .collect();
    said.join(", ")
}

fn preview(world: &World, wanted: &str) -> ReservationsPreview {
    let whole = world.preview(wanted, usize::MAX).expect("it fits");
    assert_eq!(world.preview(wanted, 1).as_ref(), Ok(&whole), "however few calls at a time");
    whole
}

#[test]
fn slots_that_would_come_free_start_the_calls_that_waited_longest() {
    let world = check(
        "limit 4; agents a b c; reserve a chat 3
         start b.chat 1 -> shared        start b.chat 2 -> queued       start c.chat 3 -> queued
         start b.chat 4 -> queued        start b.inbound 5 -> queued",
    );
    let told = preview(&world, "a chat 0");
    assert_eq!(starts(&told), "b chat 2, c chat 1");
    let ids: Vec<&str> = told.first_starts.iter().map(callslot_core::CallId::as_str).collect();
    assert_eq!(ids, ["2", "3", "4"]);
    assert_eq!((told.shared_after, told.settling), (4, 0));
    assert_eq!(waits_longer(&told), "");
    assert_eq!(starts(&preview(&world, "a chat 2 and c chat 1")), "c chat 1");
    assert_eq!(starts(&preview(&world, "a chat 3")), "");
}

#[test]
fn a_class_that_could_have_fewer_slots_or_loses_some_of_its_own_may_wait_longer() {
    let world = check(
        "limit 4; agents a b; reserve b chat 1
         start b.chat 1 -> reserved      start b.chat 2 -> shared       start a.chat 3 -> shared
         start a.chat 4 -> shared        start b.chat 5 -> queued       start a.chat 6 -> queued",
    );
    assert_eq!(
        waits_longer(&preview(&world, "a inbound 2")),
        "a chat 1 of 3 to 1, b chat 1 of 4 to 2"
    );
    assert_eq!(waits_longer(&preview(&world, "b chat 0")), "b chat 1 of 4 to 4");
    assert_eq!(waits_longer(&preview(&world, "a chat 1")), "b chat 1 of 4 to 3");
}

#[test]
fn settling_is_told_with_those_whose_calls_are_beyond_their_reservations() {
    let world = check(
        "limit 3; agents a b c
         start a.chat 1 -> shared        start a.inbound 2 -> shared    start b.chat 3 -> shared",
    );
    let told = preview(&world, "c chat 2 and b chat 1");
    assert_eq!((told.settling, told.shared_after), (2, 0));
    let over: Vec<_> =
        told.over_reservation.iter().map(|it| (it.agent.as_str(), it.calls)).collect();
    assert_eq!(over, [("a", 2)]);
    assert!(preview(&world, "b chat 1").over_reservation.is_empty(), "it fits as it is");
}

#[test]
fn caps_hold_in_a_preview() {
    let world = check(
        "limit 4; agents a b; cap a 2; cap type inbound 1; reserve b chat 4
         start a.chat 1 -> queued        start a.outbound 2 -> queued   start a.webcall 3 -> queued
         start b.inbound 4 -> queued     start b.inbound 5 -> queued",
    );
    assert_eq!(starts(&preview(&world, "b chat 0")), "a chat 1, a outbound 1, b inbound 1");
    let refused = world.preview("b chat 3 inbound 2", 9).expect_err("its type has a cap of 1");
    assert!(refused.contains("ReservationsExceedCap"), "{refused}");
    assert_eq!(world.pool().reserved, 4, "nothing was changed");
}

#[test]
fn calls_that_leave_or_come_between_two_steps_of_a_preview_do_no_harm() {
    let mut world = check("limit 3; agents a b; reserve b chat 3");
    for call in 1..=5 {
        world.run(&format!("start a.chat {call}"));
    }
    let command = reservations("b chat 0");
    let mut told = world.org().preview_reservations(&command, world.now.tick).expect("it fits");
    assert!(!world.org().go_on_with_preview(&mut told, 1));
    for order in ["end 2", "end 4", "start a.chat 6"] {
        world.run(order);
    }
    while !world.org().go_on_with_preview(&mut told, 1) {}
    assert_eq!(starts(&told.finish()), "a chat 3");

    let mut told = world.org().preview_reservations(&command, world.now.tick).expect("it fits");
    for order in ["end 1", "end 3", "end 5", "end 6", "forget a", "agents c", "start c.chat 7"] {
        world.run(order);
    }
    assert!(world.org().go_on_with_preview(&mut told, 9));
    assert_eq!(starts(&told.finish()), "", "an agent that is gone starts no call");
}
