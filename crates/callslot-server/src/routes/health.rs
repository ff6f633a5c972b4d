//! Whether the server is up and can write, and the first page of the dashboard.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response};

use crate::extract::body::NoParams;
use crate::reference::openapi::SERVER;
use crate::refusal::Refusal;
use crate::state::App;
use crate::web_app::files::read_page;

/// Whether the process is up
#[utoipa::path(get, path = "/healthz", tag = SERVER, security(()),
    responses((status = 200, description = "It is", body = String, content_type = "text/plain")))]
pub(crate) async fn alive(_: NoParams) -> &'static str {
    "ok\n"
}

/// Whether the store takes writes
#[utoipa::path(get, path = "/readyz", tag = SERVER, security(()),
    responses((status = 200, description = "It does", body = String, content_type = "text/plain")))]
pub(crate) async fn ready(
    State(app): State<Arc<App>>,
    _: NoParams,
) -> Result<&'static str, Refusal> {
    if *app.closing.borrow() {
        Err(callslot_node::Unavailable::ShuttingDown.into())
    } else if app.node.is_writable() {
        Ok("ready\n")
    } else {
        Err(callslot_node::Unavailable::StoreFailed.into())
    }
}

/// The dashboard
///
/// A page for people; what it shows and does is all in this document.
#[utoipa::path(get, path = "/", tag = SERVER, security(()),
    responses((status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = 304, description = "The page is the one that the browser has")))]
pub(crate) async fn root(app: State<Arc<App>>, headers: HeaderMap) -> Response<Body> {
    read_page(app, headers).await
}
