//! How long it takes from the end of a call until the receiver has answered for the one that gets its slot, which that claims.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use callslot_api::{AgentPut, CallEnd, Client};

use crate::load::{call, delivered, hook, start_all};
use crate::receiver::receive;
use crate::spread;

/// Agents with one slot each, so that it is known whose end starts which call.
const AGENTS: usize = 400;
const WORKERS: usize = 16;
/// Not counted, at the beginning.
const WARM_UP: Duration = Duration::from_secs(2);

#[derive(Default)]
struct Times {
    freed: HashMap<String, Instant>,
    took: Vec<Duration>,
    unknown: usize,
}

/// Frees that many slots a second.
pub fn delay(client: &Client, per_second: usize, seconds: usize) {
    let begun = Instant::now();
    let ends = per_second * (seconds + 2);
    let rounds = ends.div_ceil(AGENTS);
    for agent in 0..AGENTS {
        let put = AgentPut { name: name(agent), cap: Some(1), pace: None };
        client.put_agent(&name(agent), &put).expect("an agent");
    }
    let mut calls = Vec::new();
    for round in 0..=rounds {
        for agent in 0..AGENTS {
            let mut call = call(&name(agent), id(agent, round), None);
            call.claim_within_s = (round > 0).then_some(300);
            calls.push(call);
        }
    }
    start_all(client, calls);
    println!("set up in {:.1} s", begun.elapsed().as_secs_f64());
    let times = Arc::new(Mutex::new(Times::default()));
    let address = {
        let times = Arc::clone(&times);
        receive(Arc::new(move |body| {
            let event = delivered(body);
            let mut times = times.lock().expect("nobody panics with it");
            match times.freed.remove(&event.data.call.agent) {
                Some(freed) => times.took.push(freed.elapsed()),
                None => times.unknown += 1,
            }
            true
        }))
    };
    hook(client, address, &["call.started"]);
    free(client, &times, (per_second, ends));
    let warm_up = per_second * usize::try_from(WARM_UP.as_secs()).expect("small");
    let begun = Instant::now();
    while times.lock().expect("nobody panics with it").took.len() < ends {
        assert!(begun.elapsed() < Duration::from_secs(30), "some never came");
        thread::sleep(Duration::from_millis(5));
    }
    let mut times = times.lock().expect("nobody panics with it");
    let took = times.took.split_off(warm_up);
    println!("delays {}, {}, unknown {}", took.len(), spread(took), times.unknown);
}

/// Ends calls at a steady rate, each at its moment.
fn free(client: &Client, times: &Mutex<Times>, (per_second, ends): (usize, usize)) {
    let (next, begun) = (AtomicUsize::new(0), Instant::now());
    let gap = Duration::from_secs(1) / u32::try_from(per_second).expect("few");
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let end = next.fetch_add(1, Ordering::Relaxed);
                    if end >= ends {
                        return;
                    }
                    let due = begun + gap * u32::try_from(end).expect("few");
                    thread::sleep(due.saturating_duration_since(Instant::now()));
                    let (agent, round) = (end % AGENTS, end / AGENTS);
                    let freed = Instant::now();
                    let mut locked = times.lock().expect("nobody panics with it");
                    locked.freed.insert(name(agent), freed);
                    drop(locked);
                    client.end_call(&id(agent, round), &CallEnd::default()).expect("it ends");
                }
            });
        }
    });
}

fn name(agent: usize) -> String {
    format!("agent-{agent}")
}

fn id(agent: usize, round: usize) -> String {
    format!("call-{agent}-{round}")
}
