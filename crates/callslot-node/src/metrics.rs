//! The node's own Prometheus metrics.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use callslot_core::{CallEvent, CallType, EndReason, OrgId, PublicEvent};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::follow::event_feed::FedEvent;

/// Metrics since the node started.
#[derive(Debug, Clone)]
pub struct NodeMetrics {
    pub(crate) commits: Histogram,
    pub(crate) batches: Histogram,
    pub(crate) failed_commits: Counter,
    pub(crate) commands: Counter,
    pub(crate) overloads: Counter,
    pub(crate) clock_doubted_ms: Gauge,
    clock_corrections: Counter,
    last_correction_ms: Gauge,
    waits: Family<WaitLabels, Histogram>,
    starts: Family<WaitLabels, Counter>,
    ends: Family<EndLabels, Counter>,
    shards: Arc<[Arc<ShardGauges>]>,
}

/// What a shard was found to be like when it was last looked at.
#[derive(Debug, Default)]
pub(crate) struct ShardGauges {
    pub(crate) waiting_commands: AtomicU64,
    pub(crate) stalled_ms: AtomicU64,
    pub(crate) history_lag_ms: AtomicU64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WaitLabels {
    org: String,
    r#type: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EndLabels {
    org: String,
    reason: &'static str,
}

impl NodeMetrics {
    /// Those of a node of that many shards.
    pub(crate) fn of_shards(shards: u16) -> Self {
        Self {
            commits: Histogram::new(exponential_buckets(0.000_1, 2.0, 16)),
            batches: Histogram::new(exponential_buckets(1.0, 2.0, 13)),
            failed_commits: Counter::default(),
            commands: Counter::default(),
            overloads: Counter::default(),
            clock_doubted_ms: Gauge::default(),
            clock_corrections: Counter::default(),
            last_correction_ms: Gauge::default(),
            waits: Family::new_with_constructor(|| {
                Histogram::new(exponential_buckets(0.01, 2.5, 13))
            }),
            starts: Family::default(),
            ends: Family::default(),
            shards: (0..shards).map(|_| Arc::default()).collect(),
        }
    }

    /// What is looked at in each shard.
    pub(crate) fn gauges_of(&self, shard: u16) -> Arc<ShardGauges> {
        Arc::clone(&self.shards[usize::from(shard)])
    }

    /// Adds all metrics to a registry.
    pub fn register(&self, registry: &mut Registry) {
        let seconds = || Unit::Seconds;
        registry.register_with_unit(
            "commit_duration",
            "How long a durable commit took",
            seconds(),
            self.commits.clone(),
        );
        registry.register("commit_commands", "Commands decided per commit", self.batches.clone());
        registry.register(
            "failed_commits",
            "Commits whose outcome the store did not confirm",
            self.failed_commits.clone(),
        );
        registry.register("commands", "Commands decided", self.commands.clone());
        registry.register(
            "shards",
            "Shards of the data, each with a log and a queue of its own",
            gauge(self.shards.len() as u64),
        );
        registry.register(
            "waiting_commands",
            "Commands that wait to be decided, when it was last looked at",
            gauge(self.each_shard(|shard| &shard.waiting_commands).sum()),
        );
        registry.register(
            "stalled_milliseconds",
            "Time the server was stalled since its start, added to every deadline",
            gauge(self.each_shard(|shard| &shard.stalled_ms).max().unwrap_or_default()),
        );
        registry.register(
            "overloads",
            "Commands turned away because too many were waiting",
            self.overloads.clone(),
        );
        registry.register(
            "history_lag_milliseconds",
            "Age of the first record that is not in the history yet, when it was last looked at",
            gauge(self.each_shard(|shard| &shard.history_lag_ms).max().unwrap_or_default()),
        );
        registry.register(
            "clock_unconfirmed_milliseconds",
            "By how much the clock is ahead of the log's last time at the start, if it is more than a day and was not confirmed; \
             until then nothing is removed",
            self.clock_doubted_ms.clone(),
        );
        registry.register(
            "clock_corrections",
            "How often the time that is shown followed the system's clock, which had been set",
            self.clock_corrections.clone(),
        );
        registry.register(
            "clock_last_correction_milliseconds",
            "By how much it did so last; less than 0 if it went back",
            self.last_correction_ms.clone(),
        );
        registry.register_with_unit(
            "queue_wait",
            "How long calls waited in line before they started",
            seconds(),
            self.waits.clone(),
        );
        registry.register("call_starts", "Calls that took a slot", self.starts.clone());
        registry.register("call_ends", "Calls that ended, by reason", self.ends.clone());
    }

    fn each_shard(&self, of: impl Fn(&ShardGauges) -> &AtomicU64) -> impl Iterator<Item = u64> {
        self.shards.iter().map(move |shard| of(shard).load(Ordering::Relaxed))
    }

    /// Counts the commands decided for one record.
    pub(crate) fn note_batch(&self, commands: usize) {
        self.commands.inc_by(commands as u64);
        #[expect(clippy::cast_precision_loss, reason = "a batch has a few thousand commands")]
        self.batches.observe(commands as f64);
    }

    /// Counts a correction of the time that is shown.
    pub(crate) fn note_correction(&self, ms: i64) {
        self.clock_corrections.inc();
        self.last_correction_ms.set(ms);
    }

    /// Removes the metrics of a deleted organisation.
    pub(crate) fn forget(&self, org: &OrgId) {
        for call_type in CallType::ALL {
            let labels = WaitLabels { org: org.to_string(), r#type: call_type.as_str() };
            self.waits.remove(&labels);
            self.starts.remove(&labels);
        }
        for reason in EndReason::ALL {
            self.ends.remove(&EndLabels { org: org.to_string(), reason: reason.as_str() });
        }
    }

    /// Counts the start or end of a call.
    pub(crate) fn count(&self, org: &OrgId, event: &FedEvent) {
        match &event.event {
            PublicEvent::Call(CallEvent::Started(call)) => {
                let labels =
                    WaitLabels { org: org.to_string(), r#type: call.request.call_type.as_str() };
                self.starts.get_or_create(&labels).inc();
                if call.state.dispatched.is_some() {
                    let waited = call.state.started_at.ms_since(call.request.requested_at);
                    let seconds = std::time::Duration::from_millis(waited).as_secs_f64();
                    self.waits.get_or_create(&labels).observe(seconds);
                }
            }
            PublicEvent::Call(CallEvent::Ended(call) | CallEvent::EndedAtOnce(call)) => {
                let reason = call.state.reason.as_str();
                self.ends.get_or_create(&EndLabels { org: org.to_string(), reason }).inc();
            }
            PublicEvent::Call(CallEvent::Queued(_))
            | PublicEvent::Settings(_)
            | PublicEvent::Alert(_) => {}
        }
    }
}

/// A gauge that shows this until the page is read again.
fn gauge(shown: u64) -> Gauge {
    let gauge = Gauge::default();
    gauge.set(i64::try_from(shown).unwrap_or(i64::MAX));
    gauge
}
