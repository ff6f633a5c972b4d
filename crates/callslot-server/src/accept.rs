//! The accept loop: takes connections, has their requests answered, and drains them when the server stops.
//!
//! It is our own, because it sets what `axum::serve` leaves unset: times for connections (in `connection/watchdog.rs`),
//! limits on heads and connections, and a drain that ends.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::connection::activity::{Activity, CountedStream, Place};
use crate::connection::peer::{Channel, Peer};
use crate::connection::watchdog::Watchdog;
use crate::limits::{
    ACCEPT_PAUSE, DRAIN_TIMEOUT, HTTP2_KEEP_ALIVE, MAX_CONNECTIONS, MAX_HEAD_BYTES, MAX_HEADERS,
    MAX_STREAMS_PER_CONNECTION, MAX_UNREAD_BYTES_PER_CONNECTION, MAX_UNREAD_BYTES_PER_STREAM,
    MAX_UNSENT_BYTES_PER_STREAM,
};
use crate::metrics::ServerMetrics;
use crate::middleware::answer::Answering;
use crate::shutdown::Closing;
use crate::tls::{Shaken, Tls};

/// All places for connections.
#[expect(clippy::cast_possible_truncation, reason = "it is a small number")]
const ALL_CONNECTIONS: u32 = MAX_CONNECTIONS as u32;

/// Answers on `listener` until the server stops, then until open requests are done or the drain times out.
pub(crate) async fn serve(
    listener: TcpListener,
    answering: Answering,
    tls: Option<Tls>,
    metrics: Arc<ServerMetrics>,
    closing: Closing,
) {
    let answering = Arc::new(answering);
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let open = GracefulShutdown::new();
    let watchdog = Arc::new(Watchdog::default());
    let checking = tokio::spawn({
        let (watchdog, metrics) = (Arc::clone(&watchdog), Arc::clone(&metrics));
        async move { watchdog.check(&metrics).await }
    });
    let server = Arc::new(server());
    loop {
        let room = Arc::clone(&connections).acquire_owned();
        let accepted = async { (room.await.expect("it is never closed"), listener.accept().await) };
        let (room, stream, peer) = tokio::select! {
            (room, accepted) = accepted => match accepted {
                Ok((stream, peer)) => (room, stream, peer),
                Err(error) => {
                    // Too many open files, most likely: closing connections makes room.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
            () = closing.begun() => break,
        };
        // Send small answers immediately.
        let _ = stream.set_nodelay(true);
        let activity = Arc::new(Activity::default());
        let place = Arc::new(Place::new(room, metrics.count_connection()));
        let channel = if tls.is_some() { Channel::OurTls } else { Channel::Plain };
        let client = Peer { address: peer.ip(), activity: Arc::clone(&activity), place, channel };
        let watchdog = Arc::clone(&watchdog);
        let Some(tls) = tls.clone() else {
            let stream = CountedStream::new(stream, Arc::clone(&activity));
            let serving = connection(&server, stream, client, Arc::clone(&answering)).into_owned();
            let serving = open.watch(serving);
            tokio::spawn(async move { watchdog.until_cut(serving, activity).await });
            continue;
        };
        let (watcher, closing) = (open.watcher(), closing.clone());
        let (server, answering) = (Arc::clone(&server), Arc::clone(&answering));
        let metrics = Arc::clone(&metrics);
        let serving = async move {
            let shaken = tokio::select! {
                shaken = tls.accept(stream, Arc::clone(&client.activity)) => shaken,
                // Nothing was asked yet.
                () = closing.begun() => return,
            };
            // A broken connection is the client's problem.
            match shaken {
                Ok(Shaken::Tls(stream)) => {
                    let serving = connection(&server, stream, client, answering);
                    let _ = watcher.watch(serving).await;
                }
                Ok(Shaken::Plain(stream)) => {
                    let client = Peer { channel: Channel::PlainInsteadOfTls, ..client };
                    let serving = connection(&server, stream, client, answering);
                    let _ = watcher.watch(serving).await;
                }
                Err(error) => {
                    metrics.count_failed_handshake();
                    tracing::debug!(%error, "a handshake failed");
                }
            }
        };
        tokio::spawn(async move { watchdog.until_cut(serving, activity).await });
    }
    // Clients that connect from now on learn at once that nobody is listening.
    drop(listener);
    let drained = async {
        open.shutdown().await;
        // Requests that were upgraded to streams are no longer requests, but still hold their places.
        let _ = connections.acquire_many(ALL_CONNECTIONS).await;
    };
    if tokio::time::timeout(DRAIN_TIMEOUT, drained).await.is_err() {
        tracing::warn!("some requests were still open after {} s", DRAIN_TIMEOUT.as_secs());
    }
    checking.abort();
}

pub(crate) fn server() -> auto::Builder<TokioExecutor> {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        // Its timer would also cut off idle connections, and costs every request; `connection/watchdog.rs` watches the head.
        .header_read_timeout(None)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS);
    server
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(HTTP2_KEEP_ALIVE))
        .max_concurrent_streams(MAX_STREAMS_PER_CONNECTION)
        .max_send_buf_size(MAX_UNSENT_BYTES_PER_STREAM)
        .initial_stream_window_size(MAX_UNREAD_BYTES_PER_STREAM)
        .initial_connection_window_size(MAX_UNREAD_BYTES_PER_CONNECTION)
        .max_header_list_size(u32::try_from(MAX_HEAD_BYTES).expect("a small number"));
    server
}

/// Answers the requests on a connection.
pub(crate) fn connection<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
    server: &auto::Builder<TokioExecutor>,
    stream: S,
    client: Peer,
    answering: Arc<Answering>,
) -> auto::UpgradeableConnection<
    '_,
    TokioIo<S>,
    impl hyper::service::Service<
        Request<Incoming>,
        Response = Response<Body>,
        Error = std::convert::Infallible,
        Future: Send,
    > + use<S>,
    TokioExecutor,
> {
    let service = service_fn(move |request| {
        let (answering, client) = (Arc::clone(&answering), client.clone());
        async move { Ok(answering.answer(request, &client).await) }
    });
    server.serve_connection_with_upgrades(TokioIo::new(stream), service)
}
