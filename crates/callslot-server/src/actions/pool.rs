//! The pool of an organisation, as every door reads it.

use callslot_api::Pool;
use callslot_core::{OrgId, PoolView, Rejection};

use crate::convert;
use crate::refusal::Refusal;
use crate::state::App;

/// The current pool.
pub(crate) async fn pool(app: &App, org: OrgId) -> Result<Pool, Refusal> {
    let (pool, org) = pool_view(app, org).await?;
    Ok(convert::pool(&org, &pool))
}

/// The same as the core has it.
pub(crate) async fn pool_view(app: &App, org: OrgId) -> Result<(PoolView, OrgId), Refusal> {
    // It goes through all agents.
    let turn = app.turns.to_read(&org).await;
    let pool = app.node.read(&org, move |found, now| {
        let _turn = turn;
        found.map(|found| found.pool(now))
    });
    match pool.await? {
        Some(pool) => Ok((pool, org)),
        None => Err(Rejection::UnknownOrg { org }.into()),
    }
}
