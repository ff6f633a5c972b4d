//! Webhooks of five organisations, of which some never answer: how long events take to those that do, and the starts of calls.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use callslot_api::{AgentPut, CallEnd, Client, OrgCreate, PlanPut};

use crate::load::{call, delivered, hook};
use crate::receiver::receive;
use crate::spread;

const ORGS: usize = 5;
const WORKERS: usize = 10;

#[derive(Default)]
struct Times {
    asked: HashMap<String, Instant>,
    took: Vec<Duration>,
}

/// Starts and ends calls at a steady rate, shared by the organisations, each of which has its part of the webhooks.
pub fn crowded(
    client: impl Fn(Option<&str>) -> Client,
    (good, hanging): (usize, usize),
    (per_second, seconds): (usize, usize),
) {
    let times = Arc::new(Mutex::new(Times::default()));
    let (answers, hangs) = (good_receiver(&times), receive(Arc::new(|_| false)));
    let operator = client(None);
    operator.put_plan("wide", &PlanPut { name: "Wide".to_owned(), limit: 10_000 }).expect("a plan");
    let tag = std::process::id();
    let orgs: Vec<Client> = (0..ORGS)
        .map(|org| format!("org-{tag}-{org}"))
        .map(|org| {
            let create = OrgCreate {
                id: Some(org.clone()),
                name: org.clone(),
                plan: "wide".to_owned(),
                limit_override: None,
                max_call_duration_s: None,
                max_wait_s: None,
                max_queued: None,
            };
            operator.create_org(&create).expect("an organisation");
            let client = client(Some(&org));
            let put = AgentPut { name: "Support".to_owned(), cap: None, pace: None };
            client.put_agent("support", &put).expect("an agent");
            for _ in 0..good / ORGS {
                hook(&client, answers, &["call.started"]);
            }
            for _ in 0..hanging / ORGS {
                hook(&client, hangs, &["call.started"]);
            }
            client
        })
        .collect();
    let starts = load(&orgs, &times, (per_second, seconds));
    let wanted = per_second * seconds * (good / ORGS);
    let begun = Instant::now();
    while times.lock().expect("nobody panics with it").took.len() < wanted {
        assert!(begun.elapsed() < Duration::from_mins(1), "some never came");
        thread::sleep(Duration::from_millis(5));
    }
    let took = std::mem::take(&mut times.lock().expect("nobody panics with it").took);
    println!(
        "deliveries {}, {}; starts {}, {}",
        took.len(),
        spread(took),
        starts.len(),
        spread(starts)
    );
}

fn good_receiver(times: &Arc<Mutex<Times>>) -> std::net::SocketAddr {
    let times = Arc::clone(times);
    receive(Arc::new(move |body| {
        let event = delivered(body);
        let mut times = times.lock().expect("nobody panics with it");
        let asked = times.asked.get(&event.data.call.id).copied();
        times.took.extend(asked.map(|asked| asked.elapsed()));
        true
    }))
}

/// Returns how long the starts took.
fn load(
    orgs: &[Client],
    times: &Mutex<Times>,
    (per_second, seconds): (usize, usize),
) -> Vec<Duration> {
    let (next, begun) = (AtomicUsize::new(0), Instant::now());
    let gap = Duration::from_secs(1) / u32::try_from(per_second).expect("few");
    let starts = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= per_second * seconds {
                        return;
                    }
                    let due = begun + gap * u32::try_from(number).expect("few");
                    thread::sleep(due.saturating_duration_since(Instant::now()));
                    let client = &orgs[number % orgs.len()];
                    let id = format!("call-{number}");
                    let asked = Instant::now();
                    times.lock().expect("nobody panics with it").asked.insert(id.clone(), asked);
                    client.start_call(&call("support", id.clone(), None), 0).expect("it starts");
                    starts.lock().expect("nobody panics with it").push(asked.elapsed());
                    client.end_call(&id, &CallEnd::default()).expect("it ends");
                }
            });
        }
    });
    starts.into_inner().expect("nobody panics with it")
}
