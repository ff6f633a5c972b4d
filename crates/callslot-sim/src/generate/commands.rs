//! Random steps for a shard of three small organisations: few ids, so that calls, agents and leases meet again and again.
//!
//! What only the state can say (which calls are live, what a right sum is) is looked up in the model when the step is
//! taken, so that steps stay meaningful while a failure shrinks. Start reading at [`step`].

use std::sync::Arc;

use callslot_core::{
    Actor, ActorKind, AdoptCall, AgentId, Call, CallFilter, CallGates, CallId, CallType, Capped,
    ClaimCall, Claimant, Command, Decline, DeclineCall, DeleteAgent, DeleteGate, EndCall, EndCalls,
    EndLease, EraseCall, GateId, GateKind, GateSettings, HangUp, KeyId, LeaseId, LeaseSum, Now,
    OpenLease, OrgChange, OrgCommand, OrgId, OrgSettings, Pace, PerType, PlanId, PutAgent, PutGate,
    ReconcileLease, RenewLease, RestToReconcile, SetPlanLimit, SetReservations, SetType,
    SetWithinHours, StartCall, StateFilter, Version,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::Model;
use crate::generate::alerts::alert_command;
use crate::generate::gates::hours;

/// What happens next.
#[derive(Debug, Clone)]
pub enum Step {
    /// Somebody asks for something that needs no look at the state.
    Ask(Command),
    /// A live call is ended.
    EndLive(OrgId, Index),
    /// The client that waits for a live call goes away.
    HangUp(OrgId, Index),
    /// A live call is claimed.
    ClaimLive(OrgId, Index, Option<Claimant>),
    /// A live call is declined.
    DeclineLive(OrgId, Index, Decline),
    /// A call is asked for under the id of one that has ended, remembered or not.
    StartAgain(OrgId, Index, StartCall),
    /// A call is erased that has ended, remembered or not.
    EraseEnded(OrgId, Index),
    /// The same call is asked for again while it is live or remembered, under this lease.
    Repeat(OrgId, Index, Option<LeaseId>),
    /// A call is asked for under a lease that is open.
    StartUnderLease(OrgId, Index, StartCall),
    /// A lease adopts a live call.
    Adopt(OrgId, Index, LeaseId),
    /// An agent or a type gets a cap of what is reserved for it, or so much less.
    CapAtReservations(OrgId, Index, u32),
    /// A lease is renewed.
    Renew(OrgId, LeaseId, Belief),
    /// An engine names the active calls it knows: of the lease's those that are `true`, then others.
    Reconcile(OrgId, LeaseId, Vec<bool>, Vec<CallId>, Paging),
    /// An open lease is renewed until its calls are as old as its time to live.
    Hold(OrgId, Index),
    /// What is left to do is done.
    GoOn,
    /// Time goes by, in milliseconds.
    Pass(u64, Timer),
    /// The clock for people jumps by this many milliseconds.
    SetClock(i64),
    /// The server restarts.
    Restart(Source),
}

/// What an engine believes of its active calls.
#[derive(Debug, Clone, Copy)]
pub enum Belief {
    /// It does not say.
    Unsaid,
    /// The truth.
    Right,
    /// Something else.
    Wrong(LeaseSum),
}

/// What a reconciliation is a part of.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    more: bool,
    /// 0: it has no cursor, 1: a wrong one, more: the right one.
    cursor: u8,
    /// Whether an earlier step of it was decided.
    is_going_on: bool,
}

/// When what is due expires.
#[derive(Debug, Clone, Copy)]
pub enum Timer {
    /// At each deadline.
    OnTime,
    /// All at once, when the time has gone by.
    Late,
    /// Some other time.
    Never,
}

/// What a restarted server reads its state from.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    /// All events there ever were.
    Log,
    /// A snapshot.
    Snapshot,
}

impl Step {
    /// The command this step comes to; none for steps that are not commands, or when there is no call to act on.
    #[must_use]
    pub fn command(&self, model: &Model, now: Now) -> Option<Command> {
        let live = |org: &OrgId, index: &Index| {
            let live = model.live_calls(org, now);
            (!live.is_empty()).then(|| index.get(&live).call.request.id.clone())
        };
        match self {
            Self::Ask(command) => Some(command.clone()),
            Self::EndLive(org, index) => {
                let call = live(org, index)?;
                Some(Command::Org(org.clone(), OrgCommand::EndCall(EndCall { call, note: None })))
            }
            Self::HangUp(org, index) => {
                let call = live(org, index)?;
                Some(Command::Org(org.clone(), OrgCommand::HangUp(HangUp { call })))
            }
            Self::ClaimLive(org, index, claimant) => {
                let claim = claim(live(org, index)?, claimant.clone());
                Some(Command::Org(org.clone(), OrgCommand::ClaimCall(claim)))
            }
            Self::DeclineLive(org, index, decline) => {
                let (call, note) = (live(org, index)?, Some("not for us".into()));
                let decline = DeclineCall { call, decline: *decline, note };
                Some(Command::Org(org.clone(), OrgCommand::DeclineCall(decline)))
            }
            Self::Adopt(org, index, lease) => {
                let (call, lease) = (live(org, index)?, lease.clone());
                Some(Command::Org(org.clone(), OrgCommand::AdoptCall(AdoptCall { call, lease })))
            }
            Self::StartAgain(org, index, start) => {
                let ended = model.ended_ids(org);
                let id = if ended.is_empty() { &start.id } else { index.get(&ended) };
                let start = StartCall { id: id.clone(), ..start.clone() };
                Some(Command::Org(org.clone(), OrgCommand::StartCall(start)))
            }
            Self::EraseEnded(org, index) => erase_ended(model, org, *index),
            Self::Repeat(org, index, lease) => {
                let live =
                    model.live_calls(org, now).into_iter().map(|view| view.call.request.id.clone());
                let known: Vec<CallId> = live.chain(model.ended_ids(org)).collect();
                let id = if known.is_empty() { None } else { Some(index.get(&known)) }?;
                let request = model.call(org, id, now)?.call.request;
                let start = StartCall {
                    id: id.clone(),
                    agent: request.agent.clone(),
                    call_type: request.call_type,
                    lease: lease.clone(),
                    max_wait_ms: Some(1),
                    max_duration_ms: Some(1),
                    claim_within_ms: Some(1),
                    gates: request.gates.clone(),
                    metadata: None,
                };
                Some(Command::Org(org.clone(), OrgCommand::StartCall(start)))
            }
            Self::StartUnderLease(org, index, start) => {
                let open = model.open_leases(org);
                let lease = (!open.is_empty()).then(|| index.get(&open).clone());
                let start = StartCall { lease, ..start.clone() };
                Some(Command::Org(org.clone(), OrgCommand::StartCall(start)))
            }
            Self::CapAtReservations(org, index, less) => {
                let all = model.reserved(org);
                if all.is_empty() {
                    return None;
                }
                let (of, reserved) = index.get(&all);
                let cap = Some(reserved.saturating_sub(*less));
                let command = match of.clone() {
                    Capped::Agent(agent) => {
                        let name = agent.as_str().into();
                        let pace = None;
                        OrgCommand::PutAgent(PutAgent { agent, name, cap, pace })
                    }
                    Capped::Type(call_type) => {
                        OrgCommand::SetType(SetType { call_type, cap, pace: None })
                    }
                };
                Some(Command::Org(org.clone(), command))
            }
            Self::Renew(org, lease, belief) => {
                let sum = match belief {
                    Belief::Unsaid => None,
                    Belief::Right => Some(model.lease_sum(org, lease)),
                    Belief::Wrong(sum) => Some(*sum),
                };
                let lease = lease.clone();
                Some(Command::Org(org.clone(), OrgCommand::RenewLease(RenewLease { lease, sum })))
            }
            Self::Reconcile(org, lease, knows, others, paging) => {
                let reconcile = reconciliation(model, now, (org, lease), (knows, others, *paging));
                Some(Command::Org(org.clone(), OrgCommand::ReconcileLease(reconcile)))
            }
            Self::Hold(org, index) => {
                let open = model.open_leases(org);
                let lease = (!open.is_empty()).then(|| index.get(&open).clone())?;
                let renew = RenewLease { lease, sum: None };
                Some(Command::Org(org.clone(), OrgCommand::RenewLease(renew)))
            }
            Self::GoOn | Self::Pass(..) | Self::SetClock(_) | Self::Restart(_) => None,
        }
    }
}

/// What a client says that knows some of its active calls, in turn, and others.
fn reconciliation(
    model: &Model,
    now: Now,
    (org, lease): (&OrgId, &LeaseId),
    (knows, others, paging): (&[bool], &[CallId], Paging),
) -> ReconcileLease {
    // Mostly one that is open, and of which a page has come if the cursor is to be right.
    let mut open = model.open_leases(org);
    if paging.cursor > 1 && open.iter().any(|it| model.page_cursor(org, it).is_some()) {
        open.retain(|lease| model.page_cursor(org, lease).is_some());
    }
    let is_meant = others.len() == 2 || open.contains(lease);
    let lease = open.first().filter(|_| !is_meant).unwrap_or(lease);
    let mut active: Vec<CallId> = model
        .live_calls(org, now)
        .iter()
        .map(|view| &view.call)
        .filter(|call| call.is_active() && call.request.lease.as_ref() == Some(lease))
        .zip(knows.iter().cycle())
        .filter(|(_, knows)| **knows)
        .map(|(call, _)| call.request.id.clone())
        .collect();
    active.extend(others.iter().cloned());
    // As if an earlier part of it had been decided when there were few calls, and perhaps had got to the second of them.
    let live = model.live(org);
    let of = |place: usize| live.get(place).map(|Call { request, .. }| request);
    let after = of(1).filter(|_| paging.cursor == 0).map(|it| (it.ticket, it.id.clone()));
    let named = active.len() / 2;
    let going_on = of(4).filter(|_| paging.is_going_on).map(|it| RestToReconcile {
        up_to: it.ticket,
        before: Vec::new(),
        named,
        after,
    });
    let cursor = match paging.cursor {
        0 => None,
        1 => Some(7),
        _ => model.page_cursor(org, lease),
    };
    ReconcileLease {
        lease: lease.clone(),
        active: Arc::new(active.into()),
        more: paging.more,
        cursor,
        rest: going_on,
    }
}

/// A random step.
pub fn step() -> impl Strategy<Value = Step> {
    let index = any::<Index>;
    let timer =
        prop_oneof![6 => Just(Timer::OnTime), 2 => Just(Timer::Late), 1 => Just(Timer::Never)];
    let ms = prop_oneof![
        2 => Just(0),
        8 => 1..5_000_u64,
        2 => Just(5_000_u64),
        3 => 5_000..20_000_u64,
        1 => Just(600_000_u64),
    ];
    prop_oneof![
        22 => ask(start().prop_map(OrgCommand::StartCall)),
        2 => (org(), index(), start()).prop_map(|(org, at, start)| Step::StartAgain(org, at, start)),
        2 => (org(), index()).prop_map(|(org, at)| Step::EraseEnded(org, at)),
        3 => (org(), index(), option::of(lease()))
            .prop_map(|(org, at, lease)| Step::Repeat(org, at, lease)),
        10 => (org(), index(), start())
            .prop_map(|(org, at, start)| Step::StartUnderLease(org, at, start)),
        12 => (org(), index()).prop_map(|(org, at)| Step::EndLive(org, at)),
        2 => (org(), index()).prop_map(|(org, at)| Step::HangUp(org, at)),
        5 => (org(), index(), option::of(claimant()))
            .prop_map(|(org, at, claimant)| Step::ClaimLive(org, at, claimant)),
        4 => (org(), index(), select(vec![Decline::ForNow, Decline::ForNow, Decline::ForGood]))
            .prop_map(|(org, at, decline)| Step::DeclineLive(org, at, decline)),
        4 => (org(), index(), lease()).prop_map(|(org, at, lease)| Step::Adopt(org, at, lease)),
        6 => ask(random_id_command()),
        2 => ask(end_calls().prop_map(OrgCommand::EndCalls)),
        12 => lease_step(),
        4 => (org(), index()).prop_map(|(org, at)| Step::Hold(org, at)),
        14 => (org(), lease(), vec(any::<bool>(), 1..4), vec(call(), 0..3), paging()).prop_map(
            |(org, lease, knows, others, paging)| {
                Step::Reconcile(org, lease, knows, others, paging)
            }
        ),
        3 => (org(), index(), 0..2_u32)
            .prop_map(|(org, at, less)| Step::CapAtReservations(org, at, less)),
        14 => ask(settings_command()),
        7 => ask((alert_numbers(), any_agent(), gate())
            .prop_map(|(numbers, agent, gate)| alert_command(numbers, (agent, gate)))),
        2 => ask(org_command()),
        2 => (select(vec![plan("standard"), plan("enterprise")]), limit())
            .prop_map(|(plan, limit)| Step::Ask(Command::SetPlanLimit(SetPlanLimit { plan, limit }))),
        12 => (ms, timer).prop_map(|(ms, timer)| Step::Pass(ms, timer)),
        1 => Just(Step::Ask(Command::ExpireDue)),
        2 => Just(Step::Ask(Command::TakeStep)),
        10 => Just(Step::GoOn),
        1 => (-3_600_000..3_600_000_i64).prop_map(Step::SetClock),
        1 => Just(Step::Restart(Source::Log)),
        1 => Just(Step::Restart(Source::Snapshot)),
    ]
}

/// How the shard is before the first step: three organisations, two of them on one plan, with four agents each.
#[must_use]
pub fn foundations() -> Vec<Command> {
    let mut commands = Vec::new();
    for (org, plan, plan_limit) in
        [("atlas", "standard", 6), ("birch", "standard", 6), ("cedar", "enterprise", 9)]
    {
        let settings = OrgSettings {
            name: Arc::from(org),
            plan: self::plan(plan),
            plan_limit,
            limit_override: None,
            max_call_duration_ms: 40_000,
            max_wait_ms: PerType::default(),
            max_queued: 12,
        };
        let org = OrgId::parse(org).expect("an organisation id");
        commands.push(Command::Org(org.clone(), OrgCommand::CreateOrg(settings)));
        for agent in ["ada", "bea", "cyd", "dot"] {
            let put = OrgCommand::PutAgent(PutAgent {
                agent: self::agent(agent),
                name: agent.into(),
                cap: None,
                pace: None,
            });
            commands.push(Command::Org(org.clone(), put));
        }
        for gate in ["east", "north"] {
            let gate = GateId::parse(gate).expect("a gate id");
            let name = gate.as_str().into();
            let settings = GateSettings {
                name,
                kind: GateKind::Other,
                cap: None,
                pace: None,
                is_paused: false,
                hours: None,
            };
            let put = OrgCommand::PutGate(PutGate { gate, settings, is_within_hours: true });
            commands.push(Command::Org(org.clone(), put));
        }
    }
    commands
}

/// A call is erased of those that have ended, if there are any.
fn erase_ended(model: &Model, org: &OrgId, index: Index) -> Option<Command> {
    let ended = model.ended_ids(org);
    let call = (!ended.is_empty()).then(|| index.get(&ended).clone())?;
    let erase = Command::Org(org.clone(), OrgCommand::EraseCall(EraseCall { call }));
    Some(by_somebody(erase, index.index(4)))
}

/// Somebody who makes a change.
pub(crate) fn somebody(number: u8) -> Arc<Actor> {
    let kind = ActorKind::ALL[usize::from(number) % ActorKind::ALL.len()];
    Arc::new(Actor { kind, id: format!("key_{number}").into(), name: "Somebody".into() })
}

/// The same command, given by somebody if it changes settings; one of four says nothing, as in older logs.
#[must_use]
pub fn by_somebody(command: Command, number: usize) -> Command {
    let by = u8::try_from(number % 4).unwrap_or_default();
    if by < 3 && changes_settings(&command) {
        return Command::By(somebody(by), command.into());
    }
    command
}

/// Whether a command is of those that say who gives them.
pub(crate) fn changes_settings(command: &Command) -> bool {
    matches!(
        command,
        Command::SetPlanLimit(_)
            | Command::Org(
                _,
                OrgCommand::ChangeOrg(_)
                    | OrgCommand::EraseCall(_)
                    | OrgCommand::CreateOrg(_)
                    | OrgCommand::DeleteOrg
                    | OrgCommand::PutAgent(_)
                    | OrgCommand::DeleteAgent(_)
                    | OrgCommand::SetType(_)
                    | OrgCommand::PutGate(_)
                    | OrgCommand::DeleteGate(_)
                    | OrgCommand::PutAlert(_)
                    | OrgCommand::DeleteAlert(_)
                    | OrgCommand::SetReservations(_)
            )
    )
}

fn ask(command: impl Strategy<Value = OrgCommand>) -> impl Strategy<Value = Step> {
    (org(), command).prop_map(|(org, command)| Step::Ask(Command::Org(org, command)))
}

fn start() -> impl Strategy<Value = StartCall> {
    let bound_ms = || option::weighted(0.2, prop_oneof![1 => Just(0), 6 => 1_000..15_000_u64]);
    let metadata = option::weighted(0.3, Just(Arc::from("{\"line\":7}")));
    (
        call(),
        any_agent(),
        call_type(),
        option::weighted(0.1, lease()),
        [bound_ms(), bound_ms(), bound_ms()],
        option::weighted(0.25, gates()),
        metadata,
    )
        .prop_map(|(id, agent, call_type, lease, bounds, gates, metadata)| {
            let [max_wait_ms, max_duration_ms, claim_within_ms] = bounds;
            StartCall {
                id,
                agent,
                call_type,
                lease,
                max_wait_ms,
                max_duration_ms,
                claim_within_ms,
                gates: gates.unwrap_or_default(),
                metadata,
            }
        })
}

fn random_id_command() -> impl Strategy<Value = OrgCommand> {
    let note = option::of(Just(Arc::from("they hung up")));
    prop_oneof![
        2 => (call(), note).prop_map(|(call, note)| OrgCommand::EndCall(EndCall { call, note })),
        1 => (call(), option::of(claimant()))
            .prop_map(|(call, claimant)| OrgCommand::ClaimCall(claim(call, claimant))),
        1 => (call(), lease())
            .prop_map(|(call, lease)| OrgCommand::AdoptCall(AdoptCall { call, lease })),
        1 => call().prop_map(|call| OrgCommand::EraseCall(EraseCall { call })),
    ]
}

fn end_calls() -> impl Strategy<Value = EndCalls> {
    let state = option::of(select(vec![StateFilter::Queued, StateFilter::Active]));
    let ids = option::weighted(0.3, vec(call(), 0..9));
    let note = option::of(Just(Arc::from("the campaign is over")));
    let gate = option::weighted(0.3, gate());
    (option::of(any_agent()), option::of(call_type()), gate, state, ids, note).prop_map(
        |(agent, call_type, gate, state, ids, note)| EndCalls {
            filter: CallFilter { state, agent, call_type, gate },
            ids,
            note,
        },
    )
}

fn lease_step() -> impl Strategy<Value = Step> {
    let ttl_ms = prop_oneof![Just(5_000), Just(10_000), 5_000..40_000_u64];
    let wrong = (0..4_u64, any::<u64>()).prop_map(|(count, digest)| LeaseSum { count, digest });
    let belief = prop_oneof![
        Just(Belief::Unsaid),
        Just(Belief::Right),
        wrong.prop_map(Belief::Wrong),
        Just(Belief::Wrong(LeaseSum::default())),
    ];
    let key = prop_oneof![Just(None), Just(Some("key-1")), Just(Some("key-2"))];
    let open = (lease(), ttl_ms, key).prop_map(|(lease, ttl_ms, key)| {
        let key = key.map(|key| KeyId::parse(key).expect("a key id"));
        OrgCommand::OpenLease(OpenLease { lease, ttl_ms, key })
    });
    prop_oneof![
        4 => ask(open),
        4 => (org(), lease(), belief).prop_map(|(org, lease, belief)| Step::Renew(org, lease, belief)),
        1 => ask(lease().prop_map(|lease| OrgCommand::EndLease(EndLease { lease }))),
    ]
}

fn paging() -> impl Strategy<Value = Paging> {
    let (more, cursor) = (prop_oneof![Just(true), Just(false)], 0..4_u8);
    (more, cursor, prop_oneof![4 => Just(false), 1 => Just(true)])
        .prop_map(|(more, cursor, is_going_on)| Paging { more, cursor, is_going_on })
}

fn settings_command() -> impl Strategy<Value = OrgCommand> {
    let slots = || prop_oneof![40 => 0..4_u32, 1 => Just(u32::MAX)];
    let reserved = [slots(), slots(), slots(), slots()].prop_map(PerType);
    let small = [0..2_u32, 0..2_u32, 0..2_u32, 0..2_u32].prop_map(PerType);
    let batch = vec((any_agent(), prop_oneof![1 => reserved, 4 => small]), 0..4);
    let version = option::weighted(0.2, (0..6_u64).prop_map(Version));
    let name = select(vec![Arc::<str>::from("Support"), Arc::from("Sales")]);
    prop_oneof![
        5 => (batch, version).prop_map(|(reservations, if_version)| OrgCommand::SetReservations(SetReservations {
            reservations,
            if_version,
        })),
        4 => (any_agent(), name, option::weighted(0.6, 0..6_u32), option::weighted(0.3, pace()))
            .prop_map(|(agent, name, cap, pace)| {
                OrgCommand::PutAgent(PutAgent { agent, name, cap, pace })
            }),
        3 => (call_type(), option::weighted(0.6, 0..8_u32), option::weighted(0.3, pace()))
            .prop_map(|(call_type, cap, pace)| OrgCommand::SetType(SetType { call_type, cap, pace })),
        4 => put_gate().prop_map(OrgCommand::PutGate),
        3 => (gate(), any::<bool>()).prop_map(|(gate, is_within_hours)| {
            OrgCommand::SetWithinHours(SetWithinHours { gate, hours: hours(), is_within_hours })
        }),
        1 => gate().prop_map(|gate| OrgCommand::DeleteGate(DeleteGate { gate })),
        2 => any_agent().prop_map(|agent| OrgCommand::DeleteAgent(DeleteAgent { agent })),
        5 => change().prop_map(OrgCommand::ChangeOrg),
    ]
}

/// Mostly about the same two rules.
fn alert_numbers() -> impl Strategy<Value = [u8; 3]> {
    let rule = prop_oneof![4 => Just(0), 2 => Just(2), 1 => any::<u8>()];
    let alert = prop_oneof![2 => Just(0), 3 => any::<u8>()];
    (any::<u8>(), alert, rule).prop_map(|(what, alert, rule)| [what, alert, rule])
}

fn put_gate() -> impl Strategy<Value = PutGate> {
    let cap = option::weighted(0.4, 0..4_u32);
    let pace = option::weighted(0.4, pace());
    let is_paused = prop_oneof![5 => Just(false), 1 => Just(true)];
    let within_hours = option::weighted(0.3, any::<bool>());
    (gate(), cap, pace, is_paused, within_hours, select(GateKind::ALL.to_vec())).prop_map(
        |(gate, cap, pace, is_paused, within_hours, kind)| PutGate {
            settings: GateSettings {
                name: gate.as_str().into(),
                kind,
                cap,
                pace,
                is_paused,
                hours: within_hours.map(|_| hours()),
            },
            gate,
            is_within_hours: within_hours.unwrap_or(true),
        },
    )
}

/// Slow ones mostly, so that calls wait for them.
fn pace() -> impl Strategy<Value = Pace> {
    (1..4_u32, prop_oneof![3 => 1..5_u32, 1 => Just(60)], 1..4_u32)
        .prop_map(|(starts, per_s, burst)| Pace { starts, per_s, burst })
}

fn gate() -> impl Strategy<Value = GateId> {
    prop_oneof![12 => select(vec!["east", "north", "south"]), 1 => Just("west")]
        .prop_map(|gate| GateId::parse(gate).expect("a gate id"))
}

fn gates() -> impl Strategy<Value = CallGates> {
    vec(gate(), 1..4).prop_map(|gates| CallGates::new(gates).expect("few gates"))
}

fn org_command() -> impl Strategy<Value = OrgCommand> {
    let settings = (limit(), option::weighted(0.3, limit()), 0..20_u32).prop_map(
        |(plan_limit, limit_override, max_queued)| OrgSettings {
            name: Arc::from("anew"),
            plan: plan("standard"),
            plan_limit,
            limit_override,
            max_call_duration_ms: 0,
            max_wait_ms: PerType([None, Some(4_000), None, None]),
            max_queued,
        },
    );
    prop_oneof![
        1 => settings.prop_map(OrgCommand::CreateOrg),
        1 => Just(OrgCommand::DeleteOrg),
    ]
}

fn change() -> impl Strategy<Value = OrgChange> {
    let duration_ms = prop_oneof![Just(0), 5_000..40_000_u64];
    let plan = (select(vec![plan("standard"), plan("enterprise")]), limit());
    let max_wait = (call_type(), option::weighted(0.3, option::of(1_000..9_000_u64)));
    let name = select(vec![Arc::<str>::from("North"), Arc::from("South")]);
    (
        option::weighted(0.2, name),
        option::weighted(0.2, plan),
        option::weighted(0.5, option::weighted(0.6, limit())),
        option::weighted(0.2, duration_ms),
        max_wait,
        option::weighted(0.2, prop_oneof![0..4_u32, 10..40_u32]),
    )
        .prop_map(|(name, plan, limit_override, max_call_duration_ms, wait, max_queued)| {
            let mut max_wait_ms = PerType::default();
            max_wait_ms[wait.0] = wait.1;
            OrgChange { name, plan, limit_override, max_call_duration_ms, max_wait_ms, max_queued }
        })
}

fn limit() -> impl Strategy<Value = u32> {
    prop_oneof![1 => Just(0), 16 => 1..13_u32, 2 => 50..60_u32]
}

fn org() -> impl Strategy<Value = OrgId> {
    let org = |name| Just(OrgId::parse(name).expect("an organisation id"));
    prop_oneof![12 => org("atlas"), 6 => org("birch"), 3 => org("cedar")]
}

fn plan(name: &str) -> PlanId {
    PlanId::parse(name).expect("a plan id")
}

fn agent(name: &str) -> AgentId {
    AgentId::parse(name).expect("an agent id")
}

fn any_agent() -> impl Strategy<Value = AgentId> {
    // The last two do not exist at first.
    prop_oneof![
        24 => select(vec![agent("ada"), agent("bea"), agent("cyd"), agent("dot")]),
        1 => select(vec![agent("eve"), agent("fay")]),
    ]
}

fn call() -> impl Strategy<Value = CallId> {
    let number = prop_oneof![4 => 0..400_u32, 1 => 0..15_u32];
    number.prop_map(|number| CallId::parse(&format!("call-{number}")).expect("a call id"))
}

fn lease() -> impl Strategy<Value = LeaseId> {
    (0..3_u32).prop_map(|number| LeaseId::parse(&format!("lease-{number}")).expect("a lease id"))
}

/// A claim by the key, unless somebody else is named or the call has a lease.
fn claim(call: CallId, claimant: Option<Claimant>) -> ClaimCall {
    ClaimCall { call, claimant, caller: Claimant::parse("key").expect("a claimant") }
}

fn claimant() -> impl Strategy<Value = Claimant> {
    let worker = select(vec!["key", "worker"]);
    prop_oneof![
        worker.prop_map(|name| Claimant::parse(name).expect("a claimant")),
        lease().prop_map(|lease| Claimant::from(&lease)),
    ]
}

fn call_type() -> impl Strategy<Value = CallType> {
    // One type is more frequent, so that classes have queues of their own.
    prop_oneof![2 => Just(CallType::Inbound), 3 => select(CallType::ALL.to_vec())]
}
