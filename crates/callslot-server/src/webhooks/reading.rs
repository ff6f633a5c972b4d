//! Reads events for a webhook on a task of its own, a batch ahead. A read of the log that were given up whenever a delivery ends would begin
//! again each time.

use std::sync::Arc;

use callslot_node::{EventFeed, FedEvent, FollowError};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// A batch of events, or why there are no more.
pub(crate) type Batch = Result<Vec<Arc<FedEvent>>, FollowError>;

/// A feed that is being read, until this is dropped.
#[derive(Debug)]
pub(crate) struct Reading {
    batches: mpsc::Receiver<Batch>,
    task: JoinHandle<()>,
}

impl Reading {
    pub(crate) fn of(mut feed: EventFeed) -> Self {
        let (bring, batches) = mpsc::channel(1);
        let task = tokio::spawn(async move {
            while let Ok(room) = bring.reserve().await {
                let Some(batch) = feed.next().await else { return };
                let is_last = batch.is_err();
                room.send(batch);
                if is_last {
                    return;
                }
            }
        });
        Self { batches, task }
    }

    /// The next batch; none once the organisation is gone or the server stops. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Option<Batch> {
        self.batches.recv().await
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.task.abort();
    }
}
