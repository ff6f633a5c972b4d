//! The API reference: one page of HTML made from the OpenAPI document. It has no script, so it works offline and under a
//! strict content security policy.

use std::fmt::Write as _;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::reference::curl::request;
use crate::reference::example::resolved;

/// The methods in display order.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The style of the page.
pub(crate) const STYLE: &str = include_str!("style.css");

/// The documents about the API, ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Documents {
    /// The OpenAPI document, as JSON.
    pub(crate) openapi: Bytes,
    /// The reference page, as HTML.
    pub(crate) reference: Bytes,
}

impl Documents {
    pub(crate) fn of(openapi: &utoipa::openapi::OpenApi) -> Self {
        let json = openapi.to_pretty_json().expect("an OpenAPI document can be written");
        let value = serde_json::from_str(&json).expect("it is JSON");
        let reference = Reference { document: &value }.page().into();
        Self { openapi: json.into(), reference }
    }
}

/// A method, its path, and its entry in the document.
type Operation<'a> = (&'static str, &'a str, &'a Value);

struct Reference<'a> {
    document: &'a Value,
}

impl Reference<'_> {
    fn page(&self) -> String {
        let mut html = String::from(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>Callslot API</title><link rel=\"stylesheet\" href=\"/docs/style.css\"><main>",
        );
        let info = &self.document["info"];
        write(&mut html, "h1", &format!("{} {}", text(&info["title"]), text(&info["version"])));
        write(&mut html, "p", &text(&info["description"]));
        html.push_str("<p><a href=\"/openapi.json\">OpenAPI document</a></p>");
        self.contents(&mut html);
        for (tag, operations) in self.operations() {
            let _ = write!(html, "<h2 id=\"{0}\">{0}</h2>", escaped(&tag));
            for (method, path, operation) in operations {
                self.operation(&mut html, method, path, operation);
            }
        }
        html.push_str("<h2 id=\"types\">Types</h2>");
        for (name, schema) in object(&self.document["components"]["schemas"]) {
            Self::schema(&mut html, name, schema);
        }
        html.push_str("</main></html>");
        html
    }

    fn contents(&self, html: &mut String) {
        html.push_str("<nav><ul>");
        for (method, path, operation) in self.operations().into_iter().flat_map(|(_, all)| all) {
            let _ = write!(
                html,
                "<li><a href=\"#{}\">{}</a></li>",
                anchor(method, path),
                escaped(&text(&operation["summary"]))
            );
        }
        html.push_str("</ul></nav>");
    }

    /// Operations by tag, in the order of the document.
    fn operations(&self) -> Vec<(String, Vec<Operation<'_>>)> {
        let mut by_tag: Vec<(String, Vec<_>)> = Vec::new();
        for (path, item) in object(&self.document["paths"]) {
            for method in METHODS {
                let operation = &item[method];
                if operation.is_null() {
                    continue;
                }
                let tag = text(&operation["tags"][0]);
                match by_tag.iter_mut().find(|(known, _)| *known == tag) {
                    Some((_, operations)) => operations.push((method, path.as_str(), operation)),
                    None => by_tag.push((tag, vec![(method, path.as_str(), operation)])),
                }
            }
        }
        by_tag
    }

    fn operation(&self, html: &mut String, method: &str, path: &str, operation: &Value) {
        let _ = write!(
            html,
            "<h3 id=\"{}\"><span class=\"method\">{}</span> <code>{}</code></h3>",
            anchor(method, path),
            method.to_uppercase(),
            escaped(path)
        );
        write(html, "p", &text(&operation["summary"]));
        write(html, "p", &text(&operation["description"]));
        let role = text(&operation["security"][0]["key"][0]);
        let may = if role.is_empty() { "Anyone".to_owned() } else { format!("Role {role} and up") };
        write(html, "p", &may);
        let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        if !parameters.is_empty() {
            html.push_str("<table><tr><th>Parameter</th><th>In</th><th>Type</th><th></th></tr>");
            for parameter in parameters {
                row(
                    html,
                    &[
                        code(&text(&parameter["name"])),
                        escaped(&text(&parameter["in"])),
                        type_of(&parameter["schema"]),
                        escaped(&text(&parameter["description"])),
                    ],
                );
            }
            html.push_str("</table>");
        }
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        if !body.is_null() {
            let _ = write!(html, "<p>Body: {}</p>", type_of(body));
        }
        let _ = write!(html, "<pre>{}</pre>", escaped(&request(method, path, operation)));
        html.push_str("<table><tr><th>Answer</th><th>Body</th><th></th></tr>");
        for (status, answer) in object(&operation["responses"]) {
            let answer = resolved(self.document, answer);
            let body = object(&answer["content"]).next();
            row(
                html,
                &[
                    code(status),
                    body.map(|(_, content)| type_of(&content["schema"])).unwrap_or_default(),
                    escaped(&text(&answer["description"])),
                ],
            );
        }
        html.push_str("</table>");
    }

    fn schema(html: &mut String, name: &str, schema: &Value) {
        let _ = write!(html, "<h3 id=\"type-{0}\"><code>{0}</code></h3>", escaped(name));
        write(html, "p", &text(&schema["description"]));
        let variants = schema["oneOf"].as_array().map(Vec::as_slice).unwrap_or_default();
        let fields: Vec<_> = object(&schema["properties"]).collect();
        if let Some(values) = schema["enum"].as_array() {
            let values: Vec<_> = values.iter().map(|value| code(&text(value))).collect();
            let _ = write!(html, "<p>One of {}</p>", values.join(", "));
        }
        if fields.is_empty() && variants.is_empty() {
            return;
        }
        html.push_str("<table><tr><th>Field</th><th>Type</th><th></th></tr>");
        for (field, schema) in fields {
            row(html, &[code(field), type_of(schema), escaped(&description(schema))]);
        }
        for variant in variants {
            let named = object(&variant["properties"])
                .next()
                .map(|(field, schema)| (code(field), type_of(schema)));
            let (field, kind) = alternative(variant).or(named).unwrap_or_else(|| {
                let value = text(&variant["enum"][0]);
                (code(&value), String::new())
            });
            row(html, &[field, kind, escaped(&text(&variant["description"]))]);
        }
        html.push_str("</table>");
    }
}

/// A choice that is a type of its own, with its tag if it has one.
fn alternative(variant: &Value) -> Option<(String, String)> {
    let tag = [&variant["properties"], &variant["allOf"][1]["properties"]]
        .into_iter()
        .find_map(|fields| fields["op"]["enum"][0].as_str());
    let of = [variant, &variant["allOf"][0]].into_iter().find(|of| of["$ref"].is_string());
    (tag.is_some() || of.is_some())
        .then(|| (tag.map(code).unwrap_or_default(), of.map(type_of).unwrap_or_default()))
}

/// A field's description. If it may be null, the description is with the other choice.
fn description(schema: &Value) -> String {
    let said = [&schema["description"], &schema["oneOf"][0]["description"]];
    said.into_iter().find(|said| said.is_string()).map(text).unwrap_or_default()
}

/// A type in words, linked where it has a section.
fn type_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#type-{0}\">{0}</a>", escaped(name));
    }
    for union in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[union].as_array() {
            let choices: Vec<_> = choices.iter().map(type_of).collect();
            return choices.join(" or ");
        }
    }
    let kinds = schema["type"].as_array().map(|kinds| kinds.iter().map(text).collect::<Vec<_>>());
    let kind = kinds.map_or_else(|| text(&schema["type"]), |kinds| kinds.join(" or "));
    let bound = |name: &str| schema[name].as_number().map(ToString::to_string);
    let range = match (bound("minimum"), bound("maximum")) {
        (None, None) => String::new(),
        (least, most) => {
            format!(" {}…{}", least.unwrap_or_default(), most.unwrap_or_default())
        }
    };
    if kind == "array" {
        return format!("array of {}", type_of(&schema["items"]));
    }
    format!("{}{range}", escaped(&kind))
}

fn anchor(method: &str, path: &str) -> String {
    format!("{method}{}", path.replace(['/', '{', '}'], "-"))
}

fn write(html: &mut String, element: &str, content: &str) {
    if !content.is_empty() {
        let _ = write!(html, "<{element}>{}</{element}>", escaped(content));
    }
}

fn row(html: &mut String, cells: &[String]) {
    html.push_str("<tr>");
    for cell in cells {
        let _ = write!(html, "<td>{cell}</td>");
    }
    html.push_str("</tr>");
}

fn code(content: &str) -> String {
    format!("<code>{}</code>", escaped(content))
}

fn escaped(content: &str) -> String {
    content.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}
