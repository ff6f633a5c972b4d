//! Reads the figures that rules look at about once a second, and tells the core which alerts open or close. Without rules it reads
//! nothing.

use std::collections::{BTreeSet, HashMap};

use callslot_core::{AlertView, Now, OrgId, Shard};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::alerts::watch::AlertWatch;
use crate::history::refusals::{Refusals, counted_by};
use crate::limits::{LOOK_AT_ALERTS_EVERY, ORGS_LOOKED_AT_FOR_ALERTS};
use crate::node_handle::NodeHandle;
use crate::unavailable::Unavailable;

/// Looks again and again, until the node stops.
pub(crate) async fn run(node: NodeHandle, refusals: Refusals, mut stop: watch::Receiver<bool>) {
    let mut keeper = Keeper { node, refusals, watch: AlertWatch::default() };
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            () = sleep(LOOK_AT_ALERTS_EVERY) => keeper.look().await,
        }
    }
}

struct Keeper {
    node: NodeHandle,
    refusals: Refusals,
    watch: AlertWatch,
}

impl Keeper {
    /// Looks at all organisations with rules, a few at a time, with whatever else waits in between. What fails is looked at again.
    async fn look(&mut self) {
        let mut orgs: Vec<OrgId> = self.node.alert_book().take().into_iter().collect();
        while !orgs.is_empty() {
            let rest = orgs.split_off(orgs.len().min(ORGS_LOOKED_AT_FOR_ALERTS));
            let asked = std::mem::replace(&mut orgs, rest);
            if self.look_at(&asked).await.is_err() {
                self.node.alert_book().put_back(asked);
            }
        }
    }

    async fn look_at(&mut self, orgs: &[OrgId]) -> Result<(), Unavailable> {
        let asked = orgs.to_vec();
        let look = move |shard: &Shard, now: Now| {
            let of = |org: OrgId| {
                let alerts = shard.org(&org).filter(|found| found.alert_rule_count() > 0);
                let alerts = alerts.map(|found| found.alerts(now));
                (org, alerts)
            };
            (now, asked.into_iter().map(of).collect::<Vec<_>>())
        };
        let (now, seen) = self.node.read_all(look).await?;
        for (org, alerts) in seen {
            if let Some(alerts) = alerts {
                self.take(org, now, alerts).await?;
            } else {
                self.watch.forget(&org);
                self.refusals.watch(&org, BTreeSet::new());
                self.node.alert_book().set_refused(&org, HashMap::new());
            }
        }
        Ok(())
    }

    async fn take(
        &mut self,
        org: OrgId,
        now: Now,
        alerts: Vec<AlertView>,
    ) -> Result<(), Unavailable> {
        self.node.alert_book().put_back([org.clone()]);
        let counted = alerts.iter().map(|alert| &alert.rule);
        self.refusals.watch(&org, counted.filter_map(counted_by).collect());
        let refusals = self.refusals.clone();
        let looked = self.watch.look(&org, now.tick, alerts, |rule| refusals.counted(&org, rule));
        self.node.alert_book().set_refused(&org, looked.refused);
        if !looked.changes.is_empty() {
            let changes = looked.changes.into_iter().map(|change| (org.clone(), change)).collect();
            // A rule that has changed meanwhile is looked at again.
            self.node.submit_all(changes).await?;
        }
        Ok(())
    }
}
