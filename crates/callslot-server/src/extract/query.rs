//! Query strings, parsed strictly: an unknown or malformed parameter is refused by name.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::extract::field::wrong_field;
use crate::refusal::Refusal;

/// A query string.
pub(crate) struct Params<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        read_query(parts).map(Self)
    }
}

/// For addresses without parameters: refuses any.
pub(crate) struct NoParams;

impl<S: Sync> FromRequestParts<S> for NoParams {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        // Most requests have no query; skip the parser.
        if parts.uri.query().is_some() {
            let Nothing {} = read_query(parts)?;
        }
        Ok(Self)
    }
}

fn read_query<T: DeserializeOwned>(parts: &Parts) -> Result<T, Refusal> {
    Query::try_from_uri(&parts.uri).map(|Query(query)| query).map_err(|error| {
        let source = std::error::Error::source(&error);
        let message = source.map_or_else(|| error.to_string(), ToString::to_string);
        // If a value is wrong, the message starts with its name.
        let is_name =
            |text: &str| text.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphabetic());
        match message.split_once(": ") {
            Some((name, message)) if is_name(name) => wrong_field(name, message),
            Some(_) | None => wrong_field("", &message),
        }
    })
}
