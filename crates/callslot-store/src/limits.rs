//! The bounds of this crate, in one place.

/// Every how many public events of an organisation their position is indexed.
pub(crate) const EVENTS_PER_INDEX_ENTRY: u64 = 1024;
/// How large the parts are in which a snapshot is kept, in bytes.
pub(crate) const SNAPSHOT_PART_BYTES: usize = 4 << 20;
/// How many records one call of `truncate` forgets at most.
pub(crate) const TRUNCATED_PER_CALL: u32 = 500;
/// How many ended calls one call of `prune` forgets at most.
pub(crate) const PRUNED_PER_CALL: u32 = 2_000;
