//! Going on with the lease of an earlier connection: renews it, and reads how its calls stand. It sends nothing.

use std::collections::HashSet;

use callslot_api::{Resumed, ToldFrame};
use callslot_core::{
    CallId, CallView, Command, LeaseId, Now, OrgCommand, Rejection, Reply, Sequence, Shard, Ticket,
};
use callslot_node::LeaseWatch;

use crate::actions::calls::ended_calls;
use crate::convert;
use crate::engine_stream::session::Engine;
use crate::limits::{RESUMED_CALLS_AT_A_TIME, RESUMED_CALLS_PER_FRAME};
use crate::refusal::Refusal;

/// A lease that is a connection's from now on.
pub(crate) struct ResumedLease {
    pub(crate) lease: LeaseId,
    pub(crate) ttl_ms: u64,
    /// What happens from before the reading on.
    pub(crate) watch: LeaseWatch,
    /// Its live calls, and the event up to which that is all.
    pub(crate) calls: Vec<CallView>,
    pub(crate) as_of: Sequence,
    /// Of the calls that the engine believes in, those that have ended, and those that it cannot know from here.
    ended: Vec<CallView>,
    unknown: Vec<CallId>,
}

/// Renews a lease, and reads how its calls stand and what came of those `believed`. Whoever carried the lease carries it
/// no more.
pub(crate) async fn resume(
    engine: &Engine,
    lease: LeaseId,
    believed: Vec<CallId>,
) -> Result<ResumedLease, Refusal> {
    // Watching begins before the state is read, so that nothing falls between the two.
    let watch = engine.app.node.watch_lease(engine.org.clone(), lease.clone());
    let renew = OrgCommand::RenewLease { lease: lease.clone(), sum: None };
    let renewed = engine.app.node.submit(Command::Org(engine.org.clone(), renew)).await?;
    let Reply::Lease { expires_in_ms: ttl_ms, .. } = renewed else {
        unreachable!("a renewal is answered with the time");
    };
    let (calls, as_of) = live_calls(engine, &lease).await?;
    let live: HashSet<&CallId> = calls.iter().map(|view| &view.call.request.id).collect();
    let not_live = believed.into_iter().filter(|id| !live.contains(id)).collect::<Vec<_>>();
    let (ended, unknown) = ended_among(engine, not_live).await?;
    Ok(ResumedLease { lease, ttl_ms, watch, calls, as_of, ended, unknown })
}

/// All live calls of a lease, some at a time: others are decided between.
async fn live_calls(
    engine: &Engine,
    lease: &LeaseId,
) -> Result<(Vec<CallView>, Sequence), Refusal> {
    let mut calls: Vec<CallView> = Vec::new();
    let mut after = Ticket::default();
    loop {
        let (org, of) = (engine.org.clone(), lease.clone());
        let look = move |shard: &Shard, now: Now| {
            let org = shard.org(&org)?;
            let calls = org.calls_of_lease(&of, after, RESUMED_CALLS_AT_A_TIME, now)?;
            Some((calls, org.as_of()))
        };
        let seen = engine.app.node.read(look).await?;
        let (mut some, as_of) = seen.ok_or(Rejection::UnknownLease)?;
        let is_last = some.len() < RESUMED_CALLS_AT_A_TIME;
        calls.append(&mut some);
        match calls.last().filter(|_| !is_last) {
            Some(last) => after = last.call.request.ticket,
            None => return Ok((calls, as_of)),
        }
    }
}

/// Which of these have ended, and which are not to be found.
async fn ended_among(
    engine: &Engine,
    ids: Vec<CallId>,
) -> Result<(Vec<CallView>, Vec<CallId>), Refusal> {
    let (mut ended, mut unknown) = (Vec::new(), Vec::new());
    for ids in ids.chunks(RESUMED_CALLS_AT_A_TIME) {
        let (org, asked) = (engine.org.clone(), ids.to_vec());
        let look = move |shard: &Shard, now: Now| {
            let org = shard.org(&org);
            let find = |id| org.and_then(|org| org.call(id, now));
            asked.iter().map(find).collect::<Vec<_>>()
        };
        let known = engine.app.node.read(look).await?;
        let forgotten: Vec<CallId> = ids
            .iter()
            .zip(&known)
            .filter(|(_, view)| view.is_none())
            .map(|(id, _)| id.clone())
            .collect();
        let mut found = ended_calls(&engine.app.node, &engine.org, forgotten).await?.into_iter();
        for (id, view) in ids.iter().zip(known) {
            let view = view.or_else(|| found.next().flatten());
            match view.filter(|view| view.call.is_ended()) {
                Some(view) => ended.push(view),
                None => unknown.push(id.clone()),
            }
        }
    }
    Ok((ended, unknown))
}

impl ResumedLease {
    /// What the engine is told of it, some calls a frame.
    pub(crate) fn frames(&self, reference: Option<u64>) -> Vec<ToldFrame> {
        let views = |views: &[CallView]| views.iter().map(convert::call_view).collect::<Vec<_>>();
        let mut frames: Vec<Resumed> = Vec::new();
        let empty = || Resumed {
            reference,
            lease: self.lease.to_string(),
            grace_s: self.ttl_ms / 1000,
            calls: Vec::new(),
            ended: Vec::new(),
            unknown: Vec::new(),
            more: true,
        };
        for calls in self.calls.chunks(RESUMED_CALLS_PER_FRAME) {
            frames.push(Resumed { calls: views(calls), ..empty() });
        }
        for ended in self.ended.chunks(RESUMED_CALLS_PER_FRAME) {
            frames.push(Resumed { ended: views(ended), ..empty() });
        }
        for unknown in self.unknown.chunks(RESUMED_CALLS_PER_FRAME) {
            let unknown = unknown.iter().map(ToString::to_string).collect();
            frames.push(Resumed { unknown, ..empty() });
        }
        // Where there is little to say, one frame says it.
        let mut merged: Vec<Resumed> = Vec::new();
        for frame in frames {
            match merged.last_mut() {
                Some(last) if items(last) + items(&frame) <= RESUMED_CALLS_PER_FRAME => {
                    last.calls.extend(frame.calls);
                    last.ended.extend(frame.ended);
                    last.unknown.extend(frame.unknown);
                }
                Some(_) | None => merged.push(frame),
            }
        }
        if merged.is_empty() {
            merged.push(empty());
        }
        merged.last_mut().expect("there is one").more = false;
        merged.into_iter().map(ToldFrame::Resumed).collect()
    }
}

fn items(frame: &Resumed) -> usize {
    frame.calls.len() + frame.ended.len() + frame.unknown.len()
}
