//! What only a store with files must do: last, stay private, and refuse what it cannot use, saying why.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use callslot_core::Sequence;
use callslot_store::conformance::facts::{ended_call, org, record, record_of_everything};
use callslot_store::{
    Catalogue, Damage, History, Log, Plan, Position, Projection, Snapshot, StoreError,
};
use callslot_store_sqlite::SqliteStore;
use rusqlite::Connection;

fn open(directory: &Path) -> SqliteStore {
    SqliteStore::open(directory).expect("the store opens")
}

#[test]
fn all_that_was_kept_is_there_after_reopening() {
    let directory = tempfile::tempdir().expect("a directory");
    let plan = Plan {
        id: callslot_core::PlanId::parse("standard").expect("a plan id"),
        name: "Standard".into(),
        limit: 20,
    };
    let call = ended_call("call-1", "a", callslot_core::CallType::Chat, 1);
    let snapshot = Snapshot { position: Position(1), record: record("acme", 1, 2) };
    {
        let store = open(directory.path());
        store.append(Position(0), &record_of_everything()).expect("an append");
        store.append(Position(1), &record("acme", 99, 1)).expect("an append");
        store.save_snapshot(&snapshot).expect("a snapshot is kept");
        store.truncate(Position(1)).expect("a truncation");
        store.put_plan(&plan).expect("a plan is kept");
        let ended = vec![(org("acme"), Sequence(1), call.clone())];
        let projection = Projection { reached: Position(2), ended, ..Projection::default() };
        store.project(&projection).expect("a projection");
    }
    let store = open(directory.path());
    assert_eq!(store.end().expect("an end"), Position(2));
    assert_eq!(store.start().expect("a start"), Position(2));
    assert_eq!(store.latest_snapshot().expect("a read"), Some(snapshot));
    assert_eq!(store.plans().expect("a read").into_values().collect::<Vec<_>>(), [plan]);
    assert_eq!(store.projected().expect("a read"), Position(2));
    assert_eq!(store.ended_call(&org("acme"), &call.request.id).expect("a read"), Some(call));
}

#[test]
fn a_store_that_another_process_has_open_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let _first = open(directory.path());
    let second = SqliteStore::open(directory.path());
    assert!(matches!(second, Err(StoreError::InUse { .. })));
}

#[test]
fn a_store_of_a_newer_version_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    drop(open(directory.path()));
    let database = Connection::open(directory.path().join("callslot.db")).expect("the file opens");
    database.pragma_update(None, "user_version", 99).expect("a newer layout");
    let opened = SqliteStore::open(directory.path());
    assert!(matches!(opened, Err(StoreError::TooNew { found: 99, newest: 11, .. })));
}

#[test]
fn a_store_from_before_the_first_release_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    drop(open(directory.path()));
    let database = Connection::open(directory.path().join("history.db")).expect("the file opens");
    database.pragma_update(None, "user_version", 1).expect("an older layout");
    let Err(error @ StoreError::TooOld { .. }) = SqliteStore::open(directory.path()) else {
        panic!("an older layout is refused");
    };
    assert!(error.to_string().contains("history.db has layout 1,"), "{error}");
}

#[test]
fn a_file_that_is_no_store_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(
        directory.path().join("callslot.db"),
        "not a database, but long enough to be read as one".repeat(20),
    )
    .expect("a file");
    let opened = SqliteStore::open(directory.path());
    assert!(matches!(opened, Err(StoreError::Damaged { damage: Damage::Database(_), .. })));
}

#[test]
fn a_damaged_record_is_named_with_its_position() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    for number in 0..3 {
        store.append(Position(number), &record("acme", number + 1, 1)).expect("an append");
    }
    drop(store);
    let database = Connection::open(directory.path().join("callslot.db")).expect("the file opens");
    database
        .execute("UPDATE log SET body = CAST(substr(body, 1, 20) || x'00' || substr(body, 22) AS BLOB) WHERE position = 2", [])
        .expect("the record is overwritten");
    drop(database);

    let Err(StoreError::Damaged { place, damage: Damage::Bytes(_) }) =
        open(directory.path()).read_from(Position(0), usize::MAX)
    else {
        panic!("a damaged record is not read");
    };
    assert!(place.contains("position 2"), "{place}");
}

#[test]
fn other_users_can_read_nothing_in_the_data_directory() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    let store = open(&data);
    store.append(Position(0), &record("acme", 1, 1)).expect("an append");
    let is_private = |path: &Path| {
        let mode = fs::metadata(path).expect("it is there").permissions().mode();
        mode.trailing_zeros() >= 6
    };
    assert!(is_private(&data));
    for entry in fs::read_dir(&data).expect("a listing") {
        let path = entry.expect("an entry").path();
        assert!(is_private(&path), "{}", path.display());
    }
}

#[test]
fn a_database_of_another_program_is_refused_and_left_as_it_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("callslot.db");
    let foreign = Connection::open(&path).expect("a new file");
    foreign.execute_batch("CREATE TABLE recipe (text TEXT)").expect("a foreign table");
    drop(foreign);
    let before = fs::read(&path).expect("a read");
    let opened = SqliteStore::open(directory.path());
    assert!(matches!(opened, Err(StoreError::Damaged { damage: Damage::Foreign, .. })));
    assert_eq!(fs::read(&path).expect("a read"), before);
}

#[test]
fn a_history_without_its_log_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    store.append(Position(0), &record("acme", 1, 1)).expect("an append");
    let projection = Projection { reached: Position(1), ..Projection::default() };
    store.project(&projection).expect("a projection");
    drop(store);
    fs::remove_file(directory.path().join("callslot.db")).expect("the log is lost");
    let Err(StoreError::Damaged { place, damage: Damage::AheadOfLog { .. } }) =
        SqliteStore::open(directory.path())
    else {
        panic!("a history of another log is refused");
    };
    assert!(place.contains("history.db"), "{place}");
}

#[test]
fn what_a_cut_off_save_of_a_snapshot_left_behind_is_never_read_and_goes_with_the_next() {
    let directory = tempfile::tempdir().expect("a directory");
    let kept = Snapshot { position: Position(1), record: record("acme", 1, 3) };
    let store = open(directory.path());
    store.append(Position(0), &record("acme", 1, 1)).expect("an append");
    store.save_snapshot(&kept).expect("a snapshot is kept");
    drop(store);
    let database = Connection::open(directory.path().join("callslot.db")).expect("the file opens");
    database
        .execute_batch("INSERT INTO snapshot_part SELECT save + 1, part, x'ff' FROM snapshot_part")
        .expect("parts of a save that was cut off");

    let store = open(directory.path());
    assert_eq!(store.latest_snapshot().expect("a read").as_ref(), Some(&kept));
    store.save_snapshot(&kept).expect("the next one is kept");
    assert_eq!(store.latest_snapshot().expect("a read"), Some(kept));
    let parts: i64 = database
        .query_row("SELECT count(*) FROM snapshot_part", [], |row| row.get(0))
        .expect("a count");
    assert_eq!(parts, 1);
}

#[test]
fn truncation_never_moves_the_end_even_with_a_snapshot_from_beyond_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    store.append(Position(0), &record("acme", 1, 1)).expect("an append");
    let beyond = Snapshot { position: Position(9), record: record("acme", 1, 1) };
    store.save_snapshot(&beyond).expect("a snapshot is kept");
    assert_eq!(store.truncate(Position(9)).expect("a truncation"), 1);
    assert_eq!(store.end().expect("an end"), Position(1));
}
