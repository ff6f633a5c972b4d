//! The bridge's only reading of a clock. What decides takes the time as an argument.

use std::time::SystemTime;

/// Milliseconds since the epoch, by the system's clock: how long a caller waits is told to people, and the age of a signature is in UTC.
#[expect(clippy::disallowed_methods, reason = "its times are its own, not the server's")]
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
