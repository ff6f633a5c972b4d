//! Says why a body or a query could not be read: which field, in which row, its value, and what is allowed there.
//!
//! It reads the text a second time, so it is for requests that are refused anyway.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_path_to_error::{Path, Segment};
use utoipa::{IntoParams, ToSchema};

use crate::extract::allowed::{Schema, Schemas, Step};
use crate::extract::field::shown;
use crate::refusal::{Refusal, WHOLE};

/// Explains why a JSON body is no `T`: what serde said about the value at `path`.
pub(super) fn body<T: ToSchema>(text: &[u8], path: &Path, said: &str) -> Refusal {
    let schemas = Schemas::of_body::<T>();
    let steps = path.iter().filter_map(|segment| match segment {
        Segment::Map { key } => Some(Step::Field(key)),
        Segment::Seq { .. } => Some(Step::Row),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    let name = path.to_string();
    let is_whole = name == WHOLE;
    // What is too deep for a value is still text.
    let whole = str::from_utf8(text).ok().filter(|_| is_whole);
    let misread = Misread {
        path: if is_whole { "" } else { &name },
        // serde says where in the text it stopped; the path says it better.
        said: said.split(" at line ").next().unwrap_or(said),
        value: value_at(text, path).map(RawValue::get).or(whole).unwrap_or_default(),
        schema: schemas.root(),
        steps: steps.collect(),
    };
    misread.explained()
}

/// Explains why a query is no `T`, and what serde said: about a parameter, or about all.
pub(super) fn query<T: IntoParams>(
    parameters: &[(String, String)],
    name: Option<&str>,
    said: &str,
) -> Refusal {
    let schemas = Schemas::of_query::<T>();
    let value = parameters.iter().find(|(known, _)| Some(known.as_str()) == name);
    let misread = Misread {
        path: name.unwrap_or_default(),
        said,
        value: value.map(|(_, value)| value.as_str()).unwrap_or_default(),
        schema: schemas.root(),
        steps: name.map(Step::Field).into_iter().collect(),
    };
    misread.explained()
}

/// What could not be read.
struct Misread<'a> {
    /// Where it is; empty if it is the whole.
    path: &'a str,
    said: &'a str,
    /// The value as it is written; empty if there is none.
    value: &'a str,
    /// The schema of the whole, and the steps from there to the value.
    schema: Schema<'a>,
    steps: Vec<Step<'a>>,
}

impl Misread<'_> {
    fn explained(mut self) -> Refusal {
        let of_fields = ["missing field ", "unknown field ", "duplicate field "];
        match of_fields.iter().position(|words| self.said.starts_with(words)) {
            Some(0) => {
                let (field, name) = self.named();
                let field_schema = self.reached().and_then(|it| it.inside(Step::Field(&name)));
                let may_be = field_schema.and_then(|schema| schema.words(""));
                let may_be = may_be.map(|words| format!("; it must be {words}"));
                let detail = format!("`{field}` is missing{}", may_be.unwrap_or_default());
                Refusal::invalid_field(&field, detail)
            }
            Some(1) => {
                let (field, _) = self.named();
                let known = self.reached().map(Schema::fields).unwrap_or_default();
                let known = match &known[..] {
                    [] => "nothing is taken here".to_owned(),
                    names => format!("known are {}", names.join(", ")),
                };
                Refusal::invalid_field(&field, format!("`{field}` is unknown; {known}"))
            }
            Some(_) => {
                let (field, _) = self.named();
                Refusal::invalid_field(&field, format!("`{field}` is there twice; send it once"))
            }
            None => self.of_value(),
        }
    }

    /// The path to the field that serde named, and its name. From here on the steps lead to what it is in.
    fn named(&mut self) -> (String, String) {
        let name = self.said.split('`').nth(1).unwrap_or_default();
        // serde notes the step to a field that it knows to be wrong, but not to one that it misses.
        if matches!(self.steps.last(), Some(Step::Field(last)) if *last == name) {
            self.steps.pop();
            return (self.path.to_owned(), name.to_owned());
        }
        let field =
            if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        (field, name.to_owned())
    }

    fn reached(&self) -> Option<Schema<'_>> {
        self.steps.iter().try_fold(self.schema, |schema, step| schema.inside(*step))
    }

    fn of_value(&self) -> Refusal {
        let Self { path, said, value, .. } = *self;
        let what = if path.is_empty() { "the body".to_owned() } else { format!("`{path}`") };
        let schema = self.reached();
        let detail = match schema.and_then(|schema| schema.words(value)) {
            // The schema of a time has no word for the days that a year lacks.
            Some(words) if schema.is_some_and(Schema::is_in_format) => {
                format!("{what} is {}; it must be {words} ({said})", shown(value))
            }
            Some(words) => format!("{what} is {}; it must be {words}", shown(value)),
            None => format!("{what}: {said}; /docs lists every field with its range"),
        };
        Refusal::invalid_field(if path.is_empty() { WHOLE } else { path }, detail)
    }
}

/// The value at a path, as it is written. Only that part of the text is kept.
fn value_at<'a>(text: &'a [u8], path: &Path) -> Option<&'a RawValue> {
    let mut value: &RawValue = serde_json::from_slice(text).ok()?;
    for segment in path {
        let mut reader = serde_json::Deserializer::from_str(value.get());
        value = match segment {
            Segment::Map { key } => reader.deserialize_map(Member(key)).ok()?,
            Segment::Seq { index } => reader.deserialize_seq(Row(*index)).ok()?,
            Segment::Enum { .. } | Segment::Unknown => return None,
        }?;
    }
    Some(value)
}

/// Takes the value of the last member with this name.
struct Member<'p>(&'p str);

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value()?;
            if name == self.0 {
                found = Some(value);
            }
        }
        Ok(found)
    }
}

/// Takes the item at this index.
struct Row(usize);

impl<'de> Visitor<'de> for Row {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        for _ in 0..self.0 {
            items.next_element::<IgnoredAny>()?;
        }
        let found = items.next_element()?;
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(found)
    }
}
