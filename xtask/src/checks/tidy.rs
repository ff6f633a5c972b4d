//! `cargo xtask tidy`: the repository's own rules that no other tool knows.
//!
//! Each rule is a function from what it looks at to complaints, and has a test that breaks it.

mod dependencies;
mod documents;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::step::{root, timed};

/// Documents besides those in `docs/`.
const DOCUMENTS: [&str; 5] =
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];

/// Checks everything and fails with all complaints.
pub fn tidy() -> Result<(), String> {
    let complaints = timed("tidy", complaints)?;
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    match complaints.len() {
        0 => Ok(()),
        count => Err(format!("tidy has {count} complaints; they are above")),
    }
}

fn complaints() -> Result<Vec<String>, String> {
    let root = &root();
    let shown =
        |path: &Path| path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
    let mut complaints = dependencies::complaints()?;
    for folder in ["crates", "bench", "xtask", "fuzz"] {
        for path in files_below(&root.join(folder), "rs")? {
            complaints.extend(sources::wrong_source(&shown(&path), &read(&path)?));
        }
    }
    let command_line = read(&root.join("crates/callslot/src/cli.rs"))?;
    let mut documents = files_below(&root.join("docs"), "md")?;
    documents.extend(DOCUMENTS.map(|name| root.join(name)));
    for path in &documents {
        let (name, text) = (shown(path), read(path)?);
        let directory = path.parent().unwrap_or(root);
        complaints.extend(documents::dead_links(
            &name,
            &text,
            |target| directory.join(target).exists(),
            |target| read(&directory.join(target)).ok(),
        ));
        complaints.extend(documents::dead_paths(&name, &text, |named| root.join(named).exists()));
        complaints.extend(documents::unknown_commands(&name, &text, &command_line));
    }
    Ok(complaints)
}

/// The files with this extension in a folder and those below it, in order.
fn files_below(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            found.extend(files_below(&path, extension)?);
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
