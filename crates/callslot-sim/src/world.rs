//! A world without threads, clocks and disks: a node on its store, its clients and its engines, with every delay, failure and
//! crash chosen from outside.
//!
//! A world takes one [`Action`] after the other. Whatever it is, in whatever order, the world stays true to what could
//! happen to a real node; so a run can be repeated, cut short and searched. Start reading at [`World::take`].

mod engines;
mod node;
mod plan_changes;

use std::sync::Arc;

use callslot_core::{Command, OrgId};
use callslot_node::{Route, recover_all};
use callslot_store::{MemoryStore, Store, shard_of};

use crate::judge::Judge;
use crate::report::Happened;
use crate::world::engines::Engines;
use crate::world::node::Node;
use crate::world::plan_changes::PlanChanges;

pub use crate::world::engines::{Deed, Saying};
pub(crate) use crate::world::node::engines_org;
pub use crate::world::node::{Ask, Fate};

/// How often a node looks at the clock.
const LOOK_EVERY_MS: u64 = 100;
/// In this many turns everything that is on its way arrives.
const MOST_TURNS: usize = 400;
/// How long a server that stops lets its connections end, in milliseconds.
const STOPS_WITHIN_MS: u64 = 6_000;

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The store is made, of this many shards. Otherwise it has one.
    Shards(u16),
    /// From now on this shard, by its number, is the one that goes on: takes, commits, hears, and tends its log.
    Turn(u16),
    /// A client asks for something. It waits until the node takes it.
    Ask(Ask),
    /// The node takes up to this many of the orders that wait, and lets time pass.
    Take(usize),
    /// The disk does the next thing for the record being committed.
    Disk(Fate),
    /// The node hears of the next outcome.
    Hear,
    /// This many milliseconds go by, in which the node looks at the clock when it can.
    Pass(u64),
    /// This many milliseconds go by, in which the node does nothing.
    Stall(u64),
    /// The system's clock is set to another time, this many milliseconds away.
    SetClock(i64),
    /// The process dies, with all its shards, and another one starts on the same store.
    Crash,
    /// A snapshot is kept.
    KeepSnapshot(Fate),
    /// Records that are old and that nothing needs are removed.
    Truncate,
    /// The next start is told that the clock is right.
    ConfirmClock,
    /// Ended calls are projected from the log.
    Project(Fate),
    /// A follower of an organisation's events reads on.
    Follow(OrgId),
    /// An engine, by its number, or the server for it, does something.
    Engine(usize, Deed),
    /// Everything on its way to and from engines arrives.
    CatchUp,
    /// The server stops in order, and starts again.
    Stop,
}

/// A node with its shards, and its engines.
#[derive(Debug)]
pub struct World {
    shards: Vec<Node>,
    /// The one that goes on.
    turn: usize,
    route: Route,
    plan_changes: PlanChanges,
    engines: Engines,
    has_replicas: bool,
}

impl World {
    /// A new node on an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::judged_by(Judge::default())
    }

    /// Another one whose log is also replayed record by record, and each prefix compared: slow.
    #[must_use]
    pub fn with_replica(mut self) -> Self {
        self.has_replicas = true;
        self.shards.iter_mut().for_each(Node::replicate);
        self
    }

    pub(crate) fn judged_by(judge: Judge) -> Self {
        Self {
            shards: vec![Node::new(MemoryStore::new(), judge)],
            turn: 0,
            route: Route::over(1),
            plan_changes: PlanChanges::default(),
            engines: Engines::default(),
            has_replicas: false,
        }
    }

    /// Makes the store of that many shards, as long as nothing is in it. The judge goes to the shard that engines act in.
    fn make_shards(&mut self, count: u16) {
        let Some(first) = self.shards.pop() else { return };
        if !self.shards.is_empty() || first.has_begun() {
            self.shards.push(first);
            return;
        }
        let (store, mut judge) = (MemoryStore::with_shards(count), Some(first.judge));
        let home = shard_of(&engines_org(), count);
        for number in 0..count {
            let judge = if number == home { judge.take() } else { None };
            let mut shard = Node::new(store.seen_from(number), judge.unwrap_or_default());
            if self.has_replicas {
                shard.replicate();
            }
            self.shards.push(shard);
        }
        self.route = Route::over(count);
        self.turn = usize::from(home);
    }

    /// Lets something happen.
    ///
    /// # Panics
    /// When a promise of `docs/semantics.md` is broken.
    pub fn take(&mut self, action: &Action) {
        match action {
            Action::Shards(count) => self.make_shards(*count),
            Action::Turn(number) => self.turn = usize::from(*number) % self.shards.len(),
            Action::Ask(ask) => self.ask(ask),
            Action::Take(most) => self.shard().take_orders(*most),
            Action::Disk(fate) => self.shard().step_commit(*fate),
            Action::Hear => self.shard().hear(),
            Action::Pass(ms) => self.pass(*ms),
            Action::Stall(ms) => self.each(|shard| shard.advance(*ms)),
            Action::SetClock(ms) => self.each(|shard| shard.set_clock(*ms)),
            Action::Crash => self.crash(),
            Action::KeepSnapshot(fate) => self.shard().keep_snapshot(*fate),
            Action::Truncate => self.shard().truncate(),
            Action::ConfirmClock => self.each(Node::confirm_clock),
            Action::Project(fate) => self.shard().project(*fate),
            Action::Follow(org) => {
                let number = self.route.shard_of(org);
                self.shards[usize::from(number)].follow(org);
            }
            Action::Engine(number, deed) => {
                let (engines, home) = self.engines_and_home();
                engines.act(home, *number, deed);
            }
            Action::CatchUp => self.catch_up(),
            Action::Stop => self.stop(),
        }
        self.plan_changes.go_on(&mut self.shards);
    }

    /// A client asks for something: the shard that it is for, or all of them.
    fn ask(&mut self, ask: &Ask) {
        if let Ask::Command(command) = ask
            && let Command::SetPlanLimit(set) = command.itself()
            && self.shards.len() > 1
        {
            self.plan_changes.ask(command, set);
            return;
        }
        let number = self.route.shard_of_share(&ask.share());
        self.shards[usize::from(number)].ask(ask);
    }

    fn shard(&mut self) -> &mut Node {
        &mut self.shards[self.turn]
    }

    fn each(&mut self, of: impl FnMut(&mut Node)) {
        self.shards.iter_mut().for_each(of);
    }

    /// The engines, and the shard that they act in.
    fn engines_and_home(&mut self) -> (&mut Engines, &mut Node) {
        let home = self.route.shard_of(&engines_org());
        (&mut self.engines, &mut self.shards[usize::from(home)])
    }

    /// The shard that goes on, of which much can be seen.
    pub(crate) fn node(&self) -> &Node {
        &self.shards[self.turn]
    }

    /// The numbers of the shards that have something to do.
    pub(crate) fn busy_shards(&self) -> Vec<u16> {
        (0..).zip(&self.shards).filter(|(_, shard)| shard.is_busy()).map(|(it, _)| it).collect()
    }

    /// The number of the shard that goes on.
    pub(crate) fn turn(&self) -> u16 {
        u16::try_from(self.turn).expect("a world has few shards")
    }

    /// The engines, and what they believe.
    pub(crate) fn engines(&self) -> &Engines {
        &self.engines
    }

    /// Takes, commits and hears until there is nothing to do.
    pub fn settle(&mut self) {
        loop {
            self.each(Node::settle);
            self.plan_changes.go_on(&mut self.shards);
            if self.busy_shards().is_empty() {
                break;
            }
        }
    }

    /// The judge, whose model has the state of the shard that engines act in.
    #[must_use]
    pub fn judge(&self) -> &Judge {
        self.judge_of(&engines_org())
    }

    /// The judge whose model has the state of an organisation.
    #[must_use]
    pub fn judge_of(&self, org: &OrgId) -> &Judge {
        &self.shards[usize::from(self.route.shard_of(org))].judge
    }

    /// How much happened so far, in all shards.
    #[must_use]
    pub fn happened(&self) -> Happened {
        self.shards.iter().map(Node::happened).fold(Happened::default(), |all, of| all + of)
    }

    /// Ends the world: all that is on its way comes to its end, one more crash shows that nothing is lost, and the
    /// projection has every ended call once.
    pub fn end(&mut self) {
        self.settle();
        self.catch_up();
        self.settle();
        self.crash();
        self.each(Node::finish_history);
        self.judge_places();
    }

    /// Every organisation is in the shard that its id says forever: nobody else looks for it anywhere else.
    fn judge_places(&self) {
        let count = u16::try_from(self.shards.len()).expect("a world has few shards");
        for (number, shard) in (0..).zip(&self.shards) {
            for org in shard.judge.model().orgs() {
                assert_eq!(shard_of(&org, count), number, "where {org} is, left as its id says");
            }
        }
    }

    fn pass(&mut self, ms: u64) {
        let mut left = ms;
        while left > 0 {
            let step = left.min(LOOK_EVERY_MS);
            left -= step;
            self.each(|shard| {
                shard.advance(step);
                shard.look_if_idle();
            });
            let (engines, home) = self.engines_and_home();
            engines.tick(home);
        }
    }

    fn crash(&mut self) {
        self.engines.drop_connections();
        self.plan_changes.forget();
        let were_torn: Vec<bool> = self.shards.iter_mut().map(Node::die).collect();
        let store: Arc<dyn Store> = Arc::clone(&self.shards[0].store) as _;
        let recovered = recover_all(&store).expect("a fair store can be read");
        for ((shard, was_torn), recovered) in self.shards.iter_mut().zip(were_torn).zip(recovered) {
            shard.start_again(was_torn, recovered);
        }
        self.judge_places();
    }

    /// Everything on its way between the node and its engines arrives, and then every history is complete.
    fn catch_up(&mut self) {
        if self.engines.is_empty() {
            return;
        }
        self.let_all_arrive();
        let (engines, home) = self.engines_and_home();
        engines.check_complete(home);
    }

    /// The server stops: it takes no more, answers what it took, and another process starts on the same store.
    fn stop(&mut self) {
        let (engines, home) = self.engines_and_home();
        engines.stop(home);
        self.let_all_arrive();
        self.pass(STOPS_WITHIN_MS);
        let (engines, home) = self.engines_and_home();
        engines.turn(home);
        engines.check_all_ended();
        self.settle();
        self.crash();
    }

    fn let_all_arrive(&mut self) {
        for _ in 0..MOST_TURNS {
            self.settle();
            let (engines, home) = self.engines_and_home();
            if !engines.turn(home) {
                break;
            }
        }
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}
