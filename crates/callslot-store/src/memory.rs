//! A store in memory. It keeps every promise except the one that needs a disk.

mod audit;
mod audit_entries;
mod history;
mod kept_webhooks;
mod past;
mod webhooks;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use callslot_core::{Event, OrgEvent, OrgId, PlanId, Sequence, Timestamp};

use crate::contract::catalogue::{ApiKey, Catalogue, Plan, Session};
use crate::contract::log::{AppendError, Log, OrgRecords, encode_for_append};
use crate::contract::record::{Position, Record, Snapshot};
use crate::contract::seen_time::OldTimes;
use crate::contract::store_error::StoreError;
use crate::limits::TRUNCATED_PER_CALL;
use crate::memory::kept_webhooks::KeptWebhooks;
use crate::memory::past::Past;
use crate::stored_form;

/// A store that lasts as long as its process. Like the others, it keeps everything in stored form.
#[derive(Debug, Default)]
pub struct MemoryStore {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    log: BTreeMap<Position, (Timestamp, Vec<u8>)>,
    truncated: Position,
    /// The first public event that each record has of each organisation.
    sequences: BTreeMap<(OrgId, Sequence), Position>,
    snapshot: Option<(Position, Vec<u8>)>,
    plans: BTreeMap<PlanId, Plan>,
    keys: BTreeMap<String, ApiKey>,
    sessions: BTreeMap<[u8; 32], Session>,
    audit: audit_entries::Entries,
    past: Past,
    webhooks: KeptWebhooks,
}

impl Kept {
    fn end(&self) -> Position {
        self.log.last_key_value().map_or(self.truncated, |(&position, _)| position)
    }

    fn start(&self) -> Position {
        self.log.first_key_value().map_or(self.end().next(), |(&position, _)| position)
    }

    /// Where the public events of an organisation are, up to this one and the others of its record.
    fn positions(
        &self,
        org: &OrgId,
        up_to: Sequence,
    ) -> impl DoubleEndedIterator<Item = Position> + '_ {
        let of_org = (org.clone(), Sequence(0))..=(org.clone(), up_to);
        self.sequences.range(of_org).map(|(_, &position)| position)
    }

    fn decoded(&self, position: Position) -> Result<(Record, usize), StoreError> {
        let (_, body) = &self.log[&position];
        let place = format!("the record at position {}", position.0);
        Ok((stored_form::decode(body, &place)?, body.len()))
    }
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log for MemoryStore {
    fn append(&self, after: Position, record: &Record) -> Result<Position, AppendError> {
        let body = encode_for_append(record)?;
        let mut kept = self.kept();
        let end = kept.end();
        if end != after {
            return Err(AppendError::NotAtEnd { after, end });
        }
        let position = after.next();
        kept.log.insert(position, (record.now.at, body));
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
        let kept = self.kept();
        let mut records = Vec::new();
        let mut bytes = 0;
        for (&position, _) in kept.log.range(after.next()..) {
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
        let kept = self.kept();
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
        Ok(self.kept().end())
    }

    fn start(&self) -> Result<Position, StoreError> {
        Ok(self.kept().start())
    }

    fn position_before(&self, org: &OrgId, sequence: Sequence) -> Result<Position, StoreError> {
        let kept = self.kept();
        let indexed = kept.positions(org, sequence).next_back();
        let from = indexed.unwrap_or_default().max(kept.start());
        Ok(Position(from.0.saturating_sub(1)))
    }

    fn position_of_old(&self, old: &OldTimes) -> Result<Position, StoreError> {
        let kept = self.kept();
        let first = kept.log.iter().find(|(_, (at, _))| !old.contains(*at));
        Ok(first.map_or(kept.end(), |(position, _)| Position(position.0 - 1)))
    }

    fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        self.kept().snapshot = Some((snapshot.position, stored_form::encode(&snapshot.record)));
        Ok(())
    }

    fn latest_snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        let kept = self.kept();
        let Some((position, body)) = &kept.snapshot else {
            return Ok(None);
        };
        let record = stored_form::decode(body, "the snapshot")?;
        Ok(Some(Snapshot { position: *position, record }))
    }

    fn truncate(&self, up_to: Position) -> Result<u64, StoreError> {
        let mut kept = self.kept();
        let covered = kept.snapshot.as_ref().map_or(Position(0), |(position, _)| *position);
        let going: Vec<Position> = kept
            .log
            .range(..=up_to.min(covered))
            .take(TRUNCATED_PER_CALL as usize)
            .map(|(&position, _)| position)
            .collect();
        for position in &going {
            kept.log.remove(position);
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

impl Catalogue for MemoryStore {
    fn plans(&self) -> Result<BTreeMap<PlanId, Plan>, StoreError> {
        Ok(self.kept().plans.clone())
    }

    fn put_plan(&self, plan: &Plan) -> Result<(), StoreError> {
        self.kept().plans.insert(plan.id.clone(), plan.clone());
        Ok(())
    }

    fn delete_plan(&self, id: &PlanId) -> Result<bool, StoreError> {
        Ok(self.kept().plans.remove(id).is_some())
    }

    fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        Ok(self.kept().keys.values().cloned().collect())
    }

    fn put_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let before = kept.keys.insert(key.id.clone(), key.clone());
        let still_works = |secret| {
            secret == key.secret_sha256 || key.old_secret.is_some_and(|old| old.sha256 == secret)
        };
        if before.is_some_and(|before| !still_works(before.secret_sha256)) {
            kept.sessions.retain(|_, session| session.key != key.id);
        }
        Ok(())
    }

    fn delete_key(&self, id: &str) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        kept.sessions.retain(|_, session| session.key != id);
        Ok(kept.keys.remove(id).is_some())
    }

    fn touch_keys(&self, used: &[(String, Timestamp)]) -> Result<(), StoreError> {
        let mut kept = self.kept();
        for (id, at) in used {
            if let Some(key) = kept.keys.get_mut(id) {
                key.last_used_at = Some(*at);
            }
        }
        Ok(())
    }

    fn sessions(&self) -> Result<Vec<Session>, StoreError> {
        Ok(self.kept().sessions.values().cloned().collect())
    }

    fn put_session(&self, session: &Session) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        let has_key = kept.keys.contains_key(&session.key);
        if has_key {
            kept.sessions.insert(session.token_sha256, session.clone());
        }
        Ok(has_key)
    }

    fn delete_sessions(&self, tokens_sha256: &[[u8; 32]]) -> Result<(), StoreError> {
        let mut kept = self.kept();
        for token in tokens_sha256 {
            kept.sessions.remove(token);
        }
        Ok(())
    }
}
