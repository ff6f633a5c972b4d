//! Keeps how far webhooks have come: what all of them have to keep at one time goes into one transaction, so that many webhooks ask the
//! disk no more often than one.

use std::sync::Arc;

use callslot_node::{NodeHandle, Unavailable};
use callslot_store::WebhookProgress;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use crate::webhooks::limits::{KEPT_AT_ONCE, MAX_WEBHOOKS_OF_ALL, RETRY_AFTER};

/// Where webhooks bring what they have to keep. Each brings the next only after the last is kept.
#[derive(Debug, Clone)]
pub(crate) struct Keeper(mpsc::Sender<Brought>);

#[derive(Debug)]
struct Brought {
    of: (String, WebhookProgress),
    kept: oneshot::Sender<()>,
}

/// Room for one progress.
pub(crate) struct Place<'a>(mpsc::Permit<'a, Brought>);

impl Place<'_> {
    /// Brings a progress; what is returned ends once it is kept, or the server stops.
    pub(crate) fn bring(self, id: String, progress: WebhookProgress) -> oneshot::Receiver<()> {
        let (kept, told) = oneshot::channel();
        self.0.send(Brought { of: (id, progress), kept });
        told
    }
}

impl Keeper {
    /// Keeps what is brought from now on, until nobody can bring anything.
    pub(crate) fn new(node: NodeHandle) -> Self {
        let (bring, brought) = mpsc::channel(MAX_WEBHOOKS_OF_ALL);
        tokio::spawn(keep(node, brought));
        Self(bring)
    }

    /// Room for one, if there is.
    pub(crate) fn place(&self) -> Option<Place<'_>> {
        self.0.try_reserve().ok().map(Place)
    }
}

async fn keep(node: NodeHandle, mut brought: mpsc::Receiver<Brought>) {
    let mut taken = Vec::new();
    while brought.recv_many(&mut taken, KEPT_AT_ONCE).await > 0 {
        let (of, kept): (Vec<_>, Vec<_>) = taken.drain(..).map(|one| (one.of, one.kept)).unzip();
        let of = Arc::new(of);
        loop {
            let keeping = Arc::clone(&of);
            match node.in_store(move |store| store.keep_progress(&keeping)).await {
                Ok(()) => break,
                Err(Unavailable::ShuttingDown) => return,
                Err(Unavailable::Overloaded | Unavailable::StoreFailed) => sleep(RETRY_AFTER).await,
            }
        }
        for kept in kept {
            // A webhook that was stopped does not wait for it.
            let _ = kept.send(());
        }
    }
}
