//! Cross-site request forgery: whether a page of this server sent a request, according to the browser.
//!
//! A browser sends its cookies with every request, whichever site caused it. So a cookie grants nothing unsafe unless the
//! request came from a page of this server (Fetch Metadata, <https://www.w3.org/TR/fetch-metadata>; RFC 6454 for `origin`).

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use callslot_api::ProblemCode as Code;

use crate::connection::peer::is_our_tls;
use crate::extract::headers::single;
use crate::refusal::Refusal;

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// Where a request came from, according to the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CameFrom {
    /// A page of this server.
    OurPage,
    /// A page of another site or port, or no page.
    Elsewhere,
    /// Unknown: the client is not a browser, or a very old one.
    Unsaid,
}

impl CameFrom {
    pub(crate) fn of(parts: &Parts) -> Self {
        if parts.headers.contains_key(SEC_FETCH_SITE) {
            // A browser says it once; if it is said several times, each must name our page.
            let said = parts.headers.get_all(SEC_FETCH_SITE);
            let are_ours = said.into_iter().all(|site| site == "same-origin");
            return if are_ours { Self::OurPage } else { Self::Elsewhere };
        }
        if !parts.headers.contains_key(ORIGIN) {
            return Self::Unsaid;
        }
        let asked = asked_of(parts);
        let is_ours = |origin: &HeaderValue| {
            let origin = origin.to_str().unwrap_or_default();
            // A page that came without TLS may be anybody's.
            let is_safe = !is_our_tls(parts) || origin.starts_with("https://");
            is_safe && asked.as_ref().is_some_and(|asked| is_origin_of(origin, asked))
        };
        // A browser sends one origin; if there are several, all must be ours.
        let are_ours = parts.headers.get_all(ORIGIN).into_iter().all(is_ours);
        if are_ours { Self::OurPage } else { Self::Elsewhere }
    }
}

impl<S: Sync> FromRequestParts<S> for CameFrom {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts))
    }
}

/// Refuses a request that another site may have caused.
pub(crate) fn cross_site() -> Refusal {
    Refusal::new(
        Code::CrossSite,
        "the browser does not confirm that a page of this server sent this request; use the dashboard at this server's own address, or \
         send a key as `authorization: Bearer <key>` instead of the cookie",
    )
}

/// The authority to which the request was sent.
fn asked_of(parts: &Parts) -> Option<Authority> {
    let host = || single(&parts.headers, &HOST).ok()??.to_str().ok()?.parse().ok();
    parts.uri.authority().cloned().or_else(host)
}

/// Whether an origin has this host and port. Behind a reverse proxy its scheme says nothing.
fn is_origin_of(origin: &str, asked: &Authority) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let Ok(authority) = authority.parse::<Authority>() else { return false };
    let usual = match scheme {
        "https" => 443,
        _ => 80,
    };
    let port = |authority: &Authority| authority.port_u16().unwrap_or(usual);
    authority.host().eq_ignore_ascii_case(asked.host()) && port(&authority) == port(asked)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn parts(uri: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn a_page_of_ours_has_our_host_and_port() {
        for (origin, host, expected) in [
            ("http://127.0.0.1:7070", "127.0.0.1:7070", CameFrom::OurPage),
            ("http://LocalHost:7070", "localhost:7070", CameFrom::OurPage),
            ("http://[::1]:7070", "[::1]:7070", CameFrom::OurPage),
            ("https://calls.example.com", "calls.example.com", CameFrom::OurPage),
            ("https://calls.example.com", "calls.example.com:443", CameFrom::OurPage),
            ("http://calls.example.com", "calls.example.com:80", CameFrom::OurPage),
            ("https://calls.example.com", "calls.example.com:80", CameFrom::Elsewhere),
            ("http://127.0.0.1:7071", "127.0.0.1:7070", CameFrom::Elsewhere),
            ("http://evil.example", "127.0.0.1:7070", CameFrom::Elsewhere),
            ("http://127.0.0.1:7070.evil.example", "127.0.0.1:7070", CameFrom::Elsewhere),
            ("http://evil.example/127.0.0.1:7070", "127.0.0.1:7070", CameFrom::Elsewhere),
            ("http://127.0.0.1", "127.0.0.1:7070", CameFrom::Elsewhere),
            ("null", "127.0.0.1:7070", CameFrom::Elsewhere),
            ("", "127.0.0.1:7070", CameFrom::Elsewhere),
            ("127.0.0.1:7070", "127.0.0.1:7070", CameFrom::Elsewhere),
        ] {
            let said = CameFrom::of(&parts("/", &[("origin", origin), ("host", host)]));
            assert_eq!(said, expected, "{origin} at {host}");
        }
        for other in ["http://evil.example", "null", ""] {
            let several = [("origin", "http://a"), ("origin", other), ("host", "a")];
            assert_eq!(CameFrom::of(&parts("/", &several)), CameFrom::Elsewhere, "{other}");
        }
        let in_uri = parts("http://a:1/", &[("origin", "http://a:1"), ("host", "b")]);
        assert_eq!(CameFrom::of(&in_uri), CameFrom::OurPage, "as HTTP/2 says it");
        assert_eq!(CameFrom::of(&parts("/", &[("host", "a")])), CameFrom::Unsaid);
        assert_eq!(CameFrom::of(&parts("/", &[("origin", "http://a")])), CameFrom::Elsewhere);
    }

    #[test]
    fn what_the_browser_says_of_the_site_goes_before_the_origin() {
        let ours = ("origin", "http://a");
        for site in ["cross-site", "same-site", "none", "Same-Origin", ""] {
            let said = parts("/", &[("sec-fetch-site", site), ours, ("host", "a")]);
            assert_eq!(CameFrom::of(&said), CameFrom::Elsewhere, "{site}");
        }
        let proxied = [("sec-fetch-site", "same-origin"), ours, ("host", "inside:7070")];
        assert_eq!(CameFrom::of(&parts("/", &proxied)), CameFrom::OurPage);
    }

    #[test]
    fn every_line_of_what_the_browser_says_of_the_site_counts() {
        for (sites, expected) in [
            (["same-origin", "same-origin"], CameFrom::OurPage),
            (["same-origin", "cross-site"], CameFrom::Elsewhere),
            (["cross-site", "same-origin"], CameFrom::Elsewhere),
            (["same-origin", ""], CameFrom::Elsewhere),
        ] {
            let said = sites.map(|site| ("sec-fetch-site", site));
            let said = [&said[..], &[("origin", "http://a"), ("host", "a")]].concat();
            assert_eq!(CameFrom::of(&parts("/", &said)), expected, "{sites:?}");
        }
    }
}
