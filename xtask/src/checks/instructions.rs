//! Compares the instructions that the core's operations take with those recorded in
//! `crates/callslot-core/benches/instructions.txt`: a guard that neither the machine nor its load can mislead.
//!
//! Valgrind counts two runs of each scenario of `benches/instructions.rs`, one twice as long as the other. The
//! difference is the cost of the repetitions, without the set-up. Start reading at [`Instructions::run`].

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use crate::process::packages;
use crate::process::step::{command, root, run};

const PROGRAM: &str = "target/release/instructions";
const RECORDED: &str = "crates/callslot-core/benches/instructions.txt";
const REMARK: &str = "# ";
/// Of the shorter run.
const REPETITIONS: u64 = 1_000;
/// How many seeds of the hash tables are tried. A table that is filled and emptied is sorted anew from time to time; with some
/// seeds this falls between the two runs. The lowest count is without it.
const SEEDS: usize = 4;
/// How much more than recorded fails, and how much less asks for a new record.
const TOLERATED_PERCENT: u64 = 5;

/// Instructions per operation, by scenario.
type Figures = BTreeMap<String, u64>;

/// The figures compared with the recorded ones.
#[derive(Debug, Default, PartialEq, Eq)]
struct Comparison {
    lines: Vec<String>,
    /// Scenarios that take more than is tolerated, or are not recorded.
    failed: Vec<String>,
    /// Scenarios that take so much less that the guard is loose, or that no longer exist.
    loose: Vec<String>,
}

/// Counts instructions per operation of the core, and fails when an operation takes over 5 % more than recorded.
#[derive(Debug, Default, clap::Args)]
pub struct Instructions {
    /// Record the counts instead of comparing them
    #[arg(long)]
    update: bool,
}

impl Instructions {
    /// Counts, and compares or records.
    pub fn run(self) -> Result<(), String> {
        packages::need(&[packages::VALGRIND])?;
        run("cargo build --locked --release --quiet --package callslot-core --bin instructions")?;
        let mut counted = Figures::new();
        for scenario in said(&[PROGRAM], 0)?.lines() {
            counted.insert(scenario.into(), lowest(scenario)?);
        }
        let file = root().join(RECORDED);
        let text = fs::read_to_string(&file).map_err(|error| format!("{RECORDED}: {error}"))?;
        let compared = compare(&parse(&text)?, &counted);
        compared.lines.iter().for_each(|line| println!("{line}"));
        let compiler = compiler()?;
        if self.update {
            let lines: Vec<String> =
                counted.iter().map(|(name, n)| format!("{name} {n}\n")).collect();
            let text = format!("{REMARK}{compiler}\n{}", lines.concat());
            return fs::write(&file, text).map_err(|error| format!("{RECORDED}: {error}"));
        }
        if text.lines().next() != Some(&format!("{REMARK}{compiler}")) {
            println!("{RECORDED} was recorded with another compiler; nothing is compared");
            return Ok(());
        }
        if !compared.loose.is_empty() {
            let names = compared.loose.join("\n  ");
            println!(
                "renew these with `cargo xtask instructions --update`, so that the guard stays tight:\n  {names}"
            );
        }
        if compared.failed.is_empty() {
            return Ok(());
        }
        Err(format!(
            "the core takes more instructions than {RECORDED} says (+{TOLERATED_PERCENT} % at most):\n  {}\nCONTRIBUTING.md says \
             how to see where they go; if they are meant, record them with `cargo xtask instructions --update`, and say why \
             in the commit",
            compared.failed.join("\n  ")
        ))
    }
}

/// Instructions per operation: the lowest of all seeds.
fn lowest(scenario: &str) -> Result<u64, String> {
    let mut lowest = u64::MAX;
    for seed in 0..SEEDS {
        let (short, long) =
            (count(scenario, REPETITIONS, seed)?, count(scenario, 2 * REPETITIONS, seed)?);
        lowest = lowest.min((long - short) / REPETITIONS);
    }
    Ok(lowest)
}

/// How many instructions a run takes in all.
fn count(scenario: &str, repetitions: u64, seed: usize) -> Result<u64, String> {
    let valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];
    let repetitions = repetitions.to_string();
    let words = [&valgrind[..], &[PROGRAM, scenario, &repetitions]].concat();
    let said = said(&words, seed)?;
    let total = said.split("Collected : ").nth(1).and_then(|rest| rest.lines().next());
    total
        .and_then(|total| total.parse().ok())
        .ok_or_else(|| format!("valgrind printed no count for {scenario}:\n{said}"))
}

/// The output of a command. Its path and environment depend on the seed alone: they are on the stack, and the core's hash
/// tables draw their seeds from addresses there.
fn said(words: &[&str], seed: usize) -> Result<String, String> {
    let output = Command::new(words[0])
        .args(&words[1..])
        .current_dir(root())
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("SEED", "x".repeat(1_000 * seed))
        .output()
        .map_err(|error| format!("`{}` did not start: {error}", words.join(" ")))?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    if output.status.success() { Ok(said) } else { Err(format!("{}:\n{said}", words.join(" "))) }
}

fn compare(recorded: &Figures, counted: &Figures) -> Comparison {
    let mut comparison = Comparison::default();
    for (name, &now) in counted {
        let Some(&before) = recorded.get(name) else {
            comparison.lines.push(format!("{name:30} {now:8}, not recorded"));
            comparison.failed.push(format!("{name} is not recorded"));
            continue;
        };
        let change = format!("{before} -> {now} ({})", percent(before, now));
        comparison.lines.push(format!("{name:30} {change}"));
        if now * 100 > before * (100 + TOLERATED_PERCENT) {
            comparison.failed.push(format!("{name} {change}"));
        } else if now * 100 < before * (100 - TOLERATED_PERCENT) {
            comparison.loose.push(format!("{name} {change}"));
        }
    }
    let gone = recorded.keys().filter(|name| !counted.contains_key(*name));
    comparison.loose.extend(gone.map(|name| format!("{name} is no longer a scenario")));
    comparison
}

/// The change with one digit behind the point, for example `+5.1 %`.
fn percent(before: u64, now: u64) -> String {
    let per_mille = now.abs_diff(before) * 1_000 / before.max(1);
    let sign = if now < before { '-' } else { '+' };
    format!("{sign}{}.{} %", per_mille / 10, per_mille % 10)
}

/// The compiler, which counts depend on.
fn compiler() -> Result<String, String> {
    let said = command("rustc --version").output();
    let said = said.map_err(|error| format!("`rustc --version` did not start: {error}"))?;
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

fn parse(text: &str) -> Result<Figures, String> {
    let figure = |line: &str| {
        let (name, figure) = line.split_once(' ')?;
        Some((name.to_owned(), figure.parse().ok()?))
    };
    text.lines()
        .filter(|line| !line.starts_with(REMARK))
        .map(|line| figure(line).ok_or_else(|| format!("{RECORDED}: not a figure: `{line}`")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(recorded: &str, counted: &str) -> Comparison {
        let figures = |text: &str| parse(&text.replace(", ", "\n")).expect("figures");
        compare(&figures(recorded), &figures(counted))
    }

    #[test]
    fn what_is_within_the_tolerance_passes() {
        let comparison = compared("end 1000, start 1000", "end 1050, start 950");
        assert_eq!(comparison.failed, [""; 0]);
        assert_eq!(comparison.loose, [""; 0]);
        assert_eq!(comparison.lines.len(), 2);
    }

    #[test]
    fn more_fails_with_its_numbers_and_less_asks_for_a_new_record() {
        let comparison = compared("end 1000, start 1000", "end 1051, start 949");
        assert_eq!(comparison.failed, ["end 1000 -> 1051 (+5.1 %)"]);
        assert_eq!(comparison.loose, ["start 1000 -> 949 (-5.1 %)"]);
    }

    #[test]
    fn a_scenario_without_a_record_fails_and_a_record_without_a_scenario_is_told() {
        let comparison = compared("end 1000", "start 1000");
        assert_eq!(comparison.failed, ["start is not recorded"]);
        assert_eq!(comparison.loose, ["end is no longer a scenario"]);
    }

    #[test]
    fn a_line_that_is_no_figure_is_named() {
        assert_eq!(parse("end many"), Err(format!("{RECORDED}: not a figure: `end many`")));
    }
}
