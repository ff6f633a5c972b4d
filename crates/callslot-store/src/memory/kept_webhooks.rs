//! What a store in memory keeps of webhooks.

use std::collections::{BTreeMap, VecDeque};

use callslot_core::Sequence;

use crate::contract::webhooks::{
    Attempt, PendingDelivery, Webhook, WebhookMessage, WebhookPlace, WebhookProgress,
};
use crate::limits::ATTEMPTS_KEPT;

/// What is kept of all webhooks.
#[derive(Debug, Default)]
pub(super) struct KeptWebhooks {
    pub(super) settings: BTreeMap<String, Webhook>,
    pub(super) states: BTreeMap<String, KeptState>,
}

#[derive(Debug, Default)]
pub(super) struct KeptState {
    pub(super) place: Option<WebhookPlace>,
    pub(super) pending: BTreeMap<Sequence, (PendingDelivery, WebhookMessage)>,
    pub(super) attempts: VecDeque<(u64, Attempt)>,
    /// The number of the newest attempt.
    pub(super) number: u64,
}

impl KeptState {
    pub(super) fn keep(&mut self, progress: &WebhookProgress) {
        self.place = Some(progress.place.clone());
        for sequence in &progress.settled {
            self.pending.remove(sequence);
        }
        for (delivery, message) in &progress.pending {
            match (message, self.pending.get_mut(&delivery.sequence)) {
                (Some(message), _) => {
                    let row = (delivery.clone(), message.clone());
                    self.pending.insert(delivery.sequence, row);
                }
                (None, Some(row)) => row.0 = delivery.clone(),
                (None, None) => {}
            }
        }
        for attempt in &progress.attempts {
            self.number += 1;
            self.attempts.push_front((self.number, attempt.clone()));
        }
        self.attempts.truncate(ATTEMPTS_KEPT);
    }
}
