//! Takes connections, and has their requests answered until the bridge stops.

use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// Connections at once; more wait.
const MAX_CONNECTIONS: usize = 4_096;
/// How long a connection has for the head of a request.
const HEAD_WITHIN: Duration = Duration::from_secs(15);
/// The longest head of a request, in bytes.
const MAX_HEAD_BYTES: usize = 32 << 10;
/// How long open requests have when the bridge stops.
const DRAIN_WITHIN: Duration = Duration::from_secs(10);
/// How long to wait if a connection cannot be accepted, most likely for lack of files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Answers until `stopping` says so, then until open requests are done or have taken too long.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    mut stopping: watch::Receiver<()>,
) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN).max_buf_size(MAX_HEAD_BYTES);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await.expect("it is never closed");
            (place, listener.accept().await)
        };
        let (place, stream) = tokio::select! {
            (place, accepted) = accepted => match accepted {
                Ok((stream, _)) => (place, stream),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
            // It is an error once the bridge stops.
            _ = stopping.changed() => break,
        };
        let service = TowerToHyperService::new(router.clone());
        let serving = open.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            let _place = place;
            let _ = serving.await;
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(DRAIN_WITHIN, open.shutdown()).await;
}
