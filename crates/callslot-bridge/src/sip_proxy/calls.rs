//! The calls that the bridge holds, each with a task that follows how it stands with Callslot.
//!
//! [`Calls::hear`] gives a message to a call, and has done what follows. Start reading there.

mod follow;
mod marks;
mod revive;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use callslot_client::Slots;
use tokio::sync::{mpsc, watch};

use crate::clock::now_ms;
use crate::line::Line;
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::sip_proxy::caller::{Caller, Effect, Message, Stage};
use crate::sip_proxy::wire::{Command, Leg, Told};

/// How many calls the bridge holds at most; more callers are refused.
const MAX_CALLS: usize = 20_000;

/// Where the end of a call is asked for, with its note.
pub(crate) type Ending = mpsc::Receiver<Option<&'static str>>;

/// All calls of the bridge, by the Call-ID.
pub(crate) struct Calls {
    pub(crate) slots: Slots,
    pub(crate) metrics: Metrics,
    settings: RwLock<Arc<Settings>>,
    held: Mutex<HashMap<String, Arc<Held>>>,
    /// Whether the calls of the bridge before this one were taken over. Held while they are.
    is_revived: tokio::sync::Mutex<bool>,
    told: mpsc::Sender<Told>,
}

/// A call that is held.
pub(crate) struct Held {
    caller: Mutex<Caller>,
    line: watch::Sender<Line>,
    ends: mpsc::Sender<Option<&'static str>>,
    /// When the proxy last said something about it.
    heard_ms: AtomicU64,
}

impl Calls {
    pub(crate) fn new(slots: Slots, settings: Settings, told: mpsc::Sender<Told>) -> Arc<Self> {
        Arc::new(Self {
            slots,
            metrics: Metrics::of_connection(),
            settings: RwLock::new(Arc::new(settings)),
            held: Mutex::default(),
            is_revived: tokio::sync::Mutex::default(),
            told,
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

    /// After how many seconds a caller who was not connected may try again.
    pub(crate) fn retry_after_s(&self) -> u64 {
        self.settings().sip_proxy.as_ref().map_or(30, |proxy| *proxy.retry_after_s.get_ref())
    }

    /// A call that is held.
    pub(crate) fn held(&self, ci: &str) -> Option<Arc<Held>> {
        locked(&self.held).get(ci).cloned()
    }

    /// All that are held.
    pub(crate) fn all(&self) -> Vec<Arc<Held>> {
        locked(&self.held).values().cloned().collect()
    }

    pub(crate) fn is_full(&self) -> bool {
        locked(&self.held).len() >= MAX_CALLS
    }

    /// Holds a call, unless it is held already. Returns it, and where its ends come out if it is new.
    pub(crate) fn hold(&self, caller: Caller) -> (Arc<Held>, Option<Ending>) {
        let mut held = locked(&self.held);
        let ci = caller.leg.dialog.ci.clone();
        if let Some(there) = held.get(&ci) {
            return (Arc::clone(there), None);
        }
        let (ends, ending) = mpsc::channel(1);
        let new = Arc::new(Held {
            caller: Mutex::new(caller),
            line: watch::Sender::new(Line::Asked),
            ends,
            heard_ms: AtomicU64::new(now_ms()),
        });
        held.insert(ci, Arc::clone(&new));
        self.count(&held);
        (new, Some(ending))
    }

    /// Holds a call no longer.
    fn forget(&self, ci: &str) {
        let mut held = locked(&self.held);
        held.remove(ci);
        self.count(&held);
    }

    fn count(&self, held: &HashMap<String, Arc<Held>>) {
        self.metrics.calls.set(i64::try_from(held.len()).unwrap_or(i64::MAX));
    }

    /// Gives a message to a call, and has done what follows.
    pub(crate) fn hear(&self, held: &Held, message: Message) {
        let line = *held.line.borrow();
        let (effects, leg, call, is_over) = {
            let mut caller = held.caller();
            let effects = caller.hear(message, line, now_ms());
            let is_over = caller.stage == Stage::Over;
            (effects, caller.leg.clone(), caller.call.clone(), is_over)
        };
        if !matches!(message, Message::LineChanged) {
            held.heard_ms.store(now_ms(), Ordering::Relaxed);
        }
        for effect in effects {
            match effect {
                // Its task ends it; one that is over already needs nothing, nor does one that is to end.
                Effect::End(note) => drop(held.ends.try_send(note)),
                Effect::Tell(command) => self.tell(&leg, &call, command),
                Effect::Connected(delay_ms) => self.metrics.connected(delay_ms),
                Effect::Overflowed => {
                    self.metrics.overflowed.inc();
                }
                Effect::FoundOver => {
                    self.metrics.found_over.inc();
                }
            }
        }
        if is_over {
            self.forget(&leg.dialog.ci);
        }
    }

    /// Tells the proxy something. If that is lost, the proxy is asked later.
    pub(crate) fn tell(&self, leg: &Leg, call: &str, command: Command) {
        let told = Told { leg: leg.clone(), call: call.to_owned(), command };
        if self.told.try_send(told).is_err() {
            tracing::warn!("{call}: the proxy has too much to do");
        }
    }
}

impl Held {
    pub(crate) fn caller(&self) -> MutexGuard<'_, Caller> {
        locked(&self.caller)
    }

    /// Whether the server has said how it stands.
    pub(crate) fn is_known(&self) -> bool {
        *self.line.borrow() != Line::Asked
    }

    /// Notes that the proxy is asked about it, which is not done again for a while.
    pub(crate) fn is_asked_about(&self) {
        self.heard_ms.store(now_ms(), Ordering::Relaxed);
    }

    /// Whether the proxy has been silent about it for that long.
    pub(crate) fn is_silent_for(&self, ms: u64) -> bool {
        now_ms().saturating_sub(self.heard_ms.load(Ordering::Relaxed)) >= ms
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
