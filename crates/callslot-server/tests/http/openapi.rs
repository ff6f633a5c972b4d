//! The OpenAPI document: as it is served, and the copy in the repository.

use std::path::Path;

use serde_json::json;

use crate::support::documented::{SIGN_IN, operations};
use crate::support::test_server::{OPERATOR, TestServer};

#[test]
fn the_document_in_the_repository_is_the_one_served() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let served = callslot_server::openapi_json();
    if std::env::var_os("CALLSLOT_UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &served).expect("the document is written");
    }
    let kept = std::fs::read_to_string(&golden).expect("docs/openapi.json is there");
    assert!(
        kept == served,
        "docs/openapi.json is out of date; `CALLSLOT_UPDATE_GOLDEN=1 cargo nextest run -p callslot-server openapi` renews it"
    );
}

#[test]
fn the_document_is_openapi_3_1_and_every_operation_says_how_it_is_refused() {
    let document: serde_json::Value =
        serde_json::from_str(&callslot_server::openapi_json()).expect("JSON");
    assert!(document["openapi"].as_str().expect("a version").starts_with("3.1"));
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let is_open = operation["security"] == json!([{}]);
            assert!(is_open || operation["responses"]["401"].is_object(), "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path}");
        }
    }
}

#[test]
fn every_address_of_the_document_is_answered() {
    let server = TestServer::new();
    for (method, path, needs_key) in operations() {
        let answer = server.ask(&method, &path, "not-a-key", None, &[]);
        let is_answered = match (&*method, &*path) {
            SIGN_IN => answer.status == 415,
            _ if needs_key => answer.status == 401,
            _ => matches!(answer.status, 200 | 204),
        };
        assert!(is_answered, "{method} {path}: {} {}", answer.status, answer.body);
    }
}

#[test]
fn no_address_takes_a_parameter_that_the_document_does_not_have() {
    let server = TestServer::new();
    let empty = json!({});
    for (method, path, _) in operations() {
        if path.starts_with("/docs") || ["/", "/openapi.json"].contains(&path.as_str()) {
            continue;
        }
        let body = (method != "GET").then_some(&empty);
        let path = format!("{path}?colour=blue");
        let answer = server.ask(&method, &path, OPERATOR, body, &[("callslot-org", "default")]);
        if path.starts_with("/atoms/") {
            answer.refused_as_atoms(422, "colour");
            continue;
        }
        let problem = answer.refused(422, "invalid_field", "colour");
        assert_eq!(problem["field"], "colour", "{method} {path}");
    }
}

#[test]
fn the_reference_has_a_section_with_an_example_for_every_address() {
    let server = TestServer::new();
    let page = server.get("/docs").body;
    let page = page.as_str().expect("a page");
    for (method, path, _) in operations() {
        let start = path.split("/none").next().and_then(|start| start.split("/chat").next());
        let start = start.expect("a path begins somewhere");
        let heading = format!("<span class=\"method\">{method}</span> <code>{start}");
        assert!(page.contains(&heading), "{method} {path}");
    }
    assert_eq!(page.matches("<pre>curl").count(), operations().len());
    assert!(page.contains("{&quot;agent&quot;:&quot;support&quot;"), "an example body");
    for anchor in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor} leads nowhere");
    }
}
