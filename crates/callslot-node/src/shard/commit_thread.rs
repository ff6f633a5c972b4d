//! The thread that waits for the disk, so that the loop does not have to. Retries failed steps with growing pauses; what the
//! steps are is in `commit_steps.rs`.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use callslot_store::{Position, Record, Store};
use tokio::sync::mpsc as tokio_mpsc;

use crate::limits::{MAX_OUTCOMES, RETRY_STORE};
use crate::shard::commit_steps::{Commit, Outcome};
use crate::time::system_clock::Stopwatch;

/// A handle of the thread. At most one record is in progress at a time.
#[derive(Debug)]
pub(crate) struct CommitThread {
    records: mpsc::SyncSender<(Position, Record)>,
    outcomes: tokio_mpsc::Receiver<(Outcome, Duration)>,
    /// Nothing is ever sent. Dropping it stops the thread's retries.
    alive: mpsc::SyncSender<()>,
}

impl CommitThread {
    pub(crate) fn start(store: Arc<dyn Store>) -> Self {
        let (records, to_commit) = mpsc::sync_channel(1);
        let (tell, outcomes) = tokio_mpsc::channel(MAX_OUTCOMES);
        let (alive, stopped) = mpsc::sync_channel(0);
        let worker = Worker { store, tell, stopped };
        std::thread::Builder::new()
            .name("committer".into())
            .spawn(move || worker.run(&to_commit))
            .expect("a thread can be started");
        Self { records, outcomes, alive }
    }

    /// Starts appending a record after `after`; the result is the next outcome.
    pub(crate) fn commit(&self, after: Position, record: Record) {
        self.records.send((after, record)).expect("the thread lives as long as its handle");
    }

    /// The next outcome, and how long it took.
    pub(crate) async fn outcome(&mut self) -> (Outcome, Duration) {
        self.outcomes.recv().await.expect("the thread lives as long as its handle")
    }

    /// Ends the thread and waits until it has released the store, so that it can be opened again.
    pub(crate) async fn finish(self) {
        let Self { records, alive, mut outcomes } = self;
        drop((records, alive));
        while outcomes.recv().await.is_some() {}
    }
}

/// Its fields are dropped in this order: when nobody can send outcomes any more, the store has been released.
struct Worker {
    store: Arc<dyn Store>,
    tell: tokio_mpsc::Sender<(Outcome, Duration)>,
    stopped: mpsc::Receiver<()>,
}

impl Worker {
    fn run(&self, records: &mpsc::Receiver<(Position, Record)>) {
        for (after, record) in records {
            self.carry_out(Commit::new(after, record));
        }
    }

    /// Runs the commit until it is done or the node has stopped. Pauses after a failed step, longer each time.
    fn carry_out(&self, mut commit: Commit) {
        let (mut pause, longest) = RETRY_STORE;
        loop {
            let begun = Stopwatch::start();
            let outcome = commit.step(&*self.store);
            let works = outcome.as_ref().is_some_and(|it| !matches!(it, Outcome::Unknown));
            if let Some(outcome) = outcome {
                // Nobody is listening once the node has stopped.
                let _ = self.tell.blocking_send((outcome, begun.elapsed()));
            }
            if commit.is_done() {
                return;
            }
            if works {
                (pause, _) = RETRY_STORE;
                continue;
            }
            match self.stopped.recv_timeout(pause) {
                Err(RecvTimeoutError::Timeout) => pause = (pause * 2).min(longest),
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}
