//! The index of the log by organisation: the same however it came about, and gone with the records that it leads to.

use std::path::Path;

use callslot_core::Sequence;
use callslot_store::conformance::facts::{org, record};
use callslot_store::{AppendError, Log, Position, Snapshot};
use callslot_store_sqlite::{RestoredKeys, SqliteStore, backup, restore};
use rusqlite::Connection;

/// A row: block, organisation, first event, records.
type Row = (i64, String, i64, i64);

fn open(directory: &Path) -> SqliteStore {
    SqliteStore::open(directory).expect("the store opens")
}

fn database(directory: &Path) -> Connection {
    Connection::open(directory.join("callslot.db")).expect("the file opens")
}

fn rows(directory: &Path) -> Vec<Row> {
    let database = database(directory);
    let mut rows = database.prepare("SELECT * FROM org_block").expect("a table");
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    rows.query_map([], row).expect("rows").collect::<Result<_, _>>().expect("rows")
}

/// Appends up to this position: two events of `acme` in every record but each tenth, which has one of `globex`.
fn append_up_to(store: &SqliteStore, end: u64) {
    for number in store.end().expect("an end").0..end {
        let (tens, ones) = (number / 10, number % 10);
        let record = match ones {
            0 => record("globex", tens + 1, 1),
            _ => record("acme", (tens * 9 + ones - 1) * 2 + 1, 2),
        };
        store.append(Position(number), &record).expect("an append");
    }
}

/// Takes a store back to the layout of the first release.
fn make_older(directory: &Path) {
    database(directory)
        .execute_batch(
            "DROP TABLE org_block; DROP TABLE org_deleted;
             CREATE TABLE sequences (org TEXT NOT NULL, sequence INTEGER NOT NULL, position INTEGER NOT NULL,
                PRIMARY KEY (org, sequence)) STRICT, WITHOUT ROWID;
             ALTER TABLE key DROP COLUMN expires_at; ALTER TABLE key DROP COLUMN old_secret_sha256;
             ALTER TABLE key DROP COLUMN old_until;
             DROP TABLE webhook; DROP TABLE audit; PRAGMA user_version = 4",
        )
        .expect("an older layout");
    Connection::open(directory.join("history.db"))
        .and_then(|history| {
            history.execute_batch(
                "DROP TABLE seen; DROP TABLE shown; DROP TABLE ended_block; DROP TABLE ended_body; DROP TABLE ended_filter;
                 DROP TABLE ended_tail; DROP TABLE webhook_place; DROP TABLE webhook_pending;
                 DROP TABLE webhook_attempt; DROP INDEX marker_by_org_and_time; PRAGMA user_version = 4",
            )
        })
        .expect("an older layout");
}

#[test]
fn a_block_has_a_bit_for_each_record_of_each_organisation() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    append_up_to(&store, 63);
    let in_block = |is_of: fn(u64) -> bool| {
        (1..64).filter(|at| is_of(at % 10)).fold(0, |bits: i64, at| bits | 1 << at)
    };
    let acme = (0, "acme".to_owned(), 1, in_block(|ones| ones != 1));
    let globex = (0, "globex".to_owned(), 1, in_block(|ones| ones == 1));
    assert_eq!(rows(directory.path()), [acme, globex]);
}

#[test]
fn the_index_is_the_same_after_restarts_and_failed_appends_and_when_it_is_made_of_an_older_log() {
    let directory = tempfile::tempdir().expect("a directory");
    let whole = directory.path().join("whole");
    append_up_to(&open(&whole), 300);
    let expected = rows(&whole);
    assert_eq!(expected.len(), 8, "four blocks of 64 records, two organisations");

    let often = directory.path().join("often");
    for end in [1, 20, 63, 64, 127, 130, 300] {
        let store = open(&often);
        let refused = store.append(Position(999), &record("initech", 1, 1));
        assert!(matches!(refused, Err(AppendError::NotAtEnd { .. })));
        append_up_to(&store, end);
    }
    assert_eq!(rows(&often), expected);

    let cut_off = directory.path().join("cut-off");
    let store = open(&cut_off);
    append_up_to(&store, 30);
    let other = database(&cut_off);
    let full = "CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(FAIL, 'full'); END";
    other.execute_batch(full).expect("a full disk");
    let failed = store.append(Position(30), &record("initech", 1, 1));
    assert!(matches!(failed, Err(AppendError::Store(_))));
    other.execute_batch("DROP TRIGGER full").expect("room again");
    append_up_to(&store, 300);
    drop(store);
    assert_eq!(rows(&cut_off), expected);

    make_older(&whole);
    let upgraded = open(&whole);
    assert_eq!(rows(&whole), expected);
    append_up_to(&upgraded, 320);
    assert_eq!(rows(&whole).len(), 10);
}

#[test]
fn a_backup_carries_the_index_also_that_of_an_older_store() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("data");
    append_up_to(&open(&data), 300);
    let expected = rows(&data);
    for name in ["newer", "older"] {
        if name == "older" {
            make_older(&data);
        }
        let (file, copy) =
            (directory.path().join(name), directory.path().join(format!("of-{name}")));
        backup(&data, &file).expect("a backup");
        restore(&file, &copy, &RestoredKeys::default(), |_| Ok(())).expect("a restore");
        assert_eq!(rows(&copy), expected, "{name}");
        append_up_to(&open(&copy), 320);
        assert_eq!(rows(&copy).len(), 10, "{name}");
    }
}

#[test]
fn the_index_goes_with_the_records_that_it_leads_to() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = open(directory.path());
    append_up_to(&store, 300);
    let covered = Snapshot { position: Position(200), record: record("acme", 1, 1) };
    store.save_snapshot(&covered).expect("a snapshot is kept");
    assert_eq!(store.truncate(Position(200)).expect("a truncation"), 200);
    let blocks: Vec<i64> = rows(directory.path()).iter().map(|(block, ..)| *block).collect();
    assert_eq!(blocks, [3, 3], "block 3 has the records 192 to 255");
    let from = store.position_before(&org("globex"), Sequence(1)).expect("a position");
    assert_eq!(from, Position(200));
    let (records, _) = store.read_org_from(&org("globex"), from, 1).expect("a read");
    assert_eq!(records[0].0, Position(201));
}
