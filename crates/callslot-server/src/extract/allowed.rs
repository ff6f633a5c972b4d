//! What the fields of a body or a query may be, in words. It reads the schema that the API's document shows, so a refusal names
//! the same bounds as the document. It checks nothing.
//!
//! Start reading at [`Schema::words`].

use std::collections::BTreeMap;

use callslot_api::{Date, Time};
use serde_json::Value;
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::extract::field::{between, digits};

/// The schema of a body or a query, with the schemas that it refers to.
#[derive(Debug)]
pub(super) struct Schemas {
    root: Value,
    named: BTreeMap<String, Value>,
}

/// The schema of a field, or of the whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schema<'a> {
    json: &'a Value,
    named: &'a BTreeMap<String, Value>,
}

/// A step from a value to one inside it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    Field(&'a str),
    Row,
}

impl Schemas {
    /// Those of a body.
    pub(super) fn of_body<T: ToSchema>() -> Self {
        let mut named = Vec::new();
        T::schemas(&mut named);
        let named = named.into_iter().map(|(name, schema)| (name, json(&schema))).collect();
        Self { root: json(&T::schema()), named }
    }

    /// Those of a query, which is described as an object here.
    pub(super) fn of_query<T: IntoParams>() -> Self {
        let parameters = T::into_params(|| None).into_iter();
        let fields: serde_json::Map<_, _> =
            parameters.map(|parameter| (parameter.name, json(&parameter.schema))).collect();
        let mut root = Value::default();
        root["properties"] = Value::Object(fields);
        // A query's schema comes without those that it refers to. These are all whose values are not just text.
        let named = [("Time", json(&Time::schema())), ("Date", json(&Date::schema()))];
        Self { root, named: named.map(|(name, schema)| (name.to_owned(), schema)).into() }
    }

    /// The schema of the whole.
    pub(super) fn root(&self) -> Schema<'_> {
        Schema { json: &self.root, named: &self.named }.resolved()
    }
}

impl<'a> Schema<'a> {
    /// The schema of a value inside, if it is described.
    pub(super) fn inside(self, step: Step<'_>) -> Option<Self> {
        let json = match step {
            Step::Field(name) => self.json.get("properties")?.get(name)?,
            Step::Row => self.json.get("items")?,
        };
        Some(Schema { json, ..self }.resolved())
    }

    /// The names of an object's fields.
    pub(super) fn fields(self) -> Vec<&'a str> {
        let fields = self.json.get("properties").and_then(Value::as_object);
        fields.map(|fields| fields.keys().map(String::as_str).collect()).unwrap_or_default()
    }

    /// What a value may be instead of `given`; `None` where its kind is right, so that the fault is inside, or where the schema
    /// does not say.
    pub(super) fn words(self, given: &str) -> Option<String> {
        if let Some(names) = self.json.get("enum").and_then(Value::as_array) {
            let names: Vec<_> = names.iter().filter_map(Value::as_str).collect();
            return Some(one_of(&names));
        }
        match self.kind()? {
            "integer" => Some(self.whole_number(given)),
            "number" => Some("a number".to_owned()),
            "boolean" => Some("true or false".to_owned()),
            "string" => Some(self.text()),
            "array" if !given.starts_with('[') => Some("an array".to_owned()),
            "object" if !given.starts_with('{') => Some("an object".to_owned()),
            _ => None,
        }
    }

    /// Whether it is a text in a certain format.
    pub(super) fn is_in_format(self) -> bool {
        self.kind() == Some("string") && self.json.get("format").is_some()
    }

    fn whole_number(self, given: &str) -> String {
        let bound = |name: &str| self.json.get(name).and_then(Value::as_u64);
        let range = between(bound("minimum").unwrap_or(0), bound("maximum").unwrap_or(u64::MAX));
        let is_whole = digits(given.strip_prefix('-').unwrap_or(given));
        if is_whole { range } else { format!("a whole number, {range}") }
    }

    fn text(self) -> String {
        let example = self.json.get("example").and_then(Value::as_str);
        let such_as = example.map(|text| format!(" such as {text:?}")).unwrap_or_default();
        match self.json.get("format").and_then(Value::as_str) {
            Some("date-time") => format!("a time{such_as}"),
            Some("date") => format!("a day{such_as}"),
            _ => format!("a text{such_as}"),
        }
    }

    /// The type, where null does not count.
    fn kind(self) -> Option<&'a str> {
        let kind = self.json.get("type")?;
        let of_several =
            || kind.as_array()?.iter().filter_map(Value::as_str).find(|&t| t != "null");
        kind.as_str().or_else(of_several)
    }

    /// Follows references, and takes the part of a union that is not null.
    fn resolved(mut self) -> Self {
        loop {
            let referred = self.json.get("$ref").and_then(Value::as_str);
            let next = match referred {
                Some(name) => self.named.get(name.rsplit('/').next().unwrap_or(name)),
                None => self.json.get("oneOf").and_then(Value::as_array).and_then(|parts| {
                    parts
                        .iter()
                        .find(|part| part.get("type").and_then(Value::as_str) != Some("null"))
                }),
            };
            match next {
                Some(json) => self.json = json,
                None => return self,
            }
        }
    }
}

fn json(schema: &impl serde::Serialize) -> Value {
    serde_json::to_value(schema).expect("a schema can be written")
}

/// `a, b or c`.
pub(super) fn one_of(names: &[&str]) -> String {
    match names {
        [most @ .., before, last] if !most.is_empty() => {
            format!("{}, {before} or {last}", most.join(", "))
        }
        _ => names.join(" or "),
    }
}
