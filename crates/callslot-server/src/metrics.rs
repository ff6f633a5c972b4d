//! The server's own metrics: requests and connections. `routes/metrics.rs` makes the page that Prometheus reads, which also
//! has the node's metrics.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use callslot_node::Stopwatch;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::connection::activity::CountedConnection;
use crate::connection::cut::Cut;
use crate::limits::METRICS_PAGE_LASTS;

/// The server's own metrics.
#[derive(Debug)]
pub(crate) struct ServerMetrics {
    requests: Family<RequestLabels, Histogram>,
    connections: Gauge,
    cuts: Family<CutLabels, Counter>,
    certificate: Certificate,
    pub(crate) page: LastPage,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: Arc<str>,
    status: u16,
}

/// What there is to say of TLS. The expiry is 0 without a certificate, and not on the page.
#[derive(Debug, Default)]
struct Certificate {
    expires: Gauge,
    refused: Counter,
    failed_handshakes: Counter,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CutLabels {
    why: &'static str,
}

impl Default for ServerMetrics {
    fn default() -> Self {
        let cuts: Family<CutLabels, Counter> = Family::default();
        for why in Cut::ALL {
            // So that the first one is seen as an increase.
            drop(cuts.get_or_create(&CutLabels { why: why.as_str() }));
        }
        Self {
            cuts,
            requests: Family::new_with_constructor(|| {
                Histogram::new(exponential_buckets(0.000_25, 2.0, 18))
            }),
            connections: Gauge::default(),
            certificate: Certificate::default(),
            page: LastPage::default(),
        }
    }
}

impl ServerMetrics {
    /// Records how long a request took.
    pub(crate) fn observe(&self, route: &Arc<str>, status: u16, took: Duration) {
        let labels = RequestLabels { route: Arc::clone(route), status };
        self.requests.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// Counts a connection until the returned value is dropped.
    pub(crate) fn count_connection(&self) -> CountedConnection {
        CountedConnection::of(self.connections.clone())
    }

    /// Counts a connection that is cut off.
    pub(crate) fn count_cut(&self, why: Cut) {
        self.cuts.get_or_create(&CutLabels { why: why.as_str() }).inc();
    }

    /// Records when the certificate in use expires, in seconds since 1970.
    pub(crate) fn note_certificate(&self, expires_at_s: u64) {
        self.certificate.expires.set(i64::try_from(expires_at_s).unwrap_or(i64::MAX));
    }

    /// Counts a certificate that was put in place of the one in use and cannot be used.
    pub(crate) fn count_refused_certificate(&self) {
        self.certificate.refused.inc();
    }

    /// Counts a handshake that failed.
    pub(crate) fn count_failed_handshake(&self) {
        self.certificate.failed_handshakes.inc();
    }

    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "request_duration",
            "Request duration, by route and status",
            Unit::Seconds,
            self.requests.clone(),
        );
        registry.register("connections", "Open connections", self.connections.clone());
        registry.register(
            "connections_cut",
            "Connections cut off, by why: no head of a request in time, idle, or not reading",
            self.cuts.clone(),
        );
        if self.certificate.expires.get() != 0 {
            registry.register_with_unit(
                "tls_certificate_expiry",
                "When the certificate in use expires, since 1970",
                Unit::Seconds,
                self.certificate.expires.clone(),
            );
        }
        registry.register(
            "tls_certificates_refused",
            "New certificates that could not be used, so that the old one stayed",
            self.certificate.refused.clone(),
        );
        registry.register(
            "tls_handshakes_failed",
            "Connections whose TLS handshake failed",
            self.certificate.failed_handshakes.clone(),
        );
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The running version", version);
    }
}

/// The most recent page.
#[derive(Debug, Default)]
pub(crate) struct LastPage(Mutex<Option<(Stopwatch, Bytes)>>);

impl LastPage {
    /// The last page, unless it is too old. The first request that finds it too old makes the next one; in the meantime others
    /// get the old one.
    pub(crate) fn shown(&self) -> Option<Bytes> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (made, page) = last.as_mut()?;
        if made.elapsed() >= METRICS_PAGE_LASTS {
            *made = Stopwatch::start();
            return None;
        }
        Some(page.clone())
    }

    pub(crate) fn keep(&self, page: String) -> Bytes {
        let page = Bytes::from(page);
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((Stopwatch::start(), page.clone()));
        page
    }
}
