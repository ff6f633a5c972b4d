//! The metadata and notes of ended calls that the core has dropped from memory: it reads them from the history. It decides nothing.

use callslot_core::{CallView, OrgId};

use crate::limits::{LOOK_FOR_HISTORY_EVERY, MAX_WAIT_FOR_HISTORY};
use crate::node_handle::NodeHandle;
use crate::unavailable::Unavailable;

impl NodeHandle {
    /// The call with its metadata and its note, which may be in the history alone. If that has not come to the call's end yet, this waits
    /// for it.
    ///
    /// # Errors
    /// [`Unavailable`] when they cannot be read now. Ask again.
    pub async fn with_texts(&self, org: &OrgId, view: CallView) -> Result<CallView, Unavailable> {
        if !view.call.has_texts_in_history() {
            return Ok(view);
        }
        let (org, id, ticket) =
            (org.clone(), view.call.request.id.clone(), view.call.request.ticket);
        let found = async {
            loop {
                let (org, id) = (org.clone(), id.clone());
                let found = self.in_store(move |store| store.ended_call(&org, &id)).await?;
                // An earlier call may have had the id.
                if let Some(call) = found.filter(|call| call.request.ticket == ticket) {
                    return Ok(CallView { call: call.into(), wait: None });
                }
                tokio::time::sleep(LOOK_FOR_HISTORY_EVERY).await;
            }
        };
        let found = tokio::time::timeout(MAX_WAIT_FOR_HISTORY, found).await;
        found.unwrap_or(Err(Unavailable::Overloaded))
    }
}
