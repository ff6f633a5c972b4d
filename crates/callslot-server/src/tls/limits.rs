//! Limits of TLS.

use std::time::Duration;

/// How many bytes of records may wait on a connection for their client to read them.
pub(super) const MAX_UNSENT_BYTES: usize = 32 << 10;
/// The largest file of certificates or keys that is read, in bytes.
pub(super) const MAX_FILE_BYTES: u64 = 1 << 20;
/// How often the files are looked at.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(5);
