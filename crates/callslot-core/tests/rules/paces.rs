//! Paces: how often calls of an agent, a type or a gate may start.

use callslot_core::{BlockedBy, BlockedOn, Tick};

use crate::check::check;

#[test]
fn a_pace_gives_its_starts_one_after_the_other() {
    check(
        "limit 9; agents a; gate g pace=1/1s
         start a.chat 1 via g -> shared    start a.chat 2 via g -> queued paced
         start a.chat 3 via g -> queued    pass 999ms
         pass 1ms -> starts 2              pass 1s -> starts 3",
    );
}

#[test]
fn a_pace_lends_no_start_and_keeps_up_to_its_burst() {
    check(
        "limit 9; agents a; gate g pace=1/1s burst=2
         pass 60s
         start a.chat 1 via g -> shared    start a.chat 2 via g -> shared
         start a.chat 3 via g -> queued paced
         start a.chat 4 via g -> queued    pass 1s -> starts 3
         pass 1s -> starts 4               pass 1s
         start a.chat 5 via g -> shared    start a.chat 6 via g -> queued paced",
    );
}

#[test]
fn the_pace_of_an_agent_holds_all_its_types_and_no_other_agent() {
    check(
        "limit 9; agents a b; pace a 1/10s
         start a.chat 1 -> shared          start a.inbound 2 -> queued paced
         start b.chat 3 -> shared          pass 10s -> starts 2
         unpace a                          start a.chat 4 -> shared",
    );
}

#[test]
fn the_pace_of_a_type_holds_the_type_of_every_agent() {
    check(
        "limit 9; agents a b; pace type outbound 1/2s
         start a.outbound 1 -> shared      start b.outbound 2 -> queued paced
         start b.chat 3 -> shared          pass 2s -> starts 2
         start a.outbound 4 -> queued      unpace type outbound -> starts 4",
    );
}

#[test]
fn a_call_that_comes_when_a_start_is_due_is_not_let_past_those_that_wait() {
    check(
        "limit 9; agents a b; gate g pace=1/1s; gate h
         start a.chat 1 via g -> shared    start a.chat 2 via g -> queued
         later 1s
         start a.chat 3 via g -> queued    go -> starts 2
         later 1s
         start b.chat 4 -> queued          go -> starts 3 4",
    );
}

#[test]
fn a_start_that_is_due_goes_with_whatever_dispatches_next() {
    check(
        "limit 9; agents a; gate g pace=1/1s
         start a.chat 1 via g -> shared    start a.chat 2 via g -> queued
         later 1s                          end 1 -> starts 2",
    );
}

#[test]
fn a_pace_is_a_deadline_only_while_a_call_waits() {
    let world = check("limit 9; agents a; gate g pace=1/1s; start a.chat 1 via g -> shared");
    assert_eq!(world.next_deadline(), None);
    let mut world = world;
    world.run("start a.chat 2 via g");
    assert_eq!(world.next_deadline(), Some(Tick(1_000)));
}

#[test]
fn what_was_used_of_a_pace_survives_a_restart() {
    check(
        "limit 9; agents a b; gate g pace=1/5s; pace b 1/7s; pace type inbound 1/9s
         start a.chat 1 via g -> shared    start a.chat 2 via g -> queued
         start b.chat 3 -> shared          start b.chat 4 -> queued
         start a.inbound 5 -> shared       start a.inbound 6 -> queued
         restart
         pass 4999ms                       pass 1ms -> starts 2
         restart                           pass 2s -> starts 4
         pass 2s -> starts 6",
    );
}

#[test]
fn the_pace_that_has_a_start_last_is_told_with_the_time_until_then() {
    let world = check(
        "limit 9; agents a; pace a 1/3s; gate g pace=1/2s; gate h pace=1/8s
         start a.chat 1 via g,h -> shared
         start a.chat 2 via g,h -> queued paced
         start a.chat 3 via g -> queued paced
         pass 500ms",
    );
    let told = |id: &str| {
        let wait = world.wait(id).expect("it waits");
        (wait.blocked_on, wait.blocked_by, wait.retry_in_ms)
    };
    assert_eq!(told("2"), (BlockedOn::Paced, Some(BlockedBy::Gate(1)), Some(7_500)));
    assert_eq!(told("3"), (BlockedOn::Paced, Some(BlockedBy::Agent), Some(2_500)));
    assert_eq!(world.gate("h").next_start_in_ms, Some(7_500));
}

#[test]
fn a_faster_pace_does_not_wait_for_the_slower_one() {
    check(
        "limit 9; agents a; gate g pace=1/3600s
         start a.chat 1 via g -> shared    start a.chat 2 via g -> queued
         gate g pace=2/1s                  pass 500ms -> starts 2",
    );
}

#[test]
fn every_start_counts_also_that_of_a_call_that_came_back() {
    check(
        "limit 9; agents a; gate g pace=1/1s
         start a.chat 1 via g claims 5s -> shared
         pass 1s                           decline 1
         start a.chat 2 via g -> queued paced",
    );
}

#[test]
fn an_estimate_counts_what_a_pace_gives_to_those_ahead() {
    let world = check(
        "limit 2; agents a; start a.chat 1 -> shared; pass 1s; end 1
         pace a 1/10s
         start a.chat 2 -> shared          start a.chat 3 -> queued paced
         start a.chat 4 -> queued          pass 4s",
    );
    assert_eq!(world.estimate_ms("3"), Some(6_000));
    assert_eq!(world.estimate_ms("4"), Some(16_000));
}
