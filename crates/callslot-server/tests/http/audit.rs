//! The audit over HTTP: who changed what, without secrets, and putting reservations back.

use std::time::Duration;

use callslot_server::{Allowed, ServerConfig, Stopwatch};
use callslot_webhooks::Secret;
use serde_json::{Value, json};

use crate::sign_in::{from_our_page, make_code, signed_in};
use crate::support::receiver::Receiver;
use crate::support::test_server::{OPERATOR, TestServer};

/// What of the log is in the audit comes there in the background: reads until there is an entry like that.
#[track_caller]
fn entry(server: &TestServer, query: &str, is_it: impl Fn(&Value) -> bool) -> Value {
    let asked = Stopwatch::start();
    loop {
        let page = server.get(&format!("/v1/audit{query}")).expect(200);
        let items = page["items"].as_array().expect("items");
        if let Some(found) = items.iter().find(|entry| is_it(entry)) {
            return found.clone();
        }
        assert!(asked.elapsed() < Duration::from_secs(20), "{page}");
        std::thread::yield_now();
    }
}

#[track_caller]
fn of_action(server: &TestServer, action: &str) -> Value {
    entry(server, &format!("?action={action}"), |_| true)
}

fn reserve(server: &TestServer, chat: u32) -> Value {
    let body = json!({ "reservations": [{ "agent": "a", "chat": chat }] });
    server.put("/v1/reservations", &body).expect(200)
}

#[test]
fn every_change_of_settings_says_who_made_it_and_what_there_was_before() {
    let server = TestServer::new();
    let me = server.get("/v1/session").expect(200)["key"].clone();
    let by_me = json!({ "kind": "key", "id": me["id"], "name": me["name"] });
    reserve(&server, 2);
    reserve(&server, 5);
    server.put("/v1/agents/a", &json!({ "name": "A", "cap": 9 })).expect(200);
    server.put("/v1/types/chat", &json!({ "cap": 8 })).expect(200);
    let gate = json!({ "name": "Trunk", "kind": "trunk", "cap": 3 });
    server.put("/v1/gates/t", &gate).expect(201);
    server
        .put("/v1/gates/t", &json!({ "name": "Trunk", "kind": "trunk", "paused": true }))
        .expect(200);
    server.delete("/v1/gates/t").expect(204);
    server.limit(30);

    let reserved =
        entry(&server, "?action=reservations.changed", |it| it["before"]["version"] == 1);
    assert_eq!(reserved["actor"], by_me);
    assert_eq!(reserved["before"]["reservations"][0]["chat"], 2);
    assert_eq!(reserved["after"]["reservations"][0]["chat"], 5);
    assert_eq!((&reserved["version"], &reserved["object"]), (&json!(2), &Value::Null));
    let agent = of_action(&server, "agent.changed");
    assert_eq!(agent["before"], json!({ "of": "agent", "name": "a", "cap": null, "pace": null }));
    assert_eq!(agent["after"]["cap"], 9);
    assert_eq!((&agent["object"], &agent["actor"]), (&json!("a"), &by_me));
    assert_eq!(of_action(&server, "type.changed")["before"]["cap"], Value::Null);
    assert_eq!(of_action(&server, "gate.created")["before"], Value::Null);
    assert_eq!(of_action(&server, "gate.changed")["before"]["settings"]["cap"], 3);
    let deleted = of_action(&server, "gate.deleted");
    assert_eq!(deleted["before"]["settings"]["paused"], true);
    assert_eq!(deleted["after"], Value::Null);
    // The operator's change of this organisation is in its audit, too.
    let limit = of_action(&server, "limit.changed");
    assert_eq!((&limit["before"]["limit"], &limit["after"]["limit"]), (&json!(20), &json!(30)));
    assert_eq!(limit["actor"]["id"], "key_operator");
    assert_eq!(of_action(&server, "org.created")["actor"]["kind"], "system");
    // The markers of the history say it as well.
    let history = server.get("/v1/history").expect(200);
    let markers = history["markers"].as_array().expect("markers");
    let of_me = markers.iter().filter(|marker| marker["by"] == by_me).count();
    assert_eq!(of_me, markers.len() - 1, "all but the operator's: {history}");
}

#[test]
fn what_a_person_does_in_a_browser_is_told_from_what_a_program_does() {
    let server = TestServer::new();
    let cookie = signed_in(&server, &make_code(&server, &server.admin));
    let put = json!({ "name": "B", "cap": 1 });
    server.ask_plain("PUT", "/v1/agents/b", &put, &from_our_page(&cookie)).expect(200);
    assert_eq!(of_action(&server, "agent.changed")["actor"]["kind"], "session");
    let code = of_action(&server, "sign_in_code.created");
    assert_eq!((&code["before"], &code["after"]), (&Value::Null, &Value::Null));
}

#[test]
fn changes_of_keys_are_there_at_once_and_no_secret_ever_is() {
    let server = TestServer::new();
    let made = server.post("/v1/keys", &json!({ "name": "n", "role": "engine" })).expect(201);
    let id = made["id"].as_str().expect("an id");
    let rotated = server.post(&format!("/v1/keys/{id}/rotate"), &json!({})).expect(200);
    server.delete(&format!("/v1/keys/{id}")).expect(204);
    let code = make_code(&server, &server.admin);
    let page = server.get(&format!("/v1/audit?object={id}")).expect(200);
    let actions: Vec<_> =
        page["items"].as_array().expect("items").iter().map(|it| &it["action"]).collect();
    assert_eq!(actions, ["key.revoked", "key.rotated", "key.created"]);
    assert_eq!(page["items"][1]["before"]["old_secret_until"], Value::Null);
    assert!(page["items"][1]["after"]["old_secret_until"].is_string());
    let all = server.operate("GET", "/v1/audit?limit=1000", None).expect(200).to_string();
    let secrets = [
        &made["secret"],
        &rotated["secret"],
        &code["code"],
        &json!(server.admin),
        &json!(OPERATOR),
    ];
    for secret in secrets {
        assert!(!all.contains(secret.as_str().expect("a secret")), "{all}");
    }
    // Nor in what is stored.
    let secrets = secrets.map(|secret| secret.as_str().expect("a secret").to_owned());
    server.restart_with(move |store| {
        let page = store.audit(&callslot_store::AuditFilter::default(), 1_000).expect("a read");
        assert!(page.entries.len() > 4);
        for (_, entry) in page.entries {
            let bytes = callslot_store::stored_form::encode_audited(&entry);
            for secret in &secrets {
                let has_it = bytes.windows(secret.len()).any(|it| it == secret.as_bytes());
                assert!(!has_it, "{entry:?}");
            }
        }
    });
}

#[test]
fn changes_of_webhooks_say_who_made_them_and_no_secret_ever_does() {
    let loopback = "127.0.0.0/8".parse().expect("a network");
    let config = ServerConfig { webhook_allow: Allowed(vec![loopback]), ..ServerConfig::default() };
    let server = TestServer::bare(&config);
    let receiver = Receiver::new(|_| ("410 Gone", ""));
    let body = json!({ "url": receiver.url(), "events": ["call.ended"], "types": ["chat"] });
    let made = server.post("/v1/webhooks", &body).expect(201);
    let id = made["id"].as_str().expect("an id").to_owned();
    let path = format!("/v1/webhooks/{id}");
    let change = |patch: &Value| {
        server.ask("PATCH", &path, &server.admin, Some(patch), &[]).expect(200);
    };
    change(&json!({ "description": "for the ledger" }));
    // What is as it was is no change.
    change(&json!({ "description": "for the ledger" }));
    let rotated = server.post(&format!("{path}/rotate"), &Value::Null).expect(200);
    server.put("/v1/agents/a", &json!({ "name": "a" })).expect(201);
    server.start("a", "chat", "one");
    server.end("one");
    let of_webhook = format!("?object={id}");
    let disabled = entry(&server, &of_webhook, |it| it["actor"]["kind"] == "system");
    server.delete(&path).expect(204);

    let page = server.get(&format!("/v1/audit{of_webhook}")).expect(200);
    let items = page["items"].as_array().expect("items");
    let actions: Vec<_> = items.iter().map(|it| &it["action"]).collect();
    let [deleted, _, by_rotation, changed, created] = &items[..] else { panic!("{actions:?}") };
    assert_eq!(
        actions,
        [
            "webhook.deleted",
            "webhook.changed",
            "webhook.rotated",
            "webhook.changed",
            "webhook.created"
        ]
    );
    assert_eq!(disabled["actor"]["id"], "webhooks");
    assert_eq!(disabled["before"]["disabled_because"], Value::Null);
    let because = disabled["after"]["disabled_because"].as_str().expect("a reason");
    assert!(because.contains("410"), "{because}");
    let me = server.get("/v1/session").expect(200)["key"].clone();
    for mine in [deleted, by_rotation, changed, created] {
        assert_eq!(mine["actor"], json!({ "kind": "key", "id": me["id"], "name": me["name"] }));
        assert_eq!(mine["event"], Value::Null);
    }
    assert_eq!((&created["before"], &deleted["after"]), (&Value::Null, &Value::Null));
    assert_eq!(created["after"]["types"], json!(["chat"]));
    assert_eq!(changed["before"]["description"], Value::Null);
    assert_eq!(changed["after"]["description"], "for the ledger");
    assert_eq!(by_rotation["before"]["old_secret_until"], Value::Null);
    assert!(by_rotation["after"]["old_secret_until"].is_string());
    // What the server does itself can be left out.
    let people = server.get(&format!("/v1/audit{of_webhook}&system=false")).expect(200);
    let people = people["items"].as_array().expect("items");
    assert_eq!(people.len(), 4);
    assert!(people.iter().all(|it| it["actor"]["kind"] == "key"));

    let all = server.operate("GET", "/v1/audit?limit=1000", None).expect(200).to_string();
    let secrets: Vec<(String, Secret)> = [&made["secret"], &rotated["secret"]]
        .map(|secret| secret.as_str().expect("a secret").to_owned())
        .map(|text| (text.clone(), Secret::parse(&text).expect("a secret")))
        .into();
    server.restart_with(move |store| {
        let page = store.audit(&callslot_store::AuditFilter::default(), 1_000).expect("a read");
        assert!(page.entries.len() > 4);
        for (text, secret) in &secrets {
            assert!(!all.contains(text) && !all.contains(&text["whsec_".len()..]), "{all}");
            for (_, entry) in &page.entries {
                let bytes = callslot_store::stored_form::encode_audited(entry);
                let has_it = bytes.windows(secret.bytes().len()).any(|it| it == secret.bytes());
                assert!(!has_it, "{entry:?}");
            }
        }
    });
}

#[test]
fn a_change_of_reservations_is_put_back_as_a_new_change_if_it_fits() {
    let server = TestServer::new();
    reserve(&server, 15);
    reserve(&server, 0);
    let freed = entry(&server, "?action=reservations.changed", |it| it["before"]["version"] == 1);
    let revert = format!("/v1/audit/{}/revert", freed["seq"]);
    let other = json!({ "reservations": [{ "agent": "b", "chat": 10 }] });
    server.put("/v1/reservations", &other).expect(200);
    let stale = [("if-match", "\"2\"")];
    server.ask("POST", &revert, &server.admin, None, &stale).refused(412, "version_mismatch", "");
    server.ask("POST", &revert, &server.admin, None, &[]).refused(
        409,
        "reservations_exceed_limit",
        "",
    );
    let other = json!({ "reservations": [{ "agent": "b", "chat": 5 }] });
    server.put("/v1/reservations", &other).expect(200);
    let pool = server.ask("POST", &revert, &server.admin, None, &[]).expect(200);
    assert_eq!((&pool["reserved"], &pool["version"]), (&json!(20), &json!(5)));
    let back = entry(&server, "?action=reservations.changed", |it| it["version"] == 5);
    assert_eq!(back["after"]["reservations"][0]["chat"], 15);
    // What cannot be put back says so.
    let created = of_action(&server, "agent.created");
    let revert = format!("/v1/audit/{}/revert", created["seq"]);
    server.ask("POST", &revert, &server.admin, None, &[]).refused(
        409,
        "cannot_revert",
        "agent.created",
    );
    server.ask("POST", "/v1/audit/9999/revert", &server.admin, None, &[]).refused(
        404,
        "unknown_audit_entry",
        "9999",
    );
}

#[test]
fn an_organisation_sees_its_own_audit_alone_and_leaves_none_when_it_is_deleted() {
    let server = TestServer::new();
    reserve(&server, 1);
    let of_default = of_action(&server, "reservations.changed");
    let new = json!({ "id": "other", "name": "Other", "plan": "standard" });
    server.operate("POST", "/v1/orgs", Some(&new)).expect(201);
    let in_other = [("callslot-org", "other")];
    let key = json!({ "name": "admin", "role": "admin" });
    let made = server.ask("POST", "/v1/keys", OPERATOR, Some(&key), &in_other).expect(201);
    let admin = made["secret"].as_str().expect("a secret");
    let seen = server.ask("GET", "/v1/audit", admin, None, &[]).expect(200);
    for entry in seen["items"].as_array().expect("items") {
        assert_eq!(entry["org"], "other");
    }
    let revert = format!("/v1/audit/{}/revert", of_default["seq"]);
    server.ask("POST", &revert, admin, None, &[]).refused(404, "unknown_audit_entry", "");
    let unknown = json!({ "really": true });
    let refused = server.ask("POST", &revert, admin, Some(&unknown), &[]);
    refused.refused(422, "invalid_field", "really");

    server.operate("DELETE", "/v1/orgs/other", None).expect(204);
    let nowhere = server.ask("GET", "/v1/audit", OPERATOR, None, &in_other);
    nowhere.refused(404, "unknown_org", "other");
    let asked = Stopwatch::start();
    loop {
        let all = server.operate("GET", "/v1/audit?limit=1000", None).expect(200);
        let items = all["items"].as_array().expect("items");
        let deleted = items.iter().find(|it| it["action"] == "org.deleted");
        if let Some(deleted) = deleted {
            assert_eq!((&deleted["org"], &deleted["object"]), (&Value::Null, &json!("other")));
            assert!(items.iter().all(|it| it["org"] != "other"), "{all}");
            break;
        }
        assert!(asked.elapsed() < Duration::from_secs(20), "{all}");
        std::thread::yield_now();
    }
}

#[test]
fn the_audit_is_read_page_by_page_and_survives_a_restart() {
    let server = TestServer::new();
    for chat in 1..=5 {
        reserve(&server, chat);
    }
    entry(&server, "?action=reservations.changed", |it| it["version"] == 5);
    let server = server.restart();
    let versions = |query: &str| {
        let page =
            server.get(&format!("/v1/audit?action=reservations.changed&{query}")).expect(200);
        let of: Vec<_> = page["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|it| it["version"].clone())
            .collect();
        (of, page["next"].clone())
    };
    let (first, next) = versions("limit=3");
    assert_eq!(first, [5, 4, 3]);
    let (rest, end) = versions(&format!("limit=3&cursor={}", next.as_str().expect("a cursor")));
    assert_eq!((rest, end), (vec![json!(2), json!(1)], Value::Null));
    let (none, _) = versions("to=2001-01-01T00:00:00Z");
    assert_eq!(none, Vec::<Value>::new());
    server.get("/v1/audit?action=nonsense").refused(422, "invalid_field", "action");
    server.get("/v1/audit?cursor=65").refused(422, "invalid_field", "cursor");
}
