//! A call's metadata: a client's own JSON object, kept and returned as it was written, without white space between its parts.
//!
//! It is text: a number of thirty digits stays what it is, and nothing is built from it only to be written again. What readers of
//! the object would trip over is refused when it comes. Start reading at [`Metadata::check`].

use std::collections::HashSet;
use std::fmt::{self, Display};
use std::sync::Arc;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::limits::MAX_METADATA_DEPTH;

/// A JSON object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata(Arc<str>);

impl Default for Metadata {
    fn default() -> Self {
        Self(Arc::from("{}"))
    }
}

impl Metadata {
    /// Reads an object. What is in it is not looked at: see [`Self::check`].
    ///
    /// # Errors
    /// When the text is no JSON object.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        Self::of_raw(serde_json::from_str(text)?)
    }

    /// Metadata that was checked before.
    #[must_use]
    pub fn of_checked(text: &Arc<str>) -> Self {
        Self(Arc::clone(text))
    }

    /// The object.
    #[must_use]
    pub fn as_text(&self) -> &Arc<str> {
        &self.0
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        &*self.0 == "{}"
    }

    /// Checks what is in it.
    ///
    /// # Errors
    /// [`BadMetadata`] when readers would fail at it, or would read different things.
    pub fn check(&self) -> Result<(), BadMetadata> {
        let depth = depth(&self.0);
        if depth > MAX_METADATA_DEPTH {
            return Err(BadMetadata { path: String::new(), fault: Fault::Deep(depth) });
        }
        check(&self.0, "")
    }

    fn of_raw<E: serde::de::Error>(raw: &RawValue) -> Result<Self, E> {
        if !raw.get().starts_with('{') {
            return Err(E::custom("it is no JSON object"));
        }
        Ok(Self(Arc::from(without_white_space(raw.get()))))
    }
}

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Metadata {
    /// As a client reads it: an object whose numbers are those of `serde_json`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Map::<String, Value>::deserialize(deserializer)?;
        serde_json::to_string(&object).map(|text| Self(text.into())).map_err(D::Error::custom)
    }
}

/// Reads the field of a call to start, which may be null, as it is written.
pub(crate) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Metadata>, D::Error> {
    let raw = Option::<Box<RawValue>>::deserialize(deserializer)?;
    raw.map(|raw| Metadata::of_raw(&raw)).transpose()
}

/// Why metadata is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadMetadata {
    /// Where in the object, as in `.rooms[3].name`; empty: the whole.
    pub path: String,
    fault: Fault,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    Deep(usize),
    Twice,
    Number(String),
    Text,
}

impl Display for BadMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fault {
            Fault::Deep(depth) => {
                write!(f, "is nested {depth} deep; it may be at most {MAX_METADATA_DEPTH}")
            }
            Fault::Twice => f.write_str("is there twice; send it once"),
            Fault::Number(number) => {
                write!(f, "is {number}; a number must be within ±{:e}", f64::MAX)
            }
            Fault::Text => f.write_str("has half of a surrogate pair; send whole characters"),
        }
    }
}

/// JSON as short as it gets. The text is JSON.
fn without_white_space(text: &str) -> String {
    let all = with_place(text);
    all.filter(|(it, is_in_text)| *is_in_text || !it.is_ascii_whitespace())
        .map(|(it, _)| it)
        .collect()
}

/// The characters of JSON, each with whether it is in a text, its closing quotation mark among them.
fn with_place(json: &str) -> impl Iterator<Item = (char, bool)> {
    let (mut is_in_text, mut is_escaped) = (false, false);
    json.chars().map(move |character| {
        let was_in_text = is_in_text;
        is_in_text ^= character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        (character, was_in_text)
    })
}

/// How deep JSON is nested: 1 for an object of texts and numbers.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for (character, _) in with_place(text).filter(|(_, is_in_text)| !is_in_text) {
        match character {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Checks a value and all that is in it. It is nested no deeper than metadata may be.
fn check(text: &str, path: &str) -> Result<(), BadMetadata> {
    let bad = |fault| BadMetadata { path: path.to_owned(), fault };
    match text.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = serde_json::from_str(text).map_err(|_| bad(Fault::Text))?;
            let mut names = HashSet::new();
            for (name, value) in members {
                let path = format!("{path}.{}", name.escape_debug());
                if !names.insert(name) {
                    return Err(BadMetadata { path, fault: Fault::Twice });
                }
                check(value.get(), &path)?;
            }
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| bad(Fault::Text))?;
            for (row, item) in items.into_iter().enumerate() {
                check(item.get(), &format!("{path}[{row}]"))?;
            }
        }
        Some(b'"') if serde_json::from_str::<String>(text).is_err() => {
            return Err(bad(Fault::Text));
        }
        Some(b'-' | b'0'..=b'9') if !text.parse::<f64>().is_ok_and(f64::is_finite) => {
            return Err(bad(Fault::Number(text.to_owned())));
        }
        _ => {}
    }
    Ok(())
}

/// The members of an object, in their order, those of one name each.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(member) = members.next_entry()? {
            all.push(member);
        }
        Ok(Members(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text that is kept, and what is said of it.
    fn kept(text: &str) -> (String, Result<(), String>) {
        let metadata = Metadata::parse(text).expect("it is an object");
        let said = metadata.check().map_err(|bad| format!("{} {bad}", bad.path));
        (serde_json::to_string(&metadata).expect("it can be written"), said)
    }

    #[test]
    fn whatever_a_client_writes_is_kept_as_it_is() {
        for text in [
            r#"{"b":[null,true,-1,18446744073709551617,1.50,1E2,"é\u00e9",{"b":{}}],"a":0.10}"#,
            r#"{"a":{"$serde_json::private::RawValue":"[[1]]"}}"#,
            r#"{"$serde_json::private::RawValue":"no JSON"}"#,
            r#"{"a b":" \" \\","\\":"\\\\ "}"#,
        ] {
            assert_eq!(kept(text), (text.to_owned(), Ok(())));
        }
        let spaced = " { \"a b\" : [ 1 ,\t\"x  y\" ]\r\n} ";
        assert_eq!(kept(spaced), (r#"{"a b":[1,"x  y"]}"#.to_owned(), Ok(())));
        for other in ["[]", "7", "null", "", "{", "{}x"] {
            assert!(Metadata::parse(other).is_err(), "{other}");
        }
        assert!(
            Metadata::default().is_empty() && Metadata::parse("{ }").is_ok_and(|it| it.is_empty())
        );
    }

    #[test]
    fn what_readers_would_trip_over_is_refused() {
        for (text, said) in [
            (r#"{"a":1,"b":2,"a":3}"#, ".a is there twice; send it once"),
            (r#"{"a":{"b":[0,{"c":1,"\u0063":1}]}}"#, ".a.b[1].c is there twice; send it once"),
            (r#"{"a":[1e400]}"#, ".a[0] is 1e400; a number must be within ±1.7976931348623157e308"),
            (r#"{"a":"\ud800"}"#, ".a has half of a surrogate pair; send whole characters"),
            (r#"{"\udc00":1}"#, " has half of a surrogate pair; send whole characters"),
        ] {
            assert_eq!(kept(text).1, Err(said.to_owned()), "{text}");
        }
    }

    #[test]
    fn depth_counts_objects_and_lists() {
        for (text, deep) in [("{}", 1), (r#"{"a":1}"#, 1), (r#"{"a":[],"b":{"c":[["{\"["]]}}"#, 4)]
        {
            assert_eq!(depth(text), deep, "{text}");
        }
        let nested = |deep: usize| format!("{}1{}", r#"{"a":"#.repeat(deep), "}".repeat(deep));
        assert_eq!(kept(&nested(MAX_METADATA_DEPTH)).1, Ok(()));
        let said = kept(&nested(100_000)).1.expect_err("it is too deep");
        assert_eq!(said, " is nested 100000 deep; it may be at most 64");
    }

    #[test]
    fn a_client_reads_it_from_inside_of_anything() {
        #[derive(Debug, PartialEq, Deserialize)]
        #[serde(tag = "op")]
        enum Told {
            It { metadata: Metadata },
        }
        let Told::It { metadata } =
            serde_json::from_str(r#"{"metadata":{"a":[1]},"op":"It"}"#).expect("it is told");
        assert_eq!(&**metadata.as_text(), r#"{"a":[1]}"#);
    }
}
