//! The tasks that run alongside the shard loop and never hold it up: projecting the history, saving snapshots, counting the time
//! that passes, and removing old data.
//!
//! Each task has a file of its own; `steps.rs` has what they share. To add a task, add a file here and a line to
//! [`Background::start`].

mod history_updates;
pub(crate) mod retention;
pub(crate) mod seen_time;
pub(crate) mod snapshots;
mod steps;

use std::sync::Arc;

use callslot_store::Store;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::background::history_updates::project_history;
use crate::background::retention::remove_what_is_old;
use crate::background::seen_time::{SharedSeenClock, keep, keep_seen_time};
use crate::background::snapshots::{keep_snapshot, keep_snapshots};
use crate::background::steps::{run, while_more};
use crate::history::project_log::project;
use crate::history::refusals::Refusals;
use crate::limits::PROJECTED_CHUNKS_AT_THE_END;
use crate::shared_state::Shared;
use crate::threads::spawn_vital;
use crate::time::counted_clock::Utc;

/// The running tasks.
#[derive(Debug)]
pub(crate) struct Background {
    store: Arc<dyn Store>,
    refusals: Refusals,
    clock: SharedSeenClock,
    tasks: Vec<JoinHandle<()>>,
}

impl Background {
    pub(crate) fn start(
        shared: &Shared,
        utc: &Utc,
        refusals: Refusals,
        stop: &watch::Receiver<bool>,
    ) -> Self {
        let store = || Arc::clone(&shared.store);
        let progress = || shared.progress.subscribe();
        let metrics = shared.metrics.clone();
        let projection = project_history(
            store(),
            metrics.clone(),
            utc.clone(),
            refusals.clone(),
            progress(),
            stop.clone(),
        );
        let clock = shared.seen_clock.clone();
        let shown = (utc.clone(), shared.timetable.clone());
        let time = keep_seen_time(store(), clock.clone(), metrics, shown, stop.clone());
        let snapshot = Arc::new(Notify::new());
        let snapshots = keep_snapshots(store(), progress(), Arc::clone(&snapshot), stop.clone());
        let retention = remove_what_is_old(store(), clock.clone(), snapshot, stop.clone());
        let tasks = vec![
            spawn_vital("the projection task", projection),
            spawn_vital("the snapshot task", snapshots),
            spawn_vital("the time task", time),
            spawn_vital("the retention task", retention),
        ];
        Self { store: store(), refusals, clock, tasks }
    }

    /// Call it once the loop has ended: projects the rest of the log and saves a last snapshot, so that the next start is
    /// quick.
    pub(crate) async fn finish(self) {
        for task in self.tasks {
            task.await.expect("background tasks do not panic");
        }
        let refusals = self.refusals;
        run(&self.store, "projecting the history", move |store| {
            while_more(PROJECTED_CHUNKS_AT_THE_END, || project(store, &refusals))
        })
        .await;
        run(&self.store, "saving a snapshot", keep_snapshot).await;
        keep(&self.store, &self.clock).await;
    }
}
