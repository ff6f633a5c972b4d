//! Backups of a store in use, and data directories made from them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use callslot_core::{CallType, Sequence, Timestamp};
use callslot_store::conformance::facts::{ended_call, org, record};
use callslot_store::conformance::history::open_after;
use callslot_store::{
    ApiKey, Catalogue, Damage, EndedFilter, Grain, History, Log, OldSecret, Position, Projection,
    Role, Seen, Series, Session, Snapshot, StoreError, Which,
};
use callslot_store_sqlite::{BackupError, RestoredKeys, SqliteStore, backup};
use rusqlite::Connection;

/// Restores a backup, with all its keys; returns the end of its log.
fn restore(file: &Path, data: &Path) -> Result<Position, BackupError> {
    let keys = RestoredKeys { old_data: None, keeps_revoked: true };
    callslot_store_sqlite::restore(file, data, &keys, |_| Ok(())).map(|restored| restored.ends[0])
}

fn key(id: &str, secret: u8) -> ApiKey {
    ApiKey {
        id: id.into(),
        org: None,
        name: "K".into(),
        role: Role::Operator,
        secret_sha256: [secret; 32],
        created_at: Timestamp(1),
        last_used_at: None,
        expires_at: None,
        old_secret: None,
    }
}

#[test]
fn a_backup_of_a_store_in_use_restores_to_the_same_content() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    let store = SqliteStore::open(&data).expect("a new store opens");
    for number in 0..20 {
        store.append(Position(number), &record("acme", number + 1, 1)).expect("an append");
    }
    let call = ended_call("call-1", "a", CallType::Chat, 1);
    let ended = vec![(org("acme"), Sequence(1), call.clone())];
    let open = vec![open_after(7, 3)];
    let projection = Projection { reached: Position(5), ended, open, ..Projection::default() };
    store.project(&projection).expect("a projection");
    backup(&data, &file).expect("a backup");
    store.append(Position(20), &record("acme", 21, 1)).expect("the store goes on");

    let restored = directory.path().join("restored");
    assert_eq!(restore(&file, &restored).expect("a restore"), Position(20));
    let copy = SqliteStore::open(&restored).expect("the copy opens");
    assert_eq!(copy.projected().expect("a read"), Position(5));
    assert_eq!(copy.ended_call(&org("acme"), &call.request.id).expect("a read"), Some(call));
    let (of, all) = (org("acme"), Timestamp(u64::MAX / 2));
    let hours = copy
        .figures(&of, &Which::One(Series::Org), Grain::Hour, Timestamp(0), all)
        .expect("a read");
    assert_eq!((&hours[0].series, hours[0].rows.len()), (&Series::Org, 1));
    let original = store.read_from(Position(0), usize::MAX).expect("a read");
    assert_eq!(copy.read_from(Position(0), usize::MAX).expect("a read"), original[..20]);
}

#[test]
fn a_restore_keeps_keys_and_signs_everybody_out() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    let store = SqliteStore::open(&data).expect("a new store opens");
    let key = key("key_1", 7);
    store.put_key(&key).expect("a key is kept");
    let session = Session {
        token_sha256: [9; 32],
        key: key.id.clone(),
        created_at: Timestamp(1),
        expires_at: Seen(2),
    };
    assert!(store.put_session(&session).expect("a session is kept"));
    backup(&data, &file).expect("a backup");
    let restored = directory.path().join("restored");
    restore(&file, &restored).expect("a restore");
    let copy = SqliteStore::open(&restored).expect("the copy opens");
    assert_eq!(copy.keys().expect("a read"), vec![key]);
    assert_eq!(copy.sessions().expect("a read"), Vec::new());
}

#[test]
fn keys_from_before_they_could_expire_are_backed_up_restored_and_brought_up_to_date() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    let store = SqliteStore::open(&data).expect("a new store opens");
    store.put_key(&key("key_1", 1)).expect("a key is kept");
    drop(store);
    let older =
        "ALTER TABLE key DROP COLUMN expires_at; ALTER TABLE key DROP COLUMN old_secret_sha256;
        ALTER TABLE key DROP COLUMN old_until; DROP TABLE webhook; DROP TABLE audit; PRAGMA user_version = 7";
    let log = Connection::open(data.join("callslot.db")).expect("the file opens");
    log.execute_batch(older).expect("an older layout");
    drop(log);
    backup(&data, &file).expect("a backup");
    let keys = RestoredKeys { old_data: Some(data.clone()), keeps_revoked: false };
    let restored = directory.path().join("restored");
    callslot_store_sqlite::restore(&file, &restored, &keys, |_| Ok(())).expect("a restore");
    for data in [&restored, &data] {
        let store = SqliteStore::open(data).expect("it opens");
        assert_eq!(store.keys().expect("a read"), [key("key_1", 1)]);
        let expiring = ApiKey { expires_at: Some(Timestamp(9)), ..key("key_1", 1) };
        store.put_key(&expiring).expect("a key is kept");
        assert_eq!(store.keys().expect("a read"), [expiring]);
    }
}

#[test]
fn keys_that_the_old_data_directory_no_longer_has_stay_revoked_and_old_secrets_stay_replaced() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    let store = SqliteStore::open(&data).expect("a new store opens");
    store.append(Position(0), &record("acme", 1, 1)).expect("an append");
    for (id, secret) in [("kept", 1), ("revoked", 2), ("rotated", 3)] {
        store.put_key(&key(id, secret)).expect("a key is kept");
    }
    backup(&data, &file).expect("a backup");
    store.delete_key("revoked").expect("a deletion");
    let old_secret = Some(OldSecret { sha256: [9; 32], until: Timestamp(9) });
    let rotated = ApiKey { expires_at: Some(Timestamp(99)), old_secret, ..key("rotated", 4) };
    store.put_key(&rotated).expect("another secret");
    store.put_key(&key("newer", 5)).expect("a key is kept");
    store.append(Position(1), &record("acme", 2, 1)).expect("the store goes on");
    drop(store);

    let with = |old_data: Option<&Path>, keeps_revoked, name: &str| {
        let keys = RestoredKeys { old_data: old_data.map(Path::to_owned), keeps_revoked };
        let restored = directory.path().join(name);
        let report = callslot_store_sqlite::restore(&file, &restored, &keys, |_| Ok(()))?;
        let ids = |keys: Vec<ApiKey>| keys.into_iter().map(|key| key.id).collect::<Vec<_>>();
        let copy = SqliteStore::open(&restored).expect("the copy opens");
        let kept = copy.keys().expect("a read");
        let as_rotated = kept.iter().find(|key| key.id == "rotated").cloned();
        Ok::<_, BackupError>((ids(report.revoked), ids(kept), as_rotated))
    };
    let (revoked, kept, as_rotated) = with(Some(&data), false, "compared").expect("a restore");
    assert_eq!((revoked.join(" "), kept.join(" ")), ("revoked".into(), "kept rotated".into()));
    assert_eq!(as_rotated.as_ref(), Some(&rotated));
    let (revoked, kept, as_rotated) = with(Some(&data), true, "all").expect("a restore");
    assert_eq!((revoked.len(), kept.len(), as_rotated), (1, 3, Some(rotated)));

    let unknown = with(None, false, "unknown");
    assert!(matches!(unknown, Err(BackupError::RevokedKeysUnknown)), "{unknown:?}");
    let other = directory.path().join("other");
    let of_other = SqliteStore::open(&other).expect("a new store opens");
    let earlier = with(Some(&other), false, "earlier");
    assert!(matches!(earlier, Err(BackupError::NotLater { .. })), "{earlier:?}");
    of_other.append(Position(0), &record("globex", 1, 1)).expect("an append");
    let foreign = with(Some(&other), false, "foreign");
    assert!(matches!(foreign, Err(BackupError::NotLater { .. })), "{foreign:?}");
    assert!(!directory.path().join("foreign").exists());
}

#[test]
fn a_restore_is_finished_before_anybody_can_open_it_and_leaves_nothing_if_that_fails() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    let store = SqliteStore::open(&data).expect("a new store opens");
    store.append(Position(0), &record("acme", 1, 1)).expect("an append");
    backup(&data, &file).expect("a backup");
    let copy = directory.path().join("copy");
    let keys = RestoredKeys::default();
    let finished = callslot_store_sqlite::restore(&file, &copy, &keys, |store| {
        let opened = SqliteStore::open(&copy);
        assert!(matches!(opened, Err(StoreError::Damaged { damage: Damage::Unfinished, .. })));
        store.append(Position(1), &record("acme", 2, 1)).expect("an append");
        Ok(())
    });
    assert_eq!(finished.expect("a restore").ends, [Position(1)]);
    let end = SqliteStore::open(&copy).expect("the copy opens").end();
    assert_eq!(end.expect("an end"), Position(2));

    let failing = directory.path().join("failing");
    let failed = callslot_store_sqlite::restore(&file, &failing, &keys, |_| {
        Err(StoreError::damaged("the copy", "on purpose"))
    });
    assert!(matches!(failed, Err(BackupError::Store(StoreError::Damaged { .. }))));
    assert_eq!(fs::read_dir(&failing).expect("a listing").count(), 0);
}

#[test]
fn a_backup_overwrites_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    let _store = SqliteStore::open(&data).expect("a new store opens");
    fs::write(&file, "something dear").expect("a file");
    assert!(matches!(backup(&data, &file), Err(BackupError::FileExists { .. })));
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "something dear");
}

#[test]
fn a_backup_is_not_put_into_the_data_directory() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("data");
    let _store = SqliteStore::open(&data).expect("a new store opens");
    fs::create_dir(data.join("backups")).expect("a directory");
    let link = directory.path().join("link");
    std::os::unix::fs::symlink(&data, &link).expect("a link");
    let files = || {
        let files = fs::read_dir(&data).expect("it is there");
        let mut names: Vec<_> = files.map(|file| file.expect("a file").file_name()).collect();
        names.sort();
        names
    };
    let before = files();
    for file in [
        data.clone(),
        data.join("backup.db"),
        data.join("backups/backup.db"),
        data.join("../data/backup.db"),
        link.join("backup.db"),
        data.join("callslot.db"),
    ] {
        let refused = backup(&data, &file);
        assert!(matches!(refused, Err(BackupError::InData { .. })), "{}", file.display());
    }
    assert_eq!(files(), before);
    backup(&data, &directory.path().join("data.db")).expect("a backup beside it");
}

#[test]
fn a_backup_is_whole_although_the_server_writes_all_the_while() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("data");
    let store = SqliteStore::open(&data).expect("a new store opens");
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let over = SetWhenDropped(&is_over);
        let writing = scope.spawn(|| {
            let mut end = Position(0);
            while !is_over.load(Ordering::Relaxed) {
                end = store.append(end, &record("acme", end.0 * 50 + 1, 50)).expect("an append");
                let call = ended_call("call-1", "a", CallType::Chat, end.0);
                let ended = vec![(org("acme"), Sequence(end.0), call)];
                let after = Position(end.0 - 1);
                let projection = Projection { after, reached: end, ended, ..Projection::default() };
                assert!(store.project(&projection).expect("a projection"));
                if end.0.is_multiple_of(10) {
                    let snapshot = Snapshot { position: end, record: record("acme", 1, end.0) };
                    store.save_snapshot(&snapshot).expect("a snapshot is kept");
                }
            }
            end
        });
        let mut earlier = Position(0);
        for number in 0..10 {
            let file = directory.path().join(format!("backup-{number}.db"));
            let made = backup(&data, &file).expect("a backup");
            assert_eq!(made.bytes, fs::metadata(&file).expect("it is there").len());
            assert!(made.ends[0] >= earlier, "a backup went back in time");
            earlier = made.ends[0];

            let restored = directory.path().join(format!("restored-{number}"));
            assert_eq!(restore(&file, &restored).expect("a restore"), made.ends[0]);
            let copy = SqliteStore::open(&restored).expect("the copy opens");
            let records = copy.read_from(Position(0), usize::MAX).expect("a read");
            assert_eq!(records.len() as u64, made.ends[0].0, "a record is missing");
            let projected = copy.projected().expect("a read");
            let ended =
                copy.ended_calls(&org("acme"), &EndedFilter::default(), 9_999).expect("a read");
            assert_eq!(ended.calls.len() as u64, projected.0, "calls and their position differ");
            let snapshot = copy.latest_snapshot().expect("a whole snapshot");
            assert!(snapshot.is_none_or(|snapshot| snapshot.position <= made.ends[0]));
        }
        drop(over);
        let end = writing.join().expect("no panic");
        assert!(end > earlier, "the server was held up");
    });
}

/// Ends the writer when the test fails, too: the scope waits for it.
struct SetWhenDropped<'a>(&'a AtomicBool);

impl Drop for SetWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_backup_of_a_stopped_store_needs_nobody_to_have_it_open() {
    let directory = tempfile::tempdir().expect("a directory");
    // A name that needs care in SQLite's own addresses of files.
    let data = directory.path().join("data #1 (100%)?");
    let file = directory.path().join("backup.db");
    let store = SqliteStore::open(&data).expect("a new store opens");
    store.append(Position(0), &record("acme", 1, 1)).expect("an append");
    drop(store);
    assert_eq!(backup(&data, &file).expect("a backup").ends, [Position(1)]);
    assert_eq!(restore(&file, &directory.path().join("copy")).expect("a restore"), Position(1));
}

#[test]
fn other_users_can_read_neither_a_backup_nor_what_is_restored_from_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    let restored = directory.path().join("restored");
    drop(SqliteStore::open(&data).expect("a new store opens"));
    backup(&data, &file).expect("a backup");
    restore(&file, &restored).expect("a restore");
    for path in [&file, &restored, &restored.join("callslot.db"), &restored.join("history.db")] {
        let mode = fs::metadata(path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
}

#[test]
fn a_damaged_backup_is_named_and_restores_nothing() {
    for (damage, place) in [
        ("UPDATE log SET body = zeroblob(40) WHERE position = 2", "position 2"),
        ("UPDATE snapshot_part SET body = zeroblob(40)", "the snapshot at position 3"),
        ("UPDATE ended_tail SET body = zeroblob(40)", "a block of ended calls"),
        ("UPDATE series SET hour_body = zeroblob(40)", "a row of figures"),
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
        let store = SqliteStore::open(&data).expect("a new store opens");
        for number in 0..3 {
            store.append(Position(number), &record("acme", number + 1, 1)).expect("an append");
        }
        let snapshot = Snapshot { position: Position(3), record: record("acme", 1, 3) };
        store.save_snapshot(&snapshot).expect("a snapshot is kept");
        let call = ended_call("call-1", "a", CallType::Chat, 1);
        let ended = vec![(org("acme"), Sequence(1), call)];
        let open = vec![open_after(7, 3)];
        let projection = Projection { reached: Position(1), ended, open, ..Projection::default() };
        store.project(&projection).expect("a projection");
        backup(&data, &file).expect("a backup");
        Connection::open(&file).expect("the file opens").execute_batch(damage).expect("the damage");

        let restored = directory.path().join("restored");
        let Err(error @ BackupError::Unreadable { .. }) = restore(&file, &restored) else {
            panic!("a damaged backup is refused: {damage}");
        };
        let text = error.to_string();
        assert!(text.contains(place) && text.contains("backup.db"), "{text}");
        assert!(!restored.exists());
    }
}

#[test]
fn a_backup_of_a_newer_version_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    drop(SqliteStore::open(&data).expect("a new store opens"));
    backup(&data, &file).expect("a backup");
    let made = Connection::open(&file).expect("the file opens");
    made.pragma_update(None, "user_version", 99).expect("a newer layout");
    drop(made);
    let refused = restore(&file, &directory.path().join("new"));
    assert!(matches!(refused, Err(BackupError::Store(StoreError::TooNew { found: 99, .. }))));
}

#[test]
fn of_two_backups_to_one_file_at_once_one_is_made() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("data");
    drop(SqliteStore::open(&data).expect("a new store opens"));
    for round in 0..10 {
        let file = directory.path().join(format!("{round}.db"));
        let made: Vec<_> = std::thread::scope(|scope| {
            let both = [(); 2].map(|()| scope.spawn(|| backup(&data, &file)));
            both.map(|one| one.join().expect("no panic")).into()
        });
        assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1, "{made:?}");
        let is_told = |made: &Result<_, _>| match made {
            Ok(_) => true,
            Err(error) => {
                matches!(error, BackupError::UnderWay { .. } | BackupError::FileExists { .. })
            }
        };
        assert!(made.iter().all(is_told), "{made:?}");
        let restored = directory.path().join(format!("restored-{round}"));
        restore(&file, &restored).expect("what was made is whole");
    }
}

#[test]
fn what_a_backup_left_that_was_cut_off_is_in_nobodys_way() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    drop(SqliteStore::open(&data).expect("a new store opens"));
    let unfinished = directory.path().join("backup.db.unfinished");
    fs::write(&unfinished, "half of it").expect("a file");
    let other = fs::File::open(&unfinished).expect("it opens");
    other.try_lock().expect("it is locked");
    let refused = backup(&data, &file);
    assert!(matches!(refused, Err(BackupError::UnderWay { .. })), "{refused:?}");
    drop(other);
    backup(&data, &file).expect("a backup");
    assert!(!unfinished.exists());
    restore(&file, &directory.path().join("restored")).expect("it is whole");
}

#[test]
fn a_directory_with_a_restore_that_was_cut_off_is_not_opened_as_a_store() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("callslot.db.unfinished"), "").expect("a file");
    let opened = SqliteStore::open(directory.path());
    assert!(matches!(opened, Err(StoreError::Damaged { damage: Damage::Unfinished, .. })));
}

#[test]
fn a_restore_needs_an_empty_directory_and_a_backup() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    drop(SqliteStore::open(&data).expect("a new store opens"));
    backup(&data, &file).expect("a backup");
    assert!(matches!(restore(&file, &data), Err(BackupError::NotEmpty { .. })));
    let other = directory.path().join("other.txt");
    fs::write(&other, "no backup").expect("a file");
    for no_backup in [other, data.join("callslot.db")] {
        let refused = restore(&no_backup, &directory.path().join("new"));
        assert!(
            matches!(refused, Err(BackupError::NotABackup { .. })),
            "{} is refused",
            no_backup.display()
        );
    }
}
