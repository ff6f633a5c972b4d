//! Random commands to one small organisation: few ids, so that calls, agents and leases meet again and again.

use std::sync::Arc;

use callslot_core::{
    AgentId, CallId, CallType, LeaseId, LeaseSum, OrgChange, OrgCommand, PerType, PlanId,
    StartCall, Version,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// What happens next.
#[derive(Debug, Clone)]
pub enum Step {
    /// Somebody asks for something.
    Command(OrgCommand),
    /// Time goes by, in milliseconds, and what is due expires.
    Pass(u64),
    /// The server restarts from its log.
    Restart,
}

/// A random step.
pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => start().prop_map(|start| Step::Command(OrgCommand::StartCall(start))),
        8 => call().prop_map(|call| Step::Command(OrgCommand::EndCall { call, note: None })),
        2 => call().prop_map(|call| Step::Command(OrgCommand::ClaimCall { call })),
        4 => lease_command().prop_map(Step::Command),
        5 => settings_command().prop_map(Step::Command),
        4 => prop_oneof![Just(0), 1..3_000_u64, 3_000..20_000_u64, Just(600_000)].prop_map(Step::Pass),
        1 => Just(Step::Restart),
    ]
}

fn start() -> impl Strategy<Value = StartCall> {
    let bound = || option::weighted(0.2, prop_oneof![Just(0), 1_000..15_000_u64]);
    (call(), agent(), call_type(), option::weighted(0.3, lease()), bound(), bound()).prop_map(
        |(id, agent, call_type, lease, max_wait_ms, claim_within_ms)| StartCall {
            id,
            agent,
            call_type,
            lease,
            max_wait_ms,
            claim_within_ms,
            metadata: None,
        },
    )
}

fn lease_command() -> impl Strategy<Value = OrgCommand> {
    let sum = (0..4_u64, any::<u64>()).prop_map(|(count, digest)| LeaseSum { count, digest });
    let no_calls = Just(LeaseSum::default());
    prop_oneof![
        3 => (lease(), 5_000..20_000_u64).prop_map(|(lease, ttl_ms)| OrgCommand::OpenLease { lease, ttl_ms }),
        4 => (lease(), option::of(prop_oneof![sum, no_calls]))
            .prop_map(|(lease, sum)| OrgCommand::RenewLease { lease, sum }),
        2 => (lease(), vec(call(), 0..20))
            .prop_map(|(lease, active)| OrgCommand::ReconcileLease { lease, active }),
        1 => lease().prop_map(|lease| OrgCommand::EndLease { lease }),
    ]
}

fn settings_command() -> impl Strategy<Value = OrgCommand> {
    let reserved = vec((agent(), [0..4_u32, 0..4_u32, 0..2_u32, 0..2_u32].prop_map(PerType)), 0..3);
    let version = option::weighted(0.2, (0..5_u64).prop_map(Version));
    let cap = option::of(0..8_u32);
    prop_oneof![
        4 => (reserved, version).prop_map(|(reservations, if_version)| OrgCommand::SetReservations {
            reservations,
            if_version,
        }),
        3 => (agent(), cap).prop_map(|(agent, cap)| OrgCommand::PutAgent {
            name: Arc::from(agent.as_str()),
            agent,
            cap,
        }),
        1 => agent().prop_map(|agent| OrgCommand::DeleteAgent { agent }),
        4 => change().prop_map(OrgCommand::ChangeOrg),
    ]
}

fn change() -> impl Strategy<Value = OrgChange> {
    let limit = prop_oneof![0..14_u32, 55..70_u32];
    let plan = PlanId::parse("other").expect("a plan id");
    (
        option::weighted(0.5, option::weighted(0.8, limit.clone())),
        option::weighted(0.2, limit.prop_map(move |limit| (plan.clone(), limit))),
        option::weighted(0.3, prop_oneof![Just(0), 5_000..40_000_u64]),
        option::weighted(0.3, 0..6_u32),
        (call_type(), option::weighted(0.3, option::of(1_000..9_000_u64))),
    )
        .prop_map(
            |(limit_override, plan, max_call_duration_ms, max_queued, (call_type, wait))| {
                let mut max_wait_ms = PerType::default();
                max_wait_ms[call_type] = wait;
                let max_queued = max_queued.map(|bound| if bound == 0 { 1 } else { bound * 20 });
                OrgChange {
                    name: None,
                    plan,
                    limit_override,
                    max_call_duration_ms,
                    max_wait_ms,
                    max_queued,
                }
            },
        )
}

fn call() -> impl Strategy<Value = CallId> {
    (0..60_u32).prop_map(|n| CallId::parse(&format!("call-{n}")).expect("a call id"))
}

fn agent() -> impl Strategy<Value = AgentId> {
    // The last agents mostly do not exist.
    (0..6_u32).prop_map(|n| AgentId::parse(&format!("agent-{n}")).expect("an agent id"))
}

fn lease() -> impl Strategy<Value = LeaseId> {
    (0..4_u32).prop_map(|n| LeaseId::parse(&format!("lease-{n}")).expect("a lease id"))
}

fn call_type() -> impl Strategy<Value = CallType> {
    proptest::sample::select(CallType::ALL.to_vec())
}
