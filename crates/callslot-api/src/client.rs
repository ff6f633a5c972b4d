//! A typed, blocking client for the API. What it is asked for is in the files of `client/`; how it asks is here.

mod administration;
mod calls;
mod roots;
mod settings;
mod stream;
mod webhooks;

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::http::uri::InvalidUri;
use ureq::http::{HeaderValue, Request, Response, Uri};
use ureq::{Agent as Http, Body};

use crate::limits::MAX_WAIT_S;
use crate::problem::Problem;
use crate::{History, Pool};

pub use roots::{Roots, RootsError};
pub use stream::StreamedEvent;

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an answer may take beyond the longest long poll.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(MAX_WAIT_S + 15);

/// The longest answer that is read, in bytes. That of a pool of many agents, or of a long history, is long.
const MAX_ANSWER_BYTES: u64 = 64 << 20;

/// Why a request came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server refused it, or could not do it.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// What the client was made with does not fit into a request, so none was sent.
    #[error("{what} cannot be sent ({why}); check {setting}")]
    Unsendable {
        /// What does not fit.
        what: &'static str,
        /// The reason.
        why: String,
        /// The flag and the variable that set it.
        setting: &'static str,
    },
    /// No answer came.
    #[error(
        "{url} cannot be reached ({why}); is the server running there? `callslot serve` starts one, --url names another"
    )]
    Unreachable {
        /// The server's address.
        url: String,
        /// What happened.
        why: String,
    },
    /// What came is not an answer of this API.
    #[error("{url} answered something else than Callslot would ({why}); check --url")]
    Unexpected {
        /// The address asked.
        url: String,
        /// What is wrong with it.
        why: String,
    },
}

/// Connections that wait for long polls.
fn patient(roots: Option<&Roots>) -> Http {
    roots::http(roots)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_recv_response(Some(ANSWER_TIMEOUT))
        .build()
        .into()
}

/// A client with a key.
#[derive(Debug, Clone)]
pub struct Client {
    http: Http,
    roots: Option<Roots>,
    base: String,
    key: String,
    org: Option<String>,
}

impl Client {
    /// A client of the server at `base` (such as `http://127.0.0.1:7070`). An operator names the organisation to act in.
    #[must_use]
    pub fn new(base: &str, key: &str, org: Option<&str>) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        let (key, org) = (key.to_owned(), org.map(str::to_owned));
        Self { http: patient(None), roots: None, base, key, org }
    }

    /// The same client, which trusts these authorities alone, instead of those that browsers trust.
    #[must_use]
    pub fn trusting(mut self, roots: Roots) -> Self {
        self.http = patient(Some(&roots));
        self.roots = Some(roots);
        self
    }

    /// The same client, which gives up on an answer after `most`. Not for long polls and streams.
    #[must_use]
    pub fn answered_within(mut self, most: Duration) -> Self {
        self.http = roots::http(self.roots.as_ref()).timeout_global(Some(most)).build().into();
        self
    }

    /// Whether the server is up and its store accepts writes; a problem says why not.
    pub fn ready(&self) -> Result<(), ClientError> {
        self.exchange("GET", "/readyz", None::<&()>, &[]).map(drop)
    }

    /// The pool now.
    pub fn pool(&self) -> Result<Pool, ClientError> {
        self.get("/v1/concurrency")
    }

    /// Figures over time. `asked` are the parameters of the address.
    pub fn history(&self, asked: &[(&str, &str)]) -> Result<History, ClientError> {
        self.get(&format!("/v1/history{}", query(asked)))
    }

    /// The same as CSV.
    pub fn history_csv(&self, asked: &[(&str, &str)]) -> Result<String, ClientError> {
        let path = format!("/v1/history{}", query(asked));
        let headers = [("accept", "text/csv".to_owned())];
        let mut answer = self.exchange("GET", &path, None::<&()>, &headers)?;
        let body = answer.body_mut().with_config().limit(MAX_ANSWER_BYTES);
        body.read_to_string().map_err(|error| self.unexpected(&path, &error.to_string()))
    }

    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.request("GET", path, None::<&()>, &[])
    }

    fn send<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        self.request(method, path, Some(body), &[])
    }

    fn delete(&self, path: &str) -> Result<(), ClientError> {
        self.exchange("DELETE", path, None::<&()>, &[]).map(drop)
    }

    fn request<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        body: Option<&impl Serialize>,
        headers: &[(&str, String)],
    ) -> Result<T, ClientError> {
        let mut answer = self.exchange(method, path, body, headers)?;
        let body = answer.body_mut().with_config().limit(MAX_ANSWER_BYTES);
        body.read_json().map_err(|error| self.unexpected(path, &error.to_string()))
    }

    /// Sends a request and returns an answer that is no problem.
    fn exchange(
        &self,
        method: &str,
        path: &str,
        body: Option<&impl Serialize>,
        headers: &[(&str, String)],
    ) -> Result<Response<Body>, ClientError> {
        let mut request = Request::builder()
            .method(method)
            .uri(self.uri(path)?)
            .header("authorization", self.authorization()?);
        if let Some(org) = self.acting_org()? {
            request = request.header("callslot-org", org);
        }
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let json = body.map(serde_json::to_vec).transpose();
        let json = json.map_err(|error| self.unexpected(path, &error.to_string()))?;
        let answer = match json {
            Some(json) => request
                .header("content-type", "application/json")
                .body(json)
                .map_err(|error| self.unexpected(path, &error.to_string()))
                .and_then(|request| self.run(request)),
            None => request
                .body(())
                .map_err(|error| self.unexpected(path, &error.to_string()))
                .and_then(|request| self.run(request)),
        }?;
        if answer.status().is_success() { Ok(answer) } else { Err(self.problem(path, answer)) }
    }

    fn uri(&self, path: &str) -> Result<Uri, ClientError> {
        let uri = format!("{}{path}", self.base).parse();
        uri.map_err(|error: InvalidUri| ClientError::Unsendable {
            what: "a request to that address",
            why: error.to_string(),
            setting: "--url (CALLSLOT_URL)",
        })
    }

    fn authorization(&self) -> Result<HeaderValue, ClientError> {
        header_value(&format!("Bearer {}", self.key), "the key", "--key (CALLSLOT_KEY)")
    }

    fn acting_org(&self) -> Result<Option<HeaderValue>, ClientError> {
        let org = self.org.as_deref();
        org.map(|org| header_value(org, "the organisation", "--org (CALLSLOT_ORG)")).transpose()
    }

    fn run(&self, request: Request<impl ureq::AsSendBody>) -> Result<Response<Body>, ClientError> {
        self.http.run(request).map_err(|error| ClientError::Unreachable {
            url: self.base.clone(),
            why: error.to_string(),
        })
    }

    fn problem(&self, path: &str, mut answer: Response<Body>) -> ClientError {
        match answer.body_mut().read_json() {
            Ok(problem) => ClientError::Problem(Box::new(problem)),
            Err(_) => self.unexpected(path, &format!("status {}", answer.status())),
        }
    }

    fn unexpected(&self, path: &str, why: &str) -> ClientError {
        ClientError::Unexpected { url: format!("{}{path}", self.base), why: why.to_owned() }
    }
}

/// A header's value. The error does not repeat it: it may be a key.
fn header_value(
    text: &str,
    what: &'static str,
    setting: &'static str,
) -> Result<HeaderValue, ClientError> {
    let refused = |why: &str| ClientError::Unsendable { what, why: why.to_owned(), setting };
    if !text.is_ascii() {
        return Err(refused("it has a character that is not ASCII"));
    }
    HeaderValue::try_from(text)
        .map_err(|_| refused("it has a character that cannot be printed, such as a line break"))
}

/// A path segment or query value with everything but unreserved characters (RFC 3986 §2.3) percent-encoded.
fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn query(parameters: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

fn page(cursor: Option<&str>) -> String {
    let mut parameters = vec![("limit", "1000")];
    parameters.extend(cursor.map(|cursor| ("cursor", cursor)));
    query(&parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_into_a_request_is_named_and_a_key_is_not_repeated() {
        let url = "http://127.0.0.1:1";
        let said = |url: &str, key: &str, org: Option<&str>| {
            let error = Client::new(url, key, org).pool().expect_err("nobody listens there");
            error.to_string()
        };
        for key in ["cs_secret\n", "cs_secret\r", "\u{7f}cs_secret", "cs_secret\u{e9}"] {
            let key = said(url, key, None);
            assert!(key.starts_with("the key cannot be sent (it has a character"), "{key}");
            assert!(key.ends_with("check --key (CALLSLOT_KEY)"), "{key}");
            assert!(!key.contains("cs_secret"), "{key}");
        }
        let org = said(url, "key", Some("a\nb"));
        assert!(org.starts_with("the organisation cannot be sent"), "{org}");
        assert!(org.ends_with("check --org (CALLSLOT_ORG)"), "{org}");
        let address = said("http://127.0.0.1:1/a b", "key", None);
        assert!(address.starts_with("a request to that address cannot be sent"), "{address}");
        assert!(address.ends_with("check --url (CALLSLOT_URL)"), "{address}");
    }

    #[test]
    fn ids_with_any_character_make_one_path_segment() {
        assert_eq!(encoded("a84b4c/76@pc33?x=1&%"), "a84b4c%2F76%40pc33%3Fx%3D1%26%25");
    }
}
