//! The store itself: its connections, who may use which, and how it is opened and closed.
//!
//! Start reading at [`PostgresStore::open`].

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread;

use callslot_store::org_blocks::BlockInProgress;
use callslot_store::{Damage, Position, Store, StoreError};

use crate::checks;
use crate::ended_migration::move_into_blocks;
use crate::errors::{DATABASE, Error};
use crate::integers::position;
use crate::lanes::{Lane, Readers, outside_of_tasks};
use crate::layout::{make_or_check, upgrade};
use crate::owner::{Beats, Held, SHARD, join, leave, new_node, take};
use crate::ring::Ring;
use crate::session::Session;
use crate::target::Target;

/// A store in a PostgreSQL database that this process alone may write to.
///
/// It may be dropped on any thread; its methods block.
pub struct PostgresStore {
    pub(crate) node: i64,
    /// Held for each append.
    pub(crate) writer: Mutex<Writer>,
    ring: RwLock<Ring>,
    /// Whether the outcome of an append is unknown. Nothing is read of the log until it is known.
    pub(crate) is_unsettled: AtomicBool,
    /// Whether another server has taken the data.
    pub(crate) is_deposed: Arc<AtomicBool>,
    /// Appends, and nothing else, so that nothing holds them up.
    pub(crate) appends: Lane,
    /// Plans, keys, sessions, the audit, snapshots, and who holds the data.
    pub(crate) rest: Lane,
    /// The history, whose transactions take longer.
    pub(crate) history: Lane,
    pub(crate) readers: Readers,
    /// Held while a snapshot is saved, which takes many statements.
    pub(crate) saving: Mutex<()>,
    beats: Option<Beats>,
    shown: String,
}

/// What an append needs to know.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) held: Held,
    pub(crate) block: BlockInProgress,
}

impl PostgresStore {
    /// Opens the store in the database at `url`, and makes its tables if there are none. `deposed` is called, on a thread of the store, if
    /// another server takes the data over: it does that only when this one could not be heard for two seconds. From then on all that
    /// asks for the log fails; what this process knows is outdated, so it should end.
    ///
    /// The database is `postgres://user:password@host:port/database`, with what PostgreSQL's own programs know behind a `?`. `sslmode` is
    /// `verify-full` or `disable`, and the former unless the database is on this machine; `sslrootcert` names a file of authorities.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when a server that lives holds the data, [`StoreError::TooNew`] when this version does not know the tables,
    /// [`StoreError::Damaged`] when they are another program's, [`StoreError::Failed`] when the database cannot be reached, is too old, or
    /// would lose what it has confirmed.
    pub fn open(url: &str, deposed: impl FnOnce() + Send + 'static) -> Result<Self, StoreError> {
        outside_of_tasks(|| Self::open_here(url, deposed))
    }

    fn open_here(url: &str, deposed: impl FnOnce() + Send + 'static) -> Result<Self, StoreError> {
        let target = Arc::new(Target::parse(url)?);
        let mut session = target.connect()?;
        checks::refuse_unsafe(&mut session)?;
        make_or_check(&mut session)?;
        let node = new_node()?;
        join(&mut session, node)?;
        let taken = take(&mut session, node).and_then(|held| {
            upgrade(&mut session)?;
            move_into_blocks(&mut session, node)?;
            let ring = Ring::read(&mut session, held)?;
            check_that_history_follows_the_log(&mut session, ring.end)?;
            Ok((held, ring))
        });
        let (held, ring) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                // If it fails, its beat stands still.
                let _ = leave(&mut session, node);
                return Err(error.into());
            }
        };
        let is_deposed = Arc::new(AtomicBool::new(false));
        let known = Arc::clone(&is_deposed);
        let beats = Beats::start(&target, node, move || {
            known.store(true, Ordering::Release);
            deposed();
        })?;
        Ok(Self {
            node,
            writer: Mutex::new(Writer { held, block: BlockInProgress::default() }),
            ring: RwLock::new(ring),
            is_unsettled: AtomicBool::new(false),
            is_deposed,
            appends: Lane::new(&target),
            rest: Lane::new(&target),
            history: Lane::new(&target),
            readers: Readers::new(&target),
            saving: Mutex::new(()),
            beats: Some(beats),
            shown: target.shown().to_owned(),
        })
    }

    /// Where the database is, without a password.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.shown
    }

    /// Which records are where.
    pub(crate) fn ring(&self) -> Ring {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn change_ring(&self, change: impl FnOnce(&mut Ring)) {
        change(&mut self.ring.write().unwrap_or_else(PoisonError::into_inner));
    }

    fn close(&mut self) {
        drop(self.beats.take());
        for lane in [&self.appends, &self.rest, &self.history] {
            lane.close();
        }
        self.readers.close();
    }
}

impl Store for PostgresStore {
    /// One: a store in PostgreSQL cannot be made with more yet, though its tables have room for them.
    fn shards(&self) -> u16 {
        1
    }

    fn number(&self) -> u16 {
        0
    }

    fn shard(self: Arc<Self>, number: u16) -> Arc<dyn Store> {
        assert_eq!(number, 0, "there is one shard");
        self
    }
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        // Connections wait while they close, which a thread of an asynchronous runtime must not.
        thread::scope(|scope| {
            // If it panicked, the database ends what is left.
            let _ = scope.spawn(|| self.close()).join();
        });
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PostgresStore").field("place", &self.shown).finish_non_exhaustive()
    }
}

/// Whatever is projected was in the log first, so a history that reaches further belongs to another log.
fn check_that_history_follows_the_log(session: &mut Session, end: Position) -> Result<(), Error> {
    let row = session.row("SELECT position FROM projected WHERE shard = $1", &[&SHARD])?;
    let reached = row.map_or(Position(0), |row| position(row.get(0)));
    if reached <= end {
        return Ok(());
    }
    let damage = Damage::AheadOfLog { reached, end };
    Err(StoreError::Damaged { place: format!("the history in {DATABASE}"), damage }.into())
}

/// What everything fails with once another server has taken the data.
pub(crate) fn deposed() -> StoreError {
    StoreError::InUse { place: DATABASE.into() }
}
