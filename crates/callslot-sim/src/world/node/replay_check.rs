//! Checks that the store of a simulated node leads to the state that the model says: as a whole, and every prefix of its log.

use callslot_core::Shard;
use callslot_node::Recovered;
use callslot_store::{Log, Position};

use crate::judge::{previews, views};
use crate::world::node::Node;

impl Node {
    /// What the store holds leads to the state that the model says, whether a snapshot is used or not.
    pub(super) fn compare(&self, recovered: &Recovered) {
        views::compare(&recovered.shard, self.judge.model(), recovered.last);
        drop(previews::compare(&recovered.shard, self.judge.model(), recovered.last));
        let snapshot = self.store.latest_snapshot().expect("a fair store can be read");
        if snapshot.is_some() && self.store.start().expect("it has a start") == Position(1) {
            let mut replayed = Shard::new();
            let records = self.store.read_from(Position(0), usize::MAX).expect("it can be read");
            for (_, record) in &records {
                for event in &record.events {
                    replayed.apply(record.now, event);
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
            replica.apply(record.now, event);
        }
        views::compare(replica, self.judge.model(), record.now);
        let snapshot = replica.snapshot(record.now.tick);
        let mut restored = Shard::new();
        for event in &snapshot {
            restored.apply(record.now, event);
        }
        assert_eq!(
            restored.snapshot(record.now.tick),
            snapshot,
            "replay: the snapshot of a snapshot"
        );
        views::compare(&restored, self.judge.model(), record.now);
    }
}
