//! Checks of whose turn it is: no organisation waits for more than its share of what others ask for, and none is turned away while
//! little of it waits.

use std::collections::{BTreeMap, VecDeque};

use callslot_core::OrgId;
use callslot_node::{Room, Share};

/// What waits in front of a node, as the judge knows it.
#[derive(Debug)]
pub(super) struct Turns {
    room: Room,
    lines: BTreeMap<Option<OrgId>, Line>,
    /// How many commands the largest order had.
    largest: usize,
}

#[derive(Debug, Default)]
struct Line {
    orders: VecDeque<usize>,
    /// How many commands of each other organisation were taken since the first of these orders was first.
    passed_by: BTreeMap<Option<OrgId>, usize>,
}

impl Turns {
    pub(super) fn new(room: Room) -> Self {
        Self { room, lines: BTreeMap::new(), largest: 0 }
    }

    fn waiting(&self) -> usize {
        self.lines.values().map(Line::waiting).sum()
    }

    /// An order is put in line, or turned away. Returns whether all the room was taken.
    pub(super) fn judge_arrival(&mut self, share: &Share, is_turned_away: bool) -> bool {
        let Room { per_org, in_all, always, .. } = self.room;
        let in_all_waiting = self.waiting();
        let line = self.lines.entry(share.org.clone()).or_default();
        let waiting = line.waiting();
        if is_turned_away {
            let is_full = waiting >= per_org || in_all_waiting >= in_all;
            assert!(waiting >= always, "fair-turns: {share:?} is turned away behind {waiting}");
            assert!(is_full, "fair-turns: {share:?} is turned away although there is room");
        } else {
            assert!(waiting < per_org, "fair-turns: {waiting} wait before {share:?}");
            line.orders.push_back(share.commands);
            self.largest = self.largest.max(share.commands);
        }
        in_all_waiting >= in_all
    }

    /// An order is taken.
    pub(super) fn judge_turn(&mut self, share: &Share) {
        let line = self.lines.get_mut(&share.org).expect("what is taken was in line");
        assert_eq!(line.orders.pop_front(), Some(share.commands), "fair-turns: out of order");
        line.passed_by.clear();
        let Room { per_turn, .. } = self.room;
        let (room_of_turns, largest) = (|turns: usize| turns * per_turn, self.largest);
        for (org, other) in self.lines.iter_mut().filter(|(org, _)| **org != share.org) {
            let Some(first) = other.orders.front() else { continue };
            let passed = other.passed_by.entry(share.org.clone()).or_default();
            *passed += share.commands;
            // Each turn of the one gives the other one too, and what one turn leaves counts for the next.
            let most = room_of_turns(first.div_ceil(per_turn) + 1) + largest;
            assert!(*passed <= most, "fair-turns: {passed} of {:?} passed {org:?}", share.org);
        }
    }

    /// Nothing waits any more.
    pub(super) fn clear(&mut self) {
        self.lines.clear();
    }
}

impl Line {
    fn waiting(&self) -> usize {
        self.orders.iter().sum()
    }
}
