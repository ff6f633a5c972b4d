//! `cargo xtask openapi`: lints docs/openapi.json, generates clients from it, and runs a call through each.
//!
//! The linters' rules and what is argued against them are in `xtask/openapi/`, with the programs that use the clients. A test
//! of callslot-server checks that the server serves this document.

use crate::process::node;
use crate::process::server::Server;
use crate::process::step::{root, run, run_in};
use crate::process::tools;

const SOURCES: &str = "xtask/openapi";
const DOCUMENT: &str = "docs/openapi.json";
/// Where the packages of npm are, and what is generated.
const NODE: &str = "target/openapi";
const PYTHON: &str = "target/openapi-python";
/// The package that openapi-python-client makes of the document's title.
const PYTHON_CLIENT: &str = "target/openapi-python/callslot-api-client";

/// Lints, generates and calls.
pub fn openapi() -> Result<(), String> {
    node::provide()?;
    run("cargo build --locked --release --quiet --package callslot --bins")?;
    tools::from_npm(NODE, SOURCES)?;
    let python = tools::from_pypi(PYTHON, &format!("{SOURCES}/requirements.txt"))?;
    let npm_program = |name: &str| format!("{NODE}/node_modules/.bin/{name}");
    run(&format!(
        "{} lint --fail-severity warn --ruleset {SOURCES}/spectral.yaml {DOCUMENT}",
        npm_program("spectral")
    ))?;
    run_in(
        &root().join(SOURCES),
        &format!("../../{} lint --config redocly.yaml ../../{DOCUMENT}", npm_program("redocly")),
    )?;

    run(&format!(
        "{python}/openapi-python-client generate --fail-on-warning --overwrite --meta none \
         --config {SOURCES}/python-client.yaml --path {DOCUMENT} --output-path {PYTHON_CLIENT}/callslot_api_client"
    ))?;
    run(&format!("{} {DOCUMENT} --output {NODE}/schema.d.ts", npm_program("openapi-typescript")))?;
    run(&format!("{} --project {NODE}/tsconfig.json", npm_program("tsc")))?;

    let server = Server::start()?;
    let (url, key) = (&server.url, &server.admin);
    run(&format!("env PYTHONPATH={PYTHON_CLIENT} {python}/python {SOURCES}/call.py {url} {key}"))?;
    run(&format!("node {NODE}/built/call.js {url} {key}"))
}
