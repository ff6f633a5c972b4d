//! A dead caller never leaks a slot, and a missed end is repaired.

use crate::check::check;

#[test]
fn a_lease_that_runs_out_ends_its_calls_oldest_first_and_frees_their_slots() {
    check(
        "limit 2; agents a; open l 15s
         start a.chat 1 lease l -> active start a.chat 2 -> active
         start a.chat 3 lease l -> queued start a.chat 4 -> queued
         pass 14s                        pass 1s -> ends 1:lease_expired 3:lease_expired starts 4
         start a.chat 5 lease l -> refused UnknownLease
         renew l -> refused UnknownLease",
    );
}

#[test]
fn a_renewed_lease_keeps_all_its_calls() {
    check(
        "limit 2; agents a; open l 15s; start a.chat 1 lease l -> active
         pass 14s                        renew l 1                      pass 14s
         pass 1s -> ends 1:lease_expired",
    );
}

#[test]
fn closing_a_lease_ends_its_calls_now() {
    check(
        "limit 1; agents a; open l 15s; start a.chat 1 lease l -> active; start a.chat 2 -> queued
         close l -> ends 1:lease_expired starts 2",
    );
}

#[test]
fn a_renewal_whose_digest_differs_asks_for_the_list() {
    check(
        "limit 2; agents a; open l 15s
         start a.chat 1 lease l -> active start a.chat 2 lease l -> active
         start a.chat 3 lease l -> queued
         renew l 1 2                     renew l 1 -> reconcile!        renew l 1 9 -> reconcile!",
    );
}

#[test]
fn calls_the_engine_does_not_know_end_and_those_the_server_does_not_know_are_named() {
    check(
        "limit 3; agents a; open l 15s
         start a.chat 1 lease l -> active start a.chat 2 lease l -> active start a.chat 3 -> active
         start a.chat 4 -> queued
         reconcile l 2 9 -> unknown 9 ends 1:reconciled starts 4        renew l 2",
    );
}

#[test]
fn a_call_dispatched_a_moment_ago_is_not_held_against_an_engine_that_has_not_heard_of_it() {
    check(
        "limit 1; agents a; open l 15s
         start a.chat 1 lease l -> active start a.chat 2 lease l -> queued
         end 1 -> starts 2               reconcile l                    pass 14s
         renew l                         -> reconcile!
         pass 1s                         reconcile l -> ends 2:reconciled",
    );
}

#[test]
fn after_a_restart_every_lease_has_its_whole_time_again() {
    check(
        "limit 1; agents a; open l 20s; start a.chat 1 lease l -> active
         pass 19s                        restart                        pass 19s
         pass 1s -> ends 1:lease_expired",
    );
}

#[test]
fn nothing_expires_for_one_time_to_live_after_a_restart() {
    check(
        "limit 1; agents a; start a.chat 1 -> active; start a.chat 2 wait 10s -> queued
         pass 9s                         restart                        pass 14s
         pass 1s -> ends 2:max_wait",
    );
}
