//! A server's life: it starts, runs and stops.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use callslot_node::{Node, NodeConfig};
use callslot_store::{Store, StoreError};
use tokio::net::{TcpListener, TcpSocket};

use crate::accept;
use crate::auth::key_ring::KeyRing;
use crate::auth::limits::LEAST_OPERATOR_KEY_BITS;
use crate::auth::secrets::most_bits;
use crate::config::ServerConfig;
use crate::first_start::{FirstStart, first_start, set_up};
use crate::limits::{MAX_NOT_YET_ACCEPTED, TEND_KEYS_EVERY};
use crate::middleware::answer::Answering;
use crate::routes::router::{MetricsAt, documents, metrics_router, router};
use crate::seats::Seats;
use crate::serve_error::ServeError;
use crate::shutdown::{Closing, Stop};
use crate::state::App;
use crate::tls::{CertificateRenewal, Tls, TlsError, TlsFiles};
use crate::web_app::files::Dashboard;
use crate::webhooks;
use crate::webhooks::registry::Webhooks;
use crate::webhooks::sender::Outbound;

/// A server that is ready to answer.
pub struct Server {
    node: Node,
    app: Arc<App>,
    closing: Stop,
    listener: TcpListener,
    metrics_listener: Option<TcpListener>,
    tls: Option<(Tls, CertificateRenewal)>,
    first_start: Option<FirstStart>,
}

impl Server {
    /// Listens, opens the store in the data directory with `open_store`, and recovers what it holds.
    ///
    /// # Errors
    /// [`ServeError`] says what prevents the server from running and what to do.
    pub async fn start(
        config: ServerConfig,
        open_store: impl FnOnce(&Path) -> Result<Arc<dyn Store>, StoreError>,
    ) -> Result<Self, ServeError> {
        config.operator_key.as_deref().map_or(Ok(()), check_operator_key)?;
        let tls = open_tls(config.tls_cert, config.tls_key)?;
        let listener = listen(config.listen)?;
        let metrics_listener = match config.metrics_listen {
            Some(address) => Some(listen(address)?),
            None => None,
        };
        let store = open_store(&config.data)?;
        let node_config = NodeConfig {
            cursor_retention_ms: config.cursor_retention_ms,
            ended_retention_ms: config.ended_retention_ms,
            minute_retention_ms: config.minute_retention_ms,
            history_retention_ms: config.history_retention_ms,
            confirms_clock: config.confirms_clock,
        };
        let node = Node::start(Arc::clone(&store), &node_config)?;
        let made = set_up(&node.handle(), &*store, config.operator_key.as_deref()).await?;
        let keys = KeyRing::new(config.commands_per_second_per_key);
        keys.load(&*store)?;
        let (closing, is_closing) = Closing::new();
        let dashboard = config.dashboard.unwrap_or_else(Dashboard::without_app);
        let seats = Seats::new(config.seats_per_key, config.seats_per_org);
        let outbound = Outbound::new(config.webhook_allow);
        let webhooks = Webhooks::new(node.handle(), outbound);
        webhooks.start(&*store)?;
        let app =
            App::new(node.handle(), keys, seats, dashboard, documents(), is_closing, webhooks);
        let given = config.operator_key.as_deref();
        let first_start = made.map(|made| first_start(made, given, &app));
        Ok(Self { node, app: Arc::new(app), closing, listener, metrics_listener, tls, first_start })
    }

    /// The address it listens on.
    ///
    /// # Errors
    /// If the system cannot tell.
    pub fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The address of the metrics, if they have their own.
    pub fn metrics_addr(&self) -> Option<SocketAddr> {
        self.metrics_listener.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// Has the certificate read again, if the server speaks TLS itself.
    pub fn certificate_renewal(&self) -> Option<CertificateRenewal> {
        self.tls.as_ref().map(|(_, renewal)| renewal.clone())
    }

    /// What was created, if this is the first start.
    #[must_use]
    pub fn first_start(&self) -> Option<&FirstStart> {
        self.first_start.as_ref()
    }

    /// Answers requests until `shutdown` completes; then lets open requests finish, commits, and stores a snapshot.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) {
        let metrics_at = match self.metrics_listener {
            Some(_) => MetricsAt::OwnListener,
            None => MetricsAt::SameListener,
        };
        let metrics = &self.app.metrics;
        let serve = |listener, router, tls| {
            let answering = Answering::new(router, Arc::clone(metrics));
            let closing = self.app.closing.clone();
            tokio::spawn(accept::serve(listener, answering, tls, Arc::clone(metrics), closing))
        };
        let (tls, renewal) = self.tls.unzip();
        let renewing = renewal.map(|renewal| {
            let kept = renewal.keep_current(Arc::clone(metrics), self.app.closing.clone());
            tokio::spawn(kept)
        });
        let main = serve(self.listener, router(&self.app, metrics_at), tls);
        // Those who collect metrics reach it by an address of the inner network, for which there is no certificate.
        let metrics =
            self.metrics_listener.map(|listener| serve(listener, metrics_router(&self.app), None));
        let tending = tokio::spawn(tend_keys(Arc::clone(&self.app)));
        let alerting = tokio::spawn(webhooks::alerts::run(Arc::clone(&self.app)));
        shutdown.await;
        let _ = self.closing.send(true);
        main.await.expect("the accept loop ends on its own");
        if let Some(metrics) = metrics {
            metrics.await.expect("the accept loop ends on its own");
        }
        tending.await.expect("tending the keys ends on its own");
        if let Some(renewing) = renewing {
            renewing.await.expect("looking at the certificate ends on its own");
        }
        alerting.await.expect("the alerts of webhooks end on their own");
        self.app.webhooks.stop().await;
        self.node.shutdown().await;
    }
}

fn check_operator_key(secret: &str) -> Result<(), ServeError> {
    if !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ServeError::OperatorKeyUnsendable);
    }
    match most_bits(secret) {
        LEAST_OPERATOR_KEY_BITS.. => Ok(()),
        bits => Err(ServeError::OperatorKeyGuessable { bits }),
    }
}

/// Reads the certificate, if there is to be one. Its key may be in the same file.
fn open_tls(
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
) -> Result<Option<(Tls, CertificateRenewal)>, TlsError> {
    match (certificate, key) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(TlsError::KeyAlone),
        (Some(certificate), key) => {
            let key = key.unwrap_or_else(|| certificate.clone());
            Tls::open(TlsFiles { certificate, key }).map(Some)
        }
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let listening = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // Otherwise connections of a server that has just stopped would prevent the next one from listening.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(MAX_NOT_YET_ACCEPTED)
    };
    listening().map_err(|source| ServeError::Listen { address, source })
}

/// Stores when keys were last used and removes expired sessions, at intervals and when the server stops.
async fn tend_keys(app: Arc<App>) {
    loop {
        let is_last = tokio::select! {
            () = tokio::time::sleep(TEND_KEYS_EVERY) => false,
            () = app.closed() => true,
        };
        let tending = Arc::clone(&app);
        // A failing store is reported elsewhere; the next round tries again.
        let lived = app.node.lived();
        let _ = app
            .node
            .in_store(move |store| {
                tending.keys.keep_last_uses(store)?;
                tending.keys.forget_expired(store, lived)
            })
            .await;
        if is_last {
            return;
        }
    }
}
