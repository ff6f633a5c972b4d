//! The limits of connections: when they are cut off, and how much of an unread body is read.

use std::time::Duration;

/// In how many parts the connections are looked at, one after the other, and how often it is the next part's turn: so each one is
/// looked at every 5 s. The looks below are in a row, and count from a part of one on.
pub(crate) const PARTS_LOOKED_AT: usize = 10;
/// See [`PARTS_LOOKED_AT`].
pub(crate) const LOOK_AT_PART_EVERY: Duration = Duration::from_millis(500);
/// How many looks find no whole head of a request before the connection is cut off: 10 to 15 s.
pub(crate) const LOOKS_FOR_HEAD: u32 = 2;
/// How many looks find nothing asked: 75 to 80 s, more than the minute for which proxies keep theirs.
pub(crate) const LOOKS_IDLE: u32 = 15;
/// How much is sent from one look to the next on a connection that only gives signs of life, in bytes.
pub(crate) const MAX_BYTES_SENT_WHEN_IDLE: u64 = 1_024;
/// How many looks find that the client takes nothing of what it is sent: 20 to 25 s.
pub(crate) const LOOKS_STUCK: u32 = 4;
/// The largest body of a refused request that is still read, in bytes, and how long that may take.
pub(crate) const MAX_DRAINED_BODY_BYTES: u64 = 64 << 10;
/// See [`MAX_DRAINED_BODY_BYTES`].
pub(crate) const DRAIN_BODY_TIMEOUT: Duration = Duration::from_secs(5);
