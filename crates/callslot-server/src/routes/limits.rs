//! The limits of individual routes.

use std::time::Duration;

/// How often an idle event stream sends a keep-alive comment.
pub(crate) const STREAM_KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often a stream whose filter passes over events says how far it has come.
pub(crate) const TELL_CURSOR_EVERY: Duration = Duration::from_secs(5);
/// The highest number that a cursor may have: the maximum of the document's `int64`.
pub(crate) const MAX_EVENT_NUMBER: u64 = i64::MAX as u64;
/// How many organisations have their own metrics.
pub(crate) const MAX_METRICS_ORGS: usize = 1_000;
/// How many organisations are read between commands when metrics are collected.
pub(crate) const METRICS_ORGS_AT_A_TIME: usize = 20;
/// How many gates of an organisation the metrics page shows, and how many of all.
pub(crate) const MAX_METRICS_GATES_OF_ORG: usize = 100;
pub(crate) const MAX_METRICS_GATES: usize = 1_000;
