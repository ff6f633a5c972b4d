//! What a store in memory keeps of the log of a shard.

use std::collections::BTreeMap;

use callslot_core::{OrgId, Sequence, Timestamp};

use crate::contract::record::{Position, Record};
use crate::contract::store_error::StoreError;
use crate::stored_form;

/// The log of a shard, and how far it is in the history.
#[derive(Debug, Default)]
pub(super) struct KeptLog {
    pub(super) records: BTreeMap<Position, (Timestamp, Vec<u8>)>,
    pub(super) truncated: Position,
    /// The first public event that each record has of each organisation.
    pub(super) sequences: BTreeMap<(OrgId, Sequence), Position>,
    pub(super) snapshot: Option<(Position, Vec<u8>)>,
    pub(super) projected: Position,
}

impl KeptLog {
    pub(super) fn end(&self) -> Position {
        self.records.last_key_value().map_or(self.truncated, |(&position, _)| position)
    }

    pub(super) fn start(&self) -> Position {
        self.records.first_key_value().map_or(self.end().next(), |(&position, _)| position)
    }

    /// Where the public events of an organisation are, up to this one and the others of its record.
    pub(super) fn positions(
        &self,
        org: &OrgId,
        up_to: Sequence,
    ) -> impl DoubleEndedIterator<Item = Position> + '_ {
        let of_org = (org.clone(), Sequence(0))..=(org.clone(), up_to);
        self.sequences.range(of_org).map(|(_, &position)| position)
    }

    pub(super) fn decoded(&self, position: Position) -> Result<(Record, usize), StoreError> {
        let (_, body) = &self.records[&position];
        let place = format!("the record at position {}", position.0);
        Ok((stored_form::decode(body, &place)?, body.len()))
    }
}
