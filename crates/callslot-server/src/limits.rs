//! The bounds of this crate, in one place. Those of the contract are in `callslot_api::limits`.

use std::time::Duration;

/// How many connections may be open at once.
pub const MAX_CONNECTIONS: usize = 50_000;
/// How many connections the system keeps until they are accepted: all callers may come at once, after a restart. The
/// usual 128 would make the others wait for a second.
pub(crate) const MAX_NOT_YET_ACCEPTED: u32 = 4_096;
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
/// How long a client may take to send a body.
pub(crate) const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// The largest body of a refused request that is still read, in bytes, and how long that may take.
pub(crate) const MAX_DRAINED_BODY_BYTES: u64 = 64 << 10;
/// See [`MAX_DRAINED_BODY_BYTES`].
pub(crate) const DRAIN_BODY_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest head of a request, in bytes.
pub(crate) const MAX_HEAD_BYTES: usize = 32 << 10;
/// How many headers a request may have.
pub(crate) const MAX_HEADERS: usize = 64;
/// How many requests one HTTP/2 connection may have under way.
pub(crate) const MAX_STREAMS_PER_CONNECTION: u32 = 1_024;
/// How much of one HTTP/2 answer is kept for a client that does not take it, in bytes.
pub(crate) const MAX_UNSENT_BYTES_PER_STREAM: usize = 64 << 10;
/// How often an idle HTTP/2 connection is asked for a sign of life.
pub(crate) const HTTP2_KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long open requests have to finish when the server stops.
pub(crate) const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// The pause after a connection could not be accepted.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How often an idle event stream says that it is still there.
pub(crate) const STREAM_KEEP_ALIVE: Duration = Duration::from_secs(15);
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
/// The highest number that a cursor may name: more than the document's `int64` holds is none of an event.
pub(crate) const MAX_EVENT_NUMBER: u64 = i64::MAX as u64;
/// How many clients may wait for calls and follow events at once.
pub(crate) const MAX_WAITING_CLIENTS: usize = 100_000;
/// How many failed sign-ins one address may have at once, and how many more a second.
pub(crate) const FAILED_SIGN_INS: (u32, u32) = (200, 50);
/// How many addresses' failed sign-ins are remembered; those of others count together.
pub(crate) const REMEMBERED_ADDRESSES: usize = 10_000;
/// How many answers about the history are made at once; the others wait for their turn.
pub(crate) const HISTORY_READS: usize = 1;
/// How many characters an operator key that is given by the settings must have.
pub(crate) const LEAST_OPERATOR_KEY_CHARS: usize = 16;
/// How often the times of keys' last uses are kept, and sessions that have expired are forgotten.
pub(crate) const TEND_KEYS_EVERY: Duration = Duration::from_mins(1);
/// How long a browser stays signed in.
pub(crate) const SESSION_LASTS: Duration = Duration::from_hours(7 * 24);
/// How many browsers may be signed in with one key; the next one signs out the one that came first.
pub(crate) const MAX_SESSIONS_PER_KEY: usize = 100;
/// How many sessions that have expired are forgotten at a time.
pub(crate) const FORGOTTEN_SESSIONS: usize = 1_000;
/// How long a sign-in code works.
pub(crate) const CODE_LASTS: Duration = Duration::from_hours(1);
/// How many codes of one key may wait to be used; the next one replaces the oldest.
pub(crate) const MAX_CODES_PER_KEY: usize = 10;
/// How many codes of all keys may wait to be used; the next one replaces the oldest.
pub(crate) const MAX_CODES: usize = 1_000;
/// How many organisations have figures of their own among the metrics.
pub(crate) const MAX_METRICS_ORGS: usize = 1_000;
/// How many organisations are looked at between commands when metrics are read.
pub(crate) const METRICS_ORGS_AT_A_TIME: usize = 20;
/// How long a page of metrics is shown again before a new one is made.
pub(crate) const METRICS_PAGE_LASTS: Duration = Duration::from_millis(500);
