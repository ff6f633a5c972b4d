//! The pool of an organisation, as every door reads it.

use callslot_api::Pool;
use callslot_core::{Org, OrgId, PoolView, Rejection};
use tokio::task::spawn_blocking;

use crate::convert;
use crate::limits::AGENTS_WRITTEN_BETWEEN;
use crate::refusal::Refusal;
use crate::state::App;
use crate::turns::Turn;

/// The current pool.
pub(crate) async fn pool(app: &App, org: OrgId) -> Result<Pool, Refusal> {
    let (pool, _turn) = pool_view(app, &org).await?;
    Ok(convert::pool(&org, &pool))
}

/// The same as JSON, and its version.
pub(crate) async fn pool_json(app: &App, org: OrgId) -> Result<(Vec<u8>, u64), Refusal> {
    let (pool, _turn) = pool_view(app, &org).await?;
    let (version, is_large) = (pool.version.0, pool.agents.len() > AGENTS_WRITTEN_BETWEEN);
    let write = move || {
        serde_json::to_vec(&convert::pool(&org, &pool)).expect("our own types can be written")
    };
    let json = if is_large {
        spawn_blocking(write).await.expect("writing JSON does not panic")
    } else {
        write()
    };
    Ok((json, version))
}

/// The same as the core has it. Who makes something long of it keeps the turn meanwhile.
pub(crate) async fn pool_view(app: &App, org: &OrgId) -> Result<(PoolView, Turn), Refusal> {
    // It goes through all agents.
    let turn = app.turns.to_read(org).await;
    let look = |found: Option<&Org>, now| found.map(|found| (found.pool(now), turn));
    match app.node.read(org, look).await? {
        Some(seen) => Ok(seen),
        None => Err(Rejection::UnknownOrg { org: org.clone() }.into()),
    }
}
