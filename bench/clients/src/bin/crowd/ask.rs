//! Connections that send one request after another over HTTP.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use callslot_api::limits::MAX_ADOPTED_CALLS;
use callslot_api::{
    AgentPut, CallEnd, CallStart, CallType, ClientError, LeaseAdopt, LeaseOpen, OrgCreate,
};

use crate::{Target, call_id, print};

/// A prime: its multiples go over all numbers below a count that it does not divide, in leaps.
const FAR: usize = 7_919;
/// Calls that each organisation has.
const CALLS_PER_ORG: usize = 10;

pub fn end(target: &Target, from: usize, count: usize, connections: usize) {
    let client = || target.client(None);
    ask("ends", from, count, connections, client, |client, number| {
        client.end_call(&call_id(number), &CallEnd::default()).map(drop)
    });
}

pub fn read(target: &Target, from: usize, count: usize, connections: usize) {
    let client = || target.client(None);
    ask("reads", from, count, connections, client, |client, number| {
        client.call(&call_id(number), 0).map(drop)
    });
}

/// Adopts calls in an order that has nothing to do with their tickets.
pub fn adopt(target: &Target, count: usize) {
    let client = target.client(None);
    let begun = Instant::now();
    let mut took = Vec::new();
    let lease = client.open_lease(&LeaseOpen { ttl_s: Some(3_600) }).expect("a lease");
    let ids: Vec<_> = (0..count).map(|number| call_id(number * FAR % count)).collect();
    for calls in ids.chunks(MAX_ADOPTED_CALLS) {
        let calls = calls.to_vec();
        let asked = Instant::now();
        client.adopt_calls(&lease.id, &LeaseAdopt { calls }).expect("it is not refused");
        took.push(asked.elapsed());
    }
    print("adoptions of 1,000 calls", begun, took);
}

/// Names calls for leases that do not have them, a lease a connection.
pub fn reconcile(target: &Target, count: usize, times: usize, connections: usize) {
    let active: Vec<_> = (0..count).map(call_id).collect();
    let client = || {
        let client = target.client(None);
        let lease = client.open_lease(&LeaseOpen { ttl_s: Some(3_600) }).expect("a lease");
        (client, lease.id)
    };
    ask("reconciliations", 0, times, connections, client, |(client, lease), _| {
        client.reconcile_lease(lease, &active).map(drop)
    });
}

pub fn agents(target: &Target, count: usize, connections: usize) {
    let client = || target.client(None);
    ask("agents", 0, count, connections, client, |client, number| {
        let id = format!("agent-{number}");
        client.put_agent(&id, &AgentPut { name: id.clone(), cap: None, pace: None }).map(drop)
    });
}

pub fn pools(target: &Target, count: usize, connections: usize) {
    let client = || target.client(None);
    ask("pools", 0, count, connections, client, |client, _| client.pool().map(drop));
}

pub fn orgs(target: &Target, count: usize, connections: usize) {
    let client = || target.client(None);
    ask("orgs", 0, count, connections, client, |client, number| {
        let id = org_id(number);
        client.create_org(&OrgCreate {
            id: Some(id.clone()),
            name: format!("Organisation {number}"),
            plan: "standard".into(),
            limit_override: None,
            max_call_duration_s: None,
            max_wait_s: None,
            max_queued: None,
        })?;
        let inside = target.client(Some(&id));
        for agent in ["support", "sales"] {
            inside.put_agent(agent, &AgentPut { name: agent.into(), cap: None, pace: None })?;
        }
        Ok(())
    });
}

pub fn org_calls(target: &Target, count: usize, connections: usize) {
    ask(
        "orgs",
        0,
        count,
        connections,
        || (),
        |(), number| {
            let inside = target.client(Some(&org_id(number)));
            for call in 0..CALLS_PER_ORG {
                let agent = if call % 2 == 0 { "support" } else { "sales" };
                let start = CallStart {
                    id: Some(call_id(call)),
                    ..CallStart::new(agent, [CallType::Inbound, CallType::Chat][call / 2 % 2])
                };
                inside.start_call(&start, 0)?;
            }
            Ok(())
        },
    );
}

fn org_id(number: usize) -> String {
    format!("org-{number}")
}

/// Asks something for each number, the lowest first, on this many connections at once.
fn ask<Client>(
    what: &str,
    from: usize,
    count: usize,
    connections: usize,
    client: impl Fn() -> Client + Sync,
    one: impl Fn(&Client, usize) -> Result<(), ClientError> + Sync,
) {
    let begun = Instant::now();
    let next = AtomicUsize::new(from);
    let work = || {
        let client = client();
        let mut took: Vec<Duration> = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= from + count {
                return took;
            }
            let asked = Instant::now();
            one(&client, number).expect("it is not refused");
            took.push(asked.elapsed());
        }
    };
    let took = thread::scope(|scope| {
        let workers: Vec<_> = (0..connections).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
    });
    print(what, begun, took);
}
