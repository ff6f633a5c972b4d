//! `kill -9` of the server and of the receiver that a webhook dispatches calls to, while calls keep coming. Each test run has a few; with
//! `CALLSLOT_DISPATCH_KILLS=100` it has as many as that says.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use callslot_api::Time;
use callslot_server::wall_now;
use serde_json::{Value, json};

use crate::http::Client;
use crate::server::{Server, Setup, example};

/// How many kills each test run has.
const KILLS: u64 = 14;
/// The moments are chosen by this.
const SEED: u64 = 20_261_128;
/// How soon a call must be claimed.
const CLAIM_WITHIN_S: u64 = 5;
/// How late a slot may be given back, on a busy machine.
const SLACK_MS: u64 = 2_000;
/// For how long after a start nothing expires.
const GRACE_MS: u64 = 15_000;
/// So few that calls wait.
const SLOTS: u64 = 8;
/// How long it goes on between two kills, from and to, in milliseconds.
const BETWEEN_MS: (u64, u64) = (50, 700);

/// The process that takes calls up.
struct Receiver {
    process: Child,
    words: Vec<String>,
}

impl Receiver {
    fn start(client: &Client, port: u16, notes: &str) -> Self {
        let words = [&client.url, &client.key, &port.to_string(), notes].map(ToOwned::to_owned);
        Self { process: spawn(&words), words: words.into() }
    }

    fn kill(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it is gone");
    }

    fn start_again(&mut self) {
        self.process = spawn(&self.words);
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(words: &[String]) -> Child {
    let mut command = Command::new(example("dispatched_engine"));
    let mut process =
        command.args(words).stdout(Stdio::piped()).spawn().expect("the receiver starts");
    let output = process.stdout.take().expect("its output");
    let ready = BufReader::new(output).lines().next();
    assert!(ready.is_some_and(|line| line.is_ok()), "the receiver is ready");
    process
}

/// Clients that start calls until this is told to stop, each until the server has it.
struct Load {
    is_over: Arc<AtomicBool>,
    workers: Vec<JoinHandle<u64>>,
}

impl Load {
    fn start(client: &Client, gone_on: &Arc<AtomicU64>) -> Self {
        let is_over = Arc::<AtomicBool>::default();
        let workers = (0..3).map(|worker| {
            let (client, is_over) = (client.clone(), Arc::clone(&is_over));
            let gone_on = Arc::clone(gone_on);
            thread::spawn(move || {
                let mut started = 0;
                while !is_over.load(Ordering::Relaxed) {
                    let call = json!({ "id": format!("{worker}-{started}"), "agent": "c", "type": "chat",
                        "claim_within_s": CLAIM_WITHIN_S, "max_wait_s": 3_600 });
                    while !client
                        .try_to_send("POST", "/v1/calls", Some(&call))
                        .is_ok_and(|(status, _)| status < 300)
                    {
                        thread::yield_now();
                    }
                    started += 1;
                    gone_on.fetch_add(1, Ordering::Relaxed);
                    // No more than a few dozen wait, so that what is started also ends.
                    while !is_over.load(Ordering::Relaxed)
                        && client
                            .try_to_send("GET", "/v1/concurrency", None)
                            .map_or(true, |(_, pool)| pool["queued"].as_u64().unwrap_or(99) > 30)
                    {
                        thread::yield_now();
                    }
                }
                started
            })
        });
        let workers = workers.collect();
        Self { is_over, workers }
    }

    fn stop(self) -> u64 {
        self.is_over.store(true, Ordering::Relaxed);
        self.workers.into_iter().map(|worker| worker.join().expect("a worker ends")).sum()
    }
}

/// What the server says of each attempt, by the event's number.
type Attempts = BTreeMap<u64, BTreeSet<String>>;

/// The end of an attempt whose 2xx was taken as a claim.
const CLAIMED: &str = "delivered";

fn read_attempts(client: &Client, webhook: &str, attempts: &mut Attempts) {
    let page = client.get(&format!("/v1/webhooks/{webhook}/deliveries?limit=1000"));
    for attempt in page["items"].as_array().expect("items") {
        let outcome = attempt["outcome"].as_str().expect("an outcome");
        let cause = attempt["cause"].as_str().map(|cause| format!("{outcome}: {cause}"));
        let said = cause.unwrap_or_else(|| outcome.to_owned());
        let number = attempt["seq"].as_u64().expect("a number");
        attempts.entry(number).or_default().insert(said);
    }
}

#[test]
fn no_dispatched_call_is_lost_started_twice_or_left_while_the_server_and_its_receiver_are_killed() {
    let kills = std::env::var("CALLSLOT_DISPATCH_KILLS").ok().and_then(|it| it.parse().ok());
    let kills = kills.unwrap_or(KILLS);
    let mut setup = Setup::new();
    setup.flags = vec!["--webhook-allow", "127.0.0.0/8"];
    let notes: PathBuf = setup.scratch().join("notes");
    let mut server = setup.start();
    let client = server.client.clone();
    client.done("PUT", "/v1/agents/c", Some(&json!({ "name": "c", "cap": SLOTS })));
    let port = fastrand::u16(32_000..32_700);
    let mut receiver = Receiver::start(&client, port, notes.to_str().expect("text"));
    let hook =
        json!({ "url": format!("http://127.0.0.1:{port}/hook"), "events": ["call.started"] });
    let webhook = client.done("POST", "/v1/webhooks", Some(&hook));
    let webhook = webhook["id"].as_str().expect("an id").to_owned();

    let gone_on = Arc::<AtomicU64>::default();
    let load = Load::start(&client, &gone_on);
    let (mut down, mut attempts) = (Vec::new(), Attempts::new());
    let mut random = fastrand::Rng::with_seed(SEED);
    for round in 0..kills {
        let (before, pause) =
            (gone_on.load(Ordering::Relaxed), random.u64(BETWEEN_MS.0..BETWEEN_MS.1));
        wait_until(pause, || gone_on.load(Ordering::Relaxed) > before + 2);
        read_attempts(&client, &webhook, &mut attempts);
        match round % 3 {
            0 => {
                receiver.kill();
                wait_until(random.u64(0..1_500), || true);
                receiver.start_again();
            }
            1 => kill(&mut server, &mut down),
            _ => {
                receiver.kill();
                kill(&mut server, &mut down);
                receiver.start_again();
            }
        }
    }
    let started = load.stop();
    let pool = until_empty(&client);
    read_attempts(&client, &webhook, &mut attempts);
    let last = pool["as_of"].as_u64().expect("a number");
    let judged = judge(&client.events_up_to(last), &attempts, &down);
    println!(
        "seed {SEED}: {kills} kills, {started} calls, {} starts, {} attempts seen, {} claims, {} misses, {} unclaimed, {} down for {} ms",
        judged.starts,
        attempts.len(),
        judged.claims,
        judged.misses,
        judged.unclaimed,
        down.len(),
        down.iter().map(|(from, to)| to - from).sum::<u64>(),
    );
    assert_eq!(judged.ended, started, "every call that was answered for has its end");
    assert!(judged.claims > started / 2, "most calls were claimed by an answer");
    assert!(
        judged.unclaimed * 20 < started,
        "{} of {started} were never taken up",
        judged.unclaimed
    );
}

fn kill(server: &mut Server, down: &mut Vec<(u64, u64)>) {
    let from = wall_now().0;
    server.process.kill();
    server.start_again();
    down.push((from, wall_now().0));
}

/// Waits a time, and then until it is so.
fn wait_until(ms: u64, is_so: impl Fn() -> bool) {
    let from = wall_now().0;
    while wall_now().0 < from + ms || !is_so() {
        assert!(wall_now().0 < from + 60_000, "it goes on within a minute");
        thread::park_timeout(Duration::from_millis(2));
    }
}

/// Waits until no call is left; returns the pool.
fn until_empty(client: &Client) -> Value {
    let from = wall_now().0;
    loop {
        let pool = client.get("/v1/concurrency");
        if pool["active"] == 0 && pool["queued"] == 0 {
            return pool;
        }
        assert!(wall_now().0 < from + 90_000, "a slot leaked: {pool}");
        thread::park_timeout(Duration::from_millis(20));
    }
}

#[derive(Default)]
struct Judged {
    starts: u64,
    claims: u64,
    misses: u64,
    unclaimed: u64,
    ended: u64,
}

/// Where a call is after its last event.
enum Place {
    Queued,
    /// Since when, and by which event.
    Active(u64, u64),
    Ended,
}

fn judge(events: &[Value], attempts: &Attempts, down: &[(u64, u64)]) -> Judged {
    let mut judged = Judged::default();
    let mut calls = BTreeMap::<String, Place>::new();
    for event in events {
        let (name, data) = (event["event"].as_str().expect("a name"), &event["data"]);
        let Some(call) = data["call"]["id"].as_str() else { continue };
        let number = data["seq"].as_u64().expect("a number");
        let at: Time = serde_json::from_value(data["at"].clone()).expect("a time");
        let before = calls.get(call);
        let is_claimed = |number| {
            attempts.get(&number).is_some_and(|said: &BTreeSet<String>| said.contains(CLAIMED))
        };
        let place = match (name, before) {
            ("call.queued", None) => Place::Queued,
            ("call.started", None | Some(Place::Queued)) => {
                judged.starts += 1;
                judged.claims += u64::from(is_claimed(number));
                Place::Active(at.0, number)
            }
            // Given back by the receiver, or not claimed in time.
            ("call.queued", Some(&Place::Active(since, by))) => {
                assert!(
                    !is_claimed(by),
                    "{call} was claimed by the answer to {by}, and started again"
                );
                check_window(call, since, at.0, down);
                judged.misses += 1;
                Place::Queued
            }
            ("call.ended", Some(Place::Queued)) => {
                judged.ended += 1;
                Place::Ended
            }
            ("call.ended", Some(&Place::Active(since, by))) => {
                if data["call"]["reason"] == "unclaimed" {
                    assert!(!is_claimed(by), "{call} was claimed, and ended as unclaimed");
                    judged.unclaimed += 1;
                }
                // A call that was claimed is held as long as the receiver likes, which is short but for its kills.
                if !is_claimed(by) && attempts.contains_key(&by) {
                    check_window(call, since, at.0, down);
                }
                judged.ended += 1;
                Place::Ended
            }
            (name, _) => panic!("{name} of {call} at {number} does not follow"),
        };
        calls.insert(call.to_owned(), place);
    }
    let left = calls.iter().find(|(_, place)| !matches!(place, Place::Ended));
    assert!(left.is_none(), "{:?} never ended", left.map(|(call, _)| call));
    judged
}

/// A slot is held no longer than the claim window, not counting when the server was down, or until a while after the server has started:
/// nothing expires sooner.
fn check_window(call: &str, since: u64, until: u64, down: &[(u64, u64)]) {
    let mut starts = down.iter().map(|&(_, up)| up).filter(|up| (since..until).contains(up));
    if starts.any(|up| until <= up + GRACE_MS + SLACK_MS) {
        return;
    }
    let was_down: u64 =
        down.iter().map(|&(from, to)| to.min(until).saturating_sub(from.max(since))).sum();
    let held = (until - since).saturating_sub(was_down);
    assert!(
        held <= CLAIM_WITHIN_S * 1_000 + SLACK_MS,
        "{call} held a slot unclaimed for {held} ms"
    );
}
