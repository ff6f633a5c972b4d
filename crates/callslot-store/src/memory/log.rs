//! The logs in memory, one for each shard.

use callslot_core::{Event, OrgEvent, OrgId, Sequence};

use crate::contract::log::{AppendError, Log, OrgRecords, encode_for_append};
use crate::contract::record::{Position, Record, Snapshot};
use crate::contract::seen_time::OldTimes;
use crate::contract::store_error::StoreError;
use crate::limits::TRUNCATED_PER_CALL;
use crate::memory::MemoryStore;
use crate::stored_form;

impl Log for MemoryStore {
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError> {
        let body = encode_for_append(record)?;
        let mut kept = self.kept();
        let kept = kept.log_of(self.number);
        let end = kept.end();
        if end != after {
            return Err(AppendError::NotAtEnd { after, end });
        }
        let position = after.next();
        kept.records.insert(position, (record.now.at, body));
        for recorded in &record.events {
            if recorded.event == Event::Org(OrgEvent::Deleted) {
                kept.sequences.retain(|(org, _), _| *org != recorded.org);
            }
            let Some(sequence) = recorded.sequence else { continue };
            if kept.positions(&recorded.org, Sequence(u64::MAX)).next_back() != Some(position) {
                kept.sequences.insert((recorded.org.clone(), sequence), position);
            }
        }
        Ok(position)
    }

    fn read_from(
        &self,
        after: Position,
        max_bytes: usize,
    ) -> Result<Vec<(Position, Record)>, StoreError> {
        let mut kept = self.kept();
        let kept = kept.log_of(self.number);
        let mut records = Vec::new();
        let mut bytes = 0;
        for (&position, _) in kept.records.range(after.next()..) {
            let (record, length) = kept.decoded(position)?;
            bytes += length;
            records.push((position, record));
            if bytes >= max_bytes {
                break;
            }
        }
        Ok(records)
    }

    fn read_org_from(
        &self,
        org: &OrgId,
        after: Position,
        max_bytes: usize,
    ) -> Result<OrgRecords, StoreError> {
        let mut kept = self.kept();
        let kept = kept.log_of(self.number);
        let mut records = Vec::new();
        let mut bytes = 0;
        let positions = kept.positions(org, Sequence(u64::MAX));
        for position in positions.filter(|position| *position > after) {
            let (record, length) = kept.decoded(position)?;
            bytes += length;
            records.push((position, record));
            if bytes >= max_bytes {
                return Ok((records, Some(position)));
            }
        }
        Ok((records, Some(kept.end()).filter(|end| *end > after)))
    }

    fn end(&self) -> Result<Position, StoreError> {
        Ok(self.kept().log_of(self.number).end())
    }

    fn start(&self) -> Result<Position, StoreError> {
        Ok(self.kept().log_of(self.number).start())
    }

    fn position_before(&self, org: &OrgId, sequence: Sequence) -> Result<Position, StoreError> {
        let mut kept = self.kept();
        let kept = kept.log_of(self.number);
        let indexed = kept.positions(org, sequence).next_back();
        let from = indexed.unwrap_or_default().max(kept.start());
        Ok(Position(from.0.saturating_sub(1)))
    }

    fn position_of_old(&self, old: &OldTimes) -> Result<Position, StoreError> {
        let mut kept = self.kept();
        let kept = kept.log_of(self.number);
        let first = kept.records.iter().find(|(_, (at, _))| !old.contains(*at));
        Ok(first.map_or(kept.end(), |(position, _)| Position(position.0 - 1)))
    }

    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        let body = stored_form::encode(&snapshot.record);
        self.kept().log_of(self.number).snapshot = Some((snapshot.position, body));
        Ok(())
    }

    fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        let mut kept = self.kept();
        let kept = kept.log_of(self.number);
        let Some((position, body)) = &kept.snapshot else {
            return Ok(None);
        };
        let record = stored_form::decode(body, "the snapshot")?;
        Ok(Some(Snapshot { position: *position, record }))
    }

    fn truncate(&self, up_to: Position) -> Result<u64, StoreError> {
        let mut kept = self.kept();
        let kept = kept.log_of(self.number);
        let covered = kept.snapshot.as_ref().map_or(Position(0), |(position, _)| *position);
        let going: Vec<Position> = kept
            .records
            .range(..=up_to.min(covered))
            .take(TRUNCATED_PER_CALL as usize)
            .map(|(&position, _)| position)
            .collect();
        for position in &going {
            kept.records.remove(position);
            kept.truncated = *position;
        }
        let truncated = kept.truncated;
        kept.sequences.retain(|_, position| *position > truncated);
        Ok(going.len() as u64)
    }

    fn probe(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
