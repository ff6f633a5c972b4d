//! A webhook as its task and the server know it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use callslot_api::limits::WEBHOOK_GRACE_S;
use callslot_core::Timestamp;
use callslot_node::{NodeHandle, Stopwatch};
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
    pub(super) grace: Grace,
}

/// For how long the secret from before the last rotation signs too. It is counted by a clock that nobody sets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grace {
    since: Stopwatch,
    lasts: Duration,
}

impl Grace {
    /// What is left now: never more than a rotation gives, however wrong the clock was then.
    pub(crate) fn of(webhook: &Webhook, now: Timestamp) -> Self {
        let until = webhook.old_secret.as_ref().map_or(0, |(_, until)| until.0);
        let lasts = Duration::from_millis(until.saturating_sub(now.0));
        let lasts = lasts.min(Duration::from_secs(WEBHOOK_GRACE_S));
        Self { since: Stopwatch::start(), lasts }
    }

    /// Whether the old secret still signs.
    pub(crate) fn lasts(self) -> bool {
        self.since.elapsed() < self.lasts
    }

    /// Until when it does; none if it does not.
    pub(crate) fn until(self, webhook: &Webhook, now: Timestamp) -> Option<Timestamp> {
        let rest = self.lasts.checked_sub(self.since.elapsed()).filter(|rest| !rest.is_zero())?;
        // A second more, since clocks run unevenly and a promise is not to change.
        let rest_ms = u64::try_from(rest.as_millis()).unwrap_or(u64::MAX).saturating_add(1_000);
        let (_, until) = webhook.old_secret.as_ref()?;
        Some(Timestamp(until.0.min(now.0.saturating_add(rest_ms))))
    }
}

/// How far a webhook has come, as it was last kept.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) place: WebhookPlace,
    /// How many deliveries are kept that wait for another attempt.
    pub(crate) waiting: u64,
    /// The same with those in memory that are under way or wait their turn.
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

    pub(crate) fn grace(&self) -> Grace {
        self.grace
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

#[cfg(test)]
#[path = "known/tests.rs"]
mod tests;
