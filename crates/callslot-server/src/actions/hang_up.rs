//! The client that waits for a call's start goes away: then the call ends, if it was asked for and it is still queued.

use std::time::Duration;

use callslot_core::{CallId, HangUp, OrgId, StartCall, Started};
use callslot_node::{NodeHandle, SubmitError, Unavailable};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// The pause before another attempt, if the node takes no command.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(500);
/// How often it is tried: for a minute.
const ATTEMPTS: usize = 120;

/// A client that waits for the start of a call that it has made. If it is dropped before the answer is there, the client has gone
/// away.
pub(crate) struct Waiter(Option<(NodeHandle, OrgId, CallId)>);

impl Waiter {
    /// Starts a call for a client, who may go away meanwhile. There is a waiter if the call is new: one that was there before is
    /// for its own client to wait for.
    pub(crate) async fn start(
        node: &NodeHandle,
        start: (OrgId, StartCall),
    ) -> Result<(Started, Option<Self>), SubmitError> {
        let (answer, answered) = oneshot::channel();
        let node = node.clone();
        tokio::spawn(async move {
            let (org, call) = (start.0.clone(), start.1.id.clone());
            let outcome = node.submit(start).await.map(|started| {
                let waiter = started.is_new.then(|| Self(Some((node, org, call))));
                (started, waiter)
            });
            // If the client has gone, the waiter is dropped with what it was to be told.
            let _ = answer.send(outcome);
        });
        answered.await.unwrap_or(Err(SubmitError::Unavailable(Unavailable::ShuttingDown)))
    }

    /// The client has its answer.
    pub(crate) fn answered(mut self) {
        self.0 = None;
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        if let Some((node, org, call)) = self.0.take()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(hang_up(node, org, call));
        }
    }
}

async fn hang_up(node: NodeHandle, org: OrgId, call: CallId) {
    for _ in 0..ATTEMPTS {
        match node.submit((org.clone(), HangUp { call: call.clone() })).await {
            Ok(())
            | Err(SubmitError::Refused(_) | SubmitError::Unavailable(Unavailable::ShuttingDown)) => {
                return;
            }
            Err(SubmitError::Unavailable(Unavailable::Overloaded | Unavailable::StoreFailed)) => {
                tokio::time::sleep(TRY_AGAIN_AFTER).await;
            }
        }
    }
    tracing::warn!(%org, %call, "a call whose client went away could not be ended; it stays in the queue");
}
