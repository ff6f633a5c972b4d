//! Agents over HTTP.

use serde_json::json;

use crate::support::test_server::TestServer;

#[test]
fn agents_are_created_replaced_listed_and_deleted() {
    let server = TestServer::new();
    let capped = server.put("/v1/agents/a", &json!({ "name": "Support", "cap": 3 })).expect(200);
    assert_eq!(capped, json!({ "id": "a", "name": "Support", "cap": 3 }));
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
fn a_cap_below_the_reservations_is_refused_with_both_numbers() {
    let server = TestServer::new();
    let body = json!({ "reservations": [{ "agent": "a", "chat": 4 }] });
    server.put("/v1/reservations", &body).expect(200);
    let refused = server.put("/v1/agents/a", &json!({ "name": "A", "cap": 3 }));
    let problem = refused.refused(409, "cap_below_reservations", "lower the reservations");
    assert_eq!((&problem["cap"], &problem["reserved"]), (&json!(3), &json!(4)));
}
