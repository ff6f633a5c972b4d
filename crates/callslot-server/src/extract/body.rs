//! JSON bodies, parsed strictly: a body that is too large, too slow or malformed is refused.

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;
use callslot_api::limits::MAX_BODY_BYTES;
use callslot_api::{Object, ProblemCode as Code};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body as _;
use serde::de::DeserializeOwned;

use crate::extract::field::wrong_field;
use crate::extract::limits::BODY_TIMEOUT;
use crate::refusal::Refusal;

/// A JSON body.
pub(crate) struct Json<T>(pub(crate) T);

/// A JSON body that may be omitted, which is the same as `{}`.
pub(crate) struct OptionalJson<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        check_content_type(&request)?;
        parsed(&body_of(request).await?).map(Self)
    }
}

impl<S: Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalJson<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let declared = check_content_type(&request);
        let body = body_of(request).await?;
        if body.is_empty() {
            return Ok(Self(T::default()));
        }
        declared?;
        parsed(&body).map(Self)
    }
}

fn check_content_type(request: &Request) -> Result<(), Refusal> {
    let declared = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = declared.and_then(|text| text.split(';').next()).map(str::trim);
    if media_type.is_some_and(|media_type| media_type.eq_ignore_ascii_case("application/json")) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::UnsupportedMediaType,
        "send the body as JSON, with the header `content-type: application/json`",
    ))
}

async fn body_of(request: Request) -> Result<Bytes, Refusal> {
    if request.body().size_hint().lower() > MAX_BODY_BYTES as u64 {
        return Err(too_large());
    }
    let reading = Limited::new(request.into_body(), MAX_BODY_BYTES).collect();
    let Ok(read) = tokio::time::timeout(BODY_TIMEOUT, reading).await else {
        return Err(Refusal::new(
            Code::RequestTimeout,
            format!("the body did not arrive within {} s; send it again", BODY_TIMEOUT.as_secs()),
        ));
    };
    read.map(http_body_util::Collected::to_bytes).map_err(|error| {
        if error.downcast_ref::<LengthLimitError>().is_some() {
            too_large()
        } else {
            Refusal::new(
                Code::MalformedBody,
                format!("the body did not arrive completely: {error}"),
            )
        }
    })
}

fn too_large() -> Refusal {
    Refusal::new(
        Code::BodyTooLarge,
        format!("a body may have at most {MAX_BODY_BYTES} bytes; send fewer items at a time"),
    )
}

/// Reads a JSON object.
pub(crate) fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    // Tracking the path costs as much as parsing, so it is done only for bodies that fail to parse.
    if let Ok(Object(value)) = serde_json::from_slice(body) {
        return Ok(value);
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let Object(value) = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() { wrong_field(&path, &inner.to_string()) } else { not_json(&inner) }
    })?;
    reader.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> Refusal {
    Refusal::new(Code::MalformedBody, format!("the body is not JSON: {error}"))
}
