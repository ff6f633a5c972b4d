//! Whatever one organisation does, how long a start of another one waits: a table of attacks.
//!
//! Each attack has a server of its own. The neighbour starts and ends calls at a steady rate over HTTP, and each start counts
//! from the moment it was due. The attack comes while it does. The attackers run at the lowest priority, as if their processors
//! were their own.

use std::thread::sleep;
use std::time::Duration;

use crate::bench::campaign::Feed;
use crate::bench::scale::crowd::{Holding, crowd, crowd_aside, load_as, output_of};
use crate::bench::scale::figures::{figure, ms};
use crate::process::server::{OPERATOR, Server};

/// The load of the neighbour, and for how many seconds.
const NEIGHBOUR: &str = "bench --json --connections 64 --warm-up 0 --rate 200 --duration";
const SECONDS: &str = "15";
/// How long after its first start the attack begins.
const BEFORE: Duration = Duration::from_secs(2);

/// What one organisation does to the others.
struct Attack {
    what: &'static str,
    /// Its limit at first.
    limit: &'static str,
    /// The crowds that come before the neighbour begins; the last one holds on.
    before: &'static [&'static str],
    then: Then,
}

/// What happens while the neighbour starts calls.
enum Then {
    /// Nothing more.
    HoldOn,
    /// The crowd that holds on leaves: its lease ends after the grace of five seconds.
    Leave,
    /// The limit is set.
    Limit(&'static str),
    /// Another crowd comes.
    Come(&'static str),
    /// The command line feeds a campaign of that many numbers.
    Feed(u64),
    /// One request ends all queued calls.
    EndAll,
    /// The organisation is deleted, all of whose calls have ended just before.
    Delete,
}

const ATTACKS: [Attack; 15] = [
    Attack { what: "nothing", limit: "100", before: &[], then: Then::HoldOn },
    Attack {
        what: "the lease of 100,000 active calls ends",
        limit: "100000",
        before: &["fill 100000 1 5 0 0"],
        then: Then::Leave,
    },
    Attack {
        what: "leases of 500,000 queued calls end",
        limit: "100",
        before: &["fill 500000 2 5 0 0"],
        then: Then::Leave,
    },
    Attack {
        what: "the lease of 60,000 queued calls of 4 KB ends",
        limit: "100",
        before: &["fill 60000 1 5 4096 0"],
        then: Then::Leave,
    },
    Attack {
        what: "the limit rises with 1,000,000 queued calls",
        limit: "100",
        before: &["fill 1000000 2"],
        then: Then::Limit("1000100"),
    },
    Attack {
        what: "the limit rises with 60,000 queued calls of 4 KB",
        limit: "100",
        before: &["fill 60000 1 3600 4096 0"],
        then: Then::Limit("60000"),
    },
    Attack {
        what: "100,000 started calls are not claimed",
        limit: "0",
        before: &["fill 100000 1 3600 0 5"],
        then: Then::Limit("100000"),
    },
    Attack {
        what: "one request ends 1,000,000 queued calls",
        limit: "100",
        before: &["fill 1000000 2 3600 0 0"],
        then: Then::EndAll,
    },
    Attack {
        what: "an organisation of 500,000 ended calls is deleted",
        limit: "0",
        before: &["fill 500000 2 3600 0 0"],
        then: Then::Delete,
    },
    Attack {
        what: "100,000 queued calls are adopted in no order",
        limit: "100",
        before: &["fill 100000 1"],
        then: Then::Come("adopt 100000"),
    },
    Attack {
        what: "1,000,000 calls are queued over four streams",
        limit: "100",
        before: &[],
        then: Then::Come("fill 1000000 4 5 0 0"),
    },
    Attack {
        what: "60,000 calls of 4 KB are queued over four streams",
        limit: "100",
        before: &[],
        then: Then::Come("fill 60000 4 5 4096 0"),
    },
    Attack {
        what: "a campaign of 1,000,000 numbers is fed",
        limit: "100",
        before: &["agents 10 16"],
        then: Then::Feed(1_000_000),
    },
    Attack {
        what: "100,000 ids are reconciled without pause",
        limit: "100000",
        before: &["fill 100000 1"],
        then: Then::Come("reconcile 100000 60 8"),
    },
    Attack {
        what: "the pool of 10,000 agents is read without pause",
        limit: "100",
        before: &["agents 10000 16"],
        then: Then::Come("pools 200 4"),
    },
];

/// Prints a line for each attack whose name contains `part`.
pub fn neighbour(part: &str) -> Result<(), String> {
    println!(
        "a start of another organisation, while          p50         p99     longest  (target: p99 ≤ 50 ms, ≤ 250 ms)"
    );
    for attack in ATTACKS.iter().filter(|attack| attack.what.contains(part)) {
        let said = starts_of_the_neighbour(attack)?;
        let of = |name| figure(&said, name).and_then(ms);
        println!("{:<52} {:>11} {:>11} {:>11}", attack.what, of("p50")?, of("p99")?, of("max")?);
    }
    Ok(())
}

/// What the neighbour's load has measured.
fn starts_of_the_neighbour(attack: &Attack) -> Result<String, String> {
    let mut server = Server::start()?;
    server.said(&["org", "set", "default", "--limit", attack.limit], OPERATOR)?;
    server.said(&["org", "create", "neighbour", "--plan", "enterprise"], OPERATOR)?;
    let key = server
        .said(&["key", "create", "neighbour", "admin", "--org", "neighbour", "--json"], OPERATOR)?;
    let key = key.split("\"secret\": \"").nth(1).and_then(|rest| rest.split('"').next());
    let key = key.ok_or("a new key has no secret")?;
    let mut holding = Vec::new();
    for what in attack.before {
        if what.starts_with("fill") {
            holding.push(Holding::start_aside(&server, what)?);
        } else {
            crowd(&server, &server.admin, what)?;
        }
    }
    let end_all = || server.said(&["call", "end", "--state", "queued", "--yes"], &server.admin);
    if matches!(attack.then, Then::Delete) {
        end_all()?;
        holding.clear();
    }
    let mut feed = None;
    let mut load = load_as(&server, key, NEIGHBOUR, SECONDS)?;
    sleep(BEFORE);
    match attack.then {
        Then::HoldOn => {}
        Then::Leave => holding.clear(),
        Then::Limit(limit) => {
            server.said(&["org", "set", "default", "--limit", limit], OPERATOR)?;
        }
        Then::EndAll => {
            end_all()?;
        }
        Then::Delete => {
            server.said(&["org", "delete", "default"], OPERATOR)?;
        }
        Then::Come(what) if what.starts_with("fill") => {
            holding.push(Holding::start_aside(&server, what)?);
        }
        Then::Come(what) => {
            crowd_aside(&server, what)?;
        }
        Then::Feed(numbers) => feed = Some(Feed::start_aside(&server, numbers)?),
    }
    let said = output_of(&mut load)?;
    drop(feed);
    if server.is_well() {
        Ok(said)
    } else {
        Err(format!("the server did not survive: {}", attack.what))
    }
}
