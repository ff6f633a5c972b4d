//! The two times that are passed to the core: one for people, one for deadlines. It never reads a clock.

/// A moment in UTC, in milliseconds since the Unix epoch. Shown to people; no deadline is compared with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// Milliseconds from `earlier` to `self`; 0 when `earlier` is later.
    #[must_use]
    pub fn ms_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Milliseconds of server time that count toward deadlines. Never goes back, and stops while the server is stalled
/// or down, so that a stall is added to every deadline.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tick(pub u64);

impl Tick {
    /// The tick `ms` milliseconds later.
    #[must_use]
    pub fn after_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from now until `self`; 0 when it has passed.
    #[must_use]
    pub fn ms_after(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The time of one batch of commands: every decision and event of the batch happens at this moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Now {
    /// For people.
    pub at: Timestamp,
    /// For deadlines.
    pub tick: Tick,
}
