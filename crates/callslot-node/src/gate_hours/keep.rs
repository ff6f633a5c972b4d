//! Tells the core when the hours of a gate begin or end, and sleeps until then. Without gates that have hours it sleeps for good.

use callslot_core::{OrgId, SetWithinHours, Shard, Timestamp};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::gate_hours::shared_timetable::SharedTimetable;
use crate::limits::{HOURS_TOLD_AT_A_TIME, TELL_HOURS_AGAIN_AFTER};
use crate::node_handle::NodeHandle;
use crate::shard::shard_handle::ShardHandle;
use crate::unavailable::Unavailable;

/// Takes the gates of a recovered shard, before it runs. Their hours may have begun or ended while the server was down.
pub(crate) fn take_recovered(timetable: &SharedTimetable, shard: &Shard, now: Timestamp) {
    let mut timetable = timetable.write();
    for (org, found) in shard.orgs() {
        for (gate, hours, is_within) in found.gates_with_hours() {
            timetable.set(&org, gate, Some((hours.clone(), is_within)), now);
        }
    }
}

/// What the core is to be told of them first. These commands are queued when this returns, and so ahead of all that clients ask.
pub(crate) fn tell_first(node: &NodeHandle) {
    for shard in node.shards() {
        let mut timetable = shard.state.timetable.write();
        let (changes, _) = timetable.changes(node.now(), HOURS_TOLD_AT_A_TIME);
        // What comes of it the task will see.
        if !changes.is_empty() {
            drop(node.hand_in(changes));
        }
    }
}

/// Tells the core of each change in a shard until the node stops.
pub(crate) async fn run(node: NodeHandle, shard: ShardHandle, mut stop: watch::Receiver<bool>) {
    let timetable = &shard.state.timetable;
    loop {
        let (changes, has_more) = timetable.write().changes(node.now(), HOURS_TOLD_AT_A_TIME);
        let is_told = changes.is_empty() || tell(&node, changes).await.is_ok();
        if has_more && is_told {
            tokio::task::yield_now().await;
            if *stop.borrow() {
                return;
            }
            continue;
        }
        let pause = async {
            let next = timetable.read().next_look();
            match next {
                _ if !is_told => sleep(TELL_HOURS_AGAIN_AFTER).await,
                Some(at) => sleep(std::time::Duration::from_millis(at.ms_since(node.now()))).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = stop.changed() => return,
            () = timetable.changed() => {}
            () = pause => {}
        }
    }
}

/// Tells the core, and reads what it has then. All of them are in one shard.
async fn tell(node: &NodeHandle, changes: Vec<(OrgId, SetWithinHours)>) -> Result<(), Unavailable> {
    let told = changes.iter().map(|(org, set)| (org.clone(), set.gate.clone()));
    let mut told: Vec<_> = told.collect();
    node.submit_all(changes).await?;
    while let Some((org, _)) = told.first().cloned() {
        let (of_org, others): (Vec<_>, Vec<_>) = told.into_iter().partition(|(of, _)| *of == org);
        let gates = of_org.into_iter().map(|(_, gate)| gate).collect();
        node.read_hours(&org, gates).await?;
        told = others;
    }
    Ok(())
}
