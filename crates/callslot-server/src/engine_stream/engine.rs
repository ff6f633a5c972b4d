//! Who is connected, and what the connection asks of the node, the store and the keys. Its futures wait; it decides nothing.

use std::sync::Arc;
use std::time::Instant;

use callslot_core::{
    CallId, CallView, Command, DeclineCall, LeaseId, LeaseTime, OrgCommand, OrgId, Rejection,
    RenewLease, Reply,
};
use callslot_engine_stream::{
    Action, Answered, Answers, Batch, Effect, Resume, ResumedLease, Step, Waits, under_lease, waits,
};
use callslot_node::{Decisions, GateHours, LeaseWatch, Unavailable, WatchSuccessor, instant_now};
use futures_util::future::BoxFuture;

use crate::actions::calls::{call_of, ended, ended_call_of, ended_calls, taken_on};
use crate::auth::key_ring::Credential;
use crate::engine_stream::frames::{Frame, read};
use crate::refusal::Refusal;
use crate::state::App;

/// Who is connected.
#[derive(Clone)]
pub(crate) struct Engine {
    pub(crate) app: Arc<App>,
    pub(crate) org: OrgId,
    pub(crate) credential: Credential,
}

impl Engine {
    /// Whether its key or its browser's session may still be used.
    pub(crate) fn is_admitted(&self) -> bool {
        self.app.keys.opens(&self.credential)
    }

    /// The frames of a message, each of which counts as a command. One beyond the key's rate limit is refused; what comes before
    /// and behind it is not affected.
    pub(crate) async fn read(&self, message: &str) -> Vec<Frame> {
        let known = &self.credential.known;
        let mut frames = read(message).await;
        for (row, frame) in frames.iter_mut().enumerate() {
            let counted = if row == 0 { known.note_use() } else { known.count_command() };
            if let Err(refusal) = counted {
                frame.asked = Err(refusal);
            }
        }
        frames
    }

    /// Has a batch decided. Its commands are handed in when this returns.
    pub(crate) fn decide(&self, batch: Batch<Refusal>) -> BoxFuture<'static, Answers<Refusal>> {
        let key = batch.opens.as_ref().map(|_| self.credential.known.key_id());
        let commands = batch.commands(key.as_ref()).into_iter();
        let commands: Vec<Command> = commands.map(|command| self.command(command)).collect();
        let engine = self.clone();
        if commands.is_empty() {
            return Box::pin(async move { engine.answers(batch, Ok(Decisions::new())).await });
        }
        let decided = self.app.node.hand_in(commands);
        Box::pin(async move { engine.answers(batch, decided.await).await })
    }

    /// Renews a lease, and does not wait for the outcome.
    pub(crate) fn renew(&self, lease: LeaseId) {
        let renew = (self.org.clone(), RenewLease { lease, sum: None });
        drop(self.app.node.hand_in(vec![renew]));
    }

    /// Watches what happens to the calls of a lease.
    pub(crate) fn watch(&self, lease: LeaseId) -> LeaseWatch {
        self.app.node.watch_lease(self.org.clone(), lease)
    }

    /// Resumes a lease. Another connection that carries it goes on until the watch takes over.
    pub(crate) async fn resume(
        &self,
        mut resume: Resume,
    ) -> Result<(ResumedLease, WatchSuccessor), Refusal> {
        let mut watch = None;
        loop {
            match resume.next() {
                Step::Watch(lease) => {
                    watch = Some(self.app.node.watch_lease_beside(self.org.clone(), lease));
                    resume.handle_watch();
                }
                Step::Renew(lease) => {
                    let renew = (self.org.clone(), RenewLease { lease, sum: None });
                    let LeaseTime { expires_in_ms, .. } = self.app.node.submit(renew).await?;
                    resume.handle_renewed(expires_in_ms);
                }
                Step::Look(look) => {
                    let seen = self.app.node.read(&self.org, move |org, now| look.at(org, now));
                    resume.handle_seen(seen.await?)?;
                }
                Step::Find(calls) => {
                    resume.handle_found(ended_calls(&self.app.node, &self.org, calls).await?);
                }
                Step::Done => {
                    let watch = watch.expect("it is watched before it is done");
                    let mut resumed = resume.finish();
                    for view in &mut resumed.ended {
                        *view = self.app.node.with_texts(&self.org, view.clone()).await?;
                    }
                    return Ok((resumed, watch));
                }
            }
        }
    }

    /// When the gates of its organisation open.
    pub(crate) fn gate_hours(&self) -> GateHours {
        self.app.node.gate_hours(&self.org)
    }

    /// Looks up the waits of queued calls; none if they cannot be read now.
    pub(crate) fn waits(&self, ids: Vec<CallId>) -> BoxFuture<'static, Waits> {
        let Self { app, org, .. } = self.clone();
        Box::pin(async move {
            let waits = app.node.read(&org, move |org, now| waits(org, &ids, now));
            waits.await.unwrap_or_default()
        })
    }

    fn command(&self, command: OrgCommand) -> Command {
        Command::Org(self.org.clone(), command)
    }

    /// The outcome of a batch, frame by frame.
    async fn answers(
        &self,
        batch: Batch<Refusal>,
        decisions: Result<Decisions, Unavailable>,
    ) -> Answers<Refusal> {
        let mut decisions = decisions.map(Vec::into_iter);
        let mut next = || -> Result<_, Unavailable> {
            match &mut decisions {
                Ok(decisions) => Ok(decisions.next().expect("every command was decided")),
                Err(unavailable) => Err(*unavailable),
            }
        };
        let opened = batch.opens.and_then(|_| next().ok()).map(|decided| decided.map(drop));
        let mut answers = Vec::with_capacity(batch.actions.len());
        for (reference, action) in batch.actions {
            let mut effect = Effect::None;
            let (about, outcome) = match action {
                Err(refusal) => (None, Err(refusal)),
                Ok(action) => {
                    let about = action.call().clone();
                    let outcome = match next() {
                        Err(unavailable) => Err(unavailable.into()),
                        Ok(decided) => {
                            let decided = under_lease(opened.as_ref(), decided);
                            effect = Effect::of(&action, &decided);
                            self.outcome(action, decided).await
                        }
                    };
                    (Some(about), outcome)
                }
            };
            answers.push(Answered { reference, about, effect, outcome });
        }
        Answers { opened, answers }
    }

    async fn outcome(
        &self,
        action: Action,
        decided: Result<Reply, Rejection>,
    ) -> Result<CallView, Refusal> {
        match action {
            Action::Start(_) => Ok(self.app.node.with_texts(&self.org, call_of(decided?)).await?),
            Action::Claim(call, _)
            | Action::Decline(DeclineCall { call, .. })
            | Action::Adopt(call, _) => {
                taken_on(&self.app.node, &self.org, call, decided.map(call_of)).await
            }
            Action::End(call, _) => {
                ended(&self.app.node, &self.org, call, ended_call_of(decided?)).await
            }
        }
    }
}

/// The time by which sessions are run.
pub(crate) fn now() -> Instant {
    instant_now().into_std()
}
