//! The rows of the index of the log by organisation, as they are written: in the statement that appends a block's last record. What they
//! hold is `callslot_store::org_blocks`', and how they are read is in `org_reads.rs`.

use callslot_core::Recorded;
use callslot_store::org_blocks::{BlockInProgress, deleted_in};

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
    /// Those of the record that was noted last.
    pub(crate) fn of(block: &BlockInProgress, events: &[Recorded]) -> Self {
        let deleted = deleted_in(events).into_iter().map(|org| org.as_str().to_owned());
        let mut marks = Self { deleted: deleted.collect(), ..Self::default() };
        for (org, in_block) in block.rows() {
            marks.orgs.push(org.as_str().to_owned());
            marks.sequences.push(in_block.first.0.cast_signed());
            marks.records.push(in_block.records.cast_signed());
        }
        marks
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.orgs.is_empty() && self.deleted.is_empty()
    }
}
