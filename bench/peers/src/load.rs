//! The load: like `callslot bench` without `--rate`. Workers start a call and end it, one after the other, several per
//! connection; agents and types are random, and no call ever queues.

#![expect(clippy::disallowed_methods, reason = "a load measures time")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::answer::{Answer, Refused};
use crate::counts::Counts;
use crate::pool::{Class, Pool};
use crate::report::Measured;
use crate::system::{Connection, Target};

/// Above what any load has under way, so that no call queues.
const LIMIT: u32 = 100_000;
const AGENTS: u32 = 10;
/// Slots that one class has of its own.
const RESERVED: u32 = 5;
/// How often ended calls are forgotten by systems that do not do so on their own.
const FORGET_EVERY: Duration = Duration::from_mins(1);

/// What is to be done.
#[derive(Debug)]
pub struct Load {
    target: Target,
    connections: u64,
    /// On each connection.
    workers: u64,
    warm_up: Duration,
    duration: Duration,
    /// Makes ids that no other run has.
    run: u64,
}

impl Load {
    /// Times are in seconds.
    pub fn new(
        target: Target,
        connections: u64,
        workers: u64,
        warm_up: u64,
        duration: u64,
    ) -> Self {
        let warm_up = Duration::from_secs(warm_up);
        let duration = Duration::from_secs(duration);
        Self { target, connections, workers, warm_up, duration, run: fastrand::u64(..) }
    }

    /// Ten agents that the calls are spread over, and another one with a reservation.
    fn pool(&self) -> Pool {
        let named = |number| format!("bench-{:08x}-{number}", self.run >> 32);
        let agents: Vec<_> = (0..=AGENTS).map(named).collect();
        let reservations = vec![(Class::new(&named(AGENTS), "inbound"), RESERVED)];
        Pool { org: format!("{:016x}", self.run), limit: LIMIT, agents, reservations }
    }
}

/// Runs it to its end.
pub async fn run(load: Arc<Load>) -> Result<Measured, Refused> {
    let pool = load.pool();
    load.target.set_up(&pool).await?;
    let classes: Vec<_> = pool.classes().take(AGENTS as usize * 4).collect();
    let classes: Arc<[Class]> = classes.into();
    let mut connections = Vec::new();
    for _ in 0..load.connections {
        connections.push(load.target.connect(&pool.org).await?);
    }
    let job = tokio::spawn(forget_now_and_then(load.target.clone()));
    let begun = Instant::now();
    let mut workers = JoinSet::new();
    let shares = connections.iter().flat_map(|shared| (0..load.workers).map(|_| shared.clone()));
    for (number, connection) in (0..).zip(shares) {
        workers.spawn(work(Arc::clone(&load), number, connection, Arc::clone(&classes), begun));
    }
    let mut counts = Counts::new();
    while let Some(done) = workers.join_next().await {
        counts.add(&done.map_err(|error| error.to_string())?);
    }
    job.abort();
    Ok(Measured {
        door: load.target.name(),
        connections: load.connections,
        pipeline: load.workers,
        lasted: load.duration,
        counts,
    })
}

async fn work(
    load: Arc<Load>,
    number: u64,
    mut connection: Connection,
    classes: Arc<[Class]>,
    begun: Instant,
) -> Counts {
    let mut counts = Counts::new();
    let lasting = load.warm_up + load.duration;
    let mut chance = fastrand::Rng::with_seed(load.run ^ number);
    for done in 0_u64.. {
        if begun.elapsed() >= lasting {
            break;
        }
        let class = &classes[chance.usize(..classes.len())];
        let id = format!("bench-{:016x}-{number}-{done}", load.run);
        let Times { start, end } = match one_call(&mut connection, class, &id).await {
            Ok(times) => times,
            Err(refused) => {
                counts.note_refusal(refused);
                break;
            }
        };
        // Only what is over within the time measured belongs to its seconds.
        if (load.warm_up..=lasting).contains(&begun.elapsed()) {
            counts.note_pair(start, end);
        }
    }
    counts
}

/// How long the answers took.
struct Times {
    start: Duration,
    end: Duration,
}

/// Starts a call and ends it.
async fn one_call(connection: &mut Connection, class: &Class, id: &str) -> Result<Times, Refused> {
    let asked = Instant::now();
    let started = connection.start(class, id).await?;
    let start = asked.elapsed();
    let asked = Instant::now();
    let ended = connection.end(id).await?;
    let end = asked.elapsed();
    match (started, ended) {
        (Answer::Active, Answer::Ended) => Ok(Times { start, end }),
        others => Err(format!("a call under the limit was answered {others:?}")),
    }
}

async fn forget_now_and_then(target: Target) {
    let mut minutes = tokio::time::interval(FORGET_EVERY);
    loop {
        minutes.tick().await;
        if let Err(refused) = target.forget().await {
            eprintln!("ended calls are not forgotten: {refused}");
        }
    }
}
