//! Who may do what: every address with every role, and another organisation's things.

use serde_json::{Value, json};

use crate::contract::operations;
use crate::world::{OPERATOR, World};

/// The least role that may, or `anyone`; a method and path; and a body that is well formed.
fn addresses() -> Vec<(&'static str, &'static str, &'static str, Option<Value>)> {
    let start = json!({ "agent": "nobody", "type": "chat" });
    let agent = json!({ "name": "X" });
    vec![
        ("viewer", "GET", "/v1/calls", None),
        ("engine", "POST", "/v1/calls", Some(start.clone())),
        ("engine", "POST", "/v1/calls/batch", Some(json!({ "calls": [start] }))),
        ("viewer", "GET", "/v1/calls/none", None),
        ("engine", "POST", "/v1/calls/none/claim", None),
        ("engine", "POST", "/v1/calls/none/end", Some(json!({}))),
        ("viewer", "GET", "/v1/concurrency", None),
        ("admin", "PUT", "/v1/reservations", Some(json!({ "reservations": [] }))),
        ("admin", "DELETE", "/v1/reservations/nobody", None),
        ("viewer", "GET", "/v1/agents", None),
        ("viewer", "GET", "/v1/agents/nobody", None),
        ("admin", "PUT", "/v1/agents/x", Some(agent)),
        ("admin", "DELETE", "/v1/agents/x", None),
        ("engine", "POST", "/v1/leases", Some(json!({}))),
        ("engine", "POST", "/v1/leases/none/renew", Some(json!({}))),
        ("engine", "POST", "/v1/leases/none/reconcile", Some(json!({ "active": [] }))),
        ("engine", "DELETE", "/v1/leases/none", None),
        ("viewer", "GET", "/v1/events?after=99", None),
        ("operator", "GET", "/v1/plans", None),
        ("operator", "GET", "/v1/plans/none", None),
        ("operator", "PUT", "/v1/plans/p", Some(json!({ "name": "P", "limit": 1 }))),
        ("operator", "DELETE", "/v1/plans/p", None),
        ("operator", "GET", "/v1/orgs", None),
        ("operator", "POST", "/v1/orgs", Some(json!({ "name": "N", "plan": "none" }))),
        ("operator", "GET", "/v1/orgs/none", None),
        ("operator", "PATCH", "/v1/orgs/none", Some(json!({}))),
        ("operator", "DELETE", "/v1/orgs/none", None),
        ("admin", "GET", "/v1/keys", None),
        ("admin", "POST", "/v1/keys", Some(json!({ "name": "K", "role": "viewer" }))),
        ("admin", "DELETE", "/v1/keys/none", None),
        ("anyone", "GET", "/healthz", None),
        ("anyone", "GET", "/readyz", None),
        ("anyone", "GET", "/metrics", None),
        ("anyone", "GET", "/openapi.json", None),
        ("anyone", "GET", "/docs", None),
        ("anyone", "GET", "/docs/style.css", None),
        ("anyone", "GET", "/", None),
    ]
}

#[test]
fn each_role_may_do_what_it_may_and_nothing_else() {
    let world = World::new();
    let key = |role: &str| {
        let made = world.post("/v1/keys", &json!({ "name": role, "role": role })).expect(201);
        made["secret"].as_str().expect("a secret").to_owned()
    };
    let keys = [("viewer", key("viewer")), ("engine", key("engine")), ("admin", key("admin"))];
    let rank = |role: &str| {
        ["anyone", "viewer", "engine", "admin", "operator"].iter().position(|r| *r == role)
    };
    for (least, method, path, body) in addresses() {
        let status = |key: &str, headers: &[(&str, &str)]| {
            world.ask(method, path, key, body.as_ref(), headers).status
        };
        let without_key = status("not-a-key", &[]);
        assert_eq!(without_key == 401, least != "anyone", "{method} {path}: {without_key}");
        for (role, key) in &keys {
            let is_refused = status(key, &[]) == 403;
            assert_eq!(is_refused, rank(role) < rank(least), "{method} {path} as {role}");
        }
        let as_operator = status(OPERATOR, &[("callslot-org", "default")]);
        assert!(![401, 403].contains(&as_operator), "{method} {path} as operator: {as_operator}");
    }
}

#[test]
fn every_documented_address_has_a_row() {
    let world = World::new();
    let openapi = world.get("/openapi.json").expect(200);
    let rows: Vec<String> = addresses()
        .into_iter()
        .map(|(_, method, path, _)| format!("{method} {}", path.split('?').next().expect("a path")))
        .collect();
    for (path, methods) in openapi["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            let wanted = format!("{} {path}", method.to_uppercase());
            let fits = |row: &String| {
                let (row, wanted) = (row.split('/'), wanted.split('/'));
                row.clone().count() == wanted.clone().count()
                    && row.zip(wanted).all(|(have, want)| have == want || want.starts_with('{'))
            };
            assert!(rows.iter().any(fits), "{wanted} has no row");
        }
    }
    assert_eq!(rows.len(), operations().len(), "there is a row for an address that is not there");
}

#[test]
fn another_organisations_things_are_as_if_they_were_not_there() {
    let world = World::new();
    world.start("a", "chat", "secret-call");
    let create = json!({ "id": "other", "name": "Other", "plan": "standard" });
    world.operate("POST", "/v1/orgs", Some(&create)).expect(201);
    let key = json!({ "name": "admin", "role": "admin" });
    let in_other = [("callslot-org", "other")];
    let foreign = world.ask("POST", "/v1/keys", OPERATOR, Some(&key), &in_other).expect(201);
    let foreign = foreign["secret"].as_str().expect("a secret");
    let ask = |method: &str, path: &str, headers: &[(&str, &str)]| {
        world.ask(method, path, foreign, None, headers)
    };
    ask("GET", "/v1/calls/secret-call", &[]).refused(
        404,
        "unknown_call",
        "no call has the id secret-call",
    );
    ask("GET", "/v1/calls/never-was", &[]).refused(
        404,
        "unknown_call",
        "no call has the id never-was",
    );
    ask("POST", "/v1/calls/secret-call/end", &[]).refused(404, "unknown_call", "");
    ask("GET", "/v1/agents/a", &[]).refused(404, "unknown_agent", "");
    ask("GET", "/v1/concurrency", &[("callslot-org", "default")]).refused(
        403,
        "forbidden",
        "another organisation",
    );
    assert_eq!(ask("GET", "/v1/calls", &[]).expect(200)["items"], json!([]));
    let own = world.get("/v1/keys").expect(200);
    let own_id = own["items"][0]["id"].as_str().expect("an id").to_owned();
    ask("DELETE", &format!("/v1/keys/{own_id}"), &[]).refused(404, "unknown_key", "");
    assert_eq!(world.get("/v1/calls/secret-call").expect(200)["state"], "active");
}

#[test]
fn an_operator_names_the_organisation_to_act_in() {
    let world = World::new();
    world.operate("GET", "/v1/concurrency", None).refused(422, "org_not_named", "callslot-org");
    let named = |org| world.ask("GET", "/v1/concurrency", OPERATOR, None, &[("callslot-org", org)]);
    named("default").expect(200);
    named("nobody").refused(404, "unknown_org", "GET /v1/orgs");
}

#[test]
fn nobody_makes_a_key_above_their_own() {
    let world = World::new();
    let key = json!({ "name": "mine", "role": "operator" });
    world.post("/v1/keys", &key).refused(403, "forbidden", "needs operator");
}
