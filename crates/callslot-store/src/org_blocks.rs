//! The index of the log by organisation, as stores keep it: which records of each block of 64 have public events of which organisation.
//!
//! A store writes a block's rows together with its last record, so an append seldom pays for them. The records of the block in progress
//! have no rows yet; a reader looks at all of them. Start reading at [`BlockInProgress`].

use std::collections::{BTreeSet, HashMap};

use callslot_core::{Event, OrgEvent, OrgId, Recorded, Sequence};

use crate::contract::Position;
use crate::limits::RECORDS_PER_BLOCK;

/// The organisations in the block that the log ends in.
#[derive(Debug, Default)]
pub struct BlockInProgress {
    /// The last record that is noted.
    end: Position,
    orgs: HashMap<OrgId, InBlock>,
}

/// Where an organisation's public events are in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InBlock {
    /// The first of them.
    pub first: Sequence,
    /// One bit for each record of the block, the lowest for the first.
    pub records: u64,
}

impl BlockInProgress {
    /// Nothing is noted of a log that ends at `end`.
    #[must_use]
    pub fn after(end: Position) -> Self {
        Self { end, orgs: HashMap::new() }
    }

    /// Whether what is noted is not what the log holds before `next`, as after a start, and after an append that failed. The block
    /// that the log ends in is to be noted again then, from [`first_of`] on.
    #[must_use]
    pub fn is_behind(&self, next: Position) -> bool {
        self.end.next() != next
    }

    /// Notes a record.
    pub fn note(&mut self, at: Position, events: &[Recorded]) {
        if block_of(at) != block_of(self.end) {
            self.orgs.clear();
        }
        self.end = at;
        let record = 1 << (at.0 % RECORDS_PER_BLOCK);
        for recorded in events {
            if is_deletion(recorded) {
                self.orgs.remove(&recorded.org);
            }
            let Some(sequence) = recorded.sequence else { continue };
            if let Some(known) = self.orgs.get_mut(&recorded.org) {
                known.records |= record;
            } else {
                let known = InBlock { first: sequence, records: record };
                self.orgs.insert(recorded.org.clone(), known);
            }
        }
    }

    /// The block's rows, if the record that was noted last ends it; else none. In the order of a table by organisation, so that its pages
    /// are filled one after another.
    #[must_use]
    pub fn rows(&self) -> Vec<(&OrgId, InBlock)> {
        if last_of(block_of(self.end)) != self.end {
            return Vec::new();
        }
        let mut rows: Vec<_> = self.orgs.iter().map(|(org, in_block)| (org, *in_block)).collect();
        rows.sort_unstable_by_key(|&(org, _)| org);
        rows
    }
}

/// The organisations that are deleted in a record.
#[must_use]
pub fn deleted_in(events: &[Recorded]) -> BTreeSet<&OrgId> {
    events.iter().filter(|it| is_deletion(it)).map(|recorded| &recorded.org).collect()
}

fn is_deletion(recorded: &Recorded) -> bool {
    recorded.event == Event::Org(OrgEvent::Deleted)
}

/// The records of a block whose bits are set.
pub fn records_of(block: u64, records: u64) -> impl Iterator<Item = Position> {
    let among = (0..RECORDS_PER_BLOCK).filter(move |at| records >> at & 1 == 1);
    among.map(move |at| Position(first_of(block).0 + at))
}

/// The block of a record.
#[must_use]
pub fn block_of(position: Position) -> u64 {
    position.0 / RECORDS_PER_BLOCK
}

/// The first record of a block.
#[must_use]
pub fn first_of(block: u64) -> Position {
    Position(block * RECORDS_PER_BLOCK)
}

/// The last record of a block.
#[must_use]
pub fn last_of(block: u64) -> Position {
    Position(first_of(block).0 + RECORDS_PER_BLOCK - 1)
}
