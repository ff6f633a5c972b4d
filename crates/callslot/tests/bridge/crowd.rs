//! A crowd of callers for a small pool, while the bridge and the server are killed: nobody is lost, and no slot is.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use callslot_api::{Call, EndReason};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::carrier::{Carrier, PUBLIC, Told, Verb, locked};
use crate::programs::{Bridge, Server};

const CALLERS: usize = 400;
const SLOTS: usize = 20;
/// What the hold loop may add to the wait, in milliseconds.
const LONGEST_DELAY_MS: u64 = 2_000;
/// Longer than all of it takes.
const PATIENCE: Duration = Duration::from_secs(90);

/// One number has silence while callers wait, and the other has music.
fn settings(api: &str) -> String {
    let number = |number: &str, more: &str| {
        format!(
            "[[number]]\nnumber = \"{number}\"\nagent = \"support\"\nmax_wait_s = 600\n{more}\
             connect = {{ stream = \"wss://engine.example/{{call}}\" }}\n"
        )
    };
    format!(
        "public_url = \"{PUBLIC}\"\nask_after_s = 3\n[carrier]\naccount = \"AC1\"\napi = \"{api}\"\n{}{}",
        number("+4930000001", ""),
        number("+4930000002", "hold_music = \"https://phone.example/music.mp3\"\n"),
    )
}

/// What became of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Connected at this time, in milliseconds since the epoch.
    Connected(u64),
    HungUp,
    Otherwise,
}

#[derive(Default)]
struct Seen {
    talking: AtomicUsize,
    most_talking: AtomicUsize,
    fates: Mutex<HashMap<String, Fate>>,
}

/// Counts somebody out of the conversations.
struct Leaves<'a>(&'a Seen);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.talking.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How a caller behaves.
struct Caller {
    sid: String,
    number: &'static str,
    /// When the caller hangs up while waiting.
    patience: Duration,
    talk: Duration,
    /// Whether the carrier forgets to say that the call is over.
    is_end_lost: bool,
}

impl Caller {
    fn nth(index: usize) -> Self {
        let ms = |least, most| Duration::from_millis(fastrand::u64(least..most));
        Self {
            sid: format!("CA{index:04}"),
            number: ["+4930000001", "+4930000002"][index % 2],
            patience: if index % 10 == 7 { ms(100, 9_000) } else { PATIENCE },
            talk: ms(100, 600),
            is_end_lost: index % 20 == 3,
        }
    }

    async fn call(self, carrier: &Carrier, seen: &Seen) {
        let told = carrier.ring(&self.sid);
        let on_the_phone = timeout(self.patience, self.listen(carrier, seen, told));
        let fate = on_the_phone.await.unwrap_or(Fate::HungUp);
        carrier.over(&self.sid);
        locked(&seen.fates).insert(self.sid.clone(), fate);
        if !self.is_end_lost {
            carrier.tell(&format!("{PUBLIC}/status"), &self.sid, "completed").await;
        }
    }

    /// Does what the bridge says, until the conversation is over.
    async fn listen(
        &self,
        carrier: &Carrier,
        seen: &Seen,
        mut told: watch::Receiver<Option<Told>>,
    ) -> Fate {
        let mut url = format!("{PUBLIC}/voice");
        loop {
            let fields = [("CallSid", &*self.sid), ("From", "+49170"), ("To", self.number)];
            let verbs = carrier.ask(&url, &fields).await;
            match self.follow(&verbs, seen, &mut told).await {
                Ok(next) => url = next,
                Err(fate) => return fate,
            }
        }
    }

    /// Does what some verbs say: where to ask next, or what became of the call.
    async fn follow(
        &self,
        verbs: &[Verb],
        seen: &Seen,
        told: &mut watch::Receiver<Option<Told>>,
    ) -> Result<String, Fate> {
        for verb in verbs {
            let lasts_ms = match &*verb.name {
                // About as fast as people speak.
                "Say" => 60 * verb.text.len() as u64,
                "Play" => 20_000,
                "Pause" => 1_000 * verb.length,
                "Redirect" => return Ok(verb.text.clone()),
                "Connect" => {
                    let at = now_ms();
                    self.talk(seen).await;
                    return Err(Fate::Connected(at));
                }
                _ => return Err(Fate::Otherwise),
            };
            tokio::select! {
                () = sleep(Duration::from_millis(lasts_ms)) => {}
                _ = told.changed() => match told.borrow_and_update().clone() {
                    Some(Told::Ask(url)) => return Ok(url),
                    Some(Told::HangUp) | None => return Err(Fate::Otherwise),
                },
            }
        }
        Err(Fate::Otherwise)
    }

    async fn talk(&self, seen: &Seen) {
        let now = seen.talking.fetch_add(1, Ordering::Relaxed) + 1;
        seen.most_talking.fetch_max(now, Ordering::Relaxed);
        // Who hangs up in the middle is gone as well.
        let _leaves = Leaves(seen);
        sleep(self.talk).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_gets_through_in_order_whatever_is_killed_and_no_slot_leaks() {
    let mut server = Server::start();
    let (carrier, api) = Carrier::start().await;
    let mut bridge = Bridge::start(&server, &settings(&api), None);
    carrier.forward_to(&bridge.address);
    let seen = Arc::new(Seen::default());
    let mut crowd = tokio::task::JoinSet::new();
    let mut killed_at = Vec::new();
    for index in 0..CALLERS {
        let (carrier, seen) = (Arc::clone(&carrier), Arc::clone(&seen));
        crowd.spawn(async move { Caller::nth(index).call(&carrier, &seen).await });
        sleep(Duration::from_millis(10)).await;
        if index == CALLERS / 3 {
            killed_at.push(now_ms());
            tokio::task::block_in_place(|| bridge.kill_and_start_again());
        }
        if index == CALLERS * 2 / 3 {
            killed_at.push(now_ms());
            tokio::task::block_in_place(|| server.kill_and_start_again());
        }
    }
    let all = async { while crowd.join_next().await.is_some_and(|one| one.is_ok()) {} };
    timeout(PATIENCE, all).await.expect("all get through");
    let fates = locked(&seen.fates).clone();
    assert_eq!(fates.len(), CALLERS, "somebody's call broke");
    assert!(fates.values().all(|fate| *fate != Fate::Otherwise), "{fates:?}");
    assert!(seen.most_talking.load(Ordering::Relaxed) <= SLOTS);
    no_call_is_left(&server).await;
    let ended = ended(&server, &fates).await;
    let started = in_order(&ended);
    let connected = fates.values().filter(|fate| matches!(fate, Fate::Connected(_))).count();
    assert!(started >= connected && connected >= CALLERS * 9 / 10, "{connected} of {started}");
    delays_are_short(&ended, &fates, &killed_at);
    assert!(bridge.figure("callslot_bridge_found_over_total") >= 1.0);
}

/// Lost ends are found, too.
async fn no_call_is_left(server: &Server) {
    for _ in 0..200 {
        let pool = server.client().pool().expect("the pool");
        if pool.active == 0 && pool.queued == 0 {
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("{:?}", server.client().calls(&[]).expect("calls").items);
}

/// How the calls ended. What the history has follows the end of a call.
async fn ended(server: &Server, fates: &HashMap<String, Fate>) -> Vec<Call> {
    let filters = [("state", "ended"), ("limit", "1000")];
    // Who hangs up while all is down has never been there.
    let expected = fates.iter().filter(|(_, fate)| **fate != Fate::HungUp).map(|(id, _)| id);
    let mut ended = Vec::new();
    for _ in 0..100 {
        ended = server.client().calls(&filters).expect("calls").items;
        if expected.clone().all(|id| ended.iter().any(|call| call.id == *id)) {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    let missing: Vec<&String> =
        expected.filter(|id| !ended.iter().any(|call| call.id == **id)).collect();
    assert!(missing.is_empty(), "{missing:?} have never been there");
    assert!(ended.iter().all(|call| fates.contains_key(&call.id)), "a caller is one call");
    for call in &ended {
        let is_told = matches!(call.reason, Some(EndReason::Completed | EndReason::Canceled));
        assert!(is_told, "{} ended as {:?}", call.id, call.reason);
    }
    ended
}

/// Those who were there first had their slots first. Returns how many had one.
fn in_order(ended: &[Call]) -> usize {
    let started = ended.iter().filter_map(|call| Some((call.requested_at.0, call.started_at?.0)));
    let mut started: Vec<(u64, u64)> = started.collect();
    started.sort_unstable();
    for pair in started.windows(2) {
        assert!(pair[0].1 <= pair[1].1, "{pair:?} are out of order");
    }
    started.len()
}

/// From the slot to the connection, but for those around a kill.
fn delays_are_short(ended: &[Call], fates: &HashMap<String, Fate>, killed_at: &[u64]) {
    let is_calm = |at: u64| killed_at.iter().all(|killed| !(*killed..killed + 6_000).contains(&at));
    let mut delays: Vec<u64> = ended
        .iter()
        .filter_map(|call| match (fates.get(&call.id), call.started_at) {
            (Some(Fate::Connected(at)), Some(started)) if is_calm(started.0) => {
                Some(at.saturating_sub(started.0))
            }
            _ => None,
        })
        .collect();
    delays.sort_unstable();
    assert!(delays.len() > CALLERS / 10, "{} are left to judge", delays.len());
    let at = |percent: usize| delays[(delays.len() - 1) * percent / 100];
    println!(
        "delay of {} connections: median {} ms, p95 {} ms, most {} ms",
        delays.len(),
        at(50),
        at(95),
        at(100)
    );
    assert!(at(95) <= LONGEST_DELAY_MS, "p95 is {} ms", at(95));
}

fn now_ms() -> u64 {
    let since = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970");
    u64::try_from(since.as_millis()).expect("a time")
}
