//! Checks of those who follow a simulated node: readers of an organisation's events miss nothing, and nobody waits for a call
//! forever.

use callslot_core::{OrgId, Sequence};
use callslot_node::events_after;
use callslot_store::{Log, Position};
use tokio::sync::oneshot;

use crate::report::Situation;
use crate::world::node::Node;

impl Node {
    /// A follower of an organisation's events reads on, from where they were, until there is no more.
    pub(crate) fn follow(&mut self, org: &OrgId) {
        let known = self.followed.iter().position(|(of, _)| of == org);
        let place = known.unwrap_or_else(|| {
            self.followed.push((org.clone(), Sequence(0)));
            self.followed.len() - 1
        });
        let mut cursor = self.followed[place].1;
        let mut from = None;
        loop {
            let read = events_after(&*self.store, org, cursor, from);
            let (events, reached) = read.expect("a fair store can be read");
            let deleted_after = self.judge.deleted_after(org);
            let is_of_old = events.first().is_some_and(|first| first.sequence <= deleted_after);
            assert!(!is_of_old, "a new tenant sees the events of the old one");
            let is_gap = events.first().is_some_and(|first| first.sequence != cursor.next());
            let has_all = self.store.start().expect("it has a start") == Position(1);
            if is_gap && (!has_all || cursor < deleted_after) {
                // What was removed cannot be followed; a follower that comes back starts anew.
                cursor = Sequence(events[0].sequence.0 - 1);
                self.reached.note_if(Situation::FollowedAnotherTenant, has_all);
            }
            // A record that is durable may not have been heard of yet.
            let heard = self.judge.published(org).len() as u64;
            let shown: Vec<_> =
                events.into_iter().take_while(|event| event.sequence.0 <= heard).collect();
            self.judge.judge_events(org, cursor, &shown);
            cursor = shown.last().map_or(cursor, |last| last.sequence);
            from = reached;
            if reached.is_none() {
                break;
            }
        }
        cursor = cursor.max(self.judge.deleted_after(org));
        let has_followed = self.followed[place].1 > Sequence(0) && cursor > self.followed[place].1;
        let has_crashed = self.happened.crashes > 0 && self.judge.end() > self.crashed_at;
        self.reached.note_if(Situation::FollowedAcrossCrash, has_followed && has_crashed);
        self.followed[place].1 = cursor;
    }

    /// A follower that has read an organisation's events to the end has seen all of them.
    pub(super) fn judge_end_of_stream(&self, org: &OrgId) {
        let shown = self.followed.iter().find(|(of, _)| of == org).map(|(_, cursor)| cursor.0);
        let published = self.judge.published(org).len() as u64;
        let has_all = self.store.start().expect("it has a start") == Position(1);
        assert!(!has_all || shown == Some(published), "a stream ends at {shown:?} of {published}");
    }

    /// Clients that wait for a call are answered if, and only if, the call has left the queue.
    pub(super) fn judge_waiters(&mut self) {
        let (model, reached) = (self.judge.model(), &mut self.reached);
        self.waiting.retain_mut(|(org, call, answer)| match answer.try_recv() {
            Ok(told) => {
                assert_eq!(told, Ok(()), "somebody waited for {call}");
                let has_started = model.live(org).iter().any(|live| live.request.id == *call);
                reached.note_if(Situation::WaiterOfStarted, has_started);
                reached.note_if(Situation::WaiterOfEnded, !has_started);
                false
            }
            Err(oneshot::error::TryRecvError::Empty) => {
                let mut queued = model.live(org).iter().filter(|call| call.is_queued());
                let is_queued = queued.any(|queued| queued.request.id == *call);
                assert!(is_queued, "somebody waits for {call}, which is not queued");
                true
            }
            Err(oneshot::error::TryRecvError::Closed) => panic!("{call} was never answered"),
        });
    }
}
