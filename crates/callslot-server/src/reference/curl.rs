//! Example requests for a shell, made from the OpenAPI document.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// A request as a `curl` command.
pub(super) fn request(method: &str, path: &str, operation: &Value) -> String {
    let mut line = String::from("curl");
    if method != "get" {
        let _ = write!(line, " -X {}", method.to_uppercase());
    }
    let place = path.replace("{id}", "ID").replace("{agent}", "AGENT").replace("{type}", "chat");
    let _ = write!(line, " $CALLSLOT_URL{place}");
    let is_open = operation["security"].as_array().is_some_and(|security| security[0] == json!({}));
    if !is_open {
        line.push_str(" \\\n  -H \"authorization: Bearer $CALLSLOT_KEY\"");
    }
    let body = &operation["requestBody"]["content"]["application/json"]["example"];
    if !body.is_null() {
        let _ = write!(line, " \\\n  -H 'content-type: application/json' -d '{body}'");
    }
    line
}
