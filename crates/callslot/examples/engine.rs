//! A small call engine in plain HTTP: the shape of an integration, and the client of the real-input tests.
//!
//! It opens a lease and renews it every third of its TTL, so that its slots come free if it dies. It starts calls under ids of
//! its own, waits for a slot with a long poll, holds each call for a moment and ends it; some callers hang up while they wait.
//! If something goes wrong on the way (a broken connection, a 503) it repeats the request with the same id, which is safe; if
//! its lease has run out it opens another. Every answer is printed as a line of JSON.
//!
//! `cargo run --example engine -- URL KEY NAME CALLS WORKERS SEED [LEASE_TTL_S]`

use std::env;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{scope, sleep};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::Request;

/// How long to try before giving up: 1,200 times 50 ms is a minute.
const ATTEMPTS: u32 = 1_200;
const PAUSE: Duration = Duration::from_millis(50);
const AGENTS: [&str; 3] = ["a", "b", "c"];
const TYPES: [&str; 4] = ["webcall", "chat", "outbound", "inbound"];
const DEFAULT_TTL_S: u64 = 15;

struct Engine {
    http: ureq::Agent,
    url: String,
    key: String,
    name: String,
    ttl_s: u64,
    /// The lease that new calls are started under.
    lease: Mutex<String>,
}

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let [url, key, name, calls, workers, seed, ttl_s @ ..] = &words[..] else {
        eprintln!("usage: engine URL KEY NAME CALLS WORKERS SEED [LEASE_TTL_S]");
        std::process::exit(2);
    };
    let number = |word: &String| word.parse::<u64>().expect("a number");
    let (calls, workers, seed) = (number(calls), number(workers), number(seed));
    let http = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(75)))
        .build()
        .into();
    let engine = Engine {
        http,
        url: url.clone(),
        key: key.clone(),
        name: name.clone(),
        ttl_s: ttl_s.first().map_or(DEFAULT_TTL_S, number),
        lease: Mutex::default(),
    };
    engine.open_lease("");
    let next = AtomicU64::new(0);
    let (working, has_work) = sync_channel::<()>(0);
    scope(|scope| {
        let (engine, next) = (&engine, &next);
        scope.spawn(move || engine.renew_until_done(&has_work));
        for worker in 0..workers {
            let mut random = Random(seed.wrapping_mul(1_000) + worker + 1);
            let working = working.clone();
            scope.spawn(move || {
                loop {
                    let call = next.fetch_add(1, Ordering::Relaxed);
                    if call >= calls {
                        drop(working);
                        return;
                    }
                    engine.handle_call(&format!("{}-{call}", engine.name), &mut random);
                }
            });
        }
        drop(working);
    });
    engine.ask(name, "close", "DELETE", &format!("/v1/leases/{}", engine.lease()), &Value::Null);
}

impl Engine {
    /// One call from its request to its end.
    fn handle_call(&self, id: &str, random: &mut Random) {
        let (agent, call_type) = (random.one_of(&AGENTS), random.one_of(&TYPES));
        let hangs_up = random.below(10) == 0;
        let mut call = self.start(id, agent, call_type);
        while call["state"] == "queued" && !hangs_up {
            let path = format!("/v1/calls/{id}?wait_s=10");
            (_, call) = self.ask(id, "wait", "GET", &path, &Value::Null);
        }
        if call["state"] == "active" {
            sleep(Duration::from_millis(10 + random.below(120)));
        }
        self.ask(id, "end", "POST", &format!("/v1/calls/{id}/end"), &json!({}));
    }

    fn start(&self, id: &str, agent: &str, call_type: &str) -> Value {
        loop {
            let lease = self.lease();
            let start = json!({ "id": id, "agent": agent, "type": call_type, "lease": lease });
            let (status, answer) = self.ask(id, "start", "POST", "/v1/calls", &start);
            if status != 404 {
                return answer;
            }
            self.open_lease(&lease);
        }
    }

    fn lease(&self) -> String {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Opens a lease in place of one that has run out, unless another thread did.
    fn open_lease(&self, lapsed: &str) {
        let mut lease = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        if *lease == lapsed {
            let open = json!({ "ttl_s": self.ttl_s });
            let (_, opened) = self.ask(&self.name, "open", "POST", "/v1/leases", &open);
            opened["id"].as_str().expect("an id").clone_into(&mut lease);
        }
    }

    /// Renews the lease every third of its time, until no worker is left.
    fn renew_until_done(&self, has_work: &Receiver<()>) {
        let pause = Duration::from_secs(self.ttl_s) / 3;
        while has_work.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
            let lease = self.lease();
            let path = format!("/v1/leases/{lease}/renew");
            let (status, _) = self.ask(&self.name, "renew", "POST", &path, &json!({}));
            if status == 404 {
                self.open_lease(&lease);
            }
        }
    }

    /// Asks until there is an answer, prints it, and returns it with its status: a success, or 404 for a lease that ran out.
    fn ask(&self, id: &str, op: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        for _ in 0..ATTEMPTS {
            if let Some((status, answer)) = self.try_to_ask(method, path, body) {
                println!("{}", json!({ "id": id, "op": op, "status": status, "answer": answer }));
                if status < 300 || answer["code"] == "lease_expired" {
                    return (status, answer);
                }
                assert_eq!(status, 503, "{op} {id}: {answer}");
            }
            sleep(PAUSE);
        }
        panic!("{op} {id}: no answer for a minute");
    }

    fn try_to_ask(&self, method: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("authorization", format!("Bearer {}", self.key))
            .header("content-type", "application/json")
            .body(body)
            .ok()?;
        let mut answer = self.http.run(request).ok()?;
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().ok()?;
        // The end of a lease is answered without a body.
        let json = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).ok()? };
        Some((status, json))
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
