//! The bounds of the contract, in one place.

/// The largest request body, in bytes.
pub const MAX_BODY_BYTES: usize = 1 << 20;
/// The largest `metadata` of a call, in bytes of JSON.
pub const MAX_METADATA_BYTES: usize = 4 << 10;
/// How deep `metadata` may be nested. Calls are in pages and events, and readers give up at some depth.
pub const MAX_METADATA_DEPTH: usize = 64;
/// The longest note, in characters.
pub const MAX_NOTE_CHARS: usize = 1_000;
/// The longest name of an agent, organisation, plan or key, in characters.
pub const MAX_NAME_CHARS: usize = 200;
/// How many calls one batch may start.
pub const MAX_BATCH_CALLS: usize = 1_000;
/// How many calls a lease may adopt at once.
pub const MAX_ADOPTED_CALLS: usize = 1_000;
/// How many calls `POST /v1/calls/end` may name.
pub const MAX_ENDED_CALLS: usize = 10_000;
/// How many entries one batch of reservations may have.
pub const MAX_RESERVATIONS: usize = 10_000;
/// How many calls one reconciliation may name.
pub const MAX_RECONCILED_CALLS: usize = 100_000;
/// How many of them a page may name that others follow.
pub const MAX_RECONCILED_PAGE: usize = 10_000;
/// The highest number of calls that a renewal of a lease may speak of: more than a lease can hold.
pub const MAX_COUNTED_CALLS: u64 = 1_000_000_000;
/// How many items a page may have, and how many it has by default.
pub const MAX_PAGE_ITEMS: usize = 1_000;
/// See [`MAX_PAGE_ITEMS`].
pub const DEFAULT_PAGE_ITEMS: usize = 100;
/// How soon and how late a key may expire, in seconds from now (10 years).
pub const KEY_LASTS_S: (u64, u64) = (60, 3_650 * 86_400);
/// For how long the secret of a rotated key may go on working, in seconds (7 days).
pub const MAX_KEY_GRACE_S: u64 = 7 * 86_400;
/// For how long it does by default, in seconds (24 h).
pub const DEFAULT_KEY_GRACE_S: u64 = 86_400;
/// The longest long poll, in seconds.
pub const MAX_WAIT_S: u64 = 60;
/// The shortest and the longest time to live of a lease, in seconds.
pub const LEASE_TTL_S: (u64, u64) = (5, 3_600);
/// A lease's default time to live, in seconds.
pub const DEFAULT_LEASE_TTL_S: u64 = 15;
/// How many frames one message on `GET /v1/connect` may hold. A message has at most [`MAX_BODY_BYTES`].
pub const MAX_FRAMES: usize = 1_000;
/// How long a connection's lease lives by default after the connection is gone, in seconds.
pub const DEFAULT_GRACE_S: u64 = 30;
/// The longest `claim_within_s`, in seconds.
pub const MAX_CLAIM_WITHIN_S: u64 = 3_600;
/// The longest `max_wait_s`, in seconds (30 days).
pub const MAX_MAX_WAIT_S: u64 = 30 * 86_400;
/// The longest `max_call_duration_s` and `max_duration_s`, in seconds (365 days). Of the former, 0 is unbounded.
pub const MAX_CALL_DURATION_S: u64 = 365 * 86_400;
/// An organisation's default `max_call_duration_s` (4 h).
pub const DEFAULT_MAX_CALL_DURATION_S: u64 = 4 * 3_600;
/// The shortest and the longest step of the history, in seconds. Every step is a multiple of the shortest.
pub const HISTORY_STEP_S: (u64, u64) = (60, 86_400);
/// How many of the last minutes can be read with the pool: at least and at most.
pub const RECENT_MINUTES: (u64, u64) = (1, 60);
/// How long the rule of an alert may want a figure to stay above its threshold, in seconds (1 day).
pub const MAX_ALERT_FOR_S: u64 = 86_400;
/// The highest threshold of an alert: per cent, seconds or calls, as its rule says.
pub const MAX_ALERT_ABOVE: u32 = 10_000_000;
/// The highest limit, in slots.
pub const MAX_LIMIT: u32 = 10_000_000;
/// The highest `starts` of a pace, and its highest `burst`.
pub const MAX_PACE_STARTS: u32 = 10_000;
/// The longest time that the `starts` of a pace are for, in seconds.
pub const MAX_PACE_S: u32 = 86_400;
/// How many gates a call may name.
pub const MAX_GATES_PER_CALL: usize = 4;
/// How many spans of hours a gate may have.
pub const MAX_OPEN_SPANS: usize = 56;
/// The largest bound of a queue, in calls.
pub const MAX_MAX_QUEUED: u32 = 10_000_000;
/// An organisation's default `max_queued`.
pub const DEFAULT_MAX_QUEUED: u32 = 1_000_000;
/// How many webhooks an organisation may have.
pub const MAX_WEBHOOKS: usize = 20;
/// The longest address of a webhook, in bytes.
pub const MAX_WEBHOOK_URL_BYTES: usize = 2_000;
/// How many names of events a webhook may have.
pub const MAX_WEBHOOK_EVENTS: usize = 20;
/// How many agents or gates a webhook may be narrowed to, and how many events one request may redeliver by their ids.
pub const MAX_WEBHOOK_NAMES: usize = 100;
/// For how long the secret of a rotated webhook goes on signing, in seconds (24 h).
pub const WEBHOOK_GRACE_S: u64 = 86_400;
