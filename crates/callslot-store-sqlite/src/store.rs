//! The store itself: its connections, who may use which, and its files.
//!
//! `callslot.db` holds the log, snapshots, plans, keys and sessions; `history.db` holds ended calls and figures, in a file and
//! on connections of its own, so that its transactions never hold up a commit of the log. Both are in WAL mode with
//! `synchronous=FULL`: a transaction that has returned survives a crash of the machine. Start reading at [`SqliteStore::open`].

use std::fs::File;
use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_store::org_blocks::BlockInProgress;
use callslot_store::{Damage, Store, StoreError, is_number_of_shards};
use rusqlite::Connection;

use crate::checkpoints::Checkpoints;
use crate::committer::Committer;
use crate::data_directory::{
    HISTORY_FILE, LOG_FILE, lock, make_private_directory, refuse_unfinished,
};
use crate::ended_migration::move_into_blocks;
use crate::errors::{Error, damaged, in_file};
use crate::limits::{HISTORY_CHECKPOINT_BYTES, LOG_CACHE_KIB, LOG_CHECKPOINT_BYTES};
use crate::open::{open_to_read, open_to_write, overwrite_what_is_removed, with_cache};
use crate::positions::{end, projected, shards_in};
use crate::readers::Readers;
use crate::replaced_files::Files;
use crate::schema::{HISTORY_TABLES, LOG_TABLES, make_shards};
use crate::shard::Shard;
use crate::unpacked_blocks::UnpackedBlocks;

/// A store in a data directory, open in this process alone, as it is seen from one of its shards.
#[derive(Debug)]
pub struct SqliteStore {
    open: Arc<OpenStore>,
    pub(crate) shard: Shard,
}

/// What the shards of a store have in common.
#[derive(Debug)]
pub struct OpenStore {
    shards: u16,
    /// Held by the thread that is next to get the writer. With a mutex alone, a thread that has just released the writer could
    /// take it again ahead of those that wait, and a long save could keep an append out.
    turn: Mutex<()>,
    /// Appends, snapshots, plans, keys and sessions.
    writer: Mutex<Connection>,
    /// What waits to be appended.
    pub(crate) committer: Committer,
    /// For each shard, the index of what was appended last. It is locked for as long as an append takes, before the writer.
    pub(crate) blocks: Vec<Mutex<BlockInProgress>>,
    /// Reads the log while the writer writes.
    pub(crate) reader: Mutex<Connection>,
    /// Read the log for those who follow it.
    pub(crate) followers: Readers,
    pub(crate) history: Mutex<Connection>,
    pub(crate) history_reader: Mutex<Connection>,
    /// Reads figures, which takes longer than looking for a call.
    pub(crate) figures_reader: Mutex<Connection>,
    pub(crate) unpacked: UnpackedBlocks,
    /// Held while a snapshot is saved, which takes many transactions.
    pub(crate) saving: Mutex<()>,
    pub(crate) log_checkpoints: Checkpoints,
    pub(crate) history_checkpoints: Checkpoints,
    /// What the connections have open.
    pub(crate) files: Files,
    /// Locked for as long as the store is open.
    _lock: File,
}

impl SqliteStore {
    /// Opens the store in `directory`, creating both if they do not exist, with one shard.
    ///
    /// # Errors
    /// As [`Self::open_or_make`].
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        Self::open_or_make(directory, 1)
    }

    /// Opens the store in `directory`, creating both if they do not exist. A store that is made has this many `shards`, a power of two up
    /// to [`MAX_SHARDS`](callslot_store::limits::MAX_SHARDS); one that is there keeps the number it has.
    ///
    /// # Panics
    /// When no store may have that many shards.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it open, [`StoreError::TooNew`] or [`StoreError::TooOld`] when this
    /// version does not know its layout, [`StoreError::Damaged`] when it is not a store, or no longer one, [`StoreError::Failed`] when it
    /// cannot be read or written.
    pub fn open_or_make(directory: &Path, shards: u16) -> Result<Self, StoreError> {
        assert!(is_number_of_shards(shards), "a store never has {shards} shards");
        make_private_directory(directory)?;
        refuse_unfinished(directory)?;
        Self::open_marked(directory, shards)
    }

    /// The same for a store that a restore has not finished yet.
    pub(crate) fn open_marked(directory: &Path, shards: u16) -> Result<Self, StoreError> {
        let lock = lock(directory)?;
        let log = directory.join(LOG_FILE);
        let history = directory.join(HISTORY_FILE);
        let log_writer = open_to_write(&log, LOG_TABLES, shards)?;
        let log_writer = with_cache(log_writer, LOG_CACHE_KIB, &log)?;
        let shards = shards_in(&log_writer).map_err(|error| error.in_file(&log))?;
        let mut history_writer = open_to_write(&history, HISTORY_TABLES, shards)?;
        // A history that was lost is made anew, or came with an older layout.
        make_shards(&history_writer, HISTORY_TABLES, shards)
            .map_err(|error| in_file(&history, error))?;
        overwrite_what_is_removed(&history_writer).map_err(|error| in_file(&history, error))?;
        move_into_blocks(&mut history_writer).map_err(|error| error.in_file(&history))?;
        let open = OpenStore {
            shards,
            turn: Mutex::new(()),
            writer: Mutex::new(log_writer),
            committer: Committer::default(),
            blocks: (0..shards).map(|_| Mutex::default()).collect(),
            reader: Mutex::new(with_cache(open_to_read(&log)?, LOG_CACHE_KIB, &log)?),
            followers: Readers::open(&log)?,
            history: Mutex::new(history_writer),
            history_reader: Mutex::new(open_to_read(&history)?),
            figures_reader: Mutex::new(open_to_read(&history)?),
            unpacked: UnpackedBlocks::default(),
            saving: Mutex::new(()),
            log_checkpoints: Checkpoints::start(&log, LOG_CHECKPOINT_BYTES)?,
            history_checkpoints: Checkpoints::start(&history, HISTORY_CHECKPOINT_BYTES)?,
            files: Files::of(&[&log, &history])?,
            _lock: lock,
        };
        open.check_that_history_follows_the_log(directory)?;
        Ok(Self { open: Arc::new(open), shard: Shard::FIRST })
    }
}

impl Deref for SqliteStore {
    type Target = OpenStore;

    fn deref(&self) -> &OpenStore {
        &self.open
    }
}

impl OpenStore {
    /// The writer, in the order of asking. Refuses to write to files that a restart would not find.
    pub(crate) fn writer(&self) -> Result<MutexGuard<'_, Connection>, StoreError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = use_connection(&self.writer);
        self.files.check_in_place()?;
        Ok(writer)
    }

    /// Whatever is projected was in the log first, so a history that reaches further belongs to another log.
    fn check_that_history_follows_the_log(&self, directory: &Path) -> Result<(), StoreError> {
        for shard in (0..self.shards).map(Shard) {
            let reached =
                projected(&use_connection(&self.history_reader), shard).map_err(Error::from)?;
            let end = end(&use_connection(&self.reader), shard).map_err(Error::from)?;
            if reached > end {
                let damage = Damage::AheadOfLog { reached, end };
                return Err(damaged(&directory.join(HISTORY_FILE), damage));
            }
        }
        Ok(())
    }
}

impl Store for SqliteStore {
    fn shards(&self) -> u16 {
        self.open.shards
    }

    fn number(&self) -> u16 {
        self.shard.0
    }

    fn shard(self: Arc<Self>, number: u16) -> Arc<dyn Store> {
        assert!(number < self.shards(), "there is no shard {number} of {}", self.shards());
        Arc::new(Self { open: Arc::clone(&self.open), shard: Shard(number) })
    }
}

/// A connection, even if the thread that used it last panicked: its open transaction was rolled back.
pub(crate) fn use_connection(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}
