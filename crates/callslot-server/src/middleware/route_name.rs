//! The name of the route that answered, noted on the answer: metrics and the log tell routes apart by it.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;

/// The route that answered, for the metrics.
#[derive(Debug, Clone)]
pub(crate) struct RouteName(pub(crate) Arc<str>);

/// Notes on the answer which route it came from.
pub(crate) async fn name_route(request: Request, next: Next) -> Response {
    let route =
        request.extensions().get::<MatchedPath>().map(|path| RouteName(path.as_str().into()));
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}
