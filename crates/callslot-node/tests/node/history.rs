//! Checks figures over any span against a model. The model knows only when each call was in which state: it adds up no
//! minutes, keeps no levels and merges no histograms.

use std::collections::BTreeMap;
use std::sync::Arc;

use callslot_core::{
    Active, AgentId, Call, CallGates, CallId, CallState, CallType, Command, EndCall, Ended, Event,
    GateId, GateKind, GateSettings, Now, OrgCommand, OrgSettings, PerType, PlanId, PutAgent,
    PutGate, Recorded, SetPlanLimit, Shard, StartCall, Tick, Ticket, Timestamp,
};
use callslot_node::{
    HistoryQuery, HistoryTooLong, HistoryView, Point, Refusals, project, prune_figures,
    read_history,
};
use callslot_store::{
    EndCounts, Grain, History, MemoryStore, OldTimes, Record, Series, SeriesKind, Store, Which,
};
use callslot_store_sqlite::SqliteStore;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::test_node::org;

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_point_says_what_really_was(
        steps in vec(step(), 1..80),
        asked in vec(question(), 1..6),
        old_ms in prop_oneof![Just(u64::MAX), 0..3 * DAY_MS],
    ) {
        let mut past = Past::new(Arc::new(MemoryStore::new()));
        for step in &steps {
            past.take(step);
        }
        past.check(&asked, old_ms);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_embedded_store_says_the_same(
        steps in vec(step(), 20..60),
        asked in vec(question(), 1..6),
        old_ms in 0..3 * DAY_MS,
    ) {
        let directory = tempfile::tempdir().expect("a directory");
        let store = SqliteStore::open(directory.path()).expect("a new store opens");
        let mut past = Past::new(Arc::new(store));
        for step in &steps {
            past.take(step);
        }
        past.check(&asked, old_ms);
    }
}

/// A pause, an action after it, and whether the log is projected then.
type Step = (u64, Deed, bool);

#[derive(Debug, Clone)]
enum Deed {
    Start {
        agent: &'static str,
        call_type: CallType,
        claim_within_ms: Option<u64>,
        gates: Vec<&'static str>,
    },
    End(prop::sample::Index),
    Expire,
    Limit(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let types = select(&[CallType::Chat, CallType::Inbound][..]);
    let claim = prop::option::weighted(0.3, Just(5_000));
    let gates = subsequence(&["g", "h"][..], 0..=2);
    let start = (select(&["a", "b"][..]), types, claim, gates).prop_map(
        |(agent, call_type, claim_within_ms, gates)| Deed::Start {
            agent,
            call_type,
            claim_within_ms,
            gates,
        },
    );
    let deed = prop_oneof![
        5 => start,
        3 => any::<prop::sample::Index>().prop_map(Deed::End),
        2 => Just(Deed::Expire),
        1 => (0..4_u32).prop_map(Deed::Limit),
    ];
    (pause(), deed, any::<bool>())
}

fn pause() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => Just(0),
        8 => 0..30_000_u64,
        4 => 0..10 * MINUTE_MS,
        2 => (1..200_u64).prop_map(|minutes| minutes * MINUTE_MS),
        1 => 0..DAY_MS,
    ]
}

/// A span in thousandths of the whole time, a step in minutes, and the series.
type Question = ((u64, u64), u64, Which);

fn question() -> impl Strategy<Value = Question> {
    let minutes = select(&[1, 2, 7, 15, 60, 90, 120, 1_440][..]);
    let kinds = SeriesKind::ALL.map(Which::Each);
    let sole = [Series::Agent(agent("a")), Series::Type(CallType::Chat), Series::Gate(gate("h"))]
        .map(Which::One);
    let which = select([&kinds[..], &sole].concat());
    ((0..1_100_u64, 0..1_300_u64), minutes, which)
}

/// A log written by a shard, its projection, and the model.
struct Past {
    store: Arc<dyn Store>,
    shard: Shard,
    begun: Now,
    now: Now,
    calls: u64,
    model: Model,
}

impl Past {
    fn new(store: Arc<dyn Store>) -> Self {
        let begun = Now { at: Timestamp(1_700_000_012_345), tick: Tick(0) };
        let (shard, model) = (Shard::new(), Model::default());
        let mut past = Self { store, shard, begun, now: begun, calls: 0, model };
        past.decide(OrgCommand::CreateOrg(OrgSettings {
            name: "O".into(),
            plan: PlanId::parse("standard").expect("a plan id"),
            plan_limit: 2,
            limit_override: None,
            max_call_duration_ms: 0,
            max_wait_ms: PerType([None, Some(20 * MINUTE_MS), None, None]),
            max_queued: 100,
        }));
        for id in ["a", "b"] {
            past.decide(OrgCommand::PutAgent(PutAgent {
                agent: agent(id),
                name: id.into(),
                cap: None,
                pace: None,
            }));
        }
        // One of them keeps calls waiting while there are slots.
        for (id, cap) in [("g", Some(1)), ("h", None)] {
            let kind = GateKind::Trunk;
            let settings = GateSettings {
                name: id.into(),
                kind,
                cap,
                pace: None,
                is_paused: false,
                hours: None,
            };
            let put = PutGate { gate: gate(id), settings, is_within_hours: true };
            past.decide(OrgCommand::PutGate(put));
        }
        past
    }

    fn take(&mut self, (pause_ms, deed, projects): &Step) {
        self.now.at.0 += pause_ms;
        self.now.tick.0 += pause_ms;
        match deed {
            Deed::Start { agent: id, call_type, claim_within_ms, gates } => {
                let gates = gates.iter().map(|id| gate(id)).collect();
                self.calls += 1;
                self.decide(OrgCommand::StartCall(StartCall {
                    id: call(self.calls),
                    agent: agent(id),
                    call_type: *call_type,
                    lease: None,
                    max_wait_ms: None,
                    max_duration_ms: None,
                    claim_within_ms: *claim_within_ms,
                    gates: CallGates::new(gates).expect("two gates at most"),
                    metadata: None,
                }));
            }
            Deed::End(which) if self.calls > 0 => {
                let call =
                    call(which.index(usize::try_from(self.calls).expect("few calls")) as u64 + 1);
                self.decide(OrgCommand::EndCall(EndCall { call, note: None }));
            }
            Deed::End(_) => {}
            Deed::Expire => self.submit(Command::ExpireDue),
            Deed::Limit(limit) => {
                let plan = PlanId::parse("standard").expect("a plan id");
                self.submit(Command::SetPlanLimit(SetPlanLimit { plan, limit: *limit }));
            }
        }
        if *projects {
            project(&*self.store, &Refusals::default()).expect("a projection");
        }
    }

    fn decide(&mut self, command: OrgCommand) {
        self.submit(Command::Org(org(), command));
    }

    fn submit(&mut self, command: Command) {
        let mut events = Vec::new();
        // Ending a call that ended too long ago is refused, which is fine.
        let _ = self.shard.decide(self.now, command, &mut events);
        for Recorded { event, .. } in &events {
            self.model.take(self.now.at.0, event);
        }
        let end = self.store.end().expect("an end");
        self.store.append(end, &Record { now: self.now, events }).expect("an append");
    }

    /// Checks the answers once minutes older than `old_ms` have been removed.
    fn check(&mut self, asked: &[Question], old_ms: u64) {
        self.now.at.0 += 1;
        while project(&*self.store, &Refusals::default()).expect("a projection") > 0 {}
        let old = OldTimes::before(Timestamp(self.now.at.0.saturating_sub(old_ms)));
        while prune_figures(&*self.store, Grain::Minute, &old).expect("a pruning") > 0 {}
        let all_ms = self.now.at.ms_since(self.begun.at);
        for ((from, length), minutes, which) in asked {
            let from = Timestamp(self.begun.at.0 + all_ms * from / 1_000 - 5 * MINUTE_MS);
            let to = Timestamp(from.0 + all_ms * length / 1_000 + 1);
            let step_ms = minutes * MINUTE_MS;
            let query = HistoryQuery { org: org(), which: which.clone(), from, to, step_ms };
            match read_history(&*self.store, &query, || self.now.at).expect("a read") {
                Ok(view) => self.judge(&query, &view),
                Err(HistoryTooLong::Points { points, .. }) => assert!(points > 50_000),
                Err(HistoryTooLong::Minutes { .. }) => panic!("there are few minutes"),
            }
        }
    }

    fn judge(&self, query: &HistoryQuery, view: &HistoryView) {
        if query.from >= self.now.at {
            assert!(view.series.iter().all(|(_, points)| points.is_empty()), "{query:?}");
            return;
        }
        assert!(view.from <= query.from && view.to >= query.to.min(self.now.at), "{query:?}");
        assert!(view.to <= self.now.at, "{query:?} shows the future");
        let all = all_series(&query.which);
        assert!(view.series.iter().all(|(shown, _)| all.contains(shown)), "{query:?}");
        for series in all {
            let of_series = self.model.of(&series);
            let Some((_, points)) = view.series.iter().find(|(shown, _)| *shown == series) else {
                let expected = of_series.point(view.from.0, view.to.0);
                assert_eq!(expected, Expected::default(), "{series:?} is not shown");
                continue;
            };
            let mut reached = view.from;
            for point in points {
                assert_eq!(point.at, reached, "{query:?}: points follow on one another");
                reached = Timestamp(point.at.0 + point.ms);
                let expected = of_series.point(point.at.0, reached.0);
                expected.compare(point, &format!("{series:?} at {} of {query:?}", point.at.0));
            }
            assert_eq!(reached, view.to, "{query:?}: points reach the end");
            if let Some(whole) = Point::joined(points) {
                let expected = of_series.point(view.from.0, view.to.0);
                expected.compare(&whole, &format!("{series:?}, all of {query:?}"));
            }
        }
    }
}

fn all_series(which: &Which) -> Vec<Series> {
    match which {
        Which::One(series) => vec![series.clone()],
        Which::Each(SeriesKind::Org) => vec![Series::Org],
        Which::Each(SeriesKind::Agent) => ["a", "b"].map(|id| Series::Agent(agent(id))).to_vec(),
        Which::Each(SeriesKind::Type) => CallType::ALL.map(Series::Type).to_vec(),
        Which::Each(SeriesKind::Gate) => ["g", "h"].map(|id| Series::Gate(gate(id))).to_vec(),
    }
}

/// The life of every call.
#[derive(Default)]
struct Model {
    /// The states of each call: the time of the event, the number of events before it, and the call after it.
    lives: BTreeMap<Ticket, Vec<(u64, usize, Call)>>,
    events: usize,
}

impl Model {
    fn take(&mut self, at: u64, event: &Event) {
        if let Event::Call(event) = event {
            let life = self.lives.entry(event.request().ticket).or_default();
            life.push((at, self.events, event.call()));
            self.events += 1;
        }
    }

    fn of(&self, series: &Series) -> OfSeries<'_> {
        let is_of = |life: &&Vec<(u64, usize, Call)>| match series {
            Series::Org => true,
            Series::Agent(agent) => life[0].2.request.agent == *agent,
            Series::Type(call_type) => life[0].2.request.call_type == *call_type,
            Series::Gate(gate) => life[0].2.request.gates.ids().contains(gate),
        };
        OfSeries(self.lives.values().filter(is_of).collect())
    }
}

/// The lives of the calls of one series.
struct OfSeries<'a>(Vec<&'a Vec<(u64, usize, Call)>>);

/// The expected figures of a point.
#[derive(Debug, Default, PartialEq)]
struct Expected {
    peak_active: u64,
    peak_queued: u64,
    active_ms: u64,
    ends: u64,
    ended: EndCounts,
    waits: Vec<u64>,
}

impl OfSeries<'_> {
    fn point(&self, from: u64, to: u64) -> Expected {
        let mut expected = Expected::default();
        let mut moments = vec![self.before(from)];
        for life in &self.0 {
            for (place, (at, number, call)) in life.iter().enumerate() {
                let until = life.get(place + 1).map_or(u64::MAX, |(at, ..)| *at);
                let is_here = (from..to).contains(at);
                if is_here {
                    moments.push(number + 1);
                }
                match call.state {
                    CallState::Active(Active { started_at, .. }) => {
                        expected.active_ms += until.min(to).saturating_sub((*at).max(from));
                        if is_here {
                            let waited = started_at.0 - call.request.requested_at.0;
                            expected.waits.push(waited);
                        }
                    }
                    CallState::Ended(Ended { reason, .. }) => {
                        expected.ends += u64::from(is_here);
                        expected.ended.add(reason, u64::from(is_here));
                    }
                    CallState::Queued(_) => {}
                }
            }
        }
        for moment in moments {
            let (active, queued) = self.levels(moment);
            expected.peak_active = expected.peak_active.max(active);
            expected.peak_queued = expected.peak_queued.max(queued);
        }
        expected.waits.sort_unstable();
        expected
    }

    /// How many events were before `time`.
    fn before(&self, time: u64) -> usize {
        let events = self.0.iter().copied().flatten();
        events.filter(|(at, ..)| *at < time).map(|(_, number, _)| number + 1).max().unwrap_or(0)
    }

    /// How many calls were active and queued after that many events.
    fn levels(&self, events: usize) -> (u64, u64) {
        let (mut active, mut queued) = (0, 0);
        for life in &self.0 {
            if let Some((.., call)) = life.iter().rev().find(|(_, number, _)| *number < events) {
                active += u64::from(call.is_active());
                queued += u64::from(call.is_queued());
            }
        }
        (active, queued)
    }
}

impl Expected {
    fn compare(&self, point: &Point, place: &str) {
        let figures = &point.figures;
        let shown = (figures.peak.active, figures.peak.queued, figures.active_ms);
        assert_eq!(shown, (self.peak_active, self.peak_queued, self.active_ms), "{place}");
        let starts = self.waits.len() as u64;
        assert_eq!((figures.starts, figures.ends), (starts, self.ends), "{place}");
        assert_eq!(figures.ended, self.ended, "{place}");
        assert_eq!(point.refused, 0, "{place}");
        assert_eq!(figures.waits.longest_ms(), self.waits.last().copied().unwrap_or(0), "{place}");
        for percent in [50, 95, 99] {
            let rank = (self.waits.len() * percent).div_ceil(100);
            let exact = rank.checked_sub(1).map(|place| self.waits[place]);
            let shown = figures.waits.percentile_ms(percent as u64);
            let is_close = match (exact, shown) {
                (Some(exact), Some(shown)) => shown >= exact && shown - exact <= exact / 128,
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            };
            assert!(is_close, "{place}: p{percent} is {shown:?}, and should be {exact:?}");
        }
    }
}

fn agent(id: &str) -> AgentId {
    AgentId::parse(id).expect("an agent id")
}

fn gate(id: &str) -> GateId {
    GateId::parse(id).expect("a gate id")
}

fn call(number: u64) -> CallId {
    CallId::parse(&format!("call-{number}")).expect("a call id")
}

#[test]
fn an_answer_that_would_be_too_long_is_refused_before_anything_is_read() {
    let store = MemoryStore::new();
    let day = |days: u64| Timestamp(days * DAY_MS);
    let ask = |by, days, step_ms| {
        let (from, to) = (day(0), day(days));
        let which = Which::Each(by);
        let query = HistoryQuery { org: org(), which, from, to, step_ms };
        read_history(&store, &query, || to).expect("a read")
    };
    assert_eq!(
        ask(SeriesKind::Org, 35, MINUTE_MS),
        Err(HistoryTooLong::Points { points: 50_400, most: 50_000 })
    );
    let month = ask(SeriesKind::Org, 30, MINUTE_MS).expect("it is short enough");
    assert_eq!(month.series[0].1.len(), 43_200);
    assert!(ask(SeriesKind::Org, 20_000, DAY_MS).is_ok());
    let most = 600_000;
    let many = ask(SeriesKind::Org, 30_000, DAY_MS);
    assert_eq!(many, Err(HistoryTooLong::Minutes { minutes: 30_000 * 24, most }));
}

#[test]
fn what_is_older_than_all_that_is_kept_is_not_shown() {
    let store = MemoryStore::new();
    store.prune_figures(Grain::Hour, &OldTimes::before(Timestamp(10 * DAY_MS))).expect("a pruning");
    let (from, to) = (Timestamp(0), Timestamp(12 * DAY_MS));
    let query =
        HistoryQuery { org: org(), which: Which::One(Series::Org), from, to, step_ms: DAY_MS };
    let view = read_history(&store, &query, || to).expect("a read").expect("it is short");
    assert_eq!((view.from, view.series[0].1.len()), (Timestamp(10 * DAY_MS), 2));
}

#[test]
fn a_call_that_starts_while_figures_are_read_counts_from_its_start() {
    let mut past = Past::new(Arc::new(MemoryStore::new()));
    let start =
        Deed::Start { agent: "a", call_type: CallType::Chat, claim_within_ms: None, gates: vec![] };
    let store = Arc::clone(&past.store);
    let at = past.now.at.0;
    let (from, to) = (Timestamp(at - MINUTE_MS), Timestamp(at + MINUTE_MS));
    let query =
        HistoryQuery { org: org(), which: Which::One(Series::Org), from, to, step_ms: MINUTE_MS };
    let mut is_first = true;
    let view = read_history(&*store, &query, || {
        if std::mem::take(&mut is_first) {
            // The span has been chosen, but nothing has been read yet.
            past.take(&(1_000, start.clone(), true));
            return Timestamp(at);
        }
        past.now.at.0 += 5;
        past.now.at
    });
    let view = view.expect("a read").expect("it is short");
    let (_, points) = &view.series[0];
    assert_eq!(points.last().expect("a point").figures.active_ms, 5);
    assert_eq!(view.to, Timestamp(at + 1_005));
}
