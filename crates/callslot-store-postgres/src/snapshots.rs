//! Snapshots: saved in parts, each on its own, so that appends go on meanwhile.

use std::sync::PoisonError;

use callslot_store::Snapshot;
use callslot_store::stored_form::{decode, encode};

use crate::errors::Error;
use crate::integers::{number_of, position};
use crate::limits::SNAPSHOT_PART_BYTES;
use crate::owner::SHARD;
use crate::session::Session;
use crate::store::{PostgresStore, deposed};

/// Saves a snapshot and removes the ones before it.
pub(crate) fn save(store: &PostgresStore, snapshot: &Snapshot) -> Result<(), Error> {
    let body = encode(&snapshot.record);
    let _saving = store.saving.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = store.rest.again(|session| {
        let kept = session.row("SELECT save FROM snapshot WHERE shard = $1", &[&SHARD])?;
        Ok(kept.map_or(0, |row| row.get::<_, i64>(0)))
    })?;
    remove_parts_except(store, kept)?;
    let save = kept + 1;
    // The parts count only once the last statement names their save.
    for (part, bytes) in body.chunks(SNAPSHOT_PART_BYTES).enumerate() {
        let part = i32::try_from(part).expect("a snapshot has fewer than 2^31 parts");
        store.rest.again(|session| {
            session.execute(
                "INSERT INTO snapshot_part (shard, save, part, body) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (shard, save, part) DO UPDATE SET body = excluded.body",
                &[&SHARD, &save, &part, &bytes],
            )
        })?;
    }
    let named = store.rest.again(|session| {
        session.execute(
            "INSERT INTO snapshot (shard, position, save) SELECT shard, $3, $4 FROM shard WHERE shard = $1 AND holder = $2
             ON CONFLICT (shard) DO UPDATE SET position = excluded.position, save = excluded.save",
            &[&SHARD, &store.node, &number_of(snapshot.position), &save],
        )
    })?;
    if named == 0 {
        return Err(deposed().into());
    }
    remove_parts_except(store, save)
}

fn remove_parts_except(store: &PostgresStore, save: i64) -> Result<(), Error> {
    let text = "DELETE FROM snapshot_part WHERE shard = $1 AND save <> $2";
    store.rest.again(|session| session.execute(text, &[&SHARD, &save])).map(drop)
}

/// The newest snapshot.
pub(crate) fn latest(session: &mut Session) -> Result<Option<Snapshot>, Error> {
    let rows = session.rows(
        "SELECT s.position, p.body FROM snapshot s JOIN snapshot_part p USING (shard, save) WHERE s.shard = $1 ORDER BY p.part",
        &[&SHARD],
    )?;
    let Some(first) = rows.first() else { return Ok(None) };
    let position = position(first.get(0));
    let body: Vec<u8> = rows.iter().flat_map(|row| row.get::<_, &[u8]>(1)).copied().collect();
    let record = decode(&body, &format!("the snapshot at position {}", position.0))?;
    Ok(Some(Snapshot { position, record }))
}
