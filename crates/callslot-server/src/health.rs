//! Whether the server is up and can write, and the page at its root.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;

use crate::app::App;
use crate::input::NoParams;
use crate::openapi::SERVER;
use crate::refusal::Refusal;

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

/// A page that says where to go on
#[utoipa::path(get, path = "/", tag = SERVER, security(()),
    responses((status = 200, description = "The page", body = String, content_type = "text/html")))]
pub(crate) async fn root() -> Html<&'static str> {
    Html(include_str!("root.html"))
}
