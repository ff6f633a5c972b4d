//! The rest of a request's head that is the same at every address: what a proxy in front might read in another way is refused.

use axum::http::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, IF_MATCH, TRANSFER_ENCODING,
};
use axum::http::{HeaderMap, HeaderName, Request, Uri};
use callslot_api::ProblemCode as Code;

use crate::extract::headers::single;
use crate::refusal::Refusal;

/// The headers that are read somewhere and hold one value.
const OF_ONE_VALUE: [HeaderName; 7] = [
    AUTHORIZATION,
    CONTENT_TYPE,
    CONTENT_ENCODING,
    IF_MATCH,
    HeaderName::from_static("callslot-org"),
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("last-event-id"),
];

/// Refuses an address that is not percent-encoded as it should be, a header of one value that is there twice, and a body that is
/// transferred in another way than in chunks.
pub(crate) fn check_head<B>(request: &Request<B>) -> Result<(), Refusal> {
    check_percent_encoding(request.uri())?;
    for name in &OF_ONE_VALUE {
        single(request.headers(), name)?;
    }
    check_transfer_encoding(request.headers())
}

/// A `%` is followed by two hexadecimal digits (RFC 3986 §2.1). Otherwise it would be taken as it is here, and perhaps not elsewhere.
fn check_percent_encoding(uri: &Uri) -> Result<(), Refusal> {
    let is_encoded = |rest: &str| {
        rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    for (part, text) in [("path", uri.path()), ("query", uri.query().unwrap_or_default())] {
        if !text.split('%').skip(1).all(is_encoded) {
            return Err(malformed(&format!(
                "the {part} has a `%` without two hexadecimal digits after it; write a percent sign as `%25`"
            )));
        }
    }
    Ok(())
}

/// Hyper takes a list that ends in `chunked`, and decodes nothing else of it.
fn check_transfer_encoding(headers: &HeaderMap) -> Result<(), Refusal> {
    match single(headers, &TRANSFER_ENCODING)? {
        Some(coding) if !coding.as_bytes().eq_ignore_ascii_case(b"chunked") => Err(malformed(
            "the header `transfer-encoding` names something else than `chunked`; send the body in chunks or with a length",
        )),
        Some(_) | None => Ok(()),
    }
}

fn malformed(detail: &str) -> Refusal {
    Refusal::new(Code::MalformedRequest, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(uri: &str, headers: &[(&str, &str)]) -> Result<(), String> {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).expect("a request");
        check_head(&request).map_err(|refusal| refusal.into_problem().detail)
    }

    #[test]
    fn a_percent_sign_has_two_digits_after_it() {
        for good in ["/", "/a%20b", "/%C3%a4?x=%25", "/?%41=1"] {
            assert_eq!(check(good, &[]), Ok(()), "{good}");
        }
        for (bad, part) in [
            ("/%", "path"),
            ("/%zz", "path"),
            ("/a%4", "path"),
            ("/%%41", "path"),
            ("/?a=%", "query"),
            ("/?a=%4g", "query"),
            ("/?%=a", "query"),
        ] {
            let said = check(bad, &[]).expect_err(bad);
            assert!(said.contains(&format!("the {part} has a `%`")), "{said}");
        }
    }

    #[test]
    fn a_header_of_one_value_is_there_once_and_a_body_comes_in_chunks_alone() {
        assert_eq!(check("/", &[("transfer-encoding", "Chunked")]), Ok(()));
        for coding in ["gzip, chunked", "chunked, chunked", "gzip", ""] {
            let said = check("/", &[("transfer-encoding", coding)]).expect_err(coding);
            assert!(said.contains("something else than `chunked`"), "{said}");
        }
        for name in OF_ONE_VALUE.iter().chain([&TRANSFER_ENCODING]) {
            let said = check("/", &[(name.as_str(), "chunked"); 2]).expect_err(name.as_str());
            assert!(said.contains("there 2 times"), "{said}");
        }
    }
}
