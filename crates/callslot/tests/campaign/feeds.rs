//! Lists that are fed: whole, in pieces, twice, with bad rows, and against all odds.

use std::collections::BTreeSet;
use std::process::Output;

use serde_json::{Value, json};

use crate::server::Server;

/// Rows of a CSV list, without its header.
fn rows(numbers: std::ops::Range<u32>) -> String {
    numbers.fold(String::new(), |rows, number| rows + &row(number))
}

fn row(number: u32) -> String {
    format!("+1555{number:06},Caller {number}\n")
}

/// The ids of the calls of these rows.
fn ids(numbers: std::ops::Range<u32>) -> BTreeSet<String> {
    numbers.map(|number| format!("spring-+1555{number:06}")).collect()
}

/// The one line that a feed says.
#[track_caller]
fn report(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text.lines().count(), 1, "{text} {}", String::from_utf8_lossy(&output.stderr));
    let mut report: Value = serde_json::from_str(&text).expect("JSON");
    let seconds = report.as_object_mut().expect("an object").remove("seconds");
    assert!(seconds.is_some_and(|seconds| seconds.as_f64().is_some()));
    report
}

/// A report of a feed, as it should be.
fn fed(rows: u64, accepted: u32, already_there: u32, complete: bool) -> Value {
    json!({ "gate": "spring", "rows": rows, "accepted": accepted, "already_there": already_there, "refused": 0, "bad_rows": 0,
        "complete": complete })
}

fn is_at_least(gate: &Value, least: u64) -> bool {
    let number = |field: &str| gate[field].as_u64().unwrap_or_default();
    number("active") + number("queued") + number("ended") >= least
}

#[test]
fn a_list_that_was_stopped_in_the_middle_and_is_run_again_makes_no_call_twice_and_misses_none() {
    let server = Server::with_agent();
    let mut feed = server.feed(&[]);
    feed.give("phone,name\n");
    feed.give(&rows(0..2_500));
    server.wait_for_gate("two batches are there", |gate| is_at_least(gate, 2_000));
    let stopped = feed.interrupt();
    assert_eq!(stopped.status.code(), Some(3));
    let said = String::from_utf8_lossy(&stopped.stderr);
    assert!(said.contains("run the same command again"), "{said}");
    let mut told = report(&stopped);
    // How far the reader was ahead depends on the moment.
    let read = told["rows"].take().as_u64().expect("a number");
    assert!((2_000..=2_500).contains(&read), "{read}");
    told["rows"] = read.into();
    assert_eq!(told, fed(read, 2_000, 0, false));
    // Some have been called meanwhile.
    let ended = server.json(&["call", "end", "--gate", "spring", "--state", "active", "--yes"]);
    assert_eq!(ended["ended"], 20);
    let list = format!("phone,name\n{}", rows(0..4_000));
    server.write("numbers.csv", &list);
    let run = ["campaign", "run", "numbers.csv", "--agent", "sales", "--gate", "spring", "--json"];
    let again = server.run(&run);
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(report(&again), fed(4_000, 2_000, 2_000, true));
    let once_more = server.run(&run);
    assert_eq!(report(&once_more), fed(4_000, 0, 4_000, true));
    let gate = server.json(&["gate", "show", "spring"]);
    assert_eq!((gate["ended"].as_u64(), gate["active"].as_u64()), (Some(20), Some(20)));
    let (live, count) = server.live();
    assert_eq!((live.len(), count), (3_980, 3_980));
    assert!(live.is_subset(&ids(0..4_000)));
    let call = server.json(&["call", "show", "spring-+1555003999"]);
    assert_eq!(call["metadata"], json!({ "name": "Caller 3999" }));
    assert_eq!((&call["type"], &call["gates"]), (&json!("outbound"), &json!(["spring"])));
}

#[test]
fn with_one_batch_under_way_calls_queue_in_the_order_of_the_list() {
    let server = Server::with_agent();
    let feed = |more: &[&str]| {
        let mut feed = server.feed(more);
        feed.give("phone,name\n");
        feed.give(&rows(0..3_000));
        feed.end()
    };
    assert!(feed(&["--in-flight", "1"]).status.success());
    let calls =
        server.json(&["call", "list", "--gate", "spring", "--state", "queued", "--most", "9999"]);
    let calls = calls.as_array().expect("a list").iter();
    let queued: Vec<_> = calls.map(|call| call["id"].as_str().expect("an id")).collect();
    let expected: Vec<_> = ids(20..3_000).into_iter().collect();
    assert_eq!(queued, expected);
}

#[test]
fn a_server_that_is_killed_in_the_middle_is_waited_for() {
    let mut server = Server::with_agent();
    let mut feed = server.feed(&[]);
    feed.give("phone,name\n");
    feed.give(&rows(0..4_000));
    server.wait_for_gate("calls are there", |gate| is_at_least(gate, 1_000));
    server.kill();
    feed.give(&rows(4_000..8_000));
    server.start_again();
    let output = feed.end();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(report(&output), fed(8_000, 8_000, 0, true), "{said}");
    assert_eq!(server.live(), (ids(0..8_000), 8_000));
}

#[test]
fn a_full_queue_is_waited_for_until_there_is_room() {
    let server = Server::with_agent();
    server.operate(&["org", "set", "default", "--max-queued", "100"]);
    let mut feed = server.feed(&[]);
    feed.give("phone,name\n");
    feed.give(&rows(0..600));
    let feed = std::thread::spawn(move || feed.end());
    for reached in [120, 240, 360, 480] {
        server.wait_for_gate("the queue is full", |gate| {
            gate["queued"] == 100 && is_at_least(gate, reached)
        });
        assert!(!feed.is_finished(), "there is no room for all of them");
        server.said(&["campaign", "cancel", "spring", "--active", "--yes"]);
    }
    let output = feed.join().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(report(&output), fed(600, 600, 0, true));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("the server has no room now; the feed waits"), "{said}");
    let gate = server.json(&["gate", "show", "spring"]);
    assert!(is_at_least(&gate, 600) && !is_at_least(&gate, 601), "{gate}");
}

#[test]
fn a_bad_row_stops_the_feed_or_is_skipped_and_is_named_by_its_line() {
    let server = Server::with_agent();
    server.write("numbers.csv", "phone,name\n+1,Ada\n+2\n+3,Bob\n+ 4,Eve\n+5,Zoe\n");
    let run = |more: &[&str]| {
        let run = ["campaign", "run", "numbers.csv", "--agent", "sales", "--gate", "spring"];
        server.run(&[&run[..], &["--json"], more].concat())
    };
    let stopped = run(&[]);
    assert_eq!(stopped.status.code(), Some(1));
    let said = String::from_utf8_lossy(&stopped.stderr);
    assert!(said.contains("stopped at line 3: it has 1 columns, the header has 2"), "{said}");
    assert_eq!(server.live().0, BTreeSet::from(["spring-+1".to_owned()]));
    let skipped = run(&["--on-bad-row", "skip"]);
    assert_eq!(skipped.status.code(), Some(4));
    let said = String::from_utf8_lossy(&skipped.stderr);
    assert!(said.contains("line 3: it has 1 columns, the header has 2; skipped"), "{said}");
    assert!(said.contains("line 5: its id `+ 4` has a ` `"), "{said}");
    let expected = json!({ "gate": "spring", "rows": 5, "accepted": 2, "already_there": 1, "refused": 0, "bad_rows": 2,
        "complete": true });
    assert_eq!(report(&skipped), expected);
    let live = ["spring-+1", "spring-+3", "spring-+5"].map(str::to_owned);
    assert_eq!(server.live().0, BTreeSet::from(live));
}

#[test]
fn a_row_that_the_server_refuses_stops_the_feed_or_is_skipped() {
    let server = Server::with_agent();
    server.said(&["call", "start", "sales", "chat", "--id", "spring-2"]);
    server.write("numbers.ndjson", "{\"id\":1}\n{\"id\":2}\n{\"id\":3,\"note\":{\"a\":[1.50]}}\n");
    let run = |more: &[&str]| {
        let run = ["campaign", "run", "numbers.ndjson", "--agent", "sales", "--gate", "spring"];
        server.run(&[&run[..], more].concat())
    };
    let stopped = run(&[]);
    assert_eq!(stopped.status.code(), Some(1));
    let said = String::from_utf8_lossy(&stopped.stderr);
    assert!(
        said.contains("stopped at line 2: refused: ") && said.contains("call_id_taken"),
        "{said}"
    );
    let skipped = run(&["--on-bad-row", "skip"]);
    assert_eq!(skipped.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&skipped.stderr).contains("line 2: refused: "));
    let (live, _) = server.live();
    assert_eq!(live, BTreeSet::from(["spring-1", "spring-3"].map(str::to_owned)));
    let call = server.json(&["call", "show", "spring-3"]);
    assert_eq!(call["metadata"], json!({ "note": { "a": [1.5] } }));
}

#[test]
fn what_no_row_could_pass_stops_the_feed_at_once() {
    let server = Server::with_agent();
    let run = |list: &str, more: &[&str]| {
        server.write("numbers.csv", list);
        let run = ["campaign", "run", "numbers.csv", "--gate", "spring"];
        let output = server.run(&[&run[..], more].concat());
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let said = run("+15550001\n", &["--agent", "sales"]);
    assert!(said.contains("the list has no column id, number or phone"), "{said}");
    let none = server.run(&["gate", "show", "spring"]);
    assert_eq!(none.status.code(), Some(1), "a list that cannot be read leaves no gate behind");
    let said = run("id\n1\n", &["--agent", "nobody"]);
    assert!(said.contains("unknown_agent"), "{said}");
    let said = run("id\n1\n", &["--agent", "sales", "--trunk", "east"]);
    assert!(said.contains("unknown_gate"), "{said}");
    let said = run("id\n1\n", &["--agent", "sales", "--key", "wrong"]);
    assert!(said.contains("unauthenticated"), "{said}");
    server.said(&["gate", "put", "east", "--kind", "trunk"]);
    let trunks = ["--trunk", "east"].repeat(4);
    let said = run("id\n1\n", &[&["--agent", "sales"][..], &trunks].concat());
    assert!(said.contains("at most 4 gates"), "{said}");
    server.said(&["gate", "delete", "spring"]);
    server.said(&["gate", "put", "spring", "--kind", "trunk"]);
    let said = run("id\n1\n", &["--agent", "sales"]);
    assert!(said.contains("is no campaign but of the kind trunk"), "{said}");
}
