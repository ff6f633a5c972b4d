//! One fuzz target: runs it on its corpus and beyond, reads libFuzzer's report, and chooses a new corpus.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::corpus::fewest;
use crate::process::step::{root, timed};

/// How many seconds one input may take, and how many MiB of memory.
const LIMITS: [&str; 2] = ["-timeout=10", "-rss_limit_mb=2048"];

/// A target that is built.
pub struct Target<'a> {
    pub name: &'a str,
    pub binary: PathBuf,
}

impl Target<'_> {
    /// Runs the target for that long, and prints the result on one line.
    pub fn run(&self, seconds: u64) -> Result<(), String> {
        let (found, artifacts) = (self.folder("found"), self.folder("artifacts"));
        empty(&found)?;
        make(&artifacts)?;
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
        let said = timed(&format!("fuzz {}, {seconds} s", self.name), || show(&mut command))?;
        let report = Report::of(&said.text);
        if !said.is_success {
            return Err(self.failure(&said.text));
        }
        println!("   {}: {} executions, {} edges", self.name, report.executions, report.edges);
        Ok(())
    }

    /// Replaces the corpus by those of its inputs, and of those that the last run found, that take the most edges.
    pub fn merge(&self) -> Result<(), String> {
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

    /// The failure, and the command that repeats it.
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

/// libFuzzer's figures of a run.
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

/// The output of a command.
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
