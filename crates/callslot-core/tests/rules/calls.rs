//! Repeated requests, time limits, and claims.

use crate::check::{check, orders};

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
         pass 1s                         claim 1 -> refused UnknownCall 1
         start a.chat 1 -> active        end 1",
    );
}

#[test]
fn an_id_is_forgotten_in_time_also_where_many_are() {
    let calls: Vec<_> = (1..=10).map(|call| format!("start a.chat {call} -> active")).collect();
    let ends: Vec<_> = (1..=10).map(|call| format!("end {call}")).collect();
    check(&format!(
        "limit 10; agents a; {} {} pass 600s
         claim 10 -> refused UnknownCall 10",
        calls.join(" "),
        ends.join(" ")
    ));
}

#[test]
fn a_call_that_was_ended_before_it_came_takes_no_slot() {
    let world = check(
        "limit 1; agents a b; open l 90s
         end 1 -> remembered             end 2 -> remembered            end 3 -> remembered
         pass 30s                        end 3 -> remembered            restart
         pass 29s                        start c.chat 1 -> refused UnknownAgent
         start a.chat 1 -> canceled      start a.chat 1 -> repeated ended
         end 1 -> repeated ended         start b.chat 1 -> refused CallIdTaken 1
         pass 1s                         start a.chat 2 -> active
         start a.chat 3 lease l -> canceled
         start a.chat 4 -> queued        end 4",
    );
    assert_eq!(world.pool().active, 1);
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
fn a_call_that_may_not_wait_starts_now_or_ends() {
    let world = check(
        "limit 1; bound 1; agents a; open l 90s
         start a.chat 1 wait 0s -> active start a.chat 2 -> queued
         start a.chat 3 wait 0s -> max_wait start a.chat 3 wait 0s -> repeated ended
         start a.chat 4 wait 0s lease gone -> refused UnknownLease
         start a.chat 4 wait 0s lease l -> max_wait
         patience inbound 0s             start a.inbound 5 -> max_wait
         start a.inbound 6 wait 5s -> refused QueueFull 1
         end 7 -> remembered             start a.chat 7 wait 0s -> canceled
         end 1 -> starts 2",
    );
    assert_eq!((world.pool().active, world.pool().queued), (1, 0));
}

#[test]
fn a_call_that_may_not_wait_and_is_not_claimed_ends_with_its_next_turn() {
    check(
        "limit 1; agents a; start a.chat 1 wait 0s claims 5s -> active
         start a.inbound 2 -> queued     reserve a inbound 1
         pass 5s -> queues 1 starts 2    pass 0s -> ends 1:max_wait",
    );
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
fn a_call_that_says_how_long_it_may_last_ends_then_with_or_without_a_lease() {
    check(
        "limit 4; agents a; longest 60s; open l 900s
         start a.chat 1 lasts 20s lease l -> active start a.chat 2 lasts 30s -> active
         start a.chat 3 lasts 90s -> active start a.chat 4 lasts 90s lease l -> active
         start a.chat 5 lasts 10s -> queued
         pass 20s -> ends 1:max_duration starts 5 pass 10s -> ends 2:max_duration 5:max_duration
         longest 5s                      restart                        pass 29s
         pass 1s -> ends 3:max_duration  pass 29s                       pass 1s -> ends 4:max_duration",
    );
}

#[test]
fn a_call_lasts_from_its_claim_on() {
    check(
        "limit 1; agents a; longest 60s; open l 900s
         start a.chat 1 lasts 10s claims 20s lease l -> active
         pass 15s                        claim 1                        pass 9s
         pass 1s -> ends 1:max_duration",
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
fn the_metadata_of_queued_calls_has_a_bound_and_calls_without_any_still_queue() {
    check(
        "limit 1; metadata 100; agents a
         start a.chat 1 bytes 900 -> active   start a.chat 2 bytes 60 -> queued
         start a.chat 3 bytes 40 -> queued
         start a.chat 4 bytes 1 -> refused QueuedMetadataFull 1 100 100
         start a.chat 4 -> queued             end 2
         start a.chat 5 bytes 61 -> refused QueuedMetadataFull 61 40 100
         start a.chat 5 bytes 60 -> queued    restart
         start a.chat 6 bytes 1 -> refused QueuedMetadataFull 1 100 100
         end 1 -> starts 3                    start a.chat 6 bytes 40 -> queued",
    );
}

#[test]
fn a_call_that_goes_back_brings_its_metadata_along_and_is_never_refused() {
    check(
        "limit 1; metadata 100; agents a
         start a.chat 1 -> active             start a.chat 2 claims 5s bytes 90 -> queued
         end 1 -> starts 2                    start a.chat 3 bytes 90 -> queued
         cap a 0                              pass 5s -> queues 2
         start a.chat 4 bytes 1 -> refused QueuedMetadataFull 1 180 100",
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
fn a_call_that_came_back_and_started_again_is_ahead_of_nobody() {
    check(
        "limit 2; agents a
         start a.chat 1 claims 5s -> active  start a.chat 2 claims 6s -> active
         pass 5s -> queues 1 starts 1        claim 1
         pass 1s -> queues 2 starts 2",
    );
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
fn the_first_claim_wins_and_its_claimant_may_repeat_it() {
    check(
        "limit 5; agents a; open l 90s; open k 90s
         start a.chat 1 claims 5s lease l -> active start a.chat 2 claims 5s -> active
         start a.chat 3 claims 5s -> active start a.chat 4 -> active
         claim 1                         claim 1 by l -> repeated active
         claim 1 by k -> refused ClaimedByOther 1
         claim 2                         claim 2 by key -> repeated active
         claim 2 by w -> refused ClaimedByOther 2
         claim 3 by w                    claim 3 -> refused ClaimedByOther 3
         claim 4 by w -> repeated active claim 4 -> repeated active
         restart
         claim 1 -> repeated active      claim 1 by w -> refused ClaimedByOther 1
         adopt k 1                       adopt k 2                      adopt k 3
         claim 1 -> repeated active      claim 1 by l -> refused ClaimedByOther 1
         claim 2 by key -> repeated active claim 2 -> refused ClaimedByOther 2
         claim 3 by w -> repeated active end 3
         claim 3 by k -> refused CallHasEnded 3",
    );
}

#[test]
fn a_call_that_is_declined_for_now_goes_back_with_its_own_ticket_and_counts_a_miss() {
    let world = check(
        "limit 1; agents a b
         start a.chat 1 claims 5s -> active start b.chat 2 -> queued
         decline 1                       decline 1
         decline 1 -> starts 2
         decline 1 -> refused CallHasEnded 1
         start b.chat 3 claims 5s -> queued start a.inbound 4 -> queued
         reserve a inbound 1             end 2 -> starts 4              end 4
         reserve a inbound 0 -> starts 3 reserve a inbound 1            start a.inbound 5 -> queued
         decline 3 -> starts 5           decline 3 -> refused CallNotDispatched 3",
    );
    assert_eq!(world.position("3"), Some(1));
}

#[test]
fn a_call_that_is_declined_for_good_ends_and_its_slot_goes_on() {
    check(
        "limit 1; agents a; start a.chat 1 claims 5s -> active; start a.chat 2 -> queued
         start a.chat 3 claims 5s -> queued
         decline 3 for good -> refused CallNotDispatched 3
         decline 1 for good -> starts 2
         decline 1 -> refused CallHasEnded 1 decline 2 -> refused NoClaimDue 2
         end 2 -> starts 3               claim 3
         decline 3 -> refused NoClaimDue 3 decline 9 -> refused UnknownCall 9",
    );
}

#[test]
fn an_ended_call_is_erased_and_a_live_one_is_not() {
    let world = check(
        "limit 1; agents a
         start a.chat 1 bytes 40 -> active start a.chat 2 bytes 40 -> queued
         erase 1 -> refused CallIsLive 1   erase 2 -> refused CallIsLive 2
         end 1 -> starts 2                 end 2
         erase 1 -> erased                 erase 1 -> erased
         erase 9 -> erased                 start a.chat 1 -> repeated ended
         restart",
    );
    let has_metadata = |id: &str| {
        let view = world.org().call(&orders::call(id), world.now).expect("it is remembered");
        view.call.request.metadata.is_some()
    };
    assert_eq!(["1", "2"].map(has_metadata), [false, true]);
}

#[test]
fn a_queued_call_cannot_be_claimed() {
    check(
        "limit 1; agents a; start a.chat 1 -> active; start a.chat 2 claims 5s -> queued
         claim 2 -> refused CallNotDispatched 2",
    );
}

#[test]
fn a_client_that_goes_away_takes_its_queued_call_with_it_and_no_other() {
    let world = check(
        "limit 1; agents a
         start a.chat 1 -> active start a.chat 2 -> queued start a.chat 3 -> queued limit
         hang up 2; hang up 1; hang up 9
         end 1 -> starts 3
         hang up 3; hang up 2
         start a.chat 2 -> repeated ended",
    );
    assert_eq!(world.pool().active, 1, "an active call stays");
}
