//! Every interleaving of a tiny organisation: two agents, a limit of three, five calls that each start and end, one change
//! of settings and one crash, breadth first.
//!
//! A state is reached again by repeating its actions, so nothing of a node need be copied. Two paths lead to the same
//! state when everything that can be told apart from outside is the same: the calls in ticket order with their states,
//! what is reserved and allowed, what is on its way to the disk, and what clients have still to ask. How many requests
//! may be decided behind the record that is being committed is bounded: the number of states grows tenfold with each. Start
//! reading at [`explore`].

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;
use std::panic::{self, AssertUnwindSafe};

use callslot_core::{
    AgentId, CallGates, CallId, CallState, CallType, Command, EndCall, OrgChange, OrgCommand,
    OrgId, OrgSettings, PerType, PlanId, PutAgent, SetReservations, SetType, StartCall,
};

use crate::explore::seeds::{Failure, quiet, verdict};
use crate::world::{Action, Ask, Fate, World};

/// The agents and types of the calls.
const CALLS: [(&str, CallType); 5] = [
    ("a", CallType::Chat),
    ("a", CallType::Chat),
    ("a", CallType::Inbound),
    ("b", CallType::Chat),
    ("b", CallType::Inbound),
];
const LIMIT: u32 = 3;
/// The change of settings is asked after the starts and the ends.
const CHANGE: usize = 2 * CALLS.len();
const REQUESTS: usize = CHANGE + 1;

/// The change that is made while calls start and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Two slots are reserved for a class, of which there are three.
    Reserve,
    /// Slots that are reserved from the beginning are given back.
    Unreserve,
    /// The limit goes down to one.
    LowerLimit,
    /// The limit goes up by one.
    RaiseLimit,
    /// An agent gets a cap.
    Cap,
    /// An agent loses the cap that it has from the beginning.
    Uncap,
    /// A type gets a cap, under which a slot is reserved for one of the agents.
    CapType,
}

impl Change {
    /// All changes.
    pub const ALL: [Self; 7] = [
        Self::Reserve,
        Self::Unreserve,
        Self::LowerLimit,
        Self::RaiseLimit,
        Self::Cap,
        Self::Uncap,
        Self::CapType,
    ];
}

/// How many states there are, and how many steps lead from one to another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Explored {
    /// States that differ.
    pub states: u64,
    /// Steps taken.
    pub steps: u64,
}

/// What can happen in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Step {
    /// A request arrives and the node takes it.
    Request(u8),
    /// The record that is on its way is committed, and the node hears of it.
    Commit,
    /// The process dies.
    Crash,
    /// The record that is on its way is committed, and the process dies before it hears of it.
    CommitAndCrash,
}

/// A state, as the step that leads there from an earlier one.
#[derive(Debug)]
struct State {
    /// None: the beginning.
    reached_by: Option<(usize, Step)>,
    /// The steps that lead on, until they are taken.
    possible: Vec<Step>,
}

/// What clients have asked: a bit a request.
#[derive(Debug, Clone, Copy, Default, Hash)]
struct Progress {
    /// Requests that are durable, or were refused.
    done: u16,
    /// Requests that the node took for the record on its way, and for the one after it.
    on_the_way: [u16; 2],
    has_crashed: bool,
}

/// Goes through every state with at most `behind` requests decided behind the record being committed.
///
/// # Errors
/// [`Failure`] with the shortest way to a state in which a promise is broken.
pub fn explore(change: Change, behind: u32) -> Result<Explored, Failure> {
    quiet();
    let beginning = visit(change, behind, &[])?;
    let mut states = vec![State { reached_by: None, possible: beginning.possible }];
    let mut known = HashSet::new();
    let (mut place, mut steps) = (0, 0);
    while place < states.len() {
        let mut path = path_to(&states, place);
        for step in mem::take(&mut states[place].possible) {
            steps += 1;
            path.push(step);
            let Visited { fingerprint, possible } = visit(change, behind, &path)?;
            path.pop();
            if known.insert(fingerprint) {
                states.push(State { reached_by: Some((place, step)), possible });
            }
        }
        place += 1;
    }
    Ok(Explored { states: states.len() as u64, steps })
}

fn path_to(states: &[State], place: usize) -> Vec<Step> {
    let mut path = Vec::new();
    let mut reached_by = states[place].reached_by;
    while let Some((parent, step)) = reached_by {
        path.push(step);
        reached_by = states[parent].reached_by;
    }
    path.reverse();
    path
}

/// What there is at the end of a path.
struct Visited {
    fingerprint: u64,
    possible: Vec<Step>,
}

/// Takes a path from the beginning.
fn visit(change: Change, behind: u32, path: &[Step]) -> Result<Visited, Failure> {
    let mut actions = Vec::new();
    let visited = panic::catch_unwind(AssertUnwindSafe(|| {
        let mut world = World::new();
        let mut progress = Progress::default();
        for action in foundations(change) {
            take(&mut world, &mut actions, action);
        }
        world.settle();
        for step in path {
            advance(change, &mut world, &mut progress, &mut actions, *step);
        }
        let fingerprint = fingerprint(&world, progress);
        let possible = possible(&world, progress, behind);
        if possible.is_empty() {
            world.end();
        }
        Visited { fingerprint, possible }
    }));
    visited.map_err(|panic| Failure { verdict: verdict(&*panic), actions })
}

fn take(world: &mut World, actions: &mut Vec<Action>, action: Action) {
    // It is noted first, so that it is there if it fails.
    actions.push(action);
    world.take(&actions[actions.len() - 1]);
}

fn advance(
    change: Change,
    world: &mut World,
    progress: &mut Progress,
    actions: &mut Vec<Action>,
    step: Step,
) {
    match step {
        Step::Request(number) => {
            take(world, actions, Action::Ask(Ask::Command(request(change, number.into()))));
            take(world, actions, Action::Take(1));
            let was_idle = progress.on_the_way == [0, 0];
            if was_idle && !world.node().is_committing() {
                // It needed no record.
                progress.done |= 1 << number;
            } else {
                progress.on_the_way[usize::from(!was_idle)] |= 1 << number;
            }
        }
        Step::Commit => {
            take(world, actions, Action::Disk(Fate::Fair));
            take(world, actions, Action::Hear);
            progress.done |= progress.on_the_way[0];
            progress.on_the_way = [progress.on_the_way[1], 0];
            if !world.node().is_committing() {
                progress.done |= progress.on_the_way[0];
                progress.on_the_way = [0, 0];
            }
        }
        Step::Crash | Step::CommitAndCrash => {
            if step == Step::CommitAndCrash {
                take(world, actions, Action::Disk(Fate::Fair));
                progress.done |= progress.on_the_way[0];
            }
            take(world, actions, Action::Crash);
            progress.on_the_way = [0, 0];
            progress.has_crashed = true;
        }
    }
}

/// What can happen: every request that was not made or was lost, except that a call ends only after it was asked for, and
/// of calls that do not differ the first goes first.
fn possible(world: &World, progress: Progress, behind: u32) -> Vec<Step> {
    let asked = progress.done | progress.on_the_way[0] | progress.on_the_way[1];
    let is_asked = |request: usize| asked & (1 << request) != 0;
    let may_be_asked = |request: &usize| {
        let request = *request;
        let is_end = (CALLS.len()..CHANGE).contains(&request);
        let is_second =
            request > 0 && request < CALLS.len() && CALLS[request] == CALLS[request - 1];
        !is_asked(request)
            && (!is_end || is_asked(request - CALLS.len()))
            && (!is_second || is_asked(request - 1))
    };
    let number = |request| Step::Request(u8::try_from(request).expect("few requests"));
    let has_room = progress.on_the_way[1].count_ones() < behind;
    let mut steps: Vec<Step> =
        (0..REQUESTS).filter(|_| has_room).filter(may_be_asked).map(number).collect();
    if world.node().is_committing() {
        steps.push(Step::Commit);
        if !progress.has_crashed {
            steps.push(Step::CommitAndCrash);
        }
    }
    if !progress.has_crashed {
        steps.push(Step::Crash);
    }
    steps
}

fn fingerprint(world: &World, progress: Progress) -> u64 {
    let mut hasher = DefaultHasher::new();
    progress.hash(&mut hasher);
    let model = world.judge().model();
    for call in model.live(&org()) {
        call.request.id.hash(&mut hasher);
        match &call.state {
            CallState::Queued(queued) => (0, queued.misses).hash(&mut hasher),
            CallState::Active(active) => {
                (1, active.slot as u8, active.dispatched.is_some()).hash(&mut hasher);
            }
            CallState::Ended(_) => 2.hash(&mut hasher),
        }
    }
    let on_the_way: Vec<String> =
        world.node().on_the_way().map(|command| format!("{command:?}")).collect();
    on_the_way.hash(&mut hasher);
    hasher.finish()
}

fn foundations(change: Change) -> Vec<Action> {
    let settings = OrgSettings {
        name: "tiny".into(),
        plan: PlanId::parse("standard").expect("a plan id"),
        plan_limit: LIMIT,
        limit_override: None,
        max_call_duration_ms: 0,
        max_wait_ms: PerType::default(),
        max_queued: 100,
    };
    let mut commands = vec![OrgCommand::CreateOrg(settings), put_agent("a", None)];
    commands.push(put_agent("b", (change == Change::Uncap).then_some(1)));
    if change == Change::Unreserve {
        commands.push(reserve(2));
    }
    if change == Change::CapType {
        commands.push(reserve(1));
    }
    let ask = |command| Action::Ask(Ask::Command(Command::Org(org(), command)));
    commands.into_iter().map(ask).collect()
}

fn request(change: Change, number: usize) -> Command {
    let command = if number == CHANGE {
        let limit = |limit| {
            let limit_override = Some(Some(limit));
            OrgCommand::ChangeOrg(OrgChange { limit_override, ..OrgChange::default() })
        };
        match change {
            Change::Reserve => reserve(2),
            Change::Unreserve => reserve(0),
            Change::LowerLimit => limit(1),
            Change::RaiseLimit => limit(LIMIT + 1),
            Change::Cap => put_agent("a", Some(1)),
            Change::Uncap => put_agent("b", None),
            Change::CapType => {
                OrgCommand::SetType(SetType { call_type: CallType::Chat, cap: Some(2), pace: None })
            }
        }
    } else if number < CALLS.len() {
        let (agent, call_type) = CALLS[number];
        OrgCommand::StartCall(StartCall {
            id: call(number),
            agent: AgentId::parse(agent).expect("an agent id"),
            call_type,
            lease: None,
            max_wait_ms: None,
            max_duration_ms: None,
            claim_within_ms: None,
            gates: CallGates::default(),
            metadata: None,
        })
    } else {
        OrgCommand::EndCall(EndCall { call: call(number - CALLS.len()), note: None })
    };
    Command::Org(org(), command)
}

fn reserve(slots: u32) -> OrgCommand {
    let mut reserved = PerType::default();
    reserved[CallType::Chat] = slots;
    let reservations = vec![(AgentId::parse("b").expect("an agent id"), reserved)];
    OrgCommand::SetReservations(SetReservations { reservations, if_version: None })
}

fn put_agent(agent: &str, cap: Option<u32>) -> OrgCommand {
    let id = AgentId::parse(agent).expect("an agent id");
    OrgCommand::PutAgent(PutAgent { agent: id, name: agent.into(), cap, pace: None })
}

fn call(number: usize) -> CallId {
    CallId::parse(&number.to_string()).expect("a call id")
}

fn org() -> OrgId {
    OrgId::parse("o").expect("an organisation id")
}
