//! A client that keeps changing reservations, caps and the limit and reading the pool, in plain HTTP. Part of the real-input
//! tests. Every answer is printed as a line of JSON.
//!
//! `cargo run --example steering -- URL ADMIN_KEY OPERATOR_KEY ORG SEED`, until standard input ends.

use std::env;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::Request;

const PAUSE: Duration = Duration::from_millis(15);

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let [url, admin, operator, org, seed] = &words[..] else {
        eprintln!("usage: steering URL ADMIN_KEY OPERATOR_KEY ORG SEED");
        std::process::exit(2);
    };
    let mut random = seed.parse::<u64>().expect("a number");
    let is_over = AtomicBool::new(false);
    let http: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(75)))
        .build()
        .into();
    let request = |op: &str, method: &str, path: String, key: &str, body: Value| {
        let built = Request::builder()
            .method(method)
            .uri(format!("{url}{path}"))
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json")
            .body(if body.is_null() { String::new() } else { body.to_string() })
            .expect("a request");
        // Refusals are part of it, and so is a server that is away.
        let Ok(mut answer) = http.run(built) else { return };
        let status = answer.status().as_u16();
        let Ok(answer) = answer.body_mut().read_json::<Value>() else { return };
        println!("{}", json!({ "op": op, "status": status, "asked": body, "answer": answer }));
    };
    scope(|scope| {
        scope.spawn(|| {
            let _ = std::io::stdin().read_to_end(&mut Vec::new());
            is_over.store(true, Ordering::Relaxed);
        });
        while !is_over.load(Ordering::Relaxed) {
            let mut below = |bound: u64| {
                // Knuth's multiplier for a linear congruential generator (MMIX).
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (random >> 33) % bound
            };
            let agent = ["a", "b", "c"][usize::try_from(below(3)).expect("a small number")];
            match below(6) {
                0 | 1 => {
                    let reservation = json!({ "agent": agent, "webcall": below(3), "chat": below(4),
                        "outbound": below(5), "inbound": below(4) });
                    let put = json!({ "reservations": [reservation] });
                    request("reserve", "PUT", "/v1/reservations".into(), admin, put);
                }
                2 => {
                    let cap = (below(2) == 0).then(|| 6 + below(10));
                    let put = json!({ "name": agent, "cap": cap });
                    request("cap", "PUT", format!("/v1/agents/{agent}"), admin, put);
                }
                3 => {
                    let call_type = ["webcall", "chat", "outbound", "inbound"];
                    let call_type = call_type[usize::try_from(below(4)).expect("a small number")];
                    let cap = (below(2) == 0).then(|| 4 + below(9));
                    let put = json!({ "cap": cap });
                    request("cap", "PUT", format!("/v1/types/{call_type}"), admin, put);
                }
                4 => {
                    let patch = json!({ "limit_override": 14 + below(13) });
                    request("limit", "PATCH", format!("/v1/orgs/{org}"), operator, patch);
                }
                _ => request("look", "GET", "/v1/concurrency".into(), admin, Value::Null),
            }
            sleep(PAUSE);
        }
    });
}
