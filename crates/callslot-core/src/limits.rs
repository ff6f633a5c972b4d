//! The bounds of this crate, in one place.

/// How long the id of an ended call is remembered, in milliseconds.
pub const ENDED_CALL_REMEMBERED_MS: u64 = 600_000;
/// How long the id of an end that came before its call is remembered, in milliseconds.
pub const EARLY_END_REMEMBERED_MS: u64 = 60_000;
/// How many such ids an organisation remembers; beyond, the oldest is forgotten.
pub const MAX_EARLY_ENDS: usize = 10_000;
/// After this many dispatches without a claim a call ends `unclaimed`.
pub const CLAIM_MISSES: u8 = 3;
/// How many live calls one lease may vouch for.
pub const MAX_CALLS_PER_LEASE: u32 = 100_000;
/// In how many pages an engine may name its calls.
pub const MAX_RECONCILED_PAGES: usize = 100;
/// How many gates a call may name.
pub const MAX_GATES_PER_CALL: usize = 4;
/// How many calls one page of a listing looks at.
pub const MAX_CALLS_SCANNED_PER_PAGE: usize = 20_000;
/// How many of the calls that would start at once a preview names.
pub const MAX_FIRST_STARTS: usize = 10;
/// How many calls a step of a preview goes through.
pub const CALLS_PREVIEWED_PER_STEP: usize = 4_096;
/// How many sweeps an organisation may have that are not done.
pub const MAX_SWEEPS: usize = 16;
/// A lease's time to live when none is given, in milliseconds. Also the time after a restart in which nothing expires.
pub const DEFAULT_LEASE_TTL_MS: u64 = 15_000;
/// The highest limit an organisation or plan may have, in slots.
pub const MAX_LIMIT: u32 = 10_000_000;

/// The bounds that simulations and tests make small, so that few calls reach them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// How many events follow from one command at once, beyond those that say what the command itself did. The rest is left to
    /// later steps, which have as many each.
    pub step_events: usize,
    /// How many lanes one step takes to the gates that hold them, or away from gates that are open.
    pub lane_moves: usize,
    /// How many calls one step looks at for a sweep.
    pub looks: usize,
    /// How many of the calls named and of the lease's calls one step of a reconciliation looks at; looking for a call in a page
    /// counts as well.
    pub reconciled_looks: usize,
    /// How many bytes the metadata of an organisation's queued calls may have.
    pub queued_metadata_bytes: u64,
    /// How many bytes of metadata and notes of ended calls an organisation keeps in memory. Beyond, those that ended first are
    /// read from the history.
    pub ended_text_bytes: usize,
    /// How many agents an organisation may have.
    pub agents: usize,
    /// How many gates an organisation may have.
    pub gates: usize,
    /// How many rules for alerts an organisation may have; and how many alerts may be open that no rule is for.
    pub alerts: usize,
    /// How many of the alerts that closed last an organisation keeps.
    pub past_alerts: usize,
    /// How many lanes with gates an organisation may have, of live calls.
    pub lanes: usize,
    /// How many leases an organisation may have, those that have ended and still have live calls included.
    pub leases: usize,
    /// How many of them may have been opened with one key.
    pub leases_of_key: usize,
    /// How many calls the pages of a lease's reconciliation may name before the last one has come.
    pub paged_calls: usize,
    /// How many bytes of memory such pages may take, over all leases of an organisation.
    pub paged_bytes: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            step_events: 128,
            lane_moves: 2_000,
            looks: 20_000,
            reconciled_looks: 10_000,
            queued_metadata_bytes: 256 << 20,
            ended_text_bytes: 32 << 20,
            agents: 10_000,
            gates: 10_000,
            alerts: 100,
            past_alerts: 500,
            lanes: 100_000,
            leases: 20_000,
            leases_of_key: 10_000,
            paged_calls: 100_000,
            paged_bytes: 64 << 20,
        }
    }
}
