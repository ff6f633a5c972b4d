//! Headers that are lists: one parser for all of them, and the questions asked of it.

use axum::http::header::{ACCEPT, ACCEPT_ENCODING, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The members of a header that is a list (RFC 9110 §5.6.1).
pub(crate) fn listed<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

/// Whether a header that is a list has this word in it.
pub(crate) fn lists(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    listed(headers, name).any(|member| member.eq_ignore_ascii_case(word))
}

/// The format in which an answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Csv,
}

impl Format {
    /// The first of the two that the header `accept` names; JSON if it names neither.
    pub(crate) fn wanted(headers: &HeaderMap) -> Self {
        let mut named = listed(headers, &ACCEPT).filter_map(|media_range| {
            match media_range.split(';').next().unwrap_or_default().trim() {
                "text/csv" => Some(Self::Csv),
                "application/json" | "*/*" => Some(Self::Json),
                _ => None,
            }
        });
        named.next().unwrap_or(Self::Json)
    }
}

/// Whether a client accepts Brotli (RFC 9110 §12.5.3): named, and not with the weight 0.
pub(crate) fn takes_brotli(headers: &HeaderMap) -> bool {
    listed(headers, &ACCEPT_ENCODING).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br"));
        let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        is_named && weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0))
    })
}

/// Whether a client already has the content with this tag (RFC 9110 §13.1.2).
pub(crate) fn has_already(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    listed(headers, &IF_NONE_MATCH)
        .any(|known| known == "*" || known.trim_start_matches("W/").as_bytes() == tag.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_given_to_those_who_ask_for_it_first() {
        for (accept, format) in [
            ("text/csv", Format::Csv),
            ("text/csv;q=0.9, application/json", Format::Csv),
            ("application/json, text/csv", Format::Json),
            ("text/html", Format::Json),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accept.parse().expect("a header's value"));
            assert_eq!(Format::wanted(&headers), format, "{accept}");
        }
        assert_eq!(Format::wanted(&HeaderMap::new()), Format::Json);
    }
}
