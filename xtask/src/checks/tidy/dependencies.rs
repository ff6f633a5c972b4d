//! Which crate may depend on which, read from `cargo metadata`. ARCHITECTURE.md has the same table, and why.

use serde_json::Value;

use crate::process::step::command;

/// Which of our crates each crate may depend on.
const MAY_DEPEND_ON: &[(&str, &[&str])] = &[
    ("callslot-core", &[]),
    ("callslot-store", &["callslot-core"]),
    ("callslot-store-postgres", &["callslot-core", "callslot-store"]),
    ("callslot-store-sqlite", &["callslot-core", "callslot-store"]),
    ("callslot-node", &["callslot-core", "callslot-store"]),
    ("callslot-api", &[]),
    ("callslot-client", &["callslot-api"]),
    ("callslot-webhooks", &[]),
    ("callslot-bridge", &["callslot-api", "callslot-client", "callslot-webhooks"]),
    ("callslot-engine-stream", &["callslot-core", "callslot-node"]),
    (
        "callslot-server",
        &[
            "callslot-api",
            "callslot-core",
            "callslot-engine-stream",
            "callslot-node",
            "callslot-store",
            "callslot-webhooks",
        ],
    ),
    (
        "callslot-sim",
        &["callslot-core", "callslot-engine-stream", "callslot-node", "callslot-store"],
    ),
    ("callslot-dashboard", &[]),
    ("callslot-peers", &["callslot-api"]),
    ("callslot-bench-clients", &["callslot-api"]),
    ("callslot-demo", &["callslot-api", "callslot-core", "callslot-node", "callslot-store"]),
    (
        "callslot",
        &[
            "callslot-api",
            "callslot-bridge",
            "callslot-client",
            "callslot-dashboard",
            "callslot-demo",
            "callslot-server",
            "callslot-store",
            "callslot-store-postgres",
            "callslot-store-sqlite",
            "callslot-webhooks",
        ],
    ),
    ("xtask", &[]),
];

/// Complaints about the crates of the workspace.
pub fn complaints() -> Result<Vec<String>, String> {
    metadata().map(|metadata| wrong_dependencies(&metadata))
}

/// Cargo's description of the packages of the workspace.
fn metadata() -> Result<Value, String> {
    let output = command("cargo metadata --no-deps --format-version 1 --locked").output();
    let output = output.map_err(|error| format!("`cargo metadata` did not start: {error}"))?;
    serde_json::from_slice(&output.stdout)
        .map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Dependencies on our crates that are not allowed, and crates that the table lacks. Tests may use any.
fn wrong_dependencies(metadata: &Value) -> Vec<String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = list(&metadata["packages"]);
    let ours: Vec<String> = packages.iter().map(|package| text(&package["name"])).collect();
    let mut complaints = Vec::new();
    for (package, name) in packages.iter().zip(&ours) {
        let Some((_, allowed)) = MAY_DEPEND_ON.iter().find(|(known, _)| known == name) else {
            complaints.push(format!(
                "{name}: say which of our crates it may depend on, in ARCHITECTURE.md and in xtask/src/checks/tidy/dependencies.rs"
            ));
            continue;
        };
        for dependency in list(&package["dependencies"]) {
            let other = text(&dependency["name"]);
            if dependency["kind"] != "dev" && ours.contains(&other) && !allowed.contains(&&*other) {
                complaints.push(format!(
                    "{name} may not depend on {other}; ARCHITECTURE.md says who may on whom"
                ));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_dependency_against_the_direction_is_found_and_so_is_a_crate_that_the_table_does_not_know()
    {
        let found = |name: &str, kind: Option<&str>| {
            let node = json!({ "name": "callslot-node", "dependencies": [] });
            let dependencies =
                json!([{ "name": "callslot-node", "kind": kind, "target": "cfg(unix)" }]);
            let package = json!({ "name": name, "dependencies": dependencies });
            wrong_dependencies(&json!({ "packages": [package, node] }))
        };
        assert_eq!(found("callslot-core", Some("dev")), [""; 0]);
        assert_eq!(found("callslot-server", None), [""; 0]);
        assert!(found("callslot-core", None)[0].contains("may not depend on callslot-node"));
        assert!(
            found("callslot-core", Some("build"))[0].contains("may not depend on callslot-node")
        );
        assert!(found("callslot-new", None)[0].contains("callslot-new: say"));
    }
}
