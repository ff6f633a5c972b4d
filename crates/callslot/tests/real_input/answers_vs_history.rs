//! Compares what clients were told with the history that the server reports afterwards.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::http::Client;
use crate::judge::Judge;

/// Judges the organisation's whole history, and compares with it every answer that clients got: of engines about calls, of
/// those who read the pool about the pool.
pub fn judge_history(client: &Client, limit: u64, answers: &[Value]) -> Judge {
    let mut pools: Vec<Value> = answers.iter().filter_map(pool_in).cloned().collect();
    let pool = client.get("/v1/concurrency");
    let last = pool["as_of"].as_u64().expect("a number");
    pools.push(pool);
    let mut judge = Judge::new(limit, pools);
    for event in client.events_up_to(last) {
        judge.judge(&event);
    }
    judge.finish();
    let told = answers.iter().filter(|told| told["answer"]["state"].is_string());
    for told in told {
        let id = told["id"].as_str().expect("an id");
        let logged = judge.call(id).unwrap_or_else(|| panic!("{id} was answered and is lost"));
        compare_call(&told["answer"], logged);
    }
    judge
}

/// A pool that a client was shown.
fn pool_in(told: &Value) -> Option<&Value> {
    Some(&told["answer"]).filter(|answer| answer["as_of"].is_u64())
}

/// Whatever a client was told of a call is what happened to it.
fn compare_call(answer: &Value, logged: &Value) {
    let id = &logged["id"];
    let mut same = vec!["agent", "type", "lease", "requested_at"];
    match answer["state"].as_str() {
        Some("queued") => {}
        Some("active") => same.extend(["started_at", "slot"]),
        Some("ended") => same.extend(["state", "started_at", "slot", "ended_at", "reason"]),
        other => panic!("{other:?} is not a state"),
    }
    for field in same {
        assert_eq!(answer[field], logged[field], "{id}: `{field}` was reported otherwise");
    }
}

/// The list of ended calls holds each call of the history once, as it ended.
pub fn compare_ended_calls(client: &Client, judge: &Judge) {
    let listed = client.ended_calls();
    let by_id: BTreeMap<&str, &Value> =
        listed.iter().map(|call| (call["id"].as_str().expect("an id"), call)).collect();
    assert_eq!(by_id.len(), listed.len(), "a call is listed twice");
    let ended: BTreeMap<&str, &Value> = judge
        .calls()
        .filter(|(_, call)| call["state"] == "ended")
        .map(|(id, call)| (id.as_str(), call))
        .collect();
    assert_eq!(by_id.len(), ended.len(), "the list of ended calls is not the history's");
    for (id, call) in ended {
        compare_call(by_id.get(id).unwrap_or_else(|| panic!("{id} is not listed")), call);
    }
}
