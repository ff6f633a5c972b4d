//! What engines do in a seed's world: they start and end calls in messages, read slowly, are cut off, come back and resume,
//! while the server stops and starts. Start reading at `Traffic::engine_action`.

use callslot_core::CallId;

use crate::generate::Traffic;
use crate::world::{Action, Deed, Saying, World, engines_org};

/// One of this many seeds has engines.
const SEEDS_PER_ENGINES: u64 = 5;
/// Which one. The seeds that once failed are others.
const WITH_ENGINES: u64 = 4;
/// How many engines there are.
const ENGINES: usize = 2;

/// How the engines of a seed behave.
#[derive(Debug)]
pub(super) struct EngineTraffic {
    /// How often, of 100 times, it is an engine's turn.
    share: u8,
    /// How often, of 100 times, an engine that could take a message does.
    takes: u8,
    /// How often, of 1000 times, a connection breaks, a second one is opened, and the server stops.
    breaks: [u16; 3],
}

impl EngineTraffic {
    /// The engines of a seed, if it has some.
    pub(super) fn of(seed: u64) -> Option<Self> {
        let mut rng = fastrand::Rng::with_seed(!seed);
        (seed % SEEDS_PER_ENGINES == WITH_ENGINES).then(|| Self {
            share: [25, 40, 60][rng.usize(..3)],
            takes: [100, 100, 60, 8][rng.usize(..4)],
            breaks: [[0, 8, 30][rng.usize(..3)], [0, 8][rng.usize(..2)], [0, 3][rng.usize(..2)]],
        })
    }
}

impl Traffic {
    /// What an engine does next, if it is its turn.
    pub(super) fn engine_action(&mut self, world: &World) -> Option<Action> {
        let &EngineTraffic { share, takes, breaks: [cuts, seconds, stops] } =
            self.engines.as_ref()?;
        if self.rng.u8(..100) >= share {
            return None;
        }
        let number = self.rng.usize(..ENGINES);
        let engine = |deed| Some(Action::Engine(number, deed));
        let (is_connected, live) = world.engines().engine(number);
        let grace_s = [5, 15][self.rng.usize(..2)];
        if !is_connected {
            return engine(Deed::Connect(grace_s));
        }
        let drawn = self.rng.u16(..1_000);
        if drawn < cuts {
            return engine(Deed::Cut);
        }
        if drawn < cuts + seconds {
            return engine(Deed::Connect(grace_s));
        }
        if drawn < cuts + seconds + stops {
            return Some(Action::Stop);
        }
        match self.rng.u8(..100) {
            0..=26 => engine(Deed::Serve),
            45..=68 if self.rng.u8(..100) < takes => engine(Deed::Take),
            27..=68 => engine(Deed::Tell),
            69 => Some(Action::CatchUp),
            _ => {
                let live = live.map_or_else(Vec::new, |live| live.iter().cloned().collect());
                engine(Deed::Say(self.sayings(world, &live)))
            }
        }
    }

    fn sayings(&mut self, world: &World, live: &[CallId]) -> Vec<Saying> {
        let mut sayings = Vec::new();
        if self.rng.u8(..100) < 30 {
            sayings.push(Saying::Resume);
        }
        for _ in 0..self.rng.usize(..4) {
            let known = (!live.is_empty()).then(|| live[self.rng.usize(..live.len())].clone());
            sayings.push(match (self.rng.u8(..20), known) {
                (0..=6, Some(call)) => Saying::End(call),
                (7 | 8, Some(call)) => Saying::Claim(call),
                (11, Some(call)) => Saying::Decline(self.decline_call(call)),
                (9, _) => Saying::End(self.some_call()),
                (10, _) => {
                    let all = world.judge().model().live(&engines_org());
                    let some = self.pick(all, |_| true);
                    Saying::Adopt(some.unwrap_or_else(|| self.some_call()))
                }
                _ => Saying::Start(self.start_call(None)),
            });
        }
        sayings
    }
}
