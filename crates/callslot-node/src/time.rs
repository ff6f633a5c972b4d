//! Time: `system_clock.rs` reads the machine's clocks, `counted_clock.rs` turns readings into the time that deadlines use.

pub(crate) mod counted_clock;
pub(crate) mod system_clock;
