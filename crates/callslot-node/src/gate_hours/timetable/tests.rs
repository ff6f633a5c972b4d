//! When the core is told what, with clocks that go on, jump and are set back.

use callslot_core::OpenSpan;

use super::*;

const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
/// A Monday, 00:00 in UTC.
const MONDAY: u64 = 20_605 * DAY_MS;

/// Every day, by UTC.
fn daily(from_min: u16, to_min: u16) -> Arc<Hours> {
    Arc::new(Hours { tz: "UTC".into(), open: vec![OpenSpan { days: 127, from_min, to_min }] })
}

fn at(minute: u64) -> Timestamp {
    Timestamp(MONDAY + minute * MINUTE_MS)
}

fn org() -> OrgId {
    OrgId::parse("o").expect("an id")
}

fn gate(id: &str) -> GateId {
    GateId::parse(id).expect("an id")
}

/// A timetable and the core that is told.
#[derive(Default)]
struct Told {
    timetable: Timetable,
    core: BTreeMap<GateId, (Arc<Hours>, bool)>,
}

impl Told {
    fn put(&mut self, id: &str, hours: &Arc<Hours>, is_within: bool, now: Timestamp) {
        self.core.insert(gate(id), (Arc::clone(hours), is_within));
        self.timetable.set(&org(), &gate(id), Some((Arc::clone(hours), is_within)), now);
    }

    /// Tells the core what there is to tell: the gates, with `+` if their hours have begun.
    fn tell(&mut self, now: Timestamp) -> Vec<String> {
        let mut told = Vec::new();
        loop {
            let (changes, has_more) = self.timetable.changes(now, 2);
            for (of, SetWithinHours { gate, hours, is_within_hours }) in changes {
                assert_eq!(of, org());
                told.push(format!("{}{gate}", if is_within_hours { '+' } else { '-' }));
                self.core.insert(gate.clone(), (Arc::clone(&hours), is_within_hours));
                self.timetable.set(&of, &gate, Some((hours, is_within_hours)), now);
            }
            if !has_more {
                return told;
            }
        }
    }
}

#[test]
fn each_beginning_and_end_is_told_once_and_on_time() {
    let mut told = Told::default();
    told.put("a", &daily(60, 120), false, at(0));
    told.put("b", &daily(90, 1_440), false, at(0));
    let mut seen = Vec::new();
    let mut now = at(0);
    while now < at(1_440 + 60) {
        let next = told.timetable.next_look().expect("there are hours");
        assert!(next > now, "nothing is due twice");
        now = next;
        for change in told.tell(now) {
            seen.push((now.ms_since(at(0)) / MINUTE_MS, change));
        }
    }
    let seen: Vec<_> = seen.iter().map(|(minute, change)| (*minute, change.as_str())).collect();
    let expected = [(60, "+a"), (90, "+b"), (120, "-a"), (1_440, "-b"), (1_500, "+a")];
    assert_eq!(seen, expected);
}

#[test]
fn without_hours_there_is_nothing_to_wait_for() {
    let mut told = Told::default();
    assert_eq!(told.timetable.next_look(), None);
    told.put("a", &daily(60, 120), false, at(0));
    told.timetable.set(&org(), &gate("a"), None, at(0));
    assert_eq!(told.timetable.next_look(), None);
    told.put("a", &daily(60, 120), false, at(0));
    told.timetable.forget_org(&org());
    assert_eq!(told.timetable.next_look(), None);
    assert_eq!(told.tell(at(60)), [""; 0]);
}

#[test]
fn what_was_missed_is_told_at_once() {
    let mut told = Told::default();
    // The server was down when the one closed and the other opened.
    told.put("a", &daily(60, 120), true, at(600));
    told.put("b", &daily(90, 1_440), false, at(600));
    assert_eq!(told.tell(at(600)), ["-a", "+b"]);
    assert_eq!(told.tell(at(600)), [""; 0]);
}

#[test]
fn a_clock_that_is_set_is_followed_forward_and_back() {
    let mut told = Told::default();
    for id in ["a", "b", "c", "d", "e"] {
        told.put(id, &daily(60, 120), false, at(0));
    }
    assert_eq!(told.tell(at(61)), ["+a", "+b", "+c", "+d", "+e"]);
    assert_eq!(told.tell(at(30)), ["-a", "-b", "-c", "-d", "-e"], "back");
    assert_eq!(told.timetable.next_look(), Some(at(60)));
    assert_eq!(told.tell(at(1_440 + 70)), ["+a", "+b", "+c", "+d", "+e"], "forward by a day");
    assert_eq!(told.timetable.next_look(), Some(at(1_440 + 120)));
}

#[test]
fn what_could_not_be_told_is_told_again() {
    let mut told = Told::default();
    told.put("a", &daily(60, 120), false, at(0));
    let (changes, _) = told.timetable.changes(at(60), 9);
    assert_eq!(changes.len(), 1);
    assert_eq!(told.tell(at(61)), ["+a"]);
}

#[test]
fn a_gate_opens_at_a_time_while_it_is_closed() {
    let mut told = Told::default();
    told.put("a", &daily(60, 120), false, at(0));
    let opens_at = |told: &Told| told.timetable.opens_at(&org(), &gate("a"));
    assert_eq!(opens_at(&told), Some(at(60)));
    told.tell(at(60));
    assert_eq!(opens_at(&told), None);
    told.tell(at(120));
    assert_eq!(opens_at(&told), Some(at(1_440 + 60)));
    assert_eq!(told.timetable.opens_at(&org(), &gate("b")), None);
}

#[test]
fn a_time_zone_is_looked_at_again_after_some_hours() {
    let mut told = Told::default();
    told.put("a", &daily(60, 61), false, at(62));
    assert_eq!(told.timetable.next_look(), Some(Timestamp(at(62).0 + BELIEVED_MS)));
}
