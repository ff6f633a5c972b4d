//! The bounds of this crate, in one place.

/// How long the id of an ended call is remembered, in milliseconds.
pub const ENDED_CALL_REMEMBERED_MS: u64 = 600_000;
/// After this many dispatches without a claim a call ends `unclaimed`.
pub const CLAIM_MISSES: u8 = 3;
/// How many live calls one lease may vouch for.
pub const MAX_CALLS_PER_LEASE: u32 = 100_000;
/// How many calls and leases one [`crate::ExpireDue`] ends at most; the rest remains due.
pub const MAX_EXPIRIES_PER_COMMAND: usize = 10_000;
/// How many calls one page of a listing looks at.
pub const MAX_CALLS_SCANNED_PER_PAGE: usize = 20_000;
/// A lease's time to live when none is given, in milliseconds. Also the time after a restart in which nothing expires.
pub const DEFAULT_LEASE_TTL_MS: u64 = 15_000;
/// The highest limit an organisation or plan may have, in slots.
pub const MAX_LIMIT: u32 = 10_000_000;
