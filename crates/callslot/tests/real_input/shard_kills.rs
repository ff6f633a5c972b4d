//! `kill -9` of a server of four shards: many organisations, spread over them, start and end calls meanwhile.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::PATIENCE;
use crate::http::Client;
use crate::server::{OPERATOR, Server, Setup};

const KILLS: usize = 10;
/// The moments are chosen by this.
const SEED: u64 = 20_260_715;
const ORGS: usize = 16;
/// How many answers there are between two kills, from and to.
const ANSWERS_BETWEEN: (u64, u64) = (100, 500);

#[test]
fn nothing_answered_is_lost_in_any_of_four_shards_while_the_server_is_killed_ten_times() {
    let mut setup = Setup::new();
    setup.flags = vec!["--shards", "4"];
    let mut server = setup.start();
    let operator = Client::new(server.setup.address, OPERATOR.into());
    let clients: Vec<Client> = (0..ORGS).map(|number| operator_of(&operator, number)).collect();
    let (answers, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let mut calls = Vec::new();
    thread::scope(|scope| {
        let work = |client| start_and_end_calls(client, &answers, &is_over);
        let working: Vec<_> =
            clients.iter().map(|client| scope.spawn(move || work(client))).collect();
        kill_again_and_again(&mut server, &answers);
        is_over.store(true, Ordering::Relaxed);
        calls.extend(working.into_iter().map(|work| work.join().expect("it works")));
    });
    for (client, calls) in clients.iter().zip(&calls) {
        judge(client, *calls);
    }
    assert!(server.stop().success());
    server.setup.flags.clear();
    server.start_again();
    assert!(server.client.metrics().contains("callslot_shards 4"), "they are in the data");
    for (client, calls) in clients.iter().zip(&calls) {
        judge(client, *calls);
        assert_eq!(client.ended_calls().len() as u64, *calls, "in the history");
    }
    println!(
        "seed {SEED}: {KILLS} kills, {} calls of {ORGS} organisations",
        calls.iter().sum::<u64>()
    );
}

/// The operator in a new organisation.
fn operator_of(operator: &Client, number: usize) -> Client {
    let org = format!("org-{number}");
    let create = json!({ "id": org, "name": org, "plan": "standard" });
    operator.done("POST", "/v1/orgs", Some(&create));
    let operator = Client { org, ..operator.clone() };
    operator.done("PUT", "/v1/agents/c", Some(&json!({ "name": "C" })));
    operator
}

/// Starts and ends calls one after the other, each again until that is answered. Returns how many.
fn start_and_end_calls(client: &Client, answers: &AtomicU64, is_over: &AtomicBool) -> u64 {
    let mut calls = 0;
    while !is_over.load(Ordering::Relaxed) {
        let start = json!({ "id": format!("call-{calls}"), "agent": "c", "type": "chat" });
        until_answered(client, "/v1/calls", Some(&start));
        until_answered(client, &format!("/v1/calls/call-{calls}/end"), None);
        answers.fetch_add(2, Ordering::Relaxed);
        calls += 1;
    }
    calls
}

fn until_answered(client: &Client, path: &str, body: Option<&serde_json::Value>) {
    loop {
        match client.try_to_send("POST", path, body) {
            Ok((status, json)) if status < 300 => {
                assert_ne!(json["state"], "queued", "there are slots");
                return;
            }
            // It is down, or stops.
            Ok((503, _)) | Err(_) => thread::yield_now(),
            Ok((status, json)) => panic!("{path}: {status} {json}"),
        }
    }
}

fn kill_again_and_again(server: &mut Server, answers: &AtomicU64) {
    #![expect(clippy::disallowed_methods, reason = "it gives up when nobody is answered")]
    let mut random = fastrand::Rng::with_seed(SEED);
    for _ in 0..KILLS {
        let enough =
            answers.load(Ordering::Relaxed) + random.u64(ANSWERS_BETWEEN.0..ANSWERS_BETWEEN.1);
        let begun = std::time::Instant::now();
        while answers.load(Ordering::Relaxed) < enough {
            assert!(begun.elapsed() < PATIENCE, "nobody is answered");
            thread::park_timeout(Duration::from_millis(5));
        }
        server.process.kill();
        server.start_again();
    }
}

/// Each call has started and ended once, in order, and no event is missing.
fn judge(client: &Client, calls: u64) {
    let as_of = client.get("/v1/concurrency")["as_of"].as_u64().expect("a number");
    let events = client.events_up_to(as_of);
    let numbers: Vec<u64> = events.iter().filter_map(|it| it["data"]["seq"].as_u64()).collect();
    assert_eq!(numbers, (1..=as_of).collect::<Vec<_>>(), "no event is missing");
    let of_calls = events.iter().filter(|event| event["data"]["call"].is_object());
    let happened: Vec<String> =
        of_calls.map(|it| format!("{} {}", it["event"], it["data"]["call"]["id"])).collect();
    let expected = (0..calls).flat_map(|number| {
        ["started", "ended"].map(|what| format!("\"call.{what}\" \"call-{number}\""))
    });
    assert_eq!(happened, expected.collect::<Vec<_>>());
}
