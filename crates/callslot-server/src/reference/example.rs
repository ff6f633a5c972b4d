//! Example values, made from their types in the OpenAPI document.

use serde_json::{Map, Value, json};

/// How deeply types are followed.
const DEEPEST: usize = 6;

/// A value of a type: the type's own example, or else the minimal one. Objects have their required fields, and those with an
/// example of their own.
pub(crate) fn example(document: &Value, schema: &Value) -> Value {
    value(document, schema, DEEPEST)
}

/// The target of a reference, or the value itself.
pub(crate) fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|path| document.pointer(path.strip_prefix('#')?));
    target.unwrap_or(value)
}

fn value(document: &Value, schema: &Value, depth: usize) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    // A field's own example takes precedence over its type's.
    for schema in [schema, resolved(document, schema)] {
        if !schema["example"].is_null() {
            return schema["example"].clone();
        }
    }
    let schema = resolved(document, schema);
    for union in ["oneOf", "anyOf", "allOf"] {
        let choices = schema[union].as_array().into_iter().flatten();
        if let Some(choice) = choices.into_iter().find(|choice| choice["type"] != "null") {
            return value(document, choice, depth - 1);
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
        "array" => json!([value(document, &schema["items"], depth - 1)]),
        _ => Value::Object(fields(document, schema, depth)),
    }
}

fn fields(document: &Value, schema: &Value, depth: usize) -> Map<String, Value> {
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .filter(|(name, field)| required.contains(&json!(name)) || !field["example"].is_null())
        .map(|(name, field)| (name.clone(), value(document, field, depth - 1)))
        .collect()
}
