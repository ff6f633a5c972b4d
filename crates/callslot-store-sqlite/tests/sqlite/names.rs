//! The names of organisations in the history: kept once, and gone with the last of their calls.

use std::path::Path;

use callslot_core::{CallType, Sequence};
use callslot_store::conformance::facts::{ended_call, now, org};
use callslot_store::{History, OldTimes, Position, Projection};
use callslot_store_sqlite::SqliteStore;
use rusqlite::Connection;

fn names(directory: &Path) -> Vec<String> {
    let database = Connection::open(directory.join("history.db")).expect("the file opens");
    let mut names = database.prepare("SELECT name FROM name ORDER BY name").expect("a table");
    names.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("names")
}

/// A store with calls of two organisations.
fn with_calls(directory: &Path) -> SqliteStore {
    let store = SqliteStore::open(directory).expect("the store opens");
    let call = |org_id: &str, sequence: u64, agent: &str, ended_ms: u64| {
        let id = format!("call-{sequence}");
        (org(org_id), Sequence(sequence), ended_call(&id, agent, CallType::Chat, ended_ms))
    };
    let ended = vec![
        call("acme", 1, "support", 1_000),
        call("acme", 2, "sales", 2_000),
        call("acme", 3, "billing", 9_000),
        call("globex", 1, "support", 9_000),
    ];
    let projection = Projection { reached: Position(1), ended, ..Projection::default() };
    assert!(store.project(&projection).expect("a projection"));
    assert_eq!(names(directory), ["acme", "globex"]);
    store
}

#[test]
fn names_without_calls_are_forgotten_when_old_calls_are_pruned() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = with_calls(directory.path());
    assert_eq!(store.prune(&OldTimes::before(now(3_000).at)).expect("a pruning"), 2);
    assert_eq!(names(directory.path()), ["acme", "globex"]);
    assert_eq!(store.prune(&OldTimes::before(now(10_000).at)).expect("a pruning"), 2);
    assert_eq!(names(directory.path()), Vec::<String>::new());
}

#[test]
fn the_name_of_an_erased_organisation_is_forgotten() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = with_calls(directory.path());
    assert_eq!(store.erase(&org("acme")).expect("an erasure"), 3);
    assert_eq!(names(directory.path()), ["globex"]);
}
