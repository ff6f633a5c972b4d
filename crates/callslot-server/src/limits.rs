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
pub(crate) const MAX_STREAMS_PER_CONNECTION: u32 = 256;
/// How much of one HTTP/2 answer is buffered for a client that does not read it, in bytes.
pub(crate) const MAX_UNSENT_BYTES_PER_STREAM: usize = 16 << 10;
/// How much of one HTTP/2 request's body is received before it is read, in bytes.
pub(crate) const MAX_UNREAD_BYTES_PER_STREAM: u32 = 64 << 10;
/// Likewise of all bodies on one HTTP/2 connection.
pub(crate) const MAX_UNREAD_BYTES_PER_CONNECTION: u32 = 256 << 10;
/// How often an idle HTTP/2 connection is pinged.
pub(crate) const HTTP2_KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long open requests have to finish when the server stops.
pub(crate) const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// The pause after accepting a connection has failed.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How many clients may wait for calls, follow events or stream at once.
pub(crate) const MAX_SEATS: usize = 100_000;
/// How many of them with one key, if nothing else is set.
pub(crate) const SEATS_PER_KEY: u32 = 10_000;
/// Likewise in one organisation.
pub(crate) const SEATS_PER_ORG: u32 = 20_000;
/// From how many shares of keys or organisations on those that nobody uses are forgotten.
pub(crate) const REMEMBERED_SHARES: usize = 1_000;
/// How many reads that take long an organisation has at once: of its pool, of ended calls, of figures. The others wait their turn.
pub(crate) const LONG_READS_PER_ORG: usize = 2;
/// How many history queries run at once; the others wait their turn.
pub(crate) const HISTORY_READS: usize = 1;
/// How often the last uses of keys are stored, and expired sessions removed.
pub(crate) const TEND_KEYS_EVERY: Duration = Duration::from_mins(1);
/// How long a page of metrics is served from the cache.
pub(crate) const METRICS_PAGE_LASTS: Duration = Duration::from_millis(500);
/// A pool of up to this many agents is written as JSON between other requests: half a millisecond. A larger one is written beside
/// them.
pub(crate) const AGENTS_WRITTEN_BETWEEN: usize = 500;
/// From which length on an answer is compressed, in bytes: a shorter one fits in one packet.
pub(crate) const LEAST_COMPRESSED_BYTES: u64 = 1 << 10;
/// Up to which length that is done between other requests, in bytes: half a millisecond. A longer one is compressed beside them.
pub(crate) const MOST_COMPRESSED_BETWEEN_BYTES: u64 = 32 << 10;
/// How many longer ones are compressed at once; the others are sent as they are.
pub(crate) const ANSWERS_COMPRESSED_AT_ONCE: usize = 1;
