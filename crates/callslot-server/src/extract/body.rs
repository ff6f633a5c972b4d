//! Bodies, queries and path ids: read strictly, and refused with the name of the field that is wrong.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use bytes::Bytes;
use callslot_api::limits::{MAX_BODY_BYTES, MAX_NAME_CHARS};
use callslot_api::{Object, ProblemCode as Code};
use callslot_core::{AgentId, CallId, LeaseId, OrgId, PlanId};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::limits::BODY_TIMEOUT;
use crate::refusal::{Refusal, bad_id};
use crate::state::App;

/// A JSON body.
pub(crate) struct Json<T>(pub(crate) T);

/// A JSON body that may be left out, which is the same as `{}`.
pub(crate) struct OptionalJson<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Refusal> {
        check_content_type(&request)?;
        parsed(&body_of(request).await?).map(Self)
    }
}

impl<T: DeserializeOwned + Default> FromRequest<Arc<App>> for OptionalJson<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Refusal> {
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
            Refusal::new(Code::MalformedBody, format!("the body did not arrive whole: {error}"))
        }
    })
}

fn too_large() -> Refusal {
    Refusal::new(
        Code::BodyTooLarge,
        format!("a body may have {MAX_BODY_BYTES} bytes; send fewer items at a time"),
    )
}

/// Reads a JSON object.
pub(crate) fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    // To keep track of where it reads costs as much as reading, so only what cannot be read is read that way.
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

/// Names the field: the path to it, or the name in backticks that serde's message starts with.
fn wrong_field(path: &str, message: &str) -> Refusal {
    let named = message.split('`').nth(1).filter(|_| message.contains("field `"));
    let field = match (path, named) {
        ("." | "", Some(name)) => name.to_owned(),
        (path, Some(name)) if !path.ends_with(name) => format!("{path}.{name}"),
        (path, _) => path.to_owned(),
    };
    Refusal::invalid_field(
        &field,
        format!("`{field}`: {message}; /docs has every field with its range"),
    )
}

/// A query string.
pub(crate) struct Params<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<App>> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Refusal> {
        read_query(parts).map(Self)
    }
}

/// Stands where an address takes no parameters, and refuses any.
pub(crate) struct NoParams;

impl FromRequestParts<Arc<App>> for NoParams {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Refusal> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        // What most requests have is not worth a parser.
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
        // Where a value is wrong its name stands before the message.
        let is_name =
            |text: &str| text.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphabetic());
        match message.split_once(": ") {
            Some((name, message)) if is_name(name) => wrong_field(name, message),
            Some(_) | None => wrong_field("", &message),
        }
    })
}

/// The one id in the path.
pub(crate) struct PathId<T>(pub(crate) T);

/// An id that can stand in a path.
pub(crate) trait PathText: Sized {
    /// Reads it.
    fn read(text: &str) -> Result<Self, Refusal>;
}

macro_rules! path_text {
    ($($id:ident)+) => {
        $(impl PathText for $id {
            fn read(text: &str) -> Result<Self, Refusal> {
                Self::parse(text).map_err(bad_id("id"))
            }
        })+
    };
}

path_text!(OrgId PlanId AgentId LeaseId CallId);

impl PathText for String {
    fn read(text: &str) -> Result<Self, Refusal> {
        Ok(text.to_owned())
    }
}

impl<T: PathText> FromRequestParts<Arc<App>> for PathId<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        let Path(text) = Path::<String>::from_request_parts(parts, app)
            .await
            .map_err(|error| Refusal::new(Code::MalformedRequest, format!("the path: {error}")))?;
        T::read(&text).map(Self)
    }
}

/// Checks a number against its range.
pub(crate) fn in_range(field: &str, value: u64, (least, most): (u64, u64)) -> Result<u64, Refusal> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(Refusal::invalid_field(field, format!("`{field}` is {value}; it may be {least} to {most}")))
}

/// Checks a name, which is 1 to 200 characters without control characters.
pub(crate) fn name(field: &str, name: &str) -> Result<Arc<str>, Refusal> {
    text(field, name, MAX_NAME_CHARS)?;
    if name.chars().any(char::is_control) {
        return Err(Refusal::invalid_field(
            field,
            format!("`{field}` has control characters; leave them out"),
        ));
    }
    if name.trim().is_empty() {
        return Err(Refusal::invalid_field(field, format!("`{field}` is empty; name it")));
    }
    Ok(Arc::from(name))
}

/// Checks a text's length.
pub(crate) fn text(field: &str, text: &str, most: usize) -> Result<Arc<str>, Refusal> {
    let chars = text.chars().count();
    if chars > most {
        return Err(Refusal::invalid_field(
            field,
            format!("`{field}` has {chars} characters; it may have {most}"),
        ));
    }
    Ok(Arc::from(text))
}
