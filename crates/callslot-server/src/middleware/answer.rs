//! What every request and answer passes: the checks of its head, a request id, common headers, problems written out, and metrics.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderName, HeaderValue, Request, Response, Version};
use axum::response::IntoResponse;
use callslot_api::Problem;
use callslot_node::Stopwatch;
use hyper::body::Incoming;
use tokio::sync::Semaphore;
use tower_service::Service;

use crate::connection::activity::Exchange;
use crate::connection::drain_body::ReadToEnd;
use crate::connection::peer::Peer;
use crate::connection::unsent_answers::WatchedAnswer;
use crate::limits::ANSWERS_COMPRESSED_AT_ONCE;
use crate::metrics::ServerMetrics;
use crate::middleware::compress::{compress, may_be_compressed};
use crate::middleware::head::check_head;
use crate::middleware::host::check_host;
use crate::middleware::route_name::RouteName;
use crate::middleware::write_problem::{ProblemForm, write_problem};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The content security policy of an answer that does not set its own.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// The headers of every answer.
const ALWAYS: [(HeaderName, HeaderValue); 3] = [
    (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("x-frame-options"), HeaderValue::from_static("DENY")),
];

/// Answers the requests of a listener.
pub(crate) struct Answering {
    router: Router,
    metrics: Arc<ServerMetrics>,
    /// Request ids count up from a random number, so that those of two runs differ.
    first_id: u64,
    /// For answers that take long to compress.
    compressing: Semaphore,
    pub(crate) requests: AtomicU64,
}

impl Answering {
    pub(crate) fn new(router: Router, metrics: Arc<ServerMetrics>) -> Self {
        let compressing = Semaphore::new(ANSWERS_COMPRESSED_AT_ONCE);
        Self { router, metrics, first_id: random(), compressing, requests: AtomicU64::new(0) }
    }

    pub(crate) async fn answer(&self, request: Request<Incoming>, client: &Peer) -> Response<Body> {
        let begun = Stopwatch::start();
        client.activity.note_version(request.version());
        let _exchange = Exchange::begin(&client.activity);
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let id = format!("{:016x}", self.first_id.wrapping_add(number));
        let is_watched = request.version() == Version::HTTP_2;
        let mut request = request.map(|body| Body::new(ReadToEnd::new(body)));
        request.extensions_mut().insert(client.clone());
        let method = request.method().clone();
        let form = ProblemForm::at(request.uri().path());
        let may_be_compressed = may_be_compressed(&request);
        let checked = client
            .check_channel()
            .and_then(|()| check_host(&request))
            .and_then(|()| check_head(&request));
        let mut response = match checked {
            Ok(()) => match self.router.clone().call(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            },
            Err(refusal) => refusal.into_response(),
        };
        if let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() {
            write_problem(&mut response, &problem, form, &id);
            if problem.status >= 500 {
                // Not the path itself: a key put there by mistake must not end up in the log.
                let route = response.extensions().get().map(|RouteName(route)| &**route);
                tracing::warn!(request_id = id, %method, route, code = problem.code, "{}", problem.detail);
            }
        }
        response = compress(response, may_be_compressed, &self.compressing).await;
        let headers = response.headers_mut();
        headers.extend(ALWAYS.map(|(name, value)| (Some(name), value)));
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(POLICY);
        // Shared caches do not store answers to `authorization`, but know nothing of cookies.
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
        headers.insert(
            REQUEST_ID,
            HeaderValue::try_from(id).expect("hexadecimal digits are a header's value"),
        );
        if let Some(RouteName(route)) = response.extensions().get() {
            self.metrics.observe(route, response.status().as_u16(), begun.elapsed());
        }
        if is_watched {
            response = response
                .map(|body| Body::new(WatchedAnswer::new(body, &client.activity.unsent, number)));
        }
        response
    }
}

fn random() -> u64 {
    getrandom::u64().expect("the system has random numbers")
}
