//! The event stream over HTTP.

use std::io::{BufRead, BufReader};

use callslot_api::Client;
use serde_json::{Value, json};

use crate::support::test_server::TestServer;

/// Reads events after a cursor until there are `count`.
fn events(
    server: &TestServer,
    after: &str,
    filters: &[(&str, &str)],
    count: usize,
) -> Vec<(String, String, Value)> {
    let client = Client::new(&server.url(""), &server.admin, None);
    let mut events = Vec::new();
    let followed = client.follow(Some(after), filters, |event| {
        let data = serde_json::from_str(&event.data).expect("JSON");
        events.push((event.id.clone(), event.name.clone(), data));
        events.len() < count
    });
    followed.expect("the stream goes on");
    events
}

#[test]
fn a_stream_resumes_after_its_cursor_without_a_gap() {
    let server = TestServer::new();
    server.limit(1);
    server.start("a", "chat", "1");
    server.start("b", "chat", "2");
    server.end("1");
    let all = events(&server, "0", &[], 7);
    let names: Vec<&str> = all.iter().map(|(_, name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "agent.changed",
            "agent.changed",
            "limit.changed",
            "call.started",
            "call.queued",
            "call.ended",
            "call.started"
        ]
    );
    let ids: Vec<&str> = all.iter().map(|(id, ..)| id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3", "4", "5", "6", "7"]);
    assert_eq!(all[6].2["call"]["id"], "2");
    assert_eq!(all[6].2["seq"], 7);
    assert_eq!(events(&server, "4", &[], 3), all[4..]);
    let as_of = server.get("/v1/concurrency").expect(200)["as_of"].clone();
    assert_eq!(as_of, json!(7));
}

#[test]
fn a_stream_shows_what_happens_while_it_is_open() {
    let server = TestServer::new();
    let request = ureq::get(server.url("/v1/events"))
        .header("authorization", &format!("Bearer {}", server.admin));
    let answer = request.call().expect("a stream");
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut lines = BufReader::new(answer.into_body().into_reader()).lines();
    server.start("a", "chat", "1");
    let event = lines.find(|line| line.as_ref().is_ok_and(|line| line.starts_with("event: ")));
    assert_eq!(event.expect("an event").expect("a line"), "event: call.started");
}

#[test]
fn a_stream_can_be_narrowed_to_types_and_agents() {
    let server = TestServer::new();
    for (agent, id) in [("a", "1"), ("b", "2"), ("a", "3")] {
        server.start(agent, "chat", id);
        server.end(id);
    }
    let found = events(&server, "0", &[("types", "call.ended"), ("agents", "a")], 2);
    let calls: Vec<&Value> = found.iter().map(|(_, _, data)| &data["call"]["id"]).collect();
    assert_eq!(calls, [&json!("1"), &json!("3")]);
    server.get("/v1/events?types=call.lost").refused(422, "invalid_field", "call.queued");
}

#[test]
fn a_stream_tells_changes_of_gates_and_can_be_narrowed_to_them() {
    let server = TestServer::new();
    let put = |id: &str, paused: bool| {
        let body = json!({ "name": id, "kind": "trunk", "paused": paused });
        server.put(&format!("/v1/gates/{id}"), &body)
    };
    put("g", true).expect(201);
    put("h", false).expect(201);
    for (id, gates) in [("1", json!(["g"])), ("2", json!(["g", "h"])), ("3", json!([]))] {
        let body = json!({ "agent": "a", "type": "chat", "id": id, "gates": gates });
        server.post("/v1/calls", &body).expect(201);
    }
    server.end("2");
    assert_eq!(server.delete("/v1/gates/h").status, 204);
    let settings = |id: &str, paused: bool| json!({ "name": id, "kind": "trunk", "cap": null, "pace": null, "paused": paused, "hours": null });
    let found = events(&server, "2", &[("types", "gate.changed")], 3);
    let told: Vec<_> = found
        .iter()
        .map(|(_, _, data)| (&data["id"], &data["gate"], &data["within_hours"]))
        .collect();
    assert_eq!(told[0], (&json!("g"), &settings("g", true), &json!(true)));
    assert_eq!(told[1], (&json!("h"), &settings("h", false), &json!(true)));
    assert_eq!(told[2], (&json!("h"), &Value::Null, &Value::Null));
    let of_h = events(&server, "2", &[("gates", "h")], 4);
    let names: Vec<&str> = of_h.iter().map(|(_, name, _)| name.as_str()).collect();
    assert_eq!(names, ["gate.changed", "call.queued", "call.ended", "gate.changed"]);
    assert_eq!(of_h[1].2["call"]["gates"], json!(["g", "h"]));
}

/// The lines of a stream.
fn lines(server: &TestServer, query: &str) -> impl Iterator<Item = String> {
    let request = ureq::get(server.url(&format!("/v1/events{query}")))
        .header("authorization", &format!("Bearer {}", server.admin));
    let body = request.call().expect("a stream").into_body();
    BufReader::new(body.into_reader()).lines().map(|line| line.expect("a line"))
}

#[test]
fn a_stream_says_at_once_which_event_it_comes_after() {
    let server = TestServer::new();
    server.start("a", "chat", "1");
    let as_of = server.get("/v1/concurrency").expect(200)["as_of"].clone();
    for (query, after) in
        [("", as_of), ("?after=1", json!(1)), ("?types=call.ended&after=0", json!(0))]
    {
        let first: Vec<String> = lines(&server, query).take(3).collect();
        assert_eq!(first, [": open", &format!("id: {after}"), ""], "{query}");
    }
}

#[test]
fn a_narrow_stream_says_how_far_it_has_passed_over_events_and_resumes_from_there() {
    let server = TestServer::new();
    for id in ["1", "2", "3"] {
        server.start("a", "chat", id);
        server.end(id);
    }
    let as_of = server.get("/v1/concurrency").expect(200)["as_of"].clone();
    for query in ["?types=limit.changed&after=0", "?agents=b&types=call.ended&after=0"] {
        let passed: Vec<String> = lines(&server, query).skip(3).take(2).collect();
        assert_eq!(passed, [&format!("id: {as_of}"), ""], "{query}");
    }
    // The last one wanted is behind: what came since is passed over as well.
    let mut ended = lines(&server, "?agents=a&types=call.started&after=0").skip(3);
    let ids: Vec<String> = ended.by_ref().filter(|line| line.starts_with("id: ")).take(4).collect();
    assert_eq!(ids, ["id: 3", "id: 5", "id: 7", &format!("id: {as_of}")]);
    server.limit(1);
    let after = as_of.to_string();
    let found = events(&server, &after, &[("types", "limit.changed")], 1);
    assert_eq!(found[0].0, (as_of.as_u64().expect("a number") + 1).to_string());
}

#[test]
fn a_cursor_ahead_of_the_log_is_refused_with_both_numbers() {
    let server = TestServer::new();
    server.start("a", "chat", "1");
    let as_of = server.get("/v1/concurrency").expect(200)["as_of"].as_u64().expect("a number");
    let ahead = as_of + 1;
    let problem = server.get(&format!("/v1/events?after={ahead}"));
    let problem = problem.refused(410, "cursor_ahead", "/v1/concurrency");
    assert_eq!((&problem["after"], &problem["as_of"]), (&json!(ahead), &json!(as_of)));
    let header = [("last-event-id", &*ahead.to_string())];
    let problem = server.ask("GET", "/v1/events?after=1", &server.admin, None, &header);
    assert_eq!(problem.refused(410, "cursor_ahead", "/v1/concurrency")["after"], ahead);
}

#[test]
fn streams_and_long_polls_end_when_the_server_stops() {
    let server = TestServer::new();
    let request = ureq::get(server.url("/v1/events"))
        .header("authorization", &format!("Bearer {}", server.admin));
    let answer = request.call().expect("a stream");
    let reading = std::thread::spawn(move || {
        BufReader::new(answer.into_body().into_reader()).lines().map_while(Result::ok).count()
    });
    drop(server);
    reading.join().expect("the stream ended");
}

#[test]
fn a_cursor_is_a_number_that_an_event_may_have() {
    let server = TestServer::new();
    let beyond = "9223372036854775808";
    let problem = server.get(&format!("/v1/events?after={beyond}"));
    assert_eq!(problem.refused(422, "invalid_field", "it must be")["field"], "after");
    let headers = [("last-event-id", beyond)];
    let problem = server.ask("GET", "/v1/events?after=0", &server.admin, None, &headers);
    assert_eq!(problem.refused(422, "invalid_field", "it must be")["field"], "last-event-id");
    let headers = [("last-event-id", "0")];
    let both = format!("/v1/events?after={beyond}");
    let problem = server.ask("GET", &both, &server.admin, None, &headers);
    assert_eq!(problem.refused(422, "invalid_field", "it must be")["field"], "after");
}
