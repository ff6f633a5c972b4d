//! Asks an API whose client blocks: on threads for that, few at once, and counted.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::metrics::Metrics;

/// How many blocking requests of a door are under way at once.
const MAX_ASKED: usize = 16;

/// A client that blocks, of the carrier's API or Asterisk's.
#[derive(Debug)]
pub(crate) struct Asking<C> {
    pub(crate) client: C,
    metrics: Arc<Metrics>,
    places: Semaphore,
}

impl<C: Clone + Send + 'static> Asking<C> {
    pub(crate) fn new(client: C, metrics: Arc<Metrics>) -> Self {
        Self { client, metrics, places: Semaphore::new(MAX_ASKED) }
    }

    /// Asks the client; `what` is for the figures.
    pub(crate) async fn ask<T: Send + 'static, E: Send + 'static>(
        &self,
        what: &'static str,
        ask: impl FnOnce(&C) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let client = self.client.clone();
        let asked = self.blocking(move || ask(&client)).await;
        self.metrics.asked(what, &asked);
        asked
    }

    /// Does something else that blocks, such as a request to Callslot.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        let _place = self.places.acquire().await.expect("it is never closed");
        tokio::task::spawn_blocking(work).await.expect("it does not panic")
    }
}
