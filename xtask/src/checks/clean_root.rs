//! `cargo xtask clean-root`: whether a fresh Debian 12 builds and serves Callslot with Rust and a C compiler alone.
//!
//! It is run by hand, as root, before a release: it installs a Debian below `target/` and builds there, which takes ten
//! minutes. That Debian gets this machine's Rust and the downloaded crates, and no Node.js. Start reading at [`clean_root`].

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::{env, fs};

use crate::process::packages;
use crate::process::step::{command, root, run, succeeds};

/// Where that Debian is.
const FRESH: &str = "target/clean-root";
/// All that is installed in it.
const PACKAGES: &str = "gcc,libc6-dev,git,ca-certificates";
/// A program there, in the clone, without any variable of this machine.
const THERE: &str = "chroot target/clean-root env -i --chdir=/callslot HOME=/root CARGO_NET_OFFLINE=true \
                     PATH=/opt/rust/bin:/usr/bin:/bin";

/// Builds, serves, and opens the page in Chromium.
pub fn clean_root() -> Result<(), String> {
    packages::need(&[packages::DEBOOTSTRAP, packages::CHROMIUM])?;
    run("cargo fetch --locked")?;
    prepare()?;
    let outcome = run(&format!("{THERE} cargo build --locked --release")).and_then(|()| serve());
    run(&format!("umount {FRESH}/proc"))?;
    outcome
}

/// Installs that Debian, with Rust and a clone of what is committed here.
fn prepare() -> Result<(), String> {
    if root().join(FRESH).exists() {
        // One that was interrupted may be mounted still; nothing beyond it is removed.
        succeeds(&format!("umount {FRESH}/proc"));
        run(&format!("rm --recursive --force --one-file-system {FRESH}"))?;
    }
    run(&format!("debootstrap --variant=minbase --include={PACKAGES} bookworm {FRESH}"))?;
    run(&format!("mount -t proc proc {FRESH}/proc"))?;
    let rust = command("rustc --print sysroot").output().map_err(|error| error.to_string())?;
    let rust = String::from_utf8_lossy(&rust.stdout).trim().to_owned();
    let there = root().join(FRESH);
    for folder in ["opt/rust", "root/.cargo"] {
        fs::create_dir_all(there.join(folder)).map_err(|error| format!("{folder}: {error}"))?;
    }
    run(&format!("cp --recursive {rust}/bin {rust}/lib {FRESH}/opt/rust"))?;
    run(&format!("cp --recursive {}/registry {FRESH}/root/.cargo", cargo_home().display()))?;
    run(&format!("git clone --quiet --no-hardlinks . {FRESH}/callslot"))
}

/// Starts the server there as the README says, and signs a browser in.
fn serve() -> Result<(), String> {
    let step = format!("{THERE} cargo run --release -- serve --listen 127.0.0.1:0 --data /data");
    println!("── {step}");
    let mut server = command(&step)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`{step}` did not start: {error}"))?;
    let outcome = open_page(&mut server);
    let ended = server.kill().and_then(|()| server.wait());
    ended.map_err(|error| format!("the server does not end: {error}"))?;
    outcome
}

fn open_page(server: &mut Child) -> Result<(), String> {
    let printed = server.stdout.take().ok_or("the server prints nothing")?;
    let link = BufReader::new(printed)
        .lines()
        .map_while(Result::ok)
        .find_map(|line| Some(line.trim().to_owned()).filter(|line| line.contains("/sign-in#")))
        .ok_or("the server printed no sign-in link")?;
    let chromium = "chromium --headless --no-sandbox --disable-gpu --virtual-time-budget=10000";
    let page = command(&format!("{chromium} --dump-dom {link}"))
        .output()
        .map_err(|error| format!("Chromium does not run: {error}"))?;
    if String::from_utf8_lossy(&page.stdout).contains(">Concurrency</h1>") {
        println!("the page Concurrency opens");
        return Ok(());
    }
    Err(format!("the page does not open; Chromium says: {}", String::from_utf8_lossy(&page.stderr)))
}

fn cargo_home() -> PathBuf {
    let home = env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from)
}
