//! The simulation as a program: see `callslot-sim --help`.

fn main() {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<u64>().unwrap());
    let from = args.next().unwrap();
    let count = args.next().unwrap();
    let mut sum = callslot_sim::Happened::default();
    let t = std::time::Instant::now();
    for seed in from..from + count {
        match callslot_sim::run(seed, 2000) {
            Ok(happened) => {
                sum.crashes += happened.crashes;
                sum.records += happened.records;
                sum.failed_commits += happened.failed_commits;
                sum.judged.commands += happened.judged.commands;
                sum.judged.refusals += happened.judged.refusals;
                sum.judged.events += happened.judged.events;
                sum.judged.answers += happened.judged.answers;
                sum.judged.views += happened.judged.views;
            }
            Err(failure) => {
                println!("seed {seed}: {}", failure.verdict);
                let short = callslot_sim::shrink(&failure, |_| {});
                println!("short {}: {}", short.actions.len(), short.verdict);
                for action in &short.actions {
                    println!("    {action:?}");
                }
                println!("{}", callslot_sim::story(&short));
                break;
            }
        }
    }
    println!("{sum:?} {:?}", t.elapsed());
}
