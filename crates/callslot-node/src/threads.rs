//! Where work runs: on a blocking thread, at low priority, or as a task whose panic ends the process.

use std::sync::Arc;

use callslot_store::{Store, StoreError};
use tokio::task::JoinHandle;

use crate::limits::PROJECTION_NICENESS;
use crate::unavailable::Unavailable;

/// How many things a machine can do at once, at least 1.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Runs `work` with the store on a blocking thread.
///
/// # Errors
/// [`Unavailable::ShuttingDown`] when the runtime ends first.
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

/// Runs `work` on a thread of low priority and waits for it. Where that is not possible, runs it at normal priority.
pub(crate) fn with_low_priority<T: Send>(work: impl Fn() -> T + Send + Sync) -> T {
    let nicely = || {
        // Only on Linux does each thread have its own niceness; elsewhere this would slow down the whole process.
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
/// A panic in it means that an invariant is violated. Restarting from the log is better than running on without the task, so
/// the process is aborted.
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
                "invariant violated in {name}; aborting, state is recovered from the log on restart"
            );
            std::process::abort();
        }
    })
}
