//! The calls that the bridge holds, by their channels. Each has a task (`live.rs`), and messages go to it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use callslot_client::Slots;
use tokio::sync::mpsc;

use crate::asking::Asking;
use crate::asterisk::ari::Ari;
use crate::asterisk::caller::Message;
use crate::asterisk::settings::Settings;
use crate::metrics::Metrics;

/// How many calls the bridge holds at most; more callers are told that all lines are busy.
const MAX_CALLS: usize = 20_000;
/// How many messages wait for the task of a call at most.
const MAX_MESSAGES: usize = 64;

/// All calls of the bridge.
pub(crate) struct Calls {
    pub(crate) slots: Slots,
    pub(crate) asterisk: Asking<Ari>,
    pub(crate) metrics: Arc<Metrics>,
    /// Whether Asterisk's events come.
    is_connected: AtomicBool,
    settings: RwLock<Arc<Settings>>,
    held: Mutex<HashMap<String, mpsc::Sender<Message>>>,
}

impl Calls {
    pub(crate) fn new(slots: Slots, ari: Ari, settings: Settings) -> Arc<Self> {
        let metrics = Arc::new(Metrics::of_connection());
        Arc::new(Self {
            slots,
            asterisk: Asking::new(ari, Arc::clone(&metrics)),
            metrics,
            is_connected: AtomicBool::new(false),
            settings: RwLock::new(Arc::new(settings)),
            held: Mutex::default(),
        })
    }

    /// The settings as they are now. Calls keep those with which they began.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on, other settings hold for new calls.
    pub(crate) fn set_settings(&self, settings: Settings) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.is_connected.load(Ordering::Relaxed)
    }

    pub(crate) fn set_connected(&self, is_connected: bool) {
        self.is_connected.store(is_connected, Ordering::Relaxed);
        self.metrics.set_connected(is_connected);
    }

    /// The channels of all calls that are held.
    pub(crate) fn channels(&self) -> Vec<String> {
        locked(&self.held).keys().cloned().collect()
    }

    pub(crate) fn is_held(&self, channel: &str) -> bool {
        locked(&self.held).contains_key(channel)
    }

    /// Gives a message to the call of a channel, if it is held.
    pub(crate) fn tell(&self, channel: &str, message: Message) -> bool {
        let held = locked(&self.held);
        let Some(messages) = held.get(channel) else { return false };
        if messages.try_send(message).is_err() {
            tracing::warn!("{channel} is not told {message:?}: too much waits for it");
        }
        true
    }

    /// Holds a call, unless its channel is held already. Returns where its messages come out.
    pub(crate) fn hold(&self, channel: &str) -> Option<mpsc::Receiver<Message>> {
        let mut held = locked(&self.held);
        if held.contains_key(channel) {
            return None;
        }
        let (messages, coming) = mpsc::channel(MAX_MESSAGES);
        held.insert(channel.to_owned(), messages);
        self.count(&held);
        Some(coming)
    }

    /// Holds a call no longer.
    pub(crate) fn forget(&self, channel: &str) {
        let mut held = locked(&self.held);
        held.remove(channel);
        self.count(&held);
    }

    fn count(&self, held: &HashMap<String, mpsc::Sender<Message>>) {
        self.metrics.calls.set(i64::try_from(held.len()).unwrap_or(i64::MAX));
    }

    /// Whether no more calls can be held.
    pub(crate) fn is_full(&self) -> bool {
        locked(&self.held).len() >= MAX_CALLS
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
