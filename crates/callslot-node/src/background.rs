//! The tasks that run alongside the shard loops and never hold them up: projecting the history, saving snapshots, counting the time
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

use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::background::history_updates::project_history;
use crate::background::retention::remove_what_is_old;
use crate::background::seen_time::{keep, keep_seen_time};
use crate::background::snapshots::{keep_snapshot, keep_snapshots};
use crate::background::steps::{run, while_more};
use crate::history::project_log::project;
use crate::limits::PROJECTED_CHUNKS_AT_THE_END;
use crate::shared_state::{ShardState, Shared};
use crate::threads::{cores, spawn_vital};

/// The running tasks.
#[derive(Debug)]
pub(crate) struct Background {
    shared: Shared,
    shards: Vec<ShardState>,
    tasks: Vec<JoinHandle<()>>,
}

impl Background {
    /// Each shard has a projection of its own. The other tasks have one shard after the other, so that many of them that are idle cost
    /// no more than one.
    pub(crate) fn start(
        shared: &Shared,
        shards: Vec<ShardState>,
        stop: &watch::Receiver<bool>,
    ) -> Self {
        let Shared { store, metrics, seen_clock, utc, .. } = shared.clone();
        let timetables = shards.iter().map(|shard| shard.timetable.clone()).collect();
        let time = keep_seen_time(store, seen_clock, metrics, (utc, timetables), stop.clone());
        let snapshots = keep_snapshots(shards.clone(), stop.clone());
        let retention = remove_what_is_old(shared.clone(), shards.clone(), stop.clone());
        let mut tasks = vec![
            spawn_vital("the snapshot task", snapshots),
            spawn_vital("the time task", time),
            spawn_vital("the retention task", retention),
        ];
        let turns = Arc::new(Semaphore::new(cores()));
        for shard in &shards {
            let projection = project_history(shard.clone(), Arc::clone(&turns), stop.clone());
            tasks.push(spawn_vital("a projection task", projection));
        }
        Self { shared: shared.clone(), shards, tasks }
    }

    /// Call it once the loops have ended: projects the rest of the logs and saves a last snapshot of each shard, so that the next start
    /// is quick.
    pub(crate) async fn finish(self) {
        for task in self.tasks {
            task.await.expect("background tasks do not panic");
        }
        let turns = Arc::new(Semaphore::new(cores()));
        let mut finishing = JoinSet::new();
        for shard in self.shards {
            let turns = Arc::clone(&turns);
            finishing.spawn(async move {
                let _turn = turns.acquire().await.expect("it is never closed");
                finish_shard(shard).await;
            });
        }
        finishing.join_all().await;
        keep(&self.shared.store, &self.shared.seen_clock).await;
    }
}

async fn finish_shard(ShardState { store, refusals, .. }: ShardState) {
    run(&store, "projecting the history", move |store| {
        while_more(PROJECTED_CHUNKS_AT_THE_END, || project(store, &refusals))
    })
    .await;
    run(&store, "saving a snapshot", keep_snapshot).await;
}
