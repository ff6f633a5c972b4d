//! Whether an engine finishes the message that it has begun. Between the parts of a message it may send pings (RFC 6455 §5.4), so its
//! signs of life do not say so. Start reading at [`UnfinishedMessage::is_overdue`].

use std::time::Instant;

use crate::engine_stream::limits::{CONTROL_HEAD_BYTES, MESSAGE_WITHIN, READ_BYTES};

/// What an engine has sent of a message.
#[derive(Debug)]
pub(super) struct UnfinishedMessage {
    /// How many bytes had been read at the end of the last message, and those of pings and pongs since.
    known_bytes: u64,
    /// Since when there has been more of a message than what is read ahead.
    since: Option<Instant>,
}

impl UnfinishedMessage {
    /// Nothing of one has come when that many bytes have been read.
    pub(super) fn new(read_bytes: u64) -> Self {
        Self { known_bytes: read_bytes, since: None }
    }

    /// A message has ended.
    pub(super) fn note_message(&mut self, read_bytes: u64) {
        *self = Self::new(read_bytes);
    }

    /// Whether a message takes too long, now that a ping or pong with a payload of this size has come.
    pub(super) fn is_overdue(
        &mut self,
        at: Instant,
        payload_bytes: usize,
        read_bytes: u64,
    ) -> bool {
        self.known_bytes += (CONTROL_HEAD_BYTES + payload_bytes) as u64;
        if read_bytes.saturating_sub(self.known_bytes) <= READ_BYTES as u64 {
            self.since = None;
            return false;
        }
        at >= *self.since.get_or_insert(at) + MESSAGE_WITHIN
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use callslot_node::instant_now;

    use super::*;

    const PING: u64 = CONTROL_HEAD_BYTES as u64;
    const PART: u64 = 2 * READ_BYTES as u64;

    #[test]
    fn a_message_in_parts_has_30_seconds_from_the_first_ping_between_them() {
        let mut message = UnfinishedMessage::new(500);
        let start = instant_now().into_std();
        let after = |s: u64| start + Duration::from_secs(s);
        let mut read = 500 + PING;
        assert!(!message.is_overdue(start, 0, read), "nothing of it has come");
        read += PART + PING;
        assert!(!message.is_overdue(after(100), 0, read));
        read += 1 + PING;
        assert!(!message.is_overdue(after(129), 0, read));
        read += 1 + PING;
        assert!(message.is_overdue(after(130), 0, read));

        message.note_message(read);
        read += PART + PING + 125;
        assert!(!message.is_overdue(after(200), 125, read), "the next one has its own time");
    }

    #[test]
    fn pings_alone_and_what_is_read_ahead_are_no_message() {
        let mut message = UnfinishedMessage::new(0);
        let start = instant_now().into_std();
        let mut read = READ_BYTES as u64;
        for s in 0..1_000 {
            read += PING + 125;
            assert!(!message.is_overdue(start + Duration::from_secs(s), 125, read));
        }
    }
}
