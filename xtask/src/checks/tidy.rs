//! `cargo xtask tidy`: the repository's own rules that no other tool knows.
//!
//! Each rule is a function from what it looks at to complaints, and has a test that breaks it.

mod circles;
mod dependencies;
mod documents;
mod doors;
mod rust_version;
mod sources;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::process::files::{files_below, read};
use crate::process::step::{root, timed};

/// Documents besides those in `docs/`.
const DOCUMENTS: [&str; 5] =
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];

/// Files that name the oldest Rust that builds the repository.
const NAME_RUST: [&str; 2] = ["README.md", ".github/workflows/ci.yml"];

/// Folders of Rust's sources.
const SOURCES: [&str; 4] = ["crates", "bench", "xtask", "fuzz"];

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
    let naming = NAME_RUST.map(|name| read(&root.join(name)).map(|text| (name.to_owned(), text)));
    let naming = naming.into_iter().collect::<Result<Vec<_>, _>>()?;
    complaints.extend(rust_version::differing(&read(&root.join("Cargo.toml"))?, &naming));
    for folder in crate_folders(root)? {
        let mut files = Vec::new();
        for path in files_below(&folder, "rs")? {
            let below = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().into_owned();
            files.push((below, read(&path)?));
        }
        complaints.extend(circles::found_in(&shown(&folder), &files));
    }
    let mut sources = Vec::new();
    for folder in SOURCES {
        for path in files_below(&root.join(folder), "rs")? {
            let (name, text) = (shown(&path), read(&path)?);
            complaints.extend(sources::wrong_source(&name, &text));
            complaints.extend(doors::calls_to_other_doors(&name, &text));
            sources.push((name, text));
        }
    }
    let commands = root.join("crates/callslot/src/commands");
    let commands: BTreeSet<String> = files_below(&commands, "rs")?
        .iter()
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    let is_command = |named: &str| commands.contains(named);
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
        complaints.extend(documents::unknown_commands(&name, &text, is_command));
        complaints.extend(documents::unknown_tests(&name, &text, &sources));
    }
    Ok(complaints)
}

/// The folders with the root of a crate: a library, a program, or tests in several files.
fn crate_folders(root: &Path) -> Result<BTreeSet<PathBuf>, String> {
    let mut folders = BTreeSet::new();
    for sources in SOURCES {
        let files = files_below(&root.join(sources), "rs")?;
        let is_root = |path: &PathBuf| path.ends_with("lib.rs") || path.ends_with("main.rs");
        let roots = files.into_iter().filter(is_root);
        folders.extend(roots.filter_map(|path| path.parent().map(Path::to_path_buf)));
    }
    Ok(folders)
}
