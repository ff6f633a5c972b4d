//! Rules for source files: their length, name, first line, and what must not be in them.

use std::path::Path;

/// A file longer than this must be split, in lines.
const LONGEST_FILE: usize = 800;
const CLOCK_FILE: &str = "crates/callslot-node/src/time/system_clock.rs";
/// It runs in an engine's process, whose time is its own.
const CLIENT: &str = "crates/callslot-client/src/";
/// It runs beside the server, and its times are about callers and signatures.
const BRIDGE_CLOCK: &str = "crates/callslot-bridge/src/clock.rs";
/// Code here measures time.
const BENCHES: &str = "bench/";
const CLOCKS: &[&str] = &["Instant::now(", "SystemTime::now("];
const NAMELESS_MODULES: &[&str] =
    &["util", "utils", "common", "helpers", "types", "manager", "mod"];
/// Words that say that something is not finished.
const UNFINISHED: &[&str] = &["TODO", "FIXME", "XXX"];

/// Complaints about a source file.
pub fn wrong_source(path: &str, text: &str) -> Vec<String> {
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
    let may_read_clock = path == CLOCK_FILE
        || path == BRIDGE_CLOCK
        || path.starts_with(CLIENT)
        || path.starts_with(BENCHES);
    if is_product && !may_read_clock && reads_clock {
        complain(format!("only {CLOCK_FILE} reads a clock; take the time as an argument"));
    }
    if !path.ends_with("tidy/sources.rs") {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
