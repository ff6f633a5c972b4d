//! The same calls over plain HTTP, where a proxy lets no `WebSocket` through: [`HttpLease`] reads, and [`Desk`] carries out what is written.
//!
//! Frames become requests and their answers frames, so the ledger knows no difference. The lease is renewed with every heartbeat, and the
//! calls in line are asked after with long polls. Requests block, each on a thread of the runtime's, of which [`REQUESTS_AT_ONCE`] and
//! [`POLLS_AT_ONCE`] are used.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use callslot_api::{
    AnswerFrame, BatchResult, Call, CallClaim, CallDecline, CallEnd, CallStart, CallState, Client,
    ClientError, ClientFrame, LeaseAdopt, LeaseOpen, LeaseRenew, Problem, ProblemCode, ResumeFrame,
    Resumed, ServerFrame, ToldFrame, UnknownCall, WhyUnknown,
};
use futures_util::future::join_all;
use sha2::{Digest, Sha256};
use tokio::sync::{RwLock, Semaphore, mpsc};
use tokio::task::{JoinSet, spawn_blocking};

use crate::retry::passes;
use crate::stream::{Gone, Out};

const REQUESTS_AT_ONCE: usize = 32;
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);
/// Of more calls in line, these are asked after at once; the others take turns.
const POLLS_AT_ONCE: usize = 64;
/// How long a poll waits, in seconds, which is how old a position may be.
const POLL_S: u64 = 5;
const POLL_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// What reads: frames, as they would come over the stream.
pub(crate) struct HttpLease {
    /// The connection's own lease.
    pub(crate) lease: String,
    inbox: mpsc::UnboundedReceiver<Result<Vec<ServerFrame>, Gone>>,
}

impl HttpLease {
    /// The next frames: none if the server only showed that it lives.
    pub(crate) async fn receive(&mut self) -> Result<Vec<ServerFrame>, Gone> {
        self.inbox.recv().await.unwrap_or_else(|| Err(Gone::lost("nothing is asked any more")))
    }
}

/// Opens a lease that lives on for `grace` without contact.
pub(crate) async fn open(patient: Client, grace: Duration) -> Result<(HttpLease, Arc<Desk>), Gone> {
    let (tell, inbox) = mpsc::unbounded_channel();
    let desk = Desk {
        client: patient.clone().answered_within(ANSWERED_WITHIN),
        patient,
        grace_s: grace.as_secs(),
        lease: Mutex::default(),
        known: Mutex::default(),
        followed: Mutex::default(),
        tell,
        requests: Semaphore::new(REQUESTS_AT_ONCE),
        polls: Semaphore::new(POLLS_AT_ONCE),
        under_way: RwLock::default(),
    };
    let open = LeaseOpen { ttl_s: Some(desk.grace_s) };
    let opened = desk.ask(move |client| client.open_lease(&open)).await;
    let lease = opened.map_err(gone)?.id;
    lease.clone_into(&mut locked(&desk.lease));
    Ok((HttpLease { lease, inbox }, Arc::new(desk)))
}

/// A problem as the end of a connection.
fn gone(problem: Box<Problem>) -> Gone {
    if !passes(&problem) {
        return Gone::Refused(problem);
    }
    let asked = problem.numbers.get("retry_in_ms").copied().unwrap_or_default();
    Gone::Lost { why: problem.detail, code: None, retry_in: Duration::from_millis(asked) }
}

/// What carries out frames.
pub(crate) struct Desk {
    client: Client,
    /// The one for long polls.
    patient: Client,
    grace_s: u64,
    lease: Mutex<String>,
    /// Every call that may be live under the lease, and whether it has its slot, for all that is known.
    known: Mutex<HashMap<String, bool>>,
    /// The calls in line that are asked after.
    followed: Mutex<HashSet<String>>,
    tell: mpsc::UnboundedSender<Result<Vec<ServerFrame>, Gone>>,
    requests: Semaphore,
    polls: Semaphore,
    /// Read by commands, written by renewals: those compare both sides while nothing is under way.
    under_way: RwLock<()>,
}

impl Desk {
    /// Carries out what comes, until nothing more does.
    pub(crate) async fn write(self: Arc<Self>, mut out: mpsc::Receiver<Out>) {
        let mut tasks = JoinSet::new();
        while let Some(out) = out.recv().await {
            while tasks.try_join_next().is_some() {}
            match out {
                Out::Ping => {
                    tasks.spawn(Arc::clone(&self).renew());
                }
                Out::Frames(frames) => {
                    for frame in frames {
                        tasks.spawn(Arc::clone(&self).carry_out(frame));
                    }
                }
            }
        }
    }

    async fn carry_out(self: Arc<Self>, frame: ClientFrame) {
        let _under_way = self.under_way.read().await;
        let lease = self.lease();
        let is_opening = matches!(frame, ClientFrame::Start(_) | ClientFrame::Adopt(_));
        let (reference, id, outcome) = match frame {
            ClientFrame::Resume(frame) => return self.resume(frame).await,
            ClientFrame::Start(frame) => {
                let (reference, id) = (frame.reference, frame.id.clone().unwrap_or_default());
                locked(&self.known).insert(id.clone(), false);
                let start = CallStart { lease: Some(lease), ..CallStart::from(frame) };
                (reference, id, self.ask(move |client| client.start_call(&start, 0)).await)
            }
            ClientFrame::Adopt(frame) => {
                let adopt = LeaseAdopt { calls: vec![frame.id.clone()] };
                locked(&self.known).insert(frame.id.clone(), false);
                let adopted = self.ask(move |client| client.adopt_calls(&lease, &adopt)).await;
                (frame.reference, frame.id, adopted.and_then(|all| the_one(all.results)))
            }
            ClientFrame::End(frame) => {
                let (id, end) = (frame.id.clone(), CallEnd { note: frame.note });
                let ended = self.ask(move |client| client.end_call(&id, &end)).await;
                (frame.reference, frame.id, ended)
            }
            ClientFrame::Claim(frame) => {
                let (id, claim) = (frame.id.clone(), CallClaim { claimant: Some(lease) });
                let claimed = self.ask(move |client| client.claim_call(&id, &claim)).await;
                (frame.reference, frame.id, claimed)
            }
            ClientFrame::Decline(frame) => {
                let decline = CallDecline { for_good: frame.for_good, note: frame.note };
                let id = frame.id.clone();
                let declined = self.ask(move |client| client.decline_call(&id, &decline)).await;
                (frame.reference, frame.id, declined)
            }
        };
        match &outcome {
            Ok(call) => self.note(call),
            Err(problem) if problem.code == "unknown_call" || is_opening && !passes(problem) => {
                locked(&self.known).remove(&id);
            }
            Err(_) => {}
        }
        self.answer(reference, outcome);
    }

    /// Renews the lease, and compares the active calls of both sides.
    async fn renew(self: Arc<Self>) {
        let Ok(_alone) = tokio::time::timeout(ANSWERED_WITHIN, self.under_way.write()).await else {
            return; // What is under way has no answer either.
        };
        let (lease, believed) = (self.lease(), self.believed());
        match self.ask(move |client| client.renew_lease(&lease, &believed)).await {
            Ok(renewed) if renewed.reconcile => self.reconcile().await,
            Ok(_) => self.tell(Ok(Vec::new())),
            Err(problem) if problem.code == "lease_expired" => {
                self.tell(Err(Gone::lost("the lease ran out")));
            }
            // If it stays so, the silence is noticed.
            Err(problem) if passes(&problem) => {}
            Err(problem) => self.tell(Err(Gone::Refused(problem))),
        }
    }

    fn believed(&self) -> LeaseRenew {
        let known = locked(&self.known);
        let active = known.iter().filter(|(_, is_active)| **is_active).map(|(id, _)| id);
        let (count, digest) =
            active.fold((0, 0), |(count, digest), id| (count + 1, digest ^ sum(id)));
        LeaseRenew { count: Some(count), digest: Some(format!("{digest:016x}")) }
    }

    /// Has the server end what nobody here knows, and comes back to the lease if it lacks a call.
    async fn reconcile(&self) {
        let ids: Vec<String> = locked(&self.known).keys().cloned().collect();
        let lease = self.lease();
        match self.ask(move |client| client.reconcile_lease(&lease, &ids)).await {
            Ok(found) => {
                let known = locked(&self.known);
                let lacks = |gone: &UnknownCall| known.get(&gone.id) == Some(&true);
                let is_lacking = found.unknown.iter().any(lacks);
                drop(known);
                let compared = Gone::lost("the server has other calls under the lease");
                self.tell(if is_lacking { Err(compared) } else { Ok(Vec::new()) });
            }
            Err(problem) => tracing::debug!("not reconciled: {}", problem.detail),
        }
    }

    /// Renews an earlier lease and compares both sides, as `resume` does on the stream.
    async fn resume(self: &Arc<Self>, frame: ResumeFrame) {
        let ResumeFrame { reference, lease, calls, .. } = frame;
        let renewing = lease.clone();
        let renewed =
            self.ask(move |client| client.renew_lease(&renewing, &LeaseRenew::default())).await;
        if let Err(problem) = renewed {
            self.tell(Ok(vec![answer(reference, BatchResult::Error(problem))]));
            return;
        }
        let own = std::mem::replace(&mut *locked(&self.lease), lease.clone());
        let read = calls.into_iter().map(|id| async {
            let asked = id.clone();
            (id, self.ask(move |client| client.call(&asked, 0)).await)
        });
        let grace_s = self.grace_s;
        let (calls, ended, unknown) = (Vec::new(), Vec::new(), Vec::new());
        let mut resumed = Resumed { reference, lease, grace_s, calls, ended, unknown, more: false };
        for (id, read) in join_all(read).await {
            match read {
                Ok(call) if call.state == CallState::Ended => resumed.ended.push(call),
                Ok(call) if call.lease.as_ref() == Some(&resumed.lease) => {
                    self.note(&call);
                    resumed.calls.push(call);
                }
                Ok(_) => resumed.unknown.push(UnknownCall { id, why: WhyUnknown::OtherLease }),
                Err(problem) if problem.code == "unknown_call" => {
                    resumed.unknown.push(UnknownCall { id, why: WhyUnknown::NeverKnown });
                }
                Err(problem) => return self.tell(Err(gone(problem))),
            }
        }
        self.tell(Ok(vec![ServerFrame::Told(ToldFrame::Resumed(resumed))]));
        // Nothing is under it; it would run out by itself.
        let _ = self.ask(move |client| client.end_lease(&own)).await;
    }

    /// Keeps what the next renewal says, and asks after a call in line.
    fn note(self: &Arc<Self>, call: &Call) {
        let mut known = locked(&self.known);
        if call.state == CallState::Ended {
            known.remove(&call.id);
        } else {
            known.insert(call.id.clone(), call.state == CallState::Active);
        }
        drop(known);
        if call.state == CallState::Queued && locked(&self.followed).insert(call.id.clone()) {
            tokio::spawn(Arc::clone(self).follow(call.id.clone(), call.position));
        }
    }

    /// Asks after a call until it has left the line, or nobody listens.
    async fn follow(self: Arc<Self>, id: String, mut position: Option<u64>) {
        while !self.tell.is_closed() {
            match self.poll(&id).await {
                Ok(call) if call.state == CallState::Queued => {
                    if call.position != position {
                        position = call.position;
                        self.tell(Ok(moved(&call).into_iter().collect()));
                    }
                }
                Ok(call) => {
                    locked(&self.followed).remove(&id);
                    self.note(&call);
                    let is_over = call.state == CallState::Ended;
                    let call = Box::new(call);
                    let told = if is_over {
                        ToldFrame::Ended { call }
                    } else {
                        ToldFrame::Started { call }
                    };
                    return self.tell(Ok(vec![ServerFrame::Told(told)]));
                }
                Err(problem) if problem.code == "unknown_call" => {
                    return self.tell(Err(Gone::lost("the server does not know a call in line")));
                }
                Err(_) => tokio::time::sleep(POLL_AGAIN_AFTER).await,
            }
        }
    }

    async fn poll(&self, id: &str) -> Result<Call, Box<Problem>> {
        let waiting = u64::try_from(locked(&self.followed).len()).unwrap_or(u64::MAX);
        let wait_s = (POLL_S * POLLS_AT_ONCE as u64 / waiting.max(1)).clamp(1, POLL_S);
        let _permit = self.polls.acquire().await;
        let (client, id) = (self.patient.clone(), id.to_owned());
        blocking(move || client.call(&id, wait_s)).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        request: impl FnOnce(&Client) -> Result<T, ClientError> + Send + 'static,
    ) -> Result<T, Box<Problem>> {
        let _permit = self.requests.acquire().await;
        let client = self.client.clone();
        blocking(move || request(&client)).await
    }

    fn lease(&self) -> String {
        locked(&self.lease).clone()
    }

    fn answer(&self, reference: Option<u64>, outcome: Result<Call, Box<Problem>>) {
        let outcome = match outcome {
            Ok(call) => BatchResult::Call(Box::new(call)),
            Err(problem) => BatchResult::Error(problem),
        };
        self.tell(Ok(vec![answer(reference, outcome)]));
    }

    fn tell(&self, heard: Result<Vec<ServerFrame>, Gone>) {
        // Nobody listens once the connection was given up.
        let _ = self.tell.send(heard);
    }
}

fn answer(reference: Option<u64>, outcome: BatchResult) -> ServerFrame {
    ServerFrame::Answer(AnswerFrame { reference, outcome })
}

/// Of a batch of one.
fn the_one(results: Vec<BatchResult>) -> Result<Call, Box<Problem>> {
    match results.into_iter().next() {
        Some(BatchResult::Call(call)) => Ok(*call),
        Some(BatchResult::Error(problem)) => Err(problem),
        None => Err(no_answer("there is no result".to_owned())),
    }
}

fn moved(call: &Call) -> Option<ServerFrame> {
    Some(ServerFrame::Told(ToldFrame::Position {
        id: call.id.clone(),
        position: call.position?,
        blocked_on: call.blocked_on?,
        blocked_by: call.blocked_by.clone(),
        retry_in_ms: call.retry_in_ms,
        estimated_wait_ms: call.estimated_wait_ms,
    }))
}

/// Runs a request that blocks. No answer is a problem that passes.
async fn blocking<T: Send + 'static>(
    request: impl FnOnce() -> Result<T, ClientError> + Send + 'static,
) -> Result<T, Box<Problem>> {
    match spawn_blocking(request).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(ClientError::Problem(problem))) => Err(problem),
        Ok(Err(error)) => Err(no_answer(error.to_string())),
        Err(error) => Err(no_answer(error.to_string())),
    }
}

fn no_answer(why: String) -> Box<Problem> {
    Box::new(Problem {
        code: "unreachable".to_owned(),
        ..Problem::new(ProblemCode::Overloaded, why)
    })
}

/// The first 8 bytes of an id's SHA-256.
fn sum(id: &str) -> u64 {
    let hash = Sha256::digest(id.as_bytes());
    hash.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_counts_as_the_first_bytes_of_its_hash() {
        // `printf call | sha256sum`
        assert_eq!(sum("call"), 0x7edb_360f_06ac_aef2);
    }
}
