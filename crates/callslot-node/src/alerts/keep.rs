//! Reads the figures that rules look at about once a second, and tells the core which alerts open or close. Without rules it reads
//! nothing.

use std::collections::{BTreeSet, HashMap, VecDeque};

use callslot_core::{AlertView, Now, Org, OrgId, Shard};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::alerts::watch::AlertWatch;
use crate::history::refusals::counted_by;
use crate::limits::{ALERT_COST_OF_A_LOOK, LOOK_AT_ALERTS_EVERY, ORGS_LOOKED_AT_FOR_ALERTS};
use crate::node_handle::NodeHandle;
use crate::shard::shard_handle::ShardHandle;
use crate::unavailable::Unavailable;

/// Looks at a shard again and again, until the node stops.
pub(crate) async fn run(node: NodeHandle, shard: ShardHandle, mut stop: watch::Receiver<bool>) {
    let mut keeper = Keeper { node, shard, watch: AlertWatch::default() };
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            () = sleep(LOOK_AT_ALERTS_EVERY) => keeper.look_at_all().await,
        }
    }
}

struct Keeper {
    node: NodeHandle,
    shard: ShardHandle,
    watch: AlertWatch,
}

impl Keeper {
    /// Looks at all organisations with rules, a few at a time, with whatever else waits in between. What fails is looked at again.
    async fn look_at_all(&mut self) {
        let book = &self.shard.state.alert_book;
        self.watch.forget_former(book.take_former());
        let mut orgs: VecDeque<OrgId> = book.orgs_to_look_at().into_iter().collect();
        while !orgs.is_empty() {
            let most = orgs.len().min(ORGS_LOOKED_AT_FOR_ALERTS);
            let asked: Vec<OrgId> = orgs.drain(..most).collect();
            match self.look_at(asked.clone()).await {
                Ok(later) => later.into_iter().rev().for_each(|org| orgs.push_front(org)),
                Err(_) => self.shard.state.alert_book.put_back(asked),
            }
        }
    }

    /// Looks at the first of these organisations, and at more as long as that costs little. Returns the others.
    async fn look_at(&mut self, asked: Vec<OrgId>) -> Result<Vec<OrgId>, Unavailable> {
        let read = move |shard: &Shard, now: Now| {
            let (mut cost, mut asked) = (0, asked.into_iter());
            let mut seen = Vec::new();
            while cost < ALERT_COST_OF_A_LOOK {
                let Some(org) = asked.next() else { break };
                let with_rules = shard.org(&org).filter(|found| found.alert_rule_count() > 0);
                cost += with_rules.map_or(0, Org::alert_cost);
                seen.push((org, with_rules.map(|found| found.alerts(now))));
            }
            (now, seen, asked.collect::<Vec<_>>())
        };
        let (now, seen, later) = self.shard.look(read).await?;
        // What became of rules before that was read.
        self.watch.forget_former(self.shard.state.alert_book.take_former());
        for (org, alerts) in seen {
            if let Some(alerts) = alerts {
                self.note_figures(org, now, alerts).await?;
            } else {
                self.watch.forget(&org);
                self.shard.state.refusals.watch(&org, BTreeSet::new());
                self.shard.state.alert_book.set_refused(&org, HashMap::new());
            }
        }
        Ok(later)
    }

    /// Tells the core what follows from the figures, and the book what it counted.
    async fn note_figures(
        &mut self,
        org: OrgId,
        now: Now,
        alerts: Vec<AlertView>,
    ) -> Result<(), Unavailable> {
        self.shard.state.alert_book.put_back([org.clone()]);
        let counted = alerts.iter().map(|alert| &alert.rule);
        self.shard.state.refusals.watch(&org, counted.filter_map(counted_by).collect());
        let refusals = self.shard.state.refusals.clone();
        let looked = self.watch.look(&org, now.tick, alerts, |rule| refusals.counted(&org, rule));
        self.shard.state.alert_book.set_refused(&org, looked.refused);
        if !looked.changes.is_empty() {
            let changes = looked.changes.into_iter().map(|change| (org.clone(), change)).collect();
            // A rule that has changed meanwhile is looked at again.
            self.node.submit_all(changes).await?;
        }
        Ok(())
    }
}
