//! Gates: named limits that calls pass, and the lanes that wait at them.

use callslot_core::{BlockedBy, BlockedOn};

use crate::check::check;

#[test]
fn a_gate_at_its_cap_holds_its_own_calls_and_nobody_elses() {
    check(
        "limit 9; agents a b; gate g cap=2
         start a.chat 1 via g -> shared    start b.inbound 2 via g -> shared
         start a.chat 3 via g -> queued gate_cap
         start a.chat 4 -> shared          start b.inbound 5 -> shared
         end 4                             end 1 -> starts 3",
    );
}

#[test]
fn a_blocked_head_never_blocks_another_lane_of_its_class() {
    check(
        "limit 2; agents a; gate g paused; gate h
         start a.chat 1 via g -> queued gate_paused
         start a.chat 2 via h -> shared    start a.chat 3 -> shared
         start a.chat 4 via h -> queued limit
         end 3 -> starts 4",
    );
}

#[test]
fn a_gate_that_goes_on_starts_its_calls_in_their_order_with_all_others() {
    check(
        "limit 2; agents a b; gate g paused
         start a.chat 1 via g -> queued    start b.chat 2 via g -> queued
         start a.chat 3 -> shared          start a.chat 4 -> shared     start a.chat 5 -> queued limit
         gate g
         end 3 -> starts 1                 end 4 -> starts 2            end 1 -> starts 5",
    );
}

#[test]
fn no_change_of_a_gate_ends_or_drops_a_call() {
    check(
        "limit 5; agents a; gate g
         start a.chat 1 via g -> shared    start a.chat 2 via g -> shared
         gate g cap=1                      start a.chat 3 via g -> queued gate_cap
         end 1                             end 2 -> starts 3
         gate g paused                     start a.chat 4 via g -> queued gate_paused
         gate g cap=0                      gate g -> starts 4",
    );
}

#[test]
fn a_call_waits_for_every_gate_that_it_names() {
    check(
        "limit 9; agents a; gate g cap=1; gate h cap=1
         start a.chat 1 via g -> shared    start a.chat 2 via h -> shared
         start a.chat 3 via g,h -> queued gate_cap
         end 1                             start a.chat 4 via g -> shared
         end 2                             end 4 -> starts 3
         start a.chat 5 via h,g -> queued  end 3 -> starts 5",
    );
}

#[test]
fn a_gate_outside_its_hours_holds_its_calls_until_they_begin() {
    check(
        "limit 5; agents a; gate g shut
         start a.chat 1 via g -> queued gate_hours
         hours g on -> starts 1         start a.chat 2 via g -> shared
         hours g off                       start a.chat 3 via g -> queued gate_hours
         end 1                             hours g on -> starts 3",
    );
}

#[test]
fn hours_that_are_no_longer_the_gates_open_nothing() {
    check(
        "limit 5; agents a; gate g paused
         start a.chat 1 via g -> queued gate_paused
         hours g off                       gate g -> starts 1",
    );
}

#[test]
fn a_reserved_slot_stays_free_for_calls_that_no_gate_holds() {
    check(
        "limit 3; agents a b; reserve a chat 2; gate g cap=1
         start a.chat 1 via g -> reserved  start a.chat 2 via g -> queued gate_cap
         start b.chat 3 -> shared          start b.chat 4 -> queued shared_full
         start a.chat 5 -> reserved        end 5
         end 3 -> starts 4                 end 1 -> starts 2",
    );
}

#[test]
fn a_call_that_comes_back_to_a_gate_is_ahead_of_its_lane() {
    check(
        "limit 3; agents a; gate g cap=1
         start a.chat 1 via g claims 2s -> shared
         start a.chat 2 via g -> queued    start a.chat 3 via g -> queued
         pass 2s -> queues 1 starts 1      decline 1
         end 1 -> starts 2",
    );
}

#[test]
fn who_holds_a_call_is_told_in_order() {
    let world = check(
        "limit 5; agents a; gate g cap=1; gate h paused; gate i shut
         start a.chat 1 via g -> shared
         start a.chat 2 via g,h,i -> queued gate_cap
         start a.chat 3 via h,i -> queued gate_paused
         start a.chat 4 via i -> queued gate_hours",
    );
    let told = |id: &str| world.wait(id).map(|wait| (wait.blocked_on, wait.blocked_by));
    assert_eq!(told("2"), Some((BlockedOn::GateCap, Some(BlockedBy::Gate(0)))));
    assert_eq!(told("3"), Some((BlockedOn::GatePaused, Some(BlockedBy::Gate(0)))));
    assert_eq!(told("4"), Some((BlockedOn::GateHours, Some(BlockedBy::Gate(0)))));
}

#[test]
fn an_id_has_one_set_of_gates_and_their_order_does_not_matter() {
    check(
        "limit 1; agents a; gate g; gate h
         start a.chat 1 via g,h -> shared
         start a.chat 1 via h,g,g -> repeated active
         start a.chat 1 via g -> refused CallIdTaken 1
         start a.chat 1 -> refused CallIdTaken 1
         end 1                             start a.chat 1 via g,h -> repeated ended
         start a.chat 1 via h -> refused CallIdTaken 1",
    );
}

#[test]
fn a_gate_is_known_before_it_is_named_and_goes_once_nothing_is_live() {
    check(
        "limit 1; agents a; doors 2
         start a.chat 1 via g -> refused UnknownGate
         gate g; gate h; gate i -> refused TooManyGates 2
         start a.chat 1 via g -> shared    start a.chat 2 via g -> queued
         ungate g -> refused GateInUse 2   end 2
         end 1                             ungate g
         ungate g -> refused UnknownGate   sweep via g -> refused UnknownGate
         gate i",
    );
}

#[test]
fn live_calls_have_a_bounded_number_of_lanes() {
    check(
        "limit 1; agents a; gate g; gate h; lanes 1
         start a.chat 1 via g -> shared    start a.chat 2 via g -> queued
         start a.chat 3 via h -> refused TooManyLanes 1
         start a.chat 3 -> queued          end 2
         end 1 -> starts 3                 start a.chat 4 via h -> queued",
    );
}

#[test]
fn a_sweep_ends_the_calls_of_a_gate() {
    check(
        "limit 2; agents a; gate g; gate h
         start a.chat 1 via g,h -> shared  start a.chat 2 via h -> shared
         start a.chat 3 via g -> queued    start a.chat 4 -> queued
         sweep via g -> ends 1:completed 3:canceled done 2 starts 4",
    );
}

#[test]
fn a_gate_counts_its_calls_and_says_when_it_is_done() {
    let world = check(
        "limit 2; agents a; gate g
         start a.chat 1 via g -> shared    pass 10s
         end 1                             start a.chat 2 via g wait 0s -> shared
         start a.chat 3 via g -> shared    start a.chat 4 via g -> queued
         start a.chat 5 via g wait 0s -> max_wait
         pass 5s",
    );
    let gate = world.gate("g");
    assert_eq!((gate.active, gate.queued, gate.ended), (2, 1, 2));
    assert_eq!(gate.oldest_wait_ms, Some(5_000));
    // 20 s in its slots over one that came free: 20 s a call; two at once, so the third has its slot in 10 s and is done in 30 s.
    assert_eq!(gate.done_in_ms, Some(30_000));
    assert_eq!(gate.next_start_in_ms, None);
}

#[test]
fn a_preview_starts_no_call_that_a_gate_holds() {
    let world = check(
        "limit 5; agents a b; reserve b chat 5; gate g cap=1; gate h paused
         start a.chat 1 via h -> queued    start a.chat 2 via g -> queued
         start a.chat 3 via g -> queued    start a.chat 4 -> queued",
    );
    let preview = world.preview("b chat 0", 1).expect("it fits");
    let ids: Vec<&str> = preview.first_starts.iter().map(callslot_core::CallId::as_str).collect();
    assert_eq!(ids, ["2", "4"]);
}
