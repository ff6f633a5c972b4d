//! The dashboard: the files of a built web app, ready to be sent.
//!
//! The binary embeds the files; nothing is compressed or read from a disk while the server runs. Start reading at
//! [`Dashboard`].

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use sha2::{Digest, Sha256};

use crate::extract::headers::{has_already, takes_brotli};
use crate::hex::hex;

/// The app's only document.
const INDEX: &str = "index.html";
/// The page of a server that was built without its dashboard.
const WITHOUT_DASHBOARD: DashboardFile = DashboardFile {
    path: INDEX,
    content_type: "text/html; charset=utf-8",
    bytes: include_bytes!("missing.html"),
    brotli: None,
    naming: Naming::ByPlace,
};
/// A file of the dashboard.
#[derive(Clone, Copy)]
pub struct DashboardFile {
    /// Its address without the leading slash, such as `assets/index-1f0c.js`.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
    /// The same, compressed with Brotli.
    pub brotli: Option<&'static [u8]>,
    /// Whether its name changes with its content.
    pub naming: Naming,
}

impl fmt::Debug for DashboardFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.path, self.bytes.len())
    }
}

/// Whether a file's name changes with its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// The name contains a hash of the content: other content has another name.
    ByContent,
    /// Other content may have the same name.
    ByPlace,
}

/// The files of a built web app, ready to be sent.
#[derive(Debug, Clone)]
pub struct Dashboard {
    index: Kept,
    files: Arc<HashMap<&'static str, Kept>>,
}

/// A file with its entity tags.
#[derive(Debug, Clone)]
struct Kept {
    file: DashboardFile,
    /// The tags of its two forms: plain and compressed.
    tags: [HeaderValue; 2],
}

impl Dashboard {
    /// The dashboard with these files; `None` if there is no `index.html` among them.
    #[must_use]
    pub fn of(files: impl IntoIterator<Item = DashboardFile>) -> Option<Self> {
        let files: HashMap<_, _> =
            files.into_iter().map(|file| (file.path, Kept::of(file))).collect();
        let index = files.get(INDEX)?.clone();
        Some(Self { index, files: Arc::new(files) })
    }

    /// For a server that was built without its dashboard: one page that says so.
    pub(crate) fn without_app() -> Self {
        Self { index: Kept::of(WITHOUT_DASHBOARD), files: Arc::default() }
    }

    /// The addresses of all files except the document, without the leading slash.
    pub(crate) fn other_files(&self) -> impl Iterator<Item = &'static str> {
        self.files.keys().copied().filter(|path| *path != INDEX)
    }

    /// The document.
    pub(crate) fn index(&self, headers: &HeaderMap) -> Response<Body> {
        self.index.answer(headers)
    }

    /// The file at this address, if there is one.
    pub(crate) fn file(&self, path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
        self.files.get(path).map(|kept| kept.answer(headers))
    }
}

impl Kept {
    fn of(file: DashboardFile) -> Self {
        let hash = hex(&Sha256::digest(file.bytes)[..12]);
        let tags = ["", "-br"].map(|form| {
            HeaderValue::try_from(format!("\"{hash}{form}\"")).expect("a tag is visible ASCII")
        });
        Self { file, tags }
    }

    /// The file in a form that the browser accepts, unless it already has it.
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
    /// How long a browser may cache the file.
    fn cached(self) -> &'static str {
        match self {
            Self::ByContent => "public, max-age=31536000, immutable",
            Self::ByPlace => "no-cache",
        }
    }
}
