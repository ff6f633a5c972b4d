//! The Debian package in a fresh Debian 12: installed, started, upgraded, removed, purged.
//!
//! No systemd runs there: the unit is checked by systemd's own tools, and the server is started by its command line.

use std::fs;
use std::path::PathBuf;

use super::debian::build_later;
use super::trial::{self, expect};
use crate::process::packages;
use crate::process::step::{command, root, run, succeeds};

const THERE: &str = "target/package/debian-root";
const UNIT: &str = "/lib/systemd/system/callslot.service";
/// The most that systemd may find wrong with the unit's protection, of 100: it calls anything up to 20 "OK".
const EXPOSURE: &str = "20";

/// Where the server listens.
const ADDRESS: &str = "127.0.0.1:7317";

/// Goes through the life of an installation.
pub fn try_out(package: &str) -> Result<(), String> {
    packages::need(&[packages::DEBOOTSTRAP])?;
    prepare()?;
    let outcome = live(package);
    run(&format!("umount {THERE}/proc"))?;
    outcome
}

fn prepare() -> Result<(), String> {
    if root().join(THERE).exists() {
        // One that was interrupted may be mounted still; nothing beyond it is removed.
        succeeds(&format!("umount {THERE}/proc"));
        run(&format!("rm --recursive --force --one-file-system {THERE}"))?;
    }
    run(&format!("debootstrap --variant=minbase --include=systemd,man-db bookworm {THERE}"))?;
    run(&format!("mount -t proc proc {THERE}/proc"))
}

fn live(package: &str) -> Result<(), String> {
    install(package)?;
    there(&format!("systemd-analyze verify {UNIT}"))?;
    there(&format!(
        "systemd-analyze security --offline=true --threshold={EXPOSURE} --no-pager {UNIT}"
    ))?;
    there("man --pager=cat callslot-call-start")?;
    expect("owned by the server's user", owner("/var/lib/callslot")? == "callslot:700")?;
    expect("readable by root alone", owner("/etc/callslot/environment")? == "root:600")?;
    serve()?;

    // What the administrator has changed stays as it is.
    let settings = inside("/etc/callslot/callslot.toml");
    fs::write(&settings, "rate_limit = 100\n")
        .map_err(|error| format!("callslot.toml: {error}"))?;
    install(&build_later()?)?;
    let kept = fs::read_to_string(&settings).unwrap_or_default();
    expect("the settings survive an upgrade", kept == "rate_limit = 100\n")?;
    serve()?;

    there("dpkg --remove callslot")?;
    expect("the data survives a removal", has_data())?;
    expect("the binary is gone", !inside("/usr/bin/callslot").exists())?;
    there("dpkg --purge callslot")?;
    expect("a purge leaves no data", !inside("/var/lib/callslot").exists())?;
    expect("a purge leaves no settings", !inside("/etc/callslot").exists())
}

fn install(package: &str) -> Result<(), String> {
    run(&format!("cp {package} {THERE}/callslot.deb"))?;
    there("dpkg --install /callslot.deb")
}

/// Starts the server as its user with its settings, as the unit does.
fn serve() -> Result<(), String> {
    trial::serve(
        &format!(
            "chroot --userspec=callslot {THERE} env -i CALLSLOT_LISTEN={ADDRESS} /usr/bin/callslot serve \
             --config /etc/callslot/callslot.toml --data /var/lib/callslot"
        ),
        &format!("chroot {THERE} /usr/bin/callslot ready --url http://{ADDRESS}"),
    )
}

fn has_data() -> bool {
    fs::read_dir(inside("/var/lib/callslot")).is_ok_and(|files| files.count() > 0)
}

/// The owner and the rights of something.
fn owner(path: &str) -> Result<String, String> {
    let words = format!("chroot {THERE} stat --format=%U:%a {path}");
    let output = command(&words).output().map_err(|error| format!("`{words}`: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn there(words: &str) -> Result<(), String> {
    run(&format!(
        "chroot {THERE} env -i DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin {words}"
    ))
}

fn inside(path: &str) -> PathBuf {
    root().join(THERE).join(path.trim_start_matches('/'))
}
