//! A command that leads to many events is carried out in steps, and nobody of its organisation is let past what is left.

use crate::check::check;

#[test]
fn a_limit_that_rises_far_starts_calls_step_by_step() {
    check(
        "limit 0; agents a; step 2
         start a.chat 1 -> queued start a.chat 2 -> queued start a.chat 3 -> queued
         start a.chat 4 -> queued start a.chat 5 -> queued nothing_shared
         limit 9 -> starts 1 2           go -> starts 3 4               go -> starts 5
         go                              start a.chat 6 -> active",
    );
}

#[test]
fn a_new_call_waits_behind_the_steps_that_are_left() {
    check(
        "limit 0; agents a b; step 2
         start a.chat 1 -> queued start a.chat 2 -> queued start a.chat 3 -> queued nothing_shared
         limit 9 -> starts 1 2           start b.chat 4 -> queued       end 1
         go -> starts 3 4                start b.chat 5 -> active",
    );
}

#[test]
fn a_call_that_may_not_wait_ends_while_steps_are_left_and_not_once_nothing_is() {
    check(
        "limit 0; agents a b; step 1
         start a.chat 1 -> queued start a.chat 2 -> queued nothing_shared
         limit 9 -> starts 1             start b.chat 3 wait 0s -> max_wait
         end 2                           start b.chat 4 wait 0s -> active
         go",
    );
}

#[test]
fn calls_of_an_ended_lease_end_step_by_step_before_any_call_is_dispatched() {
    check(
        "limit 2; agents a; step 2; open l 15s
         start a.chat 1 lease l -> active start a.chat 2 lease l -> active
         start a.chat 3 lease l -> queued start a.chat 4 -> queued
         close l -> ends 1:lease_expired 2:lease_expired
         renew l -> refused UnknownLease
         start a.chat 5 lease l -> refused UnknownLease
         open l 15s -> refused LeaseExists
         start a.chat 5 -> queued
         go -> ends 3:lease_expired starts 4
         open l 15s
         go -> starts 5",
    );
}

#[test]
fn a_call_of_an_ended_lease_can_be_adopted_until_its_own_end_comes() {
    check(
        "limit 4; agents a; step 1; open l 15s; open k 15s
         start a.chat 1 lease l -> active start a.chat 2 lease l -> active
         start a.chat 3 lease l -> active start a.chat 4 lease l -> active
         close l -> ends 1:lease_expired
         adopt l 2 -> refused UnknownLease
         adopt k 1 -> refused CallHasEnded 1
         adopt k 3
         go -> ends 2:lease_expired
         restart
         open l 15s -> refused LeaseExists
         adopt k 4
         open l 15s
         start a.chat 5 -> active        go                             renew k 3 4",
    );
}

#[test]
fn leases_that_run_out_together_end_in_the_order_in_which_they_were_opened() {
    check(
        "limit 9; agents a; step 3; open l 15s; open m 15s
         start a.chat 1 lease m -> active start a.chat 2 lease l -> active
         start a.chat 3 lease m -> active start a.chat 4 lease l -> active
         pass 15s -> ends 2:lease_expired 4:lease_expired
         pass 0s -> ends 1:lease_expired 3:lease_expired",
    );
}

#[test]
fn what_is_left_after_a_restart_is_done_then() {
    check(
        "limit 2; agents a; step 1; open l 15s
         start a.chat 1 lease l -> active start a.chat 2 lease l -> active
         start a.chat 3 -> queued start a.chat 4 -> queued
         close l -> ends 1:lease_expired
         restart
         start a.chat 5 -> queued
         go -> ends 2:lease_expired
         restart
         start a.chat 6 -> queued
         go -> starts 3                  go -> starts 4                 go",
    );
}

#[test]
fn what_is_due_ends_step_by_step_before_calls_are_dispatched() {
    check(
        "limit 1; agents a; step 2; longest 5s
         start a.chat 1 -> active
         start a.chat 2 wait 5s -> queued start a.chat 3 wait 5s -> queued
         start a.chat 4 -> queued
         pass 5s -> ends 1:max_duration 2:max_wait
         pass 0s -> ends 3:max_wait starts 4",
    );
}

#[test]
fn a_reconciliation_of_many_calls_spares_those_that_started_meanwhile() {
    check(
        "limit 9; agents a; step 2; open l 15s
         start a.chat 1 lease l -> active start a.chat 2 lease l -> active
         start a.chat 3 lease l -> active
         pass 14s                        prolong l                      pass 1s
         reconcile l 9 -> unknown 9:never_known ends 1:reconciled 2:reconciled rest
         start a.chat 4 lease l -> active
         pass 14s                        prolong l                      pass 1s
         finish l 9 -> ends 3:reconciled
         renew l 4",
    );
}

#[test]
fn a_reconciliation_of_as_many_calls_as_a_step_may_end_leaves_no_rest() {
    check(
        "limit 9; agents a; step 2; open l 15s
         start a.chat 1 lease l -> active start a.chat 2 lease l -> active
         pass 14s                        prolong l                      pass 1s
         reconcile l -> ends 1:reconciled 2:reconciled",
    );
}

#[test]
fn a_call_that_comes_back_takes_its_place_among_those_that_came_back_before() {
    check(
        "limit 3; agents a
         start a.chat 1 claims 3s -> active start a.chat 2 claims 1s -> active
         start a.chat 3 claims 2s -> active start a.chat 4 -> queued limit
         limit 0                         pass 1s -> queues 2
         pass 1s -> queues 3             pass 1s -> queues 1
         limit 1 -> starts 1             limit 2 -> starts 2
         limit 3 -> starts 3             limit 4 -> starts 4",
    );
}
