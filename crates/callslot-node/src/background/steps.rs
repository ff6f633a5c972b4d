//! What the background tasks share: running a step on a blocking thread, and repeating a step.

use std::sync::Arc;

use callslot_store::{Store, StoreError};

use crate::advice::with_advice;
use crate::threads::with_store;

/// Runs `work` on a blocking thread. Returns how much was done, or none when it failed.
pub(super) async fn run(
    store: &Arc<dyn Store>,
    what: &'static str,
    work: impl FnOnce(&dyn Store) -> Result<u64, StoreError> + Send + 'static,
) -> Option<u64> {
    match with_store(store, work).await {
        Ok(Ok(done)) => {
            if done > 0 {
                tracing::debug!(done, "{what}");
            }
            Some(done)
        }
        Ok(Err(error)) => {
            tracing::warn!(error = with_advice(&error), "{what} failed; will retry");
            None
        }
        // The runtime is shutting down, and this task with it.
        Err(_) => None,
    }
}

/// Repeats a step up to `most` times, until it returns that it did nothing. Returns the total.
pub(super) fn while_more(
    most: usize,
    mut step: impl FnMut() -> Result<u64, StoreError>,
) -> Result<u64, StoreError> {
    let mut done = 0;
    for _ in 0..most {
        match step()? {
            0 => break,
            more => done += more,
        }
    }
    Ok(done)
}
