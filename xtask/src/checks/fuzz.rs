//! `cargo xtask fuzz`: builds the fuzz targets on stable Rust, and runs each on its corpus and beyond.
//!
//! It does what `cargo fuzz --sanitizer none` does: the compiler counts which edges are taken, and libFuzzer keeps the
//! inputs that take new ones. What a run finds stays in `target/fuzz/found`; only `--merge` changes the corpus in the
//! repository. Start reading at [`Fuzz::run`].

mod corpus;
mod target;

use std::fs;
use std::path::{Path, PathBuf};

use target::Target;

use crate::process::packages;
use crate::process::step::{command, root, run_with};

/// How many seconds each target runs by default.
const SECONDS: u64 = 5;
/// Counts edges.
const INSTRUMENTED: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cdebug-assertions -Ccodegen-units=1";

/// Which targets to run, and for how long.
#[derive(Debug, Default, PartialEq, Eq, clap::Args)]
pub struct Fuzz {
    /// How long each target runs; 5 s when neither is given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    seconds: Option<u64>,
    /// The same in minutes
    #[arg(long, value_name = "M", conflicts_with = "seconds", value_parser = clap::value_parser!(u64).range(1..))]
    minutes: Option<u64>,
    /// Choose the corpus in the repository from the present one and what the last run found
    #[arg(long)]
    merge: bool,
    /// Only this target
    target: Option<String>,
}

impl Fuzz {
    /// Runs the targets, or chooses the corpus.
    pub fn run(self) -> Result<(), String> {
        let mut targets = all_targets()?;
        if let Some(name) = &self.target {
            if !targets.contains(name) {
                return Err(format!(
                    "there is no target `{name}`; there are {}",
                    targets.join(", ")
                ));
            }
            targets.retain(|target| target == name);
        }
        packages::need(&[packages::CXX])?;
        let binaries = build()?;
        for name in &targets {
            let target = Target { name, binary: binaries.join(name) };
            if self.merge { target.merge()? } else { target.run(self.seconds())? }
        }
        Ok(())
    }

    fn seconds(&self) -> u64 {
        self.minutes.map(|minutes| minutes * 60).or(self.seconds).unwrap_or(SECONDS)
    }
}

/// Builds all targets, and returns their folder. Because of `--target`, build scripts and macros are not instrumented.
fn build() -> Result<PathBuf, String> {
    let version = command("rustc -vV").output().map_err(|error| error.to_string())?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or("rustc does not say for which host it is")?;
    run_with(
        &[("RUSTFLAGS", INSTRUMENTED)],
        &format!(
            "cargo build --locked --release --quiet --manifest-path fuzz/Cargo.toml --bins --target {host} --target-dir target/fuzz"
        ),
    )?;
    Ok(Path::new("target/fuzz").join(host).join("release"))
}

/// The names of all targets, in order.
fn all_targets() -> Result<Vec<String>, String> {
    let folder = root().join("fuzz/fuzz_targets");
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let files = entries.map_while(Result::ok).map(|entry| entry.path());
    let mut names: Vec<_> =
        files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_runs_for_seconds_or_minutes_or_briefly() {
        let of = |seconds, minutes| Fuzz { seconds, minutes, ..Fuzz::default() }.seconds();
        assert_eq!([of(None, None), of(Some(7), None), of(None, Some(3))], [SECONDS, 7, 180]);
    }
}
