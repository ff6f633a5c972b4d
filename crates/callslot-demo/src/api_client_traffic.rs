//! The traffic of the call centre: starts and ends calls over the public API, like any client, under one lease.
//!
//! It never waits for a slot: the event stream reports when a queued call has its slot. Start reading at
//! [`Traffic::run`].

use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use callslot_api::{
    CallChanged, CallEnd, CallStart, CallState, Client, ClientError, LeaseOpen, LeaseRenew,
    ReservationsPut, Time,
};
use callslot_node::Stopwatch;

use crate::backfill::Caller;
use crate::caller_model::{Callers, gates, gates_of, reservations};

/// How often the lease is renewed: every third of its time.
const RENEW_EVERY: Duration = Duration::from_secs(5);
const LEASE_TTL_S: u64 = 15;
/// How often somebody moves reservations, in milliseconds of the centre's time.
const MOVE_RESERVATIONS_EVERY_MS: u64 = 25 * 60_000;
/// How many starts of calls may wait to be handled.
const MAX_NEWS: usize = 10_000;
/// The pause before ending a call again, after the server was overloaded.
const PAUSE: Duration = Duration::from_millis(500);

/// Something to do at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Task {
    /// The next caller calls.
    Start,
    /// A caller that still waits hangs up.
    HangUp(String),
    /// A talk is over.
    End(String),
    Renew,
    MoveReservations,
}

/// The calls made to one server.
#[derive(Debug)]
pub struct Traffic {
    client: Client,
    /// How many times faster the centre's time goes.
    speed: u64,
    clock: Stopwatch,
    callers: Callers,
    next: Caller,
    /// When the traffic began, in the centre's time.
    begun_at: u64,
    /// By time since the beginning, then in the order of creation.
    tasks: BTreeMap<(Duration, u64), Task>,
    order: u64,
    /// How long the callers that wait will talk.
    waiting: HashMap<String, Duration>,
    lease: String,
    started: u64,
    moves: usize,
}

impl Traffic {
    /// The traffic of `callers` from `begun_at` on, in milliseconds since the epoch. Those who called before and still talk call at once, so
    /// that the centre is as busy as it would be. Creates the gates of their calls.
    ///
    /// # Errors
    /// [`ClientError`] when the server refuses a lease.
    pub fn new(
        client: Client,
        begun_at: u64,
        mut callers: Callers,
        speed: u64,
    ) -> Result<Self, ClientError> {
        let next = next_of(&mut callers, begun_at);
        for (id, put) in gates(speed) {
            client.put_gate(&id, &put)?;
        }
        let lease = open_lease(&client)?;
        let mut traffic = Self {
            client,
            speed,
            clock: Stopwatch::start(),
            callers,
            next,
            begun_at,
            tasks: BTreeMap::new(),
            order: 0,
            waiting: HashMap::new(),
            lease,
            started: 0,
            moves: 0,
        };
        traffic.later(traffic.real(traffic.next.at.0 - begun_at), Task::Start);
        traffic.later(RENEW_EVERY, Task::Renew);
        traffic.later(traffic.real(MOVE_RESERVATIONS_EVERY_MS), Task::MoveReservations);
        Ok(traffic)
    }

    /// Makes calls until the server is gone.
    ///
    /// # Errors
    /// [`ClientError`] when it cannot be reached, or refuses a request unexpectedly.
    pub fn run(mut self) -> Result<(), ClientError> {
        let heard = follow_starts(&self.client)?;
        loop {
            let now = self.clock.elapsed();
            let due = self.tasks.first_key_value().map(|(&(due, _), _)| due);
            let due = due.expect("there is always something to do");
            if due <= now {
                let (_, task) = self.tasks.pop_first().expect("it is there");
                self.carry_out(now, task)?;
                continue;
            }
            match heard.recv_timeout(due.saturating_sub(now)) {
                Ok(id) => self.hear_of_start(&id),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    /// A time of the centre as it goes by here.
    fn real(&self, centre_ms: u64) -> Duration {
        Duration::from_micros(centre_ms * 1_000 / self.speed)
    }

    fn later(&mut self, due: Duration, task: Task) {
        self.order += 1;
        self.tasks.insert((due, self.order), task);
    }

    fn carry_out(&mut self, now: Duration, task: Task) -> Result<(), ClientError> {
        let done = match &task {
            Task::Start => self.start(now),
            Task::HangUp(id) if self.waiting.remove(id).is_none() => Ok(()),
            Task::HangUp(id) | Task::End(id) => {
                self.client.end_call(id, &CallEnd::default()).map(drop)
            }
            Task::Renew => self.renew(now),
            Task::MoveReservations => self.move_reservations(now),
        };
        match done {
            // The call was ended by somebody else, so long ago that the server has forgotten it.
            Err(ClientError::Problem(problem)) if problem.code == "unknown_call" => Ok(()),
            Err(ClientError::Problem(problem)) if matches!(problem.status, 429 | 503) => {
                if let Task::HangUp(id) | Task::End(id) = task {
                    self.later(now + PAUSE, Task::End(id));
                }
                Ok(())
            }
            done => done,
        }
    }

    /// The next caller calls; the one after becomes the next.
    fn start(&mut self, now: Duration) -> Result<(), ClientError> {
        let next = next_of(&mut self.callers, self.begun_at);
        let caller = std::mem::replace(&mut self.next, next);
        self.later(self.real(self.next.at.0 - self.begun_at), Task::Start);
        self.started += 1;
        let start = CallStart {
            gates: gates_of(&caller.agent, caller.call_type),
            id: Some(format!("demo-{}", self.started)),
            lease: Some(self.lease.clone()),
            ..CallStart::new(&caller.agent, caller.call_type)
        };
        let call = self.client.start_call(&start, 0)?;
        let talk = self.real(caller.talk_ms);
        match call.state {
            CallState::Queued => {
                self.later(now + self.real(caller.patience_ms), Task::HangUp(call.id.clone()));
                self.waiting.insert(call.id, talk);
            }
            CallState::Active => self.later(now + talk, Task::End(call.id)),
            CallState::Ended => {}
        }
        Ok(())
    }

    /// A queued call has started.
    fn hear_of_start(&mut self, id: &str) {
        if let Some(talk) = self.waiting.remove(id) {
            self.later(self.clock.elapsed() + talk, Task::End(id.to_owned()));
        }
    }

    fn renew(&mut self, now: Duration) -> Result<(), ClientError> {
        self.later(now + RENEW_EVERY, Task::Renew);
        match self.client.renew_lease(&self.lease, &LeaseRenew::default()) {
            Err(ClientError::Problem(problem)) if problem.code == "lease_expired" => {
                self.lease = open_lease(&self.client)?;
                Ok(())
            }
            renewed => renewed.map(drop),
        }
    }

    fn move_reservations(&mut self, now: Duration) -> Result<(), ClientError> {
        self.later(now + self.real(MOVE_RESERVATIONS_EVERY_MS), Task::MoveReservations);
        self.moves += 1;
        let put = ReservationsPut { reservations: reservations(self.moves) };
        self.client.put_reservations(&put, None).map(drop)
    }
}

/// The next caller at or after `begun_at`, or one of before whose talk would not be over, with the rest of it.
fn next_of(callers: &mut Callers, begun_at: u64) -> Caller {
    loop {
        let caller = callers.next().expect("callers never end");
        let passed_ms = begun_at.saturating_sub(caller.at.0);
        if passed_ms == 0 {
            return caller;
        }
        if caller.talk_ms > passed_ms {
            let talk_ms = caller.talk_ms - passed_ms;
            return Caller { at: Time(begun_at), talk_ms, ..caller };
        }
    }
}

fn open_lease(client: &Client) -> Result<String, ClientError> {
    client.open_lease(&LeaseOpen { ttl_s: Some(LEASE_TTL_S) }).map(|lease| lease.id)
}

/// Receives every call that starts from now on, until the server stops.
fn follow_starts(client: &Client) -> Result<Receiver<String>, ClientError> {
    let (tell, heard) = sync_channel(MAX_NEWS);
    let after = client.pool()?.as_of.to_string();
    let client = client.clone();
    std::thread::spawn(move || {
        // The receiver notices that the stream is over.
        let _ = client.follow(Some(&after), &[("types", "call.started")], |event| {
            match serde_json::from_str::<CallChanged>(&event.data) {
                Ok(changed) => tell.send(changed.call.id).is_ok(),
                Err(_) => true,
            }
        });
    });
    Ok(heard)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_centre_begins_with_the_talks_that_go_on() {
        const HOUR: u64 = 3_600_000;
        let begun_at = 1_800_000_000_000 / (24 * HOUR) * (24 * HOUR) + 10 * HOUR;
        let mut callers = Callers::after(begun_at - HOUR, 1);
        let first: Vec<Caller> = (0..60).map(|_| next_of(&mut callers, begun_at)).collect();
        let at_once = first.iter().filter(|caller| caller.at.0 == begun_at).count();
        // At most some 24 calls at once.
        assert!((5..40).contains(&at_once), "{at_once}");
        assert!(first.iter().all(|caller| caller.talk_ms > 0));
        assert!(first.windows(2).all(|pair| pair[0].at <= pair[1].at));
    }
}
