//! A small call engine in plain HTTP: the shape of an integration, and the client of the real-input test.
//!
//! It starts calls under ids of its own, waits in line with a long poll, holds each call for a moment and ends it; some
//! callers hang up while they wait. Whatever goes wrong on the way (a connection cut, a 503) it repeats with the same id,
//! which is safe. Every answer is printed as a line of JSON.
//!
//! `cargo run --example engine -- URL KEY NAME CALLS WORKERS SEED`

use std::env;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{scope, sleep};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::Request;

/// How long to try before giving up: 1,200 times 50 ms is a minute.
const ATTEMPTS: u32 = 1_200;
const PAUSE: Duration = Duration::from_millis(50);
const AGENTS: [&str; 3] = ["a", "b", "c"];
const TYPES: [&str; 4] = ["webcall", "chat", "outbound", "inbound"];

struct Engine {
    http: ureq::Agent,
    url: String,
    key: String,
}

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let [url, key, name, calls, workers, seed] = &words[..] else {
        eprintln!("usage: engine URL KEY NAME CALLS WORKERS SEED");
        std::process::exit(2);
    };
    let number = |word: &String| word.parse::<u64>().expect("a number");
    let (calls, workers, seed) = (number(calls), number(workers), number(seed));
    let http = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(75)))
        .build()
        .into();
    let engine = Engine { http, url: url.clone(), key: key.clone() };
    let next = AtomicU64::new(0);
    scope(|scope| {
        for worker in 0..workers {
            let (engine, next) = (&engine, &next);
            let mut random = Random(seed.wrapping_mul(1_000) + worker + 1);
            scope.spawn(move || {
                loop {
                    let call = next.fetch_add(1, Ordering::Relaxed);
                    if call >= calls {
                        return;
                    }
                    engine.handle_call(&format!("{name}-{call}"), &mut random);
                }
            });
        }
    });
}

impl Engine {
    /// One call from its request to its end.
    fn handle_call(&self, id: &str, random: &mut Random) {
        let start =
            json!({ "id": id, "agent": random.one_of(&AGENTS), "type": random.one_of(&TYPES) });
        let hangs_up = random.below(10) == 0;
        let mut call = self.ask(id, "start", "/v1/calls", &start);
        while call["state"] == "queued" && !hangs_up {
            call = self.ask(id, "wait", &format!("/v1/calls/{id}?wait_s=10"), &Value::Null);
        }
        if call["state"] == "active" {
            sleep(Duration::from_millis(10 + random.below(120)));
        }
        self.ask(id, "end", &format!("/v1/calls/{id}/end"), &json!({}));
    }

    /// Asks until there is an answer, and prints it. No body: a GET.
    fn ask(&self, id: &str, op: &str, path: &str, body: &Value) -> Value {
        for _ in 0..ATTEMPTS {
            if let Some((status, answer)) = self.try_to_ask(path, body)
                && status != 503
            {
                println!("{}", json!({ "id": id, "op": op, "status": status, "answer": answer }));
                assert!(status < 300, "{op} {id}: {answer}");
                return answer;
            }
            sleep(PAUSE);
        }
        panic!("{op} {id}: no answer for a minute");
    }

    fn try_to_ask(&self, path: &str, body: &Value) -> Option<(u16, Value)> {
        let method = if body.is_null() { "GET" } else { "POST" };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("authorization", format!("Bearer {}", self.key));
        let mut answer = if body.is_null() {
            self.http.run(request.body(()).ok()?).ok()?
        } else {
            let request = request.header("content-type", "application/json");
            self.http.run(request.body(body.to_string()).ok()?).ok()?
        };
        let status = answer.status().as_u16();
        Some((status, answer.body_mut().read_json().ok()?))
    }
}

/// Random enough for a load: a linear congruential generator with Knuth's multiplier (MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[usize::try_from(self.below(choices.len() as u64)).expect("a small number")]
    }
}
