//! The bounds that every store keeps, in one place.

/// How many shards a store has at most. A position in two bytes more has room for it, and a machine seldom has more cores.
pub const MAX_SHARDS: u16 = 64;
/// The index of the log by organisation has an entry for each block of this many records.
pub const RECORDS_PER_BLOCK: u64 = 64;
/// How many blocks of records one read for an organisation looks at, at most.
pub const BLOCKS_PER_READ: u64 = 4096;
/// How many bytes the stored form of a record has at most: four times what a node may decide.
pub const MAX_RECORD_BYTES: usize = 16 << 20;
/// How many records one search for old ones looks at, at most.
pub const EXAMINED_RECORDS: u32 = 5_000;
/// How many records one call of `truncate` forgets at most.
pub const TRUNCATED_PER_CALL: u32 = 500;
/// How many ended calls one call of `prune` forgets at most.
pub const PRUNED_PER_CALL: u32 = 2_000;
/// How many ended calls one read examines at most.
pub const EXAMINED_PER_READ: usize = 10_000;
/// Up to how many ended calls are found by the beginning of their ids through an index. Where more begin so, calls are examined as
/// for any other filter.
pub const FOUND_BY_ID_PREFIX: usize = 1_000;
/// How many attempts of a webhook are kept.
pub const ATTEMPTS_KEPT: usize = 500;
/// How many minutes or hours of figures one call of `prune_figures` forgets at most.
pub const PRUNED_PARTS_PER_CALL: u32 = 5_000;
/// How many ended calls a block has at most.
pub const CALLS_PER_BLOCK: usize = PRUNED_PER_CALL as usize;
/// From how many ended calls on a block is large enough to stay as it is.
pub const CALLS_OF_A_CLOSED_BLOCK: usize = CALLS_PER_BLOCK / 2;
/// The bytes of ended calls, before they are compressed, after which a block ends however few calls it has.
pub const BYTES_PER_BLOCK: usize = 1 << 20;
/// How many blocks one read of ended calls unpacks at most.
pub const BLOCKS_UNPACKED_PER_READ: usize = 256;
/// How many summaries of blocks one read of ended calls looks at, at most.
pub const SUMMARIES_PER_READ: usize = 20_000;
/// Up to how many agents of a block its summary tells apart.
pub const AGENTS_PER_SUMMARY: usize = 512;
/// How many open blocks an organisation has at most. With one more they are merged.
pub const OPEN_BLOCKS: usize = 32;
