//! Looks for each planted bug with the simulation. It is only in the copy of the sources that bugs are planted in.
#![expect(clippy::disallowed_methods, reason = "it tells how long each bug took to be found")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use callslot_core::planted;
use callslot_sim::{MAX_SEEDS_PER_BUG, STEPS, run, shrink};

fn main() -> ExitCode {
    for seed in 0..MAX_SEEDS_PER_BUG / 10 {
        if let Err(failure) = run(seed, STEPS) {
            eprintln!("without any bug seed {seed} fails: {}", failure.verdict);
            return ExitCode::FAILURE;
        }
    }
    let mut survivors = Vec::new();
    let mut longest = Duration::ZERO;
    for (number, name) in BUGS.iter().enumerate() {
        planted::set(Some(number));
        let begun = Instant::now();
        let found = (0..MAX_SEEDS_PER_BUG).find_map(|seed| Some((seed, run(seed, STEPS).err()?)));
        let took = begun.elapsed();
        match found {
            Some((seed, failure)) => {
                longest = longest.max(took);
                let short = shrink(&failure, |_| {});
                let verdict: String = short.verdict.chars().take(60).collect();
                println!(
                    "{name:34} seed {seed:4} {:6.2} s, {:3} actions: {}",
                    took.as_secs_f64(),
                    short.actions.len(),
                    verdict.replace('\n', " ")
                );
            }
            None => {
                println!("{name:34} NOT FOUND in {:.2} s", took.as_secs_f64());
                survivors.push(name);
            }
        }
    }
    println!(
        "{} of {} planted bugs found, the last one of them after {:.2} s",
        BUGS.len() - survivors.len(),
        BUGS.len(),
        longest.as_secs_f64()
    );
    if survivors.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
