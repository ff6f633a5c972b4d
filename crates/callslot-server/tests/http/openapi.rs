//! The OpenAPI document, as it is served and as it is kept in the repository.

use std::path::Path;

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
            assert!(operation["responses"]["default"].is_object(), "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path}");
        }
    }
}
