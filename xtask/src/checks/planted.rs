//! Plants bugs in a copy of the sources, and looks for each with the simulation: so the product's own code stays free of
//! them. The bugs are in `crates/callslot-sim/planted/bugs.txt`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::files::read;
use crate::process::step::{root, run, run_in};

const BUGS: &str = "crates/callslot-sim/planted/bugs.txt";
const REGISTRY: &str = "crates/callslot-sim/planted/registry.rs";
const RUNNER: &str = "crates/callslot-sim/planted/runner.rs";
/// The prefix of the versions of the packages in the copy.
const VERSION: &str = "0.0.0-planted.";
/// The parts of the copy.
const SOURCES: [&str; 5] = ["Cargo.toml", "Cargo.lock", "bench", "crates", "xtask"];

/// A bug and where it is planted.
struct Bug<'a> {
    name: &'a str,
    file: PathBuf,
    is: &'a str,
    becomes: &'a str,
}

/// Makes the copy with all bugs in it, and runs the search.
pub fn planted() -> Result<(), String> {
    let copy = root().join("target/planted");
    let list = read(&root().join(BUGS))?;
    let bugs: Vec<Bug<'_>> = list.split("\n## ").skip(1).map(parse).collect::<Result<_, _>>()?;
    for source in SOURCES {
        mirror(Path::new(source), &copy, &bugs)?;
    }
    write(&copy.join("crates/callslot-core/src/planted.rs"), &read(&root().join(REGISTRY))?)?;
    let names: Vec<&str> = bugs.iter().map(|bug| bug.name).collect();
    let runner = read(&root().join(RUNNER))?;
    let runner = format!("{runner}\n/// The bugs, by number.\nconst BUGS: &[&str] = &{names:?};\n");
    write(&copy.join("crates/callslot-sim/src/bin/planted.rs"), &runner)?;
    run_in(
        &copy,
        "cargo build --locked --release --quiet --package callslot-sim --bin planted --target-dir ..",
    )?;
    run("target/release/planted")
}

fn parse(section: &str) -> Result<Bug<'_>, String> {
    let parts = || {
        let (head, texts) = section.split_once("\n--- is\n")?;
        let (is, becomes) = texts.split_once("\n--- becomes\n")?;
        let mut head = head.lines();
        let (name, file) = (head.next()?, Path::new("crates").join(head.nth(1)?));
        Some(Bug { name, file, is, becomes: becomes.trim_end_matches('\n') })
    };
    parts().ok_or_else(|| format!("{BUGS}: not a planted bug:\n{section}"))
}

/// Copies a file or folder of the repository. An unchanged file is not written, so that it is not built again.
fn mirror(source: &Path, copy: &Path, bugs: &[Bug<'_>]) -> Result<(), String> {
    let from = root().join(source);
    if from.is_dir() {
        for entry in fs::read_dir(&from).map_err(|error| format!("{}: {error}", from.display()))? {
            let name = entry.map_err(|error| error.to_string())?.file_name();
            mirror(&source.join(name), copy, bugs)?;
        }
        return Ok(());
    }
    let bytes = fs::read(&from).map_err(|error| format!("{}: {error}", from.display()))?;
    match String::from_utf8(bytes) {
        Ok(text) => write(&copy.join(source), &with_bugs(source, text, bugs)?),
        Err(no_text) => write(&copy.join(source), no_text.as_bytes()),
    }
}

/// The text of a file with the bugs that belong there, each at work only when the registry says so.
fn with_bugs(file: &Path, mut text: String, bugs: &[Bug<'_>]) -> Result<String, String> {
    let is_in_core = file.starts_with("crates/callslot-core");
    let registry = if is_in_core { "crate" } else { "callslot_core" };
    for (number, bug) in bugs.iter().enumerate().filter(|(_, bug)| bug.file == file) {
        if text.matches(bug.is).count() != 1 {
            return Err(format!(
                "the planted bug {} no longer fits: its text must occur once in {}; renew it in {BUGS}",
                bug.name,
                file.display()
            ));
        }
        let is_at_work = format!("{registry}::planted::is({number})");
        text = text.replace(bug.is, &bug.becomes.replace("planted!()", &is_at_work));
    }
    if file == Path::new("crates/callslot-core/src/lib.rs") {
        text.push_str("\npub mod planted;\n");
    }
    // Cargo takes two packages of the same name and version for one, wherever they are.
    if file == Path::new("Cargo.toml") {
        text = text.replace("\nversion = \"", &format!("\nversion = \"{VERSION}"));
        text = without_versions_of_paths(&text);
    } else if file == Path::new("Cargo.lock") {
        text = locked(&text);
    }
    Ok(text)
}

/// A manifest whose paths may lead to any version.
fn without_versions_of_paths(manifest: &str) -> String {
    let line = |line: &str| match line.split_once(", version = ") {
        Some((path, _)) if path.contains("{ path = ") => format!("{path} }}\n"),
        _ => format!("{line}\n"),
    };
    manifest.lines().map(line).collect()
}

/// A lock file that fits the copy: packages without a source are those of the repository.
fn locked(text: &str) -> String {
    let mut packages = text.split("\n\n");
    let head = packages.next().unwrap_or_default().to_owned();
    packages.fold(head, |done, package| {
        let is_ours = !package.contains("\nsource = ");
        let version = format!("\nversion = \"{VERSION}");
        let package =
            if is_ours { package.replacen("\nversion = \"", &version, 1) } else { package.into() };
        format!("{done}\n\n{package}")
    })
}

fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<(), String> {
    if fs::read(path).is_ok_and(|there| there == contents.as_ref()) {
        return Ok(());
    }
    let folder = path.parent().expect("a file is in a folder");
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, contents));
    written.map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_copy_may_lead_to_any_version_and_others_keep_theirs() {
        let manifest = "a = { path = \"a\", version = \"0.1.0\" }\nb = { version = \"1\" }\n";
        let wanted = "a = { path = \"a\" }\nb = { version = \"1\" }\n";
        assert_eq!(without_versions_of_paths(manifest), wanted);
    }

    #[test]
    fn the_lock_file_of_the_copy_has_its_versions_and_leaves_others_alone() {
        let lock = "# It\nversion = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"r\"\n\n\
                    [[package]]\nname = \"callslot\"\nversion = \"0.1.0\"\n";
        let wanted = lock.replace("\"0.1.0\"", "\"0.0.0-planted.0.1.0\"");
        assert_eq!(locked(lock), wanted);
    }
}
