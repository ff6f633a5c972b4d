//! Who gets a slot, and in which order.

use callslot_core::BlockedBy;

use crate::check::check;

#[test]
fn a_freed_shared_slot_goes_to_the_call_that_waited_longest() {
    check(
        "limit 2; agents a b
         start a.chat 1 -> active        start a.chat 2 -> active
         start b.chat 3 -> queued        start a.chat 4 -> queued
         end 1 -> starts 3",
    );
}

#[test]
fn the_worked_example_comes_out_as_written() {
    let world = check(
        "limit 20; agents a b c
         reserve a webcall 2 chat 3 outbound 4 inbound 3
         reserve b webcall 1 chat 1 outbound 2 inbound 1

         start a.webcall w1 -> reserved  start a.webcall w2 -> reserved
         start a.chat c1 -> reserved     start a.chat c2 -> reserved    start a.chat c3 -> reserved
         start a.outbound o1 -> reserved start a.outbound o2 -> reserved
         start a.outbound o3 -> reserved start a.outbound o4 -> reserved
         start a.inbound i1 -> reserved  start a.inbound i2 -> reserved start a.inbound i3 -> reserved

         start a.inbound i4 -> shared    start a.inbound i5 -> shared   start a.chat c4 -> shared

         start b.webcall b1 -> reserved  start b.chat b2 -> reserved    start b.outbound b3 -> reserved
         start b.outbound b4 -> reserved start b.inbound b5 -> reserved

         start c.chat q1 -> queued limit start a.inbound q2 -> queued limit
         end i1 -> starts q1
         end w1
         start c.chat q3 -> queued shared_full
         start a.webcall w3 -> reserved",
    );
    assert_eq!(world.slots_in_use(), [17, 3, 3]);
}

#[test]
fn an_agent_within_its_reservation_starts_while_others_fill_the_shared_pool() {
    check(
        "limit 3; agents a b; reserve a chat 1
         start b.chat 1 -> shared        start b.chat 2 -> shared       start b.chat 3 -> queued
         start a.chat 4 -> reserved",
    );
}

#[test]
fn an_agent_at_its_reservation_goes_on_in_the_shared_pool() {
    check(
        "limit 3; agents a; reserve a chat 1
         start a.chat 1 -> reserved      start a.chat 2 -> shared       start a.chat 3 -> shared",
    );
}

#[test]
fn an_agent_beyond_its_reservation_frees_a_shared_slot_whichever_call_ends() {
    let world = check(
        "limit 4; agents a b; reserve a chat 2
         start a.chat 1 -> reserved      start a.chat 2 -> reserved
         start a.chat 3 -> shared        start a.chat 4 -> shared
         start b.chat 5 -> queued        end 1 -> starts 5",
    );
    assert_eq!(world.slots_in_use(), [2, 2, 2]);
}

#[test]
fn ten_reserved_and_fourteen_active_are_ten_and_four() {
    let starts: Vec<_> = (1..=14).map(|call| format!("start a.chat {call} -> active")).collect();
    let script = format!("limit 20; agents a; reserve a chat 10 {}", starts.join(" "));
    assert_eq!(check(&script).slots_in_use(), [10, 4, 10]);
}

#[test]
fn a_reserved_class_gets_in_while_the_shared_pool_is_full() {
    check(
        "limit 4; agents a b; reserve a inbound 2
         start b.chat 1 -> shared        start b.chat 2 -> shared       start b.chat 3 -> queued shared_full
         start a.inbound 4 -> reserved   start a.inbound 5 -> reserved  start a.inbound 6 -> queued limit",
    );
}

#[test]
fn an_agent_without_reservation_waits_while_anothers_reserved_slots_idle() {
    check(
        "limit 2; agents a b; reserve a chat 2
         start b.chat 1 -> queued nothing_shared
         start a.chat 2 -> reserved      end 2
         unreserve a -> starts 1",
    );
}

#[test]
fn a_reserved_slot_of_one_type_serves_no_other_type() {
    check("limit 1; agents a; reserve a inbound 1; start a.chat 1 -> queued nothing_shared");
}

#[test]
fn a_freed_reserved_slot_is_held_for_its_class() {
    check(
        "limit 2; agents a b; reserve a inbound 1
         start a.inbound 1 -> reserved   start b.chat 2 -> shared       start b.chat 3 -> queued
         end 1                           start a.inbound 4 -> reserved",
    );
}

#[test]
fn a_cap_never_eats_a_reservation() {
    check(
        "limit 20; agents a; cap a 5; reserve a inbound 3 outbound 2
         start a.outbound 1 -> reserved  start a.outbound 2 -> reserved
         start a.outbound 3 -> queued agent_cap
         start a.inbound 4 -> reserved   start a.inbound 5 -> reserved  start a.inbound 6 -> reserved
         start a.inbound 7 -> queued agent_cap
         end 4 -> starts 7               end 1 -> starts 3",
    );
}

#[test]
fn what_a_cap_leaves_beyond_the_reservations_is_shared_by_the_agents_types() {
    check(
        "limit 20; agents a b; cap a 4; reserve a inbound 2
         start a.chat 1 -> shared        start a.webcall 2 -> shared    start a.chat 3 -> queued agent_cap
         start a.inbound 4 -> reserved   start a.inbound 5 -> reserved  start b.chat 6 -> shared
         end 4                           end 1 -> starts 3",
    );
}

#[test]
fn a_reserved_slot_given_back_under_a_cap_lets_the_agents_other_types_go_on() {
    check(
        "limit 20; agents a; cap a 2; reserve a inbound 2
         start a.chat 1 -> queued agent_cap
         reserve a inbound 1 -> starts 1 start a.inbound 2 -> reserved",
    );
}

#[test]
fn a_types_cap_holds_all_agents_and_never_eats_a_reservation() {
    check(
        "limit 20; agents a b; cap type outbound 4; reserve a outbound 2
         start b.outbound 1 -> shared    start b.outbound 2 -> shared   start b.outbound 3 -> queued type_cap
         start a.outbound 4 -> reserved  start a.outbound 5 -> reserved start a.outbound 6 -> queued type_cap
         start b.chat 7 -> shared
         end 4 -> starts 6               end 1 -> starts 3",
    );
}

#[test]
fn a_types_cap_of_one_type_blocks_no_other() {
    check(
        "limit 3; agents a b; cap type chat 1
         start a.chat 1 -> shared        start a.chat 2 -> queued type_cap
         start b.chat 3 -> queued type_cap
         start b.inbound 4 -> shared     start a.webcall 5 -> shared    start a.inbound 6 -> queued limit
         end 4 -> starts 6               end 1 -> starts 2",
    );
}

#[test]
fn a_call_that_cannot_start_before_settings_change_says_so() {
    let world = check(
        "limit 4; agents a b c; reserve a chat 4; cap c 0
         start b.chat 1 -> queued nothing_shared
         reserve a chat 3 -> starts 1    cap type inbound 0
         start c.chat 2 -> queued nothing_shared
         start b.inbound 3 -> queued nothing_shared
         start b.webcall 4 -> queued shared_full",
    );
    assert_eq!(world.blocked_by("2"), Some(BlockedBy::Agent));
    assert_eq!(world.blocked_by("3"), Some(BlockedBy::Type));
    assert_eq!(world.blocked_by("4"), None);
}

#[test]
fn a_wait_names_the_first_condition_that_holds_it() {
    let world = check(
        "limit 3; agents a b; cap a 1; cap type chat 2
         start a.chat 1 -> shared        start b.chat 2 -> shared
         start a.chat 3 -> queued agent_cap                             start b.chat 4 -> queued type_cap
         start b.inbound 5 -> shared     start a.chat 6 -> queued limit",
    );
    assert_eq!(world.blocked_by("3"), None);
}

#[test]
fn a_blocked_head_does_not_block_other_classes() {
    check(
        "limit 2; agents a b; cap a 1
         start a.chat 1 -> shared        start a.chat 3 -> queued agent_cap
         start b.chat 2 -> shared
         start b.chat 4 -> queued        end 2 -> starts 4              end 1 -> starts 3",
    );
}

#[test]
fn calls_of_one_class_start_in_ticket_order() {
    check(
        "limit 1; agents a
         start a.chat 1 -> active        start a.chat 2 -> queued       start a.chat 3 -> queued
         start a.chat 4 -> queued        end 1 -> starts 2              end 3                   end 2 -> starts 4",
    );
}

#[test]
fn calls_of_different_types_start_in_ticket_order() {
    check(
        "limit 0; agents a
         start a.inbound 1 -> queued     start a.chat 2 -> queued       start a.outbound 3 -> queued nothing_shared
         limit 1 -> starts 1             limit 2 -> starts 2            limit 3 -> starts 3",
    );
}

#[test]
fn a_class_below_its_reservation_goes_first_when_the_shared_pool_is_full() {
    check(
        "limit 2; agents a b
         start b.chat 1 -> shared        start b.chat 2 -> shared
         start b.chat 3 -> queued        start a.chat 4 -> queued
         reserve a chat 1                end 1 -> starts 4              end 2 -> starts 3",
    );
}

#[test]
fn positions_count_the_whole_organisations_queue() {
    let world = check(
        "limit 1; agents a b
         start a.chat 1 -> active        start b.chat 2 -> queued       start a.inbound 3 -> queued
         start b.chat 4 -> queued        end 3",
    );
    assert_eq!(world.position("2"), Some(1));
    assert_eq!(world.position("4"), Some(2));
    assert_eq!(world.position("1"), None);
}

#[test]
fn a_position_in_the_class_counts_its_calls_alone_and_first_those_that_came_back() {
    let world = check(
        "limit 2; agents a b
         start a.chat 1 claims 5s -> active
         start b.chat 2 -> active        start b.chat 3 -> queued       start a.inbound 4 -> queued
         start a.chat 5 -> queued        start a.chat 6 -> queued       start a.chat 7 -> queued
         end 6                           limit 1                        pass 5s -> queues 1",
    );
    assert_eq!(world.position_in_class("1"), Some(1));
    assert_eq!(world.position_in_class("5"), Some(2));
    assert_eq!(world.position_in_class("7"), Some(3));
    assert_eq!(world.position("7"), Some(5));
    assert_eq!(world.position_in_class("3"), Some(1));
    assert_eq!(world.position_in_class("4"), Some(1));
    assert_eq!(world.position_in_class("2"), None);
}

#[test]
fn a_wait_is_estimated_from_how_long_slots_are_held() {
    let world = check(
        "limit 2; agents a
         start a.chat 1 -> active        start a.chat 2 -> active       start a.chat 3 -> queued
         start a.chat 4 -> queued        pass 60s                       end 1 -> starts 3
         end 2 -> starts 4
         start a.chat 5 -> queued        start a.chat 6 -> queued       start a.chat 7 -> queued",
    );
    assert_eq!(world.estimate_ms("5"), Some(30_000));
    assert_eq!(world.estimate_ms("7"), Some(90_000));
}

#[test]
fn a_wait_for_a_slot_of_its_own_is_not_that_of_the_queue_for_shared_ones() {
    let world = check(
        "limit 2; agents a b; reserve a chat 1
         start a.chat 1 -> reserved      start b.chat 2 -> shared       start b.chat 3 -> queued
         start b.chat 4 -> queued        start b.chat 5 -> queued       start a.chat 6 -> queued
         pass 60s                        end 1 -> starts 6              end 2 -> starts 3
         start a.chat 7 -> queued",
    );
    assert_eq!(world.estimate_ms("7"), Some(60_000));
    assert_eq!(world.estimate_ms("5"), Some(120_000));
}

#[test]
fn a_call_that_others_go_past_makes_nobody_wait() {
    let world = check(
        "limit 2; agents a b; cap a 1
         start a.chat 1 -> active        start a.chat 2 -> queued       start a.chat 3 -> queued
         start b.chat 4 -> active        start b.chat 5 -> queued       start b.chat 6 -> queued
         pass 60s                        end 4 -> starts 5              end 1 -> starts 2",
    );
    assert_eq!(world.estimate_ms("3"), Some(60_000));
    assert_eq!(world.position("6"), Some(2));
    // A slot comes free every 30 s, and every other one goes to the agent under the cap.
    assert_eq!(world.estimate_ms("6"), Some(30_000));
}

#[test]
fn a_call_that_cannot_start_has_no_estimate() {
    let world = check(
        "limit 1; agents a b; reserve a chat 1
         start a.chat 1 -> reserved      start b.chat 2 -> queued nothing_shared
         start a.chat 3 -> queued        pass 60s                       end 1 -> starts 3",
    );
    assert_eq!(world.estimate_ms("2"), None);
}

#[test]
fn an_unknown_wait_is_not_guessed() {
    let world = check("limit 1; agents a; start a.chat 1 -> active; start a.chat 2 -> queued");
    assert_eq!(world.estimate_ms("2"), None);
}
