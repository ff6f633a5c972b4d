//! JSON bodies, parsed strictly: a body that is too large, too slow or malformed is refused.
//!
//! A body is the last argument of a handler, so it is read after the key, its rate limit and its role were checked. The key
//! found then pays for the room (`body_budget.rs`), and must not have been revoked until the body is there; without one a body
//! may have 4 KiB.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use bytes::Bytes;
use callslot_api::limits::MAX_BODY_BYTES;
use callslot_api::{Object, ProblemCode as Code};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use serde::de::{DeserializeOwned, IgnoredAny};
use utoipa::ToSchema;

use crate::auth::key_ring::Credential;
use crate::auth::known_key::KnownKey;
use crate::auth::roles::no_longer_valid;
use crate::extract::body_budget::BodyBudget;
use crate::extract::headers::single;
use crate::extract::limits::{BODY_TIMEOUT, MAX_SIGN_IN_BYTES, SIGN_IN_TIMEOUT};
use crate::extract::misread;
use crate::refusal::Refusal;
use crate::state::App;

/// A JSON body.
pub(crate) struct Json<T>(pub(crate) T);

/// A JSON body that may be omitted, which is the same as `{}`.
pub(crate) struct OptionalJson<T>(pub(crate) T);

impl<T: DeserializeOwned + ToSchema> FromRequest<Arc<App>> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refusal> {
        check_content_type(&request)?;
        parsed(&body_of(request, app).await?).map(Self)
    }
}

impl<T: DeserializeOwned + Default + ToSchema> FromRequest<Arc<App>> for OptionalJson<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refusal> {
        let declared = check_content_type(&request);
        let body = body_of(request, app).await?;
        if body.is_empty() {
            return Ok(Self(T::default()));
        }
        declared?;
        parsed(&body).map(Self)
    }
}

/// For addresses that take no body: none, or `{}`.
pub(crate) struct NoBody;

impl FromRequest<Arc<App>> for NoBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refusal> {
        #[derive(Default, serde::Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        let OptionalJson(Nothing {}) = OptionalJson::from_request(request, app).await?;
        Ok(Self)
    }
}

fn check_content_type(request: &Request) -> Result<(), Refusal> {
    let declared = single(request.headers(), &CONTENT_TYPE)?.and_then(|value| value.to_str().ok());
    let mut parts = declared.unwrap_or_default().split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    // JSON has no parameters, but many clients send this one, which changes nothing.
    if !is_json || !parts.all(|parameter| parameter.is_empty() || is_utf_8(parameter)) {
        return Err(Refusal::new(
            Code::UnsupportedMediaType,
            "send the body as JSON in UTF-8, with the header `content-type: application/json`",
        ));
    }
    let coding = single(request.headers(), &CONTENT_ENCODING)?;
    if coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Refusal::new(
            Code::UnsupportedMediaType,
            "send the body as it is, without the header `content-encoding`",
        ));
    }
    Ok(())
}

/// Whether a media type's parameter is the character set that JSON has anyway (RFC 8259, section 8.1).
fn is_utf_8(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    name.eq_ignore_ascii_case("charset") && value.trim_matches('"').eq_ignore_ascii_case("utf-8")
}

async fn body_of(request: Request, app: &App) -> Result<Bytes, Refusal> {
    let (mut parts, body) = request.into_parts();
    let sent = parts.extensions.remove::<Credential>();
    let (most, within) = match sent {
        Some(_) => (MAX_BODY_BYTES, BODY_TIMEOUT),
        None => (MAX_SIGN_IN_BYTES, SIGN_IN_TIMEOUT),
    };
    if body.size_hint().lower() > most as u64 {
        return Err(too_large(most));
    }
    let key = sent.as_ref().map(|credential| &*credential.known);
    let reading = read(body, most, &app.bodies, key);
    let read =
        tokio::time::timeout(within, reading).await.unwrap_or_else(|_| Err(too_slow(within)));
    match sent {
        Some(credential) if !app.keys.opens(&credential) => Err(no_longer_valid(&credential)),
        Some(_) | None => read,
    }
}

async fn read(
    mut body: Body,
    most: usize,
    budget: &BodyBudget,
    sent: Option<&KnownKey>,
) -> Result<Bytes, Refusal> {
    // Waiting for the first piece holds nothing, and a small body has no second one.
    let Some(first) = next_piece(&mut body).await? else { return Ok(Bytes::new()) };
    if first.len() > most {
        return Err(too_large(most));
    }
    if body.is_end_stream() {
        return Ok(first);
    }
    let Some(second) = next_piece(&mut body).await? else { return Ok(first) };
    let so_far = first.len() + second.len();
    let declared = body.size_hint().upper().and_then(|rest| usize::try_from(rest).ok());
    let size = declared.map_or(most, |rest| (so_far + rest).min(most));
    let _room = budget.room(size, sent).await?;
    let mut whole = Vec::with_capacity(so_far.min(size));
    let mut next = Some(second);
    whole.extend_from_slice(&first);
    drop(first);
    while let Some(piece) = next {
        if whole.len() + piece.len() > most {
            return Err(too_large(most));
        }
        // Copied, as a piece keeps alive all that was received with it.
        whole.extend_from_slice(&piece);
        drop(piece);
        next = next_piece(&mut body).await?;
    }
    Ok(whole.into())
}

/// The next bytes of a body, if there are any.
async fn next_piece(body: &mut Body) -> Result<Option<Bytes>, Refusal> {
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            let detail = format!("the body did not arrive completely: {error}");
            Refusal::new(Code::MalformedBody, detail)
        })?;
        if let Ok(piece) = frame.into_data()
            && !piece.is_empty()
        {
            return Ok(Some(piece));
        }
    }
    Ok(None)
}

fn too_slow(within: Duration) -> Refusal {
    Refusal::new(
        Code::RequestTimeout,
        format!("the body did not arrive within {} s; send it again", within.as_secs()),
    )
}

fn too_large(most: usize) -> Refusal {
    Refusal::new(
        Code::BodyTooLarge,
        format!("a body here may have at most {most} bytes; send fewer items at a time"),
    )
}

/// Reads a JSON object.
pub(crate) fn parsed<T: DeserializeOwned + ToSchema>(body: &[u8]) -> Result<T, Refusal> {
    // serde_json does not look at every text, and takes one that is no UTF-8 for a value of a wrong type.
    if let Err(error) = std::str::from_utf8(body) {
        let place = error.valid_up_to();
        let detail = format!("the body is not JSON: its byte {place} is not UTF-8");
        return Err(Refusal::new(Code::MalformedBody, detail));
    }
    // Tracking the path costs as much as parsing, so it is done only for bodies that fail to parse.
    if let Ok(Object(value)) = serde_json::from_slice(body) {
        return Ok(value);
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let Object(value) = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let said = error.inner();
        // serde calls some values of a wrong type, and numbers that are too large, errors of syntax.
        if said.is_data() || serde_json::from_slice::<IgnoredAny>(body).is_ok() {
            misread::body::<T>(body, error.path(), &said.to_string())
        } else {
            not_json(said)
        }
    })?;
    reader.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> Refusal {
    Refusal::new(Code::MalformedBody, format!("the body is not JSON: {error}"))
}
