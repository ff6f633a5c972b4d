//! Whether the server is up and can write, and the page at its root.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;

use crate::app::App;
use crate::refusal::Refusal;

/// The process is up.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// The store takes writes.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, Refusal> {
    if app.node.is_writable() {
        Ok("ready\n")
    } else {
        Err(callslot_node::Unavailable::StoreFailed.into())
    }
}

/// The page at the root.
pub(crate) async fn root() -> Html<&'static str> {
    Html(include_str!("root.html"))
}
