//! Leases over HTTP.

use serde_json::json;

use crate::support::test_server::TestServer;

#[test]
fn a_lease_vouches_for_calls_and_reconciles_them() {
    let server = TestServer::new();
    let lease = server.post("/v1/leases", &json!({ "ttl_s": 60 })).expect(201);
    assert_eq!((&lease["ttl_s"], &lease["expires_in_ms"]), (&json!(60), &json!(60_000)));
    let id = lease["id"].as_str().expect("an id");
    for call in ["1", "2"] {
        let body = json!({ "agent": "a", "type": "chat", "id": call, "lease": id });
        assert_eq!(server.post("/v1/calls", &body).expect(201)["lease"], id);
    }
    // SHA-256 of "1" begins with 6b86b273ff34fce1 and that of "2" with d4735e3a265e16ee.
    let known = json!({ "count": 2, "digest": format!("{:016x}", 0x6b86_b273_ff34_fce1_u64 ^ 0xd473_5e3a_265e_16ee) });
    let renew = format!("/v1/leases/{id}/renew");
    assert_eq!(server.post(&renew, &known).expect(200)["reconcile"], false);
    let other = json!({ "count": 1, "digest": "6b86b273ff34fce1" });
    assert_eq!(server.post(&renew, &other).expect(200)["reconcile"], true);
    let found =
        server.post(&format!("/v1/leases/{id}/reconcile"), &json!({ "active": ["1", "9"] }));
    assert_eq!(found.expect(200), json!({ "ended": ["2"], "unknown": ["9"] }));
    assert_eq!(server.delete(&format!("/v1/leases/{id}")).status, 204);
    assert_eq!(server.get("/v1/calls/1").expect(200)["reason"], "lease_expired");
    server.post(&renew, &json!({})).refused(404, "lease_expired", "POST /v1/leases");
}

#[test]
fn a_lease_that_is_not_renewed_frees_its_slots() {
    let server = TestServer::new();
    server.limit(1);
    let lease = server.post("/v1/leases", &json!({ "ttl_s": 5 })).expect(201);
    let body = json!({ "agent": "a", "type": "chat", "id": "1", "lease": lease["id"] });
    server.post("/v1/calls", &body).expect(201);
    let waiting = json!({ "agent": "b", "type": "chat", "id": "2" });
    assert_eq!(server.post("/v1/calls?wait_s=60", &waiting).expect(201)["state"], "active");
    assert_eq!(server.get("/v1/calls/1").expect(200)["reason"], "lease_expired");
}
