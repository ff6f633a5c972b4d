//! The cookie of a signed-in browser: how its token is found among other cookies, and how it is set and removed.

use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};

use crate::auth::limits::SESSION_LASTS;
use crate::connection::peer::is_our_tls;

/// The cookie that holds a session's token.
pub(crate) const SESSION_COOKIE: &str = "callslot_session";

/// The same where it was set over TLS. Browsers let nobody but this very host set a cookie of such a name, and only over TLS (RFC 6265bis
/// §4.1.3.2), so no other host of its domain and no page without TLS can put a session of its own in its place.
const TLS_SESSION_COOKIE: &str = "__Host-callslot_session";

/// Every session's token in the cookies, first those that nobody else can have set. Over our own TLS there are no others: somebody who stands
/// between a browser and a page without TLS can set a cookie of any other name for it.
pub(crate) fn tokens(headers: &HeaderMap, is_our_tls: bool) -> impl Iterator<Item = &str> {
    let named = |wanted: &'static str| {
        let cookies = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|value| value.split(';'));
        let pairs = pairs.filter_map(|pair| pair.split_once('='));
        pairs.filter(move |(name, _)| name.trim() == wanted).map(|(_, token)| token.trim())
    };
    let others = (!is_our_tls).then(|| named(SESSION_COOKIE));
    named(TLS_SESSION_COOKIE).chain(others.into_iter().flatten())
}

/// How the session's cookie is set. A cookie set over TLS is never sent without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CookieScope {
    TlsOnly,
    Any,
}

impl CookieScope {
    /// The value of `set-cookie` that stores a token.
    pub(crate) fn keep(self, token: &str) -> HeaderValue {
        self.cookie(token, SESSION_LASTS.as_secs())
    }

    /// The value of `set-cookie` that removes the token.
    pub(crate) fn remove(self) -> HeaderValue {
        self.cookie("", 0)
    }

    fn cookie(self, token: &str, max_age_s: u64) -> HeaderValue {
        let (name, secure) = match self {
            Self::TlsOnly => (TLS_SESSION_COOKIE, "; Secure"),
            Self::Any => (SESSION_COOKIE, ""),
        };
        let cookie =
            format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}");
        let mut value = HeaderValue::try_from(cookie).expect("a token is hexadecimal digits");
        value.set_sensitive(true);
        value
    }
}

/// Where a reverse proxy speaks TLS, only the page's origin tells whether it is used.
impl<S: Sync> FromRequestParts<S> for CookieScope {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let mut origins = parts.headers.get_all(ORIGIN).into_iter().map(HeaderValue::as_bytes);
        let is_tls = is_our_tls(parts) || origins.any(|origin| origin.starts_with(b"https://"));
        Ok(if is_tls { Self::TlsOnly } else { Self::Any })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn tokens_are_found_among_other_cookies() {
        let request = Request::builder()
            .header(
                "cookie",
                "a=b; callslot_session=1;c;callslot_session = 2 ; xcallslot_session=no",
            )
            .header("cookie", "callslot_session=\"3\"; callslot_session");
        let request = request.body(()).expect("a request");
        let found: Vec<_> = tokens(request.headers(), false).collect();
        assert_eq!(found, ["1", "2", "\"3\""]);
        let request =
            Request::builder().header("cookie", "callslot_session=1; __Host-callslot_session=2");
        let request = request.body(()).expect("a request");
        assert_eq!(tokens(request.headers(), false).collect::<Vec<_>>(), ["2", "1"]);
        assert_eq!(tokens(request.headers(), true).collect::<Vec<_>>(), ["2"]);
    }
}
