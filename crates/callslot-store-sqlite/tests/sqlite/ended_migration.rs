//! Ended calls of an older layout are moved into blocks when the store is opened.

use std::fs;
use std::path::Path;

use callslot_core::{AgentId, CallId, CallType, EndReason, Sequence};
use callslot_store::conformance::facts::org;
use callslot_store::{EndedFilter, Grain, History, Series, StoreError, Which};
use callslot_store_sqlite::{RestoredKeys, SqliteStore, backup, restore};
use rusqlite::Connection;

/// A data directory with the history of a server that had layout 9, and no log.
fn older(directory: &Path) -> Connection {
    drop(SqliteStore::open(directory).expect("a new store"));
    let path = directory.join("history.db");
    for name in ["history.db", "history.db-wal", "history.db-shm"] {
        // The last two are gone when the store is closed, as a rule.
        let _ = fs::remove_file(directory.join(name));
    }
    let history = Connection::open(path).expect("a new file");
    history.execute_batch(include_str!("fixtures/history-layout-9.sql")).expect("the fixture");
    history.execute_batch("UPDATE projected SET position = 0").expect("it follows an empty log");
    history
}

fn rows(connection: &Connection, of: &str) -> i64 {
    let count = format!("SELECT count(*) FROM {of}");
    connection.query_row(&count, [], |row| row.get(0)).expect("a count")
}

fn sequences(store: &SqliteStore, filter: &EndedFilter) -> Vec<u64> {
    let mut filter = filter.clone();
    let mut found = Vec::new();
    loop {
        let page = store.ended_calls(&org("default"), &filter, 1_000).expect("a read");
        found.extend(page.calls.iter().map(|(sequence, _)| sequence.0));
        filter.before = page.next;
        if page.next.is_none() {
            return found;
        }
    }
}

#[test]
fn calls_of_an_older_layout_are_read_as_before() {
    let directory = tempfile::tempdir().expect("a directory");
    let history = older(directory.path());
    assert_eq!(rows(&history, "ended"), 11);
    // Free pages, as many more rows would leave them.
    let free = "CREATE TABLE gone (body BLOB); INSERT INTO gone VALUES (zeroblob(100000)); DROP TABLE gone";
    history.execute_batch(free).expect("there is room");
    drop(history);
    for _ in 0..2 {
        let store = SqliteStore::open(directory.path()).expect("it is brought up to date");
        let id = CallId::parse("call-3").expect("an id");
        let call = store.ended_call(&org("default"), &id).expect("a read").expect("it is kept");
        assert_eq!(call.request.agent.as_str(), "sales");
        assert_eq!(call.request.call_type, CallType::Inbound);
        assert_eq!(call.request.metadata.as_deref(), Some(r#"{"n":3}"#));
        assert_eq!(call.state.reason, EndReason::Completed);
        assert_eq!(call.state.note.as_deref(), Some("done"));
        let all = sequences(&store, &EndedFilter::default());
        assert_eq!(all, (15..=25).rev().collect::<Vec<_>>());
        let sales = AgentId::parse("sales").ok();
        let of_agent = EndedFilter { agent: sales, ..EndedFilter::default() };
        assert_eq!(sequences(&store, &of_agent), [23, 20, 17]);
        let one = Which::One(Series::Org);
        let (from, to) = (call.request.requested_at, call.state.ended_at);
        let (from, to) = (Grain::Hour.start_of(from), callslot_core::Timestamp(to.0 + 3_600_000));
        let hours = store.figures(&org("default"), &one, Grain::Hour, from, to).expect("a read");
        assert_eq!(hours[0].rows.len(), 1, "figures stay as they are");
    }
    let history = Connection::open(directory.path().join("history.db")).expect("it opens");
    assert_eq!(rows(&history, "ended"), 0);
    assert_eq!(rows(&history, "name"), 1, "agents have no names of their own any more");
    let free: i64 =
        history.query_row("PRAGMA freelist_count", [], |row| row.get(0)).expect("SQLite knows");
    assert_eq!(free, 0, "nothing of the rows is left in pages that are free");
}

#[test]
fn a_move_that_is_cut_off_goes_on_at_the_next_start() {
    let directory = tempfile::tempdir().expect("a directory");
    let history = older(directory.path());
    let most = 25_000;
    history
        .execute_batch(&format!(
            "INSERT INTO ended SELECT org, value, id, agent, ended_at, body FROM ended, generate_series
             WHERE sequence = 15;
             CREATE TRIGGER cut_off BEFORE DELETE ON ended WHEN old.sequence > {most} - 100
             BEGIN SELECT RAISE(ABORT, 'cut off'); END"
        ).replace("generate_series", &format!(
            "(WITH RECURSIVE n(value) AS (SELECT 26 UNION ALL SELECT value + 1 FROM n WHERE value < {most}) SELECT value FROM n)"
        )))
        .expect("many calls");
    let refused = SqliteStore::open(directory.path());
    assert!(matches!(refused, Err(StoreError::Failed { .. })), "it is cut off");
    let left = rows(&history, "ended");
    assert!(0 < left && left < 10_000, "a part is moved, {left} are not");
    history.execute_batch("DROP TRIGGER cut_off").expect("it goes on");
    drop(history);
    let store = SqliteStore::open(directory.path()).expect("it is brought up to date");
    assert_eq!(sequences(&store, &EndedFilter::default()), (15..=most).rev().collect::<Vec<_>>());
    let before = EndedFilter { before: Some(Sequence(17)), ..EndedFilter::default() };
    assert_eq!(sequences(&store, &before), [16, 15]);
}

#[test]
fn a_backup_of_an_older_layout_is_restored_with_its_calls() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    drop(older(&data));
    backup(&data, &file).expect("a backup");
    let restored = directory.path().join("restored");
    restore(&file, &restored, &RestoredKeys::default(), |_| Ok(())).expect("a restore");
    let store = SqliteStore::open(&restored).expect("it opens");
    assert_eq!(sequences(&store, &EndedFilter::default()).len(), 11);
}
