//! The history over HTTP: figures, the call log, and both as CSV.

use serde_json::{Value, json};

use crate::support::test_server::{OPERATOR, TestServer};

/// Asks until the projection has caught up and the answer is as wanted.
fn once(server: &TestServer, path: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
    loop {
        let answer = server.get(path).expect(200);
        if is_wanted(&answer) {
            return answer;
        }
        std::thread::yield_now();
    }
}

/// What the last hour comes to.
fn total(history: &Value, series: usize, field: &str) -> u64 {
    let points = history["series"][series]["points"].as_array().expect("points");
    points.iter().map(|point| point[field].as_u64().expect("a number")).sum()
}

#[test]
fn the_last_hour_shows_what_was_started_ended_and_refused() {
    let server = TestServer::new();
    let patch = json!({ "limit_override": 1, "max_queued": 1 });
    server.operate("PATCH", "/v1/orgs/default", Some(&patch)).expect(200);
    server.start("a", "chat", "1");
    server.start("b", "inbound", "2");
    let third = json!({ "agent": "a", "type": "chat", "id": "3" });
    server.post("/v1/calls", &third).refused(429, "queue_full", "max_queued");
    server.end("1");

    let is_whole =
        |history: &Value| total(history, 0, "refused") == 1 && total(history, 0, "ends") == 1;
    let history = once(&server, "/v1/history", is_whole);
    assert_eq!((&history["by"], &history["step_s"]), (&json!("none"), &json!(60)));
    let points = history["series"][0]["points"].as_array().expect("points");
    assert!((60..=61).contains(&points.len()), "{}", points.len());
    assert_eq!(total(&history, 0, "starts"), 2);
    let last = points.last().expect("a point");
    assert_eq!((&last["peak_active"], &last["peak_queued"]), (&json!(1), &json!(1)));
    assert!(last["wait_ms"]["p99"].is_u64() && last["wait_ms"]["max"].is_u64(), "{last}");
    assert_eq!(points[0]["wait_ms"], Value::Null);
    assert!(last["span_ms"].as_u64().expect("a number") <= 60_000);

    let by_agent = server.get("/v1/history?by=agent&step_s=3600").expect(200);
    let agents: Vec<_> =
        by_agent["series"].as_array().expect("series").iter().map(|it| &it["agent"]).collect();
    assert_eq!(agents, ["a", "b"]);
    assert_eq!((total(&by_agent, 0, "refused"), total(&by_agent, 1, "starts")), (1, 1));
    let by_type = server.get("/v1/history?by=type").expect(200);
    let types: Vec<_> =
        by_type["series"].as_array().expect("series").iter().map(|it| &it["type"]).collect();
    assert_eq!(types, ["chat", "inbound"]);
}

/// A call counts for each gate that it names, and is found by each once it has ended.
#[test]
fn figures_and_ended_calls_are_found_by_gate() {
    let server = TestServer::new();
    for gate in ["spring", "trunk-1"] {
        let put = json!({ "name": gate, "kind": "trunk", "cap": 1 });
        server.ask("PUT", &format!("/v1/gates/{gate}"), &server.admin, Some(&put), &[]).expect(201);
    }
    server.start("a", "outbound", "plain");
    for (id, gates) in [("1", json!(["trunk-1", "spring"])), ("2", json!(["trunk-1"]))] {
        let start = json!({ "agent": "a", "type": "outbound", "id": id, "gates": gates });
        server.post("/v1/calls", &start);
        server.end(id);
    }
    let path = "/v1/history?by=gate&step_s=3600";
    let history = once(&server, path, |history| {
        history["series"].as_array().is_some_and(|it| it.len() == 2)
            && total(history, 1, "ends") == 2
    });
    let gates: Vec<_> =
        history["series"].as_array().expect("series").iter().map(|it| &it["gate"]).collect();
    assert_eq!(gates, ["spring", "trunk-1"]);
    let starts = [0, 1].map(|series| total(&history, series, "starts"));
    assert_eq!(starts, [1, 2]);
    let one = server.get(&format!("{path}&gate=spring")).expect(200);
    assert_eq!((one["series"].as_array().map(Vec::len), total(&one, 0, "ends")), (Some(1), 1));
    let ids = |query: &str| {
        let page = server.get(&format!("/v1/calls?state=ended&{query}")).expect(200);
        let calls = page["items"].as_array().expect("calls").clone();
        calls
            .into_iter()
            .map(|call| (call["id"].clone(), call["gates"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("gate=spring"), [(json!("1"), json!(["spring", "trunk-1"]))]);
    assert_eq!(ids("gate=trunk-1").len(), 2);
    let csv = server.ask("GET", path, &server.admin, None, &[("accept", "text/csv")]).expect(200);
    assert!(lines_of(&csv)[1..].iter().any(|row| row.contains(",,,trunk-1,1,")), "{csv}");
}

#[test]
fn the_last_minutes_of_the_pool_are_read_at_once() {
    let server = TestServer::new();
    server.limit(1);
    server.start("a", "chat", "1");
    server.start("b", "inbound", "2");
    server.end("1");
    let recent =
        once(&server, "/v1/concurrency/recent", |recent| recent["whole"]["starts"] == json!(2));
    let points = recent["points"].as_array().expect("points");
    assert!((59..=60).contains(&points.len()), "{}", points.len());
    assert_eq!((&points[0]["at"], &points[0]["span_ms"]), (&recent["from"], &json!(60_000)));
    assert_eq!(points[0]["wait_ms"], Value::Null);
    let whole = &recent["whole"];
    assert_eq!((&whole["peak_active"], &whole["peak_queued"]), (&json!(1), &json!(1)));
    assert!(whole["wait_ms"]["p95"].is_u64(), "{whole}");
    let agents = recent["agents"].as_array().expect("agents").iter();
    let agents: Vec<_> =
        agents.map(|it| (&it["agent"], &it["starts"], &it["peak_queued"])).collect();
    assert_eq!(agents, [(&json!("a"), &json!(1), &json!(0)), (&json!("b"), &json!(1), &json!(1))]);
    assert_eq!(recent["agents"][0]["wait_ms"]["p95"], 0);
    let types = recent["types"].as_array().expect("types").iter();
    assert_eq!(types.map(|it| &it["type"]).collect::<Vec<_>>(), ["chat", "inbound"]);

    let few = server.get("/v1/concurrency/recent?minutes=5").expect(200);
    assert!((4..=5).contains(&few["points"].as_array().expect("points").len()));
    for wrong in ["0", "61", "an-hour"] {
        let refused = server.get(&format!("/v1/concurrency/recent?minutes={wrong}"));
        assert_eq!(refused.refused(422, "invalid_field", "minutes")["field"], "minutes");
    }
}

#[test]
fn changes_of_settings_are_markers() {
    let server = TestServer::new();
    let reservations = json!({ "reservations": [{ "agent": "a", "chat": 2 }] });
    server.put("/v1/reservations", &reservations).expect(200);
    server.delete("/v1/agents/b").expect(204);
    let is_whole = |history: &Value| history["markers"].as_array().is_some_and(|it| it.len() == 4);
    let history = once(&server, "/v1/history", is_whole);
    let kinds: Vec<_> = (0..4).map(|place| &history["markers"][place]["kind"]).collect();
    assert_eq!(kinds, ["agent.changed", "agent.changed", "reservations.changed", "agent.changed"]);
    let reserved = &history["markers"][2];
    assert_eq!(reserved["detail"]["reservations"][0]["chat"], 2);
    assert_eq!(reserved["at"], reserved["detail"]["at"]);
    assert_eq!(history["markers"][3]["detail"]["agent"], Value::Null);
}

#[test]
fn questions_about_the_history_that_make_no_sense_are_refused_with_the_next_step() {
    let server = TestServer::new();
    for (query, field, words) in [
        ("step_s=59", "step_s", "60 to 86,400"),
        ("step_s=100", "step_s", "multiple of 60"),
        ("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from", "earlier"),
        ("from=yesterday", "from", "from"),
        ("by=colour", "by", "by"),
        ("gate=spring", "gate", "add `by=gate`"),
        ("by=agent&gate=spring", "gate", "add `by=gate`"),
        ("by=gate&gate=a/b", "gate", "a/b"),
        ("from=1980-01-01T00:00:00Z&step_s=3600", "step_s", "longer `step_s`"),
    ] {
        let refused = server.get(&format!("/v1/history?{query}"));
        let problem = refused.refused(422, "invalid_field", words);
        assert_eq!(problem["field"], field, "{query}");
    }
    let in_future = server.get("/v1/history?from=2999-01-01T00:00:00Z&to=2999-01-02T00:00:00Z");
    assert_eq!(in_future.expect(200)["series"][0]["points"], json!([]));
    let nowhere = server.ask("GET", "/v1/history", OPERATOR, None, &[("callslot-org", "nobody")]);
    nowhere.refused(404, "unknown_org", "nobody");
    let org = [("callslot-org", "nobody")];
    let nowhere = server.ask("GET", "/v1/concurrency/recent", OPERATOR, None, &org);
    nowhere.refused(404, "unknown_org", "nobody");
}

#[test]
fn ended_calls_are_found_by_reason_time_and_wait() {
    let server = TestServer::new();
    server.limit(1);
    server.start("a", "chat", "1");
    server.start("b", "chat", "2");
    server.end("2");
    server.end("1");
    let ids = |query: &str| -> Vec<String> {
        let page = server.get(&format!("/v1/calls?state=ended{query}")).expect(200);
        let items = page["items"].as_array().expect("items");
        items.iter().map(|call| call["id"].as_str().expect("an id").to_owned()).collect()
    };
    while ids("").len() < 2 {
        std::thread::yield_now();
    }
    assert_eq!(ids("&reason=canceled"), ["2"]);
    assert_eq!(ids("&reason=completed&type=chat&agent=a"), ["1"]);
    assert_eq!(ids("&ended_from=2020-01-01T00:00:00Z&least_wait_ms=0").len(), 2);
    assert_eq!(ids("&ended_to=2020-01-01T00:00:00Z").len(), 0);
    assert_eq!(ids("&least_wait_ms=3600000").len(), 0);
    assert_eq!(ids("&id_prefix=1"), ["1"]);
    assert_eq!(ids("&id_prefix=12").len(), 0);
    for unlike in ["", "a%20b", "%C3%A4"] {
        let path = format!("/v1/calls?state=ended&id_prefix={unlike}");
        let refused = server.get(&path).refused(422, "invalid_field", "printable ASCII");
        assert_eq!(refused["field"], "id_prefix");
    }
    server.get("/v1/calls?id_prefix=1").refused(422, "invalid_field", "state=ended");
    let misplaced =
        server.get("/v1/calls?reason=canceled").refused(422, "invalid_field", "state=ended");
    assert_eq!(misplaced["field"], "reason");
}

#[test]
fn calls_and_figures_are_given_as_csv_to_those_who_ask_for_it() {
    let server = TestServer::new();
    for id in ["1", "2,\"3\""] {
        server.start("a", "chat", id);
        server.end(&id.replace('"', "%22"));
    }
    once(&server, "/v1/calls?state=ended", |page| {
        page["items"].as_array().is_some_and(|it| it.len() == 2)
    });
    let csv = |path: &str| server.ask("GET", path, &server.admin, None, &[("accept", "text/csv")]);
    let page = csv("/v1/calls?state=ended&limit=1");
    assert!(page.headers["content-type"].to_str().expect("text").starts_with("text/csv"));
    let link = page.headers["link"].to_str().expect("text").to_owned();
    let lines = lines_of(&page.expect(200));
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("id,agent,type,state,slot,"), "{}", lines[0]);
    assert!(lines[1].starts_with("\"2,\"\"3\"\"\",a,chat,ended,shared,,,,"), "{}", lines[1]);
    let next = link.trim_start_matches('<').split('>').next().expect("an address").to_owned();
    let rest = lines_of(&csv(&next).expect(200));
    assert!(rest[1].starts_with("1,a,chat,ended,shared"), "{}", rest[1]);

    let figures = lines_of(&csv("/v1/history?by=agent&step_s=86400").expect(200));
    assert!(figures[0].starts_with("at,span_ms,agent,type,gate,peak_active"), "{}", figures[0]);
    // In the first hour of a day, the day before has a row as well.
    assert!(figures[1..].iter().any(|row| row.contains(",a,,,1,")), "{figures:?}");
}

#[test]
fn the_format_is_the_one_that_the_client_weighs_more_and_caches_know_it() {
    let server = TestServer::new();
    for path in ["/v1/history", "/v1/calls", "/v1/calls?state=ended"] {
        for (accept, media_type) in [
            (None, "application/json"),
            (Some("TEXT/csv;Q=0.2"), "text/csv; charset=utf-8; header=present"),
            (Some("text/csv;q=0"), "application/json"),
            (Some("text/csv;q=0.5, application/json"), "application/json"),
        ] {
            let headers: Vec<_> = accept.iter().map(|accept| ("accept", *accept)).collect();
            let answer = server.ask("GET", path, &server.admin, None, &headers);
            assert_eq!(answer.headers["content-type"], media_type, "{path} {accept:?}");
            assert_eq!(answer.headers["vary"], "accept", "{path} {accept:?}");
            answer.expect(200);
        }
    }
}

fn lines_of(text: &Value) -> Vec<String> {
    text.as_str().expect("a text").lines().map(str::to_owned).collect()
}
