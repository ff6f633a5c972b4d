//! The limits of a server as a whole. Those of one of its parts are in the `limits.rs` of its folder, and those of the
//! contract in `callslot_api::limits`.

use std::time::Duration;

/// How many connections may be open at once.
pub const MAX_CONNECTIONS: usize = 50_000;
/// How many connections the system queues until they are accepted. After a restart all clients may connect at once; with
/// the usual 128 the rest would wait for a second.
pub(crate) const MAX_NOT_YET_ACCEPTED: u32 = 4_096;
/// The largest head of a request, in bytes.
pub(crate) const MAX_HEAD_BYTES: usize = 32 << 10;
/// How many headers a request may have.
pub(crate) const MAX_HEADERS: usize = 64;
/// How many requests one HTTP/2 connection may have in flight.
pub(crate) const MAX_STREAMS_PER_CONNECTION: u32 = 1_024;
/// How much of one HTTP/2 answer is buffered for a client that does not read it, in bytes.
pub(crate) const MAX_UNSENT_BYTES_PER_STREAM: usize = 64 << 10;
/// How often an idle HTTP/2 connection is pinged.
pub(crate) const HTTP2_KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long open requests have to finish when the server stops.
pub(crate) const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// The pause after accepting a connection has failed.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How often a connected engine is looked at, and after how many looks in a row it is asked for a sign of life: every 10 s.
pub(crate) const LOOK_AT_ENGINE_EVERY: Duration = Duration::from_secs(5);
/// See [`LOOK_AT_ENGINE_EVERY`].
pub(crate) const LOOKS_PER_PING: u32 = 2;
/// After how many looks in a row without any word an engine is taken to be gone: 25 s, in which a pause of the server counts for
/// one look.
pub(crate) const ENGINE_SILENT_LOOKS: u32 = 5;
/// How many events may wait to be told beside those that its watch holds. One record may bring more; then no second one does.
pub(crate) const ENGINE_TOLD_LATER: usize = 4_096;
/// How long an engine may take to take a message.
pub(crate) const ENGINE_TAKES_WITHIN: Duration = Duration::from_secs(10);
/// How long it has to take the end of a connection.
pub(crate) const ENGINE_CLOSES_WITHIN: Duration = Duration::from_secs(2);
/// How long the answers to what was taken have when the server stops; less than [`DRAIN_TIMEOUT`].
pub(crate) const ENGINE_ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// How many messages of an engine, and frames in them, may be on their way before no more is read. One message always may.
pub(crate) const MESSAGES_UNDER_WAY: usize = 32;
/// See [`MESSAGES_UNDER_WAY`].
pub(crate) const FRAMES_UNDER_WAY: usize = 4_000;
/// From how many bytes on a message to an engine takes no further frame.
pub(crate) const FULL_MESSAGE_BYTES: usize = 64 << 10;
/// How many bytes are read from an engine at a time.
pub(crate) const ENGINE_READ_BYTES: usize = 16 << 10;
/// How often an engine is told of positions that changed.
pub(crate) const TELL_POSITIONS_EVERY: Duration = Duration::from_secs(1);
/// How many queued calls are looked at for it at a time; those of an engine with more take turns.
pub(crate) const POSITIONS_AT_A_TIME: usize = 1_000;
/// How many calls are looked at between commands when a lease is resumed.
pub(crate) const RESUMED_CALLS_AT_A_TIME: usize = 5_000;
/// How many calls one frame about it holds.
pub(crate) const RESUMED_CALLS_PER_FRAME: usize = 100;
/// How many clients may wait for calls, follow events or stream at once.
pub(crate) const MAX_WAITING_CLIENTS: usize = 100_000;
/// How many history queries run at once; the others wait their turn.
pub(crate) const HISTORY_READS: usize = 1;
/// How often the last uses of keys are stored, and expired sessions removed.
pub(crate) const TEND_KEYS_EVERY: Duration = Duration::from_mins(1);
/// How long a page of metrics is served from the cache.
pub(crate) const METRICS_PAGE_LASTS: Duration = Duration::from_millis(500);
