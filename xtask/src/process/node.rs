//! Node.js, for the web app and the tools that npm installs: the machine's own, or `PyPI`'s where that is missing or too
//! old, as in Debian 12.

use crate::process::step::{NODE, command, timed};
use crate::process::tools;

/// The oldest Node.js that builds the web app.
const LEAST: (u32, u32) = (20, 19);
const REQUIREMENTS: &str = "xtask/node/requirements.txt";

/// Makes sure that the steps to come find a Node.js that is new enough, with npm.
///
/// # Errors
/// When there is none and none can be installed.
pub fn provide() -> Result<(), String> {
    if is_new_enough() {
        return Ok(());
    }
    timed("Node.js from PyPI, as none here is new enough", || {
        tools::from_pypi(NODE, REQUIREMENTS)
    })?;
    if is_new_enough() {
        return Ok(());
    }
    let (major, minor) = LEAST;
    Err(format!(
        "the web app needs Node.js {major}.{minor} or newer with npm, and PyPI's does not run here; install it from https://nodejs.org"
    ))
}

fn is_new_enough() -> bool {
    let said = |program: &str| {
        let output = command(&format!("{program} --version")).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    said("npm").is_some() && said("node").and_then(|said| version_of(&said)) >= Some(LEAST)
}

/// The first two numbers in the output of `node --version`, such as `v20.19.4`.
fn version_of(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.strip_prefix('v')?.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn versions_of_node_are_compared_by_number() {
        assert_eq!(version_of("v20.19.4"), Some((20, 19)));
        assert!(version_of("v9.11.2") < version_of("v20.19.0"));
        assert!(version_of("v20.9.0") < version_of("v20.19.0"));
        for nonsense in ["", "v", "20.19.0", "v20", "vx.y"] {
            assert_eq!(version_of(nonsense), None, "{nonsense}");
        }
    }
}
