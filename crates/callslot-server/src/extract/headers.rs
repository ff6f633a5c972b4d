//! Headers: those that hold one value, which may be there once; and those that are lists, with one parser for all of them and the
//! questions asked of it.

use std::cmp::Reverse;

use axum::http::header::{ACCEPT, ACCEPT_ENCODING, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use callslot_api::ProblemCode as Code;

use crate::refusal::Refusal;

/// The value of a header that holds one. Two of it are refused: a proxy in front might have read the other.
pub(crate) fn single<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'a HeaderValue>, Refusal> {
    let mut values = headers.get_all(name).into_iter();
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        (_, Some(_)) => Err(Refusal::new(
            Code::MalformedRequest,
            format!("the header `{name}` is there {} times; send it once", 2 + values.count()),
        )),
    }
}

/// The members of a header that is a list (RFC 9110 §5.6.1).
pub(crate) fn listed<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(members)
}

/// The members of one line of such a header. Empty ones do not count.
pub(super) fn members(line: &str) -> impl Iterator<Item = &str> {
    unquoted(line, ',').filter(|member| !member.is_empty())
}

/// The parts between separators that are not in a quoted string (RFC 9110 §5.6.4).
fn unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let separates = move |char| {
        if std::mem::take(&mut is_escaped) {
            return false;
        }
        match char {
            '"' => is_quoted = !is_quoted,
            '\\' => is_escaped = is_quoted,
            _ => {}
        }
        char == separator && !is_quoted
    };
    text.split(separates).map(str::trim)
}

/// What an entity tag, weak or strong, has between its quotation marks (RFC 9110 §8.8.3).
pub(super) fn opaque_tag(tag: &str) -> Option<&str> {
    let quoted = tag.strip_prefix("W/").unwrap_or(tag);
    let opaque = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'"';
    opaque.bytes().all(is_allowed).then_some(opaque)
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
    /// The one of the two that the header `accept` weighs more (RFC 9110 §12.5.1); of equals the one that it names more exactly,
    /// then earlier. JSON if it takes neither.
    pub(crate) fn wanted(headers: &HeaderMap) -> Self {
        let csv = wish(headers, ["text/csv", "text/*"]);
        let json = wish(headers, ["application/json", "application/*"]);
        if csv > json { Self::Csv } else { Self::Json }
    }
}

/// How much a media type is wanted: by weight, by how exactly it is named, and by how early.
type Wish = (u16, usize, Reverse<usize>);

/// How much a media type with these names is wanted, if at all. What is said of the more exact name counts.
fn wish(headers: &HeaderMap, [exact, family]: [&str; 2]) -> Option<Wish> {
    let said = listed(headers, &ACCEPT).enumerate().filter_map(|(place, range)| {
        let Weighted { name, weight } = Weighted::of(range);
        let names = ["*/*", family, exact];
        let exactness = names.iter().rposition(|known| name.eq_ignore_ascii_case(known))?;
        Some((exactness, weight, Reverse(place)))
    });
    let (exactness, weight, place) = said.max()?;
    (weight > 0).then_some((weight, exactness, place))
}

/// Whether a client accepts Brotli.
pub(crate) fn takes_brotli(headers: &HeaderMap) -> bool {
    takes(headers, "br")
}

/// Whether a client accepts gzip.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    takes(headers, "gzip")
}

/// Whether a client accepts a coding (RFC 9110 §12.5.3): named, and not with the weight 0.
fn takes(headers: &HeaderMap, wanted: &str) -> bool {
    listed(headers, &ACCEPT_ENCODING).any(|coding| {
        let Weighted { name, weight } = Weighted::of(coding);
        name.eq_ignore_ascii_case(wanted) && weight > 0
    })
}

/// Whether a client names HTML among what it accepts, as browsers do that open an address.
pub(crate) fn names_html(headers: &HeaderMap) -> bool {
    listed(headers, &ACCEPT).any(|range| {
        let Weighted { name, weight } = Weighted::of(range);
        name.eq_ignore_ascii_case("text/html") && weight > 0
    })
}

/// A member of a list of preferences.
struct Weighted<'a> {
    name: &'a str,
    /// In thousandths: 1,000 unless said otherwise, and 0 for what is refused.
    weight: u16,
}

impl<'a> Weighted<'a> {
    /// Takes a member apart. A weight that cannot be read refuses; other parameters are not looked at.
    fn of(member: &'a str) -> Self {
        let mut parts = unquoted(member, ';');
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.eq_ignore_ascii_case("q").then(|| thousandths(value).unwrap_or(0))
        });
        Self { name, weight: weight.unwrap_or(1_000) }
    }
}

/// A weight of at most three digits behind the point (RFC 9110 §12.4.2).
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let is_readable = matches!(whole, "0" | "1")
        && fraction.len() <= 3
        && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let digits = is_readable.then(|| format!("{whole}{fraction:0<3}"))?;
    digits.parse().ok().filter(|weight| *weight <= 1_000)
}

/// Whether a client already has the content with this tag (RFC 9110 §13.1.2).
pub(crate) fn has_already(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let tag = tag.to_str().ok().and_then(opaque_tag);
    listed(headers, &IF_NONE_MATCH)
        .any(|known| known == "*" || (tag.is_some() && opaque_tag(known) == tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_parted_at_commas_outside_quotation_marks() {
        for (line, expected) in [
            ("a, b,c", &["a", "b", "c"][..]),
            (",a ,, b,", &["a", "b"]),
            (r#""a,b", c"#, &[r#""a,b""#, "c"]),
            (r#"a;x="1\",2", b"#, &[r#"a;x="1\",2""#, "b"]),
            (r#""a, b"#, &[r#""a, b"#]),
            ("", &[]),
        ] {
            assert_eq!(members(line).collect::<Vec<_>>(), expected, "{line}");
        }
    }

    #[test]
    fn csv_is_given_to_those_who_want_it_more() {
        for (accept, format) in [
            ("text/csv", Format::Csv),
            ("Text/CSV", Format::Csv),
            ("text/csv;charset=utf-8;header=present", Format::Csv),
            ("text/csv, application/json", Format::Csv),
            ("application/json, text/csv", Format::Json),
            ("application/json;q=0.5, text/csv", Format::Csv),
            ("application/json;Q=0.5 , text/csv ; q=0.501", Format::Csv),
            ("text/csv;q=0.9, application/json", Format::Json),
            ("text/csv, */*", Format::Csv),
            ("*/*, text/csv", Format::Csv),
            ("text/csv;q=0.1, */*;q=0.9", Format::Json),
            ("text/*", Format::Csv),
            ("text/*, text/csv;q=0", Format::Json),
            ("text/csv;q=0", Format::Json),
            ("text/csv;q=0.000", Format::Json),
            ("text/csv;x=\"a;q=0, b\"", Format::Csv),
            ("x/y;z=\"text/csv, text/csv\"", Format::Json),
            ("text/csv;q=yes", Format::Json),
            ("text/csv;q=1.001", Format::Json),
            ("application/json;q=0, text/csv;q=0.001", Format::Csv),
            ("application/json;q=0, */*", Format::Csv),
            ("*/*", Format::Json),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Format::Json),
            ("text/html", Format::Json),
            ("", Format::Json),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accept.parse().expect("a header's value"));
            assert_eq!(Format::wanted(&headers), format, "{accept}");
        }
        assert_eq!(Format::wanted(&HeaderMap::new()), Format::Json);
        let mut lines = HeaderMap::new();
        lines.append(ACCEPT, "application/json;q=0.5".parse().expect("a header's value"));
        lines.append(ACCEPT, "text/csv".parse().expect("a header's value"));
        assert_eq!(Format::wanted(&lines), Format::Csv);
    }
}
