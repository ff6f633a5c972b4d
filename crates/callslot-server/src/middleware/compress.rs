//! Compresses long answers with gzip for clients that take it: figures, lists of settings, and the documents about the API.
//!
//! What a text has twice makes its compressed form shorter, so somebody who can put words into an answer and sees its length can guess
//! what else is in it (BREACH, 2013). So only the addresses listed here are compressed: none of their answers has a secret, and none
//! repeats what the request says. Left out are keys and sessions, which have secrets, and calls, whose metadata is their callers'.

use std::io::Write as _;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, ETAG, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::BodyExt as _;
use hyper::body::Body as _;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::extract::headers::takes_gzip;
use crate::limits::{LEAST_COMPRESSED_BYTES, MOST_COMPRESSED_BETWEEN_BYTES};
use crate::middleware::route_name::RouteName;

/// The routes whose answers are compressed.
const COMPRESSED: [&str; 9] = [
    "/docs",
    "/docs/style.css",
    "/openapi.json",
    "/v1/agents",
    "/v1/concurrency",
    "/v1/concurrency/recent",
    "/v1/history",
    "/v1/orgs",
    "/v1/plans",
];

/// Whether the answer to a request may be compressed, if its address is one of those.
pub(crate) fn may_be_compressed<B>(request: &Request<B>) -> bool {
    request.method() == Method::GET && takes_gzip(request.headers())
}

/// Says that the answer depends on `accept-encoding` where it does, and compresses it if it may be and is long. One that takes a while
/// is sent as it is if `beside` has no room, so that a client that asks for many of them takes no more than that of the processor.
pub(crate) async fn compress(
    mut answer: Response<Body>,
    may_be: bool,
    beside: &Semaphore,
) -> Response<Body> {
    let route = answer.extensions().get().map(|RouteName(route)| &**route);
    if !route.is_some_and(|route| COMPRESSED.contains(&route)) {
        return answer;
    }
    answer.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
    let length = answer.body().size_hint().exact().unwrap_or_default();
    let is_long = length >= LEAST_COMPRESSED_BYTES;
    let is_plain = !answer.headers().contains_key(CONTENT_ENCODING);
    if !(may_be && is_long && is_plain && answer.status() == StatusCode::OK) {
        return answer;
    }
    let takes_a_while = length > MOST_COMPRESSED_BETWEEN_BYTES;
    let place = takes_a_while.then(|| beside.try_acquire());
    if matches!(place, Some(Err(_))) {
        return answer;
    }
    let (mut head, body) = answer.into_parts();
    // Answers of a known length are in memory already.
    let plain = body.collect().await.expect("an answer in memory has no errors").to_bytes();
    let compressed = if takes_a_while {
        spawn_blocking(move || gzip(&plain)).await.expect("compressing does not panic")
    } else {
        gzip(&plain)
    };
    head.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    head.headers.remove(CONTENT_LENGTH);
    weaken_tag(&mut head.headers);
    Response::from_parts(head, Body::from(compressed))
}

fn gzip(plain: &Bytes) -> Vec<u8> {
    // JSON of figures gets to a tenth with the fastest level; the next ones take twice as long for a tenth less.
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 8), Compression::fast());
    encoder.write_all(plain).expect("memory takes what is written");
    encoder.finish().expect("memory takes what is written")
}

/// The bytes are others than those of the plain form, which has the same tag (RFC 9110 §8.8.1).
fn weaken_tag(headers: &mut HeaderMap) {
    let Some(tag) = headers.get(ETAG).filter(|tag| !tag.as_bytes().starts_with(b"W/")) else {
        return;
    };
    let weak = HeaderValue::try_from([b"W/", tag.as_bytes()].concat());
    headers.insert(ETAG, weak.expect("a tag with a letter more is a header's value"));
}
