//! The core against the independent model, on random commands: every reply, every event, the whole state after every
//! step; and the named invariants of `docs/semantics.md`, checked on what the core shows.

mod commands;
mod invariants;

use std::collections::BTreeMap;
use std::sync::Arc;

use callslot_core::{
    AgentId, CallFilter, Command, Now, OrgCommand, OrgId, OrgSettings, PerType, PlanId, Recorded,
    Shard, Tick, Timestamp,
};
use callslot_sim::Model;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use crate::commands::{Step, step};
use crate::invariants::Invariants;

/// How many random runs, of how many steps each.
const RUNS: u32 = 400;
const STEPS: usize = 200;
/// Agents that exist from the beginning.
const AGENTS: u32 = 4;

/// The core and the model, side by side.
struct Pair {
    core: Shard,
    model: Model,
    log: Vec<(Tick, Recorded)>,
    now: Now,
    invariants: Invariants,
}

impl Pair {
    fn new() -> Self {
        let settings = OrgSettings {
            name: "o".into(),
            plan: PlanId::parse("standard").expect("a plan id"),
            plan_limit: 6,
            limit_override: None,
            max_call_duration_ms: 0,
            max_wait_ms: PerType::default(),
            max_queued: 1_000,
        };
        let mut pair = Self {
            core: Shard::new(),
            model: Model::new(settings.clone()),
            log: Vec::new(),
            now: Now { at: Timestamp(1_700_000_000_000), tick: Tick(0) },
            invariants: Invariants::default(),
        };
        pair.ask_core(Command::Org(org(), OrgCommand::CreateOrg(settings)))
            .0
            .expect("a new organisation");
        for n in 0..AGENTS {
            let agent = AgentId::parse(&format!("agent-{n}")).expect("an agent id");
            let name = Arc::from(agent.as_str());
            pair.step(&Step::Command(OrgCommand::PutAgent { agent, name, cap: None }));
        }
        pair
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Command(command) => {
                let (reply, events) = self.ask_core(Command::Org(org(), command.clone()));
                assert_eq!(reply, self.model.decide(self.now, command), "the reply to {command:?}");
                self.compare_events(&events);
                self.invariants.check_command(command, &reply, &events);
            }
            Step::Pass(ms) => {
                self.now =
                    Now { at: Timestamp(self.now.at.0 + ms), tick: self.now.tick.after_ms(*ms) };
                let (reply, events) = self.ask_core(Command::ExpireDue);
                reply.expect("expiry is never refused");
                self.model.expire_due(self.now);
                self.compare_events(&events);
                self.invariants.check_expiry(&events);
            }
            Step::Restart => {
                self.core = self.replayed();
                self.core.resume(self.now.tick);
                self.model.resume(self.now.tick);
            }
        }
        self.compare_states();
    }

    fn ask_core(
        &mut self,
        command: Command,
    ) -> (Result<callslot_core::Reply, callslot_core::Rejection>, Vec<Recorded>) {
        let mut events = Vec::new();
        let reply = self.core.decide(self.now, command, &mut events);
        assert!(reply.is_ok() || events.is_empty(), "a refused command changes nothing");
        self.log.extend(events.iter().map(|event| (self.now.tick, event.clone())));
        (reply, events)
    }

    fn compare_events(&self, events: &[Recorded]) {
        let events: Vec<_> =
            events.iter().map(|recorded| (recorded.sequence, recorded.event.clone())).collect();
        assert_eq!(events, self.model.events());
    }

    fn compare_states(&mut self) {
        let org = self.core.org(&org()).expect("the organisation");
        let pool = org.pool(self.now);
        assert_eq!(pool, self.model.pool(self.now));
        assert_eq!(self.core.next_deadline(), self.model.next_deadline());
        let known = self.model.known_calls(self.now);
        for view in &known {
            let shown = org.call(&view.call.request.id, self.now);
            assert_eq!(shown.as_ref(), Some(view));
        }
        let listed = org.calls(&CallFilter::default(), None, 1_000, self.now);
        let live = known.iter().filter(|view| !view.call.is_ended()).count();
        assert_eq!(listed.calls.len(), live);
        let queue: Vec<_> =
            listed.calls.iter().filter_map(|view| view.wait).map(|wait| wait.position).collect();
        assert!(queue.iter().copied().eq(1..=queue.len() as u64), "the queue is listed in order");
        self.invariants.check_state(&pool, &listed.calls);
    }

    fn replayed(&self) -> Shard {
        let mut shard = Shard::new();
        for (tick, event) in &self.log {
            shard.apply(*tick, event);
        }
        shard
    }

    /// The log, and a snapshot, lead to the state that is live.
    fn compare_replays(&self) {
        let snapshot = self.core.snapshot(self.now.tick);
        assert_eq!(self.replayed().snapshot(self.now.tick), snapshot);
        let mut restored = Shard::new();
        for event in &snapshot {
            restored.apply(self.now.tick, event);
        }
        assert_eq!(restored.snapshot(self.now.tick), snapshot);
        let org = restored.org(&org()).expect("the organisation");
        for view in self.model.known_calls(self.now) {
            assert_eq!(org.call(&view.call.request.id, self.now), Some(view));
        }
    }
}

fn org() -> OrgId {
    OrgId::parse("o").expect("an organisation id")
}

fn runner() -> TestRunner {
    TestRunner::new(Config { cases: RUNS, failure_persistence: None, ..Config::default() })
}

#[test]
fn the_core_answers_and_does_what_the_model_says_and_keeps_the_invariants() {
    let outcome = runner().run(&vec(step(), STEPS), |steps| {
        let mut pair = Pair::new();
        for step in &steps {
            pair.step(step);
        }
        pair.compare_replays();
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn the_random_commands_reach_every_corner() {
    let mut reached: BTreeMap<String, u32> = BTreeMap::new();
    let mut runner = TestRunner::deterministic();
    for _ in 0..100 {
        let steps = vec(step(), STEPS).new_tree(&mut runner).expect("random steps").current();
        let mut pair = Pair::new();
        for step in &steps {
            pair.step(step);
        }
        for corner in pair.invariants.into_reached() {
            *reached.entry(corner).or_default() += 1;
        }
    }
    for corner in invariants::CORNERS {
        assert!(reached.contains_key(*corner), "{corner} was never reached; {reached:?}");
    }
}
