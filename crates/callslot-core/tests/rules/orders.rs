//! What a statement asks of the organisation.

use std::collections::VecDeque;
use std::sync::Arc;

use callslot_core::{
    AdoptCall, AgentId, CallFilter, CallGates, CallId, CallType, ClaimCall, Claimant, Decline,
    DeclineCall, DeleteAgent, DeleteGate, EndCall, EndCalls, EndLease, EraseCall, GateId, GateKind,
    GateSettings, Hours, KeyId, LeaseId, LeaseSum, OpenLease, OrgChange, OrgCommand, OrgId, Pace,
    PerType, PlanId, PutAgent, PutGate, RenewLease, SetReservations, SetType, SetWithinHours,
    StartCall, StateFilter,
};
use sha2::{Digest, Sha256};

pub fn call_command(verb: &str, words: &VecDeque<&str>) -> OrgCommand {
    if verb == "end" {
        return OrgCommand::EndCall(EndCall { call: call(words[0]), note: None });
    }
    if verb == "erase" {
        return OrgCommand::EraseCall(EraseCall { call: call(words[0]) });
    }
    if verb == "claim" {
        let claimant = |name: &str| Claimant::parse(name).expect("a claimant");
        return OrgCommand::ClaimCall(ClaimCall {
            call: call(words[0]),
            claimant: words.get(2).map(|name| claimant(name)),
            caller: claimant("key"),
        });
    }
    if verb == "decline" {
        let decline = if words.len() > 1 { Decline::ForGood } else { Decline::ForNow };
        return OrgCommand::DeclineCall(DeclineCall { call: call(words[0]), decline, note: None });
    }
    let (agent_name, type_name) = words[0].split_once('.').expect("agent.type");
    let after =
        |option: &str| words.iter().position(|word| *word == option).map(|place| words[place + 1]);
    OrgCommand::StartCall(StartCall {
        id: call(words[1]),
        agent: agent(agent_name),
        call_type: call_type(type_name),
        lease: after("lease").map(lease),
        max_wait_ms: after("wait").map(duration_ms),
        max_duration_ms: after("lasts").map(duration_ms),
        claim_within_ms: after("claims").map(duration_ms),
        gates: CallGates::new(after("via").into_iter().flat_map(gates).collect())
            .expect("few gates"),
        metadata: after("bytes").map(|bytes| "x".repeat(number(bytes) as usize).into()),
    })
}

pub fn sweep_command(words: &VecDeque<&str>) -> OrgCommand {
    let after =
        |option: &str| words.iter().position(|word| *word == option).map(|place| words[place + 1]);
    let state = after("state").map(|state| match state {
        "queued" => StateFilter::Queued,
        _ => StateFilter::Active,
    });
    let filter = CallFilter {
        state,
        agent: after("agent").map(agent),
        call_type: after("type").map(call_type),
        gate: after("via").map(gate),
    };
    let ids = words.iter().position(|word| *word == "ids");
    let ids = ids.map(|place| words.iter().skip(place + 1).map(|word| call(word)).collect());
    OrgCommand::EndCalls(EndCalls { filter, ids, note: None })
}

pub fn lease_command(verb: &str, words: &VecDeque<&str>) -> OrgCommand {
    let lease = lease(words[0]);
    let calls: Vec<CallId> = words.iter().skip(1).map(|word| call(word)).collect();
    match verb {
        "open" => {
            let key = words.get(3).map(|key| KeyId::parse(key).expect("a key id"));
            OrgCommand::OpenLease(OpenLease { lease, ttl_ms: duration_ms(words[1]), key })
        }
        "renew" => OrgCommand::RenewLease(RenewLease { lease, sum: Some(sum_of(&calls)) }),
        "prolong" => OrgCommand::RenewLease(RenewLease { lease, sum: None }),
        "adopt" => OrgCommand::AdoptCall(AdoptCall { call: call(words[1]), lease }),
        _ => OrgCommand::EndLease(EndLease { lease }),
    }
}

fn sum_of(calls: &[CallId]) -> LeaseSum {
    let first_8_bytes = |id: &CallId| {
        let hash = Sha256::digest(id.as_str().as_bytes());
        u64::from_be_bytes(hash[..8].try_into().expect("8 bytes"))
    };
    LeaseSum {
        count: calls.len() as u64,
        digest: calls.iter().map(first_8_bytes).fold(0, |digest, next| digest ^ next),
    }
}

pub fn settings_command(verb: &str, words: &VecDeque<&str>) -> OrgCommand {
    match verb {
        "cap" | "uncap" if words[0] == "type" => OrgCommand::SetType(SetType {
            call_type: call_type(words[1]),
            cap: words.get(2).filter(|_| verb == "cap").map(|cap| number(cap)),
            pace: pace_of(words, "every="),
        }),
        "cap" | "uncap" => OrgCommand::PutAgent(PutAgent {
            agent: agent(words[0]),
            name: Arc::from(words[0]),
            cap: words.get(1).filter(|_| verb == "cap").map(|cap| number(cap)),
            pace: pace_of(words, "every="),
        }),
        "gate" => gate_command(words),
        "hours" => OrgCommand::SetWithinHours(SetWithinHours {
            gate: gate(words[0]),
            hours: hours(),
            is_within_hours: words[1] == "on",
        }),
        "ungate" => OrgCommand::DeleteGate(DeleteGate { gate: gate(words[0]) }),
        "forget" => OrgCommand::DeleteAgent(DeleteAgent { agent: agent(words[0]) }),
        "reserve" | "unreserve" => {
            let words: Vec<&str> = words.iter().copied().collect();
            OrgCommand::SetReservations(reservations(&words.join(" ")))
        }
        _ => {
            let mut change = OrgChange::default();
            match verb {
                "limit" if words[0] == "none" => change.limit_override = Some(None),
                "limit" => change.limit_override = Some(Some(number(words[0]))),
                "bound" => change.max_queued = Some(number(words[0])),
                "longest" => change.max_call_duration_ms = Some(duration_ms(words[0])),
                _ => {
                    change.max_wait_ms[call_type(words[0])] = Some(Some(duration_ms(words[1])));
                }
            }
            OrgCommand::ChangeOrg(change)
        }
    }
}

/// What `reserve wanted` asks for.
pub fn reservations(wanted: &str) -> SetReservations {
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let agents = words.split(|word| *word == "and").filter(|words| !words.is_empty());
    SetReservations { reservations: agents.map(reserved_by).collect(), if_version: None }
}

fn reserved_by(words: &[&str]) -> (AgentId, PerType<u32>) {
    let mut reserved = PerType::default();
    for pair in words[1..].chunks(2) {
        reserved[call_type(pair[0])] = number(pair[1]);
    }
    (agent(words[0]), reserved)
}

fn gate_command(words: &VecDeque<&str>) -> OrgCommand {
    let after = |option: &str| words.iter().find_map(|word| word.strip_prefix(option));
    let has = |option: &str| words.contains(&option);
    let settings = GateSettings {
        name: Arc::from(words[0]),
        kind: GateKind::Campaign,
        cap: after("cap=").map(number),
        pace: pace_of(words, "pace="),
        is_paused: has("paused"),
        hours: (has("within") || has("shut")).then(hours),
    };
    let (gate, is_within_hours) = (gate(words[0]), !has("shut"));
    OrgCommand::PutGate(PutGate { gate, settings, is_within_hours })
}

/// `every=2/1s burst=3`
fn pace_of(words: &VecDeque<&str>, option: &str) -> Option<Pace> {
    let after = |option: &str| words.iter().find_map(|word| word.strip_prefix(option));
    let (starts, span) = after(option)?.split_once('/').expect("starts/seconds");
    let per_s = u32::try_from(duration_ms(span) / 1000).expect("seconds");
    Some(Pace { starts: number(starts), per_s, burst: after("burst=").map_or(1, number) })
}

/// What they are does not matter: the statements say when they begin and end.
fn hours() -> Arc<Hours> {
    Arc::new(Hours { tz: Arc::from("UTC"), open: Vec::new() })
}

fn gates(text: &str) -> impl Iterator<Item = GateId> {
    text.split(',').map(gate)
}

pub fn gate(text: &str) -> GateId {
    GateId::parse(text).expect("a gate id")
}

pub fn org() -> OrgId {
    OrgId::parse("o").expect("an organisation id")
}

pub fn plan() -> PlanId {
    PlanId::parse("standard").expect("a plan id")
}

pub fn agent(text: &str) -> AgentId {
    AgentId::parse(text).expect("an agent id")
}

pub fn call(text: &str) -> CallId {
    CallId::parse(text).expect("a call id")
}

pub fn lease(text: &str) -> LeaseId {
    LeaseId::parse(text).expect("a lease id")
}

pub fn call_type(text: &str) -> CallType {
    CallType::ALL.into_iter().find(|t| t.as_str() == text).expect("a call type")
}

pub fn number(text: &str) -> u32 {
    text.parse().expect("a number")
}

pub fn duration_ms(text: &str) -> u64 {
    let (number, factor) = match text.strip_suffix("ms") {
        Some(number) => (number, 1),
        None => (text.strip_suffix('s').expect("seconds or milliseconds"), 1000),
    };
    number.parse::<u64>().expect("a number") * factor
}
