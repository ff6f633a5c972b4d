//! Moves the log's write-ahead log into its database, beside the commits.
//!
//! By itself SQLite does this at the end of the commit that makes the file long, and whoever waits for that commit waits for
//! it too. Done here a part at a time, little is left to do when the file has reached its length. It keeps and decides nothing:
//! where it fails, a commit does it as before. See <https://sqlite.org/wal.html#checkpointing>.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread::{self, JoinHandle};

use callslot_store::StoreError;
use rusqlite::{Connection, OpenFlags};

use crate::errors::{cannot_use, in_file};
use crate::limits::CHECKPOINT_AFTER;

/// A thread that checkpoints, until this is dropped.
#[derive(Debug)]
pub(crate) struct Checkpoints {
    ways_to_it: Option<WaysToIt>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct WaysToIt {
    ask: SyncSender<()>,
    /// Nothing is ever sent: the thread notices when it is dropped.
    _alive: SyncSender<()>,
}

impl Checkpoints {
    /// Of the database `file`, which is there.
    pub(crate) fn start(file: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(file, flags).map_err(|error| in_file(file, error))?;
        let (ask, asked) = mpsc::sync_channel(1);
        let (alive, ended) = mpsc::sync_channel(0);
        let thread = thread::Builder::new()
            .name("checkpoints".into())
            .spawn(move || run(&connection, &asked, &ended))
            .map_err(|error| cannot_use(file, error))?;
        Ok(Self { ways_to_it: Some(WaysToIt { ask, _alive: alive }), thread: Some(thread) })
    }

    /// Has what was written so far moved soon.
    pub(crate) fn ask(&self) {
        if let Some(WaysToIt { ask, .. }) = &self.ways_to_it {
            // Where it has been asked already, that is enough.
            let _ = ask.try_send(());
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        drop(self.ways_to_it.take());
        if let Some(thread) = self.thread.take() {
            // Whatever became of it, the files are nobody's from here on.
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, asked: &Receiver<()>, ended: &Receiver<()>) {
    while asked.recv().is_ok() {
        if ended.recv_timeout(CHECKPOINT_AFTER) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        // A disk that is full or broken is noticed by the commits.
        let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }
}
