//! The machine in an invented world: a log, a receiver that fails now and then, and crashes. What is to hold is judged from what
//! the receiver saw, without the machine's own words.

use std::collections::BTreeMap;

use super::*;

const LIMITS: Limits = Limits { under_way: 6, under_way_down: 2, open: 16, waiting: 20, ahead: 60 };

/// What a store would keep.
#[derive(Default)]
struct Kept {
    place: u64,
    beyond: Vec<Range<u64>>,
    waiting: BTreeMap<u64, Waiting>,
}

impl Kept {
    fn keep(&mut self, saved: &Saved) {
        (self.place, self.beyond) = (saved.place, saved.beyond.clone());
        for sequence in &saved.settled {
            assert!(self.waiting.remove(sequence).is_some(), "{sequence} was not kept");
        }
        for (waiting, is_new) in &saved.waiting {
            let before = self.waiting.insert(waiting.sequence, *waiting);
            assert_eq!(before.is_none(), *is_new, "{waiting:?}");
        }
    }

    fn machine(&self) -> Machine {
        let waiting = self.waiting.values().copied();
        Machine::new(LIMITS, (self.place, self.beyond.clone()), waiting, (0, Some(0)))
    }
}

struct World {
    dice: fastrand::Rng,
    now: u64,
    log: Vec<Option<NewDelivery>>,
    kept: Kept,
    machine: Machine,
    under_way: Vec<u64>,
    unsaved: Option<Saved>,
    /// What the receiver took, in order.
    taken: Vec<u64>,
    /// How often a crash came while an event was under way.
    cut: BTreeMap<u64, usize>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut dice = fastrand::Rng::with_seed(seed);
        let events = dice.usize(20..200);
        let log = (0..events)
            .map(|_| {
                let key = dice.bool().then(|| dice.u64(0..8));
                dice.bool().then_some(NewDelivery { key, is_dispatch: false })
            })
            .collect();
        let kept = Kept::default();
        let machine = kept.machine();
        let (under_way, taken) = (Vec::new(), Vec::new());
        Self {
            dice,
            now: 0,
            log,
            kept,
            machine,
            under_way,
            unsaved: None,
            taken,
            cut: BTreeMap::new(),
        }
    }

    fn step(&mut self, failures: u64) {
        match self.dice.u8(0..6) {
            0 if self.machine.wants_more() => {
                let place = usize::try_from(self.machine.read_to()).expect("a small log");
                if let Some(delivery) = self.log.get(place) {
                    self.machine.offer(place as u64 + 1, *delivery);
                }
            }
            1 => {
                self.machine.wake(self.now);
                if let Some(next) = self.machine.take_next() {
                    self.under_way.push(next.sequence);
                    assert!(self.machine.under_way() <= LIMITS.under_way);
                }
            }
            2 if !self.under_way.is_empty() => {
                let which = self.dice.usize(..self.under_way.len());
                let sequence = self.under_way.swap_remove(which);
                let fails = self.dice.u64(0..100) < failures;
                let verdict = if fails { Verdict::Failed } else { Verdict::Taken };
                if !fails {
                    self.taken.push(sequence);
                }
                let dice = self.dice.u64(..);
                let step = self.machine.finished(sequence, verdict, self.now, dice);
                assert!(!fails || matches!(step, Step::Again(due) if due > self.now), "{step:?}");
            }
            3 => self.unsaved = self.unsaved.take().or_else(|| self.machine.to_save(true)),
            4 => {
                if let Some(saved) = self.unsaved.take() {
                    self.kept.keep(&saved);
                    self.machine.saved();
                }
            }
            _ => {
                let next = self.machine.next_due().unwrap_or(self.now);
                self.now = self.now.max(next) + 1;
            }
        }
        assert!(self.machine.unsettled() <= LIMITS.open + LIMITS.waiting);
    }

    fn crash(&mut self) {
        // Whatever was sent and is not kept as ended was under way.
        let unsettled: Vec<u64> = self.machine.entries.keys().copied().collect();
        for sequence in unsettled {
            *self.cut.entry(sequence).or_default() += 1;
        }
        self.unsaved = None;
        self.under_way.clear();
        self.machine = self.kept.machine();
    }

    fn judge(&self, seed: u64) {
        let wanted = |sequence: u64| self.log[usize::try_from(sequence).expect("small") - 1];
        let mut first: BTreeMap<u64, usize> = BTreeMap::new();
        let mut times: BTreeMap<u64, usize> = BTreeMap::new();
        for (order, &sequence) in self.taken.iter().enumerate() {
            assert!(wanted(sequence).is_some(), "{seed}: {sequence} was not wanted");
            first.entry(sequence).or_insert(order);
            *times.entry(sequence).or_default() += 1;
        }
        let mut last_of_key: BTreeMap<u64, usize> = BTreeMap::new();
        for sequence in 1..=self.log.len() as u64 {
            let Some(delivery) = wanted(sequence) else { continue };
            let order = *first.get(&sequence).unwrap_or_else(|| panic!("{seed}: {sequence} lost"));
            let cuts = self.cut.get(&sequence).copied().unwrap_or_default();
            assert!(times[&sequence] <= 1 + cuts, "{seed}: {sequence} came again");
            let Some(key) = delivery.key else { continue };
            let before = last_of_key.insert(key, order);
            assert!(before.is_none_or(|before| before < order), "{seed}: {sequence} overtook");
        }
    }
}

#[test]
fn every_event_comes_in_order_and_again_only_after_a_crash_whatever_fails() {
    for seed in 0..100 {
        let mut world = World::new(seed);
        let failures = [0, 10, 60][usize::try_from(seed % 3).expect("small")];
        let crashes = seed % 5;
        for round in 0..20_000_u64 {
            // A receiver that stays away longer than the retries last is another test.
            world.step(if round < 3_000 { failures.min(20) } else { 0 });
            if round % 700 == 699 && round / 700 < crashes {
                world.crash();
            }
        }
        world.judge(seed);
        assert_eq!(world.machine.unsettled(), 0, "{seed}");
        assert_eq!(world.kept.place, world.log.len() as u64, "{seed}");
        assert!(world.kept.waiting.is_empty(), "{seed}");
    }
}

fn ready(events: u64) -> Machine {
    let mut machine = Machine::new(LIMITS, (0, vec![]), [], (0, Some(0)));
    for sequence in 1..=events {
        machine.offer(sequence, Some(NewDelivery { key: None, is_dispatch: false }));
    }
    machine
}

fn save(machine: &mut Machine) -> Saved {
    let saved = machine.to_save(true).expect("something to keep");
    machine.saved();
    saved
}

#[test]
fn what_waits_does_not_hold_the_place_and_what_is_under_way_does() {
    let mut machine = ready(3);
    for sequence in 1..=3 {
        assert_eq!(machine.take_next().map(|next| next.sequence), Some(sequence));
    }
    assert!(matches!(machine.finished(1, Verdict::Failed, 0, 0), Step::Again(4_500)));
    assert_eq!(machine.finished(3, Verdict::Taken, 0, 0), Step::Settled);
    let saved = save(&mut machine);
    assert_eq!((saved.place, saved.beyond.as_slice()), (1, std::slice::from_ref(&(3..4))));
    assert_eq!(saved.waiting.len(), 1);
    assert_eq!(machine.next_due(), Some(4_500));
}

#[test]
fn a_receiver_that_is_down_gets_few_at_once_and_all_that_waits_once_it_is_back() {
    let mut machine = ready(16);
    for _ in 0..DOWN_AFTER {
        let next = machine.take_next().expect("one is ready");
        machine.finished(next.sequence, Verdict::Failed, 0, 0);
        save(&mut machine);
    }
    let probes: Vec<_> = std::iter::from_fn(|| machine.take_next()).collect();
    assert_eq!(probes.len(), LIMITS.under_way_down);
    machine.finished(probes[0].sequence, Verdict::Taken, 100, 0);
    save(&mut machine);
    let due: Vec<u64> = machine.due.iter().map(|(due, _)| *due).collect();
    assert_eq!(
        due,
        (0..u64::from(DOWN_AFTER)).map(|n| 100 + n * RECALL_EVERY_MS).collect::<Vec<_>>()
    );
}

#[test]
fn after_the_last_attempt_it_is_given_up_or_disables_a_webhook_that_nothing_reached() {
    let day = 24 * 3_600_000;
    for (last_success, step) in [(4 * day, Step::GivenUp), (0, Step::Disable)] {
        let waiting = Waiting {
            sequence: 1,
            delivery: NewDelivery { key: None, is_dispatch: false },
            attempts: 9,
            due_ms: 4 * day,
        };
        let state = (9, Some(last_success));
        let mut machine = Machine::new(LIMITS, (1, vec![]), [waiting], state);
        machine.wake(4 * day);
        assert_eq!(machine.take_next().map(|next| next.attempt), Some(10));
        assert_eq!(machine.finished(1, Verdict::Failed, 4 * day, 0), step);
    }
}

#[test]
fn events_of_one_call_wait_for_the_one_before_and_are_kept_with_it() {
    let mut machine = Machine::new(LIMITS, (0, vec![]), [], (0, Some(0)));
    let of_call = Some(NewDelivery { key: Some(7), is_dispatch: false });
    for sequence in 1..=2 {
        machine.offer(sequence, of_call);
    }
    assert_eq!(machine.take_next().map(|next| next.sequence), Some(1));
    assert_eq!(machine.take_next(), None);
    machine.finished(1, Verdict::Failed, 0, 0);
    let saved = save(&mut machine);
    assert_eq!((saved.place, saved.waiting.len()), (2, 2));
    machine.offer(3, of_call);
    let saved = save(&mut machine);
    assert_eq!((saved.place, saved.waiting.len()), (3, 1));
    machine.wake(10_000);
    for sequence in 1..=3 {
        assert_eq!(machine.take_next().map(|next| next.sequence), Some(sequence));
        machine.finished(sequence, Verdict::Taken, 10_000, 0);
        assert_eq!(save(&mut machine).settled, [sequence]);
    }
}

#[test]
fn a_clock_that_is_set_back_delays_nothing_that_waits() {
    let day = 24 * 3_600_000;
    let mut machine = ready(2);
    machine.wake(10 * day);
    for sequence in 1..=2 {
        machine.take_next().expect("one is ready");
        machine.finished(sequence, Verdict::Failed, 10 * day, 100);
    }
    save(&mut machine);
    assert_eq!(machine.next_due(), Some(10 * day + 5_000));
    // It runs unevenly, which is no reason.
    machine.wake(10 * day - 900);
    assert_eq!(machine.next_due(), Some(10 * day + 5_000));
    machine.wake(3 * day);
    assert_eq!(machine.next_due(), Some(3 * day + 5_900));
    machine.wake(3 * day + 5_900);
    assert_eq!(machine.take_next().map(|next| next.sequence), Some(1));
    assert_eq!(machine.take_next().map(|next| next.sequence), Some(2));
}

#[test]
fn what_a_wrong_clock_has_kept_waits_no_longer_than_its_attempt() {
    let day = 24 * 3_600_000;
    let (minute, delivery) = (60_000, NewDelivery { key: None, is_dispatch: false });
    let dispatch = NewDelivery { is_dispatch: true, ..delivery };
    let waiting = [(1, delivery, 1), (2, delivery, 3), (3, dispatch, 2)].map(
        |(sequence, delivery, attempts)| Waiting {
            sequence,
            delivery,
            attempts,
            due_ms: 400 * day,
        },
    );
    let mut machine = Machine::new(LIMITS, (3, vec![]), waiting, (0, Some(0)));
    machine.wake(day);
    let due: Vec<_> = machine.due.iter().copied().collect();
    assert_eq!(due, [(day + 2_000, 3), (day + 5_500, 1), (day + 33 * minute, 2)]);
    // Set forward, it comes early.
    machine.wake(9 * day);
    assert!(machine.take_next().is_some());
}

#[test]
fn a_clock_that_is_wrong_while_an_attempt_ends_delays_nothing() {
    let day = 24 * 3_600_000;
    let mut machine = ready(1);
    machine.wake(day);
    machine.take_next().expect("one is ready");
    machine.finished(1, Verdict::Failed, 400 * day, 100);
    machine.to_save(true).expect("an end to keep");
    machine.wake(day);
    machine.saved();
    assert_eq!(machine.next_due(), Some(day + 5_000));
}
