//! A world without threads, clocks and disks: a node on its store, its clients and its engines, with every delay, failure and
//! crash chosen from outside.
//!
//! A world takes one [`Action`] after the other. Whatever it is, in whatever order, the world stays true to what could
//! happen to a real node; so a run can be repeated, cut short and searched. Start reading at [`World::take`].

mod engines;
mod node;

use callslot_core::OrgId;

use crate::judge::Judge;
use crate::report::Happened;
use crate::world::engines::Engines;
use crate::world::node::Node;

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
    /// The process dies, and another one starts on the same store.
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

/// A node and its engines.
#[derive(Debug)]
pub struct World {
    node: Node,
    engines: Engines,
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
        self.node.replicate();
        self
    }

    pub(crate) fn judged_by(judge: Judge) -> Self {
        Self { node: Node::judged_by(judge), engines: Engines::default() }
    }

    /// Lets something happen.
    ///
    /// # Panics
    /// When a promise of `docs/semantics.md` is broken.
    pub fn take(&mut self, action: &Action) {
        match action {
            Action::Ask(ask) => self.node.ask(ask),
            Action::Take(most) => self.node.take_orders(*most),
            Action::Disk(fate) => self.node.step_commit(*fate),
            Action::Hear => self.node.hear(),
            Action::Pass(ms) => self.pass(*ms),
            Action::Stall(ms) => self.node.advance(*ms),
            Action::SetClock(ms) => self.node.set_clock(*ms),
            Action::Crash => self.crash(),
            Action::KeepSnapshot(fate) => self.node.keep_snapshot(*fate),
            Action::Truncate => self.node.truncate(),
            Action::ConfirmClock => self.node.confirm_clock(),
            Action::Project(fate) => self.node.project(*fate),
            Action::Follow(org) => self.node.follow(org),
            Action::Engine(number, deed) => self.engines.act(&mut self.node, *number, deed),
            Action::CatchUp => self.catch_up(),
            Action::Stop => self.stop(),
        }
    }

    /// The node, of which much can be seen.
    pub(crate) fn node(&self) -> &Node {
        &self.node
    }

    /// The engines, and what they believe.
    pub(crate) fn engines(&self) -> &Engines {
        &self.engines
    }

    /// Takes, commits and hears until there is nothing to do.
    pub fn settle(&mut self) {
        self.node.settle();
    }

    /// The judge, whose model has the state.
    #[must_use]
    pub fn judge(&self) -> &Judge {
        &self.node.judge
    }

    /// How much happened so far.
    #[must_use]
    pub fn happened(&self) -> Happened {
        self.node.happened()
    }

    /// Ends the world: all that is on its way comes to its end, one more crash shows that nothing is lost, and the
    /// projection has every ended call once.
    pub fn end(&mut self) {
        self.settle();
        self.catch_up();
        self.settle();
        self.crash();
        self.node.finish_history();
    }

    fn pass(&mut self, ms: u64) {
        let mut left = ms;
        while left > 0 {
            let step = left.min(LOOK_EVERY_MS);
            self.node.advance(step);
            left -= step;
            self.node.look_if_idle();
            self.engines.tick(&mut self.node);
        }
    }

    fn crash(&mut self) {
        self.engines.drop_connections();
        self.node.crash();
    }

    /// Everything on its way between the node and its engines arrives, and then every history is complete.
    fn catch_up(&mut self) {
        if self.engines.is_empty() {
            return;
        }
        self.let_all_arrive();
        self.engines.check_complete(&self.node);
    }

    /// The server stops: it takes no more, answers what it took, and another process starts on the same store.
    fn stop(&mut self) {
        self.engines.stop(&mut self.node);
        self.let_all_arrive();
        self.pass(STOPS_WITHIN_MS);
        self.engines.turn(&mut self.node);
        self.engines.check_all_ended();
        self.node.settle();
        self.crash();
    }

    fn let_all_arrive(&mut self) {
        for _ in 0..MOST_TURNS {
            self.node.settle();
            if !self.engines.turn(&mut self.node) {
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
