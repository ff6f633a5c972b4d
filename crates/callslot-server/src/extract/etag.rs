//! Versions as entity tags: the `ETag` of an answer, and the one that a request asks for with `If-Match`.

use axum::Json;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::{HeaderMap, HeaderName};
use callslot_core::Version;

use crate::refusal::Refusal;

/// An answer with its version as `ETag`.
pub(crate) type Versioned<T> = ([(HeaderName, String); 1], Json<T>);

/// Answers with `body`, which has this version.
pub(crate) fn versioned<T>(version: u64, body: T) -> Versioned<T> {
    ([(ETAG, format!("\"{version}\""))], Json(body))
}

/// The version in `If-Match`; `None` if it is absent or `*`.
pub(crate) fn version_wanted(headers: &HeaderMap) -> Result<Option<Version>, Refusal> {
    let Some(value) = headers.get(IF_MATCH) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let number = text.trim_start_matches("W/").trim_matches('"').parse().map_err(|_| {
        Refusal::invalid_field(
            "if-match",
            "`if-match` must be the `ETag` of /v1/concurrency, such as \"3\"",
        )
    })?;
    Ok(Some(Version(number)))
}
