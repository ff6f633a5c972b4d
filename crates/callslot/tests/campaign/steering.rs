//! Campaigns that are paused, resumed, canceled and looked at.

use serde_json::json;

use crate::server::Server;

/// A server with a campaign of 500 calls, of which 20 are active.
fn with_campaign(more: &[&str]) -> Server {
    let server = Server::with_agent();
    let list = (0..500).fold("id\n".to_owned(), |list, number| format!("{list}{number}\n"));
    server.write("numbers.csv", &list);
    let run = ["campaign", "run", "numbers.csv", "--agent", "sales", "--gate", "spring"];
    let said = server.said(&[&run[..], more].concat());
    assert!(said.contains("500 calls are new, 0 were there"), "{said}");
    server
}

#[test]
fn a_campaign_is_paused_resumed_and_canceled() {
    let server = with_campaign(&[]);
    let end_active = ["call", "end", "--gate", "spring", "--state", "active", "--yes"];
    let paused = server.said(&["campaign", "pause", "spring"]);
    assert_eq!(paused.trim(), "spring is paused: 480 calls wait, 20 are active and go on");
    assert_eq!(server.json(&end_active)["ended"], 20);
    let status = server.json(&["campaign", "status", "spring"]);
    assert_eq!((&status["total"], &status["gate"]["queued"]), (&json!(500), &json!(480)));
    assert_eq!(status["gate"]["active"], 0);
    assert_eq!(status["held_by"]["blocked_on"], "gate_paused");
    assert_eq!(status["held_by"]["blocked_by"], json!({ "gate": "spring" }));
    let drawn = server.said(&["campaign", "status", "spring"]);
    assert!(drawn.contains("total 500 · waiting 480 · active 0 · done 20 · 4 %"), "{drawn}");
    assert!(drawn.contains("held by: gate paused (gate spring)"), "{drawn}");
    // A list that is fed to a paused campaign waits.
    let run = ["campaign", "run", "numbers.csv", "--agent", "sales", "--gate", "spring"];
    assert!(server.said(&run).contains("it is paused; `callslot campaign resume spring`"));
    let resumed = server.said(&["campaign", "resume", "spring"]);
    assert!(resumed.starts_with("spring is open"), "{resumed}");
    assert_eq!(server.json(&["gate", "show", "spring"])["active"], 20);
    let unasked = server.run(&["campaign", "cancel", "spring"]);
    assert_eq!(unasked.status.code(), Some(1));
    let said = String::from_utf8_lossy(&unasked.stderr);
    assert!(said.contains("this ends 460 waiting calls of spring; add --yes"), "{said}");
    let canceled = server.said(&["campaign", "cancel", "spring", "--yes", "--note", "enough"]);
    assert_eq!(canceled.trim(), "460 calls of spring have ended");
    let call = server.json(&["call", "show", "spring-499"]);
    assert_eq!((&call["reason"], &call["note"]), (&json!("canceled"), &json!("enough")));
    assert_eq!(server.json(&["gate", "show", "spring"])["active"], 20);
    server.said(&["campaign", "cancel", "spring", "--active", "--yes"]);
    let gate = server.json(&["gate", "show", "spring"]);
    assert_eq!((&gate["active"], &gate["ended"]), (&json!(0), &json!(500)));
    // Canceled calls stay canceled when the list is run again.
    assert!(server.said(&run).contains("0 calls are new, 500 were there"));
}

#[test]
fn a_campaign_has_the_cap_the_pace_and_the_hours_that_are_given_and_keeps_them() {
    let hours = ["--hours", "mon-fri 08:00-21:00", "--tz", "America/New_York"];
    let given = [&["--pace", "1/h", "--burst", "3", "--cap", "7", "--name", "Spring"], &hours[..]];
    let server = with_campaign(&given.concat());
    let settings = |server: &Server| {
        let gate = server.json(&["gate", "show", "spring"]);
        json!([gate["name"], gate["kind"], gate["cap"], gate["pace"], gate["hours"]["tz"]])
    };
    let pace = json!({ "starts": 1, "per_s": 3600, "burst": 3 });
    assert_eq!(settings(&server), json!(["Spring", "campaign", 7, pace, "America/New_York"]));
    let run = ["campaign", "run", "numbers.csv", "--agent", "sales", "--gate", "spring"];
    server.said(&[&run[..], &["--cap", "9"]].concat());
    assert_eq!(settings(&server), json!(["Spring", "campaign", 9, pace, "America/New_York"]));
    // Pausing keeps everything else.
    server.said(&["campaign", "pause", "spring"]);
    server.said(&["campaign", "resume", "spring"]);
    assert_eq!(settings(&server), json!(["Spring", "campaign", 9, pace, "America/New_York"]));
}

#[test]
fn what_holds_a_campaign_is_said_with_the_time_of_its_next_start() {
    let server = with_campaign(&["--pace", "1/h"]);
    let status = server.json(&["campaign", "status", "spring"]);
    assert_eq!(status["held_by"]["blocked_on"], "paced");
    assert!(status["held_by"]["retry_in_ms"].as_u64().is_some_and(|ms| ms > 3_500_000));
    let drawn = server.said(&["campaign", "status", "spring"]);
    assert!(drawn.contains("pace 1/h · cap - · hours always"), "{drawn}");
    assert!(drawn.contains("held by: paced (gate spring), the next start in "), "{drawn}");
    let unknown = server.run(&["campaign", "status", "summer"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("unknown_gate"));
}
