//! Idle and slow clients: when a connection is cut off.
//!
//! Hyper waits indefinitely for the first bytes of a connection, for the next request on an idle HTTP/2 connection, and for
//! a client that does not read its answer. So each connection is checked at intervals, which costs a request two counters
//! and no timer. All that is known of requests is when they begin and end. Start reading at [`Watchdog`].

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::connection::activity::Activity;
use crate::connection::cut::Cut;
use crate::connection::limits::{
    CHECK_PART_EVERY, CHECKS_FOR_HEAD, CHECKS_IDLE, CHECKS_STUCK, MAX_BYTES_SENT_WHEN_IDLE,
    PARTS_CHECKED,
};
use crate::metrics::ServerMetrics;

/// What the checks of a connection have found so far.
#[derive(Debug, Default)]
struct Findings {
    /// Whether it was checked before. The first check does not count, since it may come at once.
    is_known: bool,
    begun: u64,
    written: u64,
    checks_for_head: u32,
    checks_idle: u32,
    checks_stuck: u32,
}

impl Findings {
    /// Checks once; returns why to cut it off, if it should be.
    fn check(&mut self, activity: &Activity) -> Option<Cut> {
        let begun = activity.begun.load(Ordering::Relaxed);
        let written = activity.written.load(Ordering::Relaxed);
        let is_busy = !self.is_known
            || begun != self.begun
            || begun != activity.ended.load(Ordering::Relaxed)
            || written - self.written > MAX_BYTES_SENT_WHEN_IDLE;
        let has_part_of_head = begun == 0
            || (!activity.is_shared.load(Ordering::Relaxed)
                && activity.read.load(Ordering::Relaxed)
                    != activity.read_at_end.load(Ordering::Relaxed));
        let is_stuck = activity.is_blocked.load(Ordering::Relaxed) && written == self.written;
        count(&mut self.checks_for_head, !is_busy && has_part_of_head);
        count(&mut self.checks_idle, !is_busy);
        count(&mut self.checks_stuck, is_stuck);
        (self.is_known, self.begun, self.written) = (true, begun, written);
        if self.checks_for_head >= CHECKS_FOR_HEAD {
            return Some(Cut::SlowHead);
        }
        if self.checks_idle >= CHECKS_IDLE {
            return Some(Cut::Idle);
        }
        // The check at once after an answer does not count either.
        let is_answer_left = activity.unsent.check() > CHECKS_STUCK;
        (is_answer_left || self.checks_stuck >= CHECKS_STUCK).then_some(Cut::Stuck)
    }
}

/// Counts consecutive checks.
fn count(checks: &mut u32, holds: bool) {
    *checks = if holds { *checks + 1 } else { 0 };
}

/// Connections, and what the checks have found.
type Part = Vec<(Weak<Activity>, Findings)>;

/// The open connections. One task checks them all: a timer per connection would wake its whole task for nothing. They are
/// checked in parts, so that the lock is never held for long.
#[derive(Debug, Default)]
pub(crate) struct Watchdog {
    parts: [Mutex<Part>; PARTS_CHECKED],
    added: AtomicUsize,
}

impl Watchdog {
    /// Serves a connection until it ends or is cut off.
    pub(crate) async fn until_cut(&self, answering: impl Future, activity: Arc<Activity>) {
        let part = self.added.fetch_add(1, Ordering::Relaxed) % PARTS_CHECKED;
        self.part(part).push((Arc::downgrade(&activity), Findings::default()));
        tokio::select! {
            // A broken connection is the client's problem.
            _ = answering => {}
            () = activity.cut.notified() => {}
        }
    }

    /// Checks the connections forever, and forgets those that have ended.
    pub(crate) async fn check(&self, metrics: &ServerMetrics) {
        for part in (0..PARTS_CHECKED).cycle() {
            tokio::time::sleep(CHECK_PART_EVERY).await;
            self.part(part).retain_mut(|(activity, findings)| {
                activity.upgrade().is_some_and(|activity| goes_on(&activity, findings, metrics))
            });
        }
    }

    fn part(&self, number: usize) -> MutexGuard<'_, Part> {
        self.parts[number].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Checks a connection, cuts it off if necessary, and says whether it goes on.
fn goes_on(activity: &Activity, findings: &mut Findings, metrics: &ServerMetrics) -> bool {
    let cut = findings.check(activity);
    if let Some(why) = cut {
        tracing::debug!(?why, "cutting off a connection");
        metrics.count_cut(why);
        activity.cut.notify_one();
    }
    cut.is_none()
}

#[cfg(test)]
mod tests {
    use axum::http::Version;

    use super::*;
    use crate::connection::activity::Exchange;

    /// After how many checks without any change the connection is cut off, and why.
    fn cut(activity: &Activity, findings: &mut Findings) -> (u32, Cut) {
        let mut checks = (1..1_000).map(|check| (check, findings.check(activity)));
        checks.find_map(|(check, cut)| Some((check, cut?))).expect("it is cut off some time")
    }

    #[test]
    fn a_connection_that_never_asks_is_cut_off_like_one_that_stops_in_the_middle_of_a_head() {
        let activity = Arc::new(Activity::default());
        assert_eq!(cut(&activity, &mut Findings::default()), (CHECKS_FOR_HEAD + 1, Cut::SlowHead));
        drop(Exchange::begin(&activity));
        activity.read.fetch_add(3, Ordering::Relaxed);
        assert_eq!(cut(&activity, &mut Findings::default()), (CHECKS_FOR_HEAD + 1, Cut::SlowHead));
    }

    #[test]
    fn an_idle_connection_stays_for_longer_and_pings_do_not_keep_it() {
        for version in [Version::HTTP_11, Version::HTTP_2] {
            let activity = Arc::new(Activity::default());
            activity.note_version(version);
            drop(Exchange::begin(&activity));
            if version == Version::HTTP_2 {
                activity.read.fetch_add(17, Ordering::Relaxed);
            }
            assert_eq!(cut(&activity, &mut Findings::default()), (CHECKS_IDLE + 1, Cut::Idle));
        }
    }

    #[test]
    fn a_request_that_is_being_answered_keeps_its_connection_until_the_client_takes_nothing() {
        let activity = Arc::new(Activity::default());
        let exchange = Exchange::begin(&activity);
        let stream = Exchange::begin(&activity);
        drop(exchange);
        let mut findings = Findings::default();
        for _ in 0..10 * CHECKS_IDLE {
            assert_eq!(findings.check(&activity), None);
        }
        activity.is_blocked.store(true, Ordering::Relaxed);
        for _ in 0..10 * CHECKS_STUCK {
            activity.written.fetch_add(1, Ordering::Relaxed);
            assert_eq!(findings.check(&activity), None);
        }
        assert_eq!(cut(&activity, &mut findings), (CHECKS_STUCK, Cut::Stuck));
        drop(stream);
    }

    #[test]
    fn an_answer_that_a_slow_client_still_takes_is_not_idle() {
        let activity = Arc::new(Activity::default());
        drop(Exchange::begin(&activity));
        let mut findings = Findings::default();
        for _ in 0..10 * CHECKS_IDLE {
            activity.written.fetch_add(MAX_BYTES_SENT_WHEN_IDLE + 1, Ordering::Relaxed);
            assert_eq!(findings.check(&activity), None);
        }
        assert_eq!(cut(&activity, &mut findings), (CHECKS_IDLE, Cut::Idle));
    }
}
