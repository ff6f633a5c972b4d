//! The tasks that run alongside a shard's loop and never hold it up: they project the history, keep snapshots and remove
//! what is old.
//!
//! What each does is in the file of its name; what they have in common is in `tasks.rs`. A new task of this kind gets a file
//! here and a line in [`Background::start`].

pub(crate) mod projection;
pub(crate) mod retention;
pub(crate) mod snapshots;
mod tasks;

use std::sync::Arc;

use callslot_store::Store;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::background::projection::project_history;
use crate::background::retention::remove_what_is_old;
use crate::background::snapshots::{keep_snapshot, keep_snapshots};
use crate::background::tasks::{run, while_more};
use crate::config::NodeConfig;
use crate::history::project::project;
use crate::history::refusals::Refusals;
use crate::limits::PROJECTED_CHUNKS_AT_THE_END;
use crate::shared::Shared;
use crate::threads::spawn_vital;
use crate::time::counted_clock::Utc;

/// The tasks that run beside the loop.
#[derive(Debug)]
pub(crate) struct Background {
    store: Arc<dyn Store>,
    refusals: Refusals,
    tasks: Vec<JoinHandle<()>>,
}

impl Background {
    pub(crate) fn start(
        shared: &Shared,
        config: NodeConfig,
        utc: Utc,
        refusals: Refusals,
        stop: &watch::Receiver<bool>,
    ) -> Self {
        let store = || Arc::clone(&shared.store);
        let progress = || shared.progress.subscribe();
        let metrics = shared.metrics.clone();
        let projecting =
            project_history(store(), metrics, utc, refusals.clone(), progress(), stop.clone());
        let keeping = keep_snapshots(store(), progress(), stop.clone());
        let removing = remove_what_is_old(store(), config, utc, stop.clone());
        let tasks = vec![
            spawn_vital("the projection of the history", projecting),
            spawn_vital("the keeping of snapshots", keeping),
            spawn_vital("the removal of what is old", removing),
        ];
        Self { store: store(), refusals, tasks }
    }

    /// Once the loop has ended: projects what is left and keeps a last snapshot, so that the next start is quick.
    pub(crate) async fn finish(self) {
        for task in self.tasks {
            task.await.expect("background tasks end by themselves");
        }
        let refusals = self.refusals;
        run(&self.store, "projecting the history", move |store| {
            while_more(PROJECTED_CHUNKS_AT_THE_END, || project(store, &refusals))
        })
        .await;
        run(&self.store, "keeping a snapshot", keep_snapshot).await;
    }
}
