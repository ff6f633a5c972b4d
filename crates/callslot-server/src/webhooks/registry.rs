//! All webhooks of the server: their settings and states in memory, and the task of each.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use callslot_core::{Actor, OrgId, Timestamp};
use callslot_node::{NodeHandle, Unavailable, wall_now};
use callslot_store::{
    AuditedChange, CatalogueChange, PendingDelivery, Store, StoreError, Webhook, WebhookMessage,
    WebhookPlace, WebhookProgress,
};
use prometheus_client::metrics::family::Family;
use tokio::sync::{OwnedMutexGuard, Semaphore, watch};

use crate::webhooks::audit::{entry, keep_change};
use crate::webhooks::courier;
use crate::webhooks::keeper::Keeper;
use crate::webhooks::known::{Grace, Known, Shared, State, Task, lock};
use crate::webhooks::limits::SHARED_UNDER_WAY;
use crate::webhooks::sender::{Outbound, Sender};

/// All webhooks of the server.
#[derive(Debug)]
pub(crate) struct Webhooks {
    pub(crate) shared: Arc<Shared>,
    by_id: Mutex<BTreeMap<String, Arc<Known>>>,
    /// Held while one is added, so that no bound is passed.
    adding: tokio::sync::Mutex<()>,
}

/// Where a changed webhook goes on.
#[derive(Debug)]
pub(crate) enum GoOn {
    /// Where it was.
    There,
    /// From this place.
    From(Box<WebhookPlace>),
    /// Where it was, with these deliveries again.
    With(Vec<(PendingDelivery, WebhookMessage)>),
    /// Where it was, with all attempts and no failure yet.
    Anew,
}

impl Webhooks {
    pub(crate) fn new(node: NodeHandle, outbound: Outbound) -> Self {
        let (offers, attempts) = (Arc::default(), Family::default());
        let room = Arc::new(Semaphore::new(SHARED_UNDER_WAY));
        let keeper = Keeper::new(node.clone());
        let shared = Arc::new(Shared { node, outbound, offers, room, keeper, attempts });
        Self { shared, by_id: Mutex::default(), adding: tokio::sync::Mutex::default() }
    }

    /// Reads all webhooks of the store, and starts their tasks. Called once.
    pub(crate) fn start(&self, store: &dyn Store) -> Result<(), StoreError> {
        for webhook in store.webhooks()? {
            let place = store.webhook_place(&webhook.id)?.unwrap_or_default();
            let waiting = store.pending_deliveries(&webhook.id)?.len() as u64;
            let grace = Grace::of(&webhook, wall_now());
            self.insert(webhook, State { place, waiting, unsettled: waiting }, grace);
        }
        Ok(())
    }

    /// Ends all tasks, once what they have to keep is kept.
    pub(crate) async fn stop(&self) {
        let all: Vec<_> = lock(&self.by_id).values().map(Arc::clone).collect();
        // All are told first, so that they end side by side.
        for known in &all {
            known.tell_to_stop();
        }
        for known in all {
            known.stop().await;
        }
    }

    /// All of an organisation, or of all, by id.
    pub(crate) fn list(&self, org: Option<&OrgId>) -> Vec<Arc<Known>> {
        let by_id = lock(&self.by_id);
        let of_org = |known: &&Arc<Known>| org.is_none_or(|org| known.settings().org == *org);
        by_id.values().filter(of_org).map(Arc::clone).collect()
    }

    pub(crate) fn find(&self, org: &OrgId, id: &str) -> Option<Arc<Known>> {
        let known = lock(&self.by_id).get(id).map(Arc::clone)?;
        (known.settings().org == *org).then_some(known)
    }

    /// Adds a webhook that begins at a place, unless an organisation has `most` or all have `most_of_all`.
    pub(crate) async fn add(
        &self,
        by: Arc<Actor>,
        webhook: Webhook,
        place: WebhookPlace,
        (most, most_of_all): (usize, usize),
    ) -> Result<Option<Arc<Known>>, Unavailable> {
        let _turn = self.adding.lock().await;
        if self.list(Some(&webhook.org)).len() >= most || self.list(None).len() >= most_of_all {
            return Ok(None);
        }
        let (kept, at) = (webhook.clone(), place.clone());
        let keep = move |store: &dyn Store| {
            store.put_place(&kept.id, &at)?;
            let change = AuditedChange::WebhookCreated(Box::new((&kept).into()));
            store.change_catalogue(CatalogueChange::PutWebhook(&kept), &entry(by, &kept, change))
        };
        self.shared.node.in_store(keep).await?;
        let grace = Grace::of(&webhook, wall_now());
        let state = State { place, ..State::default() };
        Ok(Some(self.insert(webhook, state, grace)))
    }

    /// Changes a webhook; none if there is none any more.
    pub(crate) async fn change(
        &self,
        (org, id): (&OrgId, &str),
        by: Arc<Actor>,
        change: impl FnOnce(&mut Webhook) + Send,
        go_on: GoOn,
    ) -> Result<Option<Arc<Known>>, Unavailable> {
        let Some((known, _turn)) = self.turn(org, id).await else { return Ok(None) };
        known.stop().await;
        let former = known.settings();
        let mut webhook = Webhook::clone(&former);
        change(&mut webhook);
        let kept = webhook.clone();
        let put = move |store: &dyn Store| {
            keep_change(store, by, &former, &kept)?;
            go_on.keep(store, &kept.id)
        };
        let changed = self.shared.node.in_store(put).await;
        // If the store failed, it goes on as before.
        let webhook = if changed.is_ok() { webhook } else { Webhook::clone(&known.settings()) };
        let state = changed.as_ref().map_or_else(|_| known.state(), Clone::clone);
        let is_same = webhook.old_secret == known.settings().old_secret;
        let grace = if is_same { known.grace() } else { Grace::of(&webhook, wall_now()) };
        let known = self.insert(webhook, state, grace);
        changed.map(|_| Some(known))
    }

    /// Removes a webhook; returns whether there was one. `by`: nobody, if it goes with its organisation.
    pub(crate) async fn remove(
        &self,
        (org, id): (&OrgId, &str),
        by: Option<Arc<Actor>>,
    ) -> Result<bool, Unavailable> {
        let Some((known, _turn)) = self.turn(org, id).await else { return Ok(false) };
        known.stop().await;
        let gone = known.settings();
        let remove = move |store: &dyn Store| {
            let Some(by) = by else { return store.delete_webhook(&gone.id) };
            let change = AuditedChange::WebhookDeleted(Box::new((&*gone).into()));
            let entry = entry(by, &gone, change);
            store.change_catalogue(CatalogueChange::DeleteWebhook(&gone.id), &entry)
        };
        let removed = self.shared.node.in_store(remove).await;
        if removed.is_err() {
            self.insert(Webhook::clone(&known.settings()), known.state(), known.grace());
        } else {
            lock(&self.by_id).remove(id);
        }
        removed
    }

    /// A webhook, with the turn to change it: nobody else changes it meanwhile, and others are changed beside it.
    async fn turn(&self, org: &OrgId, id: &str) -> Option<(Arc<Known>, OwnedMutexGuard<()>)> {
        loop {
            let known = self.find(org, id)?;
            let turn = Arc::clone(&known.changing).lock_owned().await;
            // The one before may have put another in its place.
            if self.find(org, id).is_some_and(|now| Arc::ptr_eq(&now, &known)) {
                return Some((known, turn));
            }
        }
    }

    /// Removes those of an organisation that was deleted.
    pub(crate) async fn forget(&self, org: &OrgId) -> Result<(), Unavailable> {
        let all = self.list(Some(org));
        // All are told first, so that those with receivers that hang end side by side.
        for known in &all {
            known.tell_to_stop();
        }
        for known in all {
            self.remove((org, &known.settings().id), None).await?;
        }
        Ok(())
    }

    fn insert(&self, webhook: Webhook, state: State, grace: Grace) -> Arc<Known> {
        let (id, is_enabled) = (webhook.id.clone(), webhook.disabled.is_none());
        let known = Arc::new(Known {
            settings: Mutex::new(Arc::new(webhook)),
            state: Mutex::new(state),
            task: Mutex::new(None),
            changing: Arc::default(),
            grace,
        });
        if is_enabled {
            let (stop, stopping) = watch::channel(false);
            let sender = Sender::new(&self.shared.outbound);
            let courier =
                courier::run(Arc::clone(&self.shared), Arc::clone(&known), sender, stopping);
            let running = tokio::spawn(courier);
            *lock(&known.task) = Some(Task { stop, running });
        }
        lock(&self.by_id).insert(id, Arc::clone(&known));
        known
    }
}

impl GoOn {
    /// Keeps where the webhook goes on, and reads what is kept then.
    fn keep(self, store: &dyn Store, id: &str) -> Result<State, StoreError> {
        match self {
            Self::There => {}
            Self::From(place) => store.put_place(id, &place)?,
            Self::With(again) => {
                let place = store.webhook_place(id)?.unwrap_or_default();
                let again = again.into_iter();
                let pending = again.map(|(delivery, message)| (delivery, Some(message))).collect();
                let progress = WebhookProgress { place, pending, ..WebhookProgress::default() };
                store.keep_progress(&[(id.to_owned(), progress)])?;
            }
            Self::Anew => {
                let place = store.webhook_place(id)?.unwrap_or_default();
                let place = WebhookPlace { failures_in_row: 0, ..place };
                let waiting = store.pending_deliveries(id)?.into_iter();
                let anew =
                    |delivery| PendingDelivery { attempts: 0, due_at: Timestamp(0), ..delivery };
                let pending = waiting.map(|delivery| (anew(delivery), None)).collect();
                let progress = WebhookProgress { place, pending, ..WebhookProgress::default() };
                store.keep_progress(&[(id.to_owned(), progress)])?;
            }
        }
        let place = store.webhook_place(id)?.unwrap_or_default();
        let waiting = store.pending_deliveries(id)?.len() as u64;
        Ok(State { place, waiting, unsettled: waiting })
    }
}

#[cfg(test)]
mod tests {
    use callslot_core::Sequence;
    use callslot_store::{MemoryStore, Webhooks as _};

    use super::*;

    #[test]
    fn one_that_is_enabled_again_has_all_attempts_anew() {
        let store = MemoryStore::default();
        let place = WebhookPlace {
            sequence: Sequence(7),
            failures_in_row: 30,
            last_success_at: Some(Timestamp(1)),
            ..WebhookPlace::default()
        };
        let due_at = Timestamp(5);
        let delivery = PendingDelivery {
            sequence: Sequence(3),
            key: Some(1),
            attempts: 10,
            due_at,
            is_dispatch: false,
        };
        let message = WebhookMessage {
            id: "evt_3".to_owned(),
            event: "call.ended".to_owned(),
            body: b"{}".to_vec(),
        };
        GoOn::From(Box::new(place.clone())).keep(&store, "wh_1").expect("it is kept");
        let kept = GoOn::With(vec![(delivery.clone(), message.clone())]);
        assert_eq!(kept.keep(&store, "wh_1").expect("it is kept").waiting, 1);
        let state = GoOn::Anew.keep(&store, "wh_1").expect("it is kept");
        assert_eq!(state.place, WebhookPlace { failures_in_row: 0, ..place });
        let waiting = store.pending_deliveries("wh_1").expect("the store answers");
        assert_eq!(waiting, [PendingDelivery { attempts: 0, due_at: Timestamp(0), ..delivery }]);
        let body = store.pending_message("wh_1", Sequence(3)).expect("the store answers");
        assert_eq!(body, Some(message));
    }
}
