//! Backups of a store in use, and data directories made from them.

use std::fs;

use callslot_core::{CallType, Sequence};
use callslot_store::{EndedCalls, Log, Position, SqliteStore, StoreError, backup, restore};

use crate::facts::{ended_call, org, record};

#[test]
fn a_backup_of_a_store_in_use_restores_to_the_same_content() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    let store = SqliteStore::open(&data).expect("a new store opens");
    for number in 0..20 {
        store.append(Position(number), &record("acme", number + 1, 1)).expect("an append");
    }
    let call = ended_call("call-1", "a", CallType::Chat, 1);
    store.project(&[(org("acme"), Sequence(1), call.clone())], Position(5)).expect("a projection");
    backup(&data, &file).expect("a backup");
    store.append(Position(20), &record("acme", 21, 1)).expect("the store goes on");

    let restored = directory.path().join("restored");
    assert_eq!(restore(&file, &restored).expect("a restore"), Position(20));
    let copy = SqliteStore::open(&restored).expect("the copy opens");
    assert_eq!(copy.projected().expect("a read"), Position(5));
    assert_eq!(copy.ended_call(&org("acme"), &call.request.id).expect("a read"), Some(call));
    let original = store.read_from(Position(0), usize::MAX).expect("a read");
    assert_eq!(copy.read_from(Position(0), usize::MAX).expect("a read"), original[..20]);
}

#[test]
fn a_backup_overwrites_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    let _store = SqliteStore::open(&data).expect("a new store opens");
    fs::write(&file, "something dear").expect("a file");
    assert!(
        matches!(backup(&data, &file), Err(StoreError::Engine(text)) if text.contains("exists already"))
    );
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "something dear");
}

#[test]
fn a_restore_needs_an_empty_directory_and_a_backup() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    drop(SqliteStore::open(&data).expect("a new store opens"));
    backup(&data, &file).expect("a backup");
    assert!(
        matches!(restore(&file, &data), Err(StoreError::Engine(text)) if text.contains("not empty"))
    );
    let other = directory.path().join("other.txt");
    fs::write(&other, "no backup").expect("a file");
    assert!(matches!(restore(&other, &directory.path().join("new")), Err(StoreError::Damaged(_))));
}
