//! The time of a node: `system_clock.rs` reads the machine's clocks, `counted_clock.rs` makes of those readings the time
//! that deadlines run by. Only the first reads a clock.

pub(crate) mod counted_clock;
pub(crate) mod system_clock;
