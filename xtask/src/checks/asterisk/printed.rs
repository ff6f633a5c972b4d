//! The configuration as `docs/telephony/asterisk.md` prints it, with the test's addresses in it.

use std::fs;
use std::path::Path;

use super::debian::Debian;
use crate::process::page;
use crate::process::step::root;

const PAGE: &str = "docs/telephony/asterisk.md";
const SOURCES: &str = "xtask/asterisk";

/// Where the test's programs are.
pub struct Ports {
    pub ari: u16,
    pub sip: u16,
    pub engine: u16,
    /// Somebody who hears everything and answers nothing.
    pub dead: u16,
    pub metrics: u16,
}

/// The block of the page that follows the first mention of a file.
fn printed(name: &str) -> Result<String, String> {
    page::block_for(PAGE, name)
}

/// Puts something else in the place of a text, which must be there.
fn with(text: &str, old: &str, new: &str) -> Result<String, String> {
    if text.contains(old) {
        Ok(text.replace(old, new))
    } else {
        Err(format!("{PAGE} has {old:?} no more"))
    }
}

/// Writes Asterisk's configuration into a folder, and all that it needs; returns the file to start it with.
pub fn asterisk(
    folder: &Path,
    debian: &Debian,
    ports: &Ports,
    (server, key): (&str, &str),
) -> Result<std::path::PathBuf, String> {
    let etc = folder.join("etc");
    for part in ["etc", "var", "spool", "run", "log", "data/sounds"] {
        fs::create_dir_all(folder.join(part)).map_err(|error| error.to_string())?;
    }
    let write = |name: &str, text: &str| {
        fs::write(etc.join(name), text).map_err(|error| format!("{name}: {error}"))
    };
    let http = printed("/etc/asterisk/http.conf")?;
    write("http.conf", &with(&http, "bindport = 8088", &format!("bindport = {}", ports.ari))?)?;
    write("ari.conf", &printed("/etc/asterisk/ari.conf")?)?;
    let pjsip = printed("/etc/asterisk/pjsip.conf")?;
    let pjsip = with(&pjsip, "bind = 0.0.0.0:5060", &format!("bind = 0.0.0.0:{}", ports.sip))?;
    let engine = format!("sip:127.0.0.1:{}", ports.engine);
    let pjsip = with(&pjsip, "sip:203.0.113.10:5060", &engine)?;
    let pjsip = with(&pjsip, "sip:203.0.113.20:5060", &engine)?;
    let pjsip = with(&pjsip, "match = 203.0.113.10", "match = 127.0.0.1")?;
    let more = own("more-pjsip.conf")?;
    write("pjsip.conf", &(pjsip + &more.replace("DEAD_PORT", &ports.dead.to_string())))?;
    let dialplan = printed("/etc/asterisk/extensions.conf")?;
    let alone = page::block_with(PAGE, "[globals]")?;
    let alone = with(&alone, "http://127.0.0.1:7070", server)?;
    let alone = with(&alone, "cs_engine_…", key)?;
    write("extensions.conf", &(dialplan + &own("more-dialplan.conf")? + &alone))?;
    write("modules.conf", &own("modules.conf")?)?;
    write("logger.conf", "[logfiles]\nconsole => warning,error\n")?;
    let sounds = debian.path("usr/share/asterisk/sounds/en_US_f_Allison");
    let music = format!("[default]\nmode = files\ndirectory = {}\n", sounds.display());
    write("musiconhold.conf", &music)?;
    data(&folder.join("data"), debian, &sounds)?;
    let (at, modules) =
        (folder.display(), debian.path("usr/lib/x86_64-linux-gnu/asterisk/modules"));
    write(
        "asterisk.conf",
        &format!(
            "[directories]\nastetcdir => {at}/etc\nastmoddir => {}\nastvarlibdir => {at}/var\nastdbdir => {at}/var\n\
             astkeydir => {at}/var\nastdatadir => {at}/data\nastagidir => {at}/var\nastspooldir => {at}/spool\n\
             astrundir => {at}/run\nastlogdir => {at}/log\n",
            modules.display()
        ),
    )?;
    Ok(etc.join("asterisk.conf"))
}

/// Links what Debian's packages have, and the sounds under the name of their language, as their installation would.
fn data(folder: &Path, debian: &Debian, sounds: &Path) -> Result<(), String> {
    let link = |from: &Path, name: &Path| {
        if name.exists() {
            return Ok(());
        }
        std::os::unix::fs::symlink(from, name).map_err(|error| error.to_string())
    };
    link(sounds, &folder.join("sounds/en"))?;
    let entries = fs::read_dir(debian.path("usr/share/asterisk"));
    for entry in entries.map_err(|error| error.to_string())?.flatten() {
        link(&entry.path(), &folder.join(entry.file_name()))?;
    }
    Ok(())
}

/// Writes the bridge's settings.
pub fn bridge(file: &Path, ports: &Ports) -> Result<(), String> {
    let head = format!("metrics_listen = \"127.0.0.1:{}\"\nask_after_s = 2\n", ports.metrics);
    let text = printed("bridge.toml")?;
    let text = with(&text, ":8088\"", &format!(":{}\"", ports.ari))?;
    let dialled = page::block_with(PAGE, "[[outbound]]")?;
    let text = format!("{head}{text}\n{dialled}{}", own("more-bridge.toml")?);
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}

/// The password that the page prints.
pub fn password() -> Result<String, String> {
    let ari = printed("/etc/asterisk/ari.conf")?;
    let line = ari.lines().find_map(|line| line.strip_prefix("password = "));
    line.map(str::to_owned).ok_or_else(|| format!("{PAGE} has no password"))
}

fn own(name: &str) -> Result<String, String> {
    read(&root().join(SOURCES).join(name))
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}
