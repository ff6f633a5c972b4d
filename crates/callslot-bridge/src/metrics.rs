//! What the bridge counts, for Prometheus.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// The delays between a slot and the answer that connects, in seconds.
const DELAYS: [f64; 8] = [0.05, 0.25, 0.5, 1.0, 1.5, 2.0, 5.0, 15.0];

/// Which message of a carrier, and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    path: &'static str,
    status: u16,
}

/// What the carrier's API was asked, and how that went.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ApiLabels {
    asked: &'static str,
    outcome: &'static str,
}

/// The bridge's figures.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    pub(crate) wrong_signatures: Counter,
    pub(crate) wrong_dispatch_signatures: Counter,
    api: Family<ApiLabels, Counter>,
    connect_delay: Histogram,
    pub(crate) calls: Gauge,
    pub(crate) found_over: Counter,
    pub(crate) overflowed: Counter,
    pub(crate) out_of_sight: Counter,
    pub(crate) unknown_numbers: Counter,
    connected: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("callslot_bridge");
        let metrics = Self {
            requests: Family::default(),
            wrong_signatures: Counter::default(),
            wrong_dispatch_signatures: Counter::default(),
            api: Family::default(),
            connect_delay: Histogram::new(DELAYS),
            calls: Gauge::default(),
            found_over: Counter::default(),
            overflowed: Counter::default(),
            out_of_sight: Counter::default(),
            unknown_numbers: Counter::default(),
            connected: Gauge::default(),
            registry: Registry::default(),
        };
        let it = &metrics;
        registry.register(
            "requests",
            "Messages of the carrier and of Callslot, by path and status",
            it.requests.clone(),
        );
        registry.register(
            "wrong_signatures",
            "Requests that the carrier has not signed",
            it.wrong_signatures.clone(),
        );
        registry.register(
            "wrong_dispatch_signatures",
            "Requests to /dispatch that Callslot has not signed",
            it.wrong_dispatch_signatures.clone(),
        );
        registry.register(
            "carrier_api",
            "What the carrier's API was asked, and how that went",
            it.api.clone(),
        );
        registry.register_with_unit(
            "connect_delay",
            "From a slot to the answer that connects its caller",
            Unit::Seconds,
            it.connect_delay.clone(),
        );
        registry.register("calls", "Calls at the carrier or to be called back", it.calls.clone());
        registry.register(
            "found_over",
            "Calls whose end was not told, and was asked for",
            it.found_over.clone(),
        );
        registry.register("overflowed", "Callers who went to the overflow", it.overflowed.clone());
        registry.register(
            "out_of_sight",
            "Calls whose slot may be gone though they go on",
            it.out_of_sight.clone(),
        );
        registry.register(
            "unknown_numbers",
            "Callers of numbers that are not in the settings",
            it.unknown_numbers.clone(),
        );
        Self { registry, ..metrics }
    }
}

impl Metrics {
    /// Those of a door that keeps a connection, with whether it has it.
    pub(crate) fn of_connection() -> Self {
        let mut metrics = Self::default();
        let connected = metrics.connected.clone();
        metrics.registry.register(
            "connected",
            "Whether the events of Asterisk or the SIP proxy come to this bridge: 1 or 0",
            connected,
        );
        metrics
    }

    /// Counts an answered request.
    pub(crate) fn answered(&self, path: &'static str, status: u16) {
        self.requests.get_or_create(&RequestLabels { path, status }).inc();
    }

    /// Counts a question to the carrier's API.
    pub(crate) fn asked<T, E>(&self, asked: &'static str, outcome: &Result<T, E>) {
        let outcome = if outcome.is_ok() { "done" } else { "failed" };
        self.api.get_or_create(&ApiLabels { asked, outcome }).inc();
    }

    /// Notes whether events come.
    pub(crate) fn set_connected(&self, is_connected: bool) {
        self.connected.set(i64::from(is_connected));
    }

    /// Notes how long a caller waited for the connection though there was a slot.
    pub(crate) fn connected(&self, delay_ms: u64) {
        #[expect(clippy::cast_precision_loss, reason = "it is a short time")]
        self.connect_delay.observe(delay_ms as f64 / 1000.0);
    }

    /// The page that Prometheus reads.
    pub(crate) fn page(&self) -> String {
        let mut page = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut page, &self.registry);
        page
    }
}
