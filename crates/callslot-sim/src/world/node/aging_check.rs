//! Checks of what a simulated node removes: nothing before it has seen the time of retention pass, no more than a day's worth an hour,
//! and nothing while its clock is in doubt. They know nothing of how the node finds that out: only when each record was decided, how
//! long the world has gone on since, and how far the clock had gone ahead at each start.

use std::collections::BTreeMap;
use std::time::Duration;

use callslot_core::{Now, Timestamp};
use callslot_store::Position;
use tokio::time::Instant;

/// A jump of the clock at a start that is believed, in milliseconds: a day.
const BELIEVED_MS: u64 = 86_400_000;
/// How much faster than time data may be removed: a day's worth an hour.
const TIMES_AS_FAST: u64 = 24;

/// When every record was decided, and what may have been removed by now.
#[derive(Debug)]
pub(super) struct Ages {
    retention_ms: u64,
    began: Instant,
    /// How much time the clock says was spent down, as far as that is to be believed.
    down_ms: u64,
    /// The age, counted from the beginning, up to which records may have been removed.
    may_be_gone: i128,
    /// What the log's last time was, and how long the world had gone on, when the clock was too far ahead.
    doubt: Option<(Timestamp, u64)>,
    /// When the node took each of its times, newest last.
    times: Vec<(Now, Instant)>,
    /// When each record was decided, counted from the beginning, with the time spent down.
    decided: BTreeMap<Position, u64>,
}

impl Ages {
    pub(super) fn new(retention_ms: u64, began: Instant) -> Self {
        Self {
            retention_ms,
            began,
            down_ms: 0,
            may_be_gone: -i128::from(retention_ms),
            doubt: None,
            times: Vec::new(),
            decided: BTreeMap::new(),
        }
    }

    /// The node took this time for what it decides.
    pub(super) fn note_time(&mut self, now: Now, at: Instant) {
        if self.times.last().is_none_or(|(last, _)| *last != now) {
            self.times.push((now, at));
        }
    }

    /// The node hands over a record of this time, for this place in the log.
    pub(super) fn note_record(&mut self, position: Position, now: Now) {
        let of_now = self.times.iter().rev().find(|(it, _)| *it == now);
        let (_, at) = of_now.expect("the node took that time");
        self.decided.insert(position, self.passed_at(*at));
    }

    /// This much time goes by.
    pub(super) fn pass(&mut self, ms: u64, at: Instant) {
        if self.doubt.is_none() {
            let old = i128::from(self.passed_at(at)) - i128::from(self.retention_ms);
            let most = self.may_be_gone + i128::from(ms * TIMES_AS_FAST);
            self.may_be_gone = self.may_be_gone.max(old.min(most));
        }
    }

    /// The node looks at the clock, and shows this time from now on. A clock that has come back is in doubt no longer.
    pub(super) fn look(&mut self, shown: Timestamp, at: Instant) {
        if let Some((of_log, since)) = self.doubt {
            let went_on = Timestamp(of_log.0 + (self.passed_at(at) - since));
            self.doubt = self.doubt.filter(|_| shown.ms_since(went_on) > BELIEVED_MS);
        }
    }

    /// Another process starts; the last one knew of the time `last`, and the clock shows `wall`. Says whether the clock is in doubt.
    pub(super) fn start(
        &mut self,
        last: Timestamp,
        wall: Timestamp,
        at: Instant,
        is_confirmed: bool,
    ) -> bool {
        let passed = self.passed_at(at);
        let (of_log, since) = self.doubt.unwrap_or((last, passed));
        let ahead_ms = wall.ms_since(Timestamp(of_log.0 + (passed - since)));
        let was_in_doubt = self.doubt.take().is_some();
        if ahead_ms > BELIEVED_MS && !is_confirmed {
            self.doubt = Some((of_log, since));
        } else if ahead_ms > BELIEVED_MS || !was_in_doubt {
            self.down_ms += ahead_ms;
            // What was decided in doubt was decided after that time.
            let in_doubt = self.decided.values_mut().filter(|at| was_in_doubt && **at >= since);
            in_doubt.for_each(|at| *at += ahead_ms);
        }
        self.doubt.is_some()
    }

    /// These records have been removed.
    pub(super) fn judge_removal(&mut self, from: Position, to: Position) {
        assert!(
            from >= to || self.doubt.is_none(),
            "records were removed while the clock is in doubt"
        );
        for position in (from.0..to.0).map(Position) {
            let decided = self.decided.remove(&position).expect("it was decided once");
            assert!(i128::from(decided) <= self.may_be_gone, "{position:?} was removed early");
        }
    }

    /// How long the world has gone on, and how long the node was down before.
    fn passed_at(&self, at: Instant) -> u64 {
        let passed = at.saturating_duration_since(self.began) + Duration::from_millis(self.down_ms);
        u64::try_from(passed.as_millis()).expect("a short time")
    }
}
