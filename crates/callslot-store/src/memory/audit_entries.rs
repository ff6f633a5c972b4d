//! The entries of the audit in memory.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::audit::{Audited, Origin};
use crate::contract::store_error::StoreError;
use crate::limits::PRUNED_PER_CALL;
use crate::stored_form::{decode_audited, encode_audited};

/// The shard whose log an entry is from, and its place there.
type Place = (u16, Origin);

/// Entries in stored form by number, and the shards and places in the log of those that are from there.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) kept: BTreeMap<u64, (Option<Place>, Vec<u8>)>,
    pub(super) origins: BTreeSet<Place>,
    /// The highest number given. It stays so when its entry goes.
    last: u64,
}

impl Entries {
    pub(super) fn keep(&mut self, origin: Option<Place>, entry: &Audited) {
        if origin.is_none_or(|origin| self.origins.insert(origin)) {
            self.last += 1;
            self.kept.insert(self.last, (origin, encode_audited(entry)));
        }
    }

    /// Removes a bounded number of those that are wanted.
    pub(super) fn remove(
        &mut self,
        is_wanted: impl Fn(&Audited) -> bool,
    ) -> Result<u64, StoreError> {
        let mut going = Vec::new();
        for (number, (_, body)) in &self.kept {
            if going.len() < PRUNED_PER_CALL as usize && is_wanted(&decode_audited(body)?) {
                going.push(*number);
            }
        }
        for number in &going {
            if let Some((Some(origin), _)) = self.kept.remove(number) {
                self.origins.remove(&origin);
            }
        }
        Ok(going.len() as u64)
    }
}
