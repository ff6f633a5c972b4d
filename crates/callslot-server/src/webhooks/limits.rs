//! The bounds of webhooks, in one place.

use std::time::Duration;

use callslot_webhooks::Limits;

/// How many webhooks a server has at most.
pub(crate) const MAX_WEBHOOKS_OF_ALL: usize = 1_000;
/// How long a receiver has to answer, from the lookup of its name to the end of its answer.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// How much of an answer is read, in bytes.
pub(crate) const MAX_ANSWER_BYTES: usize = 4 << 10;
/// How much goes on for one webhook.
pub(crate) const OF_WEBHOOK: Limits =
    Limits { under_way: 64, under_way_down: 4, open: 256, waiting: 1_000, ahead: 16_384 };
/// How many deliveries of a webhook may be under way whatever others do.
pub(crate) const OWN_UNDER_WAY: usize = 4;
/// How many more may be under way in all, with tests: each takes an open file, and files are for callers first.
pub(crate) const SHARED_UNDER_WAY: usize = 2_000;
/// How many connections to a receiver are kept for the next delivery, and for how long.
pub(crate) const IDLE_CONNECTIONS: usize = 64;
/// See [`IDLE_CONNECTIONS`].
pub(crate) const IDLE_FOR: Duration = Duration::from_secs(30);
/// How many names of receivers are looked up at once; each takes a thread.
pub(crate) const LOOKUPS: usize = 64;
/// How many addresses of a name are tried.
pub(crate) const TRIED_ADDRESSES: usize = 4;
/// The pause after the store or the node has failed.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(1);
/// How long a webhook that is stopped or changed waits for what is under way.
pub(crate) const STOP_WITHIN: Duration = Duration::from_secs(2);
/// The progress of how many webhooks is kept with one transaction.
pub(crate) const KEPT_AT_ONCE: usize = 64;
/// How often a place is kept that has moved on by events that the webhook does not want.
pub(crate) const KEEP_PLACE_EVERY: Duration = Duration::from_secs(1);
/// How soon a call is offered again that is being offered to another webhook, in milliseconds.
pub(crate) const OFFERED_AGAIN_MS: u64 = 250;
/// How often the alerts of disabled webhooks are compared with the webhooks.
pub(crate) const LOOK_AT_DISABLED_EVERY: Duration = Duration::from_secs(1);
/// The longest cause of a failure, in characters.
pub(crate) const MAX_CAUSE_CHARS: usize = 300;
