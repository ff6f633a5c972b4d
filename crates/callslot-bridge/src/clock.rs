//! The bridge's only readings of clocks. What decides takes the time as an argument.

use std::sync::LazyLock;
use std::time::{Instant, SystemTime};

/// When the bridge first looked, by a clock that nobody sets, and by the system's.
#[expect(clippy::disallowed_methods, reason = "its times are its own, not the server's")]
static BEGUN: LazyLock<(Instant, u64)> = LazyLock::new(|| (Instant::now(), utc_ms()));

/// Milliseconds, for what lasts: how long a caller waits, or the other side is silent. It begins as the epoch's, and goes on steadily
/// though somebody sets the system's clock.
pub(crate) fn now_ms() -> u64 {
    let (begun, utc_ms) = *BEGUN;
    utc_ms.saturating_add(u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX))
}

/// Milliseconds since the epoch, by the system's clock: the age of a signature is in UTC.
#[expect(clippy::disallowed_methods, reason = "others sign with their time in UTC")]
pub(crate) fn utc_ms() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
