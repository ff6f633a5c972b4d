//! Gates and paces over HTTP.

use serde_json::{Value, json};

use crate::support::stream_client::StreamClient;
use crate::support::test_server::TestServer;

const ALL_DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn put(server: &TestServer, id: &str, with: &Value) -> Value {
    let answer = server.put(&format!("/v1/gates/{id}"), &gate(with));
    assert!(matches!(answer.status, 200 | 201), "{}", answer.body);
    answer.body
}

/// The body of a gate with these settings.
fn gate(with: &Value) -> Value {
    let mut body = json!({ "name": "Gate", "kind": "other" });
    for (field, value) in with.as_object().expect("settings") {
        body[field] = value.clone();
    }
    body
}

/// Starts a call of agent `a` that passes these gates.
fn start(server: &TestServer, id: &str, gates: &[&str]) -> Value {
    let body = json!({ "agent": "a", "type": "outbound", "id": id, "gates": gates });
    server.post("/v1/calls", &body).expect(201)
}

/// Hours of the day that it is not, so that a gate with these is closed for a day and more.
fn closed_hours(server: &TestServer) -> Value {
    let call = server.start("b", "chat", "clock");
    server.end("clock");
    let asked: callslot_api::Time =
        serde_json::from_value(call["requested_at"].clone()).expect("a time");
    // 1 January 1970 was a Thursday.
    let today = usize::try_from(asked.0 / 86_400_000 + 3).expect("a number of days") % 7;
    let day = ALL_DAYS[(today + 3) % 7];
    json!({ "tz": "UTC", "open": [{ "days": [day], "from": "08:00", "to": "17:00" }] })
}

#[test]
fn gates_are_created_replaced_listed_and_deleted() {
    let server = TestServer::new();
    let hours = json!({ "tz": "america/new_york", "open": [
        { "days": ALL_DAYS, "from": "00:00", "to": "24:00" }
    ] });
    let spring = gate(&json!({ "kind": "campaign", "cap": 3, "pace": { "starts": 5, "per_s": 1 },
        "hours": hours }));
    let new = server.put("/v1/gates/spring", &spring).expect(201);
    let expected = json!({
        "id": "spring", "name": "Gate", "kind": "campaign", "cap": 3,
        "pace": { "starts": 5, "per_s": 1, "burst": 1 }, "paused": false,
        "hours": { "tz": "America/New_York", "open": [
            { "days": ALL_DAYS, "from": "00:00", "to": "24:00" }
        ] },
        "within_hours": true, "opens_in_ms": null, "active": 0, "queued": 0, "ended": 0,
        "oldest_wait_ms": null, "next_start_in_ms": 0, "done_in_ms": 0,
    });
    assert_eq!(new, expected);
    assert_eq!(server.get("/v1/gates/spring").expect(200), new);
    let replaced = server.put("/v1/gates/spring", &gate(&json!({ "paused": true }))).expect(200);
    let left = ["cap", "pace", "hours", "next_start_in_ms"].map(|field| &replaced[field]);
    assert_eq!(left, [&Value::Null; 4], "what is left out it has no longer");
    put(&server, "trunk", &json!({}));
    let first = server.get("/v1/gates?limit=1").expect(200);
    let next = first["next"].as_str().expect("there is more");
    let second = server.get(&format!("/v1/gates?limit=1&cursor={next}")).expect(200);
    assert_eq!(
        (&first["items"][0]["id"], &second["items"][0]["id"]),
        (&json!("spring"), &json!("trunk"))
    );
    assert_eq!(second["next"], Value::Null);
    start(&server, "1", &["trunk"]);
    server.delete("/v1/gates/trunk").refused(409, "gate_in_use", "1 live calls");
    server.end("1");
    assert_eq!(server.get("/v1/gates/trunk").expect(200)["ended"], 1);
    assert_eq!(server.delete("/v1/gates/trunk").status, 204);
    server.delete("/v1/gates/trunk").refused(404, "unknown_gate", "create it");
    server.get("/v1/gates/trunk").refused(404, "unknown_gate", "PUT /v1/gates/trunk");
}

#[test]
fn what_is_wrong_with_a_gate_is_said_with_the_field_and_the_value() {
    let server = TestServer::new();
    let refused = |with: &Value, field: &str, words: &str| {
        let answer = server.put("/v1/gates/g", &gate(with));
        assert_eq!(answer.refused(422, "invalid_field", words)["field"], field);
    };
    let pace = |starts: u64, per_s: u64, burst: u64| json!({ "pace": { "starts": starts, "per_s": per_s, "burst": burst } });
    refused(&json!({ "name": " " }), "name", "give it a name");
    refused(&json!({ "kind": "queue" }), "kind", "campaign, trunk, customer, number or other");
    refused(&json!({ "cap": 10_000_001 }), "cap", "0 to 10,000,000");
    refused(&pace(0, 1, 1), "pace.starts", "1 to 10,000");
    refused(&pace(1, 86_401, 1), "pace.per_s", "1 to 86,400");
    refused(&pace(1, 1, 10_001), "pace.burst", "1 to 10,000");
    refused(&json!({ "paces": 1 }), "paces", "paces");
    let hours = |tz: &str, open: Value| json!({ "hours": { "tz": tz, "open": open } });
    let span =
        |from: &str, to: &str| hours("UTC", json!([{ "days": ["mon"], "from": from, "to": to }]));
    refused(&hours("Mars/Olympus", json!([])), "hours.tz", "America/New_York");
    refused(&span("8:00", "21:00"), "hours.open[0].from", "\"08:30\"");
    refused(&span("08:00", "24:01"), "hours.open[0].to", "00:00");
    refused(&span("08:60", "09:00"), "hours.open[0].from", "\"08:60\"");
    refused(&span("22:00", "06:00"), "hours.open[0].to", "over midnight as two");
    refused(&span("22:00", "22:00"), "hours.open[0].to", "over midnight as two");
    let no_day = json!([{ "days": [], "from": "08:00", "to": "09:00" }]);
    refused(&hours("UTC", no_day), "hours.open[0].days", "empty");
    let no_such_day = json!([{ "days": ["mon", "Monday"], "from": "08:00", "to": "09:00" }]);
    refused(&hours("UTC", no_such_day), "hours.open[0].days[1]", "mon");
    let many = json!(vec![json!({ "days": ["mon"], "from": "08:00", "to": "09:00" }); 57]);
    refused(&hours("UTC", many), "hours.open", "at most 56");
    server.get("/v1/gates/g").refused(404, "unknown_gate", "");
    server.put("/v1/gates/has%20space", &gate(&json!({}))).refused(422, "invalid_field", "gate id");
}

#[test]
fn a_call_names_up_to_four_gates_that_are_there() {
    let server = TestServer::new();
    for id in ["g1", "g2", "g3", "g4", "g5"] {
        put(&server, id, &json!({}));
    }
    let ask = |gates: Value| {
        server.post("/v1/calls", &json!({ "agent": "a", "type": "chat", "gates": gates }))
    };
    let call = ask(json!(["g4", "g2", "g1", "g3", "g2"]));
    assert_eq!(call.refused(422, "invalid_field", "at most 4")["field"], "gates");
    let call = ask(json!(["g4", "g2", "g1", "g3"])).expect(201);
    assert_eq!(call["gates"], json!(["g1", "g2", "g3", "g4"]), "a set, by id");
    assert_eq!(ask(json!(["g1", "g1"])).expect(201)["gates"], json!(["g1"]));
    assert_eq!(ask(json!([])).expect(201)["gates"], json!([]));
    ask(json!(["g1", "nobody"])).refused(404, "unknown_gate", "nobody");
    let bad = ask(json!(["g1", "g2", "has space"])).refused(422, "invalid_field", "gate id");
    assert_eq!(bad["field"], "gates[2]");
    ask(json!("g1")).refused(422, "invalid_field", "an array");
}

#[test]
fn an_id_is_one_calls_whose_gates_are_told() {
    let server = TestServer::new();
    put(&server, "g", &json!({}));
    put(&server, "h", &json!({}));
    start(&server, "1", &["g"]);
    let again = |gates: Value| {
        let body = json!({ "agent": "a", "type": "outbound", "id": "1", "gates": gates });
        server.post("/v1/calls", &body)
    };
    assert_eq!(again(json!(["g"])).expect(200)["id"], "1");
    again(json!(["h"])).refused(409, "call_id_taken", "gates g");
    again(json!([])).refused(409, "call_id_taken", "gates g");
    start(&server, "2", &[]);
    let body = json!({ "agent": "a", "type": "outbound", "id": "2", "gates": ["g"] });
    server.post("/v1/calls", &body).refused(409, "call_id_taken", "without gates");
}

#[test]
fn a_call_that_a_gate_holds_says_which_one_and_why() {
    let server = TestServer::new();
    put(&server, "full", &json!({ "cap": 1 }));
    put(&server, "paused", &json!({ "paused": true }));
    put(&server, "slow", &json!({ "pace": { "starts": 1, "per_s": 3_600 } }));
    let hours = closed_hours(&server);
    let shut = put(&server, "shut", &json!({ "hours": hours }));
    assert_eq!(shut["within_hours"], false);
    let opens_in_ms = shut["opens_in_ms"].as_u64().expect("a time");
    assert!((86_400_000..6 * 86_400_000).contains(&opens_in_ms), "{opens_in_ms}");
    assert_eq!(start(&server, "1", &["full", "slow"])["state"], "active");
    let waits = |id: &str, gates: &[&str], on: &str, by: Value| {
        let call = start(&server, id, gates);
        assert_eq!((&call["blocked_on"], &call["blocked_by"]), (&json!(on), &by));
        call["retry_in_ms"].as_u64()
    };
    assert_eq!(waits("2", &["full"], "gate_cap", json!({ "gate": "full" })), None);
    assert_eq!(waits("3", &["paused"], "gate_paused", json!({ "gate": "paused" })), None);
    let opens = waits("4", &["shut"], "gate_hours", json!({ "gate": "shut" })).expect("a time");
    assert!(opens <= opens_in_ms && opens + 60_000 > opens_in_ms, "{opens} of {opens_in_ms}");
    let paced = waits("5", &["slow"], "paced", json!({ "gate": "slow" })).expect("a time");
    assert!((3_500_000..=3_600_000).contains(&paced), "{paced}");
    // The first reason in the order of telling, wherever it stands.
    waits("6", &["slow", "paused", "full"], "gate_cap", json!({ "gate": "full" }));
    waits("7", &["slow", "shut", "paused"], "gate_paused", json!({ "gate": "paused" }));
    // The lists tell the same.
    let listed = server.get("/v1/calls?gate=shut&state=queued").expect(200);
    let listed = listed["items"].as_array().expect("calls");
    assert_eq!(
        listed.iter().map(|call| &call["id"]).collect::<Vec<_>>(),
        [&json!("4"), &json!("7")]
    );
    assert!(listed[0]["retry_in_ms"].as_u64().expect("a time") <= opens);
    let slow = server.get("/v1/gates/slow").expect(200);
    assert_eq!((&slow["active"], &slow["queued"]), (&json!(1), &json!(3)));
    assert!(slow["next_start_in_ms"].as_u64().expect("a time") <= paced);
    put(&server, "paused", &json!({}));
    assert_eq!(server.get("/v1/calls/3").expect(200)["state"], "active");
}

#[test]
fn a_pace_of_an_agent_or_a_type_holds_calls_and_lets_them_go() {
    let server = TestServer::new();
    let pace = json!({ "starts": 1, "per_s": 3_600, "burst": 1 });
    let agent = server.put("/v1/agents/a", &json!({ "name": "A", "pace": pace })).expect(200);
    assert_eq!(agent["pace"], pace);
    assert_eq!(server.get("/v1/agents/a").expect(200), agent);
    let of_type = server.put("/v1/types/chat", &json!({ "pace": pace })).expect(200);
    assert_eq!(of_type, json!({ "type": "chat", "cap": null, "pace": pace }));
    assert_eq!(server.get("/v1/types/chat").expect(200), of_type);
    let pool = server.get("/v1/concurrency").expect(200);
    assert_eq!((&pool["agents"][0]["pace"], &pool["agents"][1]["pace"]), (&pace, &Value::Null));
    let paces = json!({ "webcall": null, "chat": pace, "outbound": null, "inbound": null });
    assert_eq!(pool["type_paces"], paces);
    assert_eq!(server.start("a", "inbound", "1")["state"], "active");
    let held = server.start("a", "outbound", "2");
    assert_eq!(
        (&held["blocked_on"], &held["blocked_by"]),
        (&json!("paced"), &json!({ "agent": "a" }))
    );
    assert_eq!(server.start("b", "chat", "3")["state"], "active");
    let held = server.start("b", "chat", "4");
    assert_eq!(
        (&held["blocked_on"], &held["blocked_by"]),
        (&json!("paced"), &json!({ "type": "chat" }))
    );
    assert!(held["retry_in_ms"].as_u64().is_some_and(|ms| ms <= 3_600_000));
    // Ten a second: the call starts within a tenth of one, by itself.
    server.put("/v1/types/chat", &json!({ "pace": { "starts": 10, "per_s": 1 } })).expect(200);
    let held = server.get("/v1/calls/4?wait_s=20").expect(200);
    assert_eq!(held["state"], "active");
    let bad = server.put("/v1/types/chat", &json!({ "pace": { "starts": 1 } }));
    bad.refused(422, "invalid_field", "per_s");
    let bad =
        server.put("/v1/agents/a", &json!({ "name": "A", "pace": { "starts": 1, "per_s": 0 } }));
    assert_eq!(bad.refused(422, "invalid_field", "1 to 86,400")["field"], "pace.per_s");
}

#[test]
fn all_calls_of_a_gate_are_listed_and_ended_at_once() {
    let server = TestServer::new();
    put(&server, "spring", &json!({ "cap": 1 }));
    put(&server, "autumn", &json!({}));
    let row = |id: &str, gates: Value| json!({ "agent": "a", "type": "outbound", "id": id, "gates": gates });
    let calls = [
        row("1", json!(["spring"])),
        row("2", json!(["spring", "autumn"])),
        row("3", json!(["autumn"])),
        row("4", json!(["nobody"])),
        row("5", json!(["spring", "has space"])),
    ];
    let results = server.post("/v1/calls/batch", &json!({ "calls": calls })).expect(200);
    let results = results["results"].as_array().expect("results");
    assert_eq!(results[1]["call"]["blocked_by"], json!({ "gate": "spring" }));
    assert_eq!(results[3]["error"]["code"], "unknown_gate");
    assert_eq!(results[4]["error"]["field"], "calls[4].gates[1]");
    let ended = |body: Value| server.post("/v1/calls/end", &body).expect(200)["ended"].clone();
    assert_eq!(ended(json!({ "gate": "spring" })), json!(2));
    assert_eq!(server.get("/v1/calls/3").expect(200)["state"], "active");
    server.post("/v1/calls/end", &json!({ "gate": "nobody" })).refused(
        404,
        "unknown_gate",
        "nobody",
    );
    server.get("/v1/calls?gate=nobody").refused(404, "unknown_gate", "nobody");
    let mut of_spring = Vec::new();
    // The history follows the log.
    for _ in 0..50_000 {
        let page = server.get("/v1/calls?state=ended&gate=spring").expect(200);
        of_spring = page["items"]
            .as_array()
            .expect("calls")
            .iter()
            .map(|call| call["id"].clone())
            .collect();
        if of_spring.len() == 2 {
            break;
        }
        std::thread::yield_now();
    }
    of_spring.sort_by_key(ToString::to_string);
    assert_eq!(of_spring, [json!("1"), json!("2")]);
}

#[test]
fn hours_go_on_after_a_restart() {
    let server = TestServer::new();
    let hours = closed_hours(&server);
    let before = put(&server, "shut", &json!({ "hours": hours }));
    start(&server, "1", &["shut"]);
    let server = server.restart();
    let after = server.get("/v1/gates/shut").expect(200);
    assert_eq!((&after["within_hours"], &after["queued"]), (&json!(false), &json!(1)));
    let left = |gate: &Value| gate["opens_in_ms"].as_u64().expect("a time");
    assert!(left(&after) <= left(&before) && left(&after) + 120_000 > left(&before));
    let call = server.get("/v1/calls/1").expect(200);
    assert_eq!(call["blocked_on"], "gate_hours");
    assert!(call["retry_in_ms"].as_u64().expect("a time") <= left(&after));
    put(&server, "shut", &json!({}));
    assert_eq!(server.get("/v1/calls/1").expect(200)["state"], "active");
}

#[test]
fn the_metrics_show_gates() {
    let server = TestServer::new();
    put(&server, "spring", &json!({ "cap": 1 }));
    put(&server, "trunk", &json!({}));
    start(&server, "1", &["spring", "trunk"]);
    start(&server, "2", &["spring"]);
    let page = server.get("/metrics").body.as_str().expect("a page").to_owned();
    for line in [
        "callslot_gates{org=\"default\"} 2",
        "callslot_gate_active{org=\"default\",gate=\"spring\"} 1",
        "callslot_gate_queued{org=\"default\",gate=\"spring\"} 1",
        "callslot_gate_active{org=\"default\",gate=\"trunk\"} 1",
    ] {
        assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
    }
}

#[test]
fn an_engine_names_gates_and_is_told_which_one_holds_a_call() {
    let server = TestServer::new();
    put(&server, "full", &json!({ "cap": 1 }));
    put(&server, "slow", &json!({ "pace": { "starts": 1, "per_s": 3_600 } }));
    let mut engine = StreamClient::new(&server);
    let start = |id: &str, gate: &str| json!({ "op": "start", "ref": 1, "agent": "a", "type": "chat", "id": id, "gates": [gate] });
    for (id, gate) in [("1", "full"), ("2", "slow")] {
        let call = engine.ask(&start(id, gate))["call"].clone();
        assert_eq!((&call["state"], &call["gates"]), (&json!("active"), &json!([gate])));
    }
    for (id, gate, on) in
        [("3", "full", "gate_cap"), ("4", "full", "gate_cap"), ("5", "slow", "paced")]
    {
        let call = engine.ask(&start(id, gate))["call"].clone();
        assert_eq!(
            (&call["blocked_on"], &call["blocked_by"]),
            (&json!(on), &json!({ "gate": gate }))
        );
    }
    let unknown = engine.ask(&start("6", "nobody"));
    assert_eq!(unknown["error"]["code"], "unknown_gate");
    let mut bad = start("6", "full");
    bad["gates"] = json!(["full", "has space"]);
    assert_eq!(engine.ask(&bad)["error"]["field"], "gates[1]");
    server.end("3");
    assert_eq!(engine.next()["op"], "ended");
    let [fourth, fifth] = [engine.next(), engine.next()];
    assert_eq!((&fourth["id"], &fourth["position"]), (&json!("4"), &json!(1)));
    assert_eq!(
        (&fourth["blocked_on"], &fourth["blocked_by"]),
        (&json!("gate_cap"), &json!({ "gate": "full" }))
    );
    assert_eq!(fourth["retry_in_ms"], Value::Null);
    assert_eq!(
        (&fifth["blocked_on"], &fifth["blocked_by"]),
        (&json!("paced"), &json!({ "gate": "slow" }))
    );
    assert!(fifth["retry_in_ms"].as_u64().is_some_and(|ms| ms <= 3_600_000));
}
