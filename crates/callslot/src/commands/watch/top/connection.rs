//! The connection of the view to the server: when to read again, when the view is stale, when to reopen the event stream.
//! It only decides; `requests.rs` acts.

/// The shortest time between readings: at most four per second, however much happens.
const READ_AT_MOST_EVERY_MS: u64 = 250;
/// The longest: waits and estimates change even when nothing happens.
const READ_AT_LEAST_EVERY_MS: u64 = 1_000;
/// The view is stale when no reading has come for this long.
const STALE_AFTER_MS: u64 = 3_000;
/// The first pause after a reading that failed, and the longest.
const PAUSES_MS: (u64, u64) = (500, 8_000);
/// A stream that has lacked events known from a reading for this long is reopened.
const BEHIND_MS: u64 = 3_000;

/// The connection of the view to the server.
#[derive(Debug)]
pub struct Connection {
    /// When the reading under way was ordered.
    ordered_ms: Option<u64>,
    /// No reading is ordered before.
    not_before_ms: u64,
    /// When the last reading came.
    read_ms: u64,
    /// Something has happened that the last reading does not show.
    has_changed: bool,
    failures: u32,
    /// Why the last reading failed.
    why: Option<String>,
    is_followed: bool,
    /// The last event that the stream has brought.
    last_event: u64,
    /// Since when the stream lacks events that a reading has seen.
    behind_since_ms: Option<u64>,
}

impl Connection {
    /// A connection right after a first reading that has seen events up to `as_of`.
    pub fn new(as_of: u64) -> Self {
        Self {
            ordered_ms: None,
            not_before_ms: READ_AT_MOST_EVERY_MS,
            read_ms: 0,
            has_changed: false,
            failures: 0,
            why: None,
            is_followed: true,
            last_event: as_of,
            behind_since_ms: None,
        }
    }

    /// Something has happened, or something else is to be shown.
    pub fn changed(&mut self) {
        self.has_changed = true;
    }

    /// The stream has brought an event.
    pub fn came(&mut self, event: u64) {
        self.last_event = self.last_event.max(event);
        self.behind_since_ms = None;
        self.has_changed = true;
    }

    /// The stream has ended. If its cursor leads nowhere any longer, it resumes after the events of the last reading.
    pub fn stream_ended(&mut self, is_cursor_lost: bool, as_of: u64) {
        self.is_followed = false;
        if is_cursor_lost {
            self.last_event = as_of;
        }
    }

    /// Whether a reading is due; if so it counts as ordered.
    pub fn takes_reading(&mut self, now_ms: u64) -> bool {
        let is_due = now_ms >= self.next_reading_ms();
        if is_due {
            self.ordered_ms = Some(now_ms);
            self.not_before_ms = now_ms + READ_AT_MOST_EVERY_MS;
            self.has_changed = false;
        }
        is_due
    }

    /// When the next reading is due, as things stand.
    pub fn next_reading_ms(&self) -> u64 {
        if self.ordered_ms.is_some() {
            u64::MAX
        } else if self.has_changed || self.failures > 0 {
            self.not_before_ms
        } else {
            self.not_before_ms.max(self.read_ms + READ_AT_LEAST_EVERY_MS)
        }
    }

    /// A reading has come. Returns whether it is the first after others failed.
    pub fn has_read(&mut self, as_of: u64, now_ms: u64) -> bool {
        let was_lost = self.failures > 0;
        self.ordered_ms = None;
        self.read_ms = now_ms;
        self.failures = 0;
        self.why = None;
        if as_of <= self.last_event {
            self.behind_since_ms = None;
        } else if self.behind_since_ms.is_none() {
            self.behind_since_ms = Some(now_ms);
        }
        was_lost
    }

    /// A reading has failed; the pause before the next one grows.
    pub fn has_failed(&mut self, why: String, now_ms: u64) {
        let (first, longest) = PAUSES_MS;
        self.ordered_ms = None;
        self.not_before_ms = now_ms + (first << self.failures.min(8)).min(longest);
        self.failures += 1;
        self.why = Some(why);
    }

    /// The event after which to reopen the stream, if it is to be reopened; it then counts as followed.
    pub fn takes_stream(&mut self, now_ms: u64) -> Option<u64> {
        let is_behind = self.behind_since_ms.is_some_and(|since| now_ms >= since + BEHIND_MS);
        if self.failures > 0 || (self.is_followed && !is_behind) {
            return None;
        }
        self.is_followed = true;
        self.behind_since_ms = None;
        Some(self.last_event)
    }

    /// Since when the view is stale.
    pub fn stale_since_ms(&self, now_ms: u64) -> Option<u64> {
        let is_stale = self.failures > 0 || now_ms >= self.read_ms + STALE_AFTER_MS;
        is_stale.then_some(self.read_ms)
    }

    /// Why it is stale, and when it is tried again; no time while an answer is waited for.
    pub fn why_stale(&self) -> (&str, Option<u64>) {
        let why = self.why.as_deref().unwrap_or("no answer");
        (why, self.ordered_ms.is_none().then_some(self.not_before_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_come_once_a_second_and_at_most_four_times_when_things_happen() {
        let mut connection = Connection::new(7);
        assert!(!connection.takes_reading(999));
        assert!(connection.takes_reading(1_000));
        connection.has_read(7, 1_010);
        connection.came(8);
        assert!(!connection.takes_reading(1_249), "too soon");
        assert!(connection.takes_reading(1_250));
        connection.came(9);
        assert!(!connection.takes_reading(5_000), "one at a time");
        connection.has_read(9, 5_000);
        assert!(connection.takes_reading(5_000), "something happened meanwhile");
    }

    #[test]
    fn a_lost_connection_is_stale_at_once_and_tried_again_after_growing_pauses() {
        let mut connection = Connection::new(7);
        let mut now_ms = 1_000;
        let mut pauses = Vec::new();
        for _ in 0..6 {
            assert!(connection.takes_reading(now_ms));
            connection.has_failed("refused".into(), now_ms);
            pauses.push(connection.next_reading_ms() - now_ms);
            now_ms = connection.next_reading_ms();
        }
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 8_000]);
        assert_eq!(connection.stale_since_ms(now_ms), Some(0));
        assert_eq!(connection.takes_stream(now_ms), None, "the stream waits for the readings");
        assert!(connection.takes_reading(now_ms));
        assert!(connection.has_read(7, now_ms), "it was lost");
        assert_eq!(connection.stale_since_ms(now_ms), None);
    }

    #[test]
    fn an_answer_that_does_not_come_makes_what_is_shown_stale() {
        let mut connection = Connection::new(7);
        assert!(connection.takes_reading(1_000));
        assert_eq!(connection.stale_since_ms(2_999), None);
        assert_eq!(connection.stale_since_ms(3_000), Some(0));
        assert_eq!(connection.why_stale(), ("no answer", None));
    }

    #[test]
    fn a_stream_that_ended_or_is_silent_is_followed_anew_from_where_it_was() {
        let mut connection = Connection::new(7);
        connection.came(8);
        connection.stream_ended(false, 9);
        assert_eq!(connection.takes_stream(100), Some(8));
        assert_eq!(connection.takes_stream(100), None);
        connection.has_read(12, 1_000);
        assert_eq!(connection.takes_stream(3_999), None);
        assert_eq!(connection.takes_stream(4_000), Some(8), "12 never came");
        connection.stream_ended(true, 12);
        assert_eq!(
            connection.takes_stream(4_001),
            Some(12),
            "what is no longer kept is passed over"
        );
    }
}
