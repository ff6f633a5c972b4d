//! Processes that are stopped for longer than a lease lives, and go on: the server, and a client.

use std::time::Duration;

use rustix::process::Signal;

use crate::answers_vs_history::judge_history;
use crate::clients::{Engines, Load};
use crate::server::{Server, Setup, send_signal};

const TTL_S: u64 = 5;
/// Longer than a lease lives.
const PAUSE: Duration = Duration::from_secs(TTL_S + 3);

fn server() -> Server {
    let server = Setup::new().start();
    server.client.set_up_the_worked_example();
    server
}

#[test]
fn a_server_stopped_for_longer_than_leases_live_ends_no_call_when_it_goes_on() {
    let server = server();
    let load = Load { engines: 3, calls_each: 300, workers_each: 12, lease_ttl_s: TTL_S };
    let engines = Engines::start(&server.client, &load);
    engines.wait_for_answers(300);
    server.process.signal(Signal::STOP);
    // What was on its way still arrives.
    while !engines.hear_nothing_for(Duration::from_millis(200)) {}
    assert!(engines.hear_nothing_for(PAUSE), "a stopped server answers");
    server.process.signal(Signal::CONT);
    let answers = engines.finish();

    let judge = judge_history(&server.client, 20, &answers);
    assert_eq!(judge.turns_of_time, 0, "no clock was set back");
    assert_eq!(judge.ends.get("lease_expired"), None, "the server's own pause ended calls");
    assert_eq!(judge.ends.values().sum::<u64>(), load.calls(), "every call has one end");
    assert!(judge.queued > 100, "the pool was never full: {} queued", judge.queued);
}

#[test]
fn an_engine_stopped_for_longer_than_its_lease_lives_loses_its_calls_and_no_other_does() {
    let server = server();
    // The calls of the engine that is stopped outlast the pause, as do those of the others.
    let load = Load { engines: 3, calls_each: 500, workers_each: 12, lease_ttl_s: TTL_S };
    let engines = Engines::start(&server.client, &load);
    engines.wait_for_answers(300);
    let stopped = &engines.tellers[0].process;
    send_signal(stopped, Signal::STOP);
    let of_stopped = format!("{}-", Engines::name(0));
    let is_live = |call: &serde_json::Value| {
        call["id"].as_str().is_some_and(|id| id.starts_with(&of_stopped))
    };
    // What it had asked for is decided before the pool is looked at.
    let live_calls = || {
        let mut live = Vec::new();
        for state in ["active", "queued"] {
            let calls = server.client.get(&format!("/v1/calls?state={state}&limit=1000"));
            live.extend(
                calls["items"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .filter(|call| is_live(call))
                    .cloned(),
            );
        }
        live
    };
    let lost = live_calls();
    assert!(!lost.is_empty(), "the engine had calls when it was stopped");
    let mut left = lost.len();
    server.client.follow("&types=call.ended", |event| {
        let call = &event["data"]["call"];
        if lost.iter().any(|lost| lost["id"] == call["id"]) {
            assert_eq!(call["reason"], "lease_expired", "{}", call["id"]);
            left -= 1;
        }
        left == 0
    });
    assert_eq!(live_calls(), Vec::<serde_json::Value>::new(), "the lease has run out");
    send_signal(stopped, Signal::CONT);
    let answers = engines.finish();

    let judge = judge_history(&server.client, 20, &answers);
    assert_eq!(judge.turns_of_time, 0, "no clock was set back");
    let expired = judge.calls().filter(|(_, call)| call["reason"] == "lease_expired");
    let expired: Vec<&String> = expired.map(|(id, _)| id).collect();
    assert!(expired.len() >= lost.len());
    let of_others = expired.iter().find(|id| !id.starts_with(&of_stopped));
    assert_eq!(of_others, None, "an engine that was well lost a call");
    assert_eq!(judge.ends.values().sum::<u64>(), load.calls(), "every call has one end");
}
