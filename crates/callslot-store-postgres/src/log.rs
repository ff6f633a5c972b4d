//! The log: one row a record, appended by one statement that says who appends.
//!
//! No row is changed by an append; it locks the row of the shard, so that a server that takes the data waits for it, or it for that server. Start
//! reading at [`append`].

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use callslot_core::{OrgId, Sequence, Timestamp};
use callslot_store::limits::{EXAMINED_RECORDS, TRUNCATED_PER_CALL};
use callslot_store::org_blocks::{BlockInProgress, block_of, first_of};
use callslot_store::{
    AppendError, Failure, Log, OldTimes, OrgRecords, Position, Record, Snapshot, StoreError,
    encode_for_append,
};

use crate::errors::{Error, failed};
use crate::integers::{number_of, position, size};
use crate::limits::RECORDS_PER_STATEMENT;
use crate::org_blocks::Marks;
use crate::owner::{SHARD, holds, settle};
use crate::record_body::{body_of, decoded};
use crate::ring::{Ring, stored_records};
use crate::session::Session;
use crate::store::{PostgresStore, Writer, deposed};
use crate::{org_reads, snapshots};

impl Log for PostgresStore {
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError> {
        let body = encode_for_append(record)?;
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.settle(&mut writer).map_err(AppendError::Store)?;
        let end = self.ring().end;
        if end != after {
            return Err(AppendError::NotAtEnd { after, end });
        }
        self.append_at_end(&mut writer, after, record, body)
    }

    fn read_from(
        &self,
        after: Position,
        max_bytes: usize,
    ) -> Result<Vec<(Position, Record)>, StoreError> {
        let ring = self.settled_ring()?;
        let stored = self.readers.read(|session| records(session, &ring, after, max_bytes))?;
        stored
            .into_iter()
            .map(|(position, body)| Ok((position, decoded(position, &body)?)))
            .collect()
    }

    fn read_org_from(
        &self,
        org: &OrgId,
        after: Position,
        max_bytes: usize,
    ) -> Result<OrgRecords, StoreError> {
        let ring = self.settled_ring()?;
        let read = |session: &mut _| org_reads::read_from(session, &ring, org, after, max_bytes);
        Ok(self.readers.read(read)?)
    }

    fn end(&self) -> Result<Position, StoreError> {
        Ok(self.settled_ring()?.end)
    }

    fn start(&self) -> Result<Position, StoreError> {
        Ok(self.settled_ring()?.start())
    }

    fn position_before(&self, org: &OrgId, sequence: Sequence) -> Result<Position, StoreError> {
        let ring = self.settled_ring()?;
        let read = |session: &mut _| org_reads::position_before(session, &ring, org, sequence);
        Ok(self.readers.read(read)?)
    }

    fn position_of_old(&self, old: &OldTimes) -> Result<Position, StoreError> {
        let ring = self.settled_ring()?;
        Ok(self.readers.read(|session| position_of_old(session, &ring, old))?)
    }

    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        Ok(snapshots::save(self, snapshot)?)
    }

    fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        Ok(self.readers.read(snapshots::latest)?)
    }

    fn truncate(&self, up_to: Position) -> Result<u64, StoreError> {
        self.settled_ring()?;
        let forgotten = self.forget(up_to)?;
        self.go_on_in_next_table()?;
        self.empty_forgotten_table()?;
        Ok(forgotten)
    }

    fn probe(&self) -> Result<(), StoreError> {
        self.settled_ring()?;
        self.rest.again(|session| session.execute("UPDATE probe SET times = times + 1", &[]))?;
        Ok(())
    }
}

impl PostgresStore {
    fn append_at_end(
        &self,
        writer: &mut Writer,
        after: Position,
        record: &Record,
        stored: Vec<u8>,
    ) -> Result<Position, AppendError> {
        let at = after.next();
        if writer.block.is_behind(at) {
            self.read_block_again(writer, after).map_err(AppendError::Store)?;
        }
        writer.block.note(at, &record.events);
        let marks = Marks::of(&writer.block, &record.events);
        let row = Appended { after, at: record.now.at, body: body_of(stored) };
        let (held, node) = (writer.held, self.node);
        let appended = self.appends.once(|session| append(session, (held, node), &row, &marks));
        match appended {
            Ok(true) => {
                self.change_ring(|ring| ring.append(held.slot, at));
                Ok(at)
            }
            // The block was noted, but not the record.
            Ok(false) => Err(self.refused(writer, after)),
            Err(error) => {
                self.is_unsettled.store(true, Ordering::Release);
                self.appends.close();
                Err(AppendError::Store(error.into()))
            }
        }
    }

    /// Why the database took no record: the data are another server's, or its log does not end where it did.
    fn refused(&self, writer: &mut Writer, after: Position) -> AppendError {
        let (node, epoch) = (self.node, writer.held.epoch);
        match self.rest.again(|session| holds(session, node, epoch)) {
            Ok(true) => {}
            Ok(false) => return AppendError::Store(deposed()),
            Err(error) => return AppendError::Store(error.into()),
        }
        self.is_unsettled.store(true, Ordering::Release);
        match self.settle(writer) {
            Ok(()) => AppendError::NotAtEnd { after, end: self.ring().end },
            Err(error) => AppendError::Store(error),
        }
    }

    /// After an append of unknown outcome, finds out what the log holds.
    fn settle(&self, writer: &mut Writer) -> Result<(), StoreError> {
        if self.is_deposed.load(Ordering::Acquire) {
            return Err(deposed());
        }
        if !self.is_unsettled.load(Ordering::Acquire) {
            return Ok(());
        }
        let node = self.node;
        let settled = self.rest.again(|session| {
            let Some(held) = settle(session, node)? else { return Ok(None) };
            Ok(Some((held, Ring::read(session, held)?)))
        })?;
        let Some((held, ring)) = settled else { return Err(deposed()) };
        let known = self.ring().end;
        if ring.end < known {
            tracing::error!(
                known = known.0,
                found = ring.end.0,
                "the database has lost records that were durable: it failed over to a copy, or was restored"
            );
        }
        writer.held = held;
        writer.block = BlockInProgress::default();
        self.change_ring(|kept| *kept = ring);
        self.is_unsettled.store(false, Ordering::Release);
        Ok(())
    }

    /// Which records are where, once that is known.
    fn settled_ring(&self) -> Result<Ring, StoreError> {
        if self.is_unsettled.load(Ordering::Acquire) || self.is_deposed.load(Ordering::Acquire) {
            self.settle(&mut self.writer.lock().unwrap_or_else(PoisonError::into_inner))?;
        }
        Ok(self.ring())
    }

    /// Notes the block that the log ends in as the log has it.
    fn read_block_again(&self, writer: &mut Writer, end: Position) -> Result<(), StoreError> {
        let before = Position(first_of(block_of(end)).0.saturating_sub(1));
        let ring = self.ring();
        let stored = self.readers.read(|session| records(session, &ring, before, usize::MAX))?;
        writer.block = BlockInProgress::after(end);
        for (at, body) in stored {
            writer.block.note(at, &decoded(at, &body)?.events);
        }
        Ok(())
    }

    /// Forgets a bounded number of records that the snapshot covers; returns how many.
    fn forget(&self, up_to: Position) -> Result<u64, StoreError> {
        let ring = self.ring();
        let node = self.node;
        let forgotten = self.rest.again(|session| {
            let covered =
                session.row("SELECT position FROM snapshot WHERE shard = $1", &[&SHARD])?;
            let covered = covered.map_or(Position(0), |row| position(row.get(0)));
            let most = Position(ring.truncated.0 + u64::from(TRUNCATED_PER_CALL));
            let up_to = up_to.min(covered).min(ring.end).min(most);
            if up_to <= ring.truncated {
                return Ok(ring.truncated);
            }
            let changed = session.execute(
                "UPDATE shard SET truncated = $3 WHERE shard = $1 AND holder = $2",
                &[&SHARD, &node, &number_of(up_to)],
            )?;
            if changed == 0 {
                return Err(deposed().into());
            }
            session.execute(
                "DELETE FROM org_deleted WHERE shard = $1 AND position <= $2",
                &[&SHARD, &number_of(up_to)],
            )?;
            Ok(up_to)
        })?;
        self.change_ring(|ring| ring.truncated = forgotten);
        Ok(forgotten.0 - ring.truncated.0)
    }

    fn go_on_in_next_table(&self) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.settle(&mut writer)?;
        let Some(next) = self.ring().next_slot(writer.held.slot) else { return Ok(()) };
        let (node, slot) = (self.node, i16::try_from(next).unwrap_or(0));
        let changed = self.rest.again(|session| {
            let text = "UPDATE shard SET slot = $3 WHERE shard = $1 AND holder = $2";
            session.execute(text, &[&SHARD, &node, &slot])
        })?;
        if changed == 0 {
            return Err(deposed());
        }
        writer.held.slot = next;
        Ok(())
    }

    /// Empties the oldest table once all in it is forgotten. Where a dump holds it up, the next call tries again.
    fn empty_forgotten_table(&self) -> Result<(), StoreError> {
        let mut taken = None;
        self.change_ring(|ring| taken = ring.forgotten_table());
        let Some(table) = taken else { return Ok(()) };
        let slot = table.slot;
        let emptied = self.rest.once(|session| {
            session.transaction(|session| {
                session.batch(&format!(
                    "SET LOCAL lock_timeout = '100ms'; TRUNCATE log_{slot}, org_block_{slot}"
                ))
            })
        });
        if let Err(error) = emptied {
            self.change_ring(|ring| ring.tables.insert(0, table));
            if !error.is_lock_timeout() {
                return Err(error.into());
            }
        }
        Ok(())
    }
}

/// A record to append.
struct Appended {
    after: Position,
    at: Timestamp,
    body: Vec<u8>,
}

/// Appends a record, if it is the holder who does so and the record before it is there. It takes arrays, for as many shards as are ready.
fn append(
    session: &mut Session,
    (held, node): (crate::owner::Held, i64),
    record: &Appended,
    marks: &Marks,
) -> Result<bool, Error> {
    let (shards, epochs, holders) = ([SHARD], [held.epoch], [node]);
    let (afters, ats) = ([number_of(record.after)], [record.at.0.cast_signed()]);
    let bodies = [record.body.as_slice()];
    let (shards, epochs, holders) = (&shards[..], &epochs[..], &holders[..]);
    let (afters, ats, bodies) = (&afters[..], &ats[..], &bodies[..]);
    let text = appending(held.slot, !marks.is_empty());
    let rows = if marks.is_empty() {
        session.rows(&text, &[&shards, &epochs, &holders, &afters, &ats, &bodies])?
    } else {
        let block = block_of(record.after.next()).cast_signed();
        let (orgs, numbers, bits) = (&marks.orgs, &marks.sequences, &marks.records);
        let deleted = &marks.deleted;
        session.rows(
            &text,
            &[
                &shards, &epochs, &holders, &afters, &ats, &bodies, &SHARD, &block, orgs, numbers,
                bits, deleted,
            ],
        )?
    };
    if session.is_in_doubt() {
        let words = "a commit was not confirmed by its synchronous replica";
        return Err(failed(Failure::Other, words.into()).into());
    }
    Ok(!rows.is_empty())
}

/// The statement that appends to a table of the ring.
fn appending(slot: usize, has_marks: bool) -> String {
    let before = (slot + crate::limits::RING - 1) % crate::limits::RING;
    let marks = if has_marks {
        format!(
            ", marked AS (INSERT INTO org_block_{slot} (shard, block, org, sequence, records)
                SELECT $7, $8, m.* FROM unnest($9::text[], $10::int8[], $11::int8[]) AS m
                WHERE EXISTS (SELECT 1 FROM appended WHERE shard = $7)
                ON CONFLICT (shard, block, org) DO UPDATE SET sequence = excluded.sequence, records = excluded.records),
              deleted AS (INSERT INTO org_deleted (shard, org, position)
                SELECT $7, d.org, appended.position FROM unnest($12::text[]) AS d (org), appended WHERE appended.shard = $7
                ON CONFLICT (shard, org) DO UPDATE SET position = excluded.position)"
        )
    } else {
        String::new()
    };
    format!(
        "WITH r AS (SELECT * FROM unnest($1::int4[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::bytea[])
                AS t (shard, epoch, holder, after, at, body)),
              f AS MATERIALIZED (SELECT s.shard, s.truncated FROM r JOIN shard s USING (shard)
                WHERE s.epoch = r.epoch AND s.holder = r.holder AND s.slot = {slot} ORDER BY s.shard FOR NO KEY UPDATE OF s),
              appended AS (INSERT INTO log_{slot} (shard, position, epoch, at, body)
                SELECT r.shard, r.after + 1, r.epoch, r.at, r.body FROM f JOIN r USING (shard)
                WHERE EXISTS (SELECT 1 FROM log_{slot} l WHERE l.shard = r.shard AND l.position = r.after)
                   OR r.after = f.truncated
                   OR EXISTS (SELECT 1 FROM log_{before} l WHERE l.shard = r.shard AND l.position = r.after)
                ON CONFLICT DO NOTHING RETURNING shard, position){marks}
         SELECT shard, position FROM appended"
    )
}

/// The stored form of records after `after`, until `max_bytes` are read.
pub(crate) fn records(
    session: &mut Session,
    ring: &Ring,
    after: Position,
    max_bytes: usize,
) -> Result<Vec<(Position, Vec<u8>)>, Error> {
    let mut reached = after.max(ring.truncated);
    let (mut records, mut left) = (Vec::new(), size(max_bytes));
    for table in ring.tables_from(reached.next()) {
        while reached < ring.end && left > 0 {
            let span = (reached, ring.end);
            let some = stored_records(session, table.slot, span, left, RECORDS_PER_STATEMENT)?;
            let Some((last, _)) = some.last() else { break };
            reached = *last;
            left -= some.iter().map(|(_, body)| size(body.len())).sum::<i64>().min(left);
            records.extend(some);
        }
    }
    Ok(records)
}

fn position_of_old(session: &mut Session, ring: &Ring, old: &OldTimes) -> Result<Position, Error> {
    let mut reached = ring.truncated;
    let mut left = i64::from(EXAMINED_RECORDS);
    for table in ring.tables_from(ring.start()) {
        let text = format!(
            "SELECT position, at FROM log_{} WHERE shard = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4",
            table.slot
        );
        let span = (number_of(reached), number_of(ring.end));
        for row in session.rows(&text, &[&SHARD, &span.0, &span.1, &left])? {
            if !old.contains(Timestamp(row.get::<_, i64>(1).cast_unsigned())) {
                return Ok(reached);
            }
            reached = position(row.get(0));
            left -= 1;
        }
    }
    Ok(reached)
}
