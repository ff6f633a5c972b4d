//! What every door shares.

use callslot_node::NodeHandle;
use tokio::sync::watch;

use crate::auth::Keys;
use crate::metrics::DoorMetrics;

/// The state of the doors.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) node: NodeHandle,
    pub(crate) keys: Keys,
    pub(crate) metrics: DoorMetrics,
    /// Becomes true when the server stops: whoever waits goes home.
    pub(crate) closing: watch::Receiver<bool>,
}

impl App {
    /// Waits until the server stops.
    pub(crate) async fn closed(&self) {
        // A sender that is gone means the same.
        let _ = self.closing.clone().wait_for(|closing| *closing).await;
    }
}
