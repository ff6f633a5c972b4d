//! The description of the API, as it is served: the OpenAPI document and the reference page.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;
use axum::response::Html;
use bytes::Bytes;

use crate::reference::openapi::{Refusals, SERVER};
use crate::reference::page::STYLE;
use crate::state::App;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals =
    &[("read_openapi", &[]), ("read_reference", &[]), ("read_style", &[])];

/// Read this description of the API
///
/// The document that this reference is made from.
#[utoipa::path(get, path = "/openapi.json", tag = SERVER, security(()),
    responses((status = 200, description = "An OpenAPI 3.1 document", body = Object)))]
pub(crate) async fn read_openapi(
    State(app): State<Arc<App>>,
) -> ([(HeaderName, &'static str); 1], Bytes) {
    ([(CONTENT_TYPE, "application/json")], app.documents.openapi.clone())
}

/// Read the API reference
///
/// One page without scripts, made from the OpenAPI document.
#[utoipa::path(get, path = "/docs", tag = SERVER, security(()),
    responses((status = 200, description = "The page", body = String, content_type = "text/html")))]
pub(crate) async fn read_reference(State(app): State<Arc<App>>) -> Html<Bytes> {
    Html(app.documents.reference.clone())
}

/// Read the style of the pages
///
/// For the reference and the pages of the server itself.
#[utoipa::path(get, path = "/docs/style.css", tag = SERVER, security(()),
    responses((status = 200, description = "A style sheet", body = String, content_type = "text/css")))]
pub(crate) async fn read_style() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}
