//! The state that handlers share.

use std::sync::Arc;

use callslot_api::ProblemCode as Code;
use callslot_node::NodeHandle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::auth::key_ring::{HasKeys, KeyRing};
use crate::auth::sign_in_codes::SignInCodes;
use crate::closing::Closing;
use crate::limits::{HISTORY_READS, MAX_WAITING_CLIENTS};
use crate::metrics::ServerMetrics;
use crate::reference::page::Documents;
use crate::refusal::Refusal;
use crate::web_app::files::Dashboard;

/// The state of a server, shared by its handlers.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) node: NodeHandle,
    pub(crate) keys: KeyRing,
    pub(crate) codes: SignInCodes,
    pub(crate) dashboard: Dashboard,
    pub(crate) documents: Documents,
    pub(crate) metrics: Arc<ServerMetrics>,
    /// When the server stops, waiting clients are released.
    pub(crate) closing: Closing,
    /// Permits for waiting clients.
    waiting: Arc<Semaphore>,
    /// Limits concurrent history reads, since one answer may hold many figures in memory.
    figures: Arc<Semaphore>,
}

impl App {
    pub(crate) fn new(
        node: NodeHandle,
        keys: KeyRing,
        dashboard: Dashboard,
        documents: Documents,
        closing: Closing,
    ) -> Self {
        let waiting = Arc::new(Semaphore::new(MAX_WAITING_CLIENTS));
        let figures = Arc::new(Semaphore::new(HISTORY_READS));
        let (codes, metrics) = (SignInCodes::default(), Arc::default());
        Self { node, keys, codes, dashboard, documents, metrics, closing, waiting, figures }
    }

    /// A permit to wait, valid until it is dropped.
    pub(crate) fn permit_to_wait(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| {
            Refusal::new(
                Code::Overloaded,
                format!(
                    "{MAX_WAITING_CLIENTS} clients are waiting for calls, following events or streaming, and the limit has been \
                     reached; retry in a second, or ask without `wait_s`"
                ),
            )
        })
    }

    /// Waits for a permit to read figures, valid until it is dropped.
    pub(crate) async fn turn_to_read_figures(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.figures).acquire_owned().await.expect("it is never closed")
    }

    /// Waits until the server stops.
    pub(crate) async fn closed(&self) {
        self.closing.begun().await;
    }
}

impl HasKeys for Arc<App> {
    fn keys(&self) -> &KeyRing {
        &self.keys
    }
}
