//! Ends of all calls that match.

use crate::check::check;

#[test]
fn all_calls_that_match_end_and_the_slots_go_to_those_that_waited() {
    check(
        "limit 2; agents a b
         start a.chat 1 -> active        start a.chat 2 -> active
         start a.inbound 3 -> queued     start b.chat 4 -> queued limit
         sweep agent a type chat -> ends 1:completed 2:completed done 2 starts 3 4
         sweep agent c -> refused UnknownAgent
         sweep type outbound -> done 0",
    );
}

#[test]
fn each_condition_must_hold_and_the_reason_is_that_of_the_state() {
    check(
        "limit 2; agents a b
         start a.chat 1 -> active        start b.chat 2 -> active
         start a.chat 3 -> queued        start b.chat 4 -> queued limit
         sweep ids 9 2 4 4 state queued -> ends 4:canceled done 1
         sweep ids 1 2 3 agent b -> ends 2:completed done 1 starts 3
         sweep state active -> ends 1:completed 3:completed done 2",
    );
}

#[test]
fn ids_of_calls_that_have_not_come_are_remembered_where_nothing_else_must_hold() {
    check(
        "limit 3; agents a
         start a.chat 1 -> active        start a.chat 2 -> active       end 2
         sweep ids 1 2 5 6 5 -> ends 1:completed done 1
         start a.chat 5 -> canceled      restart
         start a.chat 6 -> canceled      start a.chat 2 -> repeated ended
         sweep ids 7 state queued -> done 0
         start a.chat 7 -> active
         sweep ids 8 -> done 0           later 60s                      start a.chat 8 -> active",
    );
}

#[test]
fn what_one_step_cannot_end_is_ended_by_the_next_before_any_call_is_dispatched() {
    check(
        "limit 1; agents a b; step 2
         start a.chat 1 -> active start a.chat 2 -> queued start b.chat 3 -> queued
         start a.chat 4 -> queued start a.chat 5 -> queued limit
         sweep agent a -> ends 1:completed 2:canceled
         start a.chat 6 -> queued
         go -> ends 4:canceled 5:canceled
         go -> done 4 starts 3",
    );
}

#[test]
fn a_step_that_has_looked_at_enough_calls_leaves_the_rest_to_the_next() {
    check(
        "limit 1; agents a b; looks 2
         start a.chat 1 -> active        start a.chat 2 -> queued        start a.chat 3 -> queued
         start b.chat 4 -> queued
         sweep state queued ids 1 3 4
         start a.chat 5 -> queued
         go -> ends 3:canceled           go -> ends 4:canceled done 2
         end 1 -> starts 2",
    );
    check(
        "limit 1; agents a; looks 1
         start a.chat 1 -> active        start a.chat 2 -> queued
         sweep state queued ids 1 2      go                              restart
         go                              go
         go -> ends 2:canceled           go -> done 1",
    );
}

#[test]
fn what_is_left_is_ended_after_a_restart_and_later_calls_are_spared() {
    check(
        "limit 1; agents a; step 1
         start a.chat 1 -> active start a.chat 2 -> queued start a.chat 3 -> queued limit
         sweep ids 1 2 3 -> ends 1:completed
         end 2
         start a.chat 2 -> repeated ended
         start a.chat 4 -> queued
         restart
         go -> ends 3:canceled
         go -> done 1
         go -> starts 4",
    );
}

#[test]
fn an_id_that_is_used_again_names_a_later_call() {
    check(
        "limit 0; agents a; step 1
         start a.chat 1 -> queued start a.chat 2 -> queued nothing_shared
         sweep ids 1 2 -> ends 1:canceled
         end 2
         later 600s
         start a.chat 1 -> queued
         start a.chat 2 -> queued
         restart
         go -> done 0",
    );
}

#[test]
fn a_call_is_judged_when_its_turn_comes() {
    check(
        "limit 2; agents a; step 1
         start a.chat 1 -> active start a.chat 2 claims 5s -> active
         sweep state active -> ends 1:completed
         decline 2
         go -> done 1
         go -> starts 2",
    );
}

#[test]
fn sweeps_are_done_one_after_another_and_so_many_at_most() {
    let all = "sweep state queued\n".repeat(15);
    check(&format!(
        "limit 0; agents a; step 1
         start a.chat 1 -> queued start a.chat 2 -> queued nothing_shared
         sweep type chat -> ends 1:canceled
         {all} sweep type chat -> refused TooManySweeps 16
         go -> ends 2:canceled
         go -> done 2
         go -> done 0",
    ));
}
