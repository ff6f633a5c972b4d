//! Snapshots: saved in parts, each in its own transaction, so that appends go on meanwhile.
//!
//! Start reading at [`save`].

use std::sync::PoisonError;

use callslot_store::stored_form::{decode, encode};
use callslot_store::{Position, Snapshot};
use rusqlite::{Connection, params};

use crate::errors::Error;
use crate::integers::{number_of, position};
use crate::limits::SNAPSHOT_PART_BYTES;
use crate::store::{SqliteStore, use_connection};

/// Saves a snapshot and removes the ones before it.
pub(crate) fn save(store: &SqliteStore, snapshot: &Snapshot) -> Result<(), Error> {
    let body = encode(&snapshot.record);
    let _saving = store.saving.lock().unwrap_or_else(PoisonError::into_inner);
    let kept: i64 = use_connection(&store.reader).query_row(
        "SELECT coalesce(max(save), 0) FROM snapshot",
        [],
        |row| row.get(0),
    )?;
    remove_parts_except(store, kept)?;
    let save = kept + 1;
    // The parts count only once the last transaction names their save.
    for (part, bytes) in body.chunks(SNAPSHOT_PART_BYTES).enumerate() {
        let part = i64::try_from(part).expect("a snapshot has fewer than 2^63 parts");
        store
            .writer()?
            .prepare_cached("INSERT INTO snapshot_part (save, part, body) VALUES (?, ?, ?)")?
            .execute(params![save, part, bytes])?;
        store.log_checkpoints.ask(bytes.len());
    }
    store.writer()?.execute(
        "INSERT OR REPLACE INTO snapshot (id, position, save) VALUES (0, ?, ?)",
        params![number_of(snapshot.position), save],
    )?;
    remove_parts_except(store, save)
}

/// Removes the parts of all saves but one, a part at a time.
fn remove_parts_except(store: &SqliteStore, save: i64) -> Result<(), Error> {
    loop {
        let removed = store.writer()?.execute(
            "DELETE FROM snapshot_part WHERE rowid =
             (SELECT rowid FROM snapshot_part WHERE save != ? LIMIT 1)",
            [save],
        )?;
        if removed == 0 {
            return Ok(());
        }
    }
}

/// The newest snapshot.
pub(crate) fn latest(reader: &Connection) -> Result<Option<Snapshot>, Error> {
    let Some((position, body)) = stored_snapshot(reader)? else {
        return Ok(None);
    };
    let record = decode(&body, &place_of_snapshot(position))?;
    Ok(Some(Snapshot { position, record }))
}

/// The newest snapshot's position and stored form.
pub(crate) fn stored_snapshot(
    connection: &Connection,
) -> rusqlite::Result<Option<(Position, Vec<u8>)>> {
    let mut statement = connection.prepare(
        "SELECT snapshot.position, snapshot_part.body FROM snapshot JOIN snapshot_part USING (save) ORDER BY part",
    )?;
    let mut rows = statement.query([])?;
    let mut found = None;
    let mut body = Vec::new();
    while let Some(row) = rows.next()? {
        found = Some(position(row.get(0)?));
        body.extend_from_slice(row.get_ref(1)?.as_blob()?);
    }
    Ok(found.map(|position| (position, body)))
}

/// What errors call a snapshot.
pub(crate) fn place_of_snapshot(position: Position) -> String {
    format!("the snapshot at position {}", position.0)
}
