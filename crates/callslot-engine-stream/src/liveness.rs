//! Whether the client is still there: checks it at intervals, and asks it for a sign of life.

use std::time::Instant;

use crate::limits::{LOOK_EVERY, LOOKS_PER_PING, SILENT_LOOKS};

#[derive(Debug)]
pub(crate) struct Liveness {
    look_at: Instant,
    /// Looks since the client was last heard.
    silent_looks: u32,
    looks: u32,
    wants_ping: bool,
}

impl Liveness {
    pub(crate) fn new(at: Instant) -> Self {
        Self { look_at: at + LOOK_EVERY, silent_looks: 0, looks: 0, wants_ping: false }
    }

    /// A message or a pong has come.
    pub(crate) fn note_sign(&mut self) {
        self.silent_looks = 0;
    }

    /// Looks, if it is time, and says whether the client counts as gone.
    pub(crate) fn is_gone(&mut self, at: Instant, could_be_heard: bool) -> bool {
        if at < self.look_at {
            return false;
        }
        self.look_at = at + LOOK_EVERY;
        self.silent_looks = if could_be_heard { self.silent_looks + 1 } else { 0 };
        self.looks += 1;
        self.wants_ping |= self.looks.is_multiple_of(LOOKS_PER_PING);
        self.silent_looks > SILENT_LOOKS
    }

    /// When it looks next.
    pub(crate) fn look_at(&self) -> Instant {
        self.look_at
    }

    /// Whether the client is to be pinged; once.
    pub(crate) fn takes_ping(&mut self) -> bool {
        std::mem::take(&mut self.wants_ping)
    }
}
