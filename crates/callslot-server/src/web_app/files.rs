//! The dashboard: the files of a finished web app, and the pages at which it is shown.
//!
//! The binary brings the files; nothing is compressed or read from a disk while the server runs. The pages have no private
//! way in: all that they show and do is the API's. Start reading at [`Dashboard`].

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri};
use axum::routing::get;
use callslot_api::ProblemCode as Code;
use sha2::{Digest, Sha256};

use crate::auth::secrets::hex;
use crate::refusal::Refusal;
use crate::state::App;

/// The addresses at which the app shows its pages, beside `/`.
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
/// The one document of the app.
const INDEX: &str = "index.html";
/// What is shown by a server that was built without its dashboard.
const WITHOUT_DASHBOARD: DashboardFile = DashboardFile {
    path: INDEX,
    content_type: "text/html; charset=utf-8",
    bytes: include_bytes!("missing.html"),
    brotli: None,
    naming: Naming::ByPlace,
};
/// What a page may do: use what this server serves, and nothing else.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// A file of the dashboard.
#[derive(Clone, Copy)]
pub struct DashboardFile {
    /// Its address without the first slash, such as `assets/index-1f0c.js`.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
    /// The same, compressed with Brotli.
    pub brotli: Option<&'static [u8]>,
    /// What its name says of its content.
    pub naming: Naming,
}

impl fmt::Debug for DashboardFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.path, self.bytes.len())
    }
}

/// What a file's name says of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// There is a hash of the content in it: other content has another name.
    ByContent,
    /// Other content may have the same name.
    ByPlace,
}

/// The files of a finished web app, ready to be served.
#[derive(Debug, Clone)]
pub struct Dashboard {
    index: Kept,
    files: Arc<HashMap<&'static str, Kept>>,
}

/// A file with what is said of it.
#[derive(Debug, Clone)]
struct Kept {
    file: DashboardFile,
    /// The tags of its two forms: as it is, and compressed.
    tags: [HeaderValue; 2],
}

impl Dashboard {
    /// The dashboard with these files; none if there is no `index.html` among them.
    #[must_use]
    pub fn of(files: impl IntoIterator<Item = DashboardFile>) -> Option<Self> {
        let files: HashMap<_, _> =
            files.into_iter().map(|file| (file.path, Kept::of(file))).collect();
        let index = files.get(INDEX)?.clone();
        Some(Self { index, files: Arc::new(files) })
    }

    /// What a server shows that was built without its dashboard: one page that says so.
    pub(crate) fn without_app() -> Self {
        Self { index: Kept::of(WITHOUT_DASHBOARD), files: Arc::default() }
    }

    /// The same addresses and those of the dashboard. They are in no document: only browsers ask them.
    pub(crate) fn add_to(&self, mut router: Router<Arc<App>>) -> Router<Arc<App>> {
        for page in PAGES {
            router = router.route(page, get(read_page));
        }
        for path in self.files.keys().filter(|path| **path != INDEX && !is_asset(path)) {
            router = router.route(&format!("/{path}"), get(read_file));
        }
        router.route("/assets/{*path}", get(read_file))
    }
}

/// A page: the app finds out by itself which one.
pub(crate) async fn read_page(State(app): State<Arc<App>>, headers: HeaderMap) -> Response<Body> {
    let mut response = app.dashboard.index.answer(&headers);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, PAGE_POLICY);
    response
}

async fn read_file(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let kept = app.dashboard.files.get(uri.path().trim_start_matches('/')).ok_or_else(|| {
        Refusal::new(
            Code::UnknownRoute,
            "the dashboard has no such file; after an upgrade, load the page again",
        )
    })?;
    Ok(kept.answer(&headers))
}

impl Kept {
    fn of(file: DashboardFile) -> Self {
        let hash = hex(&Sha256::digest(file.bytes)[..12]);
        let tags = ["", "-br"].map(|form| {
            HeaderValue::try_from(format!("\"{hash}{form}\"")).expect("a tag is visible ASCII")
        });
        Self { file, tags }
    }

    /// The file in the form that the browser takes, unless it has that already.
    fn answer(&self, headers: &HeaderMap) -> Response<Body> {
        let brotli = self.file.brotli.filter(|_| takes_brotli(headers));
        let tag = &self.tags[usize::from(brotli.is_some())];
        let mut response = Response::new(Body::empty());
        let said = response.headers_mut();
        said.insert(ETAG, tag.clone());
        said.insert(VARY, HeaderValue::from_static("accept-encoding"));
        said.insert(CACHE_CONTROL, HeaderValue::from_static(self.file.naming.cached()));
        if has_already(headers, tag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        said.insert(CONTENT_TYPE, HeaderValue::from_static(self.file.content_type));
        if brotli.is_some() {
            said.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        *response.body_mut() = Body::from(brotli.unwrap_or(self.file.bytes));
        response
    }
}

impl Naming {
    /// How long a browser may use the file without asking.
    fn cached(self) -> &'static str {
        match self {
            Self::ByContent => "public, max-age=31536000, immutable",
            Self::ByPlace => "no-cache",
        }
    }
}

fn is_asset(path: &str) -> bool {
    path.starts_with("assets/")
}

/// Whether a client takes Brotli (RFC 9110 §12.5.3): it names it, and not with the weight 0.
fn takes_brotli(headers: &HeaderMap) -> bool {
    listed(headers, &ACCEPT_ENCODING).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br"));
        let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        is_named && weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0))
    })
}

/// Whether a client has the content with this tag (RFC 9110 §13.1.2).
fn has_already(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    listed(headers, &IF_NONE_MATCH)
        .any(|known| known == "*" || known.trim_start_matches("W/").as_bytes() == tag.as_bytes())
}

/// The members of a header that is a list.
fn listed<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}
