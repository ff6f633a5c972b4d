//! How a refusal becomes an answer: writes out the problem that travels with it, with its status and headers.

use axum::body::Body;
use axum::http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderValue, Response, StatusCode};
use callslot_api::{AtomsErrors, Problem, ProblemCode};

/// Below this address, problems are written as the clients of the Atoms platform read them.
const ATOMS: &str = "/atoms/v1";

/// The form in which a problem is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProblemForm {
    /// As problem details (RFC 9457).
    Problem,
    /// As the clients of the Atoms platform read them.
    Atoms,
}

impl ProblemForm {
    /// The form at an address, whether or not there is anything.
    pub(crate) fn at(path: &str) -> Self {
        match path.strip_prefix(ATOMS) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => Self::Atoms,
            _ => Self::Problem,
        }
    }
}

/// Turns an answer into the problem that travels with it.
pub(crate) fn write_problem(
    response: &mut Response<Body>,
    problem: &Problem,
    form: ProblemForm,
    request_id: &str,
) {
    let (media_type, json) = match form {
        ProblemForm::Problem => {
            let request_id = Some(request_id.to_owned());
            let problem = Problem { request_id, ..problem.clone() };
            ("application/problem+json", serde_json::to_vec(&problem))
        }
        ProblemForm::Atoms => {
            let errors = AtomsErrors { success: false, errors: vec![problem.detail.clone()] };
            ("application/json", serde_json::to_vec(&errors))
        }
    };
    let json = json.expect("a problem can be written");
    *response.body_mut() = Body::from(json);
    *response.status_mut() =
        StatusCode::from_u16(problem.status).expect("codes have valid statuses");
    let headers = response.headers_mut();
    // It is the length of the empty body.
    headers.remove(CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    if matches!(problem.status, 429 | 503) {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    if problem.code == ProblemCode::TooManyBodies.as_str() {
        // The rest of the body is not read, so nothing else can come on this connection.
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if problem.status == 401 {
        headers.insert("www-authenticate", HeaderValue::from_static("Bearer"));
    }
    if problem.status == 426 {
        // RFC 9110 §15.5.22, RFC 6455 §4.4.
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    }
}
