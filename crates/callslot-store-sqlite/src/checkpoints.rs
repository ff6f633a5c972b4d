//! Moves a write-ahead log into its database, alongside the commits.
//!
//! On its own, SQLite does this at the end of the commit that makes the write-ahead log too long, and that commit takes longer.
//! This thread does it a part at a time, so that little is left for the commit. Nothing depends on it: if it fails, a commit
//! does it as usual. See <https://sqlite.org/wal.html#checkpointing>.
//!
//! SQLite flushes the database only when nothing is left to move, which is seldom while commits go on. By then so much may be
//! unflushed that all commits wait for the disk. So this thread flushes each part, through a file handle of its own. Closing it
//! takes away the process's locks on the file, so it is closed after all connections.

use std::fs::File;
use std::mem;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use callslot_store::StoreError;
use rusqlite::{Connection, OpenFlags};

use crate::errors::{cannot_use, in_file};
use crate::limits::CHECKPOINT_AFTER;

/// A thread that checkpoints until this is dropped.
#[derive(Debug)]
pub(crate) struct Checkpoints {
    written: Arc<Written>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread waits for.
#[derive(Debug, Default)]
struct Written {
    /// How much is moved at once.
    much: usize,
    state: Mutex<State>,
    has_changed: Condvar,
}

/// What is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// What can be without waiting for anybody.
    Movable,
    /// Everything, so that nothing is left. It waits for reads that have begun.
    All,
}

#[derive(Debug, Default)]
struct State {
    /// How much was written since the thread moved something last.
    bytes: usize,
    /// Whether nothing is to be left in the write-ahead log once all is moved.
    empties: bool,
    has_ended: bool,
}

impl Checkpoints {
    /// Starts the thread for the database `file`, which exists. It moves `much` at once.
    pub(crate) fn start(file: &Path, much: usize) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(file, flags).map_err(|error| in_file(file, error))?;
        let database = File::open(file).map_err(|error| cannot_use(file, error))?;
        let written = Arc::new(Written { much, ..Written::default() });
        let waits_for = Arc::clone(&written);
        let thread = thread::Builder::new()
            .name("checkpoints".into())
            .spawn(move || run(&connection, &database, &waits_for))
            .map_err(|error| cannot_use(file, error))?;
        Ok(Self { written, thread: Some(thread) })
    }

    /// Asks for the `bytes` that were just written to be moved soon.
    pub(crate) fn ask(&self, bytes: usize) {
        let mut state = self.written.lock();
        let before = state.bytes;
        state.bytes = before.saturating_add(bytes.max(1));
        if before == 0 || before < self.written.much && state.bytes >= self.written.much {
            self.written.has_changed.notify_one();
        }
    }

    /// Asks for the write-ahead log to be emptied soon: something in it is to be nowhere any more. Otherwise its bytes stay until later
    /// ones are written in their place.
    pub(crate) fn ask_to_empty(&self) {
        self.written.lock().empties = true;
        self.ask(1);
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.written.lock().has_ended = true;
        self.written.has_changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // Even if it panicked, it no longer has the files open.
            let _ = thread.join();
        }
    }
}

impl Written {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something is to be moved: much was written, or something a while ago. None when there is nothing more to do.
    fn wait(&self) -> Option<Part> {
        let is_idle = |state: &mut State| state.bytes == 0 && !state.has_ended;
        let state = self.has_changed.wait_while(self.lock(), is_idle);
        let state = state.unwrap_or_else(PoisonError::into_inner);
        let is_little = |state: &mut State| state.bytes < self.much && !state.has_ended;
        let waited = self.has_changed.wait_timeout_while(state, CHECKPOINT_AFTER, is_little);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.bytes = 0;
        let part = if mem::take(&mut state.empties) { Part::All } else { Part::Movable };
        (!state.has_ended).then_some(part)
    }
}

fn run(connection: &Connection, database: &File, written: &Written) {
    while let Some(part) = written.wait() {
        // If the disk is full or broken, a commit reports it.
        match part {
            Part::Movable => {
                let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
            }
            Part::All => {
                let is_busy = connection
                    .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
                    .unwrap_or(true);
                if is_busy {
                    // A read took long. Another attempt is made as after a commit.
                    let mut state = written.lock();
                    state.empties = true;
                    state.bytes = state.bytes.max(1);
                }
            }
        }
        let _ = database.sync_data();
    }
}
