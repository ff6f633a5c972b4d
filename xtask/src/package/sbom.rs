//! The list of what is in the binary, and the checksums of what was built.

use std::fs;
use std::path::Path;

use super::folder::FOLDER;
use crate::process::step::{command, root, run};
use crate::process::tools;

const CYCLONEDX: &str = "0.5.9";

/// Writes `callslot.cdx.json`, and sees that it names what is known to be in the binary.
pub fn write() -> Result<(), String> {
    let program = tools::from_crate("cargo-cyclonedx", CYCLONEDX, "")?;
    run(&format!(
        "{program} cyclonedx --manifest-path crates/callslot/Cargo.toml --format json --spec-version 1.5 --describe binaries"
    ))?;
    let list = root().join("crates/callslot/callslot_bin.cdx.json");
    let text = fs::read_to_string(&list).map_err(|error| format!("{}: {error}", list.display()))?;
    let kept = root().join(FOLDER).join("callslot.cdx.json");
    fs::write(kept, &text).map_err(|error| format!("callslot.cdx.json: {error}"))?;
    // One is written beside each manifest of the workspace.
    run("find bench crates xtask -name *.cdx.json -delete")?;
    for package in ["rusqlite", "rustls", "tokio"] {
        if !text.contains(&format!("\"name\": \"{package}\"")) {
            return Err(format!("callslot.cdx.json does not name {package}"));
        }
    }
    Ok(())
}

/// Writes `SHA256SUMS` of everything that is there to be published.
pub fn checksums() -> Result<(), String> {
    let folder = root().join(FOLDER);
    let published = ["static/callslot", "arm64/callslot", "callslot.cdx.json"];
    let mut files: Vec<String> = published
        .iter()
        .filter(|file| folder.join(file).exists())
        .map(|&file| file.into())
        .collect();
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = Path::new(&name).extension().unwrap_or_default();
        if kind == "deb" || kind == "tar" {
            files.push(name);
        }
    }
    if files.is_empty() {
        return Ok(());
    }
    files.sort();
    let sums = command("sha256sum").args(&files).current_dir(&folder).output();
    let sums = sums.map_err(|error| format!("sha256sum: {error}"))?;
    fs::write(folder.join("SHA256SUMS"), &sums.stdout)
        .map_err(|error| format!("SHA256SUMS: {error}"))?;
    print!("{}", String::from_utf8_lossy(&sums.stdout));
    Ok(())
}
