//! How far a feed is: counted by its threads, shown on a terminal, and told at the end.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use callslot_server::Stopwatch;

use crate::failure::Failure;
use crate::output::grouped;

/// How many wrong rows are told one by one.
const MOST_TOLD: u64 = 100;
/// How often it is said at most that the feed waits. A long campaign may wait thousands of times.
const TELL_EVERY: Duration = Duration::from_mins(1);

/// What the threads of a feed share.
pub struct Board {
    /// Rows that were read, good ones and bad ones.
    pub rows: AtomicU64,
    /// Rows whose call the server has, new or from before.
    pub taken: AtomicU64,
    /// Rows whose call was found before it was sent.
    pub found: AtomicU64,
    /// Rows that the server has refused.
    pub refused: AtomicU64,
    /// Rows that cannot be sent.
    pub bad: AtomicU64,
    is_stopped: AtomicBool,
    /// Why it ends early, if not because it was told to.
    failure: Mutex<Option<Failure>>,
    /// What it waits for now.
    waits_for: Mutex<Option<&'static str>>,
    /// Since when it was not said what it waits for.
    told: Mutex<Option<Stopwatch>>,
    clock: Stopwatch,
    is_watched: bool,
}

impl Board {
    pub fn new() -> Self {
        Self {
            rows: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            found: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            bad: AtomicU64::new(0),
            is_stopped: AtomicBool::new(false),
            failure: Mutex::new(None),
            waits_for: Mutex::new(None),
            told: Mutex::new(None),
            clock: Stopwatch::start(),
            is_watched: std::io::stderr().is_terminal(),
        }
    }

    /// Ends the feed: what is under way is finished, nothing more is sent.
    pub fn stop(&self) {
        self.is_stopped.store(true, Relaxed);
    }

    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Relaxed)
    }

    /// Ends the feed with a failure; the first one is told.
    pub fn fail(&self, failure: Failure) {
        self.fail_after_the_rest(failure);
        self.stop();
    }

    /// Ends the feed with a failure once what was read has been sent.
    pub fn fail_after_the_rest(&self, failure: Failure) {
        let mut first = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(failure);
    }

    pub fn failure(&self) -> Option<Failure> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub fn seconds(&self) -> f64 {
        self.clock.elapsed().as_secs_f64()
    }

    /// Tells what is wrong with a row. Only the first ones are told.
    pub fn tell_row(&self, line: u64, why: &str) {
        match self.bad.load(Relaxed) + self.refused.load(Relaxed) {
            ..=MOST_TOLD => self.tell(&format!("line {line}: {why}")),
            told if told == MOST_TOLD + 1 => self.tell("further rows are counted only"),
            _ => {}
        }
    }

    /// Says what the feed waits for, or that it goes on.
    pub fn set_wait(&self, what: Option<&'static str>) {
        *self.waits_for.lock().unwrap_or_else(PoisonError::into_inner) = what;
        let Some(what) = what.filter(|_| !self.is_watched) else { return };
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.as_ref().is_none_or(|since| since.elapsed() > TELL_EVERY) {
            *told = Some(Stopwatch::start());
            self.tell(what);
        }
    }

    /// Draws the line that shows how far it is.
    pub fn draw(&self) {
        if !self.is_watched {
            return;
        }
        let (rows, taken) = (self.rows.load(Relaxed), self.taken.load(Relaxed));
        let (refused, bad) = (self.refused.load(Relaxed), self.bad.load(Relaxed));
        let waits_for = self.waits_for.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = waits_for.map(|what| format!(" · {what}")).unwrap_or_default();
        put(&format!(
            "{} rows read · {} in the server, {} of them found · {} refused, {} bad · {} a second{wait}",
            grouped(rows),
            grouped(taken),
            grouped(self.found.load(Relaxed)),
            grouped(refused),
            grouped(bad),
            grouped(self.per_second()),
        ));
    }

    /// Removes the line.
    pub fn clear(&self) {
        if self.is_watched {
            put("");
        }
    }

    pub fn per_second(&self) -> u64 {
        let ms = u64::try_from(self.clock.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        self.taken.load(Relaxed).saturating_mul(1_000) / ms
    }

    /// Prints a line of its own.
    fn tell(&self, line: &str) {
        self.clear();
        eprintln!("{line}");
    }
}

/// Replaces the line (ECMA-48: to the beginning, and erased).
pub fn put(line: &str) {
    let mut err = std::io::stderr().lock();
    // The reader may have gone.
    let _ = write!(err, "\r\x1b[K{line}").and_then(|()| err.flush());
}
