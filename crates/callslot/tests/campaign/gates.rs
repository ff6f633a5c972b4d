//! Gates and paces from the command line.

use serde_json::json;

use crate::server::Server;

#[test]
fn gates_are_put_shown_listed_paused_and_deleted() {
    let server = Server::with_agent();
    let put = server.said(&[
        "gate",
        "put",
        "east",
        "--kind",
        "trunk",
        "--cap",
        "60",
        "--pace",
        "10/60s",
        "--burst",
        "2",
        "--hours",
        "mon-sun 00:00-24:00",
        "--tz",
        "Europe/Rome",
    ]);
    assert_eq!(
        put.trim(),
        "gate east is \"east\" (trunk), cap 60, pace 10/m burst 2, hours mon-sun 00:00-24:00 (Europe/Rome), open"
    );
    let call = server.json(&["call", "start", "sales", "outbound", "--id", "1", "--gate", "east"]);
    assert_eq!((&call["gates"], &call["state"]), (&json!(["east"]), &json!("active")));
    server.said(&["gate", "pause", "east"]);
    let start = ["call", "start", "sales", "outbound", "--id", "2", "--gate", "east"];
    let queued = server.run(&start);
    assert_eq!(queued.status.code(), Some(3));
    let said = String::from_utf8_lossy(&queued.stdout);
    assert!(said.contains("blocked on gate_paused of gate east"), "{said}");
    let list = server.said(&["gate", "list"]);
    assert!(
        list.lines().any(|line| line.starts_with("east") && line.ends_with("paused")),
        "{list}"
    );
    let gate = server.json(&["gate", "show", "east"]);
    let expected = json!([true, 60, { "starts": 10, "per_s": 60, "burst": 2 }, 1, 1]);
    let found = json!([gate["paused"], gate["cap"], gate["pace"], gate["active"], gate["queued"]]);
    assert_eq!(found, expected);
    let (all, other) = (server.json(&["call", "list", "--gate", "east"]), "west");
    assert_eq!(all.as_array().map(Vec::len), Some(2));
    assert_eq!(server.run(&["call", "list", "--gate", other]).status.code(), Some(1));
    assert!(server.said(&["gate", "resume", "east"]).contains("east is open"));
    let used = server.run(&["gate", "delete", "east"]);
    assert!(String::from_utf8_lossy(&used.stderr).contains("gate_in_use"));
    server.said(&["call", "end", "--gate", "east", "--yes"]);
    assert_eq!(server.said(&["gate", "delete", "east"]).trim(), "deleted gate east");
}

#[test]
fn agents_and_types_have_a_pace() {
    let server = Server::with_agent();
    let put = server.said(&["agent", "put", "sales", "--pace", "2/m", "--burst", "5"]);
    assert_eq!(put.trim(), "agent sales is \"sales\", cap -, pace 2/m burst 5");
    assert!(server.said(&["agent", "list"]).contains("2/m burst 5"));
    let put = server.said(&["type", "put", "outbound", "--cap", "8", "--pace", "5/s"]);
    assert_eq!(put.trim(), "type outbound, cap 8, pace 5/s");
    assert_eq!(server.said(&["type", "show", "outbound"]).trim(), "type outbound, cap 8, pace 5/s");
    assert!(server.said(&["type", "list"]).contains("outbound  8    5/s"));
    let pace = &server.json(&["type", "show", "outbound"])["pace"];
    assert_eq!(pace, &json!({ "starts": 5, "per_s": 1, "burst": 1 }));
}

#[test]
fn what_is_written_wrong_is_refused_before_anyone_is_asked() {
    let server = Server::start();
    for (words, said) in [
        (&["--pace", "5"][..], "`5` is no pace; write 5/s"),
        (&["--burst", "5"], "--pace"),
        (&["--hours", "mon 08:00-21:00"], "--tz"),
        (&["--hours", "mon 8-21", "--tz", "Europe/Rome"], "`8-21` is no span of a day"),
    ] {
        let refused = server.run(&[&["gate", "put", "east"], words].concat());
        assert_eq!(refused.status.code(), Some(2), "{words:?}");
        let text = String::from_utf8_lossy(&refused.stderr);
        assert!(text.contains(said), "{words:?}: {text}");
    }
    let zone = ["gate", "put", "east", "--hours", "mon 08:00-21:00", "--tz", "Mars/Base"];
    let refused = server.run(&zone);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("Mars/Base"));
}
