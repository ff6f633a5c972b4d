//! The name of the route that answered, attached to the answer for metrics and the log.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

/// The route that answered, for the metrics.
#[derive(Debug, Clone)]
pub(crate) struct RouteName(pub(crate) Arc<str>);

/// Attaches the route to the answer.
pub(crate) async fn name_route(request: Request, next: Next) -> Response {
    let route =
        request.extensions().get::<MatchedPath>().map(|path| RouteName(path.as_str().into()));
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}
