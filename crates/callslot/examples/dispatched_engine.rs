//! A small call engine that a webhook calls: the receiver of the tests that kill it.
//!
//! Each call that it is offered it notes in a file, takes it up with a 2xx, holds it for a moment and ends it; one in sixteen it gives back.
//! When it is started again it ends what it had noted before, since nobody else will. It answers a repeated offer as before.
//!
//! `cargo run --example dispatched_engine -- URL KEY PORT FILE`

use std::collections::HashSet;
use std::fs::File;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::Value;
use ureq::http::Request;

/// How long to try before giving up: 2,400 times 25 ms is a minute.
const ATTEMPTS: u32 = 2_400;
const PAUSE: Duration = Duration::from_millis(25);

struct Engine {
    http: ureq::Agent,
    url: String,
    key: String,
    notes: Mutex<(File, HashSet<String>)>,
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [url, key, port, file] = &words[..] else {
        eprintln!("usage: dispatched_engine URL KEY PORT FILE");
        std::process::exit(2);
    };
    let before = std::fs::read_to_string(file).unwrap_or_default();
    let noted = File::options().create(true).append(true).open(file).expect("a file");
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let config = config.timeout_global(Some(Duration::from_secs(10))).max_idle_connections(0);
    let ids = before.lines().filter_map(|line| line.split(' ').nth(1)).map(ToOwned::to_owned);
    let engine = Arc::new(Engine {
        http: config.build().into(),
        url: url.clone(),
        key: key.clone(),
        notes: Mutex::new((noted, ids.collect())),
    });
    for call in before.lines().filter_map(|line| line.split(' ').next()) {
        hold_and_end(&engine, call.to_owned(), Duration::ZERO);
    }
    let routes = axum::Router::new().route("/hook", post(offered)).with_state(engine);
    let address = format!("127.0.0.1:{port}");
    let listener = tokio::net::TcpListener::bind(address).await.expect("a port");
    println!("ready");
    axum::serve(listener, routes).await.expect("it serves");
}

async fn offered(State(engine): State<Arc<Engine>>, headers: HeaderMap, body: Bytes) -> Response {
    let event: Value = serde_json::from_slice(&body).expect("an event");
    let call = event["data"]["call"]["id"].as_str().expect("a call").to_owned();
    let id = headers["webhook-id"].to_str().expect("an id").to_owned();
    let number = event["seq"].as_u64().expect("a number");
    if number.is_multiple_of(16) {
        return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "1")]).into_response();
    }
    let is_new = {
        let mut notes = engine.notes.lock().expect("nobody panics with it");
        let is_new = notes.1.insert(id.clone());
        if is_new {
            // One write, so that a kill leaves no half of a line.
            notes.0.write_all(format!("{call} {id}\n").as_bytes()).expect("it is noted");
        }
        is_new
    };
    if is_new {
        hold_and_end(&engine, call, Duration::from_millis(20 + number % 64));
    }
    StatusCode::NO_CONTENT.into_response()
}

/// Holds a call, and ends it, whatever happens to the server meanwhile.
fn hold_and_end(engine: &Arc<Engine>, call: String, time: Duration) {
    let engine = Arc::clone(engine);
    tokio::spawn(async move {
        tokio::time::sleep(time).await;
        for _ in 0..ATTEMPTS {
            let (engine, call) = (Arc::clone(&engine), call.clone());
            let ended = tokio::task::spawn_blocking(move || engine.end(&call));
            if ended.await.expect("it ends on its own") {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    });
}

impl Engine {
    /// Ends a call; returns whether it is over, or nothing more can be done.
    fn end(&self, call: &str) -> bool {
        let request = Request::post(format!("{}/v1/calls/{call}/end", self.url))
            .header("authorization", format!("Bearer {}", self.key))
            .header("content-type", "application/json")
            .body("{}")
            .expect("a request");
        let answer = self.http.run(request);
        answer.is_ok_and(|answer| answer.status().as_u16() < 500)
    }
}
