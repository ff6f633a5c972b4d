//! The limits of reading a request. Those of the contract are in `callslot_api::limits`.

use std::time::Duration;

use callslot_api::limits::MAX_BODY_BYTES;

/// How long a client may take to send a body.
pub(crate) const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// Likewise without a key, to sign in.
pub(crate) const SIGN_IN_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest body of a client that sends no key, in bytes. It holds a key or a code.
pub(crate) const MAX_SIGN_IN_BYTES: usize = 4 << 10;
/// How many bytes of bodies may be arriving at once in more than one piece.
pub(crate) const BODY_BYTES: usize = 64 * MAX_BODY_BYTES;
/// Likewise for one organisation.
pub(crate) const BODY_BYTES_PER_ORG: usize = 16 * MAX_BODY_BYTES;
/// Likewise with one key.
pub(crate) const BODY_BYTES_PER_KEY: usize = 8 * MAX_BODY_BYTES;
/// Likewise for all clients without a key.
pub(crate) const BODY_BYTES_WITHOUT_KEY: usize = MAX_BODY_BYTES;
/// How long a body waits until there is room for it.
pub(crate) const WAITS_FOR_ROOM: Duration = Duration::from_secs(1);
