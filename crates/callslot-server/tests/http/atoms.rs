//! The addresses of the Atoms platform: what its clients are answered, and that it is the same pool and the same history.

use callslot_api::{AgentPut, CallType, Date, Time};
use callslot_demo::{Caller, Past, write_past};
use callslot_server::{ServerConfig, first_org, first_org_settings, first_plans, wall_now};
use serde_json::{Value, json};

use crate::support::raw_connection::answers;
use crate::support::test_server::{Answer, OPERATOR, TestServer, open_store};

const POOL: &str = "/atoms/v1/concurrency";
const RESERVATIONS: &str = "/atoms/v1/concurrency/reservations";
const DAY: &str = "/atoms/v1/analytics/concurrency";

/// What worked, out of its envelope.
#[track_caller]
fn data(answer: Answer) -> Value {
    assert_eq!(answer.headers["content-type"], "application/json");
    let body = answer.expect(200);
    assert_eq!(body, json!({ "success": true, "data": body["data"] }));
    body["data"].clone()
}

fn put(server: &TestServer, reservations: &Value) -> Answer {
    server.put(RESERVATIONS, &json!({ "reservations": reservations }))
}

#[test]
fn a_reservation_made_through_either_door_is_seen_through_the_other() {
    let server = TestServer::new();
    let nothing = json!({ "orgLimit": 20, "totalReserved": 0, "unreservedPool": 20, "agents": [] });
    assert_eq!(data(server.get(POOL)), nothing);
    let both = json!([
        { "agentId": "a", "webcall": 1, "outbound": 2, "inbound": 3, "chat": 4 },
        { "agentId": "b" },
    ]);
    assert_eq!(data(put(&server, &both)), json!({ "updated": 2 }));
    let pool = server.get("/v1/concurrency").expect(200);
    let types = &pool["agents"][0]["types"];
    let reserved = ["webcall", "outbound", "inbound", "chat"].map(|name| &types[name]["reserved"]);
    assert_eq!(reserved, [1, 2, 3, 4]);
    let body = json!({ "reservations": [{ "agent": "b", "outbound": 5 }] });
    server.put("/v1/reservations", &body).expect(200);
    let shown = json!({
        "orgLimit": 20,
        "totalReserved": 15,
        "unreservedPool": 5,
        "agents": [
            { "agentId": "a", "agentName": "a", "avatarUrl": null, "webcall": 1, "outbound": 2, "inbound": 3, "chat": 4 },
            { "agentId": "b", "agentName": "b", "avatarUrl": null, "webcall": 0, "outbound": 5, "inbound": 0, "chat": 0 },
        ],
    });
    assert_eq!(data(server.get(POOL)), shown);
}

#[test]
fn reservations_that_do_not_fit_are_refused_whole_and_with_the_numbers() {
    let server = TestServer::new();
    let over = json!([{ "agentId": "a", "chat": 15 }, { "agentId": "b", "inbound": 6 }]);
    put(&server, &over)
        .refused_as_atoms(409, "21 reserved slots do not fit under the limit of 20; 20 are left");
    let unknown = json!([{ "agentId": "a", "chat": 1 }, { "agentId": "nobody", "chat": 1 }]);
    put(&server, &unknown).refused_as_atoms(404, "PUT /v1/agents/nobody");
    let twice = json!([{ "agentId": "a", "chat": 1 }, { "agentId": "a", "chat": 2 }]);
    put(&server, &twice).refused_as_atoms(422, "named twice");
    server.put("/v1/agents/b", &json!({ "name": "b", "cap": 2 })).expect(200);
    let above_cap = json!([{ "agentId": "a", "chat": 1 }, { "agentId": "b", "inbound": 3 }]);
    put(&server, &above_cap).refused_as_atoms(409, "raise or remove the cap");
    assert_eq!(data(server.get(POOL))["totalReserved"], 0);
}

#[test]
fn only_an_admin_reserves_and_every_role_reads() {
    let server = TestServer::new();
    let nothing = json!({ "reservations": [] });
    for role in ["viewer", "engine"] {
        let key = server.post("/v1/keys", &json!({ "name": role, "role": role })).expect(201);
        let key = key["secret"].as_str().expect("a secret");
        let forbidden = server.ask("PUT", RESERVATIONS, key, Some(&nothing), &[]);
        forbidden.refused_as_atoms(403, &format!("role {role}; this needs admin"));
        data(server.ask("GET", POOL, key, None, &[]));
        data(server.ask("GET", DAY, key, None, &[]));
    }
    assert_eq!(data(server.put(RESERVATIONS, &nothing)), json!({ "updated": 0 }));
}

#[test]
fn whatever_goes_wrong_has_the_envelope_its_status_and_the_headers_of_a_problem() {
    let server = TestServer::new();
    let unknown_key = server.ask("GET", POOL, "not-a-key", None, &[]);
    assert_eq!(unknown_key.headers["www-authenticate"], "Bearer");
    unknown_key.refused_as_atoms(401, "authorization: Bearer <key>");
    for nowhere in ["/atoms/v1", "/atoms/v1/", "/atoms/v1/nothing?a=b"] {
        server.get(nowhere).refused_as_atoms(404, "/docs");
    }
    server.get("/atoms/v10").refused(404, "unknown_route", "/docs");
    let other_method = server.delete(POOL);
    assert!(other_method.headers["allow"].to_str().expect("text").contains("GET"));
    other_method.refused_as_atoms(405, "/docs");
    let unknown_field = json!([{ "agentId": "a", "chats": 1 }]);
    put(&server, &unknown_field).refused_as_atoms(422, "`reservations[0].chats` is unknown");
    put(&server, &json!([["a", 1, 1, 1, 1]])).refused_as_atoms(422, "it must be an object");
    put(&server, &json!([{ "agentId": "a b" }])).refused_as_atoms(422, "`reservations[0].agentId`");
    put(&server, &json!([{ "agentId": "a", "chat": 1.5 }])).refused_as_atoms(422, "chat");
    put(&server, &json!(vec![json!({ "agentId": "a" }); 10_001])).refused_as_atoms(422, "10,001");
    let plain = [("authorization", &*format!("Bearer {}", server.admin)), ("content-length", "0")];
    server.ask_plain("PUT", RESERVATIONS, &Value::Null, &plain).refused_as_atoms(415, "JSON");
    // Nobody reads what is announced to be too large, so it is not sent here.
    let large = format!(
        "PUT {RESERVATIONS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: 1048577\r\n\r\n",
        server.admin
    );
    let (status, body) = &answers(server.address, large.as_bytes())[0];
    assert!(*status == 413 && body.starts_with("{\"success\":false,\"errors\":[\""), "{body}");
    for (query, words) in [
        ("date=yesterday", "`date` is yesterday; it must be a day such as"),
        ("date=2026-02-30", "is no day since 1970"),
        ("date=2999-01-01", "`date` is 2999-01-01, which has not begun yet in UTC; choose"),
        ("agentId=a%20b", "`agentId`"),
        ("includeAgents=yes", "`includeAgents` is yes; it must be true or false"),
        ("agent=a", "`agent` is unknown; known are agentId, date, includeAgents"),
    ] {
        server.get(&format!("{DAY}?{query}")).refused_as_atoms(422, words);
    }
    server.get(&format!("{DAY}?agentId=nobody")).refused_as_atoms(404, "nobody");
    server.operate("GET", DAY, None).refused_as_atoms(422, "callslot-org");
    let nowhere = server.ask("GET", DAY, OPERATOR, None, &[("callslot-org", "nobody")]);
    nowhere.refused_as_atoms(404, "GET /v1/orgs");
}

#[test]
fn a_key_that_asks_too_often_is_told_when_to_come_back() {
    let server = TestServer::bare(&ServerConfig {
        commands_per_second_per_key: 5,
        ..ServerConfig::default()
    });
    let refused = (0..50).map(|_| server.get(POOL)).find(|answer| answer.status == 429);
    let refused = refused.expect("50 requests at once are too many");
    assert_eq!(refused.headers["retry-after"], "1");
    refused.refused_as_atoms(429, "5 commands a second");
}

/// A server with a yesterday: agent `a` had a call from 09:00:20 to 09:01:40, agent `b` one from 09:01:00 to 09:04:40 and
/// one from 10:00 to 12:19. Nobody called agent `c`.
fn server_with_a_yesterday() -> (TestServer, Date) {
    let yesterday = Date::of(Time(wall_now().0 - Date::MS));
    let at = |second: u64| Time(yesterday.begins().0 + second * 1_000);
    let caller = |agent: &str, from: u64, to: u64| Caller {
        at: at(from),
        agent: agent.into(),
        call_type: CallType::Inbound,
        patience_ms: 1_000,
        talk_ms: (to - from) * 1_000,
    };
    let nine = 9 * 3_600;
    let agent = |id: &str| (id.to_owned(), AgentPut { name: id.to_owned(), cap: None, pace: None });
    let past = Past {
        plans: first_plans().collect(),
        org: first_org(),
        settings: first_org_settings(),
        begins: at(nine),
        ends: at(nine + 4 * 3_600),
        agents: ["a", "b", "c"].map(agent).to_vec(),
        reservations: Vec::new(),
        callers: vec![
            caller("a", nine + 20, nine + 100),
            caller("b", nine + 60, nine + 280),
            caller("b", nine + 3_600, nine + 11_940),
        ],
    };
    let directory = tempfile::tempdir().expect("a temporary directory");
    let store = open_store(directory.path()).expect("a store");
    write_past(&*store, &past, |_| true).expect("it could have been");
    drop(store);
    (TestServer::on(directory), yesterday)
}

/// Asks about a day until the projection has caught up and the answer is as wanted.
fn once(server: &TestServer, query: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
    loop {
        let day = data(server.get(&format!("{DAY}?{query}")));
        if is_wanted(&day) {
            return day;
        }
        std::thread::yield_now();
    }
}

/// The points that are not 0.
fn points(day: &Value) -> Vec<(&str, u64)> {
    let points = day["dataPoints"].as_array().expect("points").iter();
    let point = |point: &'_ Value| point["concurrentCalls"].as_u64().expect("a number");
    points
        .filter(|it| point(it) > 0)
        .map(|it| (it["minute"].as_str().expect("a text"), point(it)))
        .collect()
}

#[test]
fn the_figures_of_a_day_are_those_of_its_calls() {
    let (server, date) = server_with_a_yesterday();
    let query = format!("date={date}&includeAgents=true");
    // An answer takes two readings, between which the projection may catch up; the next answer has it all.
    once(&server, &query, |day| day["byAgent"][1]["totalCalls"] == 2);
    let day = data(server.get(&format!("{DAY}?{query}")));
    let expected = json!({
        "date": date,
        "dataPoints": day["dataPoints"],
        "peakConcurrent": 2,
        // 80 s, 220 s and 8,340 s of 86,400 s.
        "avgConcurrent": 0.1,
        "totalMinutes": 1_440,
        "byAgent": [
            { "agentId": "a", "peakConcurrent": 1, "avgConcurrent": 0.001, "totalCalls": 1 },
            { "agentId": "b", "peakConcurrent": 1, "avgConcurrent": 0.099, "totalCalls": 2 },
        ],
    });
    assert_eq!(day, expected);
    let all = day["dataPoints"].as_array().expect("points");
    assert_eq!(all.len(), 1_440);
    assert_eq!(all[0], json!({ "minute": "00:00", "concurrentCalls": 0 }));
    assert_eq!(all[1_439], json!({ "minute": "23:59", "concurrentCalls": 0 }));
    let busy = points(&day);
    let first =
        [("09:00", 1), ("09:01", 2), ("09:02", 1), ("09:03", 1), ("09:04", 1), ("10:00", 1)];
    assert_eq!(busy[..6], first);
    assert_eq!((busy.len(), busy.last()), (5 + 140, Some(&("12:19", 1))));
}

#[test]
fn one_agent_is_shown_alone_and_agents_only_when_they_are_wanted() {
    let (server, date) = server_with_a_yesterday();
    let ask = |more: &str| data(server.get(&format!("{DAY}?date={date}{more}")));
    once(&server, &format!("date={date}"), |day| day["avgConcurrent"] == 0.1);
    assert_eq!(ask("")["byAgent"], json!([]));
    assert_eq!(ask("&includeAgents=false")["byAgent"], json!([]));
    let b = ask("&agentId=b&includeAgents=true");
    assert_eq!((&b["peakConcurrent"], &b["avgConcurrent"]), (&json!(1), &json!(0.099)));
    assert_eq!(points(&b)[0], ("09:01", 1));
    let of_b =
        json!([{ "agentId": "b", "peakConcurrent": 1, "avgConcurrent": 0.099, "totalCalls": 2 }]);
    assert_eq!(b["byAgent"], of_b);
    let idle = ask("&agentId=c");
    assert_eq!((&idle["totalMinutes"], &idle["peakConcurrent"]), (&json!(1_440), &json!(0)));
    assert_eq!(points(&idle), []);
    for gone in ["b", "c"] {
        let path = format!("/v1/agents/{gone}");
        server.ask("DELETE", &path, OPERATOR, None, &[("callslot-org", "default")]).expect(204);
    }
    assert_eq!(ask("&agentId=b&includeAgents=true"), b);
    server.get(&format!("{DAY}?date={date}&agentId=c")).refused_as_atoms(404, "create it");
}

#[test]
fn today_reaches_up_to_the_minute_that_has_begun() {
    let server = TestServer::new();
    server.start("a", "chat", "1");
    let minutes = |since: Date| ((wall_now().0 - since.begins().0) / 60_000 + 1).min(1_440);
    let today = Date::of(Time(wall_now().0));
    let before = minutes(today);
    let day = once(&server, &format!("date={today}"), |day| day["peakConcurrent"] == 1);
    let total = day["totalMinutes"].as_u64().expect("a number");
    assert!((before..=minutes(today)).contains(&total), "{total}");
    assert_eq!(day["dataPoints"].as_array().map(Vec::len), usize::try_from(total).ok());
    let latest = data(server.get(DAY))["date"].as_str().expect("a date").to_owned();
    assert!([today, Date::of(Time(wall_now().0))].map(|day| day.to_string()).contains(&latest));
}
