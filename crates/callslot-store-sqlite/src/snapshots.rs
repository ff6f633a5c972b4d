//! Snapshots: saved in parts, each in its own transaction, so that appends go on meanwhile.
//!
//! Start reading at [`save`].

use std::sync::PoisonError;

use callslot_store::stored_form::{decode, encode};
use callslot_store::{Position, Snapshot};
use rusqlite::{Connection, params};

use crate::errors::Error;
use crate::limits::SNAPSHOT_PART_BYTES;
use crate::records::of_shard;
use crate::shard::{Shard, position_in};
use crate::store::{SqliteStore, use_connection};

/// Saves a snapshot of a shard and removes the ones before it. One shard at a time does so.
pub(crate) fn save(store: &SqliteStore, snapshot: &Snapshot) -> Result<(), Error> {
    let body = encode(&snapshot.record);
    let _saving = store.saving.lock().unwrap_or_else(PoisonError::into_inner);
    let kept: i64 = use_connection(&store.reader).query_row(
        "SELECT coalesce(max(save), 0) FROM snapshot",
        [],
        |row| row.get(0),
    )?;
    remove_parts_of_no_snapshot(store)?;
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
        "INSERT OR REPLACE INTO snapshot (id, position, save) VALUES (?, ?, ?)",
        params![store.shard.id(), store.shard.kept(snapshot.position), save],
    )?;
    remove_parts_of_no_snapshot(store)
}

/// Removes the parts of all saves that are no shard's snapshot, a part at a time.
fn remove_parts_of_no_snapshot(store: &SqliteStore) -> Result<(), Error> {
    loop {
        let removed = store.writer()?.execute(
            "DELETE FROM snapshot_part WHERE rowid =
             (SELECT rowid FROM snapshot_part WHERE save NOT IN (SELECT save FROM snapshot) LIMIT 1)",
            [],
        )?;
        if removed == 0 {
            return Ok(());
        }
    }
}

/// The newest snapshot of a shard.
pub(crate) fn latest(reader: &Connection, shard: Shard) -> Result<Option<Snapshot>, Error> {
    let Some((position, body)) = stored_snapshot(reader, shard)? else {
        return Ok(None);
    };
    let record = decode(&body, &place_of_snapshot(shard, position))?;
    Ok(Some(Snapshot { position, record }))
}

/// The position and stored form of a shard's newest snapshot.
pub(crate) fn stored_snapshot(
    connection: &Connection,
    shard: Shard,
) -> rusqlite::Result<Option<(Position, Vec<u8>)>> {
    let mut statement = connection.prepare(
        "SELECT snapshot.position, snapshot_part.body FROM snapshot JOIN snapshot_part USING (save)
         WHERE snapshot.id = ? ORDER BY part",
    )?;
    let mut rows = statement.query([shard.id()])?;
    let mut found = None;
    let mut body = Vec::new();
    while let Some(row) = rows.next()? {
        found = Some(position_in(row.get(0)?));
        body.extend_from_slice(row.get_ref(1)?.as_blob()?);
    }
    Ok(found.map(|position| (position, body)))
}

/// What errors call a snapshot.
pub(crate) fn place_of_snapshot(shard: Shard, position: Position) -> String {
    format!("the snapshot at position {}{}", position.0, of_shard(shard))
}
