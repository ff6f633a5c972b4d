//! The limits of connections: when they are cut off, and how much of an unread body is read.

use std::time::Duration;

/// The connections are checked in this many parts, one part at a time, so that each connection is checked every 5 s. The
/// numbers of checks below are consecutive ones; the first may cover only part of an interval.
pub(crate) const PARTS_CHECKED: usize = 10;
/// How often the next part is checked. See [`PARTS_CHECKED`].
pub(crate) const CHECK_PART_EVERY: Duration = Duration::from_millis(500);
/// After how many checks without a complete request head the connection is cut off: 10 to 15 s.
pub(crate) const CHECKS_FOR_HEAD: u32 = 2;
/// After how many checks without a request: 75 to 80 s, longer than the minute for which proxies keep theirs open.
pub(crate) const CHECKS_IDLE: u32 = 15;
/// How many bytes may be sent between two checks on a connection that still counts as idle.
pub(crate) const MAX_BYTES_SENT_WHEN_IDLE: u64 = 1_024;
/// After how many checks during which the client reads nothing it is sent, or over HTTP/2 nothing of one of its answers: 20 to
/// 25 s.
pub(crate) const CHECKS_STUCK: u32 = 4;
/// In pieces of how many bytes answers are sent over HTTP/2: a client must make room for one of them in that time.
pub(crate) const MAX_PIECE_BYTES: usize = 16 << 10;
/// The largest body of a refused request that is still read, in bytes.
pub(crate) const MAX_DRAINED_BODY_BYTES: u64 = 64 << 10;
/// How long reading that body may take.
pub(crate) const DRAIN_BODY_TIMEOUT: Duration = Duration::from_secs(5);
/// How often to look whether a client that waits has left while bytes of it are left unread.
pub(crate) const LOOK_BEHIND_BYTES_EVERY: Duration = Duration::from_millis(500);
