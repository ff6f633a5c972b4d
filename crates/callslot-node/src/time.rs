//! Time: `system_clock.rs` reads the machine's clocks, `counted_clock.rs` turns readings into the time that deadlines use, and
//! `seen_clock.rs` into the time that retention and sessions go by.

pub(crate) mod counted_clock;
pub(crate) mod seen_clock;
pub(crate) mod system_clock;
