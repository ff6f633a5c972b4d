//! Who made changes and what there was before: the facts that version 5 of the stored form has and those before do not.

use std::sync::Arc;

use callslot_core::{
    Actor, ActorKind, AgentId, ChangedBy, Event, Former, GateKind, GateSettings, Hours, OpenSpan,
    OrgSettings, Pace, PerType, PlanId, Version,
};

/// One event for every kind of actor and of former settings.
pub(super) fn signed(settings: &OrgSettings) -> Vec<Event> {
    let pace = Some(Pace { starts: 5, per_s: 1, burst: 5 });
    let agents = ["support", "sales"].map(|id| AgentId::parse(id).expect("an agent id"));
    let days = OpenSpan { days: 0b001_1111, from_min: 480, to_min: 1_260 };
    let gate = GateSettings {
        name: Arc::from("Frühling"),
        kind: GateKind::Campaign,
        cap: Some(40),
        pace,
        is_paused: true,
        hours: Some(Arc::new(Hours { tz: Arc::from("UTC"), open: vec![days] })),
    };
    let formers = [
        None,
        Some(Former::Limit {
            plan: PlanId::parse("standard").expect("a plan id"),
            plan_limit: 20,
            limit_override: Some(30),
        }),
        Some(Former::Agent { name: Arc::from("Support"), cap: Some(3), pace }),
        Some(Former::Type { cap: None, pace: None }),
        Some(Former::Gate(Box::new(gate))),
        Some(Former::Reservations {
            version: Version(7),
            reservations: agents.map(|agent| (agent, PerType([1, 2, 3, 4]))).to_vec(),
        }),
        Some(Former::Org(Box::new(settings.clone()))),
    ];
    let by = |(number, former): (usize, Option<Former>)| {
        let kind = ActorKind::ALL[number % ActorKind::ALL.len()];
        let (id, name) = (Arc::from("key_1f0c"), Arc::from("Anna Müller"));
        ChangedBy { actor: Arc::new(Actor { kind, id, name }), former }.into()
    };
    formers.into_iter().enumerate().map(by).collect()
}
