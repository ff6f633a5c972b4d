//! The metadata and notes of ended calls that the core has dropped from memory: it reads them from the history, and waits there until those of
//! a call that is erased are gone. It decides nothing.

use callslot_core::{Call, CallId, CallView, Ended, OrgId};

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
        let mut views = [view];
        self.add_texts(org, &mut views).await?;
        let [view] = views;
        Ok(view)
    }

    /// The same for the calls of one answer, which are read together and waited for together.
    ///
    /// # Errors
    /// [`Unavailable`] when some cannot be read now. Those that could have their texts. Ask again.
    pub async fn add_texts<'a>(
        &self,
        org: &OrgId,
        views: impl IntoIterator<Item = &'a mut CallView>,
    ) -> Result<(), Unavailable> {
        let views = views.into_iter().filter(|view| view.call.has_texts_in_history());
        let mut missing: Vec<&mut CallView> = views.collect();
        let found = async {
            while !missing.is_empty() {
                let org = org.clone();
                let ids: Vec<_> = missing.iter().map(|view| view.call.request.id.clone()).collect();
                let read = self.in_store(move |store| {
                    ids.iter().map(|id| store.ended_call(&org, id)).collect::<Result<Vec<_>, _>>()
                });
                let mut found = read.await?.into_iter();
                missing.retain_mut(|view| !put_texts(view, found.next().flatten()));
                if !missing.is_empty() {
                    tokio::time::sleep(LOOK_FOR_HISTORY_EVERY).await;
                }
            }
            Ok(())
        };
        let found = tokio::time::timeout(MAX_WAIT_FOR_HISTORY, found).await;
        found.unwrap_or(Err(Unavailable::Overloaded))
    }
}

impl NodeHandle {
    /// Waits until the history has come to the erasure of a call, so that nobody is shown the call's texts any more. If that takes long, it is
    /// left to the history: it does not pass over it.
    ///
    /// # Errors
    /// [`Unavailable`] when the history cannot be read now.
    pub async fn until_erased(&self, org: &OrgId, id: &CallId) -> Result<(), Unavailable> {
        let erased = async {
            loop {
                let (of, id) = (org.clone(), id.clone());
                let found = self.in_store(move |store| store.ended_call(&of, &id)).await?;
                if found.is_some_and(|mut call| !call.erase_texts()) {
                    return Ok(());
                }
                tokio::time::sleep(LOOK_FOR_HISTORY_EVERY).await;
            }
        };
        tokio::time::timeout(MAX_WAIT_FOR_HISTORY, erased).await.unwrap_or(Ok(()))
    }
}

/// Puts a call of the history in the place of the one without texts. Returns false if it is another one: an earlier call may have
/// had the id.
fn put_texts(view: &mut CallView, found: Option<Call<Ended>>) -> bool {
    let found = found.filter(|call| call.request.ticket == view.call.request.ticket);
    let is_it = found.is_some();
    if let Some(call) = found {
        *view = CallView { call: call.into(), wait: None };
    }
    is_it
}
