//! The language of the rule tests: a script of statements, each with its expected outcome.
//!
//! `limit 2; agents a b` sets up. Then, each with `-> outcome`:
//! `start a.chat 1 [via g,h] (gates) [lease l] [wait 5s] [lasts 9s] [claims 2s] [bytes 40]` (of metadata), `end 1`, `erase 1` (its metadata and note, for good), `sweep [agent a] [type chat] [via g] [state queued] [ids 1 2]` (ends all that match), `hang up 1` (ends it if it is queued), `claim 1 [by w]` (the caller is `key`), `decline 1 [for good]`, `reserve a chat 2 inbound 1 [and b chat 1]` (the other types
//! get 0), `unreserve a`, `cap a 3 [every=2/1s [burst=3]]` (a pace), `uncap a [every=2/1s]`, `cap type chat 3`, `uncap type chat`, `limit 5`, `limit none`, `plan 20` (the plan's limit), `forget a` (deletes the agent), `gate g [cap=3] [pace=2/1s [burst=3]] [paused] [within] [shut]` (the last two: with hours, and within them or not), `hours g on` and `hours g off`, `ungate g`, `doors 2` (how many gates there may be), `lanes 2` (how many lanes with gates), `moves 2` (how many lanes a step moves), `open l 15s`, `renew l [1 2]` (with the
//! digest of these calls), `prolong l` (without one), `reconcile l [1 2]`, `adopt l 1`, `close l`, `pass 5s` or `pass 500ms` (time goes
//! by, what is due expires), `later 5s` (what is due has not expired yet), `restart` (the state is replayed), `bound 10` (of the queue), `metadata 100` (the bound of
//! the metadata that is queued, in bytes), `crowd 2` (how many agents there may be), `vouchers 2 [1]` (how many leases, and how many of a key), `step 2` (how many events a step has), `looks 2` (how many calls a step looks at for a sweep), `compares 2` (the same for a reconciliation), `go` (what is left goes on by a step), `finish l [1 2]` (the
//! reconciliation that left a rest), `page l [1 2]` (a page of a reconciliation, more of which follow), `next l [1 2]` (the same, with the last page's cursor), `last l [1 2]` (the last page, with the cursor), `stray l [1 2]` and `strayed l [1 2]` (as `next` and `last`, with a cursor that no page had), `paged 9 1000` (how many calls and bytes pages may have), `longest 60s` (call duration), `patience chat 30s` (default wait).
//!
//! An outcome names everything that happened: `reserved`, `shared` or (either) `active` for a call that started at once;
//! `queued` (with or without the reason); `starts 3 4`, `queues 5`, `ends 6:max_wait` for other calls; `done 2` for a sweep that has ended two; `refused NAME …`
//! with the numbers; `repeated STATE`; `erased`; `rest` where a reconciliation is not finished; `kept` for a page, `lost` where the pages before are not there; the reason of a call that ended as it came;
//! `remembered` for the end of a call that has not come yet. No outcome means that nothing else happened.

#[path = "orders.rs"]
pub mod orders;

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::sync::Arc;

use callslot_core::limits::Bounds;
use callslot_core::{
    Active, BlockedBy, CallEvent, CallId, CallState, Command, Event, GateView, HangUp, LeaseId,
    Now, Org, OrgCommand, OrgSettings, PerType, PoolView, ReconcileLease, Recorded, Rejection,
    Reply, ReservationsPreview, RestToReconcile, SetPlanLimit, Shard, SlotKind, SweepEvent, Tick,
    Timestamp, Wait,
};

use orders::{
    call, call_command, duration_ms, gate, lease_command, number, org, plan, settings_command,
    sweep_command,
};
pub use orders::{lease, reservations};

const VERBS: &[&str] = &[
    "limit",
    "plan",
    "agents",
    "start",
    "end",
    "erase",
    "sweep",
    "hang",
    "claim",
    "decline",
    "reserve",
    "unreserve",
    "cap",
    "uncap",
    "forget",
    "open",
    "renew",
    "prolong",
    "reconcile",
    "adopt",
    "close",
    "pass",
    "later",
    "restart",
    "bound",
    "metadata",
    "crowd",
    "vouchers",
    "step",
    "go",
    "finish",
    "page",
    "next",
    "last",
    "stray",
    "strayed",
    "paged",
    "looks",
    "compares",
    "longest",
    "patience",
    "gate",
    "hours",
    "ungate",
    "doors",
    "lanes",
    "moves",
];

/// Statements that are pages of a reconciliation, more of which follow.
const PAGES: [&str; 3] = ["page", "next", "stray"];

/// Runs a script and fails at the first statement that comes to something else than it says.
pub fn check(script: &str) -> World {
    let mut world = World::new();
    for statement in statements(script) {
        let (order, expected) = match statement.split_once(" -> ") {
            Some((order, expected)) => (order, expected),
            None => (statement.as_str(), ""),
        };
        let came_of_it = world.run(order);
        assert!(
            is_expected(expected, &came_of_it),
            "`{order}` came to `{came_of_it}`, not to `{expected}`\n{}",
            world.history
        );
        let _ = writeln!(world.history, "{order} -> {came_of_it}");
        world.assert_replay_agrees();
    }
    world
}

/// A shard with one organisation, `o`.
pub struct World {
    shard: Shard,
    log: Vec<(Now, Recorded)>,
    pub now: Now,
    history: String,
    bounds: Bounds,
    /// What the last reconciliation left.
    rest: Option<RestToReconcile>,
    /// What the last page that was kept of each lease was answered.
    cursors: HashMap<LeaseId, u64>,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            shard: Shard::new(),
            log: Vec::new(),
            now: Now { at: Timestamp(1_000_000), tick: Tick(0) },
            history: String::new(),
            bounds: Bounds::default(),
            rest: None,
            cursors: HashMap::new(),
        };
        world
            .decide(OrgCommand::CreateOrg(OrgSettings {
                name: "o".into(),
                plan: plan(),
                plan_limit: 20,
                limit_override: None,
                max_call_duration_ms: 0,
                max_wait_ms: PerType::default(),
                max_queued: 1_000_000,
            }))
            .0
            .expect("a new organisation");
        world
    }

    pub fn org(&self) -> &Org {
        self.shard.org(&org()).expect("the organisation")
    }

    pub fn pool(&self) -> PoolView {
        self.org().pool(self.now)
    }

    pub fn snapshot(&self) -> Vec<Recorded> {
        self.shard.snapshot(self.now.tick)
    }

    /// What `reserve wanted` would lead to, worked out that many calls at a time, or how it would be refused.
    pub fn preview(&self, wanted: &str, calls: usize) -> Result<ReservationsPreview, String> {
        let preview = self.org().preview_reservations(&reservations(wanted), self.now.tick);
        let mut preview = preview.map_err(|rejection| refusal(&rejection))?;
        while !self.org().go_on_with_preview(&mut preview, calls) {}
        Ok(preview.finish())
    }

    /// `[reserved slots in use, shared slots in use, shared slots]`.
    pub fn slots_in_use(&self) -> [u32; 3] {
        let pool = self.pool();
        let classes = pool.agents.iter().flat_map(|agent| agent.types.0);
        [classes.map(|class| class.reserved_in_use).sum(), pool.shared_in_use, pool.shared_size]
    }

    pub fn position(&self, id: &str) -> Option<u64> {
        self.org().call(&call(id), self.now)?.wait.map(|wait| wait.position)
    }

    pub fn blocked_by(&self, id: &str) -> Option<BlockedBy> {
        self.org().call(&call(id), self.now)?.wait?.blocked_by
    }

    pub fn wait(&self, id: &str) -> Option<Wait> {
        self.org().call(&call(id), self.now)?.wait
    }

    pub fn gate(&self, id: &str) -> GateView {
        self.org().gate(&gate(id), self.now).expect("the gate")
    }

    pub fn next_deadline(&self) -> Option<Tick> {
        self.shard.next_deadline()
    }

    pub fn position_in_class(&self, id: &str) -> Option<u64> {
        self.org().call(&call(id), self.now)?.wait.map(|wait| wait.position_in_class)
    }

    pub fn estimate_ms(&self, id: &str) -> Option<u64> {
        self.org().call(&call(id), self.now)?.wait?.estimated_ms
    }

    pub fn run(&mut self, order: &str) -> String {
        let mut words: VecDeque<&str> = order.split_whitespace().collect();
        let verb = words.pop_front().expect("a verb");
        if self.set_bound(verb, &words) {
            return String::new();
        }
        let mut own = None;
        let command = match verb {
            "agents" => {
                for agent in words {
                    self.run(&format!("uncap {agent}"));
                }
                return String::new();
            }
            "plan" => Command::SetPlanLimit(SetPlanLimit { plan: plan(), limit: number(words[0]) }),
            "go" => Command::TakeStep,
            "restart" => {
                self.shard = self.replayed();
                self.shard.resume(self.now.tick);
                self.shard.set_bounds(self.bounds);
                return String::new();
            }
            "pass" | "later" => {
                let ms = duration_ms(words[0]);
                self.now =
                    Now { at: Timestamp(self.now.at.0 + ms), tick: self.now.tick.after_ms(ms) };
                if verb == "later" {
                    return String::new();
                }
                Command::ExpireDue
            }
            "hang" => {
                own = Some(words[1].to_owned());
                Command::Org(org(), OrgCommand::HangUp(HangUp { call: call(words[1]) }))
            }
            "sweep" => Command::Org(org(), sweep_command(&words)),
            "start" | "end" | "erase" | "claim" | "decline" => {
                own = Some(if verb == "start" { words[1] } else { words[0] }.to_owned());
                Command::Org(org(), call_command(verb, &words))
            }
            "reconcile" | "finish" | "page" | "next" | "last" | "stray" | "strayed" => {
                Command::Org(org(), self.reconciliation(verb, &words))
            }
            "open" | "renew" | "prolong" | "adopt" | "close" => {
                Command::Org(org(), lease_command(verb, &words))
            }
            _ => Command::Org(org(), settings_command(verb, &words)),
        };
        let of_page = words.front().map(|word| lease(word)).filter(|_| PAGES.contains(&verb));
        let (reply, events) = self.submit(command);
        match &reply {
            Ok(Reply::Reconciled { rest, .. }) => self.rest.clone_from(rest),
            Ok(Reply::PageKept { cursor }) => {
                self.cursors.insert(of_page.expect("a page is of a lease"), *cursor);
            }
            _ => {}
        }
        outcome(own.as_deref(), &reply, &events)
    }

    /// Sets a bound of the shard, if the statement is of that kind.
    fn set_bound(&mut self, verb: &str, words: &VecDeque<&str>) -> bool {
        let number = |place: usize| words.get(place).and_then(|word| word.parse::<usize>().ok());
        let bounds = &mut self.bounds;
        let bound = match verb {
            "metadata" => {
                bounds.queued_metadata_bytes = number(0).expect("a number") as u64;
                &mut bounds.agents
            }
            "paged" => {
                bounds.paged_bytes = number(1).expect("a number") as u64;
                &mut bounds.paged_calls
            }
            "vouchers" => {
                bounds.leases_of_key = number(1).unwrap_or(bounds.leases_of_key);
                &mut bounds.leases
            }
            "crowd" => &mut bounds.agents,
            "doors" => &mut bounds.gates,
            "lanes" => &mut bounds.lanes,
            "moves" => &mut bounds.lane_moves,
            "looks" => &mut bounds.looks,
            "compares" => &mut bounds.reconciled_looks,
            "step" => &mut bounds.step_events,
            _ => return false,
        };
        if verb != "metadata" {
            *bound = number(0).expect("a number");
        }
        self.shard.set_bounds(self.bounds);
        true
    }

    fn reconciliation(&self, verb: &str, words: &VecDeque<&str>) -> OrgCommand {
        let calls: Vec<CallId> = words.iter().skip(1).map(|word| call(word)).collect();
        let lease = lease(words[0]);
        let last = self.cursors.get(&lease).copied();
        let cursor = match verb {
            "next" | "last" => last,
            "stray" | "strayed" => Some(last.map_or(0, |cursor| !cursor)),
            _ => None,
        };
        OrgCommand::ReconcileLease(ReconcileLease {
            lease,
            active: Arc::new(calls.into()),
            more: matches!(verb, "page" | "next" | "stray"),
            cursor,
            rest: self.rest.clone().filter(|_| verb == "finish"),
        })
    }

    fn decide(&mut self, command: OrgCommand) -> (Result<Reply, Rejection>, Vec<Recorded>) {
        self.submit(Command::Org(org(), command))
    }

    fn submit(&mut self, command: Command) -> (Result<Reply, Rejection>, Vec<Recorded>) {
        let mut events = Vec::new();
        let reply = self.shard.decide(self.now, command, &mut events);
        self.log.extend(events.iter().map(|event| (self.now, event.clone())));
        (reply, events)
    }

    fn replayed(&self) -> Shard {
        let mut replayed = Shard::new();
        for (now, event) in &self.log {
            replayed.apply(*now, event);
        }
        replayed
    }

    /// The log, and a snapshot, lead to the state that is live.
    fn assert_replay_agrees(&self) {
        let snapshot = self.shard.snapshot(self.now.tick);
        assert_eq!(
            self.replayed().snapshot(self.now.tick),
            snapshot,
            "replay of\n{}",
            self.history
        );
        let mut restored = Shard::new();
        for event in &snapshot {
            restored.apply(self.now, event);
        }
        assert_eq!(restored.snapshot(self.now.tick), snapshot, "snapshot after\n{}", self.history);
        let pool = restored.org(&org()).expect("the organisation").pool(self.now);
        assert_eq!(pool, self.pool(), "snapshot after\n{}", self.history);
    }
}

fn statements(script: &str) -> Vec<String> {
    let mut statements: Vec<String> = Vec::new();
    for word in script.split([' ', '\n', ';']).filter(|word| !word.is_empty()) {
        // `limit` is a reason too: `queued limit`.
        let is_reason = statements.last().is_some_and(|statement| statement.ends_with("-> queued"));
        if VERBS.contains(&word) && !(is_reason && word == "limit") {
            statements.push(word.to_owned());
        } else {
            let statement = statements.last_mut().expect("a script starts with a verb");
            statement.push(' ');
            statement.push_str(word);
        }
    }
    statements
}

/// `active` means either kind of slot, and a reason may be left out.
fn is_expected(expected: &str, came_of_it: &str) -> bool {
    let either_slot = came_of_it.replacen("reserved", "active", 1).replacen("shared", "active", 1);
    let without_reason = came_of_it.starts_with("queued") && expected == "queued";
    expected == came_of_it || expected == either_slot || without_reason
}

fn outcome(own: Option<&str>, reply: &Result<Reply, Rejection>, events: &[Recorded]) -> String {
    let mut words = Vec::new();
    let is_adoption = events.iter().any(|it| matches!(it.event, Event::CallAdopted(_)));
    match reply {
        Err(rejection) => words.push(refusal(rejection)),
        Ok(Reply::Call { call, is_new }) => match (&call.call.state, call.wait) {
            (CallState::Active(Active { slot, .. }), _) if *is_new && !is_adoption => {
                words.push(slot_name(*slot).into());
            }
            (_, Some(wait)) if *is_new && !is_adoption => {
                words.push(format!("queued {}", wait.blocked_on.as_str()));
            }
            (state, _) if events.is_empty() => {
                words.push(format!("repeated {}", state_name(state)));
            }
            (CallState::Ended(ended), _) if *is_new && !is_adoption => {
                words.push(ended.reason.as_str().into());
            }
            _ => {}
        },
        Ok(Reply::EndRemembered) => words.push("remembered".into()),
        Ok(Reply::Reconciled { unknown, .. }) if !unknown.is_empty() => {
            let unknown: Vec<_> =
                unknown.iter().map(|it| format!("{}:{}", it.id, it.why.as_str())).collect();
            words.push(format!("unknown {}", unknown.join(" ")));
        }
        Ok(Reply::PageKept { .. }) => words.push("kept".into()),
        Ok(Reply::PagesLost) => words.push("lost".into()),
        Ok(Reply::Lease { reconcile: true, .. }) => words.push("reconcile!".into()),
        Ok(_) => {}
    }
    let (mut ends, mut queues, mut starts) = (Vec::new(), Vec::new(), Vec::new());
    let mut done = Vec::new();
    for recorded in events {
        if matches!(recorded.event, Event::CallErased(_)) {
            words.push("erased".into());
        }
        if let Event::Sweep(SweepEvent::Done { number: _, ended }) = recorded.event {
            done.push(ended.to_string());
        }
        let Event::Call(event) = &recorded.event else { continue };
        let id = &event.request().id;
        if Some(id.as_str()) == own {
            continue;
        }
        match event {
            CallEvent::Ended(call) | CallEvent::EndedAtOnce(call) => {
                ends.push(format!("{id}:{}", call.state.reason.as_str()));
            }
            CallEvent::Queued(_) => queues.push(id.to_string()),
            CallEvent::Started(_) => starts.push(id.to_string()),
        }
    }
    for (verb, calls) in [("ends", ends), ("done", done), ("queues", queues), ("starts", starts)] {
        if !calls.is_empty() {
            words.push(format!("{verb} {}", calls.join(" ")));
        }
    }
    if let Ok(Reply::Reconciled { rest: Some(_), .. }) = reply {
        words.push("rest".into());
    }
    words.join(" ")
}

fn refusal(rejection: &Rejection) -> String {
    let debug = format!("{rejection:?}");
    let name = debug.split([' ', '{']).next().expect("a name");
    let numbers: Vec<&str> =
        debug.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect();
    ["refused", name].into_iter().chain(numbers).collect::<Vec<_>>().join(" ")
}

fn slot_name(slot: SlotKind) -> &'static str {
    match slot {
        SlotKind::Reserved => "reserved",
        SlotKind::Shared => "shared",
    }
}

fn state_name(state: &CallState) -> &'static str {
    match state {
        CallState::Queued(_) => "queued",
        CallState::Active(_) => "active",
        CallState::Ended(_) => "ended",
    }
}
