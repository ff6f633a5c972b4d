//! The time seen, with clocks that jump.

use std::time::Duration;

use super::*;
use crate::time::system_clock::instant_now;

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;
const NOW: u64 = 20_000 * DAY_MS;
const RETENTION: Retention =
    Retention { ms: [DAY_MS, 30 * DAY_MS, 7 * DAY_MS, 396 * DAY_MS], part_ms: HOUR_MS };

/// A server that looks once a minute, its system's clock, and what it has kept.
struct Server {
    clock: SeenClock,
    moment: Instant,
    wall: u64,
    kept: SeenTime,
}

impl Server {
    fn first() -> Self {
        let moment = instant_now();
        let start = SeenStart {
            kept: None,
            last: Timestamp(0),
            moment,
            wall: Timestamp(NOW),
            is_confirmed: false,
        };
        let clock = SeenClock::start(start, RETENTION);
        Self { clock, moment, wall: NOW, kept: SeenTime::default() }
    }

    fn run(&mut self, ms: u64) {
        for _ in 0..ms / 60_000 {
            self.moment += Duration::from_mins(1);
            self.wall += 60_000;
            self.clock.look(self.moment, Timestamp(self.wall));
        }
    }

    /// Stops, and starts when the clock is this much ahead of where it was.
    fn restart_after(&mut self, ahead_ms: i64, is_confirmed: bool) {
        self.kept = self.clock.to_keep().0;
        let last = Timestamp(self.wall);
        self.wall = self.wall.saturating_add_signed(ahead_ms);
        let (moment, wall) = (self.moment, Timestamp(self.wall));
        let kept = Some(self.kept.clone());
        let start = SeenStart { kept, last, moment, wall, is_confirmed };
        self.clock = SeenClock::start(start, RETENTION);
    }

    fn is_old(&self, kind: Aging, at: u64) -> bool {
        self.clock.old(kind).contains(Timestamp(at))
    }
}

#[test]
fn data_are_old_once_the_server_has_seen_their_time_of_retention_pass() {
    let mut server = Server::first();
    server.run(DAY_MS);
    assert!(!server.is_old(Aging::Records, NOW));
    server.run(2 * HOUR_MS);
    assert!(server.is_old(Aging::Records, NOW));
    assert!(!server.is_old(Aging::Records, NOW + 2 * HOUR_MS));
    assert!(!server.is_old(Aging::EndedCalls, NOW));
}

#[test]
fn a_new_server_keeps_the_times_before_its_first_one_as_if_it_had_run_then() {
    let mut server = Server::first();
    let kept_from = |server: &Server, kind| server.clock.old(kind).all_before().0;
    assert_eq!(kept_from(&server, Aging::Minutes), NOW - 7 * DAY_MS);
    assert_eq!(kept_from(&server, Aging::Hours), NOW - 396 * DAY_MS);
    for _ in 0..8 * 24 {
        let before = kept_from(&server, Aging::Minutes);
        server.run(HOUR_MS);
        let after = kept_from(&server, Aging::Minutes);
        assert!(before <= after && after <= server.wall - 7 * DAY_MS, "{before} {after}");
        assert!(after + HOUR_MS >= server.wall - 7 * DAY_MS, "{after}");
    }
}

#[test]
fn a_stall_is_not_seen() {
    let mut server = Server::first();
    let lived = server.clock.lived();
    server.moment += Duration::from_hours(500);
    server.clock.look(server.moment, Timestamp(NOW));
    assert_eq!(server.clock.lived(), lived.after_ms(60_000));
}

#[test]
fn a_clock_that_shows_other_times_makes_nothing_old_early_and_nothing_new_late() {
    let mut server = Server::first();
    server.run(HOUR_MS);
    let right = server.wall;
    for wrong in [NOW + 800 * DAY_MS, 0] {
        server.wall = wrong;
        server.run(HOUR_MS);
        assert!(!server.is_old(Aging::Records, NOW) && !server.is_old(Aging::Records, wrong));
    }
    server.wall = right + 2 * HOUR_MS;
    server.run(22 * HOUR_MS);
    assert!(!server.is_old(Aging::Records, NOW), "it was seen less than a day ago");
    server.run(6 * HOUR_MS);
    for at in [0, NOW, NOW + 800 * DAY_MS] {
        assert!(server.is_old(Aging::Records, at), "{at}");
    }
    assert!(!server.is_old(Aging::Records, server.wall));
}

#[test]
fn a_time_that_is_shown_again_is_as_young_as_the_last_time() {
    let mut server = Server::first();
    server.run(20 * HOUR_MS);
    server.wall = NOW;
    server.run(10 * HOUR_MS);
    assert!(!server.is_old(Aging::Records, NOW));
    server.run(20 * HOUR_MS);
    assert!(server.is_old(Aging::Records, NOW));
}

#[test]
fn a_day_in_which_it_was_down_passed_too_but_no_more_than_a_days_worth_an_hour_is_removed() {
    let mut server = Server::first();
    server.run(2 * HOUR_MS);
    server.restart_after(DAY_MS.cast_signed(), false);
    assert_eq!(server.clock.doubted_ms(), None);
    assert!(!server.is_old(Aging::Records, NOW), "it is old, and has its turn yet");
    server.run(30 * 60_000);
    assert!(!server.is_old(Aging::Records, NOW), "half an hour is not enough for a day's worth");
    server.run(40 * 60_000);
    assert!(server.is_old(Aging::Records, NOW));
    assert!(!server.is_old(Aging::Records, server.wall));
}

#[test]
fn starts_again_and_again_do_not_remove_more_than_a_days_worth_an_hour() {
    let mut server = Server::first();
    server.run(DAY_MS);
    for _ in 0..60 {
        server.restart_after(DAY_MS.cast_signed(), false);
        server.run(60_000);
    }
    // An hour has passed, and sixty days for all that the clock says.
    assert!(server.is_old(Aging::Records, NOW));
    assert!(!server.is_old(Aging::Records, NOW + DAY_MS + HOUR_MS));
    assert!(!server.is_old(Aging::EndedCalls, NOW), "its age was a day");
}

#[test]
fn more_than_a_day_ahead_nothing_is_removed_until_it_is_confirmed() {
    let mut server = Server::first();
    server.run(DAY_MS);
    server.restart_after((40 * DAY_MS).cast_signed(), false);
    assert_eq!(server.clock.doubted_ms(), Some(40 * DAY_MS));
    server.run(3 * HOUR_MS);
    assert_eq!(server.clock.doubted_ms(), Some(40 * DAY_MS));
    let in_doubt = server.wall;
    server.restart_after(60_000, false);
    assert!(server.clock.doubted_ms().is_some(), "another start confirms nothing");
    server.run(30 * HOUR_MS);
    assert!(Aging::ALL.into_iter().all(|kind| server.clock.old(kind) == OldTimes::default()));
    server.restart_after(60_000, true);
    assert_eq!(server.clock.doubted_ms(), None);
    server.run(2 * HOUR_MS);
    assert!(server.is_old(Aging::Records, NOW));
    assert!(!server.is_old(Aging::Records, server.wall));
    assert!(!server.is_old(Aging::EndedCalls, in_doubt), "it was shown after the forty days");
    server.restart_after(0, false);
    assert_eq!(server.clock.doubted_ms(), None, "it is remembered");
}

#[test]
fn a_clock_that_is_set_right_again_ends_the_doubt() {
    let mut server = Server::first();
    server.run(HOUR_MS);
    server.restart_after((800 * DAY_MS).cast_signed(), false);
    server.run(HOUR_MS);
    server.wall -= 800 * DAY_MS;
    server.run(60_000);
    assert_eq!(server.clock.doubted_ms(), None);
    server.run(26 * HOUR_MS);
    assert!(server.is_old(Aging::Records, NOW));
    assert!(!server.is_old(Aging::EndedCalls, NOW));
}

#[test]
fn what_was_kept_says_whether_a_start_would_be_in_doubt() {
    let mut server = Server::first();
    server.run(HOUR_MS);
    let doubted = |server: &mut Server, ms| {
        let kept = server.clock.to_keep().0;
        doubted_ms(&kept, Timestamp(server.wall + ms))
    };
    assert_eq!(doubted(&mut server, DAY_MS), None);
    assert_eq!(doubted(&mut server, DAY_MS + 1), Some(DAY_MS + 1));
    server.restart_after((2 * DAY_MS).cast_signed(), false);
    server.run(HOUR_MS);
    assert_eq!(doubted(&mut server, 0), Some(2 * DAY_MS));
}

#[test]
fn a_log_from_before_is_taken_at_its_word() {
    let moment = instant_now();
    let (last, wall) = (Timestamp(NOW), Timestamp(NOW + HOUR_MS));
    let start = SeenStart { kept: None, last, moment, wall, is_confirmed: false };
    let clock = SeenClock::start(start, RETENTION);
    let is_old = |kind, days: u64| clock.old(kind).contains(Timestamp(NOW - days * DAY_MS));
    assert!(is_old(Aging::Records, 2) && !is_old(Aging::EndedCalls, 2));
    assert!(is_old(Aging::EndedCalls, 31) && !is_old(Aging::Hours, 31));
    let start =
        SeenStart { kept: None, last, moment, wall: Timestamp(2 * NOW), is_confirmed: false };
    assert!(SeenClock::start(start, RETENTION).doubted_ms().is_some());
}

#[test]
fn of_what_was_kept_only_parts_that_have_changed_are_kept_again() {
    let mut server = Server::first();
    let (first, changed) = server.clock.to_keep();
    assert_eq!(changed.len(), first.parts.len());
    server.run(60_000);
    let (kept, changed) = server.clock.to_keep();
    assert!(changed.len() <= 2 && !changed.is_empty(), "{changed:?}");
    server.clock.not_kept(changed.clone());
    assert_eq!(server.clock.to_keep(), (kept, changed));
}
