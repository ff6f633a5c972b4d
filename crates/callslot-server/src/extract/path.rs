//! The id in a path.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use callslot_api::ProblemCode as Code;
use callslot_core::{AgentId, CallId, LeaseId, OrgId, PlanId};

use crate::refusal::{Refusal, bad_id};

/// The only id in the path.
pub(crate) struct PathId<T>(pub(crate) T);

/// An id that can be in a path.
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

impl<S: Send + Sync, T: PathText> FromRequestParts<S> for PathId<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|error| Refusal::new(Code::MalformedRequest, format!("the path: {error}")))?;
        T::read(&text).map(Self)
    }
}
