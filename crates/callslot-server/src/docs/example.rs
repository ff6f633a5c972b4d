//! Examples of requests for the API reference, made from what the OpenAPI document says of them.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{object, resolved};

/// How deep bodies are followed.
const DEEPEST: usize = 6;

/// A request as one types it into a shell.
pub(super) fn request(document: &Value, method: &str, path: &str, operation: &Value) -> String {
    let mut line = String::from("curl");
    if method != "get" {
        let _ = write!(line, " -X {}", method.to_uppercase());
    }
    let place = path.replace("{id}", "ID").replace("{agent}", "AGENT");
    let _ = write!(line, " $CALLSLOT_URL{place}");
    let is_open = operation["security"].as_array().is_some_and(|security| security[0] == json!({}));
    if !is_open {
        line.push_str(" \\\n  -H \"authorization: Bearer $CALLSLOT_KEY\"");
    }
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    if !body.is_null() {
        let body = example(document, body, DEEPEST);
        let _ = write!(line, " \\\n  -H 'content-type: application/json' -d '{body}'");
    }
    line
}

/// A value of a type: what the type names as an example, or else the least that it allows. Of the fields of an object
/// those that must be there, and those that have examples.
fn example(document: &Value, schema: &Value, depth: usize) -> Value {
    let schema = resolved(document, schema);
    if depth == 0 {
        return Value::Null;
    }
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    for union in ["oneOf", "anyOf", "allOf"] {
        let choices = schema[union].as_array().into_iter().flatten();
        if let Some(choice) = choices.into_iter().find(|choice| choice["type"] != "null") {
            return example(document, choice, depth - 1);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    let kind = schema["type"].as_array().map_or(&schema["type"], |kinds| &kinds[0]);
    match kind.as_str().unwrap_or("object") {
        "string" => json!("…"),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| json!(0)),
        "boolean" => json!(false),
        "array" => json!([example(document, &schema["items"], depth - 1)]),
        _ => Value::Object(fields(document, schema, depth)),
    }
}

fn fields(document: &Value, schema: &Value, depth: usize) -> Map<String, Value> {
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    object(&schema["properties"])
        .filter(|(name, field)| {
            required.contains(&json!(name)) || !resolved(document, field)["example"].is_null()
        })
        .map(|(name, field)| (name.clone(), example(document, field, depth - 1)))
        .collect()
}
