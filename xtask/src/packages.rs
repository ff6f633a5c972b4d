//! Debian packages that tests need and a machine may not have yet.

use std::env;
use std::process::Command;

use crate::run;

/// Installs a package unless a program of it is there already.
///
/// # Errors
/// With the command to type, when it cannot be installed from here.
pub fn need(program: &str, package: &str) -> Result<(), String> {
    if is_there(program) {
        return Ok(());
    }
    // A list of packages that is out of date names files that the mirrors no longer have.
    let steps =
        ["apt-get update --quiet=2", "apt-get install --yes --quiet=2 --no-install-recommends"];
    let installed =
        run(&as_root(steps[0])).and_then(|()| run(&as_root(&format!("{} {package}", steps[1]))));
    match installed {
        Ok(()) if is_there(program) => Ok(()),
        Ok(()) | Err(_) => Err(format!(
            "the tests need `{program}`; install it with `apt-get install {package}` and repeat this"
        )),
    }
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
