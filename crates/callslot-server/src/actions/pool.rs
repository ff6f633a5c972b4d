//! The pool of an organisation, as every door reads it.

use callslot_api::Pool;
use callslot_core::{OrgId, Rejection};
use callslot_node::NodeHandle;

use crate::convert;
use crate::refusal::Refusal;

/// The current pool.
pub(crate) async fn pool(node: &NodeHandle, org: OrgId) -> Result<Pool, Refusal> {
    let pool = node
        .read(move |shard, now| match shard.org(&org) {
            Some(found) => Ok((found.pool(now), org)),
            None => Err(Rejection::UnknownOrg { org }),
        })
        .await?;
    let (pool, org) = pool?;
    Ok(convert::pool(&org, &pool))
}
