//! The calls that the bridge holds, each with a task that follows how it stands with Callslot.
//!
//! [`Calls::hear`] gives a message to a call, and has done what follows. Start reading there.

mod follow;
mod revive;

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use callslot_api::CallEnd;
use callslot_client::Slots;
use tokio::sync::{mpsc, watch};

use crate::asking::Asking;
use crate::clock::now_ms;
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::twilio::caller::{Caller, Effect, Line, Message, Stage, Way};
use crate::twilio::carrier_api::{ApiError, CarrierApi, NewCall};
use crate::twilio::markup::Verb;

/// How many calls the bridge holds at most; more callers hear a busy line.
pub(crate) const MAX_CALLS: usize = 20_000;
/// How many calls are remembered that were over before they came.
const MAX_OVER: usize = 1_024;
/// How long a carrier waits for the server's first answer about a call: less than carriers wait for instructions.
const FIRST_ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// All calls of the bridge.
pub(crate) struct Calls {
    pub(crate) slots: Slots,
    pub(crate) carrier: Asking<CarrierApi>,
    pub(crate) metrics: Arc<Metrics>,
    settings: RwLock<Arc<Settings>>,
    held: Mutex<HashMap<String, Arc<Held>>>,
    /// The carrier's ids of calls that were over before it said that they had come, the newest first.
    over: Mutex<VecDeque<String>>,
}

/// A call that is held.
pub(crate) struct Held {
    caller: Mutex<Caller>,
    line: watch::Sender<Line>,
    ends: mpsc::Sender<Option<&'static str>>,
    /// The id of its present leg at the carrier; of a leg that is being dialled there is none yet.
    sid: Mutex<Option<String>>,
    /// When the carrier last said something about it.
    heard_ms: AtomicU64,
}

impl Calls {
    pub(crate) fn new(slots: Slots, api: CarrierApi, settings: Settings) -> Arc<Self> {
        let metrics = Arc::<Metrics>::default();
        Arc::new(Self {
            slots,
            carrier: Asking::new(api, Arc::clone(&metrics)),
            metrics,
            settings: RwLock::new(Arc::new(settings)),
            held: Mutex::default(),
            over: Mutex::default(),
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

    /// A call that is held.
    pub(crate) fn held(&self, call: &str) -> Option<Arc<Held>> {
        locked(&self.held).get(call).cloned()
    }

    /// All that are held.
    pub(crate) fn all(&self) -> Vec<Arc<Held>> {
        locked(&self.held).values().cloned().collect()
    }

    pub(crate) fn is_full(&self) -> bool {
        locked(&self.held).len() >= MAX_CALLS
    }

    /// Holds a call, unless it is held already. Returns it, and where its ends come out if it is new.
    pub(crate) fn hold(
        &self,
        caller: Caller,
        sid: Option<String>,
        line: Line,
    ) -> (Arc<Held>, Option<mpsc::Receiver<Option<&'static str>>>) {
        let mut held = locked(&self.held);
        if let Some(there) = held.get(&caller.call) {
            return (Arc::clone(there), None);
        }
        let (ends, ending) = mpsc::channel(1);
        let call = caller.call.clone();
        let new = Arc::new(Held {
            caller: Mutex::new(caller),
            line: watch::Sender::new(line),
            ends,
            sid: Mutex::new(sid),
            heard_ms: AtomicU64::new(now_ms()),
        });
        held.insert(call, Arc::clone(&new));
        self.count(&held);
        (new, Some(ending))
    }

    /// Holds a call no longer.
    pub(crate) fn forget(&self, call: &str) {
        let mut held = locked(&self.held);
        held.remove(call);
        self.count(&held);
    }

    /// Remembers that a call is over that is not held: the message that it has come may come later.
    pub(crate) fn note_over(&self, sid: &str) {
        let mut over = locked(&self.over);
        over.truncate(MAX_OVER - 1);
        over.push_front(sid.to_owned());
    }

    /// Whether a call was over before it came.
    pub(crate) fn is_over(&self, sid: &str) -> bool {
        locked(&self.over).iter().any(|over| over == sid)
    }

    fn count(&self, held: &HashMap<String, Arc<Held>>) {
        self.metrics.calls.set(i64::try_from(held.len()).unwrap_or(i64::MAX));
    }

    /// Gives a message to a call, and has done what follows. Returns what the carrier does.
    pub(crate) fn hear(self: &Arc<Self>, held: &Arc<Held>, message: Message) -> Vec<Verb> {
        let line = *held.line.borrow();
        let (next, call, stage) = {
            let mut caller = held.caller();
            let was_overflowing = matches!(caller.stage, Stage::Overflow(_));
            let next = caller.hear(message, line, now_ms());
            if !was_overflowing && matches!(caller.stage, Stage::Overflow(_)) {
                self.metrics.overflowed.inc();
            }
            (next, caller.call.clone(), caller.stage)
        };
        if !matches!(message, Message::LineChanged) {
            held.heard_ms.store(now_ms(), Ordering::Relaxed);
        }
        for effect in next.effects {
            self.take_effect(held, &effect);
        }
        let is_gone = matches!(message, Message::Gone(_)) && stage == Stage::Over;
        // A call back that was given up has no leg that could say so.
        let is_given_up =
            matches!(message, Message::LineChanged) && stage == Stage::Over && held.sid().is_none();
        if is_gone || is_given_up {
            self.forget(&call);
        }
        next.verbs
    }

    fn take_effect(self: &Arc<Self>, held: &Arc<Held>, effect: &Effect) {
        let (calls, held) = (Arc::clone(self), Arc::clone(held));
        match effect {
            Effect::End(note) => self.end(&held, *note),
            Effect::Connected(delay_ms) => self.metrics.connected(*delay_ms),
            Effect::Turn => drop(tokio::spawn(async move { calls.turn(&held).await })),
            Effect::HangUp => drop(tokio::spawn(async move {
                if let Some(sid) = held.sid() {
                    let asked = calls.carrier.ask("hang_up", move |api| api.hang_up(&sid)).await;
                    warn(&asked);
                }
            })),
            Effect::CallBack => drop(tokio::spawn(async move { calls.call_back(&held).await })),
        }
    }

    /// Ends a call at Callslot.
    fn end(self: &Arc<Self>, held: &Arc<Held>, note: Option<&'static str>) {
        let (way, call) = {
            let caller = held.caller();
            (caller.way.clone(), caller.call.clone())
        };
        match way {
            // Its task does; one that is over already needs nothing, nor does one that is to end.
            Way::In(_) => drop(held.ends.try_send(note)),
            Way::Out(_) => {
                held.line.send_replace(Line::Ended);
                self.end_at_server(call, note);
            }
        }
    }

    /// Ends a call that is not under the bridge's lease, until the server has heard it or is away for too long.
    pub(crate) fn end_at_server(self: &Arc<Self>, call: String, note: Option<&'static str>) {
        let calls = Arc::clone(self);
        tokio::spawn(async move {
            for attempt in 0..10_u32 {
                let (slots, id) = (calls.slots.clone(), call.clone());
                let end = CallEnd { note: note.map(str::to_owned) };
                let ended = calls.carrier.blocking(move || slots.api().end_call(&id, &end)).await;
                match ended {
                    Ok(_) => return,
                    Err(callslot_api::ClientError::Problem(problem)) if problem.status < 429 => {
                        return;
                    }
                    Err(error) => tracing::warn!("{call} could not be ended: {error}"),
                }
                tokio::time::sleep(Duration::from_secs(1 << attempt.min(5))).await;
            }
        });
    }

    async fn turn(&self, held: &Arc<Held>) {
        let (url, sid) = (held.caller().url("turn?"), held.sid());
        let asked = match sid {
            Some(sid) => self.carrier.ask("turn", move |api| api.turn(&sid, &url)).await,
            None => Err(ApiError::Refused("the call has no leg".into())),
        };
        if asked.is_err() {
            held.caller().not_turned();
        }
        warn(&asked);
    }

    /// Dials the caller who wanted to be called back.
    async fn call_back(self: &Arc<Self>, held: &Arc<Held>) {
        let (from, to) = {
            let caller = held.caller();
            (caller.to.clone(), caller.from.clone())
        };
        *locked(&held.sid) = None;
        if self.dial(held, &from, &to, false).await.is_err() {
            self.hear(held, Message::Gone(crate::twilio::caller::Gone::Failed));
        }
    }

    /// Dials, and notes the id of the leg.
    pub(crate) async fn dial(
        &self,
        held: &Arc<Held>,
        from: &str,
        to: &str,
        detect_machines: bool,
    ) -> Result<(), ApiError> {
        let (answered, over) = {
            let caller = held.caller();
            (caller.url("answered?"), caller.url("status?"))
        };
        let (from, to) = (from.to_owned(), to.to_owned());
        let asked = self
            .carrier
            .ask("dial", move |api| {
                api.dial(&NewCall { from: &from, to: &to, answered, over, detect_machines })
            })
            .await;
        warn(&asked);
        // Its first message may have come before this answer.
        locked(&held.sid).get_or_insert(asked?);
        Ok(())
    }
}

impl Held {
    pub(crate) fn caller(&self) -> MutexGuard<'_, Caller> {
        locked(&self.caller)
    }

    pub(crate) fn sid(&self) -> Option<String> {
        locked(&self.sid).clone()
    }

    /// Whether a message is about its present leg. The first message of a leg that was dialled tells its id.
    pub(crate) fn is_about(&self, sid: &str) -> bool {
        let first_leg = self.caller().first_leg.clone();
        let mut present = locked(&self.sid);
        match &*present {
            Some(present) => present == sid,
            None if first_leg.as_deref() == Some(sid) => false,
            None => {
                *present = Some(sid.to_owned());
                true
            }
        }
    }

    /// Whether the carrier has been silent about it for that long.
    pub(crate) fn is_silent_for(&self, ms: u64) -> bool {
        now_ms().saturating_sub(self.heard_ms.load(Ordering::Relaxed)) >= ms
    }

    /// Has the carrier asked about it in the next round: what it said before is not known.
    pub(crate) fn is_long_unheard(&self) {
        self.heard_ms.store(0, Ordering::Relaxed);
    }

    /// Notes how it stands with Callslot, where no task follows it.
    pub(crate) fn is_now(&self, line: Line) {
        self.line.send_replace(line);
    }

    /// Notes that the carrier still has it.
    pub(crate) fn is_there(&self) {
        self.heard_ms.store(now_ms(), Ordering::Relaxed);
    }

    /// Waits until the server has said how the call stands, or for as long as the carrier can.
    pub(crate) async fn first_answer(&self) {
        let mut line = self.line.subscribe();
        let _ =
            tokio::time::timeout(FIRST_ANSWER_WITHIN, line.wait_for(|line| *line != Line::Asked))
                .await;
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn warn<T>(asked: &Result<T, ApiError>) {
    if let Err(error) = asked {
        tracing::warn!("{error}");
    }
}
