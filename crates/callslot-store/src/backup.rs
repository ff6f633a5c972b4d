//! Backups: one SQLite file with everything in it, made while the server runs, and a data directory made from it.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::log::{Log, Position, StoreError};
use crate::sqlite::{HISTORY_FILE, LOG_FILE, LOG_TABLES, SqliteStore, check_layout, in_file};

/// How many bytes of records are checked at a time after a restore.
const CHECKED_AT_A_TIME: usize = 4 << 20;
/// How many pages one step of a copy takes.
const PAGES_PER_STEP: i32 = 1024;

/// Copies the store in `data` to the new file `file`, while a server may be using it.
///
/// # Errors
/// [`StoreError`] when there is no store, the file exists already, or either cannot be read or written.
pub fn backup(data: &Path, file: &Path) -> Result<(), StoreError> {
    let log = data.join(LOG_FILE);
    let history = data.join(HISTORY_FILE);
    if !log.exists() || !history.exists() {
        return Err(StoreError::Engine(format!(
            "{} holds no store; name the server's data directory with --data",
            data.display()
        )));
    }
    if file.exists() {
        return Err(StoreError::Engine(format!(
            "{} exists already; name a new file",
            file.display()
        )));
    }
    let unfinished = PathBuf::from(format!("{}.unfinished", file.display()));
    // What a backup that was cut off left behind is of no use to anyone.
    let _ = fs::remove_file(&unfinished);
    copy(&log, &history, &unfinished).map_err(|error| in_file(file, &error))?;
    fs::File::open(&unfinished)
        .and_then(|copied| copied.sync_all())
        .and_then(|()| fs::rename(&unfinished, file))
        .map_err(|error| StoreError::Engine(format!("{}: {error}", file.display())))
}

/// Makes the new data directory `data` from a backup, checking every record.
///
/// # Errors
/// [`StoreError`] when `data` is not empty, `file` is no backup or from a newer version, or a record is damaged.
pub fn restore(file: &Path, data: &Path) -> Result<Position, StoreError> {
    let io = |error: std::io::Error| StoreError::Engine(format!("{}: {error}", data.display()));
    if !file.is_file() {
        return Err(StoreError::Engine(format!("there is no file {}", file.display())));
    }
    if data.exists() && fs::read_dir(data).map_err(io)?.next().is_some() {
        return Err(StoreError::Engine(format!(
            "{} is not empty; restore into a new directory with --data",
            data.display()
        )));
    }
    let backup = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(|error| in_file(file, &error))?;
    check_layout(&backup, file)?;
    drop(backup);

    fs::create_dir_all(data).map_err(io)?;
    for (name, foreign) in [(LOG_FILE, HISTORY_TABLE_NAMES), (HISTORY_FILE, LOG_TABLE_NAMES)] {
        let path = data.join(name);
        fs::copy(file, &path).map_err(io)?;
        drop_tables(&path, foreign).map_err(|error| in_file(&path, &error))?;
    }
    let store = SqliteStore::open(data)?;
    let mut checked = store.latest_snapshot()?.map_or(Position(0), |snapshot| snapshot.position);
    checked = checked.min(Position(store.start()?.0.saturating_sub(1)));
    loop {
        match store.read_from(checked, CHECKED_AT_A_TIME)?.last() {
            Some((last, _)) => checked = *last,
            None => return store.end(),
        }
    }
}

const LOG_TABLE_NAMES: &[&str] =
    &["log", "sequences", "snapshot", "truncated", "probe", "plan", "key"];
const HISTORY_TABLE_NAMES: &[&str] = &["ended", "projected"];

/// The history is copied first, so that it never reaches further than the log.
fn copy(log: &Path, history: &Path, to: &Path) -> rusqlite::Result<()> {
    let mut target = Connection::open(to)?;
    let source = Connection::open(history)?;
    let copying = rusqlite::backup::Backup::new(&source, &mut target)?;
    copying.run_to_completion(PAGES_PER_STEP, std::time::Duration::ZERO, None)?;
    drop(copying);

    target.pragma_update(None, "journal_mode", "DELETE")?;
    target.execute_batch(LOG_TABLES)?;
    target.execute("ATTACH ? AS running", [log.to_string_lossy()])?;
    let transaction = target.transaction()?;
    for table in LOG_TABLE_NAMES {
        transaction.execute_batch(&format!(
            "DELETE FROM main.{table}; INSERT INTO main.{table} SELECT * FROM running.{table};"
        ))?;
    }
    transaction.commit()
}

fn drop_tables(path: &Path, tables: &[&str]) -> rusqlite::Result<()> {
    let database = Connection::open(path)?;
    for table in tables {
        database.execute_batch(&format!("DROP TABLE {table}"))?;
    }
    database.execute_batch("VACUUM")
}
