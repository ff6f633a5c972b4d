//! Organisations, as every door needs them.

use callslot_core::{OrgId, Rejection};
use callslot_node::NodeHandle;

use crate::refusal::Refusal;

/// Refuses an organisation that does not exist.
pub(crate) async fn check_exists(node: &NodeHandle, org: &OrgId) -> Result<(), Refusal> {
    if node.read(org, |found, _| found.is_some()).await? {
        return Ok(());
    }
    Err(Rejection::UnknownOrg { org: org.clone() }.into())
}
