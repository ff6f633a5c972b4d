//! Waiting for a store, and for tasks without which the node must not go on. Decides nothing.

use std::sync::Arc;

use callslot_store::{Store, StoreError};
use tokio::task::JoinHandle;

use crate::limits::PROJECTION_NICENESS;
use crate::unavailable::Unavailable;

/// Does something with a store on a thread that may wait.
///
/// # Errors
/// [`Unavailable::ShuttingDown`] when the runtime ends before it is done.
pub(crate) async fn with_store<T: Send + 'static>(
    store: &Arc<dyn Store>,
    work: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<Result<T, StoreError>, Unavailable> {
    let store = Arc::clone(store);
    match tokio::task::spawn_blocking(move || work(&*store)).await {
        Ok(outcome) => Ok(outcome),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(Unavailable::ShuttingDown),
    }
}

/// Does something on a thread that gives way to the others where they keep all processors busy; where that cannot be had, it
/// is done all the same.
pub(crate) fn with_low_priority<T: Send>(work: impl Fn() -> T + Send + Sync) -> T {
    let nicely = || {
        // A thread has a niceness of its own on Linux only; elsewhere the whole process would be nicer each time.
        if cfg!(target_os = "linux") {
            let _ = rustix::process::nice(PROJECTION_NICENESS);
        }
        work()
    };
    std::thread::scope(|scope| {
        match std::thread::Builder::new().name("history".into()).spawn_scoped(scope, nicely) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => work(),
        }
    })
}

/// Runs a task that the node cannot do without.
///
/// When it panics an invariant is broken: a restart, which reads the log again, is better than going on without it.
pub(crate) fn spawn_vital(
    name: &'static str,
    task: impl Future<Output = ()> + Send + 'static,
) -> JoinHandle<()> {
    let running = tokio::spawn(task);
    tokio::spawn(async move {
        if let Err(error) = running.await
            && error.is_panic()
        {
            tracing::error!(
                %error,
                "an invariant is broken in {name}; ending the process so that the next start reads the log again"
            );
            std::process::abort();
        }
    })
}
