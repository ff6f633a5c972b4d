//! Reconciliations in pages.

use crate::check::check;

/// Three calls of a lease that are as old as its time to live, and one that is not its.
const CALLS: &str = "limit 9; agents a; open l 15s
     start a.chat 1 lease l -> active start a.chat 2 lease l -> active start a.chat 3 lease l -> active
     start a.chat 4 -> active        pass 14s                       prolong l
     pass 1s
     ";

fn check_with_calls(script: &str) {
    check(&format!("{CALLS}{script}"));
}

#[test]
fn pages_are_decided_together_when_the_last_one_has_come() {
    check_with_calls(
        "page l 1 9 -> kept              page l 4 -> kept
         reconcile l 3 -> unknown 9:never_known 4:other_lease ends 2:reconciled
         reconcile l -> ends 1:reconciled 3:reconciled",
    );
    check_with_calls(
        "page l 1 9 -> kept              next l 4 -> kept
         last l 3 -> unknown 9:never_known 4:other_lease ends 2:reconciled",
    );
}

#[test]
fn a_page_without_those_before_it_ends_nothing_after_a_restart() {
    check_with_calls(
        "page l 1 -> kept; pass 1s; restart; page l 2 -> lost
         page l 1 -> kept; page l 2 -> kept; reconcile l 3",
    );
    check_with_calls(
        "page l 1 -> kept; restart; reconcile l 2 3 -> lost
         page l 1 -> kept; reconcile l 2 3",
    );
    check_with_calls(
        "page l 1 -> kept; restart; last l 2 3 -> lost; last l 2 3 -> lost
         page l 1 -> kept; restart; restart; next l 2 -> lost
         page l 1 -> kept; last l 2 3",
    );
}

#[test]
fn a_page_whose_refusal_was_lost_is_refused_once_more_and_a_client_that_starts_over_is_heard() {
    check_with_calls(
        "page l 1 -> kept; restart; page l 2 -> lost; restart; page l 2 -> lost
         page l 1 -> kept; page l 2 -> kept; reconcile l 3",
    );
    check_with_calls("page l 1 -> kept; restart; page l 1 -> kept; reconcile l 2 3");
}

#[test]
fn a_list_that_may_be_the_rest_of_a_lost_one_ends_nothing_and_the_next_one_does() {
    check_with_calls(
        "page l 1 -> kept; restart; page l 2 -> lost; page l 3 -> kept; restart; reconcile l 9 -> lost
         page l 3 -> kept; reconcile l 9 -> unknown 9:never_known
         reconcile l 1 2 -> ends 3:reconciled",
    );
    check_with_calls(
        "page l 1 -> kept; restart; reconcile l 2 -> lost; reconcile l 2 -> lost; restart; reconcile l 2
         reconcile l 2 -> ends 1:reconciled 3:reconciled",
    );
}

#[test]
fn a_list_after_a_lost_one_is_decided_where_it_begins_alike_or_its_pages_name_each_other() {
    check_with_calls(
        "page l 1 -> kept; restart; page l 2 -> lost; page l 1 -> kept; reconcile l 3 -> ends 2:reconciled",
    );
    check_with_calls(
        "page l 1 -> kept; restart; next l 2 -> lost; page l 3 -> kept; last l 1 -> ends 2:reconciled",
    );
}

#[test]
fn a_last_page_that_comes_again_is_not_taken_for_the_whole_list() {
    check_with_calls(
        "page l 1 2 -> kept; reconcile l 3; reconcile l 3 -> lost; restart; reconcile l 3 -> lost
         page l 1 2 -> kept; last l 3; last l 3 -> lost
         pass 14s; prolong l; reconcile l 3 -> lost; pass 1s
         reconcile l 3 -> ends 1:reconciled 2:reconciled",
    );
}

#[test]
fn a_page_that_comes_again_is_kept_again_or_with_a_cursor_refused() {
    check_with_calls("page l 1 -> kept; page l 1 -> kept; page l 2 -> kept; reconcile l 3");
    check_with_calls(
        "page l 1 -> kept; page k -> refused UnknownLease
         next l 2 -> kept; page l 3 -> kept; next l 1 2 -> kept; last l",
    );
}

#[test]
fn pages_of_two_clients_do_not_mix_where_they_name_the_page_before() {
    check_with_calls(
        "page l 1 -> kept; next l 2 -> kept
         page l 3 -> kept; reconcile l 1 2",
    );
}

#[test]
fn pages_are_dropped_after_one_time_to_live_and_with_their_lease() {
    check_with_calls(
        "page l 1 -> kept; pass 14s; prolong l; page l 2 -> kept
         pass 14s; prolong l; pass 1s; prolong l; reconcile l 3 -> lost
         reconcile l 1 2 3",
    );
    check_with_calls(
        "page l 1 2 3 -> kept
         close l -> ends 1:lease_expired 2:lease_expired 3:lease_expired
         page l 1 -> refused UnknownLease; open l 15s
         next l 2 -> lost; reconcile l",
    );
}

#[test]
fn pages_are_bounded_for_a_lease_and_an_organisation() {
    check_with_calls(
        "paged 3 1000; page l 1 2 -> kept
         page l 3 4 -> refused ListTooLong 4 2 3 100
         page l 3 -> kept; reconcile l",
    );
    // The last page counts too. A list without pages is not bounded here.
    check_with_calls(
        "paged 3 1000; page l 1 2 -> kept
         reconcile l 3 4 -> refused ListTooLong 4 2 3 100
         reconcile l 3",
    );
    check_with_calls("paged 1 1000; reconcile l 1 2 3");
    check_with_calls(
        "open k 60s; paged 100 200; page l 1 2 -> kept
         page k 3 4 -> refused TooManyPages 200
         page k 3 -> kept                reconcile l 3
         page k 3 4 -> kept",
    );
}

#[test]
fn a_reconciliation_in_pages_that_is_too_long_for_one_step_keeps_all_pages() {
    check_with_calls(
        "start a.chat 5 lease l -> active start a.chat 6 lease l -> active
         prolong l                       pass 14s                        prolong l                      pass 1s
         step 1                          page l 1 -> kept
         reconcile l 2 -> ends 3:reconciled rest
         restart                         page l 9 -> kept
         finish l 2 -> ends 5:reconciled rest
         finish l 2 -> ends 6:reconciled",
    );
}

#[test]
fn a_step_of_a_reconciliation_looks_at_a_bounded_number_of_calls() {
    check_with_calls(
        "start a.chat 5 lease l -> active start a.chat 6 lease l -> active
         prolong l                       pass 14s                        prolong l                      pass 1s
         compares 2                      reconcile l 1 2 -> rest
         finish l 1 2 -> rest            end 2                           start a.chat 7 lease l -> active
         finish l 1 2 -> ends 3:reconciled 5:reconciled rest
         finish l 1 2 -> ends 6:reconciled",
    );
    // The call behind which it goes on has gone to a lease that has a newer call.
    check_with_calls(
        "open m 60s; start a.chat 5 lease m -> active
         prolong l; pass 14s; prolong l; pass 1s; compares 2
         reconcile l 1 2 -> rest         finish l 1 2 -> rest             adopt m 2
         finish l 1 2 -> ends 3:reconciled",
    );
}
