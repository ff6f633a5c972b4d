//! Asterisk and `SIPp` of another Debian, below `target/`: bookworm has no Asterisk.
//!
//! apt downloads them and what they need into folders of its own, and `dpkg-deb` unpacks them; nothing of the machine's is changed. Programs
//! run with the C library of their own Debian. Start reading at [`provide`].

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process::step::{command, root, timed};

const FOLDER: &str = "target/asterisk";
/// Debians that have Asterisk: with 22, and with 16.
const SUITES: [&str; 2] = ["sid", "bullseye"];
const PACKAGES: [&str; 3] = ["asterisk", "asterisk-core-sounds-en-gsm", "sip-tester"];
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
/// Where Debian is, if apt is not set up for one.
const MIRROR: &str = "http://deb.debian.org/debian";
/// Where the loader of programs may be.
const LOADERS: [&str; 3] = [
    "usr/lib64/ld-linux-x86-64.so.2",
    "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
    "lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
];

/// Programs of another Debian.
pub struct Debian {
    root: PathBuf,
    loader: PathBuf,
}

/// Unpacks them, unless that is done; `None`, with the reason on the terminal, if they cannot be had.
pub fn provide() -> Option<Debian> {
    for suite in SUITES {
        match timed(&format!("Asterisk of {suite}"), || unpacked(suite)) {
            Ok(debian) => return Some(debian),
            Err(why) => eprintln!("{suite}: {why}"),
        }
    }
    None
}

fn unpacked(suite: &str) -> Result<Debian, String> {
    if std::env::consts::ARCH != "x86_64" {
        return Err("the programs are unpacked for x86_64 alone".into());
    }
    let folder = root().join(FOLDER).join(suite);
    let (files, done) = (folder.join("root"), folder.join("done"));
    if !done.exists() {
        let _ = fs::remove_dir_all(&folder);
        let config = apt(&folder, suite).map_err(|error| error.to_string())?;
        quiet(&config, "apt-get -q update")?;
        quiet(&config, &format!("apt-get -q -y --download-only install {}", PACKAGES.join(" ")))?;
        unpack(&folder.join("cache/archives"), &files)?;
        fs::write(&done, "").map_err(|error| error.to_string())?;
    }
    let loader = LOADERS.iter().map(|path| files.join(path)).find(|path| path.exists());
    let loader = loader.ok_or("it has no loader of programs")?;
    Ok(Debian { root: files, loader })
}

/// Writes apt's configuration for a suite with folders of its own.
fn apt(folder: &Path, suite: &str) -> std::io::Result<PathBuf> {
    for part in ["state/lists/partial", "cache/archives/partial", "root"] {
        fs::create_dir_all(folder.join(part))?;
    }
    fs::write(folder.join("status"), "")?;
    let mirror = mirror();
    let sources = format!("deb [signed-by={KEYRING}] {mirror} {suite} main\n");
    fs::write(folder.join("sources.list"), sources)?;
    let at = folder.display();
    let config = format!(
        "Dir::State \"{at}/state\";\nDir::State::status \"{at}/status\";\nDir::Cache \"{at}/cache\";\n\
         Dir::Etc::sourcelist \"{at}/sources.list\";\nDir::Etc::sourceparts \"/dev/null\";\n\
         Dir::Etc::preferencesparts \"/dev/null\";\nAPT::Install-Recommends \"false\";\n\
         APT::Architecture \"amd64\";\nAPT::Sandbox::User \"root\";\nAcquire::Languages \"none\";\n"
    );
    let file = folder.join("apt.conf");
    fs::write(&file, config)?;
    Ok(file)
}

/// The Debian that this machine's apt uses, or the usual one.
fn mirror() -> String {
    let asked = Command::new("apt-get")
        .args(["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian"])
        .stderr(Stdio::null())
        .output();
    let text = asked.map(|asked| String::from_utf8_lossy(&asked.stdout).into_owned());
    let text = text.unwrap_or_default();
    let own = text.lines().find(|uri| !uri.contains("security") && uri.starts_with("http"));
    own.unwrap_or(MIRROR).trim_end_matches('/').to_owned()
}

fn quiet(config: &Path, step: &str) -> Result<(), String> {
    let output = command(step).env("APT_CONFIG", config).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("`{step}` did not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{step}` failed: {}", said.lines().last().unwrap_or_default()))
}

fn unpack(archives: &Path, files: &Path) -> Result<(), String> {
    let entries = fs::read_dir(archives).map_err(|error| error.to_string())?;
    for entry in entries.flatten().map(|entry| entry.path()) {
        if entry.extension().is_none_or(|extension| extension != "deb") {
            continue;
        }
        let status = Command::new("dpkg-deb").arg("-x").arg(&entry).arg(files).status();
        if !status.is_ok_and(|status| status.success()) {
            return Err(format!("{} cannot be unpacked", entry.display()));
        }
        // They are large, and not needed twice.
        let _ = fs::remove_file(&entry);
    }
    Ok(())
}

impl Debian {
    /// A program, such as `usr/sbin/asterisk`, with its own libraries.
    pub fn program(&self, path: &str) -> Command {
        let libraries = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"];
        let libraries = libraries.map(|path| self.root.join(path).display().to_string());
        let mut command = Command::new(&self.loader);
        command.arg("--library-path").arg(libraries.join(":")).arg(self.root.join(path));
        command.stdin(Stdio::null()).current_dir(root());
        command
    }

    /// A file or folder.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}
