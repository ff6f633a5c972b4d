//! Query strings, parsed strictly: an unknown or malformed parameter is refused by name.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::extract::misread;
use crate::refusal::Refusal;

/// A query string.
pub(crate) struct Params<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned + IntoParams> FromRequestParts<S> for Params<T> {
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
        #[derive(Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        // Most requests have no query; skip the parser.
        if parts.uri.query().is_some() {
            let Nothing {} = read_query(parts)?;
        }
        Ok(Self)
    }
}

fn read_query<T: DeserializeOwned + IntoParams>(parts: &Parts) -> Result<T, Refusal> {
    Query::try_from_uri(&parts.uri).map(|Query(query)| query).map_err(|error| {
        let source = std::error::Error::source(&error);
        let message = source.map_or_else(|| error.to_string(), ToString::to_string);
        let given = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let given = given.map(|Query(given)| given).unwrap_or_default();
        // If a value is wrong, the message starts with its name.
        match message.split_once(": ") {
            Some((name, said)) if given.iter().any(|(known, _)| known == name) => {
                misread::query::<T>(&given, Some(name), said)
            }
            Some(_) | None => misread::query::<T>(&given, None, &message),
        }
    })
}
