//! A webhook as its task and the server know it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use callslot_node::NodeHandle;
use callslot_store::{Webhook, WebhookPlace};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::webhooks::dispatch::Offers;
use crate::webhooks::keeper::Keeper;
use crate::webhooks::sender::Outbound;

/// What the tasks of all webhooks share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) node: NodeHandle,
    pub(crate) outbound: Outbound,
    pub(crate) offers: Arc<Offers>,
    /// Room for deliveries beyond those that each webhook may always have under way.
    pub(crate) room: Arc<Semaphore>,
    pub(crate) keeper: Keeper,
    /// Attempts, by what became of them.
    pub(crate) attempts: Family<Vec<(&'static str, &'static str)>, Counter>,
}

/// A webhook with its task.
#[derive(Debug)]
pub(crate) struct Known {
    pub(super) settings: Mutex<Arc<Webhook>>,
    pub(super) state: Mutex<State>,
    pub(super) task: Mutex<Option<Task>>,
    /// Held while its settings change: one change at a time.
    pub(super) changing: Arc<tokio::sync::Mutex<()>>,
}

/// How far a webhook has come, as it was last kept.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) place: WebhookPlace,
    /// How many deliveries wait or are under way.
    pub(crate) unsettled: u64,
}

#[derive(Debug)]
pub(crate) struct Task {
    pub(super) stop: watch::Sender<bool>,
    pub(super) running: JoinHandle<()>,
}

impl Known {
    pub(crate) fn settings(&self) -> Arc<Webhook> {
        Arc::clone(&lock(&self.settings))
    }

    pub(crate) fn state(&self) -> State {
        lock(&self.state).clone()
    }

    pub(super) fn note(&self, state: State) {
        *lock(&self.state) = state;
    }

    pub(super) fn replace(&self, settings: Webhook) {
        *lock(&self.settings) = Arc::new(settings);
    }

    pub(super) fn tell_to_stop(&self) {
        if let Some(task) = &*lock(&self.task) {
            let _ = task.stop.send(true);
        }
    }

    pub(super) async fn stop(&self) {
        let task = lock(&self.task).take();
        if let Some(Task { stop, running }) = task {
            let _ = stop.send(true);
            let _ = running.await;
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
