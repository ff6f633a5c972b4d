//! The limits of reading a request. Those of the contract are in `callslot_api::limits`.

use std::time::Duration;

/// How long a client may take to send a body.
pub(crate) const BODY_TIMEOUT: Duration = Duration::from_secs(30);
