//! The timetable as the parts of a shard share it. Decides nothing.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::sync::{Mutex, MutexGuard, Notify};

use crate::gate_hours::timetable::Timetable;

/// The timetable of a shard. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedTimetable(Arc<State>);

#[derive(Debug, Default)]
struct State {
    timetable: RwLock<Timetable>,
    reading: Mutex<()>,
    changed: Notify,
}

impl SharedTimetable {
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Timetable> {
        self.0.timetable.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Timetable> {
        self.0.timetable.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the task look at it again: it, or the time that is shown, has changed.
    pub(crate) fn look_again(&self) {
        self.0.changed.notify_one();
    }

    /// Held from reading a gate in the core until it is in the timetable, so that what is read last stays there.
    pub(crate) async fn reading(&self) -> MutexGuard<'_, ()> {
        self.0.reading.lock().await
    }

    /// Waits until somebody wants that.
    pub(crate) async fn changed(&self) {
        self.0.changed.notified().await;
    }
}
