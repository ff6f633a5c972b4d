//! The server's time, and how times and spans are written. Never reads a clock: the time since the start is an argument
//! everywhere.

use callslot_api::Time;

use crate::output::whole_span;

/// The server's time of day, derived from the time that has passed here.
///
/// Waits count from times that the server wrote, so a clock here that is wrong must not show in them.
#[derive(Debug, Clone, Copy)]
pub struct ServerClock {
    /// When we started, by the clock here.
    own_start_ms: u64,
    /// When we started, by the server's clock, as far as its events show.
    heard_start_ms: Option<u64>,
}

impl ServerClock {
    /// A clock that goes by the one here until the server is heard.
    pub fn new(own_start_ms: u64) -> Self {
        Self { own_start_ms, heard_start_ms: None }
    }

    /// An event of `at` came when `now_ms` had passed since the start.
    ///
    /// An event comes after it happened, never before, so the one that arrived fastest is the most accurate.
    pub fn hear(&mut self, at: Time, now_ms: u64) {
        self.heard_start_ms = self.heard_start_ms.max(Some(at.0.saturating_sub(now_ms)));
    }

    /// Forgets what was heard: another server, or the same one with another clock, may answer now.
    pub fn forget(&mut self) {
        self.heard_start_ms = None;
    }

    /// The time at the server.
    pub fn at(&self, now_ms: u64) -> Time {
        Time(self.heard_start_ms.unwrap_or(self.own_start_ms) + now_ms)
    }
}

/// The time of day in UTC, such as `12:03:07`.
pub fn time_of_day(time: Time) -> String {
    time.to_string().get(11..19).unwrap_or_default().to_owned()
}

/// A span that has passed, in whole seconds.
pub fn span(ms: u64) -> String {
    whole_span(ms / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_time_counts_once_it_is_heard_and_late_events_do_not_set_it_back() {
        let mut clock = ServerClock::new(1_000_000);
        assert_eq!(clock.at(500), Time(1_000_500));
        clock.hear(Time(3_000_000), 1_000);
        assert_eq!(clock.at(2_000), Time(3_001_000));
        clock.hear(Time(3_000_100), 2_000);
        assert_eq!(clock.at(2_000), Time(3_001_000));
        clock.forget();
        assert_eq!(clock.at(2_000), Time(1_002_000));
    }

    #[test]
    fn times_and_spans_are_short() {
        assert_eq!(time_of_day(Time(1_769_860_987_007)), "12:03:07");
        let spans = [0, 41_999, 192_000, 7_500_000, 273_600_000].map(span);
        assert_eq!(spans, ["0 s", "41 s", "3m12s", "2h05m", "3d04h"]);
    }
}
