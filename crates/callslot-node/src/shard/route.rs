//! Which shard of a node is asked. Commands, reads, feeds and watches all ask here, so that they find the same one.

use callslot_core::OrgId;
use callslot_store::shard_of;

use crate::shard::fair_queue::Share;

/// The way to the shards of a node.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    shards: u16,
}

impl Route {
    /// To this many shards.
    #[must_use]
    pub fn over(shards: u16) -> Self {
        Self { shards }
    }

    /// The number of the shard that an organisation is in, from 0 on.
    #[must_use]
    pub fn shard_of(self, org: &OrgId) -> u16 {
        // A node of one shard computes no hash for every command.
        if self.shards == 1 { 0 } else { shard_of(org, self.shards) }
    }

    /// The number of the shard in whose queue something waits. What is of no organisation is asked of a shard by its number; nothing
    /// at all waits in the first.
    #[must_use]
    pub fn shard_of_share(self, share: &Share) -> u16 {
        share.org.as_ref().map_or(0, |org| self.shard_of(org))
    }
}
