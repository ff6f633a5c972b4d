//! Versions as entity tags: the `ETag` of an answer, and the one that a request asks for with `If-Match`.

use axum::Json;
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::{HeaderMap, HeaderName};
use callslot_core::Version;

use crate::extract::field::shown;
use crate::extract::headers::{members, opaque_tag, single};
use crate::refusal::Refusal;

/// An answer with its version as `ETag`.
pub(crate) type Versioned<T> = ([(HeaderName, String); 1], Json<T>);

/// Answers with `body`, which has this version.
pub(crate) fn versioned<T>(version: u64, body: T) -> Versioned<T> {
    ([(ETAG, tag(version))], Json(body))
}

/// The entity tag of a version.
pub(crate) fn tag(version: u64) -> String {
    format!("\"{version}\"")
}

/// The version in `If-Match`; `None` if it is absent or `*`.
pub(crate) fn version_wanted(headers: &HeaderMap) -> Result<Option<Version>, Refusal> {
    let Some(value) = single(headers, &IF_MATCH)? else {
        return Ok(None);
    };
    let mut listed = members(value.to_str().unwrap_or_default());
    let version = match (listed.next(), listed.next()) {
        (Some("*"), None) => return Ok(None),
        (Some(tag), None) => tagged(tag),
        _ => None,
    };
    let refusal = || {
        Refusal::invalid_field(
            "if-match",
            format!(
                "`if-match` is {}; it must be one `ETag` of /v1/concurrency with its quotation marks, such as \"3\", or `*`",
                shown(&format!("{value:?}"))
            ),
        )
    };
    version.map(Some).ok_or_else(refusal)
}

/// The version that has this entity tag. A proxy that compresses an answer makes its tag weak; the version is the same.
fn tagged(tag: &str) -> Option<Version> {
    let opaque = opaque_tag(tag)?;
    let number: u64 = opaque.parse().ok()?;
    // Digits that no answer has, such as `+3` or `03`, are no version's.
    (number.to_string() == opaque).then_some(Version(number))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    /// The version wanted, or the code of the refusal, for these lines of `If-Match`.
    fn wanted(lines: &[&[u8]]) -> Result<Option<u64>, String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(IF_MATCH, HeaderValue::from_bytes(line).expect("a header's value"));
        }
        match version_wanted(&headers) {
            Ok(version) => Ok(version.map(|Version(number)| number)),
            Err(refusal) => Err(refusal.code().to_owned()),
        }
    }

    #[test]
    fn a_version_is_wanted_with_one_entity_tag_that_an_answer_had() {
        assert_eq!(wanted(&[]), Ok(None));
        for (line, version) in [
            ("*", None),
            ("\"0\"", Some(0)),
            (" \"17\" ", Some(17)),
            ("W/\"17\"", Some(17)),
            (", \"17\",", Some(17)),
            ("\"18446744073709551615\"", Some(u64::MAX)),
        ] {
            assert_eq!(wanted(&[line.as_bytes()]), Ok(version), "{line}");
        }
        for line in [
            "",
            ",",
            "1",
            "\"1",
            "1\"",
            "\"\"1\"\"",
            "\"",
            "\"\"",
            "\"+0\"",
            "\"-0\"",
            "\"01\"",
            "\" 1\"",
            "\"1 \"",
            "w/\"1\"",
            "W/1",
            "W/W/\"1\"",
            "W/ \"1\"",
            "\"1\"x",
            "\"a\"",
            "'1'",
            "*, \"1\"",
            "* *",
            "\"1\", \"2\"",
            "\"1\" \"2\"",
            "\"1,2\"",
            "\"18446744073709551616\"",
        ] {
            assert_eq!(wanted(&[line.as_bytes()]), Err("invalid_field".into()), "{line}");
        }
        assert_eq!(wanted(&[b"\"\xb9\""]), Err("invalid_field".into()));
        for lines in [["\"1\"", "\"1\""], ["*", "\"1\""], ["\"1\"", "x"]] {
            let lines = lines.map(str::as_bytes);
            assert_eq!(wanted(&lines), Err("malformed_request".into()));
        }
    }
}
