//! Debian packages that tests need and a machine may not have yet.

use std::env;
use std::process::Command;

use crate::run;

/// Installs a package unless a program of it is there already.
///
/// # Errors
/// With the command to type, when it cannot be installed from here.
pub fn need(program: &str, package: &str) -> Result<(), String> {
    if is_there(program) { Ok(()) } else { install(package) }
}

/// Installs Node.js and npm unless they are there. Whether they are new enough, whoever uses them says.
///
/// # Errors
/// As [`need`].
pub fn need_node() -> Result<(), String> {
    need("node", "nodejs")?;
    need("npm", "npm")
}

/// Installs a package.
///
/// # Errors
/// As [`need`].
pub fn install(package: &str) -> Result<(), String> {
    // A list of packages that is out of date names files that the mirrors no longer have.
    run(&as_root("apt-get update --quiet=2"))
        .and_then(|()| {
            let install = "apt-get install --yes --quiet=2 --no-install-recommends";
            run(&as_root(&format!("{install} {package}")))
        })
        .map_err(|_| format!("the tests need `apt-get install {package}`; do that and repeat this"))
}

/// Whether a program is in one of the folders that are searched for programs.
fn is_there(program: &str) -> bool {
    let folders = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}

fn as_root(step: &str) -> String {
    let user = Command::new("id").arg("-u").output().map(|output| output.stdout);
    let is_root = user.is_ok_and(|user| user.trim_ascii() == b"0");
    if is_root { step.to_owned() } else { format!("sudo {step}") }
}
