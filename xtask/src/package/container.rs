//! The container image: built from the static binary by buildah, twice, and run as nobody.

use std::fs;

use super::{FOLDER, kinds};
use crate::process::packages;
use crate::process::step::{command, root, run, succeeds};

const CONTEXT: &str = "target/package/container";
const BUILDAH: &str = "buildah --root target/package/buildah --runroot target/package/buildah-run --storage-driver vfs";

/// Builds it twice, sees that both are the same, and looks at what is in it.
pub fn build_and_try() -> Result<(), String> {
    packages::need(&[packages::BUILDAH])?;
    if !root().join(kinds::static_binary()).exists() {
        kinds::build_static()?;
    }
    run(&format!("rm --recursive --force {CONTEXT}"))?;
    fs::create_dir_all(root().join(CONTEXT).join("data"))
        .map_err(|error| format!("{CONTEXT}: {error}"))?;
    run(&format!("cp {} {CONTEXT}/callslot", kinds::static_binary()))?;
    let (first, second) = (build("first")?, build("second")?);
    if first != second {
        return Err(format!("two builds differ: {first} and {second}"));
    }
    println!("two builds give the same image: {first}");
    run(&format!("{BUILDAH} push callslot:first oci-archive:{FOLDER}/callslot.oci.tar:callslot"))?;
    let outcome = look();
    // What is left of a run that failed is cleared by the next one.
    succeeds(&format!("{BUILDAH} rm --all"));
    outcome
}

/// Returns the digest of the image.
fn build(name: &str) -> Result<String, String> {
    run(&format!(
        "{BUILDAH} build --quiet --isolation chroot --format docker --timestamp 0 --no-cache --tag callslot:{name} \
         --file packaging/container/Containerfile {CONTEXT}"
    ))?;
    said(&format!(
        "{BUILDAH} inspect --type image --format {{{{.FromImageDigest}}}} callslot:{name}"
    ))
}

/// Runs the binary of the image as its user does.
fn look() -> Result<(), String> {
    let container = said(&format!("{BUILDAH} from callslot:first"))?;
    let user = said(&format!("{BUILDAH} inspect --format {{{{.OCIv1.Config.User}}}} {container}"))?;
    if user != "65534:65534" {
        return Err(format!("the image runs as {user}"));
    }
    run(&format!("{BUILDAH} run --isolation chroot {container} -- /callslot --version"))?;
    // The data folder is nobody's, and a server starts on it: its own check of the data says so.
    run(&format!(
        "{BUILDAH} run --isolation chroot {container} -- /callslot doctor --data /data --listen 127.0.0.1:7318"
    ))
}

fn said(step: &str) -> Result<String, String> {
    let output = command(step).output().map_err(|error| format!("`{step}`: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(format!("`{step}` failed: {}", String::from_utf8_lossy(&output.stderr)))
}
