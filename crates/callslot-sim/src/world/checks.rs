//! The checks that a world makes on its own while things happen, besides the judge's checks of commands and events: that
//! nobody is answered too early, that time is counted as it should be, that expiry waits its turn, that the store leads to the
//! same state, that nobody waits forever, and that streams and the projection miss nothing.

use std::collections::BTreeMap;

use callslot_core::{CallEvent, OrgId, PublicEvent, Sequence, Shard, Tick, Ticket, Timestamp};
use callslot_node::{Recovered, events_after};
use callslot_store::{
    EndedFilter, Grain, History, Levels, Log, Position, Series, SeriesKind, SeriesRows, Which,
};
use tokio::sync::oneshot;

use crate::judge::{Taken, views};
use crate::report::Situation;
use crate::world::{Kept, World};

/// How much of the time between two looks counts toward deadlines.
const LONGEST_COUNTED_MS: u64 = 200;
/// How long what is due waits for what came before it.
const EXPIRY_WAITS_MS: u64 = 1_000;

impl World {
    /// What waits in front of the node may be a sign of life, so nothing expires ahead of it, except after so long.
    pub(super) fn judge_expiry(&mut self, deadline: Option<Tick>) {
        // What is being committed may have brought the deadline.
        if let Some(deadline) = deadline.filter(|_| self.committing.is_none()) {
            let overdue_ms = self.now().tick.ms_after(deadline);
            let is_in_turn = self.channel.is_empty() || overdue_ms >= EXPIRY_WAITS_MS;
            assert!(is_in_turn, "expiry overtook what waits, {overdue_ms} ms after the deadline");
            self.reached.note_if(Situation::ExpiryOverdue, !self.channel.is_empty());
        }
    }

    /// Time that counts toward deadlines goes by as it should: a stall does not count, nor does any time while nothing can
    /// be recorded.
    pub(super) fn keep_time(&mut self) {
        let now = self.now();
        if now == self.kept.now {
            return;
        }
        let passed_ms = u64::try_from((self.at - self.kept.at).as_millis()).expect("a short time");
        let counted_ms = now.tick.ms_after(self.kept.now.tick);
        let expected_ms = if self.kept.counts { passed_ms.min(LONGEST_COUNTED_MS) } else { 0 };
        assert_eq!(counted_ms, expected_ms, "of {passed_ms} ms that went by");
        let is_stall = self.kept.counts && counted_ms < passed_ms;
        self.reached.note_if(Situation::Stalled, is_stall);
        assert_eq!(now.at.ms_since(self.kept.now.at), passed_ms, "the time that people see");
        self.kept = Kept { at: self.at, now, counts: self.sequencer.is_writable() };
    }

    /// What the store holds leads to the state that the model says, whether a snapshot is used or not.
    pub(super) fn compare(&self, recovered: &Recovered) {
        views::compare(&recovered.shard, self.judge.model(), recovered.last);
        let snapshot = self.store.latest_snapshot().expect("a fair store can be read");
        if snapshot.is_some() && self.store.start().expect("it has a start") == Position(1) {
            let mut replayed = Shard::new();
            let records = self.store.read_from(Position(0), usize::MAX).expect("it can be read");
            for (_, record) in &records {
                for event in &record.events {
                    replayed.apply(record.now.tick, event);
                }
            }
            let tick = recovered.last.tick;
            assert_eq!(
                replayed.snapshot(tick),
                recovered.shard.snapshot(tick),
                "replay: left from the beginning, right from the snapshot"
            );
        }
    }

    /// Every prefix of the log leads to the state that the model says, and so does a snapshot of it.
    pub(super) fn follow_with_replica(&mut self) {
        let Some(replica) = &mut self.replica else { return };
        let before = Position(self.judge.end().0 - 1);
        let read = self.store.read_from(before, 1).expect("a fair store can be read");
        let record = &read[0].1;
        for event in &record.events {
            replica.apply(record.now.tick, event);
        }
        views::compare(replica, self.judge.model(), record.now);
        let snapshot = replica.snapshot(record.now.tick);
        let mut restored = Shard::new();
        for event in &snapshot {
            restored.apply(record.now.tick, event);
        }
        assert_eq!(
            restored.snapshot(record.now.tick),
            snapshot,
            "replay: the snapshot of a snapshot"
        );
        views::compare(&restored, self.judge.model(), record.now);
    }

    /// A follower of an organisation's events reads on, from where they were, until there is no more.
    pub(super) fn follow(&mut self, org: &OrgId) {
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
            let is_gap = events.first().is_some_and(|first| first.sequence != cursor.next());
            if is_gap && self.store.start().expect("it has a start") > Position(1) {
                // What was removed cannot be followed; a follower that comes back starts anew.
                cursor = Sequence(events[0].sequence.0 - 1);
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
        let has_followed = self.followed[place].1 > Sequence(0) && cursor > self.followed[place].1;
        let has_crashed = self.happened.crashes > 0 && self.judge.end() > self.crashed_at;
        self.reached.note_if(Situation::FollowedAcrossCrash, has_followed && has_crashed);
        self.followed[place].1 = cursor;
    }

    /// Notes what a crash falls into.
    pub(super) fn note_crash(&mut self) {
        let reached = &mut self.reached;
        let is_first = self.happened.crashes == 1;
        reached.note_if(Situation::CrashTwice, !is_first && self.judge.end() == self.crashed_at);
        let is_failing = !self.sequencer.is_writable();
        reached.note_if(Situation::CrashInRecovery, is_failing && self.commit.is_some());
        if self.committing.is_some() && !is_failing {
            let is_written = self.store.end().is_ok_and(|end| end > self.judge.end());
            reached.note_if(Situation::CrashAfterWrite, is_written);
            reached.note_if(Situation::CrashBeforeWrite, !is_written);
        }
        let newest = self.store.latest_snapshot().ok().flatten().map(|snapshot| snapshot.position);
        let end = self.store.end().ok();
        reached.note_if(Situation::RestartFromSnapshot, newest.is_some() && newest < end);
        reached.note_if(Situation::RestartFromSnapshotAlone, newest.is_some() && newest == end);
        reached.note_if(Situation::ClockSetBack, self.wall < self.kept.now.at);
    }

    /// Notes in which state a node took something.
    pub(super) fn note_taken(&mut self, taken: &Taken, is_refused: bool) {
        let is_command = matches!(taken, Taken::Command(..) | Taken::Batch(..));
        let is_writable = self.sequencer.is_writable();
        let reached = &mut self.reached;
        reached.note_if(Situation::RefusedWhileNotWritable, is_command && is_refused);
        let is_shown = matches!(taken, Taken::Look(_)) && !is_refused && !is_writable;
        reached.note_if(Situation::ShownWhileNotWritable, is_shown);
        let is_on_top = is_command && is_writable && self.sequencer.is_committing();
        reached.note_if(Situation::DecidedOnTop, is_on_top);
    }

    /// A follower that has read an organisation's events to the end has seen all of them.
    pub(super) fn judge_end_of_stream(&self, org: &OrgId) {
        let shown = self.followed.iter().find(|(of, _)| of == org).map(|(_, cursor)| cursor.0);
        let published = self.judge.published(org).len() as u64;
        let has_all = self.store.start().expect("it has a start") == Position(1);
        assert!(!has_all || shown == Some(published), "a stream ends at {shown:?} of {published}");
    }

    /// The projection has every ended call once, however much of the log is gone.
    pub(super) fn judge_projection(&self, org: &OrgId) {
        let kept = self.store.ended_calls(org, &EndedFilter::default(), usize::MAX);
        let kept = kept.expect("a fair store can be read");
        let published = self.judge.published(org).iter().rev();
        let ended = published.filter_map(|(sequence, event)| {
            if let PublicEvent::Call(CallEvent::Ended(call)) = event {
                Some((*sequence, call))
            } else {
                None
            }
        });
        assert!(
            kept.calls.iter().map(|(sequence, call)| (*sequence, call)).eq(ended),
            "the projection has every ended call once"
        );
    }

    /// The figures count every event once, for all of the organisation, each agent and each type, by the minute and by the
    /// hour, and every change of settings is marked.
    pub(super) fn judge_figures(&self, org: &OrgId) {
        let always = (Timestamp(0), Timestamp(u64::MAX / 2));
        let published = self.judge.published(org);
        for kind in [SeriesKind::Org, SeriesKind::Agent, SeriesKind::Type] {
            for grain in Grain::ALL {
                let kept = self.store.figures(org, &Which::Each(kind), grain, always.0, always.1);
                let kept = kept.expect("a fair store can be read");
                // Where starts were refused and nothing else happened there is nothing of an event.
                let shown = kept.iter().map(|of| (of.series.clone(), Count::shown(of)));
                let shown: BTreeMap<Series, Count> =
                    shown.filter(|(_, count)| *count != Count::default()).collect();
                let counted = counted(published, kind);
                assert_eq!(shown, counted, "figures, left what is kept, right what happened");
            }
        }
        let marked = self.store.markers(org, always.0, always.1, usize::MAX);
        let marked = marked.expect("a fair store can be read");
        let marked = marked.iter().map(|marker| (marker.sequence, &marker.change));
        let changed = published.iter().filter_map(|(sequence, event)| match event {
            PublicEvent::Settings(change) => Some((*sequence, change)),
            PublicEvent::Call(_) => None,
        });
        assert!(marked.eq(changed), "every change of settings is marked once");
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

/// What the figures of a series come to over all time.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    starts: u64,
    waited: u64,
    longest_wait_ms: u64,
    ends: u64,
    peak: (usize, usize),
    live: (usize, usize),
}

impl Count {
    fn shown(of: &SeriesRows) -> Self {
        let mut count = Self::default();
        for figures in of.rows.iter().filter_map(|row| row.figures.as_ref()) {
            let number = |level: u64| usize::try_from(level).expect("a world has few calls");
            let pair = |levels: Levels| (number(levels.active), number(levels.queued));
            assert_eq!(pair(figures.before), count.live, "a part begins as the one before ended");
            count.starts += figures.starts;
            count.ends += figures.ends;
            count.waited += figures.waits.count();
            count.longest_wait_ms = count.longest_wait_ms.max(figures.waits.longest_ms());
            count.live = pair(figures.after);
            let (active, queued) = pair(figures.peak);
            count.peak = (count.peak.0.max(active), count.peak.1.max(queued));
        }
        count
    }
}

/// What figures must come to, from the calls that are live after each event.
fn counted(published: &[(Sequence, PublicEvent)], kind: SeriesKind) -> BTreeMap<Series, Count> {
    let mut counts: BTreeMap<Series, Count> = BTreeMap::new();
    let mut live: BTreeMap<Series, BTreeMap<Ticket, bool>> = BTreeMap::new();
    for (_, event) in published {
        let PublicEvent::Call(event) = event else { continue };
        let request = event.request();
        let series = match kind {
            SeriesKind::Org => Series::Org,
            SeriesKind::Agent => Series::Agent(request.agent.clone()),
            SeriesKind::Type => Series::Type(request.call_type),
        };
        let count = counts.entry(series.clone()).or_default();
        let live = live.entry(series).or_default();
        match event {
            CallEvent::Queued(_) => {
                live.insert(request.ticket, false);
            }
            CallEvent::Started(call) => {
                live.insert(request.ticket, true);
                let waited_ms = call.state.started_at.ms_since(request.requested_at);
                count.starts += 1;
                count.waited += 1;
                count.longest_wait_ms = count.longest_wait_ms.max(waited_ms);
            }
            CallEvent::Ended(_) => {
                live.remove(&request.ticket);
                count.ends += 1;
            }
        }
        let active = live.values().filter(|is_active| **is_active).count();
        count.live = (active, live.len() - active);
        count.peak = (count.peak.0.max(count.live.0), count.peak.1.max(count.live.1));
    }
    counts
}
