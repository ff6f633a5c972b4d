//! What only a store with files must do: last, stay private, and refuse what it cannot use, saying why.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use callslot_core::Sequence;
use callslot_store::{
    Catalogue, EndedCalls, Log, Plan, Position, Snapshot, SqliteStore, StoreError, decode, encode,
};
use rusqlite::Connection;

use crate::facts::{ended_call, org, record, record_of_everything};

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
        store
            .project(&[(org("acme"), Sequence(1), call.clone())], Position(2))
            .expect("a projection");
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
    let Err(StoreError::InUse(text)) = SqliteStore::open(directory.path()) else {
        panic!("a second opening is refused");
    };
    assert!(text.contains("--data"), "{text}");
}

#[test]
fn a_store_of_a_newer_version_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    drop(open(directory.path()));
    let database = Connection::open(directory.path().join("callslot.db")).expect("the file opens");
    database.pragma_update(None, "user_version", 99).expect("a newer layout");
    let Err(StoreError::TooNew(text)) = SqliteStore::open(directory.path()) else {
        panic!("a newer layout is refused");
    };
    assert!(text.contains("99"), "{text}");
}

#[test]
fn a_file_that_is_no_store_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(
        directory.path().join("callslot.db"),
        "not a database, but long enough to be read as one".repeat(20),
    )
    .expect("a file");
    let Err(StoreError::Damaged(text)) = SqliteStore::open(directory.path()) else {
        panic!("a foreign file is refused");
    };
    assert!(text.contains("callslot restore"), "{text}");
}

#[test]
fn a_damaged_record_is_named_with_its_position_and_the_way_out() {
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

    let Err(StoreError::Damaged(text)) = open(directory.path()).read_from(Position(0), usize::MAX)
    else {
        panic!("a damaged record is not read");
    };
    assert!(text.contains("position 2") && text.contains("callslot restore"), "{text}");
}

#[test]
fn no_change_of_a_stored_byte_goes_unnoticed() {
    let bytes = encode(&record_of_everything());
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 0x55;
        assert!(decode(&changed, "the record").is_err(), "byte {place}");
        assert!(decode(&bytes[..place], "the record").is_err(), "cut at {place}");
    }
}

#[test]
fn bytes_written_by_version_1_still_load() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/record-v1.bin");
    if std::env::var_os("CALLSLOT_WRITE_FIXTURE").is_some() {
        fs::write(&fixture, encode(&record_of_everything())).expect("the fixture is written");
    }
    let bytes = fs::read(&fixture).expect("the fixture is there");
    assert_eq!(decode(&bytes, "the fixture").expect("it loads"), record_of_everything());
}

#[test]
fn other_users_cannot_look_into_the_data_directory() {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    drop(open(&data));
    let mode = fs::metadata(&data).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o077, 0);
}
