//! No answer leaves before what it says is on the disk, as a trace of the server's system calls shows.

use std::collections::HashMap;
use std::fs;

use crate::clients::{Engines, Load};
use crate::server::{Server, Setup};

const LOAD: Load = Load { engines: 2, calls_each: 100, workers_each: 8, lease_ttl_s: 15 };

/// A system call of the server: when it began and when it was done, as line numbers of the trace, and its arguments.
struct Traced {
    name: String,
    arguments: String,
    begun: usize,
    done: usize,
}

/// Reads what `strace -f` wrote: calls that were interrupted by others are put together.
fn traced(trace: &str) -> Vec<Traced> {
    let mut unfinished: HashMap<&str, (String, usize)> = HashMap::new();
    let mut calls = Vec::new();
    for (line, text) in trace.lines().enumerate() {
        let (process, text) = text.split_once(' ').expect("a process id");
        let text = text.trim_start();
        if let Some(begun) = text.strip_suffix(" <unfinished ...>") {
            unfinished.insert(process, (begun.to_owned(), line));
            continue;
        }
        let resumed = text.strip_prefix("<... ").and_then(|text| text.split_once(" resumed>"));
        let (whole, begun) = match resumed {
            Some((_, rest)) => {
                let (first, begun) = unfinished.remove(process).expect("it was begun");
                (first + rest, begun)
            }
            None => (text.to_owned(), line),
        };
        if let Some((name, arguments)) = whole.split_once('(') {
            let (name, arguments) = (name.to_owned(), arguments.to_owned());
            calls.push(Traced { name, arguments, begun, done: line });
        }
    }
    calls
}

/// Of the calls that were traced: writes to the log, syncs of it, and answers to clients.
struct Sorted<'a> {
    writes: Vec<&'a Traced>,
    syncs: Vec<&'a Traced>,
    answers: Vec<&'a Traced>,
}

fn sorted(calls: &[Traced]) -> Sorted<'_> {
    let mut sorted = Sorted { writes: Vec::new(), syncs: Vec::new(), answers: Vec::new() };
    for call in calls {
        let is_to_log = call.arguments.contains("callslot.db-wal>");
        match call.name.as_str() {
            "pwrite64" | "write" if is_to_log => sorted.writes.push(call),
            "fsync" | "fdatasync" if is_to_log && call.arguments.ends_with("= 0") => {
                sorted.syncs.push(call);
            }
            "write" | "writev" | "sendto" | "sendmsg" if call.arguments.contains("HTTP/1.1 20") => {
                sorted.answers.push(call);
            }
            _ => {}
        }
    }
    sorted
}

/// Whether what holds `text` had been written and, after that, synced when `answer` left.
fn was_synced(sorted: &Sorted<'_>, text: &str, answer: &Traced) -> bool {
    let written = sorted.writes.iter().find(|write| write.arguments.contains(text));
    written.is_some_and(|write| {
        sorted.syncs.iter().any(|sync| sync.begun > write.done && sync.done < answer.begun)
    })
}

#[test]
fn no_answer_leaves_before_what_it_says_is_written_and_synced() {
    let mut setup = Setup::new();
    let trace = setup.scratch().join("trace");
    let words = ["strace", "-D", "-f", "-yy", "-s", "65536", "-e"];
    setup.under = words.into_iter().map(Into::into).collect();
    setup.under.push("trace=write,pwrite64,writev,sendto,sendmsg,fsync,fdatasync".into());
    setup.under.extend(["-o".into(), trace.clone().into_os_string()]);
    let mut server: Server = setup.start();
    server.client.set_up_the_worked_example();
    Engines::start(&server.client, &LOAD).finish();
    assert!(server.stop().success());

    let trace = fs::read_to_string(&trace).expect("a trace");
    let calls = traced(&trace);
    let sorted = sorted(&calls);
    let mut starts = 0;
    for engine in 0..LOAD.engines {
        for number in 0..LOAD.calls_each {
            let id = format!("{}-{number}", Engines::name(engine));
            let told = format!("\\\"id\\\":\\\"{id}\\\"");
            let answer = sorted.answers.iter().find(|answer| answer.arguments.contains(&told));
            let answer = answer.unwrap_or_else(|| panic!("no answer about {id} in the trace"));
            assert!(was_synced(&sorted, &id, answer), "{id} was answered before it was synced");
            starts += 1;
        }
    }
    println!("{starts} starts, {} writes, {} syncs", sorted.writes.len(), sorted.syncs.len());
}
