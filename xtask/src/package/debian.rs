//! The Debian package: its tree, and the archive.

use std::fs;

use super::folder::FOLDER;
use crate::process::packages;
use crate::process::step::{command, root, run};

/// The files of the package as they are to lie on a machine.
const TREE: &str = "target/package/deb";
/// The version of the workspace.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What is copied as it is: from where, to where, and with which rights.
const FILES: [(&str, &str, &str); 7] = [
    ("target/release/callslot", "usr/bin/callslot", "0755"),
    ("packaging/systemd/callslot.service", "lib/systemd/system/callslot.service", "0644"),
    ("packaging/debian/callslot.toml", "etc/callslot/callslot.toml", "0644"),
    ("packaging/debian/environment", "etc/callslot/environment", "0600"),
    ("packaging/debian/copyright", "usr/share/doc/callslot/copyright", "0644"),
    (
        "packaging/prometheus/callslot.rules.yml",
        "usr/share/doc/callslot/callslot.rules.yml",
        "0644",
    ),
    ("packaging/grafana/callslot.json", "usr/share/doc/callslot/grafana.json", "0644"),
];
/// Where each shell looks for completions.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "usr/share/bash-completion/completions/callslot"),
    ("zsh", "usr/share/zsh/vendor-completions/_callslot"),
    ("fish", "usr/share/fish/vendor_completions.d/callslot.fish"),
];

/// Builds the package of this machine's architecture. Returns where it is.
pub fn build() -> Result<String, String> {
    packages::need(&[packages::DPKG_DEV, packages::LINTIAN])?;
    run("cargo build --locked --release --quiet --package callslot --bins")?;
    run(&format!("rm --recursive --force {TREE}"))?;
    for (from, to, mode) in FILES {
        install(from, to, mode)?;
    }
    for (shell, to) in COMPLETIONS {
        let script = output(&format!("target/release/callslot completions {shell}"))?;
        write(to, &script)?;
    }
    run(&format!("target/release/callslot manual {TREE}/usr/share/man/man1"))?;
    write("usr/share/doc/callslot/changelog", changelog().as_bytes())?;
    run(&format!("gzip --best --no-name --recursive {TREE}/usr/share/man"))?;
    run(&format!("gzip --best --no-name {TREE}/usr/share/doc/callslot/changelog"))?;
    control(VERSION)?;
    let package = archive(FOLDER, VERSION)?;
    run(&format!("lintian --fail-on error --tag-display-limit 5 {package}"))?;
    Ok(package)
}

/// The same package with a later version, to try an upgrade.
pub fn build_later() -> Result<String, String> {
    let later = format!("{VERSION}+later");
    control(&later)?;
    archive(&format!("{FOLDER}/later"), &later)
}

/// Returns where it is.
fn archive(folder: &str, version: &str) -> Result<String, String> {
    let architecture = said("dpkg --print-architecture")?;
    let package = format!("{folder}/callslot_{version}_{architecture}.deb");
    run(&format!("mkdir --parents {folder}"))?;
    run(&format!("dpkg-deb --root-owner-group -Zxz --build {TREE} {package}"))?;
    Ok(package)
}

/// The package's own description and scripts.
fn control(version: &str) -> Result<(), String> {
    let template = fs::read_to_string(root().join("packaging/debian/control.in"));
    let template = template.map_err(|error| format!("control.in: {error}"))?;
    let size =
        said(&format!("du --summarize --apparent-size --block-size=1024 --exclude=DEBIAN {TREE}"))?;
    let control = template
        .replace("@VERSION@", version)
        .replace("@ARCHITECTURE@", &said("dpkg --print-architecture")?)
        .replace("@SIZE@", size.split_whitespace().next().unwrap_or("0"))
        .replace("@DEPENDS@", &libraries()?);
    write("DEBIAN/control", control.as_bytes())?;
    install("packaging/debian/conffiles", "DEBIAN/conffiles", "0644")?;
    for script in ["postinst", "prerm", "postrm"] {
        install(&format!("packaging/debian/{script}"), &format!("DEBIAN/{script}"), "0755")?;
    }
    Ok(())
}

/// Which libraries of Debian the binary needs, and in which versions, as Debian's own tool says.
fn libraries() -> Result<String, String> {
    let folder = root().join(FOLDER).join("shlibdeps");
    fs::create_dir_all(folder.join("debian")).map_err(|error| format!("shlibdeps: {error}"))?;
    // The tool wants to be in a source package.
    fs::write(
        folder.join("debian/control"),
        "Source: callslot\n\nPackage: callslot\nArchitecture: any\n",
    )
    .map_err(|error| format!("shlibdeps: {error}"))?;
    let binary = root().join("target/release/callslot");
    let found = command("dpkg-shlibdeps -O -e").arg(binary).current_dir(&folder).output();
    let found = found.map_err(|error| format!("dpkg-shlibdeps: {error}"))?;
    let found = String::from_utf8_lossy(&found.stdout).into_owned();
    found
        .lines()
        .find_map(|line| line.strip_prefix("shlibs:Depends="))
        .map(str::to_owned)
        .ok_or_else(|| format!("dpkg-shlibdeps says nothing of libraries: {found}"))
}

fn changelog() -> String {
    let date = said("date --rfc-email").unwrap_or_default();
    format!(
        "callslot ({VERSION}) unstable; urgency=medium\n\n  * See CHANGELOG.md of the release.\n\n \
         -- The Callslot developers <maintainers@callslot.example>  {date}\n"
    )
}

fn install(from: &str, to: &str, mode: &str) -> Result<(), String> {
    run(&format!("install -D --mode={mode} {from} {TREE}/{to}"))
}

fn write(to: &str, bytes: &[u8]) -> Result<(), String> {
    let path = root().join(TREE).join(to);
    let folder = path.parent().ok_or("a file has a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, bytes))
        .map_err(|error| format!("{to}: {error}"))?;
    run(&format!("chmod 0644 {TREE}/{to}"))
}

fn said(step: &str) -> Result<String, String> {
    Ok(String::from_utf8_lossy(&output(step)?).trim().to_owned())
}

fn output(step: &str) -> Result<Vec<u8>, String> {
    let output = command(step).output().map_err(|error| format!("`{step}`: {error}"))?;
    if output.status.success() { Ok(output.stdout) } else { Err(format!("`{step}` failed")) }
}
