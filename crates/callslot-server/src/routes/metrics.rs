//! The metrics page for Prometheus: the server's and the node's metrics, and gauges of organisations.
//!
//! Per organisation, and by type where it says so: `callslot_limit`, `callslot_slots_active`, `callslot_slots_reserved`,
//! `callslot_shared_in_use`, `callslot_settling` (slots or calls), `callslot_org_seats`, `callslot_queue_depth` (calls, by type),
//! `callslot_alerts_open` (how many), `callslot_gates` (how many), `callslot_gate_active` and `callslot_gate_queued` (calls, by gate), `callslot_queue_wait_seconds`, `callslot_call_starts_total`, `callslot_call_ends_total` (by reason). Of the node:
//! `callslot_commit_duration_seconds`, `callslot_commit_commands`, `callslot_failed_commits_total`,
//! `callslot_commands_total`, `callslot_overloads_total`, `callslot_stalled_milliseconds`,
//! `callslot_history_lag_milliseconds`. Of the server:
//! `callslot_request_duration_seconds` (by route and status), `callslot_connections`,
//! `callslot_connections_cut_total` (by why), `callslot_body_bytes`, `callslot_seats`, `callslot_seats_refused_total` (by whose),
//! `callslot_build_info`, `callslot_webhook_attempts_total` (by outcome). Of webhooks, by organisation: `callslot_webhooks` (how many, by
//! state), `callslot_webhook_waiting` (deliveries).
//! Gauges of at most 1,000 organisations are shown, by id, and of at most 100 gates of each and 1,000 of all.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;
use callslot_api::ProblemCode as Code;
use callslot_core::{CallType, GateId, Now, Org, OrgId, PoolView};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::extract::query::NoParams;
use crate::reference::openapi::{Refusals, SERVER};
use crate::refusal::Refusal;
use crate::routes::limits::{
    MAX_METRICS_GATES, MAX_METRICS_GATES_OF_ORG, MAX_METRICS_ORGS, METRICS_ORGS_AT_A_TIME,
};
use crate::state::App;
use crate::webhooks::registry::Webhooks;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[(
    "read_metrics",
    &[Code::InvalidField, Code::Overloaded, Code::StoreFailed, Code::ShuttingDown],
)];

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OrgLabels {
    org: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WebhookLabels {
    org: String,
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ClassLabels {
    org: String,
    r#type: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct GateLabels {
    org: String,
    gate: String,
}

/// What the page shows of an organisation.
struct Shown {
    org: OrgId,
    pool: PoolView,
    gates: usize,
    open_alerts: usize,
    /// The active and the queued calls of its first gates.
    gate_counts: Vec<(GateId, u32, u32)>,
}

impl Shown {
    fn of(org: OrgId, found: &Org, now: Now) -> Self {
        let counts = found.gate_counts(MAX_METRICS_GATES_OF_ORG);
        let counts = counts.map(|(gate, active, queued)| (gate.clone(), active, queued));
        let (gates, gate_counts) = (found.gate_count(), counts.collect());
        let open_alerts = found.open_alert_count();
        Self { org, pool: found.pool(now), gates, open_alerts, gate_counts }
    }
}

/// The gauges of organisations, created for each page so that deleted ones leave no trace.
#[derive(Default)]
struct OrgGauges {
    limit: Family<OrgLabels, Gauge>,
    active: Family<OrgLabels, Gauge>,
    reserved: Family<OrgLabels, Gauge>,
    shared_in_use: Family<OrgLabels, Gauge>,
    settling: Family<OrgLabels, Gauge>,
    seats: Family<OrgLabels, Gauge>,
    queued: Family<ClassLabels, Gauge>,
    gates: Family<OrgLabels, Gauge>,
    open_alerts: Family<OrgLabels, Gauge>,
    gate_active: Family<GateLabels, Gauge>,
    gate_queued: Family<GateLabels, Gauge>,
    /// How many gates are shown.
    gates_shown: usize,
}

impl OrgGauges {
    fn set(&mut self, shown: &Shown, seats: usize) {
        let (org, pool) = (shown.org.as_str(), &shown.pool);
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
        let seats = i64::try_from(seats).expect("a small number");
        self.seats.get_or_create(&labels).set(seats);
        for call_type in CallType::ALL {
            let queued = pool.agents.iter().map(|agent| i64::from(agent.types[call_type].queued));
            let of_type = ClassLabels { org: org.to_owned(), r#type: call_type.as_str() };
            self.queued.get_or_create(&of_type).set(queued.sum());
        }
        let gates = i64::try_from(shown.gates).expect("a small number");
        self.gates.get_or_create(&labels).set(gates);
        let open = i64::try_from(shown.open_alerts).expect("a small number");
        self.open_alerts.get_or_create(&labels).set(open);
        let room = MAX_METRICS_GATES - self.gates_shown;
        for (gate, active, queued) in shown.gate_counts.iter().take(room) {
            let labels = GateLabels { org: org.to_owned(), gate: gate.to_string() };
            self.gate_active.get_or_create(&labels).set((*active).into());
            self.gate_queued.get_or_create(&labels).set((*queued).into());
            self.gates_shown += 1;
        }
    }

    fn register(self, registry: &mut Registry) {
        registry.register("limit", "Calls that may be active at once", self.limit);
        registry.register("slots_active", "Calls that hold a slot", self.active);
        registry.register("slots_reserved", "Slots reserved", self.reserved);
        registry.register("shared_in_use", "Shared slots in use", self.shared_in_use);
        registry.register("settling", "Slots in use or promised beyond the limit", self.settling);
        let seats = "Seats taken: event streams, engine streams and long polls";
        registry.register("org_seats", seats, self.seats);
        registry.register("queue_depth", "Calls waiting in the queue, by type", self.queued);
        registry.register("gates", "Gates", self.gates);
        registry.register("alerts_open", "Alerts that are open", self.open_alerts);
        registry.register("gate_active", "Calls that hold a slot, by gate", self.gate_active);
        registry.register("gate_queued", "Calls waiting in the queue, by gate", self.gate_queued);
    }
}

/// Read the metrics, for Prometheus
///
/// If the server has a separate listener for metrics, they are served there only. Anyone may read them as often as they
/// like; the page is cached for half a second.
#[utoipa::path(get, path = "/metrics", tag = SERVER, security(()),
    responses((status = 200, description = "OpenMetrics text", body = String, content_type = "application/openmetrics-text")))]
pub(crate) async fn read_metrics(
    State(app): State<Arc<App>>,
    _: NoParams,
) -> Result<([(HeaderName, &'static str); 1], Bytes), Refusal> {
    let page = match app.metrics.page.shown() {
        Some(page) => page,
        None => app.metrics.page.keep(page(&app).await?),
    };
    Ok(([(CONTENT_TYPE, OPEN_METRICS)], page))
}

async fn page(app: &App) -> Result<String, Refusal> {
    let mut gauges = OrgGauges::default();
    let orgs = app.node.read_all(|shard, _| {
        let orgs = shard.orgs().into_iter().take(MAX_METRICS_ORGS);
        orgs.map(|(id, _)| id).collect::<Vec<OrgId>>()
    });
    let orgs: BTreeSet<OrgId> = orgs.await?.into_iter().flatten().collect();
    let orgs = orgs.into_iter().take(MAX_METRICS_ORGS);
    let shown = |id: &OrgId, org: &Org, now: Now| Shown::of(id.clone(), org, now);
    for shown in app.node.read_orgs(orgs, METRICS_ORGS_AT_A_TIME, shown).await? {
        gauges.set(&shown, app.seats.taken_in(&shown.org));
    }
    let mut registry = Registry::with_prefix("callslot");
    gauges.register(&mut registry);
    app.node.metrics().register(&mut registry);
    app.metrics.register(&mut registry);
    app.seats.register(&mut registry);
    let body_bytes: Gauge = Gauge::default();
    body_bytes.set(i64::try_from(app.bodies.taken()).expect("a small number"));
    registry.register("body_bytes", "Bytes reserved for bodies that are arriving", body_bytes);
    register_webhooks(&app.webhooks, &mut registry);
    let mut page = String::new();
    text::encode(&mut page, &registry).expect("a string takes what is written");
    Ok(page)
}

/// The gauges of webhooks: a series for each state, of at most as many organisations as have gauges of their own.
fn register_webhooks(webhooks: &Webhooks, registry: &mut Registry) {
    let states: Family<WebhookLabels, Gauge> = Family::default();
    let waiting: Family<OrgLabels, Gauge> = Family::default();
    let mut orgs = BTreeSet::new();
    for known in webhooks.list(None) {
        let (settings, state) = (known.settings(), known.state());
        let org = settings.org.to_string();
        if orgs.len() == MAX_METRICS_ORGS && !orgs.contains(&org) {
            continue;
        }
        orgs.insert(org.clone());
        let word = match (&settings.disabled, state.place.failures_in_row) {
            (Some(_), _) => "disabled",
            (None, 0) => "ok",
            (None, _) => "failing",
        };
        states.get_or_create(&WebhookLabels { org: org.clone(), state: word }).inc();
        let unsettled = i64::try_from(state.unsettled).expect("a small number");
        waiting.get_or_create(&OrgLabels { org }).inc_by(unsettled);
    }
    registry.register("webhooks", "Webhooks, by state", states);
    let help =
        "Deliveries of webhooks that wait or are under way, without events that were not read yet";
    registry.register("webhook_waiting", help, waiting);
    let attempts = webhooks.shared.attempts.clone();
    registry.register("webhook_attempts", "Attempts to deliver, by what became of them", attempts);
}
