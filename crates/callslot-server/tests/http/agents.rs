//! Agents over HTTP.

use serde_json::json;

use crate::support::test_server::TestServer;

#[test]
fn agents_are_created_replaced_listed_and_deleted() {
    let server = TestServer::new();
    let capped = server.put("/v1/agents/a", &json!({ "name": "Support", "cap": 3 })).expect(200);
    assert_eq!(capped, json!({ "id": "a", "name": "Support", "cap": 3, "pace": null }));
    assert_eq!(server.get("/v1/agents/a").expect(200), capped);
    assert_eq!(
        server.put("/v1/agents/a", &json!({ "name": "Support" })).expect(200)["cap"],
        json!(null)
    );
    let first = server.get("/v1/agents?limit=1").expect(200);
    let next = first["next"].as_str().expect("there is more");
    let second = server.get(&format!("/v1/agents?limit=1&cursor={next}")).expect(200);
    assert_eq!((&second["items"][0]["id"], &second["next"]), (&json!("b"), &json!(null)));
    server.start("b", "chat", "1");
    server.delete("/v1/agents/b").refused(409, "agent_in_use", "1 live calls");
    assert_eq!(server.delete("/v1/agents/a").status, 204);
    server.get("/v1/agents/a").refused(404, "unknown_agent", "create it");
    server.put("/v1/agents/x", &json!({ "name": " " })).refused(422, "invalid_field", "name");
    server.put("/v1/agents/has%20space", &json!({ "name": "x" })).refused(
        422,
        "invalid_field",
        "agent id",
    );
}

#[test]
fn a_type_has_a_cap_that_holds_all_agents_and_says_so() {
    let server = TestServer::new();
    assert_eq!(
        server.get("/v1/types/chat").expect(200),
        json!({ "type": "chat", "cap": null, "pace": null }),
        "there is none at first"
    );
    let capped = server.put("/v1/types/chat", &json!({ "cap": 1 })).expect(200);
    assert_eq!(capped, json!({ "type": "chat", "cap": 1, "pace": null }));
    assert_eq!(server.get("/v1/types/chat").expect(200), capped);
    assert_eq!(server.start("a", "chat", "1")["state"], "active");
    let waiting = server.start("b", "chat", "2");
    assert_eq!(
        (&waiting["blocked_on"], &waiting["blocked_by"]),
        (&json!("type_cap"), &json!({ "type": "chat" }))
    );
    assert_eq!(server.start("b", "inbound", "3")["state"], "active");
    let pool = server.get("/v1/concurrency").expect(200);
    let caps = json!({ "webcall": null, "chat": 1, "outbound": null, "inbound": null });
    assert_eq!(pool["type_caps"], caps);
    assert_eq!(server.put("/v1/types/chat", &json!({})).expect(200)["cap"], json!(null));
    assert_eq!(server.get("/v1/calls/2").expect(200)["state"], "active");
    server.get("/v1/types/fax").refused(422, "invalid_field", "`type` is fax; it must be webcall");
    server.put("/v1/types/chat", &json!({ "cap": 10_000_001 })).refused(
        422,
        "invalid_field",
        "cap",
    );
}

#[test]
fn what_does_not_fit_under_a_types_cap_is_refused_with_its_numbers() {
    let server = TestServer::new();
    server.put("/v1/types/chat", &json!({ "cap": 5 })).expect(200);
    let reserve = |agent: &str, chat: u32| {
        let body = json!({ "reservations": [{ "agent": agent, "chat": chat }] });
        server.put("/v1/reservations", &body)
    };
    reserve("a", 3).expect(200);
    let problem = reserve("b", 3).refused(409, "reservations_exceed_cap", "type chat");
    assert_eq!(
        (&problem["asked"], &problem["cap"], &problem["left"]),
        (&json!(6), &json!(5), &json!(2))
    );
    let refused = server.put("/v1/types/chat", &json!({ "cap": 2 }));
    let problem = refused.refused(409, "cap_below_reservations", "type chat");
    assert_eq!((&problem["cap"], &problem["reserved"]), (&json!(2), &json!(3)));
}

#[test]
fn a_cap_below_the_reservations_is_refused_with_both_numbers() {
    let server = TestServer::new();
    let body = json!({ "reservations": [{ "agent": "a", "chat": 4 }] });
    server.put("/v1/reservations", &body).expect(200);
    let refused = server.put("/v1/agents/a", &json!({ "name": "A", "cap": 3 }));
    let problem = refused.refused(409, "cap_below_reservations", "lower the reservations");
    assert_eq!((&problem["cap"], &problem["reserved"]), (&json!(3), &json!(4)));
}
