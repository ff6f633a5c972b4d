//! What the doors count, and the page on which Prometheus reads it together with the node's figures.
//!
//! Per organisation, and by type where it says so: `callslot_limit`, `callslot_slots_active`, `callslot_slots_reserved`,
//! `callslot_shared_in_use`, `callslot_settling` (slots or calls), `callslot_queue_depth` (calls, by type),
//! `callslot_queue_wait_seconds`, `callslot_call_starts_total`, `callslot_call_ends_total` (by reason). Of the node:
//! `callslot_commit_duration_seconds`, `callslot_commit_commands`, `callslot_failed_commits_total`,
//! `callslot_commands_total`, `callslot_overloads_total`, `callslot_stalled_milliseconds`. Of the doors:
//! `callslot_request_duration_seconds` (by route and status), `callslot_connections`, `callslot_build_info`.
//! Gauges of at most 1,000 organisations are shown, by id.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;
use callslot_core::{CallType, PoolView};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::app::App;
use crate::limits::MAX_METRICS_ORGS;
use crate::refusal::Refusal;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The doors' own figures.
#[derive(Debug, Clone)]
pub(crate) struct DoorMetrics {
    requests: Family<RequestLabels, Histogram>,
    connections: Gauge,
}

/// An open connection, counted until it is dropped.
pub(crate) struct CountedConnection(Gauge);

impl Drop for CountedConnection {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: Arc<str>,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OrgLabels {
    org: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ClassLabels {
    org: String,
    r#type: &'static str,
}

impl Default for DoorMetrics {
    fn default() -> Self {
        Self {
            requests: Family::new_with_constructor(|| {
                Histogram::new(exponential_buckets(0.000_25, 2.0, 18))
            }),
            connections: Gauge::default(),
        }
    }
}

impl DoorMetrics {
    /// Notes how long an answer took.
    pub(crate) fn observe(&self, route: &Arc<str>, status: u16, took: Duration) {
        let labels = RequestLabels { route: Arc::clone(route), status };
        self.requests.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Counts a connection for as long as what is returned lives.
    pub(crate) fn count_connection(&self) -> CountedConnection {
        self.connections.inc();
        CountedConnection(self.connections.clone())
    }

    fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "request_duration",
            "How long answers took, by route and status",
            Unit::Seconds,
            self.requests.clone(),
        );
        registry.register("connections", "Open connections", self.connections.clone());
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The version running", version);
    }
}

/// The gauges of organisations, made anew for each reading so that deleted ones leave no trace.
#[derive(Default)]
struct OrgGauges {
    limit: Family<OrgLabels, Gauge>,
    active: Family<OrgLabels, Gauge>,
    reserved: Family<OrgLabels, Gauge>,
    shared_in_use: Family<OrgLabels, Gauge>,
    settling: Family<OrgLabels, Gauge>,
    queued: Family<ClassLabels, Gauge>,
}

impl OrgGauges {
    fn set(&self, org: &str, pool: &PoolView) {
        let labels = OrgLabels { org: org.to_owned() };
        for (gauge, value) in [
            (&self.limit, pool.limit),
            (&self.active, pool.active),
            (&self.reserved, pool.reserved),
            (&self.shared_in_use, pool.shared_in_use),
            (&self.settling, pool.settling),
        ] {
            gauge.get_or_create(&labels).set(value.into());
        }
        for call_type in CallType::ALL {
            let queued = pool.agents.iter().map(|agent| i64::from(agent.types[call_type].queued));
            let labels = ClassLabels { org: org.to_owned(), r#type: call_type.as_str() };
            self.queued.get_or_create(&labels).set(queued.sum());
        }
    }

    fn register(self, registry: &mut Registry) {
        registry.register("limit", "Calls that may be active at once", self.limit);
        registry.register("slots_active", "Calls that hold a slot", self.active);
        registry.register("slots_reserved", "Slots reserved", self.reserved);
        registry.register("shared_in_use", "Shared slots in use", self.shared_in_use);
        registry.register(
            "settling",
            "Calls by which more is in use or promised than the limit allows",
            self.settling,
        );
        registry.register("queue_depth", "Calls that wait in line, by type", self.queued);
    }
}

/// All figures, for Prometheus.
pub(crate) async fn read_metrics(
    State(app): State<Arc<App>>,
) -> Result<([(HeaderName, &'static str); 1], String), Refusal> {
    let pools = app
        .node
        .read(|shard, now| {
            let orgs = shard.orgs();
            let shown = orgs.iter().take(MAX_METRICS_ORGS);
            shown.map(|(id, org)| (id.clone(), org.pool(now))).collect::<Vec<_>>()
        })
        .await?;
    let gauges = OrgGauges::default();
    for (id, pool) in &pools {
        gauges.set(id.as_str(), pool);
    }
    let mut registry = Registry::with_prefix("callslot");
    gauges.register(&mut registry);
    app.node.metrics().register(&mut registry);
    app.metrics.register(&mut registry);
    let mut page = String::new();
    text::encode(&mut page, &registry).expect("a string takes what is written");
    Ok(([(CONTENT_TYPE, OPEN_METRICS)], page))
}
