//! Who may do what: every operation of the OpenAPI document with every kind of key, as the document says; and what belongs to
//! other organisations, which looks as if it did not exist.
//!
//! The requests are the examples of the API reference, so those are tried too. `roles.txt` has a row for every operation,
//! for people to review; `CALLSLOT_UPDATE_GOLDEN=1` writes it anew.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::sign_in::{from_our_page, signed_in};
use crate::support::documented::{SIGN_IN, documented};
use crate::support::test_server::{Answer, OPERATOR, TestServer};

const ROLES: [&str; 4] = ["viewer", "engine", "admin", "operator"];

/// An operation, with the request that the reference shows for it.
struct Operation {
    method: String,
    path: String,
    /// None: anyone.
    least: Option<usize>,
    /// Whether it acts in an organisation.
    is_in_org: bool,
    is_stream: bool,
    body: Option<Value>,
}

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether what is in the body decides, and not the key that is sent.
    fn is_sign_in(&self) -> bool {
        (&*self.method, &*self.path) == SIGN_IN
    }

    /// Whether a browser that asks it is signed out.
    fn is_sign_out(&self) -> bool {
        (&*self.method, &*self.path) == ("DELETE", "/v1/session")
    }

    fn role(&self) -> &'static str {
        self.least.map_or("anyone", |least| ROLES[least])
    }

    /// Whether its address names something that an organisation has; the types are the same in all.
    fn is_about_an_id(&self) -> bool {
        self.path.contains("{id}") || self.path.contains("{agent}")
    }

    /// Makes the request, about this id, with a key.
    fn ask(&self, server: &TestServer, id: &str, key: &str, headers: &[(&str, &str)]) -> Answer {
        let bearer = format!("Bearer {key}");
        self.ask_with(server, id, &[&[("authorization", &*bearer)], headers].concat())
    }

    /// Makes the request, about this id, with these headers.
    fn ask_with(&self, server: &TestServer, id: &str, headers: &[(&str, &str)]) -> Answer {
        let mut path =
            self.path.replace("{id}", id).replace("{agent}", id).replace("{type}", "chat");
        path = path.replace("{seq}", "999999");
        if self.is_stream {
            // It refuses a cursor that never was, and is over.
            path.push_str("?after=99999");
        }
        let body = self.body.clone().unwrap_or_default();
        server.ask_plain(&self.method, &path, &body, headers)
    }
}

/// All operations of the document.
fn operations(server: &TestServer) -> Vec<Operation> {
    let reference = server.get("/docs").body;
    let reference = reference.as_str().expect("a page").replace("&quot;", "\"");
    documented()
        .into_iter()
        .map(|(method, path, operation)| {
            let least = operation["security"][0]["key"][0].as_str();
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let shown =
                path.replace("{id}", "ID").replace("{agent}", "AGENT").replace("{type}", "chat");
            let flag = if method == "GET" { String::new() } else { format!(" -X {method}") };
            let command = format!("<pre>curl{flag} $CALLSLOT_URL{shown}");
            let example = reference
                .split(&command)
                .skip(1)
                .find(|rest| rest.starts_with([' ', '<']))
                .unwrap_or_else(|| panic!("{method} {path} has no example"));
            let example = example.split("</pre>").next().expect("it ends");
            let body = example.split_once("-d '").and_then(|(_, rest)| rest.split('\'').next());
            Operation {
                least: least
                    .map(|role| ROLES.iter().position(|known| *known == role).expect("a role")),
                is_in_org: parameters.clone().any(|it| it["name"] == "callslot-org"),
                is_stream: !operation["responses"]["200"]["content"]["text/event-stream"].is_null(),
                body: body.map(|body| serde_json::from_str(body).expect("an example body is JSON")),
                method,
                path,
            }
        })
        .collect()
}

/// A key of this role, in the organisation that `headers` name or the server's own.
fn key(server: &TestServer, role: &str, headers: &[(&str, &str)]) -> (String, String) {
    let body = json!({ "name": role, "role": role });
    let made = server.ask("POST", "/v1/keys", OPERATOR, Some(&body), headers).expect(201);
    let text = |field: &str| made[field].as_str().expect("text").to_owned();
    (text("id"), text("secret"))
}

const IN_DEFAULT: [(&str, &str); 1] = [("callslot-org", "default")];
const IN_OTHER: [(&str, &str); 1] = [("callslot-org", "other")];

fn server_of_two_organisations() -> TestServer {
    let server = TestServer::new();
    let create = json!({ "id": "other", "name": "Other", "plan": "standard" });
    server.operate("POST", "/v1/orgs", Some(&create)).expect(201);
    server
}

#[test]
fn every_operation_has_a_reviewed_role() {
    let server = TestServer::new();
    let mut rows = String::new();
    for operation in operations(&server) {
        let (method, path) = (&operation.method, &operation.path);
        writeln!(rows, "{:9}{method:7}{path}", operation.role()).expect("a string takes it");
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/roles.txt");
    if std::env::var_os("CALLSLOT_UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &rows).expect("the rows are written");
    }
    let reviewed = std::fs::read_to_string(&golden).expect("tests/http/roles.txt is there");
    assert_eq!(rows, reviewed, "left the document's, right those that were reviewed");
}

#[test]
fn without_a_key_that_is_valid_only_open_operations_answer() {
    let wrong: [fn(&str) -> Option<String>; 8] = [
        |_| None,
        |_| Some("Bearer".to_owned()),
        |_| Some("Bearer x".to_owned()),
        |_| Some("Bearer a b, c".to_owned()),
        |_| Some("Basic b3BlcmF0b3I6eA==".to_owned()),
        |revoked| Some(revoked.to_owned()),
        |revoked| Some(format!("Bearer {}x", &revoked[..revoked.len() - 1])),
        |revoked| Some(format!("Bearer {revoked}")),
    ];
    for header in wrong {
        // Too many guesses are refused in another way, so each role has its own server.
        let server = TestServer::new();
        let (id, revoked) = key(&server, "admin", &IN_DEFAULT);
        assert_eq!(server.ask("GET", "/v1/keys", &revoked, None, &[]).status, 200);
        server.delete(&format!("/v1/keys/{id}")).expect(204);
        let header = header(&revoked);
        let headers: Vec<_> = header.iter().map(|it| ("authorization", it.as_str())).collect();
        for operation in operations(&server) {
            let name = operation.name();
            let path = operation.path.replace("{id}", "none").replace("{agent}", "none");
            let path = path.replace("{type}", "chat");
            let body = operation.body.clone().unwrap_or_default();
            let answer = server.ask_plain(&operation.method, &path, &body, &headers);
            if operation.least.is_some() || operation.is_sign_in() {
                assert_eq!(answer.status, 401, "{name} with {header:?}");
                assert!(is_refusal(&answer, "unauthenticated"), "{name} with {header:?}");
            } else {
                assert!(matches!(answer.status, 200 | 204), "{name} with {header:?}");
            }
        }
    }
}

#[test]
fn each_role_may_do_what_the_document_says_and_nothing_else() {
    let server = server_of_two_organisations();
    for (headers, of_others) in [(&IN_DEFAULT, &IN_OTHER), (&IN_OTHER, &IN_DEFAULT)] {
        let keys = ["viewer", "engine", "admin"].map(|role| key(&server, role, headers).1);
        // A key acts in its own organisation, whichever is named.
        for operation in operations(&server).iter().filter(|it| it.least.is_some()) {
            let answer = operation.ask(&server, "none", &keys[2], of_others);
            let said = answer.body.to_string();
            let is_refused = said.contains("this key belongs to another organisation");
            assert!(answer.status == 403 && is_refused, "{}: {said}", operation.name());
        }
        for operation in operations(&server) {
            for (role, key) in keys.iter().enumerate() {
                let answer = operation.ask(&server, "none", key, &[]);
                judge(&operation, role, &answer);
            }
        }
        for (role, key) in keys.iter().enumerate() {
            let cookie = signed_in(&server, &json!({ "key": key }));
            for operation in operations(&server).iter().filter(|it| !it.is_sign_out()) {
                judge(
                    operation,
                    role,
                    &operation.ask_with(&server, "none", &from_our_page(&cookie)),
                );
            }
        }
    }
    for operation in operations(&server) {
        let answer = operation.ask(&server, "none", OPERATOR, &IN_DEFAULT);
        judge(&operation, 3, &answer);
        let unnamed = operation.ask(&server, "none", OPERATOR, &[]);
        // Keys are listed, rotated and revoked over all organisations where none is named.
        let over_all =
            ["GET /v1/audit", "GET /v1/keys", "POST /v1/keys/{id}/rotate", "DELETE /v1/keys/{id}"];
        let is_over_all = over_all.contains(&&*operation.name());
        if operation.is_in_org && !is_over_all {
            assert!(is_refusal(&unnamed, "org_not_named"), "{}", operation.name());
        } else {
            judge(&operation, 3, &unnamed);
        }
    }
}

/// An answer to a request of the reference: refused for the role, or for what there is, never for its form.
fn judge(operation: &Operation, role: usize, answer: &Answer) {
    let (name, role_name, status) = (operation.name(), ROLES[role], answer.status);
    if operation.is_sign_in() {
        assert_eq!(status, 401, "{name} as {role_name}: the reference shows no key that is valid");
        return;
    }
    let is_allowed = operation.least.is_none_or(|least| least <= role);
    if is_allowed {
        let is_served = status < 500 && ![400, 401, 403, 405, 415, 422].contains(&status);
        assert!(is_served, "{name} as {role_name}: {status} {}", answer.body);
    } else {
        assert_eq!(status, 403, "{name} as {role_name}: {}", answer.body);
        assert!(is_refusal(answer, "forbidden"), "{name} as {role_name}: {}", answer.body);
    }
}

/// Whether an answer is this refusal: by its code, or by its sentence where errors have no codes.
fn is_refusal(answer: &Answer, code: &str) -> bool {
    let words = match code {
        "unauthenticated" => "send a valid key",
        "forbidden" => "this key has the role",
        "org_not_named" => "name the one to act in",
        other => panic!("{other}: say which words it has"),
    };
    let said = answer.body["errors"][0].as_str();
    answer.body["code"] == code || said.is_some_and(|said| said.contains(words))
}

#[test]
fn no_operation_tells_whether_another_organisations_id_exists() {
    let server = server_of_two_organisations();
    for role in ["viewer", "engine", "admin"] {
        let (own_id, _) = key(&server, role, &IN_DEFAULT);
        let foreign = key(&server, role, &IN_OTHER).1;
        let lease = server.post("/v1/leases", &json!({})).expect(201);
        let lease = lease["id"].as_str().expect("an id").to_owned();
        let agent = format!("secret-agent-{role}");
        server.put(&format!("/v1/agents/{agent}"), &json!({ "name": "S" })).expect(201);
        let gate = format!("secret-gate-{role}");
        let put = json!({ "name": "S", "kind": "other" });
        server.put(&format!("/v1/gates/{gate}"), &put).expect(201);
        let alert = format!("secret-alert-{role}");
        let rule = json!({ "when": "queued", "above": 1_000 });
        server.put(&format!("/v1/alerts/{alert}"), &rule).expect(201);
        let hook = json!({ "url": "https://example.com/hook", "events": ["*"] });
        let hook = server.post("/v1/webhooks", &hook).expect(201);
        let webhook = hook["id"].as_str().expect("an id").to_owned();
        let call = format!("secret-call-{role}");
        server.start(&agent, "chat", &call);
        for operation in operations(&server).into_iter().filter(Operation::is_about_an_id) {
            let existing = match operation.path.split('/').nth(2).expect("what it is about") {
                "agents" | "reservations" => agent.as_str(),
                "alerts" => &alert,
                "calls" => &call,
                "gates" => &gate,
                "leases" => &lease,
                "keys" => &own_id,
                "orgs" => "default",
                "plans" => "standard",
                "webhooks" => &webhook,
                other => panic!("{other}: say which of its ids exist"),
            };
            let of_existing = operation.ask(&server, existing, &foreign, &[]);
            let never = format!("never-was-{role}");
            let of_never = operation.ask(&server, &never, &foreign, &[]);
            let name = operation.name();
            assert_eq!(of_existing.status, of_never.status, "{name} as {role}");
            assert_eq!(told(&of_existing, existing), told(&of_never, &never), "{name} as {role}");
            for id in [existing, &never] {
                // An agent, a gate or an alert of this id may have been made in the other organisation itself.
                for kind in ["agents", "gates", "alerts"] {
                    server.ask("DELETE", &format!("/v1/{kind}/{id}"), OPERATOR, None, &IN_OTHER);
                }
            }
        }
        same_in_bodies_and_filters(&server, &foreign, &[&agent, &call, &lease, &gate]);
        let state = &server.get(&format!("/v1/calls/{call}")).expect(200)["state"];
        assert_eq!(state, "active", "nobody touched it");
    }
}

/// Ids of another organisation are as unknown in bodies, filters and headers as ids that never were.
fn same_in_bodies_and_filters(
    server: &TestServer,
    foreign: &str,
    [agent, call, lease, gate]: &[&str; 4],
) {
    let start = |agent: &str, lease: &str| {
        let body = json!({ "agent": agent, "type": "chat", "lease": lease });
        let answer = server.ask("POST", "/v1/calls", foreign, Some(&body), &[]);
        told(&answer, if agent == "x" { lease } else { agent })
    };
    assert_eq!(start(agent, "none"), start("never-was", "none"));
    assert_eq!(start("x", lease), start("x", "never-was"));
    let batch = |agent: &str| {
        let body = json!({ "calls": [{ "agent": agent, "type": "chat" }] });
        told(&server.ask("POST", "/v1/calls/batch", foreign, Some(&body), &[]), agent)
    };
    assert_eq!(batch(agent), batch("never-was"));
    let reserve = |agent: &str| {
        let body = json!({ "reservations": [{ "agent": agent, "chat": 1 }] });
        told(&server.ask("PUT", "/v1/reservations", foreign, Some(&body), &[]), agent)
    };
    assert_eq!(reserve(agent), reserve("never-was"));
    let get = |path: &str, id: &str| told(&server.ask("GET", path, foreign, None, &[]), id);
    for state in ["queued", "active", "ended"] {
        let list = |agent: &str| get(&format!("/v1/calls?state={state}&agent={agent}"), agent);
        assert_eq!(list(agent), list("never-was"));
        let list = |gate: &str| get(&format!("/v1/calls?state={state}&gate={gate}"), gate);
        assert_eq!(list(gate), list("never-was"));
    }
    let through = |gate: &str| {
        let body = json!({ "agent": "x", "type": "chat", "gates": [gate] });
        told(&server.ask("POST", "/v1/calls", foreign, Some(&body), &[]), gate)
    };
    assert_eq!(through(gate), through("never-was"));
    assert!(!get("/v1/calls", "none").contains(*call));
    let named = |org: &str| {
        told(&server.ask("GET", "/v1/concurrency", foreign, None, &[("callslot-org", org)]), org)
    };
    assert_eq!(named("default"), named("never-was"));
}

/// What an answer says, but for the request's own id, the id that was asked for and the time until a gate's hours, which passes.
fn told(answer: &Answer, id: &str) -> String {
    let mut body = answer.body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("request_id");
        fields.remove("opens_in_ms");
    }
    format!("{} {}", answer.status, body).replace(id, "ID")
}

#[test]
fn an_operator_names_the_organisation_to_act_in() {
    let server = TestServer::new();
    server.operate("GET", "/v1/concurrency", None).refused(422, "org_not_named", "callslot-org");
    let named =
        |org| server.ask("GET", "/v1/concurrency", OPERATOR, None, &[("callslot-org", org)]);
    named("default").expect(200);
    named("nobody").refused(404, "unknown_org", "GET /v1/orgs");
}

#[test]
fn nobody_makes_a_key_above_their_own() {
    let server = TestServer::new();
    let key = json!({ "name": "mine", "role": "operator" });
    server.post("/v1/keys", &key).refused(403, "forbidden", "needs operator");
}
