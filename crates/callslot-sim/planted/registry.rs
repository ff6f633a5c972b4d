//! Which of the planted bugs is at work. It is only in the copy of the sources that bugs are planted in.

use core::sync::atomic::{AtomicUsize, Ordering};

static AT_WORK: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Sets a bug to work, in place of the one before; none: none.
pub fn set(bug: Option<usize>) {
    AT_WORK.store(bug.unwrap_or(usize::MAX), Ordering::Relaxed);
}

/// Whether a bug is at work.
#[must_use]
pub fn is(bug: usize) -> bool {
    AT_WORK.load(Ordering::Relaxed) == bug
}
