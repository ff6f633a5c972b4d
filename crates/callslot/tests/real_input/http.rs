//! Plain HTTP to a server: what a person would do with curl.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;

use serde_json::{Value, json};
use ureq::http::Request;
use ureq::http::request::Builder;

use crate::PATIENCE;

/// Speaks to a server with one key.
#[derive(Clone)]
pub struct Client {
    pub url: String,
    pub key: String,
    /// The organisation that the operator's key acts in; empty for other keys.
    pub org: String,
    pub http: ureq::Agent,
}

impl Client {
    pub fn new(address: SocketAddr, key: String) -> Self {
        let http = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            // A connection kept from before a restart would fail the next request.
            .max_idle_connections(0)
            .build()
            .into();
        Self { url: format!("http://{address}"), key, org: String::new(), http }
    }

    /// Sends a request, and returns the answer's status and JSON; an empty answer is null.
    pub fn try_to_send(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(u16, Value), ureq::Error> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("authorization", format!("Bearer {}", self.key))
            .header("content-type", "application/json");
        let request = self.in_org(request).body(body.map(Value::to_string).unwrap_or_default());
        let request = request.expect("a request");
        let mut answer = self.http.run(request)?;
        let text = answer.body_mut().read_to_string()?;
        Ok((answer.status().as_u16(), serde_json::from_str(&text).unwrap_or_default()))
    }

    fn in_org(&self, request: Builder) -> Builder {
        if self.org.is_empty() { request } else { request.header("callslot-org", &self.org) }
    }

    /// Sends a request, which must be answered.
    pub fn send(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        self.try_to_send(method, path, body).expect("an answer")
    }

    /// Sends a request, which must succeed.
    #[track_caller]
    pub fn done(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let (status, json) = self.send(method, path, body);
        assert!(status < 300, "{method} {path}: {status} {json}");
        json
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        self.done("GET", path, None)
    }

    /// The page for Prometheus.
    pub fn metrics(&self) -> String {
        let answer = self.http.get(format!("{}/metrics", self.url)).call();
        answer.expect("an answer").body_mut().read_to_string().expect("a text")
    }

    /// Signs a browser in with this client's key; returns its cookie.
    pub fn sign_in(&self) -> String {
        let request = Request::post(format!("{}/v1/session", self.url))
            .header("content-type", "application/json")
            .body(json!({ "key": self.key }).to_string())
            .expect("a request");
        let answer = self.http.run(request).expect("an answer");
        let cookie = answer.headers()["set-cookie"].to_str().expect("a cookie");
        cookie.split(';').next().expect("its name and value").to_owned()
    }

    /// Whether the browser with this cookie is signed in.
    pub fn is_signed_in(&self, cookie: &str) -> bool {
        let answer = self.http.get(format!("{}/v1/session", self.url)).header("cookie", cookie);
        answer.call().expect("an answer").status().is_success()
    }

    /// Starts a call of agent `c`, which has no reservation.
    pub fn start(&self, id: &str) -> (u16, Value) {
        self.send("POST", "/v1/calls", Some(&json!({ "id": id, "agent": "c", "type": "chat" })))
    }

    /// The organisation of the worked example in `docs/semantics.md`.
    pub fn set_up_the_worked_example(&self) {
        for agent in ["a", "b", "c"] {
            self.done("PUT", &format!("/v1/agents/{agent}"), Some(&json!({ "name": agent })));
        }
        let reservations = json!({ "reservations": [
            { "agent": "a", "webcall": 2, "chat": 3, "outbound": 4, "inbound": 3 },
            { "agent": "b", "webcall": 1, "chat": 1, "outbound": 2, "inbound": 1 },
        ] });
        self.done("PUT", "/v1/reservations", Some(&reservations));
    }

    /// All events up to this number.
    pub fn events_up_to(&self, last: u64) -> Vec<Value> {
        let mut events = Vec::new();
        if last > 0 {
            self.follow("", |event| {
                let is_last = event["data"]["seq"] == last;
                events.push(event);
                is_last
            });
        }
        events
    }

    /// Reads events from the first on until `is_enough`.
    pub fn follow(&self, filter: &str, mut is_enough: impl FnMut(Value) -> bool) {
        let request = Request::get(format!("{}/v1/events?after=0{filter}", self.url))
            .header("authorization", format!("Bearer {}", self.key));
        let request = self.in_org(request).body(()).expect("a request");
        let answer = self.http.run(request).expect("a stream");
        let mut name = String::new();
        for line in BufReader::new(answer.into_body().into_reader()).lines() {
            let line = line.expect("the stream goes on");
            if let Some(event) = line.strip_prefix("event: ") {
                event.clone_into(&mut name);
            } else if let Some(data) = line.strip_prefix("data: ") {
                let data: Value = serde_json::from_str(data).expect("JSON");
                if is_enough(json!({ "event": name, "data": data })) {
                    return;
                }
            }
        }
        panic!("the stream ended too early");
    }

    /// All ended calls that the server lists, newest first.
    pub fn ended_calls(&self) -> Vec<Value> {
        let (mut calls, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("/v1/calls?state=ended&limit=1000{cursor}"));
            calls.extend(page["items"].as_array().expect("a list").iter().cloned());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return calls,
            }
        }
    }
}
