//! Keys that expire and keys that are rotated: what each secret opens, and until when.

use serde_json::{Value, json};

use crate::sign_in::{from_our_page, signed_in};
use crate::support::test_server::{Answer, OPERATOR, TestServer};

fn text<'a>(key: &'a Value, field: &str) -> &'a str {
    key[field].as_str().expect("a text")
}

fn create(server: &TestServer, more: &Value) -> Answer {
    let mut body = json!({ "name": "CI", "role": "admin" });
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    server.post("/v1/keys", &body)
}

fn pool(server: &TestServer, secret: &str) -> Answer {
    server.ask("GET", "/v1/concurrency", secret, None, &[])
}

fn rotate(server: &TestServer, key: &Value, how: &Value) -> Answer {
    server.post(&format!("/v1/keys/{}/rotate", text(key, "id")), how)
}

/// The cookie of a browser that signs in with a key.
fn browser(server: &TestServer, secret: &str) -> String {
    signed_in(server, &json!({ "key": secret }))
}

/// The same server with a key that has expired, as if it had been made long ago.
fn expired(server: TestServer, id: &str) -> TestServer {
    server.restart_with(|store| {
        let mut kept =
            store.keys().expect("keys").into_iter().find(|key| key.id == id).expect("it");
        kept.expires_at = Some(callslot_core::Timestamp(1_700_000_000_000));
        store.put_key(&kept).expect("a key is kept");
    })
}

#[test]
fn a_key_says_when_it_expires_and_is_refused_from_then_on_with_a_code_of_its_own() {
    let server = TestServer::new();
    let made = create(&server, &json!({ "expires_in_s": 3600 })).expect(201);
    let (id, secret) = (text(&made, "id"), text(&made, "secret"));
    pool(&server, secret).expect(200);
    let listed = server.get("/v1/keys").expect(200);
    let listed = listed["items"].as_array().expect("items").iter().find(|key| key["id"] == id);
    assert_eq!(listed.expect("it is listed")["expires_at"], made["expires_at"]);
    let by_time = json!({ "expires_at": text(&made, "expires_at") });
    let same = create(&server, &by_time).expect(201);
    assert_eq!(same["expires_at"], made["expires_at"]);
    assert_eq!(create(&server, &json!({})).expect(201)["expires_at"], Value::Null);

    let server = expired(server, id);
    pool(&server, secret).refused(401, "key_expired", "expired at 2023-11-14T22:13:20.000Z");
    let sign_in = json!({ "key": secret });
    server.ask_plain("POST", "/v1/session", &sign_in, &[]).refused(401, "key_expired", id);
    pool(&server, text(&same, "secret")).expect(200);
}

#[test]
fn a_browser_goes_with_the_key_with_which_it_signed_in() {
    let server = TestServer::new();
    let made = create(&server, &json!({ "expires_in_s": 3600 })).expect(201);
    let cookie = browser(&server, text(&made, "secret"));
    let session = |server: &TestServer| {
        server.ask_plain("GET", "/v1/session", &Value::Null, &from_our_page(&cookie))
    };
    let ends = session(&server).expect(200)["expires_at"].clone();
    assert!(ends.as_str() <= made["expires_at"].as_str(), "{ends}");
    let server = expired(server, text(&made, "id"));
    session(&server).refused(401, "key_expired", "expired at");
}

#[test]
fn an_end_that_is_past_too_far_or_said_twice_is_refused() {
    let server = TestServer::new();
    for (end, field, words) in [
        (json!({ "expires_in_s": 59 }), "expires_in_s", "60"),
        (json!({ "expires_in_s": 315_360_001 }), "expires_in_s", "315,360,000"),
        (json!({ "expires_at": "2020-01-01T00:00:00Z" }), "expires_at", "from now"),
        (json!({ "expires_at": "2999-01-01T00:00:00Z" }), "expires_at", "3650 days"),
        (json!({ "expires_at": "tomorrow" }), "expires_at", "tomorrow"),
        (
            json!({ "expires_at": "2030-01-01T00:00:00Z", "expires_in_s": 60 }),
            "expires_at",
            "one of them",
        ),
    ] {
        let refused = create(&server, &end).refused(422, "invalid_field", words);
        assert_eq!(refused["field"], field);
    }
}

#[test]
fn a_rotated_key_has_a_new_secret_and_the_old_one_works_as_long_as_was_asked() {
    let server = TestServer::new();
    let made = create(&server, &json!({})).expect(201);
    let answer = rotate(&server, &made, &Value::Null);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let rotated = answer.expect(200);
    assert_eq!((&rotated["id"], &rotated["expires_at"]), (&made["id"], &Value::Null));
    assert!(rotated["old_secret_until"].is_string());
    let secrets = [text(&made, "secret"), text(&rotated, "secret")];
    assert_ne!(secrets[0], secrets[1]);
    for secret in secrets {
        pool(&server, secret).expect(200);
    }
    let server = server.restart();
    for secret in secrets {
        pool(&server, secret).expect(200);
    }

    let at_once = rotate(&server, &made, &json!({ "grace_s": 0 })).expect(200);
    assert_eq!(at_once["old_secret_until"], Value::Null);
    pool(&server, text(&at_once, "secret")).expect(200);
    for secret in secrets {
        pool(&server, secret).refused(401, "unauthenticated", "valid key");
    }
    let refused = rotate(&server, &made, &json!({ "grace_s": 604_801 }));
    refused.refused(422, "invalid_field", "604,800");
    rotate(&server, &json!({ "id": "key_0" }), &Value::Null).refused(404, "unknown_key", "GET");
}

#[test]
fn what_waits_with_an_old_secret_ends_with_it() {
    let server = TestServer::new();
    server.limit(0);
    server.start("a", "chat", "1");
    let made = create(&server, &json!({})).expect(201);
    let rotated = rotate(&server, &made, &json!({ "grace_s": 1 })).expect(200);
    let wait = |secret: &str, wait_s: u8| {
        server.ask("GET", &format!("/v1/calls/1?wait_s={wait_s}"), secret, None, &[])
    };
    wait(text(&made, "secret"), 60).refused(401, "key_expired", "was rotated");
    pool(&server, text(&made, "secret")).refused(401, "key_expired", "send the new one");
    wait(text(&rotated, "secret"), 1).expect(200);
    // Only the last one is remembered.
    rotate(&server, &made, &json!({ "grace_s": 1 })).expect(200);
    pool(&server, text(&made, "secret")).refused(401, "unauthenticated", "valid key");
}

#[test]
fn another_rotation_ends_no_grace_that_was_promised_unless_it_says_so() {
    let server = TestServer::new();
    let made = create(&server, &json!({})).expect(201);
    let first = rotate(&server, &made, &json!({ "grace_s": 600 })).expect(200);
    let refused = rotate(&server, &made, &Value::Null);
    refused.refused(409, "key_in_use", text(&first, "old_secret_until"));
    for key in [&made, &first] {
        pool(&server, text(key, "secret")).expect(200);
    }
    let at_once = rotate(&server, &made, &json!({ "grace_s": 0 })).expect(200);
    for key in [&made, &first] {
        pool(&server, text(key, "secret")).refused(401, "unauthenticated", "valid key");
    }
    pool(&server, text(&at_once, "secret")).expect(200);
    rotate(&server, &made, &Value::Null).expect(200);
}

#[test]
fn browsers_stay_signed_in_while_the_old_secret_works_and_the_one_that_rotates_beyond_that() {
    let server = TestServer::new();
    let made = create(&server, &json!({})).expect(201);
    let path = format!("/v1/keys/{}/rotate", text(&made, "id"));
    let [own, other] = [(); 2].map(|()| browser(&server, text(&made, "secret")));
    let ask = |method: &str, path: &str, body: &Value, cookie: &str| {
        server.ask_plain(method, path, body, &from_our_page(cookie))
    };
    let end = |cookie: &str| {
        let session = ask("GET", "/v1/session", &Value::Null, cookie).expect(200);
        text(&session, "expires_at").to_owned()
    };
    let (own_end, long) = (end(&own), end(&other));
    let rotated = ask("POST", &path, &json!({ "grace_s": 600 }), &own).expect(200);
    assert_eq!(end(&own), own_end);
    assert!(end(&other) < long);
    let late = browser(&server, text(&made, "secret"));
    assert!(end(&late) < long, "it signed in with the old secret");
    assert_eq!(end(&browser(&server, text(&rotated, "secret"))).len(), long.len());

    ask("POST", &path, &json!({ "grace_s": 0 }), &own).expect(200);
    end(&own);
    for cookie in [&other, &late] {
        ask("GET", "/v1/session", &Value::Null, cookie).refused(401, "unauthenticated", "ended");
    }
}

#[test]
fn an_expired_key_is_renewed_by_a_rotation_that_says_its_next_end() {
    let server = TestServer::new();
    let made = create(&server, &json!({ "expires_in_s": 3600 })).expect(201);
    let server = expired(server, text(&made, "id"));
    let refused = rotate(&server, &made, &json!({})).refused(422, "invalid_field", "expired at");
    assert_eq!(refused["field"], "expires_in_s");
    let renewed = rotate(&server, &made, &json!({ "expires_in_s": 600 })).expect(200);
    assert_eq!(renewed["old_secret_until"], Value::Null, "it stays expired");
    pool(&server, text(&renewed, "secret")).expect(200);
    assert_eq!(pool(&server, text(&made, "secret")).status, 401);
}

#[test]
fn an_operator_key_that_does_not_expire_stays_and_the_given_one_is_not_rotated() {
    let server = TestServer::new();
    let keys = server.operate("GET", "/v1/keys", None).expect(200);
    let all = keys["items"].as_array().expect("items");
    let given = all.iter().find(|key| key["role"] == "operator").expect("the operator's key");
    let given = format!("/v1/keys/{}", text(given, "id"));
    let made = |more: &Value| {
        let mut body = json!({ "name": "o", "role": "operator" });
        body.as_object_mut().expect("it").extend(more.as_object().expect("it").clone());
        server.operate("POST", "/v1/keys", Some(&body)).expect(201)
    };
    server.ask("POST", &format!("{given}/rotate"), OPERATOR, None, &[]).refused(
        409,
        "key_in_use",
        "CALLSLOT_OPERATOR_KEY",
    );
    made(&json!({ "expires_in_s": 3600 }));
    server.operate("DELETE", &given, None).refused(409, "key_in_use", "does not expire");
    let lasting = made(&json!({}));
    assert_eq!(server.operate("DELETE", &given, None).status, 204);
    let rotate = |how: &Value| {
        let path = format!("/v1/keys/{}/rotate", text(&lasting, "id"));
        server.ask("POST", &path, text(&lasting, "secret"), Some(how), &[])
    };
    rotate(&json!({ "expires_in_s": 600 })).refused(409, "key_in_use", "gets an end");
    rotate(&json!({})).expect(200);
}
