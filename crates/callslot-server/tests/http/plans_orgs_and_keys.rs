//! Plans, organisations and keys over HTTP.

use serde_json::json;

use crate::support::test_server::{OPERATOR, TestServer};

#[test]
fn a_plans_limit_reaches_its_organisations_or_nothing_changes() {
    let server = TestServer::new();
    let body = json!({ "reservations": [{ "agent": "a", "chat": 10 }] });
    server.put("/v1/reservations", &body).expect(200);
    let put = |limit| {
        server.operate(
            "PUT",
            "/v1/plans/standard",
            Some(&json!({ "name": "Standard", "limit": limit })),
        )
    };
    put(9).refused(409, "limit_below_reservations", "organisation default");
    put(30).expect(200);
    assert_eq!(server.get("/v1/concurrency").expect(200)["limit"], 30);
    server.operate("DELETE", "/v1/plans/standard", None).refused(
        409,
        "plan_in_use",
        "another plan",
    );
    let new = json!({ "name": "Small", "limit": 3 });
    server.operate("PUT", "/v1/plans/small", Some(&new)).expect(201);
    assert_eq!(server.operate("GET", "/v1/plans/small", None).expect(200)["limit"], 3);
    assert_eq!(server.operate("DELETE", "/v1/plans/small", None).status, 204);
    server.operate("DELETE", "/v1/plans/small", None).refused(404, "unknown_plan", "GET /v1/plans");
    let plans = server.operate("GET", "/v1/plans", None).expect(200);
    assert_eq!(plans["items"].as_array().map(Vec::len), Some(2));
}

#[test]
fn an_organisation_is_created_changed_and_deleted_with_its_keys() {
    let server = TestServer::new();
    let create = json!({ "id": "acme", "name": "Acme", "plan": "enterprise", "max_wait_s": { "inbound": 30 } });
    let org = server.operate("POST", "/v1/orgs", Some(&create)).expect(201);
    assert_eq!((&org["limit"], &org["max_wait_s"]), (&json!(100), &json!({ "inbound": 30 })));
    server.operate("POST", "/v1/orgs", Some(&create)).refused(
        409,
        "org_exists",
        "choose another id",
    );
    let unknown = json!({ "name": "X", "plan": "gold" });
    server.operate("POST", "/v1/orgs", Some(&unknown)).refused(
        404,
        "unknown_plan",
        "GET /v1/plans",
    );

    let patch = |body| server.operate("PATCH", "/v1/orgs/acme", Some(&body));
    assert_eq!(patch(json!({ "limit_override": 7 })).expect(200)["limit"], 7);
    assert_eq!(patch(json!({ "name": "Acme Inc." })).expect(200)["limit_override"], 7);
    let changed =
        patch(json!({ "limit_override": null, "max_wait_s": { "inbound": null, "chat": 5 } }))
            .expect(200);
    assert_eq!((&changed["limit"], &changed["max_wait_s"]), (&json!(100), &json!({ "chat": 5 })));

    let in_acme = [("callslot-org", "acme")];
    let key = json!({ "name": "engine", "role": "engine" });
    let made = server.ask("POST", "/v1/keys", OPERATOR, Some(&key), &in_acme).expect(201);
    let secret = made["secret"].as_str().expect("a secret");
    assert_eq!(server.ask("GET", "/v1/concurrency", secret, None, &[]).expect(200)["org"], "acme");
    assert_eq!(server.operate("DELETE", "/v1/orgs/acme", None).status, 204);
    server.ask("GET", "/v1/concurrency", secret, None, &[]).refused(
        401,
        "unauthenticated",
        "Bearer",
    );
}

#[test]
fn an_organisation_with_live_calls_stays() {
    let server = TestServer::new();
    server.limit(1);
    server.start("a", "chat", "1");
    server.start("a", "chat", "2");
    let orgs = server.operate("GET", "/v1/orgs", None).expect(200);
    let busy = |field: &str| orgs["items"][0][field].clone();
    assert_eq!([busy("active"), busy("queued"), busy("live_calls")], [1, 1, 2]);
    server.operate("DELETE", "/v1/orgs/default", None).refused(409, "org_in_use", "2 live calls");
}

#[test]
fn a_keys_secret_is_shown_once_and_opens_nothing_after_it_is_revoked() {
    let server = TestServer::new();
    let answer = server.post("/v1/keys", &json!({ "name": "CI", "role": "viewer" }));
    assert_eq!(answer.headers["cache-control"], "no-store");
    let made = answer.expect(201);
    let (id, secret) =
        (made["id"].as_str().expect("an id"), made["secret"].as_str().expect("a secret"));
    server.ask("GET", "/v1/concurrency", secret, None, &[]).expect(200);
    let listed = server.get("/v1/keys").expect(200);
    assert!(!listed.to_string().contains(secret));
    let listed =
        listed["items"].as_array().expect("items").iter().find(|key| key["id"] == id).cloned();
    assert!(listed.expect("the key is listed")["last_used_at"].is_string());
    assert_eq!(server.delete(&format!("/v1/keys/{id}")).status, 204);
    server.ask("GET", "/v1/concurrency", secret, None, &[]).refused(
        401,
        "unauthenticated",
        "valid key",
    );
    server.delete(&format!("/v1/keys/{id}")).refused(404, "unknown_key", "GET /v1/keys");
}

#[test]
fn the_last_operator_key_stays() {
    let server = TestServer::new();
    let keys = server.operate("GET", "/v1/keys", None).expect(200);
    let all = keys["items"].as_array().expect("items");
    let operator = all.iter().find(|key| key["role"] == "operator").expect("the operator's key");
    let path = format!("/v1/keys/{}", operator["id"].as_str().expect("an id"));
    server.operate("DELETE", &path, None).refused(409, "key_in_use", "create another one");
}

#[test]
fn keys_and_settings_are_there_after_a_restart() {
    let server = TestServer::new();
    server.limit(5);
    let server = server.restart();
    assert_eq!(server.get("/v1/concurrency").expect(200)["limit"], 5);
}

#[test]
fn a_restart_without_other_keys_than_the_operators_changes_nothing() {
    let server = TestServer::new();
    let larger = json!({ "name": "Standard", "limit": 50 });
    server.operate("PUT", "/v1/plans/standard", Some(&larger)).expect(200);
    let keys = server.get("/v1/keys").expect(200);
    let own = keys["items"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(server.operate("DELETE", &format!("/v1/keys/{own}"), None).status, 204);
    let server = server.restart();
    assert_eq!(server.operate("GET", "/v1/plans/standard", None).expect(200)["limit"], 50);
    let keys = server.operate("GET", "/v1/keys", None).expect(200);
    assert_eq!(keys["items"].as_array().map(Vec::len), Some(1), "no key was made");
}
