//! Whether the server is up, and whether it can write.

use std::sync::Arc;

use axum::extract::State;
use callslot_api::ProblemCode as Code;

use crate::extract::query::NoParams;
use crate::reference::openapi::{Refusals, SERVER};
use crate::refusal::Refusal;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[
    ("alive", &[Code::InvalidField]),
    ("ready", &[Code::InvalidField, Code::StoreFailed, Code::ShuttingDown]),
];

/// Check that the process is up
///
/// Answers as long as the process runs.
#[utoipa::path(get, path = "/healthz", tag = SERVER, security(()),
    responses((status = 200, description = "It is up", body = String, content_type = "text/plain")))]
pub(crate) async fn alive(_: NoParams) -> &'static str {
    "ok\n"
}

/// Check that the store accepts writes
///
/// Answers with 503 while the store cannot write or the server is stopping.
#[utoipa::path(get, path = "/readyz", tag = SERVER, security(()),
    responses((status = 200, description = "It does", body = String, content_type = "text/plain")))]
pub(crate) async fn ready(
    State(app): State<Arc<App>>,
    _: NoParams,
) -> Result<&'static str, Refusal> {
    if app.closing.has_begun() {
        Err(callslot_node::Unavailable::ShuttingDown.into())
    } else if app.node.is_writable() {
        Ok("ready\n")
    } else {
        Err(callslot_node::Unavailable::StoreFailed.into())
    }
}
