//! The bounds of a stream's socket and messages. Those of what is decided are in `callslot-engine-stream`.

use std::time::Duration;

/// How long an engine has to take the end of a connection.
pub(crate) const CLOSES_WITHIN: Duration = Duration::from_secs(2);
/// From how many bytes on a message to an engine takes no further frame.
pub(crate) const FULL_MESSAGE_BYTES: usize = 64 << 10;
/// How many bytes of answers to an engine's pings may wait while it reads nothing.
pub(crate) const MAX_UNREAD_PONG_BYTES: usize = 64 << 10;
/// The head of a pong, which has no more than 125 bytes behind it (RFC 6455 §5.2).
pub(crate) const PONG_HEAD_BYTES: usize = 2;
/// How long an engine has for a message that it sends in parts with pings between them. A small part may take longer.
pub(crate) const MESSAGE_WITHIN: Duration = Duration::from_secs(30);
/// The head of a frame from an engine that has no more than 125 bytes behind it (RFC 6455 §5.2).
pub(crate) const CONTROL_HEAD_BYTES: usize = 6;
/// How many bytes are read from an engine at a time.
pub(crate) const READ_BYTES: usize = 16 << 10;
/// How many frames of a message are read before other connections have their turn.
pub(crate) const FRAMES_READ_AT_A_TIME: usize = 100;
