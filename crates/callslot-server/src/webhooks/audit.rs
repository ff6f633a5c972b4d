//! The entries of the audit that changes of webhooks make. Secrets are no part of them.

use std::sync::Arc;

use callslot_core::Actor;
use callslot_node::wall_now;
use callslot_store::{Audited, AuditedChange, CatalogueChange, Store, StoreError, Webhook};

/// An entry of the audit about a webhook.
pub(super) fn entry(actor: Arc<Actor>, webhook: &Webhook, change: AuditedChange) -> Audited {
    Audited { at: wall_now(), org: Some(webhook.org.clone()), actor, change, event: None }
}

/// Keeps changed settings with their entry; nothing if they are the same. Blocks.
pub(super) fn keep_change(
    store: &dyn Store,
    by: Arc<Actor>,
    former: &Webhook,
    now: &Webhook,
) -> Result<(), StoreError> {
    if former == now {
        return Ok(());
    }
    let (before, after) = (Box::new(former.into()), Box::new(now.into()));
    let change = if former.secret == now.secret {
        AuditedChange::WebhookChanged { former: before, now: after }
    } else {
        AuditedChange::WebhookRotated { former: before, now: after }
    };
    store.change_catalogue(CatalogueChange::PutWebhook(now), &entry(by, now, change))?;
    Ok(())
}
