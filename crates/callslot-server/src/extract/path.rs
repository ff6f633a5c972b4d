//! The id in a path.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use callslot_api::ProblemCode as Code;
use callslot_core::CallType;

use crate::extract::allowed::one_of;
use crate::extract::field::{TextId, checked_id, shown};
use crate::refusal::Refusal;

/// The only id in the path.
pub(crate) struct PathId<T>(pub(crate) T);

/// An id that can be in a path.
pub(crate) trait PathText: Sized {
    /// Reads it.
    fn read(text: &str) -> Result<Self, Refusal>;
}

impl<T: TextId> PathText for T {
    fn read(text: &str) -> Result<Self, Refusal> {
        checked_id("id", text)
    }
}

impl PathText for String {
    fn read(text: &str) -> Result<Self, Refusal> {
        Ok(text.to_owned())
    }
}

impl PathText for u64 {
    fn read(text: &str) -> Result<Self, Refusal> {
        let number = text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        number.ok_or_else(|| {
            let detail = format!("`seq` is {}; it must be a whole number", shown(text));
            Refusal::invalid_field("seq", detail)
        })
    }
}

impl PathText for CallType {
    fn read(text: &str) -> Result<Self, Refusal> {
        Self::ALL.into_iter().find(|call_type| call_type.as_str() == text).ok_or_else(|| {
            let types = one_of(&Self::ALL.map(Self::as_str));
            let detail = format!("`type` is {}; it must be {types}", shown(text));
            Refusal::invalid_field("type", detail)
        })
    }
}

impl<S: Send + Sync, T: PathText> FromRequestParts<S> for PathId<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|error| Refusal::new(Code::MalformedRequest, format!("the path: {error}")))?;
        T::read(&text).map(Self)
    }
}
