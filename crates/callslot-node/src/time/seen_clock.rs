//! How long the server has seen pass, and what is old by that: retention and sessions go by it, and by no clock that may jump.
//!
//! It reads no clock and no store: moments, and what the system's clock shows, are arguments. Three things make time pass here:
//! the server runs, which the monotonic clock counts; it was down, as the system's clock says, for a day at most; or it was down for
//! longer, and somebody has confirmed that. Start reading at [`SeenClock::start`].

use std::collections::BTreeSet;

use callslot_core::Timestamp;
use callslot_store::{Aging, Doubt, OldTimes, Seen, SeenTime};
use tokio::time::Instant;

use crate::limits::{DAYS_REMOVED_PER_DAY, MAX_BELIEVED_MS, MAX_SEEN_STEP};
use crate::time::counted_clock::milliseconds;

/// For how long data are kept, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// In the order of [`Aging::ALL`].
    pub ms: [u64; 4],
    /// How long the parts of time are that data are removed by.
    pub part_ms: u64,
}

/// What a clock is started from.
#[derive(Debug)]
pub struct SeenStart {
    /// What the last run kept; none at a first start, or after one of a version that kept nothing.
    pub kept: Option<SeenTime>,
    /// The time of the last record of the log; 0 if it has none.
    pub last: Timestamp,
    pub moment: Instant,
    /// What the system's clock shows.
    pub wall: Timestamp,
    /// Whether somebody says that the clock is right, however far ahead.
    pub is_confirmed: bool,
}

/// Counts the time that the server sees.
#[derive(Debug)]
pub struct SeenClock {
    time: SeenTime,
    looked: Instant,
    retention: Retention,
    /// The parts of time that have changed since they were last kept.
    changed: BTreeSet<Timestamp>,
    /// By how much the clock is ahead of the log's last time, if more than is believed.
    ahead_ms: Option<u64>,
}

impl SeenClock {
    /// A clock that goes on from what was kept.
    #[must_use]
    pub fn start(start: SeenStart, retention: Retention) -> Self {
        let SeenStart { kept, last, moment, wall, is_confirmed } = start;
        let begins = if last == Timestamp(0) { wall } else { last };
        let is_new = kept.is_none();
        let mut clock = Self {
            time: kept.unwrap_or_else(|| SeenTime {
                lived: Seen(begins.0),
                shown: begins,
                removed: retention.ms.map(|ms| Seen(begins.0).before_ms(ms)),
                ..SeenTime::default()
            }),
            looked: moment,
            retention,
            changed: BTreeSet::new(),
            ahead_ms: None,
        };
        if is_new && last != Timestamp(0) {
            clock.take_log_at_its_word(last);
        }
        clock.note_unkept(last);
        clock.take_jump(last, wall, is_confirmed);
        clock.time.shown = wall;
        clock.note_shown(wall, wall);
        clock
    }

    /// Counts the time since the last look. `shown` is the time that people are shown now.
    pub fn look(&mut self, moment: Instant, shown: Timestamp) {
        let passed = moment - self.looked;
        let counted_ms = milliseconds(passed.min(MAX_SEEN_STEP));
        self.looked = moment;
        self.time.lived = self.time.lived.after_ms(counted_ms);
        // Until now the clock went on from what it showed last, whatever it shows from now on.
        let went_on = Timestamp(self.time.shown.0.saturating_add(milliseconds(passed)));
        self.note_shown(self.time.shown, went_on);
        self.note_shown(shown, shown);
        self.time.shown = shown;
        if let Some(doubt) = self.time.doubt {
            let ahead_ms = ahead_ms(&self.time, doubt, shown);
            self.ahead_ms = Some(ahead_ms).filter(|ms| *ms > MAX_BELIEVED_MS);
            if self.ahead_ms.is_none() {
                self.time.doubt = None;
            }
            return;
        }
        self.let_age(counted_ms);
    }

    /// The time for which the server has run. Sessions expire by it.
    #[must_use]
    pub fn lived(&self) -> Seen {
        self.time.lived
    }

    /// By how much the clock is ahead of what is believed, in milliseconds. As long as it is, nothing is removed.
    #[must_use]
    pub fn doubted_ms(&self) -> Option<u64> {
        self.ahead_ms
    }

    /// The times that are old for a kind of data; none as long as the clock is in doubt.
    #[must_use]
    pub fn old(&self, kind: Aging) -> OldTimes {
        if self.time.doubt.is_some() {
            return OldTimes::default();
        }
        let before = self.time.removed[kind as usize];
        let now = self.time.seen();
        let is_kept = |seen: Seen| seen >= before || seen == now;
        // Time before the first part counts as if the clock had shown it, so that a new server keeps the times before it for as long.
        let first = self.time.parts.first_key_value().filter(|(_, seen)| is_kept(**seen));
        let unseen = first.map(|(at, seen)| {
            let kept_ms = seen.0.saturating_sub(before.0);
            (Timestamp(at.0.saturating_sub(kept_ms)), true)
        });
        let parts = self.time.parts.iter().map(|(at, seen)| (*at, is_kept(*seen)));
        OldTimes::of_parts(unseen.into_iter().chain(parts), self.retention.part_ms)
    }

    /// What to keep in the store, and which of its parts have changed since the last time.
    pub fn to_keep(&mut self) -> (SeenTime, BTreeSet<Timestamp>) {
        self.forget_old_parts();
        (self.time.clone(), std::mem::take(&mut self.changed))
    }

    /// What could not be kept is to be kept the next time.
    pub fn not_kept(&mut self, changed: BTreeSet<Timestamp>) {
        self.changed.extend(changed);
    }

    /// After an upgrade: the times in the log were those of a clock that never went back.
    fn take_log_at_its_word(&mut self, last: Timestamp) {
        let longest = self.retention.ms.into_iter().max().unwrap_or(0);
        let mut part = self.part_of(Timestamp(last.0.saturating_sub(longest)));
        while part <= last {
            let end = part.0.saturating_add(self.retention.part_ms);
            self.note_part(part, Seen(end.min(last.0)));
            part = Timestamp(end);
        }
    }

    /// The log may go on beyond what was kept last.
    fn note_unkept(&mut self, last: Timestamp) {
        let is_near = last.ms_since(self.time.shown) <= MAX_BELIEVED_MS;
        let from = if is_near { self.time.shown.min(last) } else { last };
        if last != Timestamp(0) {
            self.note_shown(from, last);
        }
    }

    /// Takes the time that the clock has gone ahead since the last run as time in which the server was down, if it is a day at most
    /// or confirmed.
    fn take_jump(&mut self, last: Timestamp, wall: Timestamp, is_confirmed: bool) {
        let doubt = self
            .time
            .doubt
            .unwrap_or(Doubt { since: self.time.seen(), last: self.time.shown.max(last) });
        let was_in_doubt = self.time.doubt.is_some();
        let ahead_ms = ahead_ms(&self.time, doubt, wall);
        let is_doubted = ahead_ms > MAX_BELIEVED_MS && !is_confirmed;
        self.ahead_ms = Some(ahead_ms).filter(|_| is_doubted);
        self.time.doubt = Some(doubt).filter(|_| is_doubted);
        if is_doubted || (was_in_doubt && ahead_ms <= MAX_BELIEVED_MS) {
            return;
        }
        if was_in_doubt {
            self.move_on_since(doubt.since, ahead_ms);
        }
        self.time.down_ms = self.time.down_ms.saturating_add(ahead_ms);
    }

    /// What the clock showed in doubt was shown after the time that is only now believed to have passed before.
    fn move_on_since(&mut self, since: Seen, ms: u64) {
        for (at, seen) in &mut self.time.parts {
            if *seen >= since {
                *seen = seen.after_ms(ms);
                self.changed.insert(*at);
            }
        }
    }

    /// Data age as time is seen; where it was down or keeps data for a shorter time, a day's worth an hour.
    fn let_age(&mut self, counted_ms: u64) {
        let seen = self.time.seen();
        for (removed, retention_ms) in self.time.removed.iter_mut().zip(self.retention.ms) {
            let most = removed.after_ms(counted_ms * DAYS_REMOVED_PER_DAY);
            *removed = seen.before_ms(retention_ms).min(most).max(*removed);
        }
    }

    /// Notes that the clock showed the times of a span, and that it is going to show the part after it.
    fn note_shown(&mut self, from: Timestamp, to: Timestamp) {
        let seen = self.time.seen();
        let mut part = self.part_of(from);
        let end = Timestamp(self.part_of(to).0.saturating_add(self.retention.part_ms));
        while part <= end {
            self.note_part(part, seen);
            part = Timestamp(part.0.saturating_add(self.retention.part_ms));
        }
    }

    fn note_part(&mut self, part: Timestamp, seen: Seen) {
        if self.time.parts.insert(part, seen) != Some(seen) {
            self.changed.insert(part);
        }
    }

    /// What is older than all data that are kept needs no time.
    fn forget_old_parts(&mut self) {
        let Some(before) = self.time.removed.into_iter().min() else { return };
        while let Some(first) = self.time.parts.first_entry()
            && *first.get() < before
        {
            self.changed.insert(first.remove_entry().0);
        }
    }

    fn part_of(&self, at: Timestamp) -> Timestamp {
        Timestamp(at.0 - at.0 % self.retention.part_ms)
    }
}

/// By how much a clock that shows `wall` is ahead of what a server believes that kept this, in milliseconds, if it is more than it
/// believes at a start.
#[must_use]
pub fn doubted_ms(kept: &SeenTime, wall: Timestamp) -> Option<u64> {
    let doubt = kept.doubt.unwrap_or(Doubt { since: kept.seen(), last: kept.shown });
    Some(ahead_ms(kept, doubt, wall)).filter(|ahead_ms| *ahead_ms > MAX_BELIEVED_MS)
}

/// How far a clock is ahead of the last time before a doubt, apart from what the server has seen pass since.
fn ahead_ms(time: &SeenTime, doubt: Doubt, shown: Timestamp) -> u64 {
    let seen_ms = time.seen().0.saturating_sub(doubt.since.0);
    shown.ms_since(Timestamp(doubt.last.0.saturating_add(seen_ms)))
}

#[cfg(test)]
mod tests;
