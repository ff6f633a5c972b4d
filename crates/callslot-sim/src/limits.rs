//! The limits of simulated worlds: small, so that they are reached.

use callslot_core::limits::Bounds;

/// So that a step is over after the second call, two calls and a part of a third have room for their metadata, and not all agents,
/// gates, lanes and leases have room.
pub(crate) const BOUNDS: Bounds = Bounds {
    step_events: 2,
    lane_moves: 2_000,
    looks: 20_000,
    reconciled_looks: 12,
    queued_metadata_bytes: 25,
    ended_text_bytes: 1 << 20,
    agents: 4,
    gates: 3,
    alerts: 2,
    past_alerts: 500,
    lanes: 5,
    leases: 6,
    leases_of_key: 4,
    paged_calls: 9,
    paged_bytes: 400,
};
