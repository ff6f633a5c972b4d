//! The task of one webhook: it reads the log, sends what the machine says, and keeps how far it has come.

use std::collections::{HashMap, VecDeque};
use std::future::pending;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use callslot_core::{Org, Sequence, Timestamp};
use callslot_node::{FedEvent, FollowError, Unavailable, events_after, system_actor, wall_now};
use callslot_store::{
    Attempt, AttemptOutcome, PendingDelivery, Store, Webhook, WebhookFailure, WebhookPlace,
    WebhookProgress,
};
use callslot_webhooks::{Machine, NewDelivery, Saved, Step, Verdict, Waiting};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use crate::webhooks::attempt::{Attempting, Ended};
use crate::webhooks::audit::keep_change;
use crate::webhooks::known::{Known, Shared, State};
use crate::webhooks::limits::{
    KEEP_PLACE_EVERY, OF_WEBHOOK, OWN_UNDER_WAY, RETRY_AFTER, STOP_WITHIN,
};
use crate::webhooks::message::{message, wanted};
use crate::webhooks::reading::{Batch, Reading};
use crate::webhooks::sender::{Sender, without_query};

/// What disables a webhook, in the audit.
const ACTOR: &str = "webhooks";

/// Delivers until it is told to stop, the organisation is gone, or the webhook is disabled.
pub(crate) async fn run(
    shared: Arc<Shared>,
    known: Arc<Known>,
    sender: Sender,
    mut stopping: watch::Receiver<bool>,
) {
    let webhook = known.settings();
    let Some(mut courier) = Courier::begin(shared, known, webhook, sender, &mut stopping).await
    else {
        return;
    };
    while courier.step(&mut stopping).await.is_continue() {}
    courier.end().await;
}

struct Courier {
    shared: Arc<Shared>,
    known: Arc<Known>,
    webhook: Arc<Webhook>,
    attempting: Attempting,
    machine: Machine,
    /// The rest of its place, as it is to be kept next.
    place: WebhookPlace,
    feed: Option<Reading>,
    /// Events that were read and not offered yet.
    read: VecDeque<Arc<FedEvent>>,
    /// Those that are in memory alone.
    open: HashMap<u64, Arc<FedEvent>>,
    under_way: JoinSet<Ended>,
    unsaved: Vec<Attempt>,
    saving: Option<oneshot::Receiver<()>>,
    keep_place: Interval,
    keeps_place: bool,
    /// Why it is to be disabled.
    disable: Option<String>,
}

impl Courier {
    /// Reads where it was; none if it is told to stop before.
    async fn begin(
        shared: Arc<Shared>,
        known: Arc<Known>,
        webhook: Arc<Webhook>,
        sender: Sender,
        stopping: &mut watch::Receiver<bool>,
    ) -> Option<Self> {
        let place = known.state().place;
        let waiting = loop {
            let id = webhook.id.clone();
            let read = shared.node.in_store(move |store| store.pending_deliveries(&id));
            match read.await {
                Ok(waiting) => break waiting,
                Err(Unavailable::ShuttingDown) => return None,
                Err(Unavailable::Overloaded | Unavailable::StoreFailed) => tokio::select! {
                    () = sleep(RETRY_AFTER) => {}
                    _ = stopping.changed() => return None,
                },
            }
        };
        let mut keep_place = interval(KEEP_PLACE_EVERY);
        keep_place.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (of_task, of_webhook) = (Arc::clone(&shared), Arc::clone(&webhook));
        let grace = known.grace();
        let machine = machine(&webhook, &place, &waiting);
        Some(Self {
            shared,
            known,
            webhook,
            attempting: Attempting { shared: of_task, webhook: of_webhook, grace, sender },
            machine,
            place,
            feed: None,
            read: VecDeque::new(),
            open: HashMap::new(),
            under_way: JoinSet::new(),
            unsaved: Vec::new(),
            saving: None,
            keep_place,
            keeps_place: false,
            disable: None,
        })
    }

    /// Does what can be done now, and waits for what comes next.
    async fn step(&mut self, stopping: &mut watch::Receiver<bool>) -> ControlFlow<()> {
        self.offer();
        self.machine.wake(wall_now().0);
        self.send();
        self.save();
        if self.disable.is_some() || *stopping.borrow() {
            return ControlFlow::Break(());
        }
        let wants_more = self.machine.wants_more() && self.read.is_empty();
        if wants_more && self.feed.is_none() && self.follow(stopping).await.is_break() {
            return ControlFlow::Break(());
        }
        let due_in = self
            .machine
            .next_due()
            .map(|due| Duration::from_millis(due.saturating_sub(wall_now().0).max(1)));
        tokio::select! {
            _ = stopping.changed() => return ControlFlow::Break(()),
            Some(ended) = self.under_way.join_next() => self.take_all(ended),
            () = finished(&mut self.saving) => self.kept(),
            events = next_events(&mut self.feed), if wants_more => match events {
                Some(Ok(events)) => self.read.extend(events),
                Some(Err(_)) => self.feed = None,
                // The organisation is gone, or the server stops.
                None => return ControlFlow::Break(()),
            },
            () = until(due_in) => {}
            _ = self.keep_place.tick() => self.keeps_place = true,
        }
        ControlFlow::Continue(())
    }

    fn offer(&mut self) {
        while self.machine.wants_more() {
            let Some(fed) = self.read.pop_front() else { return };
            let delivery = wanted(&self.webhook, &fed);
            if self.machine.offer(fed.sequence.0, delivery) {
                self.open.insert(fed.sequence.0, fed);
            }
        }
    }

    fn send(&mut self) {
        loop {
            // Without room the ones under way go on, and the next follows when one of them has ended.
            let is_own = self.machine.under_way() < OWN_UNDER_WAY;
            let room = Arc::clone(&self.shared.room).try_acquire_owned().ok();
            if !is_own && room.is_none() {
                return;
            }
            let Some(next) = self.machine.take_next() else { return };
            let fed = self.open.get(&next.sequence).map(Arc::clone);
            let attempt = self.attempting.clone().attempt(next, fed);
            self.under_way.spawn(async move {
                let _room = room.filter(|_| !is_own);
                attempt.await
            });
        }
    }

    fn take_all(&mut self, first: Result<Ended, tokio::task::JoinError>) {
        let mut ended = Some(first);
        while let Some(one) = ended {
            // A panic in an attempt would leave its call without an end.
            let one = one.expect("an attempt ends on its own");
            self.take(one);
            ended = self.under_way.try_join_next();
        }
    }

    fn take(&mut self, ended: Ended) {
        let now = wall_now();
        let dice = random();
        let step = self.machine.finished(ended.next.sequence, ended.verdict, now.0, dice);
        let (outcome, next_at) = match (ended.verdict, step) {
            (Verdict::Taken, _) => (AttemptOutcome::Delivered, None),
            (Verdict::Skipped, _) => (AttemptOutcome::Skipped, None),
            (Verdict::Later(_), _) => return,
            (Verdict::Failed | Verdict::Gone, Step::Again(due)) => {
                (AttemptOutcome::Failed, Some(Timestamp(due)))
            }
            // It is the first to come once the webhook is enabled again.
            (Verdict::Failed | Verdict::Gone, Step::Disable) => (AttemptOutcome::Failed, None),
            (Verdict::Failed | Verdict::Gone, Step::Settled | Step::GivenUp) => {
                (AttemptOutcome::GivenUp, None)
            }
        };
        let labels = vec![("outcome", outcome_name(outcome))];
        self.shared.attempts.get_or_create(&labels).inc();
        match ended.verdict {
            Verdict::Taken => self.place.last_success_at = Some(now),
            Verdict::Failed | Verdict::Gone => {
                let cause = ended.cause.clone().unwrap_or_default();
                let failure = WebhookFailure { at: now, status: ended.status, cause };
                self.place.last_failure = Some(failure);
            }
            Verdict::Skipped | Verdict::Later(_) => {}
        }
        self.place.failures_in_row = self.machine.failures_in_row();
        if step == Step::Disable {
            let because = match ended.verdict {
                Verdict::Gone => "the receiver answered 410: it wants no more events",
                Verdict::Taken | Verdict::Skipped | Verdict::Failed | Verdict::Later(_) => {
                    "nothing was taken for more than three days"
                }
            };
            self.disable = Some(because.to_owned());
        }
        self.unsaved.push(Attempt {
            message: ended.message,
            event: ended.event,
            sequence: Sequence(ended.next.sequence),
            attempt: ended.next.attempt,
            at: ended.at,
            outcome,
            status: ended.status,
            duration_ms: ended.duration_ms,
            bytes: ended.bytes,
            cause: ended.cause,
            next_at,
        });
    }

    /// Begins to keep what there is to keep.
    fn save(&mut self) {
        if self.saving.is_some() {
            return;
        }
        let shared = Arc::clone(&self.shared);
        // Without room it is tried again with the next thing that happens, in a second at the latest.
        let Some(place) = shared.keeper.place() else { return };
        let Some(saved) = self.machine.to_save(std::mem::take(&mut self.keeps_place)) else {
            return;
        };
        let progress = self.progress(saved);
        self.saving = Some(place.bring(self.webhook.id.clone(), progress));
    }

    fn progress(&mut self, saved: Saved) -> WebhookProgress {
        self.place.sequence = Sequence(saved.place);
        self.place.beyond = saved.beyond;
        let mut waiting = Vec::with_capacity(saved.waiting.len());
        for (delivery, is_new) in saved.waiting {
            let fed = self.open.get(&delivery.sequence).filter(|_| is_new);
            let message = fed.map(|fed| message(&self.webhook.org, fed));
            waiting.push((pending_delivery(&delivery), message));
        }
        WebhookProgress {
            place: self.place.clone(),
            settled: saved.settled.into_iter().map(Sequence).collect(),
            pending: waiting,
            attempts: std::mem::take(&mut self.unsaved),
        }
    }

    fn kept(&mut self) {
        self.saving = None;
        self.machine.saved();
        let machine = &self.machine;
        self.open.retain(|sequence, _| machine.is_open(*sequence));
        let waiting = self.machine.waiting_kept() as u64;
        let unsettled = self.machine.unsettled() as u64;
        self.known.note(State { place: self.place.clone(), waiting, unsettled });
    }

    /// Gives what is under way a little time, and keeps what has ended, and the reason if it is to be disabled. What is under way
    /// after that is sent again later.
    async fn end(mut self) {
        let rest = async {
            while let Some(ended) = self.under_way.join_next().await {
                self.take_all(ended);
            }
        };
        let _ = tokio::time::timeout(STOP_WITHIN, rest).await;
        if let Some(saving) = self.saving.take() {
            let _ = saving.await;
            self.kept();
        }
        self.keeps_place = true;
        self.save();
        if let Some(saving) = self.saving.take() {
            let _ = saving.await;
            self.kept();
        }
        let Some(because) = self.disable else { return };
        tracing::warn!(
            webhook = self.webhook.id,
            url = without_query(&self.webhook.url),
            because,
            "a webhook is disabled"
        );
        let disabled = Webhook { disabled: Some(because), ..Webhook::clone(&self.webhook) };
        let (former, now) = (Arc::clone(&self.webhook), disabled.clone());
        let by = system_actor(ACTOR);
        let keep = move |store: &dyn Store| keep_change(store, by, &former, &now);
        // If that fails, the next start finds out again.
        let _ = self.shared.node.in_store(keep).await;
        self.known.replace(disabled);
    }

    /// Opens the feed where the machine has come to.
    async fn follow(&mut self, stopping: &mut watch::Receiver<bool>) -> ControlFlow<()> {
        let (org, after) = (self.webhook.org.clone(), Sequence(self.machine.read_to()));
        match self.shared.node.follow(org, Some(after)).await {
            Ok(feed) => self.feed = Some(Reading::of(feed)),
            Err(FollowError::CursorExpired { after }) => self.pass_over(after).await,
            Err(FollowError::CursorAhead { as_of, .. }) => self.go_back(as_of).await,
            Err(FollowError::UnknownOrg | FollowError::Unavailable(Unavailable::ShuttingDown)) => {
                return ControlFlow::Break(());
            }
            Err(FollowError::Unavailable(Unavailable::Overloaded | Unavailable::StoreFailed)) => {
                tokio::select! {
                    () = sleep(RETRY_AFTER) => {}
                    _ = stopping.changed() => return ControlFlow::Break(()),
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// The log no longer has the next event: it goes on with the first that it has, and says so.
    async fn pass_over(&mut self, after: Sequence) {
        let org = self.webhook.org.clone();
        let first = self.shared.node.in_store_of(&self.webhook.org, move |store| {
            let mut from = None;
            loop {
                let (events, next) = events_after(store, &org, after, from)?;
                if let Some(first) = events.first() {
                    return Ok(Some(first.sequence));
                }
                if next.is_none() {
                    return Ok(None);
                }
                from = next;
            }
        });
        let up_to = match first.await {
            Ok(Some(first)) => Some(Sequence(first.0 - 1)),
            Ok(None) => self
                .shared
                .node
                .read(&self.webhook.org, |found, _| found.map(Org::as_of))
                .await
                .ok()
                .flatten(),
            Err(_) => None,
        };
        let missed = up_to.map_or(0, |up_to| self.machine.pass_over(up_to.0));
        if missed == 0 {
            sleep(RETRY_AFTER).await;
            return;
        }
        self.place.missed += missed;
        self.keeps_place = true;
        tracing::warn!(
            webhook = self.webhook.id,
            missed,
            "events left the log before a webhook came to them"
        );
    }

    /// The log is shorter than the place says: it was restored. It goes on with what is new.
    async fn go_back(&mut self, as_of: Sequence) {
        let place = WebhookPlace { sequence: as_of, beyond: vec![], ..self.place.clone() };
        let (id, at) = (self.webhook.id.clone(), place.clone());
        if self.shared.node.in_store(move |store| store.put_place(&id, &at)).await.is_err() {
            sleep(RETRY_AFTER).await;
            return;
        }
        self.under_way.shutdown().await;
        self.open.clear();
        self.machine = machine(&self.webhook, &place, &[]);
        self.place = place;
    }
}

fn machine(webhook: &Webhook, place: &WebhookPlace, waiting: &[PendingDelivery]) -> Machine {
    let last_success = place.last_success_at.unwrap_or(webhook.created_at).0;
    let state = (place.failures_in_row, Some(last_success));
    let waiting = waiting.iter().map(|delivery| Waiting {
        sequence: delivery.sequence.0,
        delivery: NewDelivery { key: delivery.key, is_dispatch: delivery.is_dispatch },
        attempts: delivery.attempts,
        due_ms: delivery.due_at.0,
    });
    Machine::new(OF_WEBHOOK, (place.sequence.0, place.beyond.clone()), waiting, state)
}

fn pending_delivery(waiting: &Waiting) -> PendingDelivery {
    PendingDelivery {
        sequence: Sequence(waiting.sequence),
        key: waiting.delivery.key,
        attempts: waiting.attempts,
        due_at: Timestamp(waiting.due_ms),
        is_dispatch: waiting.delivery.is_dispatch,
    }
}

/// The name of an outcome in metrics.
fn outcome_name(outcome: AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::Delivered => "delivered",
        AttemptOutcome::Failed => "failed",
        AttemptOutcome::GivenUp => "given_up",
        AttemptOutcome::Skipped => "skipped",
    }
}

fn random() -> u64 {
    getrandom::u64().expect("the system has random numbers")
}

async fn finished(saving: &mut Option<oneshot::Receiver<()>>) {
    match saving {
        // Without a word the server stops.
        Some(saving) => drop(saving.await),
        None => pending().await,
    }
}

async fn next_events(feed: &mut Option<Reading>) -> Option<Batch> {
    match feed {
        Some(feed) => feed.next().await,
        None => pending().await,
    }
}

async fn until(due_in: Option<Duration>) {
    match due_in {
        Some(due_in) => sleep(due_in).await,
        None => pending().await,
    }
}
