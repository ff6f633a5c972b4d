//! Loads a running server that has webhooks, and receives what it sends. `cargo xtask bench webhooks` runs it; each part prints its figures
//! in one line, times in microseconds.
//!
//! `CALLSLOT_KEY=… cargo run --release -p callslot-bench-clients --bin webhooks -- 127.0.0.1:7070 rate 100000`. The server must allow loopback:
//! `--webhook-allow 127.0.0.0/8`.
#![expect(clippy::disallowed_methods, reason = "a load measures time")]

mod crowded;
mod delay;
mod load;
mod rate;
mod receiver;

use std::time::Duration;

use callslot_api::Client;

const USAGE: &str = "\
webhooks HOST:PORT WHAT, with an admin's key in CALLSLOT_KEY. WHAT is one of:
  rate EVENTS                how many a second come once that many are behind
  delay PER_SECOND SECONDS   from the end of a call to the 2xx for the call that gets its slot
  behind EVENTS              makes events that no receiver takes, says so, and stays until it is killed
  crowded GOOD HANGING PER_SECOND SECONDS
                             webhooks of five organisations, of which some never answer, with an operator's key";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let key = std::env::var("CALLSLOT_KEY").unwrap_or_default();
    let client = |address: &str, org: Option<&str>| {
        Client::new(&format!("http://{address}"), &key, org).answered_within(Duration::from_mins(2))
    };
    let number = |word: &str| word.parse::<usize>().expect("a number");
    match words[..] {
        [address, "rate", events] => rate::rate(&client(address, None), number(events)),
        [address, "delay", per_second, seconds] => {
            delay::delay(&client(address, None), number(per_second), number(seconds));
        }
        [address, "behind", events] => rate::behind(&client(address, None), number(events)),
        [address, "crowded", good, hanging, per_second, seconds] => {
            let (good, hanging) = (number(good), number(hanging));
            let (per_second, seconds) = (number(per_second), number(seconds));
            crowded::crowded(|org| client(address, org), (good, hanging), (per_second, seconds));
        }
        _ => {
            eprintln!("{USAGE}");
            std::process::exit(2);
        }
    }
}

/// p50, p99 and the most of some times, for people and for `cargo xtask bench`.
fn spread(mut took: Vec<Duration>) -> String {
    took.sort_unstable();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100].as_micros();
    format!("p50 {}, p99 {}, max {}", at(50), at(99), at(100))
}
