//! The client that waits for a call's start goes away: then the call ends, if it was asked for and it is still queued.

use std::time::Duration;

use callslot_core::{CallId, HangUp, OrgId};
use callslot_node::{NodeHandle, SubmitError, Unavailable};
use tokio::runtime::Handle;

/// The pause before another attempt, if the node takes no command.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(500);
/// How often it is tried: for a minute.
const ATTEMPTS: usize = 120;

/// A client that waits for a call's start. If it is dropped before the answer is there, the client has gone away.
pub(crate) struct Waiter(Option<(NodeHandle, OrgId, CallId)>);

impl Waiter {
    pub(crate) fn new(node: &NodeHandle, org: &OrgId, call: &CallId) -> Self {
        Self(Some((node.clone(), org.clone(), call.clone())))
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
