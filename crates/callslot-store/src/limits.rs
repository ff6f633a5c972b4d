//! The bounds that every store keeps, in one place.

/// One public event of this many has its position indexed, for each organisation.
pub const EVENTS_PER_INDEX_ENTRY: u64 = 1024;
/// How many records one call of `truncate` forgets at most.
pub const TRUNCATED_PER_CALL: u32 = 500;
/// How many ended calls one call of `prune` forgets at most.
pub const PRUNED_PER_CALL: u32 = 2_000;
/// How many ended calls one read examines at most.
pub const EXAMINED_PER_READ: usize = 10_000;
/// How many minutes or hours of figures one call of `prune_figures` forgets at most.
pub const PRUNED_PARTS_PER_CALL: u32 = 5_000;
