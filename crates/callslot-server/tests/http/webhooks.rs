//! Webhooks: what comes to a receiver, signed, in order and again; and what its answers do to calls.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use callslot_server::{Allowed, ServerConfig};
use callslot_webhooks::{Secret, signatures};
use serde_json::{Value, json};

use crate::support::receiver::{Message, Receiver, Said, TAKEN};
use crate::support::test_server::TestServer;

fn config() -> ServerConfig {
    let loopback = "127.0.0.0/8".parse().expect("a network");
    ServerConfig { webhook_allow: Allowed(vec![loopback]), ..ServerConfig::default() }
}

fn server() -> TestServer {
    let server = TestServer::bare(&config());
    server.put("/v1/agents/a", &json!({ "name": "a" })).expect(201);
    server
}

fn create(server: &TestServer, receiver: &Receiver, with: &Value) -> Value {
    let mut body = json!({ "url": receiver.url(), "events": ["*"] });
    for (field, value) in with.as_object().expect("fields") {
        body[field] = value.clone();
    }
    server.post("/v1/webhooks", &body).expect(201)
}

fn address(webhook: &Value) -> String {
    format!("/v1/webhooks/{}", webhook["id"].as_str().expect("an id"))
}

/// Asks until the webhook is as `wanted` says.
#[track_caller]
fn once(server: &TestServer, webhook: &Value, wanted: impl Fn(&Value) -> bool) -> Value {
    let asked = callslot_server::Stopwatch::start();
    loop {
        let now = server.get(&address(webhook)).expect(200);
        if wanted(&now) {
            return now;
        }
        assert!(asked.elapsed() < Duration::from_secs(20), "{now}");
        std::thread::yield_now();
    }
}

fn verify(secret: &Value, message: &Message) -> bool {
    let secret = Secret::parse(secret.as_str().expect("a secret")).expect("a secret");
    let own = signatures([&secret], &message.id, message.timestamp, message.text.as_bytes());
    message.signatures.split(' ').any(|signature| signature == own)
}

/// Starts a call that is to be claimed, and waits its turn behind one that holds the only slot.
fn dispatch(server: &TestServer, id: &str) {
    let body = json!({ "agent": "a", "type": "chat", "id": id, "claim_within_s": 30 });
    server.post("/v1/calls", &body).expect(201);
    server.end("first");
}

#[test]
fn events_come_signed_and_in_order_and_go_on_after_a_restart() {
    let server = server();
    let receiver = Receiver::new(|_| TAKEN);
    let webhook = create(&server, &receiver, &json!({ "agents": ["a"] }));
    server.put("/v1/agents/b", &json!({ "name": "not of a" })).expect(201);
    server.start("a", "chat", "one");
    server.end("one");
    let came: Vec<Message> = (0..2).map(|_| receiver.next()).collect();
    for (message, event) in came.iter().zip(["call.started", "call.ended"]) {
        assert_eq!(message.body["type"], event);
        assert_eq!(message.body["org"], "default");
        assert_eq!(message.body["data"]["call"]["id"], "one");
        assert_eq!(message.body["seq"], message.body["data"]["seq"]);
        assert!(verify(&webhook["secret"], message), "{message:?}");
    }
    let state = once(&server, &webhook, |now| now["behind"] == 0);
    assert_eq!((&state["state"], &state["secret"]), (&json!("ok"), &Value::Null));
    let rotated = server.post(&format!("{}/rotate", address(&webhook)), &Value::Null).expect(200);
    let server = server.restart_as(&config());
    server.start("a", "chat", "two");
    let next = receiver.next();
    assert_eq!(next.body["data"]["call"]["id"], "two");
    assert!(verify(&webhook["secret"], &next) && verify(&rotated["secret"], &next));
    let deliveries = server.get(&format!("{}/deliveries?limit=2", address(&webhook))).expect(200);
    assert_eq!(deliveries["items"].as_array().map(Vec::len), Some(2), "{deliveries}");
    server.delete(&address(&webhook)).expect(204);
    server.get(&address(&webhook)).refused(404, "unknown_webhook", "no such webhook");
}

#[test]
fn what_is_not_taken_comes_again_and_other_calls_do_not_wait_for_it() {
    let server = server();
    let failed = AtomicUsize::new(0);
    let receiver = Receiver::new(move |message: &Message| -> Said {
        let is_bad = message.body["data"]["call"]["id"] == "bad";
        if is_bad && failed.fetch_add(1, Ordering::Relaxed) == 0 {
            return ("500 Internal Server Error", "");
        }
        TAKEN
    });
    let webhook = create(&server, &receiver, &json!({ "events": ["call.started", "call.ended"] }));
    server.start("a", "chat", "bad");
    let first = receiver.next();
    server.end("bad");
    server.start("a", "chat", "good");
    assert_eq!(receiver.next().body["data"]["call"]["id"], "good");
    let failing = once(&server, &webhook, |now| !now["last_failure"].is_null());
    assert_eq!(failing["last_failure"]["status"], 500);
    // What waits survives a restart.
    let server = server.restart_as(&config());
    let again = receiver.next();
    assert_eq!((again.id, again.body), (first.id, first.body));
    assert_eq!(receiver.next().body["type"], "call.ended");
    let ok = once(&server, &webhook, |now| now["behind"] == 0);
    assert_eq!(ok["state"], "ok");
    let path = format!("{}/redeliver", address(&webhook));
    let deliveries = server.get(&format!("{}/deliveries", address(&webhook))).expect(200);
    let oldest = deliveries["items"].as_array().and_then(|items| items.last()).cloned();
    let id = oldest.expect("an attempt")["id"].clone();
    server.post(&path, &json!({ "ids": [id] })).expect(200);
    assert_eq!(json!(receiver.next().id), id);
    server.post(&path, &json!({ "after": 0 })).expect(200);
    let all: Vec<_> = (0..3).map(|_| receiver.next().body["type"].clone()).collect();
    assert!(all.contains(&json!("call.ended")), "{all:?}");
}

#[test]
fn a_success_claims_a_dispatched_call_and_a_refusal_gives_it_back_or_ends_it() {
    for (answer, wanted) in [
        (TAKEN, json!("active")),
        (("503 Service Unavailable\r\nretry-after: 5", ""), json!("again")),
        (("503 Service Unavailable", r#"{"decline":"now"}"#), json!("again")),
        (("422 Unprocessable Content", r#"{"decline":"for_good"}"#), json!("declined")),
    ] {
        let server = server();
        server.limit(1);
        let refusals = AtomicUsize::new(0);
        let receiver = Receiver::new(move |message: &Message| -> Said {
            let is_offer = message.body["type"] == "call.started";
            let is_first = refusals.fetch_add(1, Ordering::Relaxed) == 0;
            if is_offer && is_first { answer } else { TAKEN }
        });
        server.start("a", "chat", "first");
        let webhook = create(&server, &receiver, &json!({ "events": ["call.started"] }));
        dispatch(&server, "call");
        assert_eq!(receiver.next().body["data"]["call"]["id"], "call");
        if wanted == "again" {
            // It is the only one that waits, so its turn comes at once.
            assert_eq!(receiver.next().body["data"]["call"]["id"], "call");
        }
        once(&server, &webhook, |now| now["behind"] == 0);
        let call = server.get("/v1/calls/call").expect(200);
        if wanted == "declined" {
            assert_eq!((&call["state"], &call["reason"]), (&json!("ended"), &wanted), "{call}");
            continue;
        }
        assert_eq!(call["state"], "active", "{call}");
        let claim = json!({ "claimant": "another" });
        let late = server.post("/v1/calls/call/claim", &claim);
        late.refused(409, "claimed_by_other", "");
    }
}

#[test]
fn a_call_is_offered_to_one_webhook_at_a_time() {
    let server = server();
    let (offered, offers) = channel();
    let (answer, answers) = channel();
    let answers = Arc::new(Mutex::new(answers));
    let receivers: Vec<_> = (0..3)
        .map(|number| {
            let (offered, answers) = (offered.clone(), Arc::clone(&answers));
            Receiver::new(move |_| {
                offered.send(number).expect("the test listens");
                answers.lock().expect("nobody panics").recv().expect("an answer")
            })
        })
        .collect();
    let wanted = json!({ "events": ["call.started"] });
    let webhooks: Vec<_> = receivers.iter().map(|it| create(&server, it, &wanted)).collect();
    let call = json!({ "agent": "a", "type": "chat", "id": "one", "claim_within_s": 30 });
    server.post("/v1/calls", &call).expect(201);
    let first: usize = offers.recv().expect("an offer");
    // The others have their turn several times meanwhile.
    offers.recv_timeout(Duration::from_millis(500)).expect_err("it is offered twice at once");
    answer.send(("500 Internal Server Error", "")).expect("it is waited for");
    let second = offers.recv().expect("an offer");
    assert_ne!(first, second, "another one has it before it comes again");
    answer.send(TAKEN).expect("it is waited for");
    for webhook in &webhooks {
        once(&server, webhook, |now| now["behind"] == 0);
    }
    offers.try_recv().expect_err("it is offered once it is claimed");
    server.get("/v1/calls/one").expect(200);
}

#[test]
fn an_address_that_is_not_public_is_refused_when_it_is_called() {
    let server = TestServer::new();
    for url in ["http://127.0.0.1/", "https://[::ffff:10.0.0.1]/x", "http://169.254.169.254/"] {
        let body = json!({ "url": url, "events": ["*"] });
        server.post("/v1/webhooks", &body).refused(422, "invalid_field", "--webhook-allow");
    }
    // What a name leads to is seen when the connection is made.
    let body = json!({ "url": "http://localhost:9/", "events": ["*"] });
    let webhook = server.post("/v1/webhooks", &body).expect(201);
    let tested = server.post(&format!("{}/test", address(&webhook)), &Value::Null).expect(200);
    assert_eq!(tested["taken"], false);
    let cause = tested["cause"].as_str().expect("a cause");
    assert!(cause.contains("not an address of the public internet"), "{cause}");
    assert!(!cause.contains("127.0.0.1") && !cause.contains("::1"), "{cause}");
}

#[test]
fn a_receiver_that_is_gone_is_called_no_more_until_it_is_enabled() {
    let server = server();
    let times = AtomicUsize::new(0);
    let receiver = Receiver::new(move |_: &Message| -> Said {
        if times.fetch_add(1, Ordering::Relaxed) == 0 { ("410 Gone", "") } else { TAKEN }
    });
    let webhook = create(&server, &receiver, &json!({ "events": ["call.ended"] }));
    server.start("a", "chat", "one");
    server.end("one");
    let first = receiver.next();
    let state = once(&server, &webhook, |now| now["state"] == "disabled");
    assert!(state["disabled_because"].as_str().is_some_and(|why| why.contains("410")), "{state}");
    assert!(receiver.is_silent(Duration::from_millis(200)));
    // It comes first once the webhook is enabled again, so it is not given up.
    let deliveries = server.get(&format!("{}/deliveries", address(&webhook))).expect(200);
    let last = &deliveries["items"][0];
    assert_eq!((&last["outcome"], &last["next_attempt_at"]), (&json!("failed"), &Value::Null));
    let patch = json!({ "enabled": true });
    let enabled = server.ask("PATCH", &address(&webhook), &server.admin, Some(&patch), &[]);
    assert_eq!(enabled.expect(200)["disabled_because"], Value::Null);
    assert_eq!(receiver.next().id, first.id);
}

#[test]
fn an_admin_who_disables_what_the_server_disabled_closes_its_alert() {
    let server = server();
    let receiver = Receiver::new(|_| ("410 Gone", ""));
    let webhook = create(&server, &receiver, &json!({ "events": ["call.ended"] }));
    server.start("a", "chat", "one");
    server.end("one");
    once(&server, &webhook, |now| now["state"] == "disabled");
    let watching = Receiver::new(|_| TAKEN);
    create(&server, &watching, &json!({ "events": ["alert.opened", "alert.closed"] }));
    let open = || {
        let alerts = server.get("/v1/alerts").expect(200);
        alerts["items"].as_array().is_some_and(|items| !items.is_empty())
    };
    let asked = callslot_server::Stopwatch::start();
    while !open() {
        assert!(asked.elapsed() < Duration::from_secs(20));
        std::thread::yield_now();
    }
    let patch = json!({ "enabled": false });
    let disabled = server.ask("PATCH", &address(&webhook), &server.admin, Some(&patch), &[]);
    assert_eq!(disabled.expect(200)["disabled_because"], "an admin disabled it");
    while open() {
        assert!(asked.elapsed() < Duration::from_secs(20));
        std::thread::yield_now();
    }
}

#[test]
fn a_secret_that_still_signs_is_not_rotated_away_by_a_second_click() {
    let server = server();
    let receiver = Receiver::new(|_| TAKEN);
    let webhook = create(&server, &receiver, &json!({}));
    let path = format!("{}/rotate", address(&webhook));
    let rotated = server.post(&path, &Value::Null).expect(200);
    let until = rotated["old_secret_until"].as_str().expect("a time");
    server.post(&path, &Value::Null).refused(409, "secret_in_use", until);
    server.post(&path, &json!({ "grace_s": 60 })).refused(409, "secret_in_use", "`grace_s` 0");
    server.start("a", "chat", "one");
    let message = receiver.next();
    assert!(verify(&webhook["secret"], &message) && verify(&rotated["secret"], &message));
    let at_once = server.post(&path, &json!({ "grace_s": 0 })).expect(200);
    assert_eq!(at_once["old_secret_until"], Value::Null);
    server.start("a", "chat", "two");
    let message = receiver.next();
    assert!(verify(&at_once["secret"], &message));
    assert!(!verify(&webhook["secret"], &message) && !verify(&rotated["secret"], &message));
    server.post(&path, &json!({ "grace_s": 86_401 })).refused(422, "invalid_field", "86,400");
}

#[test]
fn how_far_it_is_behind_counts_what_waits_and_what_is_under_way_also_after_a_restart() {
    let server = server();
    let answered = AtomicUsize::new(0);
    let receiver = Receiver::new(move |_: &Message| -> Said {
        if answered.fetch_add(1, Ordering::Relaxed) >= 5 {
            std::thread::park();
        }
        ("500 Internal Server Error", "")
    });
    let webhook = create(&server, &receiver, &json!({ "events": ["call.started"] }));
    for id in 0..12 {
        server.start("a", "chat", &format!("call-{id}"));
    }
    once(&server, &webhook, |now| !now["last_failure"].is_null());
    assert_eq!(server.get(&address(&webhook)).expect(200)["behind"], 12);
    let server = server.restart_as(&config());
    assert_eq!(server.get(&address(&webhook)).expect(200)["behind"], 12);
}

#[test]
fn fields_are_checked_and_the_number_of_webhooks_is_bounded() {
    let server = server();
    let good = json!({ "url": "https://example.com/x", "events": ["call.ended"] });
    for (field, value, words) in [
        ("url", json!("ftp://example.com"), "https://"),
        ("url", json!("https://u:p@example.com"), "no user"),
        ("events", json!([]), "empty"),
        ("events", json!(["call.lost"]), "call.lost"),
        ("events", json!(["*", "call.started"]), "* alone"),
        ("agents", json!(["a b"]), "agents"),
        ("url", json!("https://example.com/\u{202e}gpj"), "not ASCII"),
        ("url", json!("https://example.com:99999/"), "1 to 65,535"),
        ("url", json!("https://example.com:0/"), "1 to 65,535"),
        ("url", json!("https://example.com:/"), "1 to 65,535"),
        ("url", json!("https://[2606:4700::1]:70000/"), "1 to 65,535"),
        ("description", json!("a\u{1b}[2J"), "control characters"),
        ("description", json!("a\u{0}"), "control characters"),
        ("description", json!("a\u{202e}b"), "U+202E"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        server.post("/v1/webhooks", &body).refused(422, "invalid_field", words);
    }
    let mut created = server.post("/v1/webhooks", &good).expect(201);
    let moved = json!({ "url": "https://[2606:4700::1]:8443/x?y=%20" });
    created = server.ask("PATCH", &address(&created), &server.admin, Some(&moved), &[]).expect(200);
    assert_eq!(created["url"], moved["url"]);
    for action in ["rotate", "test"] {
        let path = format!("{}/{action}", address(&created));
        let unknown = json!({ "quickly": true });
        server.post(&path, &unknown).refused(422, "invalid_field", "quickly");
    }
    for _ in 1..20 {
        server.post("/v1/webhooks", &good).expect(201);
    }
    server.post("/v1/webhooks", &good).refused(409, "too_many_webhooks", "20");
}
