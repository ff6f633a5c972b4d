//! Alerts over HTTP.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use callslot_api::Client;
use callslot_server::{Allowed, ServerConfig, Stopwatch};
use serde_json::{Value, json};

use crate::support::receiver::{Message, Receiver, Said, TAKEN};
use crate::support::test_server::TestServer;

/// Puts a rule and returns the alert.
fn put(server: &TestServer, id: &str, rule: &Value) -> Value {
    let answer = server.put(&format!("/v1/alerts/{id}"), rule);
    assert!(matches!(answer.status, 200 | 201), "{}", answer.body);
    answer.body
}

/// The next events of these kinds after the first one, which are awaited.
fn happened(server: &TestServer, types: &str, count: usize) -> Vec<(String, Value)> {
    let client = Client::new(&server.url(""), &server.admin, None);
    let mut events = Vec::new();
    let followed = client.follow(Some("0"), &[("types", types)], |event| {
        let data = serde_json::from_str(&event.data).expect("JSON");
        events.push((event.name.clone(), data));
        events.len() < count
    });
    followed.expect("the stream goes on");
    events
}

/// The alert once it is as wanted.
fn once(server: &TestServer, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let asked = Stopwatch::start();
    loop {
        let all = server.get("/v1/alerts").expect(200);
        let items = all["items"].as_array().expect("a page");
        let found = items.iter().find(|item| item["id"] == id).cloned().unwrap_or_default();
        if wanted(&found) {
            return found;
        }
        assert!(asked.elapsed() < Duration::from_secs(20), "{all}");
        std::thread::yield_now();
    }
}

fn past(server: &TestServer) -> Vec<Value> {
    let page = server.get("/v1/alerts/history").expect(200);
    page["items"].as_array().expect("a page").clone()
}

#[test]
fn rules_are_created_replaced_listed_and_deleted() {
    let server = TestServer::new();
    let rule =
        json!({ "when": "utilization", "agent": "a", "type": "chat", "above": 85.5, "for_s": 300 });
    let new = server.put("/v1/alerts/busy", &rule).expect(201);
    let expected = json!({ "id": "busy", "when": "utilization", "agent": "a", "type": "chat", "gate": null,
        "webhook": null, "above": 85.5, "for_s": 300, "figure": 0.0, "open": null });
    assert_eq!(new, expected);
    assert_eq!(server.get("/v1/alerts/busy").expect(200), expected);
    server.put("/v1/alerts/busy", &rule).expect(200);
    put(&server, "long", &json!({ "when": "queued", "above": 10 }));
    let first = server.get("/v1/alerts?limit=1").expect(200);
    assert_eq!(first["items"], json!([expected]));
    let next = first["next"].as_str().expect("another page");
    let second = server.get(&format!("/v1/alerts?cursor={next}")).expect(200);
    assert_eq!((&second["items"][0]["id"], &second["next"]), (&json!("long"), &Value::Null));
    server.delete("/v1/alerts/long").expect(204);
    server.get("/v1/alerts/long").refused(404, "unknown_alert", "PUT /v1/alerts/long");
    server.delete("/v1/alerts/long").refused(404, "unknown_alert", "create it");
}

#[test]
fn what_makes_no_sense_is_refused_with_the_field() {
    let server = TestServer::new();
    let refused = |rule: Value, code, said| {
        let status = if code == "invalid_field" { 422 } else { 404 };
        server.put("/v1/alerts/x", &rule).refused(status, code, said);
    };
    refused(json!({ "when": "queued", "above": -1 }), "invalid_field", "from 0 to");
    refused(json!({ "when": "queued", "above": 0.0004 }), "invalid_field", "steps of 0.001");
    refused(json!({ "when": "queued", "above": 1, "for_s": 86_401 }), "invalid_field", "for_s");
    refused(json!({ "when": "webhook_disabled", "above": 1 }), "invalid_field", "when");
    refused(
        json!({ "when": "queued", "above": 1, "agent": "b", "gate": "g" }),
        "invalid_field",
        "beside",
    );
    refused(json!({ "when": "reservation_full", "above": 100 }), "invalid_field", "99");
    refused(json!({ "when": "queued", "above": 1, "agent": "nobody" }), "unknown_agent", "nobody");
    refused(json!({ "when": "queued", "above": 1, "gate": "none" }), "unknown_gate", "none");
    let rule = json!({ "when": "queued", "above": 1 });
    server.put("/v1/alerts/webhook:wh_1", &rule).refused(409, "built_in_alert", "begin with");
    server.put("/v1/alerts/history", &rule).refused(405, "method_not_allowed", "");
    for number in 0..100 {
        put(&server, &format!("r{number}"), &rule);
    }
    server.put("/v1/alerts/one-more", &rule).refused(409, "too_many_alerts", "100");
}

#[test]
fn an_alert_opens_survives_a_restart_and_closes() {
    let server = TestServer::new();
    server.limit(2);
    server.start("a", "chat", "1");
    put(&server, "busy", &json!({ "when": "utilization", "above": 85 }));
    put(&server, "wait", &json!({ "when": "oldest_wait", "type": "chat", "above": 0.2 }));
    server.start("a", "chat", "2");
    server.start("a", "chat", "3");
    let opened = happened(&server, "alert.opened", 2);
    let data = opened.iter().map(|(_, data)| data);
    let busy = data.clone().find(|data| data["id"] == "busy").expect("busy opened");
    assert_eq!((&busy["figure"], &busy["above"]), (&json!(100.0), &json!(85.0)), "{busy}");
    let wait = data.clone().find(|data| data["id"] == "wait").expect("wait opened");
    assert!(wait["figure"].as_f64().is_some_and(|waited| waited > 0.2), "{wait}");
    let metrics = server.get("/metrics").expect(200);
    let metrics = metrics.as_str().expect("text");
    assert!(metrics.contains("callslot_alerts_open{org=\"default\"} 2"), "{metrics}");
    let before = server.get("/v1/alerts/busy").expect(200);
    let server = server.restart();
    assert_eq!(server.get("/v1/alerts/busy").expect(200)["open"], before["open"]);
    // It is looked at with the others, and after them.
    put(&server, "z", &json!({ "when": "utilization", "above": 0 }));
    once(&server, "z", |alert| !alert["open"].is_null());
    for id in ["1", "2", "3"] {
        server.end(id);
    }
    let all = happened(&server, "alert.opened,alert.closed", 6);
    let names = all.iter().map(|(name, _)| name.as_str());
    let (opened, closed) = (["alert.opened"; 3], ["alert.closed"; 3]);
    assert_eq!(names.collect::<Vec<_>>(), [opened, closed].concat(), "each opens once: {all:?}");
    for (_, data) in &all[3..] {
        assert_eq!(data["why"], json!("recovered"));
        let (figure, above) = (data["closed_figure"].as_f64(), data["above"].as_f64());
        let (figure, above) = figure.zip(above).expect("a recovery has both");
        assert!(figure == 0.0 || figure < 0.9 * above, "{data}");
    }
    let past = past(&server);
    assert_eq!(past.len(), 3);
    let first = server.get("/v1/alerts/history?limit=1").expect(200);
    let next = first["next"].as_str().expect("another page");
    let second = server.get(&format!("/v1/alerts/history?cursor={next}")).expect(200);
    assert_eq!((&first["items"], &second["items"]), (&json!(past[..1]), &json!(past[1..])));
}

#[test]
fn an_open_alert_closes_with_its_rule_and_each_change_of_a_rule_is_audited() {
    let server = TestServer::new();
    server.start("a", "chat", "1");
    let above = |above: u32| json!({ "when": "utilization", "agent": "a", "above": above });
    put(&server, "any", &above(0));
    once(&server, "any", |alert| !alert["open"].is_null());
    put(&server, "any", &above(1));
    once(&server, "any", |alert| !alert["open"].is_null());
    server.delete("/v1/alerts/any").expect(204);
    let past: Vec<Value> = past(&server).iter().map(|past| past["why"].clone()).collect();
    assert_eq!(past, ["rule_deleted", "rule_changed"]);
    let asked = Stopwatch::start();
    let audit = loop {
        let audit = server.get("/v1/audit?object=any").expect(200)["items"].clone();
        if audit.as_array().is_some_and(|entries| entries.len() == 3) {
            break audit;
        }
        assert!(asked.elapsed() < Duration::from_secs(20), "{audit}");
        std::thread::yield_now();
    };
    let actions = [&audit[2]["action"], &audit[1]["action"], &audit[0]["action"]];
    assert_eq!(actions, ["alert.created", "alert.changed", "alert.deleted"]);
    assert_eq!(audit[1]["before"]["rule"]["above"], 0.0);
    assert_eq!(audit[1]["after"]["rule"]["above"], 1.0);
    assert_eq!(audit[0]["actor"]["kind"], "key");
}

#[test]
fn refused_starts_open_an_alert() {
    let server = TestServer::new();
    server.limit(0);
    let none_waits = json!({ "max_queued": 0 });
    server.operate("PATCH", "/v1/orgs/default", Some(&none_waits)).expect(200);
    put(&server, "refused", &json!({ "when": "refused", "type": "chat", "above": 2 }));
    let alert = once(&server, "refused", |alert| {
        let start = json!({ "agent": "a", "type": "chat" });
        server.post("/v1/calls", &start).refused(429, "queue_full", "");
        !alert["open"].is_null()
    });
    assert!(alert["figure"].as_f64().is_some_and(|figure| figure > 2.0), "{alert}");
}

#[test]
fn a_webhook_that_is_disabled_opens_an_alert_until_it_goes_on() {
    let loopback = "127.0.0.0/8".parse().expect("a network");
    let config = ServerConfig { webhook_allow: Allowed(vec![loopback]), ..ServerConfig::default() };
    let server = TestServer::bare(&config);
    server.put("/v1/agents/a", &json!({ "name": "A" })).expect(201);
    let is_gone = AtomicBool::new(true);
    let answer = move |_: &Message| -> Said {
        if is_gone.swap(false, Ordering::Relaxed) { ("410 Gone", "") } else { TAKEN }
    };
    let gone = Receiver::new(answer);
    let seen = Receiver::new(|_| TAKEN);
    let all = json!({ "url": gone.url(), "events": ["call.started"] });
    let webhook = server.post("/v1/webhooks", &all).expect(201);
    let watching = json!({ "url": seen.url(), "events": ["alert.opened", "alert.closed"] });
    server.post("/v1/webhooks", &watching).expect(201);
    let webhook = webhook["id"].as_str().expect("an id").to_owned();
    let id = format!("webhook:{webhook}");
    server.start("a", "chat", "1");
    let alert = once(&server, &id, |alert| !alert["open"].is_null());
    assert_eq!((&alert["when"], &alert["webhook"]), (&json!("webhook_disabled"), &json!(webhook)));
    let sent = seen.next().body;
    assert_eq!((&sent["type"], &sent["data"]["id"]), (&json!("alert.opened"), &json!(id)));
    let path = format!("/v1/webhooks/{webhook}");
    server.ask("PATCH", &path, &server.admin, Some(&json!({ "enabled": true })), &[]).expect(200);
    once(&server, &id, Value::is_null);
    assert_eq!(seen.next().body["data"]["why"], "recovered");
    server.delete(&format!("/v1/alerts/{id}")).refused(409, "built_in_alert", "its webhook");
    let by_admin = json!({ "enabled": false });
    server.ask("PATCH", &path, &server.admin, Some(&by_admin), &[]).expect(200);
    // The alert of another one, which is looked at with the first.
    let other = Receiver::new(|_| ("410 Gone", ""));
    let all = json!({ "url": other.url(), "events": ["call.started"] });
    let other = server.post("/v1/webhooks", &all).expect(201);
    let other = format!("webhook:{}", other["id"].as_str().expect("an id"));
    server.start("a", "chat", "2");
    once(&server, &other, |alert| !alert["open"].is_null());
    assert_eq!(seen.next().body["data"]["id"], json!(other), "an admin knows of the first");
    let open = server.get("/v1/alerts").expect(200);
    assert_eq!(open["items"].as_array().map(Vec::len), Some(1), "{open}");
}
