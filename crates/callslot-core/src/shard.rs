//! A shard: the organisations whose events share one log.

use alloc::vec::Vec;

use crate::command::{Command, OrgSettings};
use crate::event::Recorded;
use crate::id::{CallId, OrgId};
use crate::reply::{CallView, Rejection, Reply};
use crate::time::{Now, Tick};
use crate::view::{AgentView, CallCursor, CallFilter, CallPage, PoolView};

/// The state of a shard, and the only place where slots are given.
///
/// Use it in this order: [`Shard::new`]; [`Shard::apply`] for every event of the newest snapshot and of the log after it;
/// [`Shard::resume`]; then [`Shard::decide`] for each command. Between two commands [`Shard::next_deadline`] says when
/// to submit [`Command::ExpireDue`].
#[derive(Debug, Default)]
pub struct Shard {}

/// An organisation, for readers.
#[derive(Debug)]
pub struct Org {}

impl Shard {
    /// A shard without organisations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Decides a command: changes the state and adds what happened to `events`, or changes nothing.
    pub fn decide(&mut self, now: Now, command: Command, events: &mut Vec<Recorded>) -> Result<Reply, Rejection> {
        todo!("{now:?} {command:?} {events:?}")
    }

    /// Applies an event that was decided earlier. `tick` is that of its record.
    pub fn apply(&mut self, tick: Tick, recorded: &Recorded) {
        todo!("{tick:?} {recorded:?}")
    }

    /// Ends a replay: from `tick` every lease has its whole TTL again, and nothing expires for one default TTL.
    pub fn resume(&mut self, tick: Tick) {
        todo!("{tick:?}")
    }

    /// When the next lease, wait, claim or call duration runs out.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Tick> {
        todo!()
    }

    /// The shortest list of events that leads to this state, for a snapshot.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Recorded> {
        todo!()
    }

    /// An organisation.
    #[must_use]
    pub fn org(&self, id: &OrgId) -> Option<&Org> {
        todo!("{id}")
    }

    /// All organisations, by id.
    #[must_use]
    pub fn orgs(&self) -> Vec<(OrgId, &Org)> {
        todo!()
    }
}

impl Org {
    /// What is set for it.
    #[must_use]
    pub fn settings(&self) -> &OrgSettings {
        todo!()
    }

    /// The pool now.
    #[must_use]
    pub fn pool(&self, now: Now) -> PoolView {
        todo!("{now:?}")
    }

    /// One agent now.
    #[must_use]
    pub fn agent(&self, id: &crate::id::AgentId) -> Option<AgentView> {
        todo!("{id}")
    }

    /// A call: live, or ended and still remembered.
    #[must_use]
    pub fn call(&self, id: &CallId, now: Now) -> Option<CallView> {
        todo!("{id} {now:?}")
    }

    /// Up to `limit` live calls after `cursor`: queued ones first, in ticket order.
    #[must_use]
    pub fn calls(&self, filter: &CallFilter, cursor: Option<CallCursor>, limit: usize, now: Now) -> CallPage {
        todo!("{filter:?} {cursor:?} {limit} {now:?}")
    }

    /// Calls that have not ended.
    #[must_use]
    pub fn live_calls(&self) -> u64 {
        todo!()
    }
}
