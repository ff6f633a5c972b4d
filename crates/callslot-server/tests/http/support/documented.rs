//! Holds answers against the OpenAPI document: what a test meets must be in it.

use std::sync::LazyLock;

use serde_json::Value;

/// The addresses at which the app shows itself.
pub const PAGES: [&str; 9] = [
    "/",
    "/agents",
    "/calls",
    "/concurrency",
    "/developers",
    "/history",
    "/organisations",
    "/plans",
    "/sign-in",
];

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(&callslot_server::openapi_json()).expect("the document is JSON")
});

/// The path of the document that an address belongs to. Of several the one with the fewest parameters.
fn documented_path(address: &str) -> Option<&'static str> {
    let address = address.split('?').next().unwrap_or_default();
    let fits = |path: &&String| {
        let (have, want) = (address.split('/'), path.split('/'));
        have.clone().count() == want.clone().count()
            && have.zip(want).all(|(have, want)| have == want || want.starts_with('{'))
    };
    let paths = DOCUMENT["paths"].as_object().expect("paths").keys();
    paths.filter(fits).min_by_key(|path| path.matches('{').count()).map(String::as_str)
}

/// Whether it is an address of the dashboard's files and pages, which the document leaves out.
fn is_for_browsers(address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    path.starts_with("/assets/") || path == "/robots.txt" || PAGES.contains(&path)
}

/// Fails unless the document says that this may be answered here.
#[track_caller]
pub fn check_documented(method: &str, address: &str, status: u16, body: &Value) {
    // Where errors have no codes, the status alone says what they are.
    let is_undocumented = |code: &str, its_status: u16| {
        body["code"] == code || (body["success"] == false && status == its_status)
    };
    let Some(path) = documented_path(address) else {
        if is_for_browsers(address) {
            return;
        }
        // A browser that opens it gets the app.
        let is_app = status == 404 && body.is_string();
        assert!(
            is_app || is_undocumented("unknown_route", 404),
            "{address} is not in the document"
        );
        return;
    };
    // HEAD is answered like GET, without the body.
    let documented = if method == "HEAD" { "get".to_owned() } else { method.to_lowercase() };
    let operation = &DOCUMENT["paths"][path][documented];
    if operation.is_null() {
        assert!(is_undocumented("method_not_allowed", 405), "{method} {path} is not documented");
        return;
    }
    if body["code"] == "unknown_route" {
        assert_eq!(path, "/metrics", "only metrics may be elsewhere");
        return;
    }
    let answer = &operation["responses"][status.to_string()];
    assert!(!answer.is_null(), "{method} {path} may not answer {status}: {body}");
    let answer = match answer["$ref"].as_str() {
        Some(reference) => {
            DOCUMENT.pointer(reference.trim_start_matches('#')).expect("it refers to something")
        }
        None => answer,
    };
    if status >= 400 {
        let media_type =
            if body["success"] == false { "application/json" } else { "application/problem+json" };
        assert!(
            answer["content"][media_type].is_object(),
            "{method} {path} {status}: {media_type}"
        );
    }
    if let Some(code) = body["code"].as_str().filter(|_| status >= 400) {
        let description = answer["description"].as_str().expect("a description");
        assert!(description.contains(&format!("`{code}`")), "{method} {path} {status}: no {code}");
    }
}

/// Every operation of the document: its method, its path and what is said of it.
pub fn documented() -> Vec<(String, String, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().expect("paths").iter();
    paths
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods").iter();
            methods.map(move |(method, said)| (method.to_uppercase(), path.clone(), said))
        })
        .collect()
}

/// The operation to which a key or a code is given in the body, and which refuses others.
pub const SIGN_IN: (&str, &str) = ("POST", "/v1/session");

/// Every address of the document, as its method, its path with an id in it, and whether it needs a key.
pub fn operations() -> Vec<(String, String, bool)> {
    let mut operations = Vec::new();
    for (path, methods) in DOCUMENT["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let path =
                path.replace("{id}", "none").replace("{agent}", "none").replace("{type}", "chat");
            let is_open = operation["security"] == serde_json::json!([{}]);
            operations.push((method.to_uppercase(), path, !is_open));
        }
    }
    operations
}
