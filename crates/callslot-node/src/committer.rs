//! The thread that waits for the disk, so that the loop need not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use callslot_store::{Position, Record, Store, StoreError};
use tokio::sync::mpsc as tokio_mpsc;

use crate::clock::Stopwatch;
use crate::limits::RETRY_STORE;
use crate::recover::{Recovered, recover};

/// What the committer has to tell.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The record is durable.
    Committed { end: Position, record: Record, took: Duration },
    /// An append failed; what the log holds is being found out.
    Failed,
    /// What the log holds. The record may be in it after all.
    Recovered { state: Recovered, written: Option<Record> },
    /// The store takes writes again.
    Writable,
}

/// A way to the committer's thread. At most one record is with it at a time.
#[derive(Debug)]
pub(crate) struct Committer {
    records: mpsc::Sender<(Position, Record)>,
    outcomes: tokio_mpsc::UnboundedReceiver<Outcome>,
    is_stopped: Arc<AtomicBool>,
}

impl Committer {
    pub(crate) fn start(store: Arc<dyn Store>) -> Self {
        let (records, to_commit) = mpsc::channel();
        let (tell, outcomes) = tokio_mpsc::unbounded_channel();
        let is_stopped = Arc::new(AtomicBool::new(false));
        let worker = Worker { store, tell, is_stopped: Arc::clone(&is_stopped) };
        std::thread::Builder::new()
            .name("committer".into())
            .spawn(move || worker.run(&to_commit))
            .expect("a thread can be started");
        Self { records, outcomes, is_stopped }
    }

    /// Has a record appended after `after`. The next outcome says what came of it.
    pub(crate) fn commit(&self, after: Position, record: Record) {
        self.records.send((after, record)).expect("the committer lives as long as its handle");
    }

    pub(crate) async fn outcome(&mut self) -> Outcome {
        self.outcomes.recv().await.expect("the committer lives as long as its handle")
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }
}

struct Worker {
    store: Arc<dyn Store>,
    tell: tokio_mpsc::UnboundedSender<Outcome>,
    is_stopped: Arc<AtomicBool>,
}

impl Worker {
    fn run(&self, records: &mpsc::Receiver<(Position, Record)>) {
        for (after, record) in records {
            let begun = Stopwatch::start();
            match self.store.append(after, &record) {
                Ok(end) => self.tell(Outcome::Committed { end, record, took: begun.elapsed() }),
                Err(error) => {
                    tracing::error!(
                        error = error_text(&error),
                        "a commit failed; reading the log again"
                    );
                    self.tell(Outcome::Failed);
                    self.recover(after, record);
                }
            }
        }
    }

    /// Finds out what the log holds, and then waits until the store takes writes again.
    fn recover(&self, after: Position, record: Record) {
        let Some(state) = self.until_it_works("the log cannot be read", || recover(&*self.store))
        else {
            return;
        };
        let Some(is_written) = self.until_it_works("the log cannot be read", || {
            let next = self.store.read_from(after, 1)?;
            Ok(next
                .first()
                .is_some_and(|(position, found)| *position == after.next() && *found == record))
        }) else {
            return;
        };
        self.tell(Outcome::Recovered { state, written: is_written.then_some(record) });
        if self.until_it_works("the store cannot write", || self.store.probe()).is_some() {
            tracing::info!("the store can write again");
            self.tell(Outcome::Writable);
        }
    }

    /// Tries again, with growing pauses, until it works or the node has stopped.
    fn until_it_works<T>(
        &self,
        what: &str,
        try_it: impl Fn() -> Result<T, StoreError>,
    ) -> Option<T> {
        let (mut pause, longest) = RETRY_STORE;
        while !self.is_stopped.load(Ordering::Relaxed) {
            match try_it() {
                Ok(value) => return Some(value),
                Err(error) => tracing::warn!(%error, "{what}; trying again in {pause:?}"),
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(longest);
        }
        None
    }

    /// Nobody listens any more once the node has stopped.
    fn tell(&self, outcome: Outcome) {
        let _ = self.tell.send(outcome);
    }
}

fn error_text(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
