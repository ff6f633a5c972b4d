//! The alerts of webhooks that were disabled: one is open as long as its webhook is disabled, unless an admin disabled it.
//!
//! What the settings of webhooks say is compared with what the core was told about once a second. So an alert opens even if the server
//! stopped right after it disabled a webhook.

use std::collections::BTreeSet;
use std::sync::Arc;

use callslot_core::{AlertId, OrgId};
use callslot_node::{SubmitError, Unavailable};
use tokio::time::sleep;

use crate::state::App;
use crate::webhooks::limits::LOOK_AT_DISABLED_EVERY;

/// Why a webhook is disabled that an admin disabled.
pub(crate) const BY_AN_ADMIN: &str = "an admin disabled it";

type Told = BTreeSet<(OrgId, AlertId)>;

/// Compares and tells, until the server stops.
pub(crate) async fn run(app: Arc<App>) {
    let mut told: Option<Told> = None;
    loop {
        let looked = match told.take() {
            Some(told) => Ok(told),
            None => open_alerts(&app).await,
        };
        if let Ok(open) = looked {
            told = Some(tell(&app, open).await);
        }
        tokio::select! {
            () = app.closed() => return,
            () = sleep(LOOK_AT_DISABLED_EVERY) => {}
        }
    }
}

/// The alerts of webhooks that are open.
async fn open_alerts(app: &App) -> Result<Told, Unavailable> {
    let look = |shard: &callslot_core::Shard, _| {
        let orgs = shard.orgs().into_iter();
        let open = orgs.flat_map(|(id, org)| {
            let built_in = org.open_built_in_alerts().cloned();
            built_in.map(move |alert| (id.clone(), alert)).collect::<Vec<_>>()
        });
        open.collect::<Told>()
    };
    Ok(app.node.read_all(look).await?.into_iter().flatten().collect())
}

/// The alerts that are to be open.
fn wanted(app: &App) -> Told {
    let all = app.webhooks.list(None).into_iter().map(|known| known.settings());
    let disabled = all.filter(|webhook| {
        webhook.disabled.as_deref().is_some_and(|because| because != BY_AN_ADMIN)
    });
    disabled
        .filter_map(|webhook| Some((webhook.org.clone(), AlertId::of_webhook(&webhook.id)?)))
        .collect()
}

/// Tells the core of what differs, and returns what it was told in all.
async fn tell(app: &App, mut told: Told) -> Told {
    let wanted = wanted(app);
    let differing: Vec<_> = told.symmetric_difference(&wanted).cloned().collect();
    for (org, alert) in differing {
        let is_disabled = wanted.contains(&(org.clone(), alert.clone()));
        let outcome = app.node.set_webhook_disabled(&org, alert.clone(), is_disabled).await;
        // One that is refused is of an organisation that is gone.
        if !matches!(outcome, Err(SubmitError::Unavailable(_))) {
            if is_disabled {
                told.insert((org, alert));
            } else {
                told.remove(&(org, alert));
            }
        }
    }
    told
}
