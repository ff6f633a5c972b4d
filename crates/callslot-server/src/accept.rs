//! The accept loop, and what is done to every request and answer.
//!
//! An accept loop of ours, because it sets what `axum::serve` leaves unset: times for connections (in `connection/watchdog.rs`),
//! bounds on heads and connections, and a drain with an end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use callslot_api::{AtomsErrors, Problem};
use callslot_node::Stopwatch;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_service::Service;

use crate::auth::roles::Peer;
use crate::connection::drain_body::ReadToEnd;
use crate::connection::watchdog::{Counted, Exchange, Place, Pulse, Watched};
use crate::limits::{
    ACCEPT_PAUSE, DRAIN_TIMEOUT, HTTP2_KEEP_ALIVE, MAX_CONNECTIONS, MAX_HEAD_BYTES, MAX_HEADERS,
    MAX_STREAMS_PER_CONNECTION, MAX_UNSENT_BYTES_PER_STREAM,
};
use crate::routes::atoms;
use crate::routes::router::Route;
use crate::state::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What an answer may do in a browser, unless it says more itself.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// As many as there are places.
#[expect(clippy::cast_possible_truncation, reason = "it is a small number")]
const ALL_CONNECTIONS: u32 = MAX_CONNECTIONS as u32;

/// Headers of every answer.
const ALWAYS: [(HeaderName, HeaderValue); 3] = [
    (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("x-frame-options"), HeaderValue::from_static("DENY")),
];

/// Answers on `listener` until the server stops, and then until open requests are done or the time for that is up.
pub(crate) async fn serve(listener: TcpListener, router: Router, app: Arc<App>) {
    let door = Arc::new(Door::new(router, Arc::clone(&app)));
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let open = GracefulShutdown::new();
    let watched = Arc::new(Watched::default());
    let looking = tokio::spawn({
        let watched = Arc::clone(&watched);
        async move { watched.look().await }
    });
    let server = server();
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
            () = app.closed() => break,
        };
        // Small answers leave at once.
        let _ = stream.set_nodelay(true);
        let pulse = Arc::new(Pulse::default());
        let stream = Counted::new(stream, Arc::clone(&pulse));
        let place = Arc::new(Place::new(room, app.metrics.count_connection()));
        let client = Peer { address: peer.ip(), pulse: Arc::clone(&pulse), place };
        let answering =
            open.watch(connection(&server, stream, client, Arc::clone(&door)).into_owned());
        let watched = Arc::clone(&watched);
        tokio::spawn(async move { watched.until_cut(answering, pulse).await });
    }
    // Whoever connects from now on is told at once that nobody listens.
    drop(listener);
    let drained = async {
        open.shutdown().await;
        // Streams that requests became are no requests any more, and have their places still.
        let _ = connections.acquire_many(ALL_CONNECTIONS).await;
    };
    if tokio::time::timeout(DRAIN_TIMEOUT, drained).await.is_err() {
        tracing::warn!("some requests were still open after {} s", DRAIN_TIMEOUT.as_secs());
    }
    looking.abort();
}

pub(crate) fn server() -> auto::Builder<TokioExecutor> {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        // Its timer would cut off idle connections as well, and costs every request; `connection/watchdog.rs` watches the head.
        .header_read_timeout(None)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS);
    server
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(HTTP2_KEEP_ALIVE))
        .max_concurrent_streams(MAX_STREAMS_PER_CONNECTION)
        .max_send_buf_size(MAX_UNSENT_BYTES_PER_STREAM)
        .max_header_list_size(u32::try_from(MAX_HEAD_BYTES).expect("a small number"));
    server
}

/// Answers what comes on a stream.
pub(crate) fn connection<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
    server: &auto::Builder<TokioExecutor>,
    stream: Counted<S>,
    client: Peer,
    door: Arc<Door>,
) -> auto::UpgradeableConnection<
    '_,
    TokioIo<Counted<S>>,
    impl hyper::service::Service<
        Request<Incoming>,
        Response = Response<Body>,
        Error = std::convert::Infallible,
        Future: Send,
    > + use<S>,
    TokioExecutor,
> {
    let service = service_fn(move |request| {
        let (door, client) = (Arc::clone(&door), client.clone());
        async move { Ok(door.answer(request, &client).await) }
    });
    server.serve_connection_with_upgrades(TokioIo::new(stream), service)
}

/// What every request goes through.
pub(crate) struct Door {
    router: Router,
    pub(crate) app: Arc<App>,
    /// Ids of requests count up from a random number, so that those of two runs differ.
    first_id: u64,
    pub(crate) requests: AtomicU64,
}

impl Door {
    pub(crate) fn new(router: Router, app: Arc<App>) -> Self {
        Self { router, app, first_id: random(), requests: AtomicU64::new(0) }
    }

    async fn answer(&self, request: Request<Incoming>, client: &Peer) -> Response<Body> {
        let begun = Stopwatch::start();
        client.pulse.note_version(request.version());
        let _exchange = Exchange::begin(&client.pulse);
        let id = format!(
            "{:016x}",
            self.first_id.wrapping_add(self.requests.fetch_add(1, Ordering::Relaxed))
        );
        let mut request = request.map(|body| Body::new(ReadToEnd::new(body)));
        request.extensions_mut().insert(client.clone());
        let method = request.method().clone();
        let form =
            if atoms::is_below_root(request.uri().path()) { Form::Atoms } else { Form::Problem };
        let mut router = self.router.clone();
        let mut response = match router.call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        if let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() {
            write_problem(&mut response, &problem, form, &id);
            if problem.status >= 500 {
                // Not the path itself: whoever puts a key there by mistake need not read it in the log.
                let route = response.extensions().get().map(|Route(route)| &**route);
                tracing::warn!(request_id = id, %method, route, code = problem.code, "{}", problem.detail);
            }
        }
        let headers = response.headers_mut();
        headers.extend(ALWAYS.map(|(name, value)| (Some(name), value)));
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(POLICY);
        // Caches keep answers to `authorization` to themselves, but know nothing of cookies.
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
        headers.insert(
            REQUEST_ID,
            HeaderValue::try_from(id).expect("hexadecimal digits are a header's value"),
        );
        if let Some(Route(route)) = response.extensions().get() {
            self.app.metrics.observe(route, response.status().as_u16(), begun.elapsed());
        }
        response
    }
}

/// How problems are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As problem details.
    Problem,
    /// As the clients of the Atoms platform read them.
    Atoms,
}

/// Makes an answer the problem that travels with it.
fn write_problem(response: &mut Response<Body>, problem: &Problem, form: Form, request_id: &str) {
    let (media_type, json) = match form {
        Form::Problem => {
            let request_id = Some(request_id.to_owned());
            let problem = Problem { request_id, ..problem.clone() };
            ("application/problem+json", serde_json::to_vec(&problem))
        }
        Form::Atoms => {
            let errors = AtomsErrors { success: false, errors: vec![problem.detail.clone()] };
            ("application/json", serde_json::to_vec(&errors))
        }
    };
    let json = json.expect("a problem can be written");
    *response.body_mut() = Body::from(json);
    *response.status_mut() =
        StatusCode::from_u16(problem.status).expect("codes have valid statuses");
    let headers = response.headers_mut();
    // It speaks of the empty body.
    headers.remove(CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    if matches!(problem.status, 429 | 503) {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    if problem.status == 401 {
        headers.insert("www-authenticate", HeaderValue::from_static("Bearer"));
    }
    if problem.status == 426 {
        // RFC 9110 §15.5.22, RFC 6455 §4.4.
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    }
}

fn random() -> u64 {
    getrandom::u64().expect("the system has random numbers")
}
