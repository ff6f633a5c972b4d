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
fn two_leases_never_both_hold_one_call() {
    check(
        "limit 2; agents a b; open l 15s; open k 15s
         start a.chat 1 lease l -> active start a.chat 2 -> active
         start a.chat 3 lease l -> queued
         start a.chat 1 lease l -> repeated active
         start a.chat 1 lease k -> refused HeldByOtherLease 1
         start a.chat 2 lease k -> refused HeldByOtherLease 2
         start a.chat 3 lease k -> refused HeldByOtherLease 3
         start a.chat 1 lease gone -> refused HeldByOtherLease 1
         start b.chat 1 lease k -> refused CallIdTaken 1
         start a.chat 1 -> repeated active start a.chat 3 -> repeated queued
         end 1 -> starts 3               start a.chat 1 lease k -> repeated ended",
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
         start a.chat 4 -> queued        pass 14s                       prolong l
         pass 1s
         reconcile l 2 9 -> unknown 9:never_known ends 1:reconciled starts 4
         renew l 2",
    );
}

#[test]
fn an_engine_is_told_why_it_must_not_run_a_call_that_it_named() {
    check(
        "limit 2; agents a; open l 15s; open k 15s
         start a.chat 1 lease l -> active start a.chat 2 lease k -> active start a.chat 3 lease l -> queued
         start a.chat 4 -> queued        end 5 -> remembered            end 4
         reconcile l 1 2 3 4 5 6 -> unknown 2:other_lease 3:queued 4:ended 5:ended 6:never_known
         adopt l 2; pass 14s; prolong l
         reconcile k 1 2 -> unknown 1:other_lease 2:other_lease
         reconcile l 1 2 5 -> unknown 5:ended
         close l -> ends 1:lease_expired 2:lease_expired 3:lease_expired
         pass 46s; open m 15s
         reconcile m 1 5 -> unknown 1:ended 5:never_known",
    );
}

#[test]
fn a_call_that_started_at_once_a_moment_ago_is_spared_too_and_a_restart_makes_it_no_younger() {
    check(
        "limit 2; agents a; open l 15s
         start a.chat 1 lease l -> active
         reconcile l                     pass 10s                       restart
         prolong l                       pass 4999ms                    reconcile l
         pass 1ms                        start a.chat 2 lease l -> active
         reconcile l -> ends 1:reconciled",
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

#[test]
fn a_call_that_is_adopted_lives_and_ends_with_its_new_lease() {
    check(
        "limit 2; agents a; open l 15s
         start a.chat 1 lease l -> active start a.chat 2 -> active start a.chat 3 lease l -> queued
         pass 10s                        open k 15s
         adopt k 1                       adopt k 2                      adopt k 3
         adopt k 1 -> repeated active    start a.chat 1 lease k -> repeated active
         start a.chat 1 lease l -> refused HeldByOtherLease 1
         renew l                         renew k 1 2                    pass 14s
         start a.chat 4 lease k -> queued prolong l
         pass 1s -> ends 1:lease_expired 2:lease_expired 3:lease_expired 4:lease_expired
         adopt k 1 -> refused UnknownLease
         adopt l 1 -> refused CallHasEnded 1 adopt l 9 -> refused UnknownCall 9",
    );
}

#[test]
fn the_calls_of_a_lease_end_oldest_first_in_whatever_order_it_adopted_them() {
    check(
        "limit 6; agents a; open l 90s; open k 90s
         start a.chat 1 -> active start a.chat 2 lease k -> active start a.chat 3 lease l -> active
         start a.chat 4 -> active start a.chat 5 lease k -> active start a.chat 6 lease l -> active
         adopt k 3                adopt k 4                        adopt k 1 adopt k 6
         end 1                    close l
         close k -> ends 2:lease_expired 3:lease_expired 4:lease_expired 5:lease_expired 6:lease_expired",
    );
}

#[test]
fn a_lease_adopts_in_ticket_order_also_after_another_took_the_call_it_adopted_last() {
    check(
        "limit 9; agents a; open k 90s; open l 90s
         start a.chat 1 -> active        start a.chat 2 -> active       start a.chat 3 lease k -> active
         adopt k 1                       adopt l 1                      adopt k 2
         close l -> ends 1:lease_expired
         close k -> ends 2:lease_expired 3:lease_expired",
    );
}

#[test]
fn a_call_without_a_lease_is_no_longer_bounded_once_a_lease_adopts_it() {
    check(
        "limit 2; agents a; longest 20s; open l 15s
         start a.chat 1 -> active        start a.chat 2 claims 10s -> active
         adopt l 1                       adopt l 2
         pass 10s -> queues 2 starts 2   prolong l                      claim 2
         pass 12s                        prolong l                      pass 14s",
    );
}

#[test]
fn a_bound_of_its_own_stays_with_a_call_that_a_lease_adopts() {
    check(
        "limit 2; agents a; longest 20s; open l 90s; open k 90s
         start a.chat 1 lasts 30s lease l -> active start a.chat 2 lasts 10s -> active
         pass 5s                         adopt k 1                      adopt k 2
         pass 5s -> ends 2:max_duration  pass 19s                       pass 1s -> ends 1:max_duration",
    );
}

#[test]
fn an_organisation_has_a_bound_on_its_leases_and_one_that_is_gone_makes_room() {
    check(
        "limit 4; agents a; step 1; vouchers 2; open l 15s; open k 15s
         open m 15s -> refused TooManyLeases 2
         open l 15s -> refused LeaseExists
         start a.chat 1 lease l -> active start a.chat 2 lease l -> active
         close l -> ends 1:lease_expired
         open m 15s -> refused TooManyLeases 2
         go -> ends 2:lease_expired
         open m 15s                      open l 15s -> refused TooManyLeases 2",
    );
}

#[test]
fn a_key_has_a_bound_on_its_leases_and_leaves_the_others_room() {
    check(
        "limit 4; agents a; step 1; vouchers 3 1; open l 15s by k1
         open m 15s by k1 -> refused TooManyLeasesOfKey 1
         open m 15s by k2                open n 15s
         open o 15s by k3 -> refused TooManyLeases 3
         start a.chat 1 lease l -> active start a.chat 2 lease l -> active
         close l -> ends 1:lease_expired
         close n                         open n 15s by k1 -> refused TooManyLeasesOfKey 1
         restart                         open n 15s by k1 -> refused TooManyLeasesOfKey 1
         go -> ends 2:lease_expired      open n 15s by k1",
    );
}
