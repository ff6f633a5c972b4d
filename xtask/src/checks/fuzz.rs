//! `cargo xtask fuzz`: builds the fuzz targets on stable Rust, and runs each on its corpus and on from there.
//!
//! It does what `cargo fuzz --sanitizer none` does: the compiler counts which edges are taken, and libFuzzer keeps the
//! inputs that take new ones. What a run finds stays in `target/fuzz/found`; only `--merge` changes the corpus in the
//! repository. Start reading at [`fuzz`].

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process::packages;
use crate::{root, run_with};

/// How many seconds each target runs when nothing is said.
const SECONDS: u64 = 5;
/// How many seconds one input may take, and how many MiB of memory.
const LIMITS: [&str; 2] = ["-timeout=10", "-rss_limit_mb=2048"];
/// How many inputs besides those that a person has named are kept in the repository for each target.
const MAX_UNNAMED: usize = 40;
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

    /// Replaces the corpus by those of its inputs, and of those that the last run found, that take the most edges.
    fn merge(&self) -> Result<(), String> {
        let (found, merged, corpus) = (self.folder("found"), self.folder("merged"), self.corpus());
        make(&found)?;
        empty(&merged)?;
        println!("── merge {}", self.name);
        let notes = merged.join("notes");
        let mut command = self.command();
        command.args(["-set_cover_merge=1", "-use_counters=0"]).args(LIMITS);
        command.arg(format!("-merge_control_file={}", notes.display()));
        let said = show(command.arg(&merged).arg(&corpus).arg(&found))?;
        if !said.is_success {
            return Err(self.failure(&said.text));
        }
        let failed = |error: std::io::Error| format!("{}: {error}", corpus.display());
        let notes = fs::read_to_string(root().join(&notes)).map_err(failed)?;
        let mut kept = Vec::new();
        for input in fewest(&notes) {
            let input = root().join(input);
            let name = input.file_name().expect("a file has a name").to_owned();
            kept.push((name, fs::read(&input).map_err(failed)?));
        }
        empty(&corpus)?;
        for (name, bytes) in kept {
            fs::write(root().join(&corpus).join(name), bytes).map_err(failed)?;
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
            let mut numbers = text.lines().rev().filter_map(|line| {
                let (_, rest) = line.split_once(name)?;
                rest.split_whitespace().next()?.parse().ok()
            });
            numbers.next().unwrap_or_default()
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

/// Picks inputs out of libFuzzer's notes on a merge: a list of files, and for each the edges that it takes. Those that a
/// person has named stay, and each further one takes the most edges that none before it takes.
fn fewest(notes: &str) -> Vec<&str> {
    let files = notes.lines().skip(2).take_while(|line| !line.starts_with("STARTED "));
    let mut inputs: Vec<(&str, HashSet<&str>)> = files.map(|file| (file, HashSet::new())).collect();
    for line in notes.lines().filter_map(|line| line.strip_prefix("FT ")) {
        let mut numbers = line.split_whitespace();
        let input = numbers.next().and_then(|number| number.parse::<usize>().ok());
        if let Some((_, edges)) = input.and_then(|input| inputs.get_mut(input)) {
            edges.extend(numbers);
        }
    }
    let (named, mut others): (Vec<_>, Vec<_>) =
        inputs.into_iter().partition(|(file, _)| is_named(file));
    let mut taken: HashSet<&str> = HashSet::new();
    let mut picked = Vec::new();
    for (file, edges) in named {
        picked.push(file);
        taken.extend(edges);
    }
    for _ in 0..MAX_UNNAMED {
        for (_, edges) in &mut others {
            edges.retain(|edge| !taken.contains(edge));
        }
        let Some(best) = (0..others.len()).max_by_key(|&other| others[other].1.len()) else {
            break;
        };
        let (file, edges) = others.swap_remove(best);
        if edges.is_empty() {
            break;
        }
        picked.push(file);
        taken.extend(edges);
    }
    picked
}

/// Whether an input has a name of its own; libFuzzer names by a hash.
fn is_named(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.len() != 40 || !name.bytes().all(|byte| byte.is_ascii_hexdigit())
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
    fn of_inputs_that_take_the_same_edges_one_is_kept_and_named_ones_stay() {
        let (large, small) = ("0".repeat(40), "1".repeat(40));
        let notes = format!(
            "3\n0\nc/seed\nc/{small}\nf/{large}\nSTARTED 0 1\nFT 0 5\nCOV 0 9\nSTARTED 1 1\nFT 1 5 6\nFT 2 5 6 7\n"
        );
        assert_eq!(fewest(&notes), ["c/seed", &format!("f/{large}")]);
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
