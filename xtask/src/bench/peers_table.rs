//! The table of the peers, as Markdown that is aligned for a terminal too, with notes on how to read it and where it was
//! measured.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::bench::load_results::Rounds;
use crate::bench::peer_servers::{Persistence, memory_mib, postgres_programs, version_of};
use crate::bench::systems::{CONNECTIONS, Load, System, bullmq, dbos};
use crate::process::step::root;

const HEAD: [&str; 8] = [
    "system",
    "durability",
    "connections × pipeline",
    "pairs/s",
    "min–max",
    "start p50, ms",
    "start p99, ms",
    "× Redis always",
];

/// Why the comparison is fair, and where it cannot be.
pub const NOTES: &str = "\
A pair is one call started and ended; figures are medians of the rounds, and a start's times are those that the client sees.
- Every peer does the work of a pool: limit, reservation per class, shared pool, first come first served, dispatch when a slot
  comes free, and ids that make starts and ends idempotent for ten minutes. `callslot-peers check` has just held Redis and
  PostgreSQL against Callslot, step by step. BullMQ and DBOS have a limit, a queue and ids, but no reservations: they do less.
  The sorted set, a recipe of many posts, has a limit and nothing else: who finds no slot asks again, in no order.
- Every system runs alone, on a fresh data directory on the same file system, with its load on the same machine, over TCP on
  loopback, without TLS. The loads are closed loops alike: 10 agents × 4 types drawn by chance, ids of the same form, a limit
  that nothing reaches, one class with 5 reserved slots. Clients in Rust share a connection among the calls of a pipeline.
- Durability differs by row. Callslot (SQLite, WAL, synchronous=FULL), Redis with appendfsync always and PostgreSQL with
  synchronous_commit=on have each change on disk before they answer; Redis with everysec can lose the last second, without
  persistence everything. Compare rows of one kind.
- Redis: Debian's package, one script for each request (EVALSHA), no RDB snapshots beside the log. PostgreSQL: Debian's package,
  one function for each request under SELECT … FOR UPDATE of the organisation's row, 25 % of the memory as shared_buffers,
  max_wal_size 4 GB; one organisation's calls follow one another there, each with a sync of its own, and a pipeline gains nothing.
- BullMQ: on Redis as its manual asks for (noeviction, append-only file), global concurrency as the limit, clients and worker in a
  process of Node.js each. A job starts and ends by itself, so a pair is one request of a client where the others have two; its
  start is timed to the event that the job is active.
- DBOS: durable workflows in PostgreSQL, set as above; a queue's global concurrency as the limit. A call is a workflow that says
  that it runs, and waits for its end. Clients and worker poll every 50 ms, where a second is the default, in a process of Node.js each.
- The last column compares round by round: the median, and the least and the most. Quote the least.
- Callslot also authenticates each request or stream, and writes the history that its dashboard shows. The history gives way to
  calls, so at full load part of that work is left for later. A run is shorter than the ten seconds to Callslot's first snapshot,
  and Redis's rewriting of its log is off. At half of its peak calls are due at fixed times, and a start's time counts from when it
  was due.";

/// The first columns of a load.
pub fn names(load: Load) -> [String; 3] {
    let sync = |persistence| match persistence {
        Persistence::Always => "appendfsync always",
        Persistence::EverySecond => "appendfsync everysec",
        Persistence::None => "none",
    };
    let (system, durability) = match load.system {
        System::CallslotStream => ("Callslot, stream", "SQLite, every commit"),
        System::CallslotHttp => ("Callslot, HTTP", "SQLite, every commit"),
        System::Redis(persistence) => ("Redis + Lua", sync(persistence)),
        System::Semaphore(persistence) => ("Redis, sorted set", sync(persistence)),
        System::Postgres => ("PostgreSQL + plpgsql", "every commit"),
        System::BullMq(persistence) => ("BullMQ", sync(persistence)),
        System::Dbos => ("DBOS on PostgreSQL", "every commit"),
    };
    let half = if load.rate.is_some() { ", at half of its peak" } else { "" };
    let shape = format!("{CONNECTIONS} × {}", load.pipeline);
    [format!("{system}{half}"), durability.into(), shape]
}

/// The table.
pub fn table(results: &[(Load, Rounds)]) -> String {
    let mut lines = vec![HEAD.map(str::to_owned)];
    lines.extend(results.iter().map(|result| line(result, results)));
    let width = |column: usize| {
        lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; 8] = std::array::from_fn(width);
    // Names to the left, numbers to the right.
    let is_name = |column| column < 3;
    let mut text: Vec<_> = lines
        .iter()
        .map(|line| {
            let cells = line.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
                if is_name(column) { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            });
            format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
        })
        .collect();
    let rule = widths.iter().enumerate().map(|(column, width)| {
        if is_name(column) { "-".repeat(width + 2) } else { format!("{}:", "-".repeat(width + 1)) }
    });
    text.insert(1, format!("|{}|", rule.collect::<Vec<_>>().join("|")));
    text.join("\n")
}

fn line((load, rounds): &(Load, Rounds), all: &[(Load, Rounds)]) -> [String; 8] {
    let [system, durability, shape] = names(*load);
    let middle = rounds.median();
    let (least, most) = rounds.range();
    let yardstick = Load { system: System::Redis(Persistence::Always), ..*load };
    let yardstick = all.iter().find(|(other, _)| *other == yardstick);
    let times = yardstick.map_or_else(String::new, |(_, redis)| {
        let [least, middle, most] = rounds.times(redis);
        format!("{middle:.2} ({least:.2}–{most:.2})")
    });
    [
        system,
        durability,
        shape,
        grouped(middle.pairs_per_s),
        format!("{}–{}", grouped(least), grouped(most)),
        milliseconds(middle.start_p50_us),
        milliseconds(middle.start_p99_us),
        times,
    ]
}

/// 12,345.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn milliseconds(us: u64) -> String {
    format!("{}.{:02}", us / 1000, us % 1000 / 10)
}

/// The machine and the versions that were measured.
pub fn environment(rounds: usize, seconds: u32) -> Result<String, String> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let gib = memory_mib()?.div_ceil(1 << 10);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let folder = std::env::temp_dir();
    let files = Command::new("stat").args(["-f", "-c", "%T"]).arg(&folder).output();
    let files = files.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let number = |said: String| {
        let mut words = said.split_whitespace().map(|word| word.trim_start_matches("v="));
        let is_number = |word: &str| word.starts_with(|first: char| first.is_ascii_digit());
        words.find(|word| is_number(word)).unwrap_or("?").to_owned()
    };
    Ok(format!(
        "{rounds} rounds of {seconds} s; {cores} cores, {gib} GiB, Linux {}, data in {} ({}, where a write of 4 KiB is \
         synced in {} µs); Callslot {}, Redis {}, \
         PostgreSQL {}, BullMQ {} and DBOS {} on Node.js {}",
        kernel.trim(),
        folder.display(),
        files.unwrap_or_else(|_| "?".into()),
        sync_us(&folder.join(format!("callslot-bench-{}-sync", std::process::id())))?,
        number(version_of(root().join("target/release/callslot"))),
        number(version_of("redis-server")),
        number(version_of(postgres_programs()?.join("postgres"))),
        npm_version(&bullmq(), "bullmq").unwrap_or_else(|| "?".into()),
        npm_version(&dbos(), "@dbos-inc/dbos-sdk").unwrap_or_else(|| "?".into()),
        version_of("node").trim_start_matches('v'),
    ))
}

/// How long the disk takes to append and sync, which bounds everything durable: the median of many.
fn sync_us(path: &Path) -> Result<u128, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = fs::File::create(path).map_err(failed)?;
    let mut once = || {
        let begun = Instant::now();
        file.write_all(&[1; 4096]).and_then(|()| file.sync_data()).map(|()| begun.elapsed())
    };
    let times: Result<Vec<_>, _> = (0..500).map(|_| once()).collect();
    fs::remove_file(path).map_err(failed)?;
    let mut times = times.map_err(failed)?;
    times.sort_unstable();
    Ok(times[times.len() / 2].as_micros())
}

/// The version of a package that a load's folder has installed.
fn npm_version(folder: &Path, name: &str) -> Option<String> {
    let file = folder.join("node_modules").join(name).join("package.json");
    let package = fs::read_to_string(file).ok()?;
    let version = package.split_once("\"version\":")?.1;
    Some(version.split('"').nth(1)?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::load_results::Measured;

    #[test]
    fn the_table_compares_each_system_with_redis_of_its_own_pipeline() {
        let of = |system, pipeline, pairs_per_s| {
            let mut rounds = Rounds::default();
            rounds.add(Measured { pairs_per_s, start_p50_us: 1500, start_p99_us: 20_059 });
            (Load { system, pipeline, rate: None }, rounds)
        };
        let redis = System::Redis(Persistence::Always);
        let results = [
            of(System::CallslotStream, 16, 123_456.0),
            of(redis, 1, 1_000.0),
            of(redis, 16, 61_728.0),
        ];
        let text = table(&results);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 5);
        assert!(lines[2].ends_with(
            "| 123,456 | 123,456–123,456 |          1.50 |         20.05 | 2.00 (2.00–2.00) |"
        ));
        assert!(lines[3].ends_with("| 1.00 (1.00–1.00) |"));
        assert!(lines.iter().all(|line| line.chars().count() == lines[0].chars().count()));
    }
}
