//! `cargo xtask tidy`: the repository's own rules that no other tool knows.
//!
//! Each rule is a function from what it looks at to complaints, and has a test that breaks it.

use std::fs;
use std::path::{Path, PathBuf};

/// Which crates of ours each crate may depend on.
const MAY_DEPEND_ON: &[(&str, &[&str])] = &[
    ("callslot-core", &[]),
    ("callslot-store", &["callslot-core"]),
    ("callslot-store-sqlite", &["callslot-core", "callslot-store"]),
    ("callslot-node", &["callslot-core", "callslot-store"]),
    ("callslot-api", &[]),
    (
        "callslot-server",
        &[
            "callslot-api",
            "callslot-core",
            "callslot-node",
            "callslot-store",
            "callslot-store-sqlite",
        ],
    ),
    ("callslot-sim", &["callslot-core", "callslot-node", "callslot-store"]),
    ("callslot-dashboard", &[]),
    ("callslot-peers", &["callslot-api"]),
    ("callslot-bench-clients", &["callslot-api"]),
    ("callslot", &["callslot-api", "callslot-dashboard", "callslot-server"]),
];
/// A file longer than this must be split, in lines.
const LONGEST_FILE: usize = 800;
const CLOCK_FILE: &str = "crates/callslot-node/src/clock.rs";
/// What is here measures time.
const BENCHES: &str = "bench/";
const CLOCKS: &[&str] = &["Instant::now(", "SystemTime::now("];
const NAMELESS_MODULES: &[&str] =
    &["util", "utils", "common", "helpers", "types", "manager", "mod"];
/// Words that say that something is not finished.
const UNFINISHED: &[&str] = &["TODO", "FIXME", "XXX"];

/// Checks everything and fails with all complaints.
pub fn tidy(root: &Path) -> Result<(), String> {
    println!("── tidy");
    let mut complaints = Vec::new();
    for (name, allowed) in MAY_DEPEND_ON {
        let manifest = read(&root.join(folder_of(name)).join("Cargo.toml"))?;
        complaints.extend(wrong_dependencies(name, &manifest, allowed));
    }
    let mut sources = Vec::new();
    files_below(&root.join("crates"), "rs", &mut sources)?;
    files_below(&root.join("bench"), "rs", &mut sources)?;
    files_below(&root.join("xtask"), "rs", &mut sources)?;
    files_below(&root.join("fuzz"), "rs", &mut sources)?;
    for path in &sources {
        let shown = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
        complaints.extend(wrong_source(&shown, &read(path)?));
    }
    let mut documents = Vec::new();
    files_below(&root.join("docs"), "md", &mut documents)?;
    for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"] {
        documents.push(root.join(name));
    }
    for path in &documents {
        let shown = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
        let text = read(path)?;
        let directory = path.parent().unwrap_or(root);
        complaints.extend(dead_links(&shown, &text, |target| directory.join(target).exists()));
        complaints.extend(dead_paths(&shown, &text, |named| root.join(named).exists()));
    }
    let command_line = read(&root.join("crates/callslot/src/cli.rs"))?;
    for path in &documents {
        let shown = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
        complaints.extend(unknown_commands(&shown, &read(path)?, &command_line));
    }
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    match complaints.len() {
        0 => Ok(()),
        count => Err(format!("tidy has {count} complaints; they are above")),
    }
}

/// Where a crate is.
fn folder_of(name: &str) -> PathBuf {
    match name {
        "callslot-peers" => Path::new("bench").join("peers"),
        "callslot-bench-clients" => Path::new("bench").join("clients"),
        name => Path::new("crates").join(name),
    }
}

/// A crate depends on one of ours that it may not. Tests may use any.
fn wrong_dependencies(name: &str, manifest: &str, allowed: &[&str]) -> Vec<String> {
    let mut is_dependency = false;
    let mut complaints = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_dependency = line == "[dependencies]";
        }
        let other = line.split(['.', ' ', '=']).next().unwrap_or_default();
        if is_dependency && other.starts_with("callslot") && !allowed.contains(&other) {
            complaints.push(format!(
                "{}/Cargo.toml: {name} may not depend on {other}; ARCHITECTURE.md says who may on whom",
                folder_of(name).display()
            ));
        }
    }
    complaints
}

/// What is wrong with a source file.
fn wrong_source(path: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut complain = |what: String| complaints.push(format!("{path}: {what}"));
    let lines = text.lines().count();
    if lines > LONGEST_FILE {
        complain(format!("{lines} lines; split it by what its parts do"));
    }
    let stem = Path::new(path).file_stem().unwrap_or_default().to_string_lossy();
    if NAMELESS_MODULES.contains(&&*stem) {
        complain(format!("`{stem}` says nothing; name the module by what it is for"));
    }
    let is_product = path.contains("/src/") && !path.starts_with("xtask");
    let is_fuzz = path.starts_with("fuzz/");
    if (is_product || is_fuzz) && !text.starts_with("//!") {
        complain("begin with `//!`: what it does, what it never does, where to start".into());
    }
    let reads_clock = CLOCKS.iter().any(|clock| text.contains(clock));
    let may_read_clock = path == CLOCK_FILE || path.starts_with(BENCHES);
    if is_product && !may_read_clock && reads_clock {
        complain(format!("only {CLOCK_FILE} reads a clock; take the time as an argument"));
    }
    if !path.ends_with("tidy.rs") {
        for word in UNFINISHED.iter().filter(|word| text.contains(**word)) {
            complain(format!("{word}: finish it, or say it in the issue"));
        }
        if text.contains("#[ignore") {
            complain("a test that is ignored proves nothing; make it run or remove it".into());
        }
    }
    if path.contains("/tests/") && text.contains("thread::sleep(") {
        complain("a test does not sleep; wait for what is to happen".into());
    }
    complaints
}

/// Links of a document to files that are not there.
fn dead_links(document: &str, text: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets
        .filter(|target| !target.contains("://") && !target.starts_with('#'))
        .map(|target| target.split('#').next().unwrap_or(target))
        .filter(|target| !exists(target))
        .map(|target| format!("{document}: links to {target}, which is not there"))
        .collect()
}

/// Paths that a document names in backticks and that are not there.
fn dead_paths(document: &str, text: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    in_backticks(text)
        .filter(|named| ["crates/", "bench/", "docs/"].iter().any(|top| named.starts_with(top)))
        .filter(|named| !named.contains([' ', '*', 'N']))
        .filter(|named| !exists(named))
        .map(|named| format!("{document}: names `{named}`, which is not there"))
        .collect()
}

/// Commands of the binary that a document names and that do not exist.
fn unknown_commands(document: &str, text: &str, command_line: &str) -> Vec<String> {
    in_backticks(text)
        .filter_map(|named| named.strip_prefix("callslot ")?.split_whitespace().next())
        .filter(|command| command.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter(|command| {
            let mut letters = command.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            let variant: String = first.into_iter().chain(letters).collect();
            let declared = [format!("    {variant}("), format!("    {variant} {{")];
            !declared.iter().any(|declared| command_line.contains(declared))
        })
        .map(|command| format!("{document}: names `callslot {command}`, which is no command"))
        .collect()
}

/// What stands between single backticks on one line.
fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.starts_with("```"))
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

fn files_below(directory: &Path, extension: &str, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries =
        fs::read_dir(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", directory.display()))?.path();
        if path.is_dir() {
            files_below(&path, extension, found)?;
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_against_the_direction_is_found() {
        let manifest = "[dependencies]\ncallslot-node.workspace = true\n[dev-dependencies]\ncallslot-api = \"1\"\n";
        let complaints = wrong_dependencies("callslot-core", manifest, &[]);
        assert_eq!(complaints.len(), 1);
        assert!(complaints[0].contains("callslot-node"));
    }

    #[test]
    fn a_source_file_is_judged_by_length_name_head_clock_and_leftovers() {
        let long = format!("//! x\n{}", "x\n".repeat(LONGEST_FILE));
        assert_eq!(wrong_source("crates/a/src/long.rs", &long).len(), 1);
        assert_eq!(wrong_source("crates/a/src/util.rs", "//! x").len(), 1);
        assert_eq!(wrong_source("crates/a/src/a.rs", "fn a() {}").len(), 1);
        assert_eq!(wrong_source("fuzz/fuzz_targets/a.rs", "fn a() {}").len(), 1);
        assert_eq!(wrong_source("crates/a/src/a.rs", "//! x\nInstant::now()").len(), 1);
        assert_eq!(wrong_source("crates/a/src/a.rs", "//! x\n// TODO").len(), 1);
        assert_eq!(wrong_source("crates/a/tests/a.rs", "#[ignore] thread::sleep(x)").len(), 2);
        assert_eq!(wrong_source(CLOCK_FILE, "//! x\nInstant::now()"), Vec::<String>::new());
    }

    #[test]
    fn links_paths_and_commands_that_do_not_exist_are_found() {
        assert_eq!(
            dead_links("a.md", "[x](y.md) [z](https://z) [w](w.md#s)", |target| target == "w.md")
                .len(),
            1
        );
        assert_eq!(
            dead_paths("a.md", "`docs/x.md` and `crates/y`", |named| named == "crates/y").len(),
            1
        );
        let commands = "    Serve(Serve),\n    Backup {";
        let text = "`callslot serve`, `callslot backup FILE`, `callslot fly`";
        assert_eq!(unknown_commands("a.md", text, commands).len(), 1);
    }
}
