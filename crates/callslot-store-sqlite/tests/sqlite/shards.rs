//! What only a store of several shards in files must do: keep their number, and leave each shard whole after a crash.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use callslot_core::{CallType, Sequence};
use callslot_store::conformance::facts::{ended_call, org, record};
use callslot_store::{
    Damage, History, Log, Position, Projection, Record, Snapshot, Store, StoreError,
};
use callslot_store_sqlite::{
    BackupError, Inspection, RestoredKeys, SqliteStore, backup, inspect, restore,
};
use rusqlite::Connection;

const SHARDS: u16 = 4;

fn open_or_make(directory: &Path, shards: u16) -> Vec<Arc<dyn Store>> {
    let store: Arc<dyn Store> =
        Arc::new(SqliteStore::open_or_make(directory, shards).expect("the store opens"));
    (0..store.shards()).map(|number| Arc::clone(&store).shard(number)).collect()
}

/// The record at a position of a shard.
fn at(shard: u16, position: u64) -> Record {
    record(&format!("org-{shard}"), position, 1)
}

/// Appends to one shard after another, to each as many records as its number and one.
fn fill(shards: &[Arc<dyn Store>]) {
    for round in 0..u64::from(SHARDS) {
        for shard in shards.iter().filter(|shard| u64::from(shard.number()) >= round) {
            shard.append(Position(round), &at(shard.number(), round + 1)).expect("an append");
        }
    }
}

/// Each shard has the records that it was given, up to some; returns up to which.
fn check_prefixes(shards: &[Arc<dyn Store>]) -> Vec<u64> {
    let end = |shard: &Arc<dyn Store>| {
        let found = shard.read_from(Position(0), usize::MAX).expect("a read");
        let end = shard.end().expect("an end");
        let written = (1..=end.0).map(|n| (Position(n), at(shard.number(), n)));
        assert!(found.into_iter().eq(written), "shard {}", shard.number());
        end.0
    };
    shards.iter().map(end).collect()
}

#[test]
fn a_store_keeps_the_number_of_shards_that_it_was_made_with() {
    let directory = tempfile::tempdir().expect("a directory");
    fill(&open_or_make(directory.path(), SHARDS));
    for asked in [1, 64] {
        let shards = open_or_make(directory.path(), asked);
        assert_eq!(check_prefixes(&shards), [1, 2, 3, 4]);
    }
    let of_shards = (1..=4).map(|end| (Position(1), Position(end))).collect();
    let found = inspect(directory.path()).expect("it is readable");
    assert_eq!(found, Inspection::Records { of_shards });
    for name in ["history.db", "history.db-wal", "history.db-shm"] {
        // The last two are gone when the store is closed, as a rule.
        let _ = fs::remove_file(directory.path().join(name));
    }
    for shard in open_or_make(directory.path(), 1) {
        assert_eq!(shard.projected().expect("it is made anew"), Position(0));
        let projection = Projection { reached: Position(1), ..Projection::default() };
        assert!(shard.project(&projection).expect("a projection"));
    }
    let database = Connection::open(directory.path().join("callslot.db")).expect("the file opens");
    database.execute("DELETE FROM truncated WHERE id = 3", []).expect("a row is lost");
    let opened = SqliteStore::open(directory.path());
    assert!(
        matches!(opened, Err(StoreError::Damaged { damage: Damage::Bytes(_), .. })),
        "{opened:?}"
    );
}

/// Layout 10 had one shard, and tables that said so.
#[test]
fn a_store_of_layout_10_has_one_shard_with_all_that_it_had() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    let store = SqliteStore::open(&data).expect("a new store opens");
    for position in 0..200 {
        store.append(Position(position), &at(0, position + 1)).expect("an append");
    }
    let snapshot = Snapshot { position: Position(150), record: record("org-0", 1, 3) };
    store.save_snapshot(&snapshot).expect("a snapshot");
    store.truncate(Position(100)).expect("a truncation");
    let ended = vec![(org("org-0"), Sequence(1), ended_call("call-1", "a", CallType::Chat, 1))];
    let projection = Projection { reached: Position(120), ended, ..Projection::default() };
    store.project(&projection).expect("a projection");
    drop(store);
    let make_older = |file: &str, batch: &str| {
        let database = Connection::open(data.join(file)).expect("the file opens");
        database.execute_batch(batch).expect("an older layout");
    };
    make_older(
        "callslot.db",
        "CREATE TABLE s (id INTEGER PRIMARY KEY CHECK (id = 0), position INTEGER NOT NULL, save INTEGER NOT NULL) STRICT;
         INSERT INTO s SELECT * FROM snapshot; DROP TABLE snapshot; ALTER TABLE s RENAME TO snapshot;
         CREATE TABLE t (id INTEGER PRIMARY KEY CHECK (id = 0), position INTEGER NOT NULL) STRICT;
         INSERT INTO t SELECT * FROM truncated; DROP TABLE truncated; ALTER TABLE t RENAME TO truncated;
         PRAGMA user_version = 10",
    );
    make_older(
        "history.db",
        "CREATE TABLE p (id INTEGER PRIMARY KEY CHECK (id = 0), position INTEGER NOT NULL, minutes_from INTEGER NOT NULL,
         hours_from INTEGER NOT NULL) STRICT;
         INSERT INTO p SELECT * FROM projected; DROP TABLE projected; ALTER TABLE p RENAME TO projected;
         PRAGMA user_version = 10",
    );
    backup(&data, &file).expect("a backup");
    let restored = directory.path().join("restored");
    restore(&file, &restored, &RestoredKeys::default(), |_| Ok(())).expect("a restore");
    for data in [&data, &restored] {
        let shards = open_or_make(data, SHARDS);
        let [store] = &shards[..] else { panic!("it has one shard") };
        assert_eq!(store.latest_snapshot().expect("a read").as_ref(), Some(&snapshot));
        assert_eq!(store.start().expect("a start"), Position(101));
        assert_eq!(store.projected().expect("a read"), Position(120));
        assert_eq!(store.append(Position(200), &at(0, 201)).expect("an append"), Position(201));
        store.save_snapshot(&snapshot).expect("a snapshot");
        let (found, _) =
            store.read_org_from(&org("org-0"), Position(0), usize::MAX).expect("a read");
        assert!(found.iter().map(|(position, _)| position.0).eq(101..=201));
        for (file, tables) in [("callslot.db", 2), ("history.db", 1)] {
            let database = Connection::open(data.join(file)).expect("the file opens");
            let found: i64 = database
                .query_row(
                    "SELECT count(*) FROM sqlite_schema
                     WHERE name IN ('snapshot', 'truncated', 'projected') AND sql NOT LIKE '%CHECK%'",
                    [],
                    |row| row.get(0),
                )
                .expect("a count");
            assert_eq!(found, tables, "{file} has room for several shards, as a new one");
        }
    }
}

#[test]
fn a_backup_has_all_shards_and_each_must_go_on_in_the_old_data() {
    let directory = tempfile::tempdir().expect("a directory");
    let (data, file) = (directory.path().join("data"), directory.path().join("backup.db"));
    let shards = open_or_make(&data, SHARDS);
    fill(&shards);
    let snapshot = |shard: u16| Snapshot { position: Position(1), record: at(shard, 9) };
    for shard in &shards {
        shard.save_snapshot(&snapshot(shard.number())).expect("a snapshot");
        let projection = Projection { reached: Position(1), ..Projection::default() };
        assert!(shard.project(&projection).expect("a projection"));
    }
    let ends: Vec<_> = (1..=4).map(Position).collect();
    assert_eq!(backup(&data, &file).expect("a backup").ends, ends);
    let with = |old_data: &Path, name: &str| {
        let keys = RestoredKeys { old_data: Some(old_data.to_owned()), keeps_revoked: false };
        let copy = directory.path().join(name);
        let all = |store: &Arc<dyn Store>| {
            assert_eq!(store.shards(), SHARDS);
            Ok(())
        };
        restore(&file, &copy, &keys, all).map(|report| (copy, report.ends))
    };
    let (copy, found) = with(&data, "copy").expect("a restore");
    assert_eq!(found, ends);
    let shards = open_or_make(&copy, 1);
    assert_eq!(check_prefixes(&shards), [1, 2, 3, 4]);
    for shard in &shards {
        let found = shard.latest_snapshot().expect("a read");
        assert_eq!(found, Some(snapshot(shard.number())));
        assert_eq!(shard.projected().expect("a read"), Position(1));
    }

    let other = directory.path().join("other");
    let others = open_or_make(&other, SHARDS);
    fill(&others);
    with(&other, "alike").expect("nothing shows that they differ");
    let one = directory.path().join("one");
    fill(&open_or_make(&one, 1));
    let refused = with(&one, "of-one");
    assert!(matches!(refused, Err(BackupError::NotLater { .. })), "{refused:?}");
    let short = directory.path().join("short");
    let shorter = open_or_make(&short, SHARDS);
    for shard in &shorter {
        for position in 0..u64::from(shard.number() + 1).min(3) {
            shard.append(Position(position), &at(shard.number(), position + 1)).expect("it fits");
        }
    }
    let refused = with(&short, "of-shorter");
    assert!(matches!(refused, Err(BackupError::NotLater { .. })), "{refused:?}");
    shorter[3].append(Position(3), &at(0, 99)).expect("an append");
    let refused = with(&short, "of-another");
    assert!(matches!(refused, Err(BackupError::NotLater { .. })), "{refused:?}");
}

/// A machine that loses its power keeps some beginning of the write-ahead log.
#[test]
fn whatever_a_crash_leaves_of_the_file_each_shard_has_the_beginning_of_its_log() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("data");
    let shards = open_or_make(&data, SHARDS);
    thread::scope(|scope| {
        for shard in &shards {
            scope.spawn(move || {
                for position in 0..12 {
                    let appended =
                        shard.append(Position(position), &at(shard.number(), position + 1));
                    assert_eq!(appended.expect("an append"), Position(position + 1));
                }
            });
        }
    });
    // While it is open, its write-ahead log is there.
    let [log, wal] = ["callslot.db", "callslot.db-wal"]
        .map(|name| fs::read(data.join(name)).expect("it is there"));
    let copy = directory.path().join("copy");
    let mut before = vec![0; usize::from(SHARDS)];
    // 24 bytes are a frame's header, and 32 the file's; a page is the rest.
    let frame = 4_096 + 24;
    for cut in (0..=(wal.len() - 32) / frame)
        .flat_map(|frames| [0, 1_000].map(|more| frames * frame + 32 + more))
    {
        let _ = fs::remove_dir_all(&copy);
        drop(open_or_make(&copy, SHARDS));
        fs::write(copy.join("callslot.db"), &log).expect("it is written");
        fs::write(copy.join("callslot.db-wal"), &wal[..cut.min(wal.len())]).expect("it is written");
        let found = check_prefixes(&open_or_make(&copy, SHARDS));
        assert!(found.iter().zip(&before).all(|(now, before)| now >= before), "{found:?} at {cut}");
        before = found;
    }
    assert_eq!(before, [12; SHARDS as usize], "what was confirmed is there");
}

/// Set in the process that is killed: its data directory.
const IS_KILLED: &str = "CALLSLOT_TEST_APPENDS_TO_SHARDS_IN";

#[test]
fn what_was_confirmed_to_any_shard_survives_a_kill() {
    if let Some(data) = std::env::var_os(IS_KILLED) {
        return append_and_say(Path::new(&data));
    }
    let directory = tempfile::tempdir().expect("a directory");
    drop(open_or_make(directory.path(), SHARDS));
    for round in 1..=3 {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "shards::what_was_confirmed_to_any_shard_survives_a_kill"])
            .arg("--nocapture")
            .env(IS_KILLED, directory.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let said = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut confirmed = BTreeMap::new();
        let mut confirm = |line: &str| {
            let numbers: Vec<u64> = line.split(' ').filter_map(|it| it.parse().ok()).collect();
            if let [shard, position] = numbers[..] {
                confirmed.insert(shard, position);
            }
        };
        let mut lines = said.lines().map_while(Result::ok);
        lines.by_ref().take(50 * round).for_each(|line| confirm(&line));
        child.kill().expect("it lives");
        lines.for_each(|line| confirm(&line));
        child.wait().expect("it has ended");
        let found = check_prefixes(&open_or_make(directory.path(), 1));
        assert!(confirmed.len() > 1, "{confirmed:?}");
        for (shard, confirmed) in confirmed {
            let end = found[usize::try_from(shard).expect("a shard")];
            assert!(end == confirmed || end == confirmed + 1, "{end}, {confirmed} confirmed");
        }
    }
}

/// Appends to all shards at once, and says each record that is confirmed.
fn append_and_say(data: &Path) {
    let shards = open_or_make(data, 1);
    thread::scope(|scope| {
        for shard in &shards {
            scope.spawn(move || {
                for position in shard.end().expect("an end").0.. {
                    let written = at(shard.number(), position + 1);
                    let end = shard.append(Position(position), &written).expect("an append");
                    println!("{} {}", shard.number(), end.0);
                }
            });
        }
    });
}
