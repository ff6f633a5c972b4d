//! A wall clock that is set forward and back while calls are live, and one that is far ahead at a start.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use callslot_api::Time;
use callslot_server::wall_now;
use serde_json::{Value, json};

use crate::answers_vs_history::judge_history;
use crate::clients::{Engines, Load};
use crate::server::{Server, Setup};

const LOAD: Load = Load { engines: 3, calls_each: 700, workers_each: 8, lease_ttl_s: 5 };
const ENOUGH: usize = 300;
const HALF_AN_HOUR_MS: u64 = 30 * 60_000;
/// 800 days, in seconds.
const FAR_AHEAD: &str = "+69120000";
/// By then a server has noticed that its clock was set.
const NOTICED: Duration = Duration::from_secs(3);
/// By then a server has looked for what is old, and has kept what it has seen of the time.
const LOOKED_FOR_OLD: Duration = Duration::from_secs(8);

/// A server whose wall clock is moved by what the file says. Its other clocks go on as they are.
pub fn with_wall_clock_in(file: &str) -> Setup {
    let mut setup = Setup::new();
    let path = setup.scratch().join(file);
    fs::write(&path, "+0").expect("a file");
    let environment = [
        ("LD_PRELOAD", faketime()),
        ("FAKETIME_TIMESTAMP_FILE", path),
        ("FAKETIME_NO_CACHE", "1".into()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
    ];
    setup.environment = environment.map(|(name, value)| (name.into(), value.into())).into();
    setup
}

/// The library of the Debian package `libfaketime`.
fn faketime() -> PathBuf {
    let libraries = fs::read_dir("/usr/lib").expect("a directory");
    let found = libraries
        .map(|entry| entry.expect("an entry").path().join("faketime/libfaketimeMT.so.1"))
        .find(|path| path.exists());
    found.expect("install the package `libfaketime`; `cargo xtask test` does it")
}

/// Moves the wall clock, and waits until engines were answered under the new time.
fn set_clock(server: &Server, engines: &Engines, offset: &str) {
    fs::write(server.setup.scratch().join("clock"), offset).expect("a file");
    engines.forget_answers();
    engines.wait_for_answers(ENOUGH);
}

/// Kills the server and restarts it, with the wall clock as it is set now.
fn restart(server: &mut Server, engines: &Engines) {
    server.process.kill();
    server.start_again();
    engines.forget_answers();
    engines.wait_for_answers(ENOUGH);
}

/// Whether a time that the server reports is an hour ahead of the real one, rather than about the same.
fn is_ahead(time: &Value) -> bool {
    let time: Time = serde_json::from_value(time.clone()).expect("a time");
    time.0 > wall_now().0 + HALF_AN_HOUR_MS
}

/// Whether the server's wall clock is ahead, by which keys are dated.
fn is_wall_clock_ahead(server: &Server) -> bool {
    let key = json!({ "name": "clock", "role": "viewer" });
    is_ahead(&server.client.done("POST", "/v1/keys", Some(&key))["created_at"])
}

/// Whether the time is ahead by which calls are dated.
fn is_call_time_ahead(server: &Server, id: &str) -> bool {
    let (status, call) = server.client.start(id);
    assert!(status < 300, "{call}");
    server.client.done("POST", &format!("/v1/calls/{id}/end"), None);
    is_ahead(&call["requested_at"])
}

#[test]
fn times_that_are_shown_follow_a_clock_set_forward_and_back_and_no_call_ends_of_it() {
    let mut server = with_wall_clock_in("clock").start();
    server.client.set_up_the_worked_example();
    let engines = Engines::start(&server.client, &LOAD);
    engines.wait_for_answers(ENOUGH);
    assert!(!is_wall_clock_ahead(&server) && !is_call_time_ahead(&server, "before"));

    set_clock(&server, &engines, "+3600");
    assert!(!server.process.has_ended_within(NOTICED), "it runs on");
    assert!(is_wall_clock_ahead(&server) && is_call_time_ahead(&server, "forward"));

    set_clock(&server, &engines, "-3600");
    assert!(!server.process.has_ended_within(NOTICED), "it runs on");
    assert!(!is_wall_clock_ahead(&server) && !is_call_time_ahead(&server, "back"));
    restart(&mut server, &engines);
    assert!(!is_call_time_ahead(&server, "restarted"));
    let answers = engines.finish();

    let judge = judge_history(&server.client, 20, &answers);
    assert_eq!(judge.turns_of_time, 1, "times went back once, when the clock was set back");
    assert_eq!(judge.ends.get("lease_expired"), None, "a clock ended calls");
    let ended = judge.ends.values().sum::<u64>();
    assert_eq!(
        ended,
        LOAD.calls() + 4,
        "every call has one end, and so have the four of this test"
    );
}

#[test]
fn a_start_with_a_clock_far_ahead_says_so_and_removes_nothing_until_it_is_confirmed() {
    let mut server = with_wall_clock_in("clock").start();
    server.client.set_up_the_worked_example();
    let cookie = server.client.sign_in();
    let (status, call) = server.client.start("old");
    assert!(status < 300, "{call}");
    server.client.done("POST", "/v1/calls/old/end", None);
    let is_all_there = |server: &Server| {
        server.client.ended_calls().len() == 1 && server.client.is_signed_in(&cookie)
    };
    let doubted_ms = |server: &Server| -> u64 {
        let metrics = server.client.metrics();
        let line = metrics.lines().find(|it| it.starts_with("callslot_clock_unconfirmed_millis"));
        let value = line.and_then(|line| line.split_whitespace().last());
        value.and_then(|value| value.parse().ok()).expect("a number")
    };
    assert!(server.stop().success());
    assert!(server.setup.diagnosed().1, "{}", server.setup.diagnosed().0);

    fs::write(server.setup.scratch().join("clock"), FAR_AHEAD).expect("a file");
    for is_running in [false, true] {
        if is_running {
            server.start_again();
            assert!(!server.process.has_ended_within(LOOKED_FOR_OLD), "it runs on");
        }
        let (found, is_good) = server.setup.diagnosed();
        assert!(!is_good && found.contains("serve --confirm-clock"), "{found}");
    }
    assert!(server.setup.logged().contains("serve --confirm-clock"));
    assert!(doubted_ms(&server) > 799 * 86_400_000, "the metric says nothing");
    assert!(is_all_there(&server), "data were removed on the word of a clock");

    server.process.kill();
    server.start_again();
    assert!(!server.process.has_ended_within(LOOKED_FOR_OLD), "it runs on");
    assert!(doubted_ms(&server) > 0, "another start confirms nothing");
    assert!(is_all_there(&server), "data were removed after another start");

    assert!(server.stop().success());
    server.setup.flags.push("--confirm-clock");
    server.start_again();
    assert!(!server.process.has_ended_within(LOOKED_FOR_OLD), "it runs on");
    assert_eq!(doubted_ms(&server), 0, "it was confirmed");
    assert!(is_all_there(&server), "more than a day's worth was removed within an hour");
    assert!(server.setup.diagnosed().1, "{}", server.setup.diagnosed().0);
}
