//! What waits to be decided, in a line for each organisation. The organisations take turns by deficit round robin, counted in
//! commands: M. Shreedhar and G. Varghese, "Efficient Fair Queueing Using Deficit Round Robin", SIGCOMM 1995.
//!
//! An organisation that asks for as much as it can lengthens its own line only: others wait for a turn of each
//! organisation that has something in line, however long the lines are. It has no lock or thread; `order_channel.rs` has.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use callslot_core::OrgId;

/// Whose turn something waits for, and for how many commands it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// None is for what concerns no organisation or all of them. It takes turns like one of them.
    pub org: Option<OrgId>,
    /// At least 1.
    pub commands: usize,
}

/// How much may wait, in commands.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Of one organisation.
    pub per_org: usize,
    /// Of all of them, in all queues that are [`Crowd`]ed together.
    pub in_all: usize,
    /// Of one organisation, however much of all others waits.
    pub always: usize,
    /// How many commands an organisation may decide in one turn.
    pub per_turn: usize,
}

/// How many commands wait in queues that share their room in all. Clones are of the same queues.
#[derive(Debug, Clone, Default)]
pub struct Crowd(Arc<AtomicUsize>);

/// Items that wait in turns.
#[derive(Debug)]
pub struct FairQueue<T> {
    room: Room,
    /// Those that are not empty.
    lines: HashMap<Option<OrgId>, Line<T>>,
    /// Each line once, the one whose turn it is first.
    turns: VecDeque<Option<OrgId>>,
    commands: usize,
    /// Those of this queue among them.
    crowd: Crowd,
}

#[derive(Debug)]
struct Line<T> {
    items: VecDeque<(usize, T)>,
    commands: usize,
    /// How many commands it may still decide in this turn.
    deficit: usize,
}

impl<T> FairQueue<T> {
    #[must_use]
    pub fn new(room: Room) -> Self {
        Self::within(room, Crowd::default())
    }

    /// A queue that has its room in all together with the other queues of the crowd.
    #[must_use]
    pub fn within(room: Room, crowd: Crowd) -> Self {
        Self { room, lines: HashMap::new(), turns: VecDeque::new(), commands: 0, crowd }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.turns.is_empty()
    }

    /// How many commands wait.
    #[must_use]
    pub fn commands(&self) -> usize {
        self.commands
    }

    /// Whether an organisation may put something in line. What it puts there last may be more than there is room for.
    #[must_use]
    pub fn has_room(&self, org: Option<&OrgId>) -> bool {
        let waiting = self.lines.get(&org.cloned()).map_or(0, |line| line.commands);
        let Room { per_org, in_all, always, .. } = self.room;
        let Crowd(crowd) = &self.crowd;
        waiting < always || (waiting < per_org && crowd.load(Ordering::Relaxed) < in_all)
    }

    /// Puts an item at the end of its organisation's line.
    pub fn push(&mut self, share: Share, item: T) {
        let Share { org, commands } = share;
        let commands = commands.max(1);
        let line = self.lines.entry(org).or_insert_with_key(|org| {
            self.turns.push_back(org.clone());
            Line { items: VecDeque::new(), commands: 0, deficit: self.room.per_turn }
        });
        line.items.push_back((commands, item));
        line.commands += commands;
        self.commands += commands;
        self.crowd.0.fetch_add(commands, Ordering::Relaxed);
    }

    /// Takes the item whose turn it is.
    pub fn pop(&mut self) -> Option<T> {
        loop {
            let is_alone = self.turns.len() == 1;
            let org = self.turns.front()?;
            let line = self.lines.get_mut(org).expect("each line in turn is there");
            let (commands, _) = line.items.front().expect("a line in turn is not empty");
            // An item that is larger than a turn waits for as many turns as it takes.
            if *commands > line.deficit && !is_alone {
                line.deficit += self.room.per_turn;
                self.turns.rotate_left(1);
                continue;
            }
            let (commands, item) = line.items.pop_front().expect("it has just been there");
            line.deficit = line.deficit.saturating_sub(commands);
            line.commands -= commands;
            self.commands -= commands;
            self.crowd.0.fetch_sub(commands, Ordering::Relaxed);
            if line.items.is_empty() {
                self.lines.remove(org);
                self.turns.pop_front();
            }
            return Some(item);
        }
    }
}

impl<T> Drop for FairQueue<T> {
    /// What still waits in it crowds the others no longer.
    fn drop(&mut self) {
        self.crowd.0.fetch_sub(self.commands, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room { per_org: 100, in_all: 150, always: 10, per_turn: 4 };

    fn org(id: &str) -> OrgId {
        OrgId::parse(id).expect("an organisation id")
    }

    fn push(queue: &mut FairQueue<&'static str>, id: &'static str, commands: usize) {
        queue.push(Share { org: Some(org(id)), commands }, id);
    }

    fn all(queue: &mut FairQueue<&'static str>) -> Vec<&'static str> {
        std::iter::from_fn(|| queue.pop()).collect()
    }

    #[test]
    fn organisations_take_turns_counted_in_commands() {
        let mut queue = FairQueue::new(ROOM);
        for _ in 0..6 {
            push(&mut queue, "single", 1);
        }
        for _ in 0..3 {
            push(&mut queue, "pair", 2);
        }
        let turns =
            ["single", "single", "single", "single", "pair", "pair", "single", "single", "pair"];
        assert_eq!(all(&mut queue), turns);
    }

    #[test]
    fn an_item_larger_than_a_turn_waits_for_as_many_turns_as_it_takes() {
        let mut queue = FairQueue::new(ROOM);
        push(&mut queue, "large", 9);
        for _ in 0..14 {
            push(&mut queue, "small", 1);
        }
        let taken = all(&mut queue);
        assert_eq!(taken.iter().position(|&it| it == "large"), Some(8));
        assert_eq!(taken.len(), 15);
    }

    #[test]
    fn a_single_organisation_is_served_in_order_whatever_its_items_count_for() {
        let mut queue = FairQueue::new(ROOM);
        for (place, commands) in [9, 1, 30, 2].into_iter().enumerate() {
            queue.push(Share { org: None, commands }, place);
        }
        let taken: Vec<usize> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(taken, [0, 1, 2, 3]);
        assert!(queue.is_empty());
    }

    #[test]
    fn one_that_was_served_alone_has_no_turn_left_when_another_comes() {
        let mut queue = FairQueue::new(ROOM);
        for _ in 0..20 {
            push(&mut queue, "first", 1);
        }
        for _ in 0..10 {
            assert_eq!(queue.pop(), Some("first"));
        }
        push(&mut queue, "second", 1);
        assert_eq!(queue.pop(), Some("second"));
    }

    #[test]
    fn the_room_is_bounded_for_each_organisation_and_in_all_and_each_has_some_always() {
        let mut queue = FairQueue::new(ROOM);
        push(&mut queue, "first", 99);
        assert!(queue.has_room(Some(&org("first"))));
        push(&mut queue, "first", 1);
        assert!(!queue.has_room(Some(&org("first"))), "its own are 100");
        push(&mut queue, "second", 50);
        assert!(!queue.has_room(Some(&org("second"))), "there are 150 in all");
        assert!(queue.has_room(Some(&org("third"))), "nothing of it waits");
        push(&mut queue, "third", 10);
        assert!(!queue.has_room(Some(&org("third"))), "it has what each always has");
    }

    #[test]
    fn queues_of_a_crowd_share_their_room_in_all_until_they_are_gone() {
        let crowd = Crowd::default();
        let mut queue = FairQueue::within(ROOM, crowd.clone());
        let mut other = FairQueue::within(ROOM, crowd);
        push(&mut queue, "first", 99);
        push(&mut other, "second", 51);
        push(&mut queue, "third", 10);
        assert!(!queue.has_room(Some(&org("third"))), "there are 160 in all");
        assert!(other.has_room(Some(&org("fourth"))), "it has what each always has");
        assert_eq!(other.pop(), Some("second"));
        assert!(queue.has_room(Some(&org("third"))), "there are 109 in all");
        push(&mut other, "second", 41);
        assert!(!queue.has_room(Some(&org("third"))), "there are 150 in all");
        drop(other);
        assert!(queue.has_room(Some(&org("third"))), "the other queue is gone");
    }
}
