//! Appends of several shards that wait at once go into one transaction, with one sync for all of them.
//!
//! It has no thread of its own. Who comes first leads: it takes the writer, and then whatever waits by then. When that is in the file,
//! it tells everybody, and one of those that have come meanwhile leads next. So a shard that is alone waits for nobody. Start reading
//! at [`Committer::commit`].

use std::collections::VecDeque;
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Mutex, MutexGuard, PoisonError};

use callslot_core::Now;
use callslot_store::{AppendError, Failure, Position, StoreError};
use rusqlite::{Connection, TransactionBehavior};

use crate::checkpoints::Checkpoints;
use crate::errors::Error;
use crate::limits::COMMITTED_AT_ONCE_BYTES;
use crate::org_index::{self, IndexRows};
use crate::positions::end;
use crate::records::insert;
use crate::shard::Shard;

/// A record on its way into the log of a shard.
#[derive(Debug)]
pub(crate) struct Append {
    pub(crate) shard: Shard,
    pub(crate) after: Position,
    pub(crate) now: Now,
    pub(crate) body: Vec<u8>,
    pub(crate) index: IndexRows,
}

/// What becomes of an append.
type Outcome = Result<Position, AppendError>;

/// The appends that wait.
#[derive(Debug, Default)]
pub(crate) struct Committer {
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    has_leader: bool,
    waiting: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    append: Append,
    tell: SyncSender<Told>,
}

/// What one that waits is told.
#[derive(Debug)]
enum Told {
    /// Its append is the first of those that wait.
    ToLead,
    Outcome(Outcome),
}

impl Committer {
    /// Appends, together with whatever else waits. `writer` leads to the connection. A shard has one append at a time here.
    pub(crate) fn commit<'a>(
        &self,
        append: Append,
        writer: impl FnOnce() -> Result<MutexGuard<'a, Connection>, StoreError>,
        checkpoints: &Checkpoints,
    ) -> Outcome {
        let (tell, told) = mpsc::sync_channel(1);
        if !self.queue().join(Waiting { append, tell }) {
            match told.recv() {
                Ok(Told::ToLead) => {}
                Ok(Told::Outcome(outcome)) => return outcome,
                Err(_) => return Err(AppendError::Store(nobody_told())),
            }
        }
        self.lead(writer, checkpoints);
        match told.try_recv() {
            Ok(Told::Outcome(outcome)) => outcome,
            Ok(Told::ToLead) | Err(_) => Err(AppendError::Store(nobody_told())),
        }
    }

    fn lead<'a>(
        &self,
        writer: impl FnOnce() -> Result<MutexGuard<'a, Connection>, StoreError>,
        checkpoints: &Checkpoints,
    ) {
        let next = LetAnotherLead(self);
        // What comes while another transaction has the writer goes along.
        let writer = writer();
        let (appends, tell): (Vec<_>, Vec<_>) =
            self.queue().take().into_iter().map(|it| (it.append, it.tell)).unzip();
        let written = writer.and_then(|mut writer| Ok(write(&mut writer, &appends)?));
        drop(next);
        if written.is_ok() {
            checkpoints.ask(appends.iter().map(|append| append.body.len()).sum());
        }
        let outcomes: Vec<Outcome> = match written {
            Ok(outcomes) => outcomes,
            Err(error) => tell.iter().map(|_| Err(AppendError::Store(repeated(&error)))).collect(),
        };
        for (tell, outcome) in tell.into_iter().zip(outcomes) {
            // One that panicked while it waited no longer listens.
            let _ = tell.send(Told::Outcome(outcome));
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// Lets an append wait. Returns whether it is to lead.
    fn join(&mut self, waiting: Waiting) -> bool {
        self.waiting.push_back(waiting);
        !std::mem::replace(&mut self.has_leader, true)
    }

    /// Those that have waited longest, as many as a transaction takes, and at least one.
    fn take(&mut self) -> Vec<Waiting> {
        let mut bytes = 0;
        let mut taken = Vec::new();
        while let Some(next) = self.waiting.pop_front_if(|next| {
            bytes += next.append.body.len();
            taken.is_empty() || bytes <= COMMITTED_AT_ONCE_BYTES
        }) {
            taken.push(next);
        }
        taken
    }
}

/// Appoints the next leader when this one is done, even if it panics.
struct LetAnotherLead<'a>(&'a Committer);

impl Drop for LetAnotherLead<'_> {
    fn drop(&mut self) {
        let mut queue = self.0.queue();
        while let Some(first) = queue.waiting.front() {
            if first.tell.send(Told::ToLead).is_ok() {
                return;
            }
            queue.waiting.pop_front();
        }
        queue.has_leader = false;
    }
}

/// Writes all, or nothing if the file fails. One that is wrong about the end of its log is left out.
fn write(writer: &mut Connection, appends: &[Append]) -> Result<Vec<Outcome>, Error> {
    let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut outcomes = Vec::with_capacity(appends.len());
    for Append { shard, after, now, body, index } in appends {
        let (after, end) = (*after, end(&transaction, *shard)?);
        if end != after {
            outcomes.push(Err(AppendError::NotAtEnd { after, end }));
            continue;
        }
        let position = after.next();
        org_index::insert(&transaction, *shard, position, index)?;
        insert(&transaction, *shard, position, *now, body)?;
        outcomes.push(Ok(position));
    }
    if outcomes.iter().any(Result::is_ok) {
        transaction.commit()?;
    }
    Ok(outcomes)
}

/// The same failure for each that it has met.
fn repeated(error: &StoreError) -> StoreError {
    match error {
        StoreError::Failed { place, failure, cause } => StoreError::Failed {
            place: place.clone(),
            failure: *failure,
            cause: cause.as_ref().map(|cause| cause.to_string().into()),
        },
        StoreError::Damaged { .. }
        | StoreError::InUse { .. }
        | StoreError::TooNew { .. }
        | StoreError::TooOld { .. } => failed(error.to_string()),
    }
}

/// The thread that led has panicked, so what it wrote is not known.
fn nobody_told() -> StoreError {
    failed("the thread that wrote it has panicked".into())
}

fn failed(cause: String) -> StoreError {
    let place = "the data directory".into();
    StoreError::Failed { place, failure: Failure::Other, cause: Some(cause.into()) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;
    use std::thread;

    use callslot_store::Store;
    use callslot_store::conformance::facts::record;

    use super::*;
    use crate::store::SqliteStore;

    const SHARDS: u16 = 8;

    /// How many transactions the write-ahead log has: frames that say how long the file is then.
    fn commits(data: &Path) -> usize {
        const HEADER: usize = 32;
        const FRAME: usize = 24 + 4_096;
        let wal = std::fs::read(data.join("callslot.db-wal")).expect("it is there");
        let frames = wal.get(HEADER..).unwrap_or_default().chunks(FRAME);
        frames.filter(|frame| frame[4..8] != [0; 4]).count()
    }

    /// Holds the writer until these appends wait, to all shards but one; returns what becomes of them.
    fn at_once(store: &Arc<SqliteStore>, appends: Vec<Append>) -> Vec<Outcome> {
        let count = appends.len();
        thread::scope(|scope| {
            let held = store.writer().expect("the files are in place");
            let begin = |append| {
                scope.spawn(move || {
                    store.committer.commit(append, || store.writer(), &store.log_checkpoints)
                })
            };
            let waiting: Vec<_> = appends.into_iter().map(begin).collect();
            while store.committer.queue().waiting.len() < count {
                thread::yield_now();
            }
            drop(held);
            waiting.into_iter().map(|it| it.join().expect("no panic")).collect()
        })
    }

    fn append(number: u16, after: u64) -> Append {
        let record = record("acme", after + 1, 1);
        Append {
            shard: Shard(number),
            after: Position(after),
            now: record.now,
            body: callslot_store::stored_form::encode(&record),
            index: IndexRows::default(),
        }
    }

    fn store_in(directory: &Path) -> Arc<SqliteStore> {
        Arc::new(SqliteStore::open_or_make(directory, SHARDS).expect("a new store"))
    }

    #[test]
    fn appends_that_wait_at_once_are_one_transaction_and_one_that_is_wrong_is_refused_alone() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = store_in(directory.path());
        let before = commits(directory.path());
        let appends = (0..SHARDS).map(|number| append(number, u64::from(number == 3) * 7));
        let outcomes = at_once(&store, appends.collect());
        for (number, outcome) in outcomes.iter().enumerate() {
            match outcome {
                Ok(position) => assert_eq!((*position, number == 3), (Position(1), false)),
                Err(AppendError::NotAtEnd { after: Position(7), end: Position(0) }) => {
                    assert_eq!(number, 3);
                }
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(commits(directory.path()) - before, 1);
    }

    #[test]
    fn when_the_transaction_fails_nobody_knows_and_the_next_is_as_if_it_never_was() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = store_in(directory.path());
        let other = Connection::open(directory.path().join("callslot.db")).expect("it opens");
        let full = "CREATE TRIGGER full BEFORE INSERT ON log_5
            BEGIN SELECT RAISE(FAIL, 'full'); END";
        other.execute_batch(full).expect("a full disk");
        let outcomes = at_once(&store, (0..SHARDS).map(|number| append(number, 0)).collect());
        for outcome in outcomes {
            let Err(AppendError::Store(StoreError::Failed { cause, .. })) = outcome else {
                panic!("{outcome:?}")
            };
            assert!(cause.expect("it is said").to_string().contains("full"));
        }
        other.execute_batch("DROP TRIGGER full").expect("room again");
        for number in 0..SHARDS {
            let shard = Arc::clone(&store).shard(number);
            assert_eq!(shard.end().expect("an end"), Position(0));
            let appended = shard.append(Position(0), &record("acme", 1, 1));
            assert_eq!(appended.expect("an append"), Position(1));
        }
    }

    #[test]
    fn what_is_too_much_for_one_transaction_waits_for_the_next() {
        let mut queue = Queue::default();
        for number in 0..5 {
            let body = vec![7; COMMITTED_AT_ONCE_BYTES * 2 / 5];
            let (tell, _) = mpsc::sync_channel(1);
            let is_first =
                queue.join(Waiting { append: Append { body, ..append(number, 0) }, tell });
            assert_eq!(is_first, number == 0);
        }
        queue.waiting[0].append.body = vec![7; COMMITTED_AT_ONCE_BYTES + 1];
        let taken: Vec<_> =
            std::iter::from_fn(|| Some(queue.take().len()).filter(|it| *it > 0)).collect();
        assert_eq!(taken, [1, 2, 2]);
    }
}
