//! The header `host`: a request over HTTP/1.1 names the host that it is sent to, once and legibly (RFC 9112 §3.2).
//!
//! It does not compare the name with anything. HTTP/2 has `:authority` instead, which hyper checks.

use std::net::Ipv6Addr;

use axum::http::header::HOST;
use axum::http::{HeaderValue, Request, Version};
use callslot_api::ProblemCode as Code;

use crate::extract::headers::single;
use crate::refusal::Refusal;

/// What to send instead.
const NEXT_STEP: &str = "send this server's host and port, such as `localhost:7070`";

/// Refuses a request whose `host` is missing, there twice or malformed: a proxy might send the same request elsewhere.
pub(crate) fn check_host<B>(request: &Request<B>) -> Result<(), Refusal> {
    if request.version() > Version::HTTP_11 {
        return Ok(());
    }
    match single(request.headers(), &HOST)? {
        Some(host) if is_host(host) => Ok(()),
        Some(_) => Err(malformed("the header `host` is not a host with or without a port")),
        // HTTP/1.0 does not know it.
        None if request.version() < Version::HTTP_11 => Ok(()),
        None => Err(malformed("the header `host` is missing, which HTTP/1.1 requires")),
    }
}

fn malformed(what: &str) -> Refusal {
    Refusal::new(Code::MalformedRequest, format!("{what}; {NEXT_STEP}"))
}

/// Whether it is `uri-host [ ":" port ]` (RFC 9110 §7.2, RFC 3986 §3.2).
fn is_host(value: &HeaderValue) -> bool {
    let text = value.to_str().unwrap_or_default();
    let bracketed = text.strip_prefix('[').and_then(|text| text.split_once(']'));
    let (is_named, port) = if let Some((address, port)) = bracketed {
        (address.parse::<Ipv6Addr>().is_ok(), port)
    } else {
        let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
        (is_name(name), port)
    };
    let is_port = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    is_named && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}

/// Whether it is a `reg-name` with something in it, which IPv4 addresses are as well.
fn is_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%".contains(&byte);
    let is_encoded = |rest: &str| {
        rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    !name.is_empty() && name.bytes().all(is_allowed) && name.split('%').skip(1).all(is_encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(version: Version, hosts: &[&str]) -> Result<(), String> {
        let mut request = Request::builder().version(version);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        let request = request.body(()).expect("a request");
        check_host(&request).map_err(|refusal| refusal.into_problem().detail)
    }

    #[test]
    fn a_request_over_http_1_1_names_one_host() {
        for host in [
            "localhost:7070",
            "127.0.0.1",
            "calls.example.com:443",
            "a_b",
            "a%20b",
            "[::1]",
            "[::1]:7070",
            "a:",
            "x",
        ] {
            assert_eq!(check(Version::HTTP_11, &[host]), Ok(()), "{host}");
            assert_eq!(check(Version::HTTP_10, &[host]), Ok(()), "{host}");
        }
        for host in [
            "", ":7070", "a b", "a, b", "a/b", "user@a", "http://a", "a:7070x", "a:-1", "a:1:2",
            "::1", "[::1", "[::1]x", "[a]", "a%2", "a%zz", "\"a\"", "a?b", "a#b", "a\\b",
        ] {
            let said = check(Version::HTTP_11, &[host]).expect_err(host);
            assert!(said.contains("is not a host") && said.contains("localhost:7070"), "{said}");
            assert!(check(Version::HTTP_10, &[host]).is_err(), "{host}");
        }
        for version in [Version::HTTP_10, Version::HTTP_11] {
            let said = check(version, &["a", "a"]).expect_err("there are two");
            assert!(said.contains("`host` is there 2 times"), "{said}");
        }
        let said = check(Version::HTTP_11, &[]).expect_err("there is none");
        assert!(said.contains("`host` is missing"), "{said}");
        assert_eq!(check(Version::HTTP_10, &[]), Ok(()));
        assert_eq!(check(Version::HTTP_2, &[]), Ok(()));
    }
}
