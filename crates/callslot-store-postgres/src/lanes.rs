//! Connections that are made when they are needed, and anew after they were lost.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;

use crate::errors::Error;
use crate::limits::READERS;
use crate::session::Session;
use crate::target::Target;

/// A connection for one kind of work, made when it is first needed and anew after it was lost.
pub(crate) struct Lane {
    target: Arc<Target>,
    session: Mutex<Option<Session>>,
}

impl Lane {
    pub(crate) fn new(target: &Arc<Target>) -> Self {
        Self { target: Arc::clone(target), session: Mutex::new(None) }
    }

    /// Does something once. Whether it was done is unknown after an error that is no answer of the database.
    pub(crate) fn once<T>(
        &self,
        work: impl FnOnce(&mut Session) -> Result<T, Error>,
    ) -> Result<T, Error> {
        once(&self.target, &mut self.lock(), work)
    }

    /// Does something that may be done twice, and does it again on a new connection if the one before was lost.
    pub(crate) fn again<T>(
        &self,
        mut work: impl FnMut(&mut Session) -> Result<T, Error>,
    ) -> Result<T, Error> {
        twice(&self.target, &mut self.lock(), &mut work)
    }

    /// Closes the connection.
    pub(crate) fn close(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Session>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Connections that read, one reader each at a time.
pub(crate) struct Readers(Vec<Lane>);

impl Readers {
    pub(crate) fn new(target: &Arc<Target>) -> Self {
        Self((0..READERS).map(|_| Lane::new(target)).collect())
    }

    /// Reads on a connection that is free, or else waits for the first.
    pub(crate) fn read<T>(
        &self,
        mut work: impl FnMut(&mut Session) -> Result<T, Error>,
    ) -> Result<T, Error> {
        for lane in &self.0 {
            let mut free = match lane.session.try_lock() {
                Ok(free) => free,
                Err(TryLockError::Poisoned(free)) => free.into_inner(),
                Err(TryLockError::WouldBlock) => continue,
            };
            return twice(&lane.target, &mut free, &mut work);
        }
        self.0[0].again(work)
    }

    pub(crate) fn close(&self) {
        self.0.iter().for_each(Lane::close);
    }
}

fn once<T>(
    target: &Target,
    session: &mut Option<Session>,
    work: impl FnOnce(&mut Session) -> Result<T, Error>,
) -> Result<T, Error> {
    outside_of_tasks(|| {
        // It is put back only when all is well, so a panic leaves no transaction behind.
        let mut used = match session.take() {
            Some(session) => session,
            None => target.connect()?,
        };
        let done = work(&mut used);
        if done.as_ref().err().is_none_or(Error::is_answer) {
            *session = Some(used);
        }
        done
    })
}

/// PostgreSQL's library waits in a runtime of its own, which it must not do in a task of another. A server calls its store there while it
/// starts.
pub(crate) fn outside_of_tasks<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => block_in_place(work),
        Ok(_) | Err(_) => work(),
    }
}

fn twice<T>(
    target: &Target,
    session: &mut Option<Session>,
    work: &mut impl FnMut(&mut Session) -> Result<T, Error>,
) -> Result<T, Error> {
    let was_there = session.is_some();
    match once(target, session, &mut *work) {
        Err(error) if was_there && !error.is_answer() => once(target, session, work),
        done => done,
    }
}
