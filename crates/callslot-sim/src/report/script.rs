//! Writes what happened in a world as a script of the core's rule tests, so that a failure becomes a test by copying it.
//!
//! The language is described in `callslot-core/tests/rules/check.rs`. It speaks of one organisation; what it has no words
//! for (several organisations, plans, batches) is shown as it is, behind a `#`.

use std::collections::HashMap;
use std::fmt::Write as _;

use callslot_core::limits::Bounds;
use callslot_core::{
    Active, AdoptCall, AgentId, CallEvent, CallId, CallState, CallType, ClaimCall, Command,
    Decline, DeclineCall, DeleteAgent, DeleteGate, EndCall, EndCalls, EndLease, EraseCall, Event,
    GateId, HangUp, LeaseId, Now, OpenLease, OrgChange, OrgCommand, Pace, PerType, PutAgent,
    PutGate, ReconcileLease, Recorded, Rejection, RenewLease, Reply, SetPlanLimit, SetReservations,
    SetType, SetWithinHours, SlotKind, StartCall, StateFilter, SweepEvent, Tick,
};

use crate::limits::BOUNDS;

/// Something that happened.
#[derive(Debug, Clone)]
pub(crate) enum Chapter {
    /// A command and what it must lead to.
    Command {
        now: Now,
        command: Box<Command>,
        reply: Box<Result<Reply, Rejection>>,
        events: Vec<Recorded>,
    },
    /// The state was read again, at this tick.
    Restart(Tick),
}

/// The story as a script, one statement a line.
pub(crate) fn tell(story: &[Chapter]) -> String {
    let mut script = String::new();
    let mut told_until = None;
    let mut cursors = HashMap::new();
    for (place, chapter) in story.iter().enumerate() {
        let is_first = place == 0;
        match chapter {
            Chapter::Restart(tick) => {
                let lost_ms = told_until.map_or(0, |until: Tick| until.ms_after(*tick));
                if lost_ms > 0 {
                    // Time that is in no record is not counted after a crash.
                    line(&mut script, &format!("# the time goes back by {lost_ms} ms"), "");
                }
                told_until = Some(*tick);
                line(&mut script, "restart", "");
            }
            Chapter::Command { now, command, reply, events } => {
                let passed = now.tick.ms_after(told_until.unwrap_or(now.tick));
                told_until = Some(now.tick);
                let own = own_call(command);
                let outcome = outcome(own, reply, events);
                if matches!(**command, Command::ExpireDue) {
                    line(&mut script, &format!("pass {passed}ms"), &outcome);
                    continue;
                }
                if passed > 0 {
                    line(&mut script, &format!("later {passed}ms"), "");
                }
                match statement(command, is_first, &cursors) {
                    Some(statement) => line(&mut script, &statement, &outcome),
                    None => line(&mut script, &format!("# {command:?}"), &outcome),
                }
                if let (
                    Command::Org(_, OrgCommand::ReconcileLease(page)),
                    Ok(Reply::PageKept { cursor }),
                ) = (&**command, &**reply)
                {
                    cursors.insert(&page.lease, *cursor);
                }
            }
        }
    }
    script
}

fn line(script: &mut String, statement: &str, outcome: &str) {
    let arrow = if outcome.is_empty() { "" } else { " -> " };
    writeln!(script, "{statement}{arrow}{outcome}").expect("a string takes what is written");
}

/// The statement for a command; none where the language has no words.
fn statement(
    command: &Command,
    is_first: bool,
    cursors: &HashMap<&LeaseId, u64>,
) -> Option<String> {
    let (org, command) = match command {
        Command::Org(org, command) => (org, command),
        Command::By(_, command) => return statement(command, is_first, cursors),
        Command::SetPlanLimit(SetPlanLimit { plan: _, limit }) => {
            return Some(format!("plan {limit}"));
        }
        Command::ExpireDue => return None,
        Command::TakeStep => return Some("go".to_owned()),
    };
    if org.as_str() != "o" {
        return None;
    }
    match command {
        OrgCommand::StartCall(start) => Some(start_statement(start)),
        OrgCommand::EndCall(EndCall { call, note: _ }) => Some(format!("end {call}")),
        OrgCommand::EraseCall(EraseCall { call }) => Some(format!("erase {call}")),
        OrgCommand::HangUp(HangUp { call }) => Some(format!("hang up {call}")),
        OrgCommand::EndCalls(command) => Some(sweep_statement(command)),
        OrgCommand::ClaimCall(ClaimCall { call, claimant, caller: _ }) => {
            let by = claimant.as_ref().map(|claimant| format!(" by {claimant}"));
            Some(format!("claim {call}{}", by.unwrap_or_default()))
        }
        OrgCommand::DeclineCall(DeclineCall { call, decline, note: _ }) => Some(match decline {
            Decline::ForNow => format!("decline {call}"),
            Decline::ForGood => format!("decline {call} for good"),
        }),
        OrgCommand::OpenLease(OpenLease { lease, ttl_ms, key }) => {
            let by = key.as_ref().map(|key| format!(" by {key}"));
            Some(format!("open {lease} {ttl_ms}ms{}", by.unwrap_or_default()))
        }
        OrgCommand::RenewLease(RenewLease { lease, sum: None }) => Some(format!("prolong {lease}")),
        OrgCommand::ReconcileLease(ReconcileLease { lease, active, more, cursor, rest }) => {
            let is_last = cursor.is_some() && cursor.as_ref() == cursors.get(lease);
            let verb = match (rest, cursor, more) {
                (Some(_), _, _) => "finish",
                (None, None, true) => "page",
                (None, None, false) => "reconcile",
                (None, Some(_), true) if is_last => "next",
                (None, Some(_), false) if is_last => "last",
                (None, Some(_), true) => "stray",
                (None, Some(_), false) => "strayed",
            };
            Some(format!("{verb} {lease}{}", words(active.ids().iter().map(CallId::as_str))))
        }
        OrgCommand::AdoptCall(AdoptCall { call, lease }) => Some(format!("adopt {lease} {call}")),
        OrgCommand::EndLease(EndLease { lease }) => Some(format!("close {lease}")),
        OrgCommand::PutAgent(PutAgent { agent, cap, pace, name: _ }) => {
            Some(bounds_statement(agent.as_str(), *cap, *pace))
        }
        OrgCommand::SetType(SetType { call_type, cap, pace }) => {
            Some(bounds_statement(&format!("type {}", call_type.as_str()), *cap, *pace))
        }
        OrgCommand::PutGate(put) => Some(gate_statement(put)),
        OrgCommand::SetWithinHours(SetWithinHours { gate, is_within_hours, hours: _ }) => {
            Some(format!("hours {gate} {}", if *is_within_hours { "on" } else { "off" }))
        }
        OrgCommand::DeleteGate(DeleteGate { gate }) => Some(format!("ungate {gate}")),
        OrgCommand::DeleteAgent(DeleteAgent { agent }) => Some(format!("forget {agent}")),
        OrgCommand::SetReservations(SetReservations { reservations, if_version: None }) => {
            let agents: Vec<String> = reservations.iter().map(reserved_words).collect();
            Some(format!("reserve {}", agents.join(" and ")))
        }
        OrgCommand::ChangeOrg(change) => change_statement(change),
        // The organisation is there from the beginning; it only has other limits.
        OrgCommand::CreateOrg(settings) if is_first => {
            let callslot_core::OrgSettings { plan_limit, max_queued, .. } = settings;
            let Bounds {
                step_events,
                queued_metadata_bytes,
                agents,
                gates,
                lanes,
                leases,
                leases_of_key,
                ..
            } = BOUNDS;
            let of_calls = format!("step {step_events}\nmetadata {queued_metadata_bytes}");
            let of_pages = format!("paged {} {}", BOUNDS.paged_calls, BOUNDS.paged_bytes);
            let of_leases = format!("vouchers {leases} {leases_of_key}");
            let of_gates = format!("doors {gates}\nlanes {lanes}");
            let bounds = format!("{of_calls}\ncrowd {agents}\n{of_gates}\n{of_leases}\n{of_pages}");
            Some(format!("plan {plan_limit}\nbound {max_queued}\n{bounds}"))
        }
        OrgCommand::CreateOrg(_)
        | OrgCommand::DeleteOrg
        | OrgCommand::PutAlert(_)
        | OrgCommand::DeleteAlert(_)
        | OrgCommand::SetAlertState(_)
        | OrgCommand::RenewLease(RenewLease { sum: Some(_), .. })
        | OrgCommand::SetReservations(SetReservations { if_version: Some(_), .. }) => None,
    }
}

/// The cap and the pace of an agent or a type.
fn bounds_statement(of: &str, cap: Option<u32>, pace: Option<Pace>) -> String {
    let mut statement = match cap {
        Some(cap) => format!("cap {of} {cap}"),
        None => format!("uncap {of}"),
    };
    if let Some(pace) = pace {
        let _ = write!(statement, " every={}", pace_words(pace));
    }
    statement
}

fn pace_words(Pace { starts, per_s, burst }: Pace) -> String {
    format!("{starts}/{per_s}s burst={burst}")
}

fn gate_statement(PutGate { gate, settings, is_within_hours }: &PutGate) -> String {
    let mut statement = format!("gate {gate}");
    if let Some(cap) = settings.cap {
        let _ = write!(statement, " cap={cap}");
    }
    if let Some(pace) = settings.pace {
        let _ = write!(statement, " pace={}", pace_words(pace));
    }
    if settings.is_paused {
        statement += " paused";
    }
    if settings.hours.is_some() {
        statement += if *is_within_hours { " within" } else { " shut" };
    }
    statement
}

fn sweep_statement(EndCalls { filter, ids, note: _ }: &EndCalls) -> String {
    let mut statement = "sweep".to_owned();
    if let Some(agent) = &filter.agent {
        let _ = write!(statement, " agent {agent}");
    }
    if let Some(call_type) = filter.call_type {
        let _ = write!(statement, " type {}", call_type.as_str());
    }
    if let Some(gate) = &filter.gate {
        let _ = write!(statement, " via {gate}");
    }
    match filter.state {
        Some(StateFilter::Queued) => statement += " state queued",
        Some(StateFilter::Active) => statement += " state active",
        None => {}
    }
    if let Some(ids) = ids {
        let _ = write!(statement, " ids{}", words(ids.iter().map(CallId::as_str)));
    }
    statement
}

fn start_statement(start: &StartCall) -> String {
    let StartCall { id, agent, call_type, lease, max_wait_ms, max_duration_ms, .. } = start;
    let StartCall { claim_within_ms, metadata, .. } = start;
    let mut statement = format!("start {agent}.{} {id}", call_type.as_str());
    if !start.gates.is_empty() {
        let gates: Vec<&str> = start.gates.ids().iter().map(GateId::as_str).collect();
        let _ = write!(statement, " via {}", gates.join(","));
    }
    if let Some(lease) = lease {
        let _ = write!(statement, " lease {lease}");
    }
    if let Some(ms) = max_wait_ms {
        let _ = write!(statement, " wait {ms}ms");
    }
    if let Some(ms) = max_duration_ms {
        let _ = write!(statement, " lasts {ms}ms");
    }
    if let Some(ms) = claim_within_ms {
        let _ = write!(statement, " claims {ms}ms");
    }
    if let Some(metadata) = metadata {
        let _ = write!(statement, " bytes {}", metadata.len());
    }
    statement
}

fn reserved_words((agent, reserved): &(AgentId, PerType<u32>)) -> String {
    let slots = CallType::ALL.into_iter().filter(|call_type| reserved[*call_type] > 0);
    let slots: Vec<String> =
        slots.map(|call_type| format!(" {} {}", call_type.as_str(), reserved[call_type])).collect();
    format!("{agent}{}", slots.concat())
}

/// The language changes one setting at a time.
fn change_statement(change: &OrgChange) -> Option<String> {
    let rest = |but: OrgChange| but == *change;
    if let Some(limit) = change.limit_override {
        let limits = OrgChange { limit_override: change.limit_override, ..OrgChange::default() };
        let limit = limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string());
        return rest(limits).then(|| format!("limit {limit}"));
    }
    if let Some(max_queued) = change.max_queued {
        let bounds = OrgChange { max_queued: Some(max_queued), ..OrgChange::default() };
        return rest(bounds).then(|| format!("bound {max_queued}"));
    }
    if let Some(ms) = change.max_call_duration_ms {
        let durations = OrgChange { max_call_duration_ms: Some(ms), ..OrgChange::default() };
        return rest(durations).then(|| format!("longest {ms}ms"));
    }
    let waits = CallType::ALL
        .into_iter()
        .find_map(|call_type| change.max_wait_ms[call_type].flatten().map(|ms| (call_type, ms)));
    let (call_type, ms) = waits?;
    let mut max_wait_ms = PerType::default();
    max_wait_ms[call_type] = Some(Some(ms));
    rest(OrgChange { max_wait_ms, ..OrgChange::default() })
        .then(|| format!("patience {} {ms}ms", call_type.as_str()))
}

/// The call that a command is about: its fate is told first and not again among the others.
fn own_call(command: &Command) -> Option<&CallId> {
    match command {
        Command::Org(_, OrgCommand::StartCall(start)) => Some(&start.id),
        Command::Org(
            _,
            OrgCommand::EndCall(EndCall { call, .. })
            | OrgCommand::ClaimCall(ClaimCall { call, .. })
            | OrgCommand::DeclineCall(DeclineCall { call, .. })
            | OrgCommand::EraseCall(EraseCall { call })
            | OrgCommand::HangUp(HangUp { call })
            | OrgCommand::AdoptCall(AdoptCall { call, .. }),
        ) => Some(call),
        Command::By(_, command) => own_call(command),
        Command::Org(..) | Command::SetPlanLimit(_) | Command::ExpireDue | Command::TakeStep => {
            None
        }
    }
}

fn outcome(own: Option<&CallId>, reply: &Result<Reply, Rejection>, events: &[Recorded]) -> String {
    let mut parts = Vec::new();
    let is_adoption = events.iter().any(|it| matches!(it.event, Event::CallAdopted(_)));
    match reply {
        Err(rejection) => parts.push(refusal(rejection)),
        Ok(Reply::Call { call, is_new }) => match (&call.call.state, call.wait) {
            (CallState::Active(Active { slot: SlotKind::Reserved, .. }), _)
                if *is_new && !is_adoption =>
            {
                parts.push("reserved".to_owned());
            }
            (CallState::Active(_), _) if *is_new && !is_adoption => parts.push("shared".to_owned()),
            (_, Some(wait)) if *is_new && !is_adoption => {
                parts.push(format!("queued {}", wait.blocked_on.as_str()));
            }
            (CallState::Queued(_), _) if events.is_empty() => {
                parts.push("repeated queued".to_owned());
            }
            (CallState::Active(_), _) if events.is_empty() => {
                parts.push("repeated active".to_owned());
            }
            (CallState::Ended(_), _) if events.is_empty() => {
                parts.push("repeated ended".to_owned());
            }
            (CallState::Ended(ended), _) if *is_new && !is_adoption => {
                parts.push(ended.reason.as_str().to_owned());
            }
            (CallState::Queued(_) | CallState::Active(_) | CallState::Ended(_), _) => {}
        },
        Ok(Reply::EndRemembered) => parts.push("remembered".to_owned()),
        Ok(Reply::Reconciled { unknown, .. }) if !unknown.is_empty() => {
            let unknown: Vec<_> =
                unknown.iter().map(|it| format!("{}:{}", it.id, it.why.as_str())).collect();
            parts.push(format!("unknown{}", words(unknown.iter().map(String::as_str))));
        }
        Ok(Reply::PageKept { .. }) => parts.push("kept".to_owned()),
        Ok(Reply::PagesLost) => parts.push("lost".to_owned()),
        Ok(Reply::Lease { reconcile: true, .. }) => parts.push("reconcile!".to_owned()),
        Ok(
            Reply::Done
            | Reply::Org(_)
            | Reply::Agent { .. }
            | Reply::Gate { .. }
            | Reply::Alert { .. }
            | Reply::Sweep { .. }
            | Reply::Reservations(_)
            | Reply::Lease { .. }
            | Reply::Reconciled { .. },
        ) => {}
    }
    let (mut ends, mut queues, mut starts) = (Vec::new(), Vec::new(), Vec::new());
    let mut done = Vec::new();
    for recorded in events {
        if matches!(recorded.event, Event::CallErased(_)) {
            parts.push("erased".to_owned());
        }
        if let Event::Sweep(SweepEvent::Done { number: _, ended }) = recorded.event {
            done.push(ended.to_string());
        }
        let Event::Call(event) = &recorded.event else { continue };
        if Some(&event.request().id) == own {
            continue;
        }
        let id = event.request().id.to_string();
        match event {
            CallEvent::Ended(call) | CallEvent::EndedAtOnce(call) => {
                ends.push(format!("{id}:{}", call.state.reason.as_str()));
            }
            CallEvent::Queued(_) => queues.push(id),
            CallEvent::Started(_) => starts.push(id),
        }
    }
    for (verb, calls) in [("ends", ends), ("done", done), ("queues", queues), ("starts", starts)] {
        if !calls.is_empty() {
            parts.push(format!("{verb}{}", words(calls.iter().map(String::as_str))));
        }
    }
    if let Ok(Reply::Reconciled { rest: Some(_), .. }) = reply {
        parts.push("rest".to_owned());
    }
    parts.join(" ")
}

/// `refused NAME` and the numbers in it.
fn refusal(rejection: &Rejection) -> String {
    let debug = format!("{rejection:?}");
    let name = debug.split([' ', '{']).next().unwrap_or_default();
    let numbers = debug.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    format!("refused {name}{}", words(numbers))
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.fold(String::new(), |text, word| text + " " + word)
}
