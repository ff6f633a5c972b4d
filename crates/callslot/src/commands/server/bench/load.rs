//! The load: connections that start calls and end them, at their own pace or at a given one.

use std::sync::Arc;
use std::time::Duration;

use callslot_api::{CallStart, CallState};
use callslot_server::Stopwatch;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::commands::server::bench::args::{Bench, Door, Mix};
use crate::commands::server::bench::connection::Connection;
use crate::commands::server::bench::report::Measured;
use crate::commands::server::bench::target::Target;
use crate::failure::Failure;
use crate::process::signals::Signals;
use crate::remote;

/// How long answers under way may still take once the time is up.
const LAST_ANSWERS: Duration = Duration::from_secs(30);

/// The load to run.
#[derive(Debug)]
pub struct Load {
    /// One for each organisation; connections are spread over them.
    targets: Vec<Arc<Target>>,
    door: Door,
    connections: u64,
    /// On each connection.
    workers: u64,
    agents: Vec<String>,
    mix: Mix,
    hold: Duration,
    /// How long from one start to the next over all workers; none: at their own pace.
    pace: Option<Duration>,
    warm_up: Duration,
    lasting: Duration,
    /// Makes ids of calls that no other run has.
    run: u64,
}

impl Load {
    /// The load that the flags describe, on these agents.
    pub fn new(
        flags: &Bench,
        targets: &[remote::Target],
        (authority, address): (String, std::net::SocketAddr),
        agents: Vec<String>,
    ) -> Self {
        let target = |of: &remote::Target| {
            let (key, org) = (of.key.clone(), of.org.clone());
            Arc::new(Target { authority: authority.clone(), address, key, org })
        };
        let warm_up = Duration::from_secs(flags.warm_up);
        Self {
            targets: targets.iter().map(target).collect(),
            door: flags.door,
            connections: flags.connections,
            workers: flags.pipeline,
            agents,
            mix: flags.mix.clone(),
            hold: Duration::from_millis(flags.hold_ms),
            pace: flags.rate.map(|rate| Duration::from_secs(1).div_f64(as_f64(rate))),
            warm_up,
            lasting: warm_up + Duration::from_secs(flags.duration),
            run: fastrand::u64(..),
        }
    }

    /// When a worker's next start is due, after this many; the starts of all workers are spaced evenly.
    fn due(&self, worker: u64, done: u64) -> Option<Duration> {
        self.pace.map(|pace| pace.mul_f64(as_f64(done * self.connections * self.workers + worker)))
    }
}

fn as_f64(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// Runs it to its end or until a signal, and returns what was measured by then.
pub async fn run(load: &Arc<Load>, mut signals: Signals) -> Result<Measured, Failure> {
    let mut connections = Vec::new();
    for target in load.targets.iter().cycle().zip(0..load.connections).map(|(it, _)| it) {
        let opened = Connection::open(load.door, target, load.workers).await;
        connections.extend(opened.map_err(Failure::said)?);
    }
    let clock = Stopwatch::start();
    let (stop, stopped) = watch::channel(false);
    let mut workers = JoinSet::new();
    for (number, connection) in (0..).zip(connections) {
        let (load, stopped) = (Arc::clone(load), stopped.clone());
        workers.spawn(async move { work(&load, number, connection, clock, stopped).await });
    }
    let mut measured = Measured::new();
    let mut is_stopped = false;
    let until = tokio::time::sleep(load.lasting + load.hold + LAST_ANSWERS);
    tokio::pin!(until);
    while !workers.is_empty() {
        tokio::select! {
            Some(done) = workers.join_next() => {
                measured.add(&done.map_err(|error| Failure::said(error.to_string()))?);
            }
            () = signals.next(), if !is_stopped => {
                is_stopped = true;
                let _ = stop.send(true);
            }
            () = &mut until => {
                return Err(Failure::said(format!(
                    "{} connections had no answer {} s after the end", workers.len(), LAST_ANSWERS.as_secs()
                )));
            }
        }
    }
    measured.lasted = clock.elapsed().min(load.lasting).saturating_sub(load.warm_up);
    Ok(measured)
}

/// One call after the other.
async fn work(
    load: &Load,
    number: u64,
    mut connection: Connection,
    clock: Stopwatch,
    mut stopped: watch::Receiver<bool>,
) -> Measured {
    let mut measured = Measured::new();
    let mut chance = fastrand::Rng::with_seed(load.run ^ number);
    for done in 0.. {
        let due = load.due(number, done).unwrap_or_else(|| clock.elapsed());
        if due >= load.lasting || *stopped.borrow() {
            break;
        }
        // A worker that is behind does not wait for the timer's next tick.
        let early = due.saturating_sub(clock.elapsed());
        if !early.is_zero() {
            tokio::select! {
                () = tokio::time::sleep(early) => {}
                _ = stopped.changed() => break,
            }
        }
        let is_measured = due >= load.warm_up;
        let agent = &load.agents[chance.usize(..load.agents.len())];
        let start = CallStart {
            id: Some(format!("bench-{:016x}-{number}-{done}", load.run)),
            ..CallStart::new(agent, load.mix.drawn(chance.usize(..)))
        };
        if let Err(refused) = one_call(
            load,
            &mut connection,
            &start,
            Watched { clock, due, is_measured },
            &mut measured,
        )
        .await
        {
            // The next call would most likely fail too.
            measured.counts.note_refusal(refused);
            break;
        }
    }
    measured
}

/// From when on a call is timed, and whether it counts.
#[derive(Clone, Copy)]
struct Watched {
    clock: Stopwatch,
    due: Duration,
    is_measured: bool,
}

/// Starts a call, holds it, and ends it.
async fn one_call(
    load: &Load,
    connection: &mut Connection,
    start: &CallStart,
    watched: Watched,
    measured: &mut Measured,
) -> Result<(), String> {
    let Watched { clock, due, is_measured } = watched;
    let state = connection.start(start).await?;
    let started = clock.elapsed();
    if !load.hold.is_zero() {
        tokio::time::sleep(load.hold).await;
    }
    let asked = clock.elapsed();
    connection.end(start.id.as_deref().unwrap_or_default()).await?;
    let ended = clock.elapsed();
    // Answers after the time measured do not count.
    if is_measured && ended <= load.lasting {
        measured.counts.note_pair(started.saturating_sub(due), ended.saturating_sub(asked));
        measured.queued += u64::from(state == CallState::Queued);
    }
    Ok(())
}
