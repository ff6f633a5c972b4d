//! The index of the log by organisation, as it is written: which records of each block of 64 have public events of which organisation.
//!
//! A block's rows are written in the statement that appends its last record. The records of the block in progress have no rows yet; a
//! reader looks at all of them. How it is read is in `org_reads.rs`.

use std::collections::HashMap;

use callslot_core::{Event, OrgEvent, OrgId, Recorded, Sequence};
use callslot_store::Position;
use callslot_store::limits::RECORDS_PER_BLOCK;

/// The organisations in the block that the log ends in.
#[derive(Debug, Default)]
pub(crate) struct BlockInProgress {
    /// The last record that is noted.
    end: Position,
    orgs: HashMap<OrgId, InBlock>,
}

/// Where an organisation's public events are in a block.
#[derive(Debug, Clone, Copy)]
struct InBlock {
    /// The first of them.
    first: Sequence,
    /// One bit for each record of the block, the lowest for the first.
    records: u64,
}

/// Rows to write with a record, column by column.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// The organisations of the block that the record ends.
    pub(crate) orgs: Vec<String>,
    pub(crate) sequences: Vec<i64>,
    pub(crate) records: Vec<i64>,
    /// The organisations that the record deletes.
    pub(crate) deleted: Vec<String>,
}

impl Marks {
    pub(crate) fn is_empty(&self) -> bool {
        self.orgs.is_empty() && self.deleted.is_empty()
    }
}

impl BlockInProgress {
    /// The block as the log before `next` has it, which `read` reads: all records of a block.
    pub(crate) fn is_behind(&self, next: Position) -> bool {
        self.end.next() != next
    }

    /// Forgets everything: the log ends at `end`, and its last block is noted next.
    pub(crate) fn begin_again(&mut self, end: Position) {
        *self = Self { end, orgs: HashMap::new() };
    }

    /// Notes a record.
    pub(crate) fn note(&mut self, at: Position, events: &[Recorded]) {
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

    /// What is to be written with the record that was noted last.
    pub(crate) fn marks(&self, events: &[Recorded]) -> Marks {
        let deleted = events.iter().filter(|recorded| is_deletion(recorded));
        let mut deleted: Vec<_> =
            deleted.map(|recorded| recorded.org.as_str().to_owned()).collect();
        deleted.sort_unstable();
        deleted.dedup();
        let mut marks = Marks { deleted, ..Marks::default() };
        if last_of(block_of(self.end)) == self.end {
            // In the order of the table, its pages are filled one after another.
            let mut orgs: Vec<_> = self.orgs.iter().collect();
            orgs.sort_unstable_by_key(|&(org, _)| org);
            for (org, InBlock { first, records }) in orgs {
                marks.orgs.push(org.as_str().to_owned());
                marks.sequences.push(first.0.cast_signed());
                marks.records.push(records.cast_signed());
            }
        }
        marks
    }
}

fn is_deletion(recorded: &Recorded) -> bool {
    recorded.event == Event::Org(OrgEvent::Deleted)
}

/// The block of a record.
pub(crate) fn block_of(position: Position) -> u64 {
    position.0 / RECORDS_PER_BLOCK
}

/// The first record of a block.
pub(crate) fn first_of(block: u64) -> Position {
    Position(block * RECORDS_PER_BLOCK)
}

/// The last record of a block.
pub(crate) fn last_of(block: u64) -> Position {
    Position(first_of(block).0 + RECORDS_PER_BLOCK - 1)
}
