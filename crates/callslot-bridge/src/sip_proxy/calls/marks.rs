//! What is kept with a call at Callslot, for the next bridge.

use serde::{Deserialize, Serialize};

use crate::sip_proxy::wire::Leg;

/// What a bridge writes into a call's metadata: that it is its own, and all that is needed to go on with it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Marks {
    pub(super) bridge: String,
    pub(super) from: String,
    pub(super) to: String,
    #[serde(flatten)]
    pub(super) leg: Leg,
}
