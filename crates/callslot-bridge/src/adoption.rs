//! Taking over a live call from a bridge that is gone.

use callslot_client::{Call, Error, Slots};

/// Begins to take a call over. It goes on if it is given up: a call that was not taken over could not be ended.
pub(crate) fn adopted(slots: Slots, id: String) -> impl Future<Output = Result<Call, Error>> {
    let adopting = tokio::spawn(async move { slots.adopt(&id).await });
    async move { adopting.await.unwrap_or(Err(Error::NoAnswer)) }
}
