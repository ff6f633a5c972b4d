//! Repeated requests, time limits, and claims.

use crate::check::check;

#[test]
fn starting_an_id_again_returns_the_call_and_takes_no_second_slot() {
    let world =
        check("limit 2; agents a; start a.chat 1 -> active; start a.chat 1 -> repeated active");
    assert_eq!(world.pool().active, 1);
}

#[test]
fn an_id_names_one_class_only() {
    check(
        "limit 2; agents a b; start a.chat 1 -> active
         start a.inbound 1 -> refused CallIdTaken 1
         start b.chat 1 -> refused CallIdTaken 1",
    );
}

#[test]
fn ending_an_ended_call_changes_nothing() {
    check(
        "limit 1; agents a; start a.chat 1 -> active; end 1
         end 1 -> repeated ended         start a.chat 1 -> repeated ended",
    );
}

#[test]
fn an_ended_id_is_remembered_for_ten_minutes() {
    check(
        "limit 1; agents a; start a.chat 1 -> active; end 1
         pass 599s                       start a.chat 1 -> repeated ended
         pass 1s                         end 1 -> refused UnknownCall 1
         start a.chat 1 -> active        end 1",
    );
}

#[test]
fn an_id_may_be_used_again_in_another_class_once_it_is_forgotten() {
    check(
        "limit 1; agents a b; start a.chat 1 -> active; end 1
         pass 600s                       start b.inbound 1 -> active    end 1 start b.inbound 1 -> repeated ended",
    );
}

#[test]
fn a_call_that_waits_too_long_ends_and_the_others_move_up() {
    let world = check(
        "limit 1; agents a; start a.chat 1 -> active
         start a.chat 2 wait 10s -> queued start a.chat 3 -> queued     pass 9s
         pass 1s -> ends 2:max_wait",
    );
    assert_eq!(world.position("3"), Some(1));
}

#[test]
fn a_call_without_a_lease_is_bounded_by_the_longest_duration() {
    check(
        "limit 1; agents a; longest 60s; open l 90s
         start a.chat 1 -> active        start a.chat 2 lease l -> queued
         pass 60s -> ends 1:max_duration starts 2
         renew l 2                       pass 89s",
    );
}

#[test]
fn the_queue_has_a_bound_and_accepts_nothing_beyond_it() {
    check(
        "limit 1; bound 1; agents a
         start a.chat 1 -> active        start a.chat 2 -> queued
         start a.chat 3 -> refused QueueFull 1
         end 2                           start a.chat 3 -> queued",
    );
}

#[test]
fn a_call_that_is_not_claimed_goes_back_with_its_own_ticket_and_ends_after_three_misses() {
    check(
        "limit 1; agents a b
         start a.chat 1 -> active        start b.chat 2 claims 5s -> queued
         start a.chat 3 -> queued        end 1 -> starts 2
         pass 5s -> queues 2 starts 2    pass 5s -> queues 2 starts 2
         pass 5s -> ends 2:unclaimed starts 3",
    );
}

#[test]
fn a_call_that_went_back_stands_ahead_of_those_that_came_after_it() {
    let world = check(
        "limit 1; agents a b
         start b.chat 1 claims 5s -> active start a.chat 2 -> queued    start b.chat 3 -> queued
         reserve a inbound 1             pass 5s -> queues 1",
    );
    assert_eq!(world.position("1"), Some(1));
    assert_eq!(world.position("2"), Some(2));
    assert_eq!(world.position("3"), Some(3));
}

#[test]
fn a_claimed_call_stays() {
    check(
        "limit 1; agents a; longest 60s; start a.chat 1 claims 5s -> active
         claim 1                         claim 1 -> repeated active
         pass 59s                        pass 1s -> ends 1:max_duration
         claim 1 -> refused CallHasEnded 1",
    );
}

#[test]
fn a_queued_call_cannot_be_claimed() {
    check(
        "limit 1; agents a; start a.chat 1 -> active; start a.chat 2 claims 5s -> queued
         claim 2 -> refused CallNotDispatched 2",
    );
}
