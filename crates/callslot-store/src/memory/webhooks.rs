//! Webhooks in memory.

use callslot_core::Sequence;

use crate::contract::store_error::StoreError;
use crate::contract::webhooks::{
    Attempt, PendingDelivery, Webhook, WebhookMessage, WebhookPlace, WebhookProgress, Webhooks,
};
use crate::memory::MemoryStore;

impl Webhooks for MemoryStore {
    fn webhooks(&self) -> Result<Vec<Webhook>, StoreError> {
        Ok(self.kept().webhooks.settings.values().cloned().collect())
    }

    fn put_webhook(&self, webhook: &Webhook) -> Result<(), StoreError> {
        self.kept().webhooks.settings.insert(webhook.id.clone(), webhook.clone());
        Ok(())
    }

    fn delete_webhook(&self, id: &str) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        kept.webhooks.states.remove(id);
        Ok(kept.webhooks.settings.remove(id).is_some())
    }

    fn webhook_place(&self, id: &str) -> Result<Option<WebhookPlace>, StoreError> {
        Ok(self.kept().webhooks.states.get(id).and_then(|state| state.place.clone()))
    }

    fn pending_deliveries(&self, id: &str) -> Result<Vec<PendingDelivery>, StoreError> {
        let kept = self.kept();
        let pending = kept.webhooks.states.get(id).map(|state| state.pending.values());
        Ok(pending.into_iter().flatten().map(|(delivery, _)| delivery.clone()).collect())
    }

    fn pending_message(
        &self,
        id: &str,
        sequence: Sequence,
    ) -> Result<Option<WebhookMessage>, StoreError> {
        let kept = self.kept();
        let pending = kept.webhooks.states.get(id).and_then(|state| state.pending.get(&sequence));
        Ok(pending.map(|(_, message)| message.clone()))
    }

    fn keep_progress(&self, of: &[(String, WebhookProgress)]) -> Result<(), StoreError> {
        let mut kept = self.kept();
        for (id, progress) in of {
            kept.webhooks.states.entry(id.clone()).or_default().keep(progress);
        }
        Ok(())
    }

    fn put_place(&self, id: &str, place: &WebhookPlace) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let state = kept.webhooks.states.entry(id.to_owned()).or_default();
        state.place = Some(place.clone());
        state.pending.clear();
        Ok(())
    }

    fn attempts(
        &self,
        id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Attempt)>, StoreError> {
        let kept = self.kept();
        let attempts = kept.webhooks.states.get(id).map(|state| state.attempts.iter());
        let of_page = |(number, _): &&(u64, Attempt)| before.is_none_or(|before| *number < before);
        Ok(attempts.into_iter().flatten().filter(of_page).take(limit).cloned().collect())
    }
}
