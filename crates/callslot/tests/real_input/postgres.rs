//! The server on a PostgreSQL database, both killed at any moment.

use std::fs;

use callslot_store_postgres::testing::TestPostgres;

use crate::answers_vs_history::{compare_ended_calls, judge_history};
use crate::clients::{Engines, Load};
use crate::server::{Server, Setup, target};

const LOAD: Load = Load { engines: 3, calls_each: 500, workers_each: 8, lease_ttl_s: 60 };
/// How many answers show that the server works.
const ENOUGH: usize = 150;
/// How often each is killed. A start after a kill waits two seconds, to see that the server before is gone.
const ROUNDS: usize = 4;

/// A database of its own, and a server that is started on it.
fn on_a_database() -> Option<(TestPostgres, Server)> {
    let below = target().join("tmp");
    fs::create_dir_all(&below).expect("a folder");
    let postgres = TestPostgres::start(&below)?;
    let mut setup = Setup::new();
    setup.environment.push(("CALLSLOT_STORE".into(), postgres.new_database().into()));
    Some((postgres, setup.start()))
}

#[test]
fn nothing_answered_is_lost_while_the_server_and_its_database_are_killed() {
    let Some((postgres, mut server)) = on_a_database() else { return };
    assert!(!server.setup.data.exists(), "the data directory is not used");
    server.client.set_up_the_worked_example();
    let engines = Engines::start(&server.client, &LOAD);
    for round in 0..ROUNDS {
        engines.wait_for_answers(ENOUGH);
        server.process.kill();
        server.start_again();
        engines.wait_for_recovery(ENOUGH);
        if round % 2 == 0 {
            postgres.kill();
        } else {
            postgres.stop();
        }
        engines.wait_for_refusal();
        let (status, refusal) = server.client.send("GET", "/readyz", None);
        assert_eq!(status, 503, "{refusal}");
        postgres.start_again();
        engines.wait_for_recovery(ENOUGH);
    }
    let answers = engines.finish();
    let judge = judge_history(&server.client, 20, &answers);
    assert_eq!(judge.turns_of_time, 0, "no clock was set back");
    assert!(server.stop().success());
    server.start_again();
    compare_ended_calls(&server.client, &judge);
    assert_eq!(judge.ends.values().sum::<u64>(), LOAD.calls(), "every call has one end");
    assert_eq!(judge.live(), 0, "no slot leaked");
    println!(
        "{ROUNDS} kills of each, {} events, {} answers compared",
        judge.events(),
        answers.len()
    );
}

#[test]
fn a_second_server_on_the_database_does_not_start_and_disturbs_nothing() {
    let Some((_postgres, server)) = on_a_database() else { return };
    server.client.set_up_the_worked_example();
    let mut second = Setup::new();
    second.environment.clone_from(&server.setup.environment);
    let mut process = second.spawn();
    assert!(!process.ended().success());
    assert!(second.logged().contains("is open in another process"), "{}", second.logged());
    let call = serde_json::json!({ "agent": "support", "type": "chat" });
    let (status, _) = server.client.send("POST", "/v1/calls", Some(&call));
    assert!(status == 201 || status == 202 || status == 404, "it answers: {status}");
}
