//! Moves the log's write-ahead log into its database, alongside the commits.
//!
//! On its own, SQLite does this at the end of the commit that makes the write-ahead log too long, and that commit takes longer.
//! This thread does it a part at a time, so that little is left for the commit. Nothing depends on it: if it fails, a commit
//! does it as usual. See <https://sqlite.org/wal.html#checkpointing>.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread::{self, JoinHandle};

use callslot_store::StoreError;
use rusqlite::{Connection, OpenFlags};

use crate::errors::{cannot_use, in_file};
use crate::limits::CHECKPOINT_AFTER;

/// A thread that checkpoints until this is dropped.
#[derive(Debug)]
pub(crate) struct Checkpoints {
    channels: Option<Channels>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Channels {
    ask: SyncSender<()>,
    /// Nothing is ever sent on it; the thread notices when it is dropped.
    _alive: SyncSender<()>,
}

impl Checkpoints {
    /// Starts the thread for the database `file`, which exists.
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
        Ok(Self { channels: Some(Channels { ask, _alive: alive }), thread: Some(thread) })
    }

    /// Asks for everything written so far to be moved soon.
    pub(crate) fn ask(&self) {
        if let Some(Channels { ask, .. }) = &self.channels {
            // If it has been asked already, that is enough.
            let _ = ask.try_send(());
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        drop(self.channels.take());
        if let Some(thread) = self.thread.take() {
            // Even if it panicked, it no longer has the files open.
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, asked: &Receiver<()>, ended: &Receiver<()>) {
    while asked.recv().is_ok() {
        if ended.recv_timeout(CHECKPOINT_AFTER) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        // If the disk is full or broken, a commit reports it.
        let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }
}
