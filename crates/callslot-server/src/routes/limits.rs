//! The limits of single routes.

use std::time::Duration;

/// How often an idle event stream says that it is still there.
pub(crate) const STREAM_KEEP_ALIVE: Duration = Duration::from_secs(15);
/// The highest number that a cursor may name: more than the document's `int64` holds is none of an event.
pub(crate) const MAX_EVENT_NUMBER: u64 = i64::MAX as u64;
/// How many organisations have figures of their own among the metrics.
pub(crate) const MAX_METRICS_ORGS: usize = 1_000;
/// How many organisations are looked at between commands when metrics are read.
pub(crate) const METRICS_ORGS_AT_A_TIME: usize = 20;
