//! Real input: the release binary with its data on disk, six client processes with 2,000 calls, one that changes settings
//! all the while, and three kills in the middle. Judged from the event stream and from what clients were told.

mod judge;
mod processes;

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value;

use crate::judge::Judge;
use crate::processes::{Engines, Server, Steering, build_release};

const CALLS: u64 = 2_000;
const ENGINES: u64 = 6;
const KILLS: u64 = 3;
/// How many calls must have ended since before the server is killed again.
const ENDS_BETWEEN_KILLS: u64 = CALLS / (KILLS + 1);

#[test]
fn nothing_answered_is_lost_over_the_limit_or_out_of_order_while_the_server_is_killed_three_times()
{
    build_release();
    let mut server = Server::start();
    server.set_up_the_worked_example();
    let steering = Steering::start(&server);
    let engines = Engines::start(&server, ENGINES, CALLS.div_ceil(ENGINES));
    for kill in 1..=KILLS {
        server.wait_for_ends(kill * ENDS_BETWEEN_KILLS);
        server.kill_and_restart();
    }
    let answers = engines.finish();
    steering.stop();

    let pool = server.get("/v1/concurrency");
    let last = pool["as_of"].as_u64().expect("a number");
    let events = server.events_up_to(last);
    let mut judge = Judge::new(20);
    for event in &events {
        judge.judge(event);
    }
    println!(
        "{} events, {} calls, {} queued, most active {}, {} settled changes, {} answers",
        events.len(),
        judge.ended(),
        judge.queued(),
        judge.most_active(),
        judge.settings_changes(),
        answers.len()
    );
    assert!(judge.queued() > 100, "the pool was never full for long: {} queued", judge.queued());
    assert_eq!(judge.ended(), ENGINES * CALLS.div_ceil(ENGINES), "every call has one end");
    assert_eq!(judge.live(), 0, "no slot leaked");
    assert_eq!(
        (&pool["active"], &pool["queued"]),
        (&Value::from(0), &Value::from(0)),
        "no slot leaked"
    );
    compare_with_what_clients_were_told(&answers, &judge.ends());
}

/// Whatever a client was told of a call's start or end is in the log.
fn compare_with_what_clients_were_told(answers: &[Value], ends: &HashMap<String, Value>) {
    for told in answers {
        let id = told["id"].as_str().expect("an id");
        let logged =
            ends.get(id).unwrap_or_else(|| panic!("{id} was answered and is not in the log"));
        let answer = &told["answer"];
        if answer["state"] == "active" {
            assert_eq!(answer["started_at"], logged["started_at"], "{id} was told another start");
            assert_eq!(answer["slot"], logged["slot"], "{id} was told another slot");
        }
        if answer["state"] == "ended" {
            assert_eq!(answer["ended_at"], logged["ended_at"], "{id} was told another end");
            assert_eq!(answer["reason"], logged["reason"], "{id} was told another reason");
        }
    }
}

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_mins(2);
