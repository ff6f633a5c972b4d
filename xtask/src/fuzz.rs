//! `cargo xtask fuzz`: builds the fuzz targets on stable Rust, and runs each on its corpus and on from there.
//!
//! It does what `cargo fuzz --sanitizer none` does: the compiler counts which edges are taken, and libFuzzer keeps the
//! inputs that take new ones. What a run finds stays in `target/fuzz/found`; only `--merge` changes the corpus in the
//! repository. Start reading at [`fuzz`].

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{packages, root, run_with};

/// How many seconds each target runs when nothing is said.
const SECONDS: u64 = 5;
/// How many seconds one input may take, and how many MiB of memory.
const LIMITS: [&str; 2] = ["-timeout=10", "-rss_limit_mb=2048"];
/// Counts edges, with the checks of a debug build.
const INSTRUMENTED: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cdebug-assertions -Ccodegen-units=1";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    seconds: u64,
    is_merge: bool,
    target: Option<String>,
}

impl Wanted {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut wanted = Self { seconds: SECONDS, is_merge: false, target: None };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let mut number = || {
                let number = words.next().and_then(|word| word.parse().ok());
                number.filter(|&number: &u64| number > 0).ok_or(format!("{word} needs a number"))
            };
            match word.as_str() {
                "--seconds" => wanted.seconds = number()?,
                "--minutes" => wanted.seconds = number()? * 60,
                "--merge" => wanted.is_merge = true,
                flag if flag.starts_with('-') => {
                    return Err(format!(
                        "`{flag}` is no flag; there are --seconds N, --minutes M and --merge"
                    ));
                }
                target => wanted.target = Some(target.to_owned()),
            }
        }
        Ok(wanted)
    }
}

/// Runs the targets, or makes the corpus anew from what was found.
pub fn fuzz(arguments: &[String]) -> Result<(), String> {
    let wanted = Wanted::parse(arguments)?;
    let mut targets = all_targets()?;
    if let Some(name) = &wanted.target {
        if !targets.contains(name) {
            return Err(format!("there is no target `{name}`; there are {}", targets.join(", ")));
        }
        targets = vec![name.clone()];
    }
    packages::need("c++", "g++")?;
    let binaries = build()?;
    for name in &targets {
        let target = Target { name, binary: binaries.join(name) };
        if wanted.is_merge {
            target.merge()?;
        } else {
            target.run(wanted.seconds)?;
        }
    }
    Ok(())
}

/// Builds all targets, and says where they are. The triple keeps build scripts and macros from being instrumented.
fn build() -> Result<PathBuf, String> {
    let version = Command::new("rustc").arg("-vV").output().map_err(|error| error.to_string())?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or("rustc does not say for which host it is")?;
    run_with(
        &[("RUSTFLAGS", INSTRUMENTED)],
        &format!(
            "cargo build --release --quiet --manifest-path fuzz/Cargo.toml --bins --target {host} --target-dir target/fuzz"
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

/// A target that is built.
struct Target<'a> {
    name: &'a str,
    binary: PathBuf,
}

impl Target<'_> {
    /// Runs the target for so long, and says in one line what came of it.
    fn run(&self, seconds: u64) -> Result<(), String> {
        let (found, artifacts) = (self.folder("found"), self.folder("artifacts"));
        empty(&found)?;
        make(&artifacts)?;
        println!("── fuzz {}, {seconds} s", self.name);
        let mut command = self.command();
        command
            .arg(&found)
            .arg(self.corpus())
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            .arg("-print_final_stats=1")
            .args(LIMITS);
        let dictionary = Path::new("fuzz/dictionaries").join(format!("{}.dict", self.name));
        if root().join(&dictionary).exists() {
            command.arg(format!("-dict={}", dictionary.display()));
        }
        let said = show(&mut command)?;
        let report = Report::of(&said.text);
        if !said.is_success {
            return Err(self.failure(&said.text));
        }
        println!("   {}: {} executions, {} edges", self.name, report.executions, report.edges);
        Ok(())
    }

    /// Replaces the corpus by the fewest of its inputs, and of those that the last run found, that take the same edges.
    fn merge(&self) -> Result<(), String> {
        let (found, merged) = (self.folder("found"), self.folder("merged"));
        make(&found)?;
        empty(&merged)?;
        println!("── merge {}", self.name);
        let mut command = self.command();
        command.arg("-merge=1").arg(&merged).arg(self.corpus()).arg(&found).args(LIMITS);
        let said = show(&mut command)?;
        if !said.is_success {
            return Err(self.failure(&said.text));
        }
        let corpus = root().join(self.corpus());
        empty(&corpus)?;
        let entries = fs::read_dir(root().join(&merged)).map_err(|error| error.to_string())?;
        for entry in entries.map_while(Result::ok) {
            fs::copy(entry.path(), corpus.join(entry.file_name()))
                .map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(root().join(&self.binary));
        command.current_dir(root()).stdin(Stdio::null());
        command
    }

    fn corpus(&self) -> PathBuf {
        Path::new("fuzz/corpus").join(self.name)
    }

    fn folder(&self, kind: &str) -> PathBuf {
        Path::new("target/fuzz").join(kind).join(self.name)
    }

    /// What went wrong, and how to see it again.
    fn failure(&self, text: &str) -> String {
        let complaint = text.lines().skip_while(|line| !is_complaint(line)).take(12);
        let complaint = complaint.collect::<Vec<_>>().join("\n");
        let input = text.lines().find_map(|line| line.split_once("Test unit written to "));
        match input {
            Some((_, input)) => format!(
                "{complaint}\nthe target `{name}` failed; to repeat it:\n  {binary} {input}\nfix the bug, and keep the input in \
                 fuzz/corpus/{name}",
                name = self.name,
                binary = self.binary.display()
            ),
            None => format!("{complaint}\nthe target `{}` did not run", self.name),
        }
    }
}

fn is_complaint(line: &str) -> bool {
    line.contains("panicked at") || line.contains("ERROR")
}

/// What libFuzzer says of a run.
#[derive(Debug, PartialEq, Eq)]
struct Report {
    executions: u64,
    edges: u64,
}

impl Report {
    fn of(text: &str) -> Self {
        let last = |name: &str| {
            let numbers = text.lines().filter_map(|line| {
                let (_, rest) = line.split_once(name)?;
                rest.split_whitespace().next()?.parse().ok()
            });
            numbers.last().unwrap_or_default()
        };
        Self { executions: last("stat::number_of_executed_units:"), edges: last(" cov:") }
    }
}

/// What a command said.
struct Said {
    text: String,
    is_success: bool,
}

/// Runs a target, showing how far it has come now and then.
fn show(command: &mut Command) -> Result<Said, String> {
    let mut running = command
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| format!("{command:?} did not start: {error}"))?;
    let said = running.stderr.take().expect("it is piped");
    let mut text = String::new();
    for line in BufReader::new(said).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        if line.contains("pulse") {
            println!("   {line}");
        }
        text.push_str(&line);
        text.push('\n');
    }
    let status = running.wait().map_err(|error| error.to_string())?;
    Ok(Said { text, is_success: status.success() })
}

fn empty(folder: &Path) -> Result<(), String> {
    // It need not be there.
    let _ = fs::remove_dir_all(root().join(folder));
    make(folder)
}

fn make(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(root().join(folder))
        .map_err(|error| format!("{}: {error}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(words: &[&str]) -> Result<Wanted, String> {
        Wanted::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn minutes_and_a_target_are_taken_and_what_makes_no_sense_is_refused() {
        let three = Wanted { seconds: 180, is_merge: false, target: Some("record".into()) };
        assert_eq!(wanted(&["--minutes", "3", "record"]), Ok(three));
        for nonsense in [&["--hours", "1"][..], &["--seconds"], &["--seconds", "0"]] {
            assert!(wanted(nonsense).is_err(), "{nonsense:?}");
        }
    }

    #[test]
    fn the_last_figures_of_a_run_are_read() {
        let text = "#2\tINITED cov: 12 ft: 13 corp: 1/1b\n#9\tNEW    cov: 99 ft: 120 corp: 2/2b\n\
                    stat::number_of_executed_units: 4711\n";
        assert_eq!(Report::of(text), Report { executions: 4711, edges: 99 });
    }

    #[test]
    fn a_crash_names_the_command_that_repeats_it() {
        let target = Target { name: "id", binary: "target/fuzz/host/release/id".into() };
        let text = "thread panicked at id.rs:1\nno\nartifact_prefix='a/'; Test unit written to a/crash-1\n";
        let failure = target.failure(text);
        assert!(failure.starts_with("thread panicked"), "{failure}");
        assert!(failure.contains("\n  target/fuzz/host/release/id a/crash-1\n"), "{failure}");
    }
}
