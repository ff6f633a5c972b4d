//! The promises of [`History`](crate::History) about gates.

use std::sync::Arc;

use callslot_core::{AgentId, CallGates, CallType, GateId, Sequence};

use crate::conformance::facts::{ended_call, org};
use crate::conformance::history::{at, closed, numbers, open_after, project, refused, until_none};
use crate::conformance::shards::org_of;
use crate::contract::history::{
    Closed, EndedFilter, Projection, Refused, Row, Series, SeriesKind, SeriesRows, Which,
};
use crate::contract::seen_time::OldTimes;
use crate::contract::store::Store;
use crate::figures::{Grain, Levels};

/// Ended calls are found by each gate that they named, page by page.
pub fn ended_calls_are_found_by_each_of_their_gates(store: &dyn Store) {
    let named: [&[&str]; 5] = [&["spring"], &[], &["trunk-1", "spring"], &["trunk-1"], &["summer"]];
    let calls = (1..).zip(named).map(|(n, gates)| {
        let mut call = ended_call(&format!("call-{n}"), "a", CallType::Outbound, n);
        let gates = gates.iter().map(|id| gate(id)).collect();
        Arc::make_mut(&mut call.request).gates = CallGates::new(gates).expect("two at most");
        (org("acme"), Sequence(n), call)
    });
    let calls: Vec<_> = calls.collect();
    let third = calls[2].2.clone();
    project(store, 1, Projection { ended: calls, ..Projection::default() });
    let of = |id: &str| EndedFilter { gate: Some(gate(id)), ..EndedFilter::default() };
    assert_eq!(numbers(store, &of("spring"), 9), [3, 1]);
    assert_eq!(numbers(store, &of("trunk-1"), 9), [4, 3]);
    assert_eq!(numbers(store, &of("never"), 9), [0; 0]);
    let page = store.ended_calls(&org("acme"), &of("spring"), 1).expect("a read");
    assert_eq!(page.calls, [(Sequence(3), third)], "with its gates");
    let rest = EndedFilter { before: page.next, ..of("spring") };
    assert_eq!(numbers(store, &rest, 9), [1]);
    let of_other = EndedFilter { agent: AgentId::parse("b").ok(), ..of("spring") };
    assert_eq!(numbers(store, &of_other, 9), [0; 0]);
}

/// A gate's figures are those of its own series, whatever else has its name.
pub fn figures_of_gates_are_apart_from_those_of_agents_and_go_like_them(store: &dyn Store) {
    let acme = org_of(store);
    let (of_agent, of_gate) =
        (Series::Agent(AgentId::parse("a").expect("an agent id")), Series::Gate(gate("a")));
    let open = |series: &Series, minute, starts| {
        (acme.clone(), series.clone(), open_after(minute, starts).2)
    };
    let over = |series: &Series, minute, starts| Closed {
        org: acme.clone(),
        series: series.clone(),
        ..closed(Grain::Minute, minute, starts)
    };
    let mut idle = open(&Series::Gate(gate("idle")), 0, 1);
    idle.2.minute.figures.after = Levels::default();
    let first = Projection {
        closed: vec![over(&of_agent, 0, 2), over(&of_gate, 0, 3)],
        open: vec![open(&of_agent, 5, 4), open(&of_gate, 5, 6), idle],
        refused: vec![Refused { org: acme.clone(), series: of_gate.clone(), ..refused(0, 9) }],
        ..Projection::default()
    };
    project(store, 1, first);
    let starts = |which: &Which| -> Vec<(Series, Vec<(u64, u64)>)> {
        let found = store.figures(&acme, which, Grain::Minute, at(0), at(9));
        let row = |row: &Row| (row.figures.as_ref().map_or(0, |of| of.starts), row.refused);
        let rows = |kept: SeriesRows| (kept.series, kept.rows.iter().map(row).collect());
        found.expect("a read").into_iter().map(rows).collect()
    };
    assert_eq!(starts(&Which::One(of_gate.clone())), [(of_gate.clone(), vec![(3, 9), (6, 0)])]);
    assert_eq!(starts(&Which::One(of_agent.clone())), [(of_agent, vec![(2, 0), (4, 0)])]);
    let names: Vec<_> =
        starts(&Which::Each(SeriesKind::Gate)).into_iter().map(|(series, _)| series).collect();
    assert_eq!(names, [of_gate.clone(), Series::Gate(gate("idle"))]);
    let count = || store.count_series(&acme, SeriesKind::Gate).expect("a count");
    assert_eq!(count(), 2);
    let after = store.series_after(at(1)).expect("a read");
    assert!(after.contains(&(acme.clone(), of_gate.clone())), "{after:?}");
    assert_eq!(after.len(), 2);
    // It goes with its last hour, if no calls are live in it.
    let old = OldTimes::before(at(60));
    for grain in Grain::ALL {
        until_none(|| store.prune_figures(grain, &old).expect("a pruning"));
    }
    assert_eq!(count(), 1);
    until_none(|| store.erase(&acme).expect("a removal"));
    assert_eq!(count(), 0);
}

fn gate(id: &str) -> GateId {
    GateId::parse(id).expect("a gate id")
}
