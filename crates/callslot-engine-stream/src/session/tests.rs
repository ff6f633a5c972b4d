//! When a connection ends because its client is silent or does not read.

use callslot_node::instant_now;

use super::*;
use crate::close::Fault;

#[derive(Debug)]
struct Refused;

impl From<Rejection> for Refused {
    fn from(_: Rejection) -> Self {
        Self
    }
}

impl From<LateResume> for Refused {
    fn from(_: LateResume) -> Self {
        Self
    }
}

fn session(at: Instant) -> Session<Refused> {
    let lease = LeaseId::parse("lease_1").expect("an id");
    let mut session = Session::new(at, lease, 30, Limits::default());
    assert!(session.poll_frame().is_some(), "it says hello");
    session
}

/// Code and fault with which it ends, if it does once `at` has come.
fn end_at(session: &mut Session<Refused>, at: Instant) -> Option<(u16, Option<Fault>)> {
    session.handle_timer(at);
    match session.poll_goodbye()? {
        Goodbye::Close { code, fault, .. } => Some((code, fault)),
        Goodbye::Left => panic!("the client is there"),
    }
}

#[test]
fn an_engine_without_a_sign_of_life_for_25_seconds_is_cut_off() {
    let start = instant_now().into_std();
    let mut session = session(start);
    let after = |s: u64| start + Duration::from_secs(s);
    for s in (5..=100).step_by(5) {
        assert_eq!(end_at(&mut session, after(s)), None, "after {s} s");
        session.handle_sign_of_life();
    }
    for s in (105..=125).step_by(5) {
        assert_eq!(end_at(&mut session, after(s)), None, "after {s} s");
    }
    assert_eq!(end_at(&mut session, after(130)), Some((1008, Some(Fault::Silent))));
}

#[test]
fn an_engine_that_does_not_take_a_message_in_10_seconds_is_cut_off() {
    let start = instant_now().into_std();
    let mut session = session(start);
    let after = |ms: u64| start + Duration::from_millis(ms);
    session.handle_sending(start);
    assert_eq!(end_at(&mut session, after(9_999)), None);
    session.handle_sent();
    assert_eq!(end_at(&mut session, after(10_001)), None, "it was taken in time");
    session.handle_sending(after(10_001));
    assert_eq!(end_at(&mut session, after(20_000)), None, "each message has its own time");
    assert_eq!(end_at(&mut session, after(20_001)), Some((1013, Some(Fault::NotReading))));
}
