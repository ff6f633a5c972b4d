//! The pages of the dashboard, and the files they need. The pages have no private API: everything they show and do goes
//! through the public one.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, ETAG, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri};
use axum::response::IntoResponse;
use axum::routing::get;
use callslot_api::ProblemCode as Code;

use crate::extract::headers::names_html;
use crate::reference::openapi::{Refusals, SERVER};
use crate::refusal::Refusal;
use crate::state::App;
use crate::web_app::files::Dashboard;

/// What each address here refuses of its own; what its kind always may is added in the document.
pub(crate) const REFUSALS: Refusals = &[("root", &[])];

/// The addresses of the app's pages, besides `/`.
const PAGES: [&str; 8] = [
    "/agents",
    "/calls",
    "/concurrency",
    "/developers",
    "/history",
    "/organisations",
    "/plans",
    "/sign-in",
];
/// How the addresses of programs begin.
const API: [&str; 2] = ["atoms", "v1"];
/// A page may use only what this server serves.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// Adds the dashboard's addresses. They are not in the document, since only browsers request them.
pub(crate) fn add_pages(mut router: Router<Arc<App>>, dashboard: &Dashboard) -> Router<Arc<App>> {
    for page in PAGES {
        router = router.route(page, get(read_page));
    }
    for path in dashboard.other_files().filter(|path| !is_asset(path)) {
        router = router.route(&format!("/{path}"), get(read_file));
    }
    router.route("/assets/{*path}", get(read_file))
}

/// The dashboard
///
/// A page for people; everything it shows and does is available in this API.
#[utoipa::path(get, path = "/", tag = SERVER, security(()),
    responses((status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = 304, description = "The browser already has this page")))]
pub(crate) async fn root(app: State<Arc<App>>, headers: HeaderMap) -> Response<Body> {
    read_page(app, headers).await
}

/// A page: the app determines which one.
async fn read_page(State(app): State<Arc<App>>, headers: HeaderMap) -> Response<Body> {
    let mut response = app.dashboard.index(&headers);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, PAGE_POLICY);
    response
}

/// What is at no address: for a browser that opens it the app, which says so and leads back; for everybody else, and at all addresses of
/// the API, a problem.
pub(crate) async fn unknown_address(
    State(app): State<Arc<App>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let is_opened = matches!(method, Method::GET | Method::HEAD) && names_html(&headers);
    let mut response = if is_opened && !is_of_api(uri.path()) {
        let mut page = read_page(State(app), HeaderMap::new()).await;
        *page.status_mut() = StatusCode::NOT_FOUND;
        page.headers_mut().remove(ETAG);
        page
    } else {
        Refusal::unknown_route().into_response()
    };
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    response
}

fn is_of_api(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next();
    API.iter().any(|of_api| first == Some(of_api))
}

async fn read_file(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let path = uri.path().trim_start_matches('/');
    app.dashboard.file(path, &headers).ok_or_else(|| {
        Refusal::new(
            Code::UnknownRoute,
            "the dashboard has no such file; after an upgrade, reload the page",
        )
    })
}

fn is_asset(path: &str) -> bool {
    path.starts_with("assets/")
}
