//! Makes a data directory from a backup, once everything in the backup has been checked.
//!
//! Nothing that ended since the backup comes back to life: no session is in a backup, and keys that are no longer in the old data
//! directory are left out; those it has are as they are there, with its secrets. Start reading at [`restore`].

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use callslot_store::history_blocks::Block;
use callslot_store::stored_form::{
    decode, decode_audited, decode_ended_call, decode_figures, decode_marker,
};
use callslot_store::{ApiKey, Position, Store, StoreError};
use rusqlite::Connection;

use crate::backup::{
    BACKUP_ID, BackupError, HISTORY_TABLE_NAMES, attach, copy_tables, keep, log_table_names, remove,
};
use crate::catalogue;
use crate::data_directory::{
    HISTORY_FILE, LOCK_FILE, LOG_FILE, RESTORE_MARK, UNFINISHED, lock, make_private_directory,
    private_file, with_suffix,
};
use crate::errors::{Error, cannot_use, in_file};
use crate::limits::CHECKED_AT_A_TIME_BYTES;
use crate::open::{create_or_open, open_to_read};
use crate::positions::{end, ends_in, shards_in};
use crate::records::{place_of, stored_records};
use crate::schema::{HISTORY_TABLES, LOG_TABLES, Tables, check_known, check_layout, pragma_number};
use crate::shard::Shard;
use crate::snapshots::{place_of_snapshot, stored_snapshot};
use crate::store::SqliteStore;

/// All figures that a history has in stored form.
const STORED_FIGURES: &str = "
    SELECT body FROM minute WHERE body IS NOT NULL UNION ALL SELECT body FROM hour WHERE body IS NOT NULL
    UNION ALL SELECT minute_body FROM series WHERE minute_body IS NOT NULL
    UNION ALL SELECT hour_body FROM series WHERE hour_body IS NOT NULL";

/// What happens to the keys of a backup.
#[derive(Debug, Clone, Default)]
pub struct RestoredKeys {
    /// The data directory that the backup was made of, as it was last. Keys that it no longer has were revoked; those it has may
    /// have been rotated.
    pub old_data: Option<PathBuf>,
    /// Whether keys are restored that were revoked, or may have been.
    pub keeps_revoked: bool,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// Where the log of each shard ends in the backup.
    pub ends: Vec<Position>,
    /// The keys in the backup that were revoked since, as far as that is known.
    pub revoked: Vec<ApiKey>,
    /// All other keys in the backup, as they were last.
    pub others: Vec<ApiKey>,
}

/// Makes the new data directory `data` from a backup, once every record, snapshot and ended call in it has been checked. `finish`
/// is given the new store before anybody else can open it.
///
/// # Errors
/// [`BackupError`] when `data` is not empty, `file` is not a backup or from a newer version, something in it is damaged, or it is
/// not known which keys were revoked since.
pub fn restore(
    file: &Path,
    data: &Path,
    keys: &RestoredKeys,
    finish: impl FnOnce(&Arc<dyn Store>) -> Result<(), StoreError>,
) -> Result<RestoreReport, BackupError> {
    if !file.is_file() {
        return Err(BackupError::NoFile { file: file.to_owned() });
    }
    let is_filled = data.exists()
        && fs::read_dir(data).map_err(|error| cannot_use(data, error))?.next().is_some();
    if is_filled {
        return Err(BackupError::NotEmpty { data: data.to_owned() });
    }
    let ends = check(file)?;
    let report = compare_keys(file, ends, keys)?;
    make_private_directory(data)?;
    let gone: &[ApiKey] = if keys.keeps_revoked { &[] } else { &report.revoked };
    let made = make(file, data, gone, &report.others).and_then(|()| {
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open_marked(data, 1)?);
        Ok(finish(&store)?)
    });
    if let Err(error) = made {
        // The first error is the one to report; an error from cleaning up would hide it.
        let _ = clean_up(data);
        return Err(error);
    }
    remove(&data.join(RESTORE_MARK))?;
    File::open(data).and_then(|it| it.sync_all()).map_err(|error| cannot_use(data, error))?;
    Ok(report)
}

/// Makes the files of a store in an empty directory, which stays marked as unfinished. Some keys of the backup are gone since, and
/// the others are as given.
fn make(backup: &Path, data: &Path, gone: &[ApiKey], others: &[ApiKey]) -> Result<(), BackupError> {
    let _lock = lock(data)?;
    let mark = data.join(RESTORE_MARK);
    private_file(&mark)?.sync_all().map_err(|error| cannot_use(&mark, error))?;
    let (history, log) = (data.join(HISTORY_FILE), data.join(LOG_FILE));
    let unfinished = |path: &Path| with_suffix(path, UNFINISHED);
    let shards = shards_in(&open_to_read(backup)?).map_err(|error| error.in_file(backup))?;
    let of_history = (HISTORY_TABLES, HISTORY_TABLE_NAMES);
    make_from(backup, &unfinished(&history), shards, of_history, &[], &[])?;
    let of_log = (LOG_TABLES, &log_table_names(shards)[..]);
    make_from(backup, &unfinished(&log), shards, of_log, gone, others)?;
    for path in [&history, &log] {
        keep(&unfinished(path), path)?;
    }
    Ok(())
}

/// Removes what a failed restore left.
fn clean_up(data: &Path) -> Result<(), StoreError> {
    for name in [HISTORY_FILE, LOG_FILE] {
        let path = data.join(name);
        for path in [with_suffix(&path, UNFINISHED), with_suffix(&path, "-wal")] {
            remove(&path)?;
        }
        remove(&with_suffix(&path, "-shm"))?;
        remove(&path)?;
    }
    remove(&data.join(LOCK_FILE))?;
    remove(&data.join(RESTORE_MARK))
}

/// Which keys of the backup the old data directory no longer has, and how it has the others.
fn compare_keys(
    file: &Path,
    ends: Vec<Position>,
    keys: &RestoredKeys,
) -> Result<RestoreReport, BackupError> {
    let backup = open_backup(file)?;
    let all = catalogue::keys(&backup).map_err(|error| error.in_file(file))?;
    let Some(data) = &keys.old_data else {
        if all.is_empty() || keys.keeps_revoked {
            return Ok(RestoreReport { ends, revoked: Vec::new(), others: all });
        }
        return Err(BackupError::RevokedKeysUnknown);
    };
    let path = data.join(LOG_FILE);
    if !path.exists() {
        return Err(BackupError::NoStore { data: data.clone() });
    }
    let old = open_to_read(&path)?;
    check_layout(&old, &path)?;
    let goes_on = goes_on(&old, &backup, &ends).map_err(|error| error.in_file(&path))?;
    if !goes_on {
        return Err(BackupError::NotLater { data: data.clone() });
    }
    let known = catalogue::keys(&old).map_err(|error| error.in_file(&path))?;
    let as_known = |key: &ApiKey| known.iter().find(|it| it.id == key.id).cloned();
    let others = all.iter().filter_map(as_known).collect();
    let revoked = all.into_iter().filter(|key| as_known(key).is_none()).collect();
    Ok(RestoreReport { ends, revoked, others })
}

/// Whether the logs of a data directory go on where those of a backup end.
fn goes_on(old: &Connection, backup: &Connection, ends: &[Position]) -> Result<bool, Error> {
    if usize::from(shards_in(old)?) != ends.len() {
        return Ok(false);
    }
    for (shard, ours) in (0..).map(Shard).zip(ends) {
        let last = Position(ours.0.saturating_sub(1));
        let record = |of: &Connection| stored_records(of, shard, last, 1);
        // What is no longer kept cannot be compared.
        let is_same = match (record(backup)?.first(), record(old)?.first()) {
            (Some(ours), Some(theirs)) => ours.0 < theirs.0 || ours == theirs,
            (None, _) | (_, None) => true,
        };
        if !is_same || end(old, shard)? < *ours {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Checks that `file` is a backup and that everything in it can be read. Returns the ends of its logs.
fn check(file: &Path) -> Result<Vec<Position>, BackupError> {
    let backup = open_backup(file)?;
    let in_backup = |error| BackupError::Unreadable { file: file.to_owned(), error };
    let unreadable = |error| in_backup(in_file(Path::new("the database"), error));
    let ends =
        ends_in(&backup).map_err(|error| in_backup(error.in_file(Path::new("the database"))))?;
    for shard in (0..).map(Shard).take(ends.len()) {
        check_log(&backup, shard)
            .map_err(|error| in_backup(error.in_file(Path::new("the database"))))?;
    }
    let each = |statement: &str, check: &dyn Fn(&[u8]) -> Result<(), StoreError>| {
        let mut found = backup.prepare(statement).map_err(unreadable)?;
        let mut rows = found.query([]).map_err(unreadable)?;
        while let Some(row) = rows.next().map_err(unreadable)? {
            let body: Vec<u8> = row.get(0).map_err(unreadable)?;
            check(&body).map_err(in_backup)?;
        }
        Ok::<_, BackupError>(())
    };
    each("SELECT body FROM ended", &|body| decode_ended_call(body).map(drop))?;
    let layout = pragma_number(&backup, file, "user_version").map_err(in_backup)?;
    if layout >= 10 {
        let blocks = "SELECT body FROM ended_body UNION ALL SELECT body FROM ended_tail";
        each(blocks, &|body| Block::read(body).map(drop))?;
    }
    if layout >= 9 {
        each("SELECT body FROM audit WHERE body <> x''", &|body| decode_audited(body).map(drop))?;
    }
    each("SELECT body FROM marker", &|body| decode_marker(body).map(drop))?;
    each(STORED_FIGURES, &|body| decode_figures(body).map(drop))?;
    Ok(ends)
}

/// Checks that the snapshot and all records of a shard can be read.
fn check_log(backup: &Connection, shard: Shard) -> Result<(), Error> {
    if let Some((position, body)) = stored_snapshot(backup, shard)? {
        decode(&body, &place_of_snapshot(shard, position))?;
    }
    let mut checked = Position(0);
    loop {
        let records = stored_records(backup, shard, checked, CHECKED_AT_A_TIME_BYTES)?;
        let Some(&(last, _)) = records.last() else { return Ok(()) };
        checked = last;
        for (position, body) in records {
            decode(&body, &place_of(shard, position))?;
        }
    }
}

fn open_backup(file: &Path) -> Result<Connection, BackupError> {
    let open = || {
        let backup = open_to_read(file)?;
        let id = pragma_number(&backup, file, "application_id")?;
        let layout = pragma_number(&backup, file, "user_version")?;
        Ok((backup, id, layout))
    };
    match open() {
        Ok((backup, BACKUP_ID, layout)) => {
            check_known(layout, file)?;
            Ok(backup)
        }
        Ok(_) | Err(StoreError::Damaged { .. }) => {
            Err(BackupError::NotABackup { file: file.to_owned() })
        }
        Err(error) => Err(error.into()),
    }
}

fn make_from(
    backup: &Path,
    path: &Path,
    shards: u16,
    (tables, names): (Tables, &[impl AsRef<str>]),
    gone: &[ApiKey],
    others: &[ApiKey],
) -> Result<(), BackupError> {
    let layout = pragma_number(&open_to_read(backup)?, backup, "user_version")?;
    let mut database = create_or_open(path, tables, shards)?;
    attach(&database, backup)?;
    copy_tables(&mut database, names, layout).map_err(|error| error.in_file(path))?;
    for key in gone {
        let deleted = database.execute("DELETE FROM key WHERE id = ?", [&key.id]);
        deleted.map_err(|error| in_file(path, error))?;
    }
    for key in others {
        catalogue::put_key(&mut database, key).map_err(|error| in_file(path, error))?;
    }
    database.close().map_err(|(_, error)| in_file(path, error))?;
    Ok(())
}
