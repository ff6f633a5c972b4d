//! Who may write: one server at a time, whatever clocks, pauses and networks do.
//!
//! A server joins with a random number and shows that it lives by a beat that goes up. The data have one holder and an epoch; every append
//! names both, and locks the row that says them. Who starts takes the data when nobody holds them, when the holder has ended, or when its
//! beat has stood still for two seconds by the starter's own counting: so no two clocks are ever compared. Start reading at [`take`].

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};

use callslot_store::StoreError;

use crate::errors::{DATABASE, Error, failed};
use crate::limits::{BEAT, DEAD_AFTER, TAKES};
use crate::session::Session;
use crate::target::Target;

/// The only shard, until a server runs many.
pub(crate) const SHARD: i32 = 0;

/// The data, in an epoch in which this server alone may append.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub(crate) epoch: i64,
    /// The table of the ring that the next record goes to.
    pub(crate) slot: usize,
    /// Records up to here are forgotten.
    pub(crate) truncated: i64,
}

/// A number for this life of the process. Who was replaced without knowing it can never be taken for a later one.
pub(crate) fn new_node() -> Result<i64, StoreError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes)
        .map_err(|error| failed(callslot_store::Failure::Other, error.into()))?;
    Ok(i64::from_le_bytes(bytes) & i64::MAX)
}

/// Joins, and forgets those that ended long ago.
pub(crate) fn join(session: &mut Session, node: i64) -> Result<(), Error> {
    let name = format!("process {}", std::process::id());
    session.execute(
        "INSERT INTO node (node, name, version, state) VALUES ($1, $2, $3, 'live')",
        &[&node, &name, &env!("CARGO_PKG_VERSION")],
    )?;
    session
        .execute("DELETE FROM node WHERE state = 'dead' AND at < now() - interval '1 day'", &[])?;
    Ok(())
}

/// Says that this server has ended, so that the next need not wait for its beat to stand still.
pub(crate) fn leave(session: &mut Session, node: i64) -> Result<(), Error> {
    session.execute("UPDATE node SET state = 'dead' WHERE node = $1", &[&node]).map(drop)
}

/// Takes the data, or says that a server that lives holds them.
pub(crate) fn take(session: &mut Session, node: i64) -> Result<Held, Error> {
    for _ in 0..TAKES {
        let Some((epoch, holder)) = holder(session)? else { return Err(no_shard()) };
        match holder {
            Some(other) if !declared_dead(session, &other)? => return Err(in_use(&other).into()),
            Some(_) | None => {}
        }
        if let Some(held) = take_in(session, node, epoch)? {
            return Ok(held);
        }
    }
    Err(StoreError::InUse { place: DATABASE.into() }.into())
}

/// A server that holds the data, and has not said that it has ended.
struct Holder {
    node: i64,
    name: String,
    beat: i64,
}

fn holder(session: &mut Session) -> Result<Option<(i64, Option<Holder>)>, Error> {
    let row = session.row(
        "SELECT s.epoch, n.node, n.name, n.beat FROM shard s
         LEFT JOIN node n ON n.node = s.holder AND n.state <> 'dead' WHERE s.shard = $1",
        &[&SHARD],
    )?;
    Ok(row.map(|row| {
        let node: Option<i64> = row.get(1);
        let holder = node.map(|node| Holder { node, name: row.get(2), beat: row.get(3) });
        (row.get(0), holder)
    }))
}

/// Whether the beat of another server stands still, which is then put down. A late beat and this change the same row, so one of them is first.
fn declared_dead(session: &mut Session, other: &Holder) -> Result<bool, Error> {
    tracing::info!(
        holder = other.name,
        "another server held the database; waiting to see whether it lives"
    );
    thread::park_timeout(DEAD_AFTER);
    let changed = session.execute(
        "UPDATE node SET state = 'dead' WHERE node = $1 AND beat = $2 AND state <> 'dead'",
        &[&other.node, &other.beat],
    )?;
    if changed > 0 {
        return Ok(true);
    }
    Ok(session
        .row("SELECT 1 FROM node WHERE node = $1 AND state <> 'dead'", &[&other.node])?
        .is_none())
}

fn take_in(session: &mut Session, node: i64, seen: i64) -> Result<Option<Held>, Error> {
    let taken = session.row(
        "UPDATE shard s SET epoch = epoch + 1, holder = $3 WHERE shard = $1 AND epoch = $2
         AND (holder IS NULL OR NOT EXISTS (SELECT 1 FROM node n WHERE n.node = s.holder AND n.state <> 'dead'))
         AND EXISTS (SELECT 1 FROM node n WHERE n.node = $3 AND n.state = 'live') RETURNING epoch, slot, truncated",
        &[&SHARD, &seen, &node],
    )?;
    Ok(taken.map(|row| held_in(&row)))
}

/// Makes sure that an append of unknown outcome is in the log or never will be: the change waits for what may be under way on the
/// database's side, and nothing of the epoch before can follow it. None if the data are another server's by now.
pub(crate) fn settle(session: &mut Session, node: i64) -> Result<Option<Held>, Error> {
    let settled = session.row(
        "UPDATE shard SET epoch = epoch + 1 WHERE shard = $1 AND holder = $2 RETURNING epoch, slot, truncated",
        &[&SHARD, &node],
    )?;
    Ok(settled.map(|row| held_in(&row)))
}

/// Whether this server still holds the data in this epoch.
pub(crate) fn holds(session: &mut Session, node: i64, epoch: i64) -> Result<bool, Error> {
    let row = session.row(
        "SELECT 1 FROM shard WHERE shard = $1 AND holder = $2 AND epoch = $3",
        &[&SHARD, &node, &epoch],
    )?;
    Ok(row.is_some())
}

fn held_in(row: &postgres::Row) -> Held {
    let slot: i16 = row.get(1);
    Held { epoch: row.get(0), slot: usize::from(slot.unsigned_abs()), truncated: row.get(2) }
}

fn in_use(other: &Holder) -> StoreError {
    StoreError::InUse { place: format!("{DATABASE} (held by {})", other.name) }
}

fn no_shard() -> Error {
    StoreError::damaged(DATABASE, "the row of its shard is missing").into()
}

/// A thread that shows that this server lives, on a connection of its own.
pub(crate) struct Beats {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Beats {
    /// Begins. `deposed` is called once if this server was declared dead, which it is when it could not be heard for two seconds and
    /// another one was started.
    pub(crate) fn start(
        target: &Arc<Target>,
        node: i64,
        deposed: impl FnOnce() + Send + 'static,
    ) -> Result<Self, StoreError> {
        let target = Arc::clone(target);
        let (stop, stopped) = channel();
        let thread = thread::Builder::new()
            .name("beats".into())
            .spawn(move || {
                if beat(&target, node, &stopped) == Ended::Deposed {
                    deposed();
                }
            })
            .map_err(|error| failed(callslot_store::Failure::Other, error.into()))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Beats {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // Even if it panicked, it shows nothing any more.
            let _ = thread.join();
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Deposed,
    Stopped,
}

fn beat(target: &Target, node: i64, stopped: &Receiver<()>) -> Ended {
    let mut session = None;
    loop {
        match once(target, &mut session, node) {
            Ok(true) => {}
            Ok(false) => return Ended::Deposed,
            Err(error) => {
                tracing::warn!(error = %StoreError::from(error), "the database was not told that this server lives");
                session = None;
            }
        }
        match stopped.recv_timeout(BEAT) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    if let Some(session) = &mut session {
        // If it fails, the next start waits two seconds.
        let _ = leave(session, node);
    }
    Ended::Stopped
}

fn once(target: &Target, session: &mut Option<Session>, node: i64) -> Result<bool, Error> {
    let session = match session {
        Some(session) => session,
        None => session.insert(target.connect()?),
    };
    let beaten = session.execute(
        "UPDATE node SET beat = beat + 1, at = clock_timestamp() WHERE node = $1 AND state <> 'dead'",
        &[&node],
    )?;
    Ok(beaten > 0)
}
