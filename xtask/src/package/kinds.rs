//! Binaries for other machines than this one: static ones, and for arm64.

use std::fs;

use super::folder::FOLDER;
use crate::process::packages;
use crate::process::step::{command, root, run, run_with};

const MUSL: &str = "x86_64-unknown-linux-musl";
const ARM64: &str = "aarch64-unknown-linux-gnu";

/// Where [`build_static`] leaves the binary.
pub fn static_binary() -> String {
    format!("{FOLDER}/static/callslot")
}

/// Builds the static binary and sees that it needs no library.
pub fn build_static() -> Result<(), String> {
    packages::need(&[packages::MUSL])?;
    run(&format!("rustup target add {MUSL}"))?;
    run(&format!(
        "cargo build --locked --release --quiet --target {MUSL} --package callslot --bins"
    ))?;
    keep(&format!("target/{MUSL}/release/callslot"), &static_binary())?;
    let said = command(&format!("ldd {}", static_binary())).output();
    let said = said.map_err(|error| format!("ldd: {error}"))?;
    let said = [said.stdout, said.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    if !said.contains("statically linked") && !said.contains("not a dynamic executable") {
        return Err(format!("{} needs libraries:\n{said}", static_binary()));
    }
    run(&format!("{} --version", static_binary()))
}

/// Builds for arm64 and runs the binary in an emulator.
pub fn build_arm64() -> Result<(), String> {
    packages::need(&[packages::ARM64_GCC, packages::ARM64_LIBC, packages::EMULATOR])?;
    run(&format!("rustup target add {ARM64}"))?;
    run_with(
        &[("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc")],
        &format!(
            "cargo build --locked --release --quiet --target {ARM64} --package callslot --bins"
        ),
    )?;
    let binary = format!("{FOLDER}/arm64/callslot");
    keep(&format!("target/{ARM64}/release/callslot"), &binary)?;
    run(&format!("qemu-aarch64-static -L /usr/aarch64-linux-gnu {binary} --version"))
}

fn keep(built: &str, there: &str) -> Result<(), String> {
    let path = root().join(there);
    let folder = path.parent().ok_or("a file has a folder")?;
    fs::create_dir_all(folder).map_err(|error| format!("{there}: {error}"))?;
    fs::copy(root().join(built), &path).map_err(|error| format!("{built}: {error}"))?;
    Ok(())
}
