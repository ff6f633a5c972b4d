//! Crowds of clients for a running server: a million calls, thousands of organisations, idle streams, and clients that wait for
//! a slot. `cargo xtask scale` runs them; each prints its figures in one line.
//!
//! `CALLSLOT_KEY=… cargo run --release -p callslot-bench-clients --bin crowd -- 127.0.0.1:7070 fill 1000000 2`; times are in
//! microseconds. Calls and organisations are known by their numbers, from 0 on, so that a later crowd finds them.
#![expect(clippy::disallowed_methods, reason = "a crowd measures time")]

mod ask;
mod fill;
mod hold;
mod told;

use std::time::{Duration, Instant};

use callslot_api::Client;

const USAGE: &str = "\
crowd HOST:PORT WHAT, with an admin's key in CALLSLOT_KEY, for orgs and org-calls an operator's. WHAT is one of:
  fill CALLS CONNECTIONS           starts calls over streams, each stream with a lease for up to 100,000 of them, and holds
                                   the streams open until it is killed
  fill CALLS CONNECTIONS GRACE_S METADATA_BYTES CLAIM_WITHIN_S
                                   the same with other calls: how long they outlive their connection, how large they are, and
                                   in how many seconds they must be claimed (0: not at all)
  adopt COUNT                      moves the calls with the numbers below COUNT to a lease of its own, in no order
  reconcile COUNT TIMES CONNECTIONS
                                   names the calls with the numbers below COUNT for leases that do not have them
  agents COUNT CONNECTIONS         creates agents
  pools COUNT CONNECTIONS          reads the pool
  end FROM COUNT CONNECTIONS       ends calls with these numbers
  read FROM COUNT CONNECTIONS      reads them
  orgs COUNT CONNECTIONS           creates organisations with two agents each
  org-calls COUNT CONNECTIONS      starts ten calls in each of them
  events COUNT                     holds event streams open until it is killed
  engines COUNT                    holds streams of engines open until it is killed
  told poll|stream COUNT WORKERS   frees slots for which a client waits: how long until that one knows";

/// Where the server is, and the key.
#[derive(Clone)]
struct Target {
    address: String,
    key: String,
}

impl Target {
    fn client(&self, org: Option<&str>) -> Client {
        Client::new(&format!("http://{}", self.address), &self.key, org)
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let key = std::env::var("CALLSLOT_KEY").unwrap_or_default();
    let target = |address: &str| Target { address: address.to_owned(), key };
    let number = |word: &str| word.parse::<usize>().expect("a number");
    match words[..] {
        [address, "fill", calls, connections] => {
            fill::fill(&target(address), number(calls), number(connections), fill::Kind::PLAIN);
        }
        [address, "fill", calls, connections, grace_s, metadata_bytes, claim_within_s] => {
            let kind = fill::Kind {
                grace_s: grace_s.parse().expect("a number"),
                metadata_bytes: number(metadata_bytes),
                claim_within_s: claim_within_s.parse().ok().filter(|within| *within > 0),
            };
            fill::fill(&target(address), number(calls), number(connections), kind);
        }
        [address, "adopt", count] => ask::adopt(&target(address), number(count)),
        [address, "reconcile", count, times, connections] => {
            let (count, times) = (number(count), number(times));
            ask::reconcile(&target(address), count, times, number(connections));
        }
        [address, "agents", count, connections] => {
            ask::agents(&target(address), number(count), number(connections));
        }
        [address, "pools", count, connections] => {
            ask::pools(&target(address), number(count), number(connections));
        }
        [address, "end", from, count, connections] => {
            let target = target(address);
            ask::end(&target, number(from), number(count), number(connections));
        }
        [address, "read", from, count, connections] => {
            let target = target(address);
            ask::read(&target, number(from), number(count), number(connections));
        }
        [address, "orgs", count, connections] => {
            ask::orgs(&target(address), number(count), number(connections));
        }
        [address, "org-calls", count, connections] => {
            ask::org_calls(&target(address), number(count), number(connections));
        }
        [address, "events", count] => hold::events(&target(address), number(count)),
        [address, "engines", count] => hold::engines(&target(address), number(count)),
        [address, "told", by, count, workers] => {
            told::told(&target(address), by, number(count), number(workers));
        }
        _ => {
            eprintln!("{USAGE}");
            std::process::exit(2);
        }
    }
}

/// The id of a call, as long as a UUID.
fn call_id(number: usize) -> String {
    format!("{number:08x}-0000-7000-8000-{number:012}")
}

/// Prints how many of a thing were done since `begun`, and how long each took.
fn print(what: &str, begun: Instant, mut took: Vec<Duration>) {
    let elapsed = begun.elapsed().as_secs_f64();
    took.sort_unstable();
    let per_second = f64::from(u32::try_from(took.len()).expect("fewer than 2^32")) / elapsed;
    let at = |percent: usize| took[(took.len() - 1) * percent / 100].as_micros();
    println!(
        "{what} {}, seconds {elapsed:.1}, per_s {per_second:.0}, p50 {}, p99 {}, max {}",
        took.len(),
        at(50),
        at(99),
        at(100)
    );
}
