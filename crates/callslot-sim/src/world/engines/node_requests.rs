//! What the server's end of a connection asks of the node: to watch and renew leases, to decide commands, to look at the state
//! and at the history.

use callslot_core::{
    CallId, CallView, Command, LeaseId, Now, Org, OrgCommand, Rejection, RenewLease, Reply,
};
use callslot_engine_stream::{Batch, Look, Seen, Waits, waits};
use callslot_node::{Decisions, LeaseWatch, LeaseWatches, Order, WatchSuccessor};
use callslot_store::History;

use crate::judge::stream_check::Refused;
use crate::judge::{Looked, Taken};
use crate::world::node::{Node, Pending, SimStore, engines_org};

/// Watches the lease of a new connection.
pub(super) fn watch(node: &mut Node, number: u32, lease: &LeaseId) -> LeaseWatch {
    node.leases.watched.insert(lease.clone());
    node.leases.carriers.insert(lease.clone(), number);
    LeaseWatches::watch(&node.leases.watches, engines_org(), lease.clone())
}

/// Watches a lease that is to be resumed, beside the connection that carries it.
pub(super) fn watch_beside(node: &mut Node, lease: &LeaseId) -> WatchSuccessor {
    node.leases.watched.insert(lease.clone());
    LeaseWatches::watch_beside(&node.leases.watches, engines_org(), lease.clone())
}

/// Lets a connection carry the lease that it has resumed, in place of the one that did.
pub(super) fn take_over(
    node: &mut Node,
    number: u32,
    lease: &LeaseId,
    successor: WatchSuccessor,
) -> LeaseWatch {
    let watch = successor.take_over();
    if watch.end().is_none() {
        node.leases.carriers.insert(lease.clone(), number);
    }
    watch
}

/// Renews a lease.
pub(super) fn renew(node: &mut Node, lease: LeaseId) -> Pending<Result<Reply, Rejection>> {
    let renew =
        Command::Org(engines_org(), OrgCommand::RenewLease(RenewLease { lease, sum: None }));
    node.place(
        |caller| Order::decide(renew.clone(), caller),
        |answer| Taken::Command(renew.clone(), answer),
    )
}

/// Decides the commands of a batch, in one record.
pub(super) fn decide(node: &mut Node, batch: &Batch<Refused>) -> Pending<Decisions> {
    let commands = batch.commands(None).into_iter();
    let commands: Vec<Command> = commands.map(|it| Command::Org(engines_org(), it)).collect();
    if commands.is_empty() {
        return Pending::Known(Ok(Decisions::new()));
    }
    node.place(
        |caller| Order::decide_all(commands.clone(), caller),
        |answer| Taken::Batch(commands.clone(), answer),
    )
}

/// Looks at the positions of queued calls.
pub(super) fn look_at_positions(node: &mut Node, ids: Vec<CallId>) -> Pending<Waits> {
    let of = ids.clone();
    let look = move |org: Option<&Org>, now: Now| waits(org, &of, now);
    let looked = |answer| Taken::Look(Looked::Waits(engines_org(), ids, answer));
    node.look_at(&engines_org(), look, looked)
}

/// Looks at what a resumption is told.
pub(super) fn look(node: &mut Node, look: Look) -> Pending<Seen> {
    let of = look.clone();
    let read = move |org: Option<&Org>, now: Now| of.at(org, now);
    let looked = |answer| Taken::Look(Looked::Stream(engines_org(), look, answer));
    node.look_at(&engines_org(), read, looked)
}

/// A call that the core did not know when it decided may be among the ended ones. One that has come since is another.
pub(super) fn forgotten_call(node: &Node, id: &CallId) -> Option<CallView> {
    let has_come = node.judge.model().call(&engines_org(), id, node.now()).is_some();
    ended_call(&node.store, id).filter(|_| !has_come)
}

/// A call among the ended ones.
pub(super) fn ended_call(store: &SimStore, id: &CallId) -> Option<CallView> {
    let call = store.ended_call(&engines_org(), id).expect("a fair store can be read")?;
    Some(CallView { call: call.into(), wait: None })
}
