//! What a store in memory keeps of webhooks.

use std::collections::{BTreeMap, VecDeque};

use callslot_core::Sequence;

use crate::contract::webhooks::{Attempt, PendingDelivery, Webhook, WebhookMessage, WebhookPlace};

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
