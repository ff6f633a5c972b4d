//! What every door shares.

use std::sync::Arc;

use callslot_api::ProblemCode as Code;
use callslot_node::NodeHandle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::auth::key_ring::Keys;
use crate::auth::sign_in_codes::Codes;
use crate::limits::{HISTORY_READS, MAX_WAITING_CLIENTS};
use crate::metrics::DoorMetrics;
use crate::refusal::Refusal;
use crate::web_app::files::Dashboard;

/// The state of the doors.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) node: NodeHandle,
    pub(crate) keys: Keys,
    pub(crate) codes: Codes,
    pub(crate) dashboard: Dashboard,
    pub(crate) metrics: DoorMetrics,
    /// Becomes true when the server stops: whoever waits goes home.
    pub(crate) closing: watch::Receiver<bool>,
    /// Room for clients that wait for a call or follow events.
    waiting: Arc<Semaphore>,
    /// Turns to read figures, of which an answer may hold many in memory.
    figures: Arc<Semaphore>,
}

impl App {
    pub(crate) fn new(
        node: NodeHandle,
        keys: Keys,
        dashboard: Dashboard,
        closing: watch::Receiver<bool>,
    ) -> Self {
        let waiting = Arc::new(Semaphore::new(MAX_WAITING_CLIENTS));
        let figures = Arc::new(Semaphore::new(HISTORY_READS));
        let (codes, metrics) = (Codes::default(), DoorMetrics::default());
        Self { node, keys, codes, dashboard, metrics, closing, waiting, figures }
    }

    /// A seat for a client that is to wait, for as long as it is kept.
    pub(crate) fn seat(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| {
            Refusal::new(
                Code::Overloaded,
                format!(
                    "{MAX_WAITING_CLIENTS} clients wait for calls, follow events or stream, and there is room for no more; repeat \
                     this in a second, or ask without wait_s"
                ),
            )
        })
    }

    /// Waits for a turn to read figures, for as long as it is kept.
    pub(crate) async fn turn_to_read_figures(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.figures).acquire_owned().await.expect("it is never closed")
    }

    /// Waits until the server stops.
    pub(crate) async fn closed(&self) {
        // A sender that is gone means the same.
        let _ = self.closing.clone().wait_for(|closing| *closing).await;
    }
}
