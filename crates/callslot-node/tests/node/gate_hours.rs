//! The opening hours of gates after a restart, and when a gate is put.

use std::sync::Arc;

use callslot_core::{
    BlockedOn, CallGates, CallView, Command, GateId, GateKind, GateSettings, Hours, OpenSpan,
    OrgCommand, PutGate, StartCall, Timestamp,
};
use callslot_node::{NodeHandle, wall_now};

use crate::test_node::{by, call, org, start, start_command, test_node};

const EVERY_DAY: u8 = 127;
const DAY_MS: u64 = 86_400_000;

fn gate() -> GateId {
    GateId::parse("spring").expect("a gate id")
}

/// Hours on these days, from the first minute of a day to the last.
fn on_days(days: u8) -> Arc<Hours> {
    let all_day = OpenSpan { days, from_min: 0, to_min: 1_440 };
    Arc::new(Hours { tz: "UTC".into(), open: vec![all_day] })
}

/// A day of the week that is neither now nor soon.
fn another_day(Timestamp(now): Timestamp) -> u8 {
    // 1 January 1970 was a Thursday.
    1 << ((now / DAY_MS + 3 + 3) % 7)
}

fn settings(hours: &Arc<Hours>) -> GateSettings {
    GateSettings {
        name: "Spring".into(),
        kind: GateKind::Campaign,
        cap: None,
        pace: None,
        is_paused: false,
        hours: Some(Arc::clone(hours)),
    }
}

/// What the log may say of a gate after the server was down for some time.
async fn put_as_of_before(node: &NodeHandle, hours: &Arc<Hours>, is_within_hours: bool) {
    let put = PutGate { gate: gate(), settings: settings(hours), is_within_hours };
    node.submit((org(), put)).await.expect("a gate");
}

async fn start_through_gate(node: &NodeHandle, id: &str) -> CallView {
    let Command::Org(of, OrgCommand::StartCall(start)) = start_command(id) else {
        panic!("it starts a call");
    };
    let gates = CallGates::new(vec![gate()]).expect("one gate");
    node.submit((of, StartCall { gates, ..start })).await.expect("a start").call
}

async fn state(node: &NodeHandle, id: &str) -> CallView {
    let id = call(id);
    let view = node.read(&org(), move |found, now| found?.call(&id, now)).await.expect("a read");
    view.expect("the call is there")
}

#[tokio::test]
async fn hours_that_ended_while_the_server_was_down_hold_the_first_call_after_it() {
    let (store, node) = test_node().await;
    let hours = on_days(another_day(wall_now()));
    put_as_of_before(&node.handle(), &hours, true).await;
    assert!(start_through_gate(&node.handle(), "1").await.call.is_active());
    node.shutdown().await;

    let node = start(&store);
    let handle = node.handle();
    let held = start_through_gate(&handle, "2").await;
    let wait = held.wait.expect("it is queued");
    assert_eq!(wait.blocked_on, BlockedOn::GateHours);
    let opens_in_ms = handle.gate_hours(&org()).opens_in_ms(&gate()).expect("it opens");
    assert!((2 * DAY_MS..=3 * DAY_MS).contains(&opens_in_ms), "{opens_in_ms}");
    assert!(state(&handle, "1").await.call.is_active(), "nothing is interrupted");
    node.shutdown().await;
}

#[tokio::test]
async fn hours_that_began_while_the_server_was_down_start_the_calls_that_wait() {
    let (store, node) = test_node().await;
    put_as_of_before(&node.handle(), &on_days(EVERY_DAY), false).await;
    assert!(start_through_gate(&node.handle(), "1").await.call.is_queued());
    node.shutdown().await;

    let node = start(&store);
    let handle = node.handle();
    // The command was there before this read.
    assert!(state(&handle, "1").await.call.is_active());
    assert_eq!(handle.gate_hours(&org()).opens_in_ms(&gate()), None);
    node.shutdown().await;
}

#[tokio::test]
async fn a_gate_begins_as_its_hours_are() {
    let (_store, node) = test_node().await;
    let handle = node.handle();
    let closed = on_days(another_day(wall_now()));
    assert!(handle.put_gate(by(), &org(), gate(), settings(&closed)).await.expect("a gate").is_new);
    assert!(start_through_gate(&handle, "1").await.call.is_queued());
    let put = handle.put_gate(by(), &org(), gate(), settings(&on_days(EVERY_DAY))).await;
    assert!(!put.expect("a gate").is_new);
    assert!(state(&handle, "1").await.call.is_active());
    node.shutdown().await;
}
