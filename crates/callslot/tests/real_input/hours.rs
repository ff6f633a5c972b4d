//! Opening hours that begin while the server serves and while it is down, before and after the clocks of a zone are set forward.

use std::fs;
use std::time::Duration;

use callslot_api::Time;
use callslot_server::wall_now;
use serde_json::json;

use crate::clock::with_wall_clock_in;
use crate::server::Server;

/// 2027-03-27T07:00:00Z: eight o'clock in Berlin, the day before the clocks there are set forward.
const EIGHT_IN_WINTER: u64 = 1_806_130_800_000;
/// 2027-03-28T06:00:00Z: eight o'clock there the day after, an hour earlier by UTC.
const EIGHT_IN_SUMMER: u64 = EIGHT_IN_WINTER + 23 * 3_600_000;
/// How long before eight o'clock the clock is set to: the server notices it before that.
const BEFORE_MS: u64 = 6_000;
/// How long after it a call has started at the latest.
const AFTER_MS: u64 = 2_000;

/// Sets the wall clock of the server.
fn set_clock(server: &Server, to: u64) {
    let offset_s = (to.cast_signed() - wall_now().0.cast_signed()) / 1_000;
    fs::write(server.setup.scratch().join("clock"), format!("{offset_s:+}")).expect("a file");
}

/// Starts a call through the gate; it waits for its hours.
fn start(server: &Server, id: &str) {
    let call = json!({ "id": id, "agent": "sales", "type": "outbound", "gates": ["mornings"] });
    let call = server.client.done("POST", "/v1/calls", Some(&call));
    assert_eq!((&call["state"], &call["blocked_on"]), (&json!("queued"), &json!("gate_hours")));
    assert_eq!(call["blocked_by"], json!({ "gate": "mornings" }));
}

/// Waits for the call to start, and says when that was by the server's clock.
fn started_at(server: &Server, id: &str) -> u64 {
    let call = server.client.get(&format!("/v1/calls/{id}?wait_s=30"));
    assert_eq!(call["state"], "active", "{call}");
    serde_json::from_value::<Time>(call["started_at"].clone()).expect("a time").0
}

#[test]
fn a_gate_opens_by_the_clock_of_its_zone_across_summer_time_and_across_a_restart() {
    let mut server = with_wall_clock_in("clock").start();
    set_clock(&server, EIGHT_IN_WINTER - BEFORE_MS);
    assert!(!server.process.has_ended_within(Duration::from_secs(3)), "it follows the clock");
    server.client.done("PUT", "/v1/agents/sales", Some(&json!({ "name": "Sales" })));
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let open = json!([{ "days": days, "from": "08:00", "to": "09:00" }]);
    let hours = json!({ "tz": "Europe/Berlin", "open": open });
    let gate = json!({ "name": "Mornings", "kind": "campaign", "hours": hours });
    server.client.done("PUT", "/v1/gates/mornings", Some(&gate));

    start(&server, "winter");
    let late = started_at(&server, "winter").checked_sub(EIGHT_IN_WINTER);
    assert!(late.is_some_and(|ms| ms <= AFTER_MS), "{late:?}");

    set_clock(&server, EIGHT_IN_SUMMER - BEFORE_MS);
    assert!(!server.process.has_ended_within(Duration::from_secs(3)), "it follows the clock");
    start(&server, "summer");
    let late = started_at(&server, "summer").checked_sub(EIGHT_IN_SUMMER);
    assert!(late.is_some_and(|ms| ms <= AFTER_MS), "{late:?}");

    // Once more an hour later, when it is closed, and over the opening of the day after.
    set_clock(&server, EIGHT_IN_SUMMER + 2 * 3_600_000);
    assert!(!server.process.has_ended_within(Duration::from_secs(3)), "it follows the clock");
    start(&server, "restarted");
    server.process.kill();
    let opened = EIGHT_IN_SUMMER + 24 * 3_600_000;
    set_clock(&server, opened + 1_000);
    server.start_again();
    let late = started_at(&server, "restarted").checked_sub(opened);
    assert!(late.is_some_and(|ms| ms <= 30_000), "{late:?}");
}
