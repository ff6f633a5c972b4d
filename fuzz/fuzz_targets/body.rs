//! JSON bodies: requests that change something, one after another, to a server of their own. Whatever they say, each is
//! answered, and a client can read the result and a restart recovers it.
//!
//! An input is requests with `0xFF` between them, which no JSON text holds: a byte for the operation, and the body. In a
//! body, `$lease` is replaced by the id of an open lease.
#![no_main]

use callslot_api::{Agent, Call, Key, Lease, Org, Page, Plan, Pool, ReservationsPut};
use callslot_fuzz::http::{Answer, PATIENCE, answers, request};
use callslot_server::fuzz_server::{FuzzServer, OPERATOR_KEY};
use libfuzzer_sys::fuzz_target;

/// Every operation with a body, and a few without that make room for others.
const OPERATIONS: [(&str, &str); 19] = [
    ("POST", "/v1/calls"),
    ("POST", "/v1/calls/batch"),
    ("POST", "/v1/calls/c1/end"),
    ("POST", "/v1/calls/c1/claim"),
    ("PUT", "/v1/agents/a"),
    ("PUT", "/v1/agents/b"),
    ("DELETE", "/v1/agents/b"),
    ("PUT", "/v1/reservations"),
    ("POST", "/v1/leases"),
    ("POST", "/v1/leases/$lease/renew"),
    ("POST", "/v1/leases/$lease/reconcile"),
    ("PUT", "/v1/plans/standard"),
    ("POST", "/v1/orgs"),
    ("PATCH", "/v1/orgs/default"),
    ("POST", "/v1/keys"),
    ("DELETE", "/v1/leases/$lease"),
    ("PUT", "/atoms/v1/concurrency/reservations"),
    ("POST", "/v1/leases/$lease/adopt"),
    ("POST", "/v1/calls/c1/decline"),
];
/// More would take long and show little.
const MAX_REQUESTS: usize = 12;

fuzz_target!(|data: &[u8]| {
    let server = FuzzServer::new();
    let opened =
        ask(&server, &[("PUT", "/v1/agents/a", br#"{"name":"A"}"#), ("POST", "/v1/leases", b"")]);
    let lease = answers(&opened)[1].json::<Lease>().id;
    let parts = data.split(|&byte| byte == 0xFF).filter(|part| !part.is_empty());
    let requests: Vec<_> = parts
        .take(MAX_REQUESTS)
        .map(|part| {
            let (method, path) = OPERATIONS[usize::from(part[0]) % OPERATIONS.len()];
            (method, path.replace("$lease", &lease), with_lease(&part[1..], &lease))
        })
        .collect();
    let requests: Vec<_> =
        requests.iter().map(|(method, path, body)| (*method, &**path, &**body)).collect();
    let answered = ask(&server, &requests);
    let answered = answers(&answered);
    assert_eq!(answered.len(), requests.len(), "every request is answered");
    for ((method, path, body), answer) in requests.iter().zip(&answered) {
        judge(method, path, body, answer);
    }
    read_everything(&server);
    server.stop_and_recover();
});

/// Sends requests on one connection, and returns the answers.
fn ask(server: &FuzzServer, requests: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let key = format!("Bearer {OPERATOR_KEY}");
    let headers: [(&str, &[u8]); 2] =
        [("authorization", key.as_bytes()), ("callslot-org", b"default")];
    let bytes = requests.iter().flat_map(|(method, path, body)| {
        request(method, path.as_bytes(), &headers, (*method != "GET").then_some(*body))
    });
    server.exchange(&bytes.collect::<Vec<u8>>(), PATIENCE)
}

fn with_lease(body: &[u8], lease: &str) -> Vec<u8> {
    match std::str::from_utf8(body) {
        Ok(text) => text.replace("$lease", lease).into_bytes(),
        Err(_) => body.to_owned(),
    }
}

/// What an answer to a body may be: taken only if it is JSON, or may be left out.
fn judge(method: &str, path: &str, body: &[u8], answer: &Answer<'_>) {
    assert_ne!(answer.status, 503, "the store works: {answer:?}");
    let is_taken = answer.status < 300;
    if is_taken && !body.is_empty() && method != "DELETE" {
        let json: serde_json::Result<serde::de::IgnoredAny> = serde_json::from_slice(body);
        assert!(json.is_ok(), "this was taken: {}", String::from_utf8_lossy(body));
    }
    if is_taken && path == "/v1/reservations" {
        let put: ReservationsPut = serde_json::from_slice(body).expect("it was taken");
        let pool: Pool = answer.json();
        for wanted in put.reservations {
            let agent = pool.agents.iter().find(|agent| agent.id == wanted.agent);
            let types = &agent.expect("an agent with reservations is known").types;
            let reserved = [&types.webcall, &types.chat, &types.outbound, &types.inbound];
            assert_eq!(
                reserved.map(|class| class.reserved),
                [wanted.webcall, wanted.chat, wanted.outbound, wanted.inbound]
            );
        }
    }
}

/// Reads everything that can be listed, as a client does.
fn read_everything(server: &FuzzServer) {
    let paths = [
        "/v1/concurrency",
        "/v1/calls?limit=1000",
        "/v1/calls/c1",
        "/v1/agents",
        "/v1/plans",
        "/v1/orgs",
        "/v1/keys",
    ];
    let answered = ask(server, &paths.map(|path| ("GET", path, &b""[..])));
    let answered = answers(&answered);
    let [pool, calls, call, agents, plans, orgs, keys] = &answered[..] else {
        panic!("every request is answered: {answered:?}");
    };
    let pool: Pool = pool.json();
    let calls: Page<Call> = calls.json();
    assert_eq!(
        calls.items.len(),
        usize::try_from(pool.active + pool.queued).expect("few").min(1000)
    );
    assert!(pool.active <= pool.limit || pool.settling > 0, "{pool:?}");
    if call.status == 200 {
        let _: Call = call.json();
    }
    let agents: Page<Agent> = agents.json();
    assert_eq!(agents.items.len(), pool.agents.len());
    let _: Page<Plan> = plans.json();
    let _: Page<Org> = orgs.json();
    let _: Page<Key> = keys.json();
}
