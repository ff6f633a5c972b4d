//! The container image: built from the static binary by buildah, and run as nobody.
//!
//! The image in OCI's form is the same bit for bit whenever it is built. Docker's form has the health check too, which OCI's has no
//! place for; its configuration names the build, so of it only the files are the same.

use std::fs;

use super::debian::VERSION;
use super::folder::FOLDER;
use super::{kinds, trial};
use crate::process::packages;
use crate::process::step::{command, root, run, succeeds};

/// Where the server listens that is tried.
const ADDRESS: &str = "127.0.0.1:7318";
const CONTEXT: &str = "target/package/container";
const BUILDAH: &str = "buildah --root target/package/buildah --runroot target/package/buildah-run --storage-driver vfs";

/// Builds OCI's form twice and Docker's once, sees that they are the same as far as they can be, and looks at what is in it.
pub fn build_and_try() -> Result<(), String> {
    packages::need(&[packages::BUILDAH])?;
    if !root().join(kinds::static_binary()).exists() {
        kinds::build_static()?;
    }
    run(&format!("rm --recursive --force {CONTEXT}"))?;
    fs::create_dir_all(root().join(CONTEXT).join("data"))
        .map_err(|error| format!("{CONTEXT}: {error}"))?;
    run(&format!("cp {} {CONTEXT}/callslot", kinds::static_binary()))?;
    for (name, format) in [("first", "oci"), ("second", "oci"), ("docker", "docker")] {
        build(name, format)?;
    }
    same("two builds", &inspected("first", "FromImageID")?, &inspected("second", "FromImageID")?)?;
    let files = |name| inspected(name, "OCIv1.RootFS.DiffIDs");
    same("the files of both forms", &files("first")?, &files("docker")?)?;
    let check = inspected("docker", "Docker.Config.Healthcheck.Test")?;
    same("the health check", &check, "[CMD /callslot ready]")?;
    for (name, archive) in [("first", "oci-archive"), ("docker", "docker-archive")] {
        let file = format!("{FOLDER}/callslot.{archive}.tar");
        run(&format!("rm --force {file}"))?;
        run(&format!(
            "{BUILDAH} push --quiet callslot:{name} {archive}:{file}:callslot:{VERSION}"
        ))?;
    }
    let outcome = look();
    // What is left of a run that failed is cleared by the next one.
    succeeds(&format!("{BUILDAH} rm --all"));
    outcome
}

fn build(name: &str, format: &str) -> Result<(), String> {
    run(&format!(
        "{BUILDAH} build --quiet --isolation chroot --format {format} --timestamp 0 --no-cache --tag callslot:{name} \
         --file packaging/container/Containerfile {CONTEXT}"
    ))
}

/// What buildah knows of an image, by the field's name.
fn inspected(name: &str, field: &str) -> Result<String, String> {
    said(&format!("{BUILDAH} inspect --type image --format {{{{.{field}}}}} callslot:{name}"))
}

fn same(what: &str, one: &str, other: &str) -> Result<(), String> {
    if one != other {
        return Err(format!("{what}: {one} is not {other}"));
    }
    println!("{what}: {one}");
    Ok(())
}

/// Runs the binary of the image as its user does.
fn look() -> Result<(), String> {
    let container = said(&format!("{BUILDAH} from callslot:first"))?;
    same("its user", &inspected("first", "OCIv1.Config.User")?, "65534:65534")?;
    run(&format!("{BUILDAH} run --isolation chroot {container} -- /callslot --version"))?;
    let files = said(&format!("{BUILDAH} mount {container}"))?;
    let served = trial::serve(
        &format!(
            "env CALLSLOT_DATA=/data CALLSLOT_LISTEN={ADDRESS} chroot --userspec=65534:65534 {files} /callslot serve"
        ),
        &format!("chroot --userspec=65534:65534 {files} /callslot ready --url http://{ADDRESS}"),
    );
    run(&format!("{BUILDAH} umount {container}"))?;
    served
}

fn said(step: &str) -> Result<String, String> {
    let output = command(step).output().map_err(|error| format!("`{step}`: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(format!("`{step}` failed: {}", String::from_utf8_lossy(&output.stderr)))
}
