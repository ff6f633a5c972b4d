//! Gates and paces of random traffic: few gates, so that calls meet at them, and paces that give a start every second or so.

use std::sync::Arc;

use callslot_core::{
    CallGates, DeleteGate, GateId, GateKind, GateSettings, Hours, OrgCommand, Pace, PutGate,
    SetWithinHours,
};
use fastrand::Rng;

/// One more than there may be, so that one is often unknown.
const GATES: [&str; 4] = ["e", "f", "g", "h"];

pub(super) fn some_gate(rng: &mut Rng) -> GateId {
    let known = rng.usize(..GATES.len() * 4).min(GATES.len() - 1 - rng.usize(..GATES.len()));
    GateId::parse(GATES[known]).expect("a gate id")
}

/// What a call names: mostly one or two of those that there are.
pub(super) fn some_gates(rng: &mut Rng, known: &[GateId]) -> CallGates {
    let mut ids: Vec<GateId> = known.iter().filter(|_| rng.bool()).take(2).cloned().collect();
    if rng.u8(..20) == 0 {
        ids.push(some_gate(rng));
    }
    CallGates::new(ids).expect("few gates")
}

pub(super) fn some_pace(rng: &mut Rng) -> Option<Pace> {
    let pace = Pace { starts: rng.u32(1..=3), per_s: rng.u32(1..=4), burst: rng.u32(1..=3) };
    (rng.u8(..5) < 3).then_some(pace)
}

/// Puts a gate with any settings.
pub(super) fn put_gate(rng: &mut Rng) -> OrgCommand {
    let gate = some_gate(rng);
    let has_hours = rng.u8(..3) == 0;
    let settings = GateSettings {
        name: Arc::from(gate.as_str()),
        kind: GateKind::ALL[rng.usize(..GateKind::ALL.len())],
        cap: (rng.u8(..3) == 0).then(|| rng.u32(..4)),
        pace: some_pace(rng).filter(|_| rng.bool()),
        is_paused: rng.u8(..5) == 0,
        hours: has_hours.then(hours),
    };
    let is_within_hours = !has_hours || rng.bool();
    OrgCommand::PutGate(PutGate { gate, settings, is_within_hours })
}

/// The hours of a gate begin or end, or those that it once had.
pub(super) fn hours_change(rng: &mut Rng) -> OrgCommand {
    let gate = some_gate(rng);
    OrgCommand::SetWithinHours(SetWithinHours { gate, hours: hours(), is_within_hours: rng.bool() })
}

pub(super) fn delete_gate(rng: &mut Rng) -> OrgCommand {
    OrgCommand::DeleteGate(DeleteGate { gate: some_gate(rng) })
}

/// What they are does not matter: other commands say when they begin and end.
pub(super) fn hours() -> Arc<Hours> {
    Arc::new(Hours { tz: Arc::from("UTC"), open: Vec::new() })
}
