//! Measures how much space a year of figures takes and how long it takes to read. Writes events of a busy organisation by a
//! simulated clock, projects them into a new store, and prints sizes and times.
//!
//! `cargo run --release -p callslot-node --example year_of_history -- DIRECTORY AGENTS DAYS_BY_MINUTE`. In the last days
//! every agent has a call every minute, before that two an hour, so every minute and hour that is kept has a row for each
//! agent. Ended calls are removed along the way, so the file contains only figures.
#![expect(clippy::disallowed_methods, reason = "an example measures time")]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use callslot_core::{
    Active, AgentId, Call, CallEvent, CallGates, CallId, CallType, EndReason, Ended, Event, Now,
    OrgId, Queued, Recorded, Request, Sequence, SlotKind, Tick, Ticket, Timestamp,
};
use callslot_node::{HistoryQuery, Refusals, project, prune_figures, read_history, truncate};
use callslot_store::{Grain, History, Log, OldTimes, Record, SeriesKind, Snapshot, Which};
use callslot_store_sqlite::SqliteStore;

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;
const YEAR_DAYS: u64 = 365;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [directory, agents, days_by_minute] = &words[..] else {
        eprintln!("usage: year_of_history DIRECTORY AGENTS DAYS_BY_MINUTE");
        std::process::exit(2);
    };
    let days_by_minute: u64 = days_by_minute.parse().expect("a number");
    let mut year = Year::new(Path::new(directory), agents.parse().expect("a number"));
    let begun = Instant::now();
    for day in 0..YEAR_DAYS {
        let every_ms = if day + days_by_minute < YEAR_DAYS { 30 * MINUTE_MS } else { MINUTE_MS };
        year.live_through_a_day(every_ms);
        year.remove_what_is_old(days_by_minute);
    }
    let (calls, took) = (year.calls, begun.elapsed());
    println!("{calls} calls of {agents} agents were projected in {:.0} s", took.as_secs_f64());
    let size =
        std::fs::metadata(Path::new(directory).join("history.db")).expect("it is there").len();
    println!(
        "history.db: {:.1} MB",
        f64::from(u32::try_from(size >> 10).expect("a size")) / 1024.0
    );
    year.read("30 days by minute", SeriesKind::Org, 30, MINUTE_MS);
    year.read("30 days by hour and agent", SeriesKind::Agent, 30, HOUR_MS);
    year.read("a year by day and agent", SeriesKind::Agent, 365, DAY_MS);
}

struct Year {
    store: SqliteStore,
    org: OrgId,
    agents: Vec<AgentId>,
    at: u64,
    calls: u64,
    events: u64,
}

impl Year {
    fn new(directory: &Path, agents: u64) -> Self {
        let store = SqliteStore::open(directory).expect("a new store opens");
        let agent = |number| AgentId::parse(&format!("agent-{number:02}")).expect("an agent id");
        let org = OrgId::parse("acme").expect("an organisation id");
        let agents = (0..agents).map(agent).collect();
        Self { store, org, agents, at: 1_700_006_400_000, calls: 0, events: 0 }
    }

    /// Every agent has a call in each span of `every_ms`: it waits, is served, and ends.
    fn live_through_a_day(&mut self, every_ms: u64) {
        for _ in 0..DAY_MS / every_ms {
            let first = self.calls;
            for part in 0..3 {
                let at = Timestamp(self.at + part * every_ms / 3);
                let mut events = Vec::new();
                for (place, agent) in self.agents.clone().into_iter().enumerate() {
                    let event = event(first + place as u64, agent, at, part);
                    self.events += 1;
                    let sequence = Some(Sequence(self.events));
                    events.push(Recorded { org: self.org.clone(), sequence, event });
                }
                let end = self.store.end().expect("an end");
                let now = Now { at, tick: Tick(at.0) };
                self.store.append(end, &Record { now, events }).expect("an append");
            }
            self.calls += self.agents.len() as u64;
            self.at += every_ms;
        }
        while project(&self.store, &Refusals::default()).expect("a projection") > 0 {}
    }

    /// Keeps the minutes of that many days, and no ended calls or records.
    fn remove_what_is_old(&self, days_by_minute: u64) {
        let all = OldTimes::before(Timestamp(self.at));
        let minutes = OldTimes::before(Timestamp(self.at - days_by_minute * DAY_MS));
        while prune_figures(&self.store, Grain::Minute, &minutes).expect("a pruning") > 0 {}
        while self.store.prune(&all).expect("a pruning") > 0 {}
        let position = self.store.end().expect("an end");
        let record = Record { now: Now::default(), events: Vec::new() };
        self.store.save_snapshot(&Snapshot { position, record }).expect("a snapshot");
        while truncate(&self.store, &all).expect("a truncation") > 0 {}
    }

    fn read(&self, what: &str, by: SeriesKind, days: u64, step_ms: u64) {
        let now = Timestamp(self.at);
        let from = Timestamp(self.at - days * DAY_MS);
        let which = Which::Each(by);
        let query = HistoryQuery { org: self.org.clone(), which, from, to: now, step_ms };
        let begun = Instant::now();
        let view =
            read_history(&self.store, &query, || now).expect("a read").expect("it is short enough");
        let points: usize = view.series.iter().map(|(_, points)| points.len()).sum();
        println!("{what}: {points} points in {} ms", begun.elapsed().as_millis());
        let kept_from = self.store.kept_from(Grain::Minute).expect("a read");
        assert!(kept_from <= now, "minutes are kept until now");
    }
}

/// The event of a call in one of the three parts of its span.
fn event(number: u64, agent: AgentId, at: Timestamp, part: u64) -> Event {
    // Waits of different lengths, from milliseconds to minutes.
    let waited_ms = (number * 7_919 % 1_000).pow(2) / 10;
    let request = Arc::new(Request {
        id: CallId::parse(&format!("call-{number}")).expect("a call id"),
        agent,
        call_type: CallType::ALL[usize::try_from(number % 4).expect("below 4")],
        ticket: Ticket(number + 1),
        requested_at: Timestamp(at.0 - waited_ms),
        lease: None,
        wait_deadline: None,
        max_duration_ms: None,
        claim_within_ms: None,
        gates: CallGates::default(),
        metadata: None,
    });
    let event = match part {
        0 => CallEvent::Queued(Call { request, state: Queued { misses: 0 } }),
        1 => {
            let state = Active {
                slot: SlotKind::Shared,
                started_at: at,
                dispatched: Some(Tick(at.0)),
                deadline: None,
                is_claim_due: false,
                misses: 0,
            };
            CallEvent::Started(Call { request, state })
        }
        _ => {
            let state = Ended {
                served: Some((SlotKind::Shared, at)),
                ended_at: at,
                reason: EndReason::Completed,
                note: None,
                remembered_until: Tick(at.0),
            };
            CallEvent::Ended(Call { request, state })
        }
    };
    event.into()
}
