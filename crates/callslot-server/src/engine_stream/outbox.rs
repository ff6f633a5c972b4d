//! Frames that wait to be sent, in one message of a bounded size.

use serde::Serialize;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::engine_stream::limits::FULL_MESSAGE_BYTES;

/// A message that frames are added to.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    /// An array that is not closed yet.
    open: Vec<u8>,
    frames: usize,
}

impl Outbox {
    pub(crate) fn push(&mut self, frame: &impl Serialize) {
        self.open.push(if self.frames == 0 { b'[' } else { b',' });
        serde_json::to_writer(&mut self.open, frame).expect("our own types can be written");
        self.frames += 1;
    }

    /// Whether there is a message's worth.
    pub(crate) fn is_full(&self) -> bool {
        self.open.len() >= FULL_MESSAGE_BYTES
    }

    /// The message; none without a frame.
    pub(crate) fn take(&mut self) -> Option<Utf8Bytes> {
        let mut message = std::mem::take(&mut self.open);
        match std::mem::take(&mut self.frames) {
            0 => return None,
            1 => drop(message.drain(..1)),
            _ => message.push(b']'),
        }
        Some(message.try_into().expect("JSON is UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_frame_goes_by_itself_and_many_in_arrays_of_a_bounded_size() {
        let mut outbox = Outbox::default();
        assert!(outbox.take().is_none());
        outbox.push(&1);
        assert_eq!(outbox.take().expect("a message"), "1");
        outbox.push(&1);
        outbox.push(&2);
        assert!(!outbox.is_full());
        assert_eq!(outbox.take().expect("a message"), "[1,2]");
        let large = "x".repeat(FULL_MESSAGE_BYTES);
        for _ in 0..3 {
            outbox.push(&large);
            assert!(outbox.is_full());
            assert_eq!(outbox.take().expect("a message"), format!("\"{large}\""));
        }
    }
}
