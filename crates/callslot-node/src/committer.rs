//! The thread that waits for the disk, so that the loop need not.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use callslot_store::{Position, Record, Store, StoreError};
use tokio::sync::mpsc as tokio_mpsc;

use crate::clock::Stopwatch;
use crate::limits::{MAX_OUTCOMES, RETRY_STORE};
use crate::recover::{Recovered, recover};

/// What the committer has to tell.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The record is durable.
    Committed { end: Position, record: Record, took: Duration },
    /// An append failed; what the log holds is being found out.
    Failed,
    /// The log cannot be read either, so nobody can say yet whether the record is in it.
    Unknown,
    /// What the log holds. The record may be in it after all.
    Recovered { state: Recovered, written: Option<Record> },
    /// The store takes writes again.
    Writable,
}

/// A way to the committer's thread. At most one record is with it at a time.
#[derive(Debug)]
pub(crate) struct Committer {
    records: mpsc::SyncSender<(Position, Record)>,
    outcomes: tokio_mpsc::Receiver<Outcome>,
    /// Nothing is ever sent: the thread notices when it is dropped.
    _alive: mpsc::SyncSender<()>,
}

impl Committer {
    pub(crate) fn start(store: Arc<dyn Store>) -> Self {
        let (records, to_commit) = mpsc::sync_channel(1);
        let (tell, outcomes) = tokio_mpsc::channel(MAX_OUTCOMES);
        let (alive, stopped) = mpsc::sync_channel(0);
        let worker = Worker { store, tell, stopped };
        std::thread::Builder::new()
            .name("committer".into())
            .spawn(move || worker.run(&to_commit))
            .expect("a thread can be started");
        Self { records, outcomes, _alive: alive }
    }

    /// Has a record appended after `after`. The next outcome says what came of it.
    pub(crate) fn commit(&self, after: Position, record: Record) {
        self.records.send((after, record)).expect("the committer lives as long as its handle");
    }

    pub(crate) async fn outcome(&mut self) -> Outcome {
        self.outcomes.recv().await.expect("the committer lives as long as its handle")
    }
}

struct Worker {
    store: Arc<dyn Store>,
    tell: tokio_mpsc::Sender<Outcome>,
    stopped: mpsc::Receiver<()>,
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
        let found = match self.read_back(after, &record) {
            Ok(found) => Some(found),
            Err(error) => {
                tracing::error!(%error, "the log cannot be read");
                self.tell(Outcome::Unknown);
                self.until_it_works("the log cannot be read", || self.read_back(after, &record))
            }
        };
        let Some((state, is_written)) = found else {
            return;
        };
        self.tell(Outcome::Recovered { state, written: is_written.then_some(record) });
        if self.until_it_works("the store cannot write", || self.store.probe()).is_some() {
            tracing::info!("the store can write again");
            self.tell(Outcome::Writable);
        }
    }

    /// What the log holds, and whether the record is in it.
    fn read_back(&self, after: Position, record: &Record) -> Result<(Recovered, bool), StoreError> {
        let state = recover(&*self.store)?;
        let next = self.store.read_from(after, 1)?;
        let is_written = next
            .first()
            .is_some_and(|(position, found)| *position == after.next() && found == record);
        Ok((state, is_written))
    }

    /// Tries again, with growing pauses, until it works or the node has stopped.
    fn until_it_works<T>(
        &self,
        what: &str,
        try_it: impl Fn() -> Result<T, StoreError>,
    ) -> Option<T> {
        let (mut pause, longest) = RETRY_STORE;
        loop {
            match try_it() {
                Ok(value) => return Some(value),
                Err(error) => tracing::warn!(%error, "{what}; trying again in {pause:?}"),
            }
            match self.stopped.recv_timeout(pause) {
                Err(RecvTimeoutError::Timeout) => pause = (pause * 2).min(longest),
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// Nobody listens any more once the node has stopped.
    fn tell(&self, outcome: Outcome) {
        let _ = self.tell.blocking_send(outcome);
    }
}

fn error_text(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
