//! A call's metadata: a client's own JSON object, read as it is written.
//!
//! Where any library enables `serde_json`'s feature `raw_value`, an object with a certain private key is read as JSON inside a
//! text. So a client could get back another object than it sent, nested deeper than readers accept. Here every key is just a
//! key. Start reading at [`read_metadata`].

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

/// Reads metadata that is kept as text.
///
/// # Errors
/// When the text is no JSON object.
pub fn read_metadata(text: &str) -> serde_json::Result<Map<String, Value>> {
    let Object(object) = serde_json::from_str(text)?;
    Ok(object)
}

/// How deep metadata is nested: 1 for an object of texts and numbers.
#[must_use]
pub fn depth(metadata: &Map<String, Value>) -> usize {
    fn of(value: &Value) -> usize {
        match value {
            Value::Object(object) => depth(object),
            Value::Array(items) => 1 + items.iter().map(of).max().unwrap_or_default(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
        }
    }
    1 + metadata.values().map(of).max().unwrap_or_default()
}

/// Reads the field of a call.
pub(crate) fn required<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Map<String, Value>, D::Error> {
    Object::deserialize(deserializer).map(|Object(object)| object)
}

/// Reads the field of a call to start, which may be null.
pub(crate) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Map<String, Value>>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map(|Object(object)| object))
}

/// An object as it is written.
struct Object(Map<String, Value>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Object, A::Error> {
        let mut object = Map::new();
        while let Some((key, Plain(value))) = entries.next_entry()? {
            object.insert(key, value);
        }
        Ok(Object(object))
    }
}

/// A value as it is written.
struct Plain(Value);

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlainVisitor)
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Plain, E> {
        Ok(Plain(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Plain, E> {
        Ok(Plain(value.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Plain, E> {
        Ok(Plain(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Plain, E> {
        Ok(Plain(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Plain, E> {
        Ok(Plain(Number::from_f64(number).map_or(Value::Null, Value::Number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Plain, E> {
        Ok(Plain(text.into()))
    }

    fn visit_string<E>(self, text: String) -> Result<Plain, E> {
        Ok(Plain(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Plain, A::Error> {
        let mut values = Vec::new();
        while let Some(Plain(value)) = items.next_element()? {
            values.push(value);
        }
        Ok(Plain(Value::Array(values)))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Plain, A::Error> {
        ObjectVisitor.visit_map(entries).map(|Object(object)| Plain(Value::Object(object)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_client_writes_is_read_as_it_is() {
        for text in [
            r#"{"a":[null,true,-1,18446744073709551615,1.5,"é",{"b":{}}]}"#,
            r#"{"a":{"$serde_json::private::RawValue":"[[1]]"}}"#,
            r#"{"$serde_json::private::RawValue":"no JSON"}"#,
        ] {
            let read = read_metadata(text).expect("it is an object");
            assert_eq!(serde_json::to_string(&read).expect("it can be written"), text);
        }
        assert!(read_metadata("[]").is_err());
    }

    #[test]
    fn depth_counts_objects_and_lists() {
        for (text, deep) in [("{}", 1), (r#"{"a":1}"#, 1), (r#"{"a":[],"b":{"c":[[]]}}"#, 4)] {
            assert_eq!(depth(&read_metadata(text).expect("it is an object")), deep, "{text}");
        }
    }
}
