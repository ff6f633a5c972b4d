//! The state that handlers share.

use std::sync::Arc;

use callslot_core::Timestamp;
use callslot_node::{NodeHandle, wall_now};
use callslot_store::Seen;

use crate::auth::key_ring::{HasKeys, KeyRing};
use crate::auth::sign_in_codes::SignInCodes;
use crate::extract::body_budget::BodyBudget;
use crate::metrics::ServerMetrics;
use crate::reference::page::Documents;
use crate::seats::Seats;
use crate::shutdown::Closing;
use crate::turns::Turns;
use crate::web_app::files::Dashboard;
use crate::webhooks::registry::Webhooks;

/// The state of a server, shared by its handlers.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) node: NodeHandle,
    pub(crate) keys: KeyRing,
    pub(crate) codes: SignInCodes,
    /// The room for bodies that are arriving.
    pub(crate) bodies: BodyBudget,
    /// The seats of clients that stay connected.
    pub(crate) seats: Seats,
    pub(crate) dashboard: Dashboard,
    pub(crate) documents: Documents,
    pub(crate) metrics: Arc<ServerMetrics>,
    /// When the server stops, waiting clients are released.
    pub(crate) closing: Closing,
    /// The turns of reads that take long.
    pub(crate) turns: Turns,
    pub(crate) webhooks: Webhooks,
}

impl App {
    pub(crate) fn new(
        node: NodeHandle,
        keys: KeyRing,
        seats: Seats,
        dashboard: Dashboard,
        documents: Documents,
        closing: Closing,
        webhooks: Webhooks,
    ) -> Self {
        let (codes, bodies) = (SignInCodes::default(), BodyBudget::default());
        let (metrics, turns) = (Arc::default(), Turns::default());
        Self {
            node,
            keys,
            codes,
            bodies,
            seats,
            dashboard,
            documents,
            metrics,
            closing,
            turns,
            webhooks,
        }
    }

    /// What the clock shows, and for how long the server has run.
    pub(crate) fn now(&self) -> (Timestamp, Seen) {
        (wall_now(), self.node.lived())
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

    fn lived(&self) -> Seen {
        self.node.lived()
    }
}
