//! What the background tasks have in common: a step on a thread that may block, and a round of steps.

use std::sync::Arc;

use callslot_store::{Store, StoreError};

use crate::threads::with_store;

/// Does something that blocks, on a thread for it; says how much was done, or nothing when it failed.
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
            tracing::warn!(%error, "{what} failed; it is tried again later");
            None
        }
        // The runtime is going, and this task with it.
        Err(_) => None,
    }
}

/// Repeats a step that says how much it did, up to `most` times, until there was nothing to do.
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
