//! The simulation as a program: runs a number of seeds, or seeds for some minutes, until one fails; or explores every
//! interleaving of a tiny organisation.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, available_parallelism};
use std::time::Duration;

use callslot_node::{Stopwatch, wall_now};
use callslot_sim::{Change, Explored, Failure, Happened, STEPS, explore, run, shrink, story};
use clap::{Parser, Subcommand};

/// A quarter of a seed's time goes to the C library's allocator; this one takes half of that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// This many seeds come through every situation.
const ENOUGH_SEEDS: u64 = 1_000;
/// How often progress is shown.
const SHOW_EVERY: Duration = Duration::from_secs(10);

/// Runs Callslot in a simulated world until a promise is broken.
#[derive(Debug, Parser)]
#[command(
    name = "callslot-sim",
    arg_required_else_help = true,
    after_help = "\
Examples:
  cargo xtask sim --seed 7          one seed, made short if it fails
  cargo xtask sim --seeds 50000     seeds 0 to 49,999 on all cores
  cargo xtask sim --minutes 30      new seeds for half an hour
  cargo xtask sim small-world       every interleaving of a tiny organisation"
)]
struct Args {
    /// One seed.
    #[arg(long, conflicts_with_all = ["seeds", "minutes"])]
    seed: Option<u64>,
    /// How many seeds.
    #[arg(long)]
    seeds: Option<u64>,
    /// For how many minutes, at the most.
    #[arg(long)]
    minutes: Option<u64>,
    /// The first seed; a new one each time when only minutes are given.
    #[arg(long)]
    from: Option<u64>,
    /// How many steps a seed takes.
    #[arg(long, default_value_t = STEPS)]
    steps: usize,
    #[command(subcommand)]
    command: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Goes through every interleaving of a tiny organisation.
    SmallWorld {
        /// How many requests may be decided behind the record being committed.
        #[arg(long, default_value_t = 1)]
        behind: u32,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    match (args.command, args.seed) {
        (Some(What::SmallWorld { behind }), _) => small_world(behind),
        (None, Some(seed)) => match run(seed, args.steps) {
            Ok(happened) => {
                println!("seed {seed} keeps every promise: {}", told(&happened));
                ExitCode::SUCCESS
            }
            Err(failure) => show(seed, args.steps, &failure),
        },
        (None, None) => {
            let fresh = wall_now().0 * 1_000;
            let from = args.from.unwrap_or(if args.seeds.is_some() { 0 } else { fresh });
            let minutes = args.minutes.map(Duration::from_mins);
            many(from, args.seeds.unwrap_or(u64::MAX - from), minutes, args.steps)
        }
    }
}

/// Runs seeds until one fails or the time is up.
fn many(from: u64, count: u64, most: Option<Duration>, steps: usize) -> ExitCode {
    let begun = Stopwatch::start();
    let next = AtomicU64::new(0);
    let take = || {
        let is_over = most.is_some_and(|most| begun.elapsed() >= most);
        let number = next.fetch_add(1, Ordering::Relaxed);
        (!is_over && number < count).then_some(from + number)
    };
    let work = |seed| run(seed, steps).map_err(|failure| (seed, failure));
    let add = |total: &mut (u64, Happened), happened: Happened| {
        *total = (total.0 + 1, total.1 + happened);
    };
    let show_progress = |(seeds, _): &(u64, Happened)| {
        eprintln!("{seeds} seeds in {} s", begun.elapsed().as_secs());
    };
    let (seeds, happened) = match on_all_cores(take, work, add, show_progress) {
        Ok(total) => total,
        Err((seed, failure)) => return show(seed, steps, &failure),
    };
    println!(
        "{seeds} seeds from {from}, {steps} steps each, keep every promise ({:.1} s): {}",
        begun.elapsed().as_secs_f64(),
        told(&happened)
    );
    let missing: Vec<&str> = happened.reached.missing().collect();
    if seeds >= ENOUGH_SEEDS && !missing.is_empty() {
        println!(
            "but no seed came to this, so nothing is proved of it:\n    {}",
            missing.join("\n    ")
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Takes work and does it on all cores, until there is none or a piece of it fails; adds up what each piece came to. The
/// total is shown now and then.
fn on_all_cores<Piece, Part: Send, Total: Default + Send, Failed: Send>(
    take: impl Fn() -> Option<Piece> + Sync,
    work: impl Fn(Piece) -> Result<Part, Failed> + Sync,
    add: impl Fn(&mut Total, Part) + Sync,
    show_progress: impl Fn(&Total),
) -> Result<Total, Failed> {
    let outcome: Mutex<Result<Total, Failed>> = Mutex::new(Ok(Total::default()));
    let lock = || outcome.lock().expect("nobody panics while holding it");
    let go_on = || {
        while lock().is_ok()
            && let Some(piece) = take()
        {
            let part = work(piece);
            let mut outcome = lock();
            match (&mut *outcome, part) {
                (Ok(total), Ok(part)) => add(total, part),
                (outcome @ Ok(_), Err(failed)) => *outcome = Err(failed),
                (Err(_), _) => {}
            }
        }
    };
    thread::scope(|scope| {
        let cores = available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(go_on)).collect();
        let mut shown = Stopwatch::start();
        while workers.iter().any(|worker| !worker.is_finished()) {
            thread::sleep(Duration::from_millis(50));
            if shown.elapsed() >= SHOW_EVERY {
                shown = Stopwatch::start();
                let _ = lock().as_ref().map(&show_progress);
            }
        }
    });
    outcome.into_inner().expect("nobody panics while holding it")
}

fn told(happened: &Happened) -> String {
    let judged = happened.judged;
    format!(
        "{} commands, {} of them refused, {} events, {} answers, {} views and {} frames judged; {} records, {} commits that failed, \
         {} crashes with recovery, {} of them in a commit",
        judged.commands,
        judged.refusals,
        judged.events,
        judged.answers,
        judged.views,
        judged.frames,
        happened.records,
        happened.failed_commits,
        happened.crashes,
        happened.crashes_in_commit
    )
}

/// Shows a failure, how to repeat it, and a short way to it.
fn show(seed: u64, steps: usize, failure: &Failure) -> ExitCode {
    println!(
        "seed {seed} breaks a promise; repeat it with: cargo xtask sim --seed {seed} --steps {steps}"
    );
    println!("{}\n", failure.verdict);
    let is_watched = std::io::stderr().is_terminal();
    let short = shrink(failure, |actions| {
        if is_watched {
            eprint!("\rmaking it short: {actions} actions    ");
        }
    });
    show_short(&short);
    ExitCode::FAILURE
}

fn show_short(short: &Failure) {
    println!("as {} actions:", short.actions.len());
    for action in &short.actions {
        println!("    {action:?}");
    }
    println!("as a script of the rule tests (crates/callslot-core/tests/rules):");
    for line in story(short).lines() {
        println!("    {line}");
    }
    println!("{}", short.verdict);
}

fn small_world(behind: u32) -> ExitCode {
    let begun = Stopwatch::start();
    let changes = Mutex::new(Change::ALL.into_iter());
    let take = || changes.lock().expect("nobody panics while holding it").next();
    let work = |change| {
        let explored = explore(change, behind).map_err(|failure| (change, failure))?;
        println!("{change:?}: {} states, {} steps", explored.states, explored.steps);
        Ok(explored)
    };
    let add = |total: &mut Explored, part: Explored| {
        (total.states, total.steps) = (total.states + part.states, total.steps + part.steps);
    };
    match on_all_cores(take, work, add, |_| {}) {
        Ok(Explored { states, steps }) => println!(
            "every interleaving keeps every promise: {states} states, {steps} steps ({:.1} s)",
            begun.elapsed().as_secs_f64()
        ),
        Err((change, failure)) => {
            println!("{change:?} breaks a promise");
            show_short(&failure);
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
