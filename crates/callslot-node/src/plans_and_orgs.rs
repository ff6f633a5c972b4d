//! Plans, and the organisations on them. One task makes the changes, one at a time.
//!
//! A plan is a row in a table; the limits it gives are in the organisations' shards. A new limit goes to the shards first,
//! which check it, and then to the table (`plan_rollout.rs`). What a crash or a failed store leaves between the two is repaired at the
//! next start, or once the store works, when the limit of every plan is submitted again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use callslot_core::{
    Actor, By, CreateOrg, DeleteOrg, Now, Org, OrgChange, OrgId, OrgSettings, OrgView, PlanId,
    SetPlanLimit, Shard,
};
use callslot_store::{Audited, AuditedChange, CatalogueChange, Plan, Store};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::sleep;

use crate::actors::system_actor;
use crate::limits::{APPLY_LIMITS_AGAIN_AFTER, LOOK_FOR_HISTORY_EVERY, MAX_WAIT_FOR_HISTORY};
use crate::node_handle::NodeHandle;
use crate::plan_changes::{Caller, CatalogueError, NewOrg, PlanChange};
use crate::plan_rollout::{PlanRollout, RolloutStep};
use crate::unavailable::{SubmitError, Unavailable};

impl NodeHandle {
    /// All plans, by id.
    ///
    /// # Errors
    /// [`Unavailable`] when the store cannot be read.
    pub async fn plans(&self) -> Result<BTreeMap<PlanId, Plan>, Unavailable> {
        self.in_store(|store| store.plans()).await
    }

    /// Creates or replaces a plan and applies its limit to every organisation on it. Returns whether the plan is new.
    ///
    /// # Errors
    /// Refused, without any change, when the limit is below the reservations of an organisation on the plan.
    pub async fn put_plan(&self, by: Arc<Actor>, plan: Plan) -> Result<bool, CatalogueError> {
        self.change(|caller| PlanChange::PutPlan(by, plan, caller)).await
    }

    /// # Errors
    /// Refused while an organisation is on it.
    pub async fn delete_plan(&self, by: Arc<Actor>, plan: PlanId) -> Result<(), CatalogueError> {
        self.change(|caller| PlanChange::DeletePlan(by, plan, caller)).await
    }

    /// Creates an organisation and returns it.
    ///
    /// # Errors
    /// Refused when the id is taken or the plan is unknown.
    pub async fn create_org(
        &self,
        by: Arc<Actor>,
        org: OrgId,
        new: NewOrg,
    ) -> Result<OrgView, CatalogueError> {
        self.change(|caller| PlanChange::CreateOrg(by, org, new, caller)).await
    }

    /// Changes an organisation and returns it as the change leaves it. To move it to another plan, pass `plan` and leave `change.plan` empty.
    ///
    /// # Errors
    /// Refused when the plan is unknown or the new limit is below the reservations.
    pub async fn change_org(
        &self,
        by: Arc<Actor>,
        org: OrgId,
        change: OrgChange,
        plan: Option<PlanId>,
    ) -> Result<OrgView, CatalogueError> {
        self.change(|caller| PlanChange::ChangeOrg(by, org, change, plan, caller)).await
    }

    /// Deletes an organisation and its keys. The history is erased once the projection comes to the deletion.
    ///
    /// # Errors
    /// Refused while it has live calls.
    pub async fn delete_org(&self, by: Arc<Actor>, org: OrgId) -> Result<(), CatalogueError> {
        self.change(|caller| PlanChange::DeleteOrg(by, org, caller)).await
    }

    async fn change<T>(
        &self,
        change: impl FnOnce(Caller<T>) -> PlanChange,
    ) -> Result<T, CatalogueError> {
        let (caller, answer) = oneshot::channel();
        self.changes.try_send(change(caller)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Unavailable::Overloaded,
            mpsc::error::TrySendError::Closed(_) => Unavailable::ShuttingDown,
        })?;
        answer.await.unwrap_or(Err(Unavailable::ShuttingDown.into()))
    }
}

/// Makes the changes, one after another, until the node stops.
pub(crate) async fn run(
    node: NodeHandle,
    mut changes: mpsc::Receiver<PlanChange>,
    mut stop: watch::Receiver<bool>,
) {
    delete_left_keys(&node).await;
    let mut are_limits_everywhere = apply_limits(&node).await;
    loop {
        tokio::select! {
            change = changes.recv() => {
                let Some(change) = change else { return };
                are_limits_everywhere &= carry_out(&node, change).await;
            }
            () = sleep(APPLY_LIMITS_AGAIN_AFTER), if !are_limits_everywhere => {
                are_limits_everywhere = apply_limits(&node).await;
            }
            _ = stop.changed() => return,
        }
    }
}

/// Deletes the keys of deleted organisations, which a crash may have left.
async fn delete_left_keys(node: &NodeHandle) {
    let Ok(orgs) = node.read_all(|shard, _| names_of(&shard.orgs())).await else {
        return;
    };
    let orgs: BTreeSet<OrgId> = orgs.into_iter().flatten().collect();
    if let Err(error) = forget_keys(node, move |of| !orgs.contains(of)).await {
        tracing::warn!(%error, "could not delete the keys of deleted organisations");
    }
}

/// Applies the limits of all plans in all shards, which a change may have left in some. Returns false if that is to be tried again.
async fn apply_limits(node: &NodeHandle) -> bool {
    let Ok(plans) = node.plans().await else { return false };
    let mut are_everywhere = true;
    for (plan, Plan { limit, .. }) in plans {
        for shard in node.shards() {
            let command = SetPlanLimit { plan: plan.clone(), limit };
            let applied = shard.submit(By { actor: system_actor("plans"), command }).await;
            if let Err(error) = applied {
                are_everywhere &= matches!(error, SubmitError::Refused(_));
                tracing::warn!(%plan, %error, "could not apply the plan's limit to its organisations");
            }
        }
    }
    are_everywhere
}

/// Makes a change and answers the caller, unless it has stopped waiting. Returns false if a limit may be in some shards only.
async fn carry_out(node: &NodeHandle, change: PlanChange) -> bool {
    match change {
        PlanChange::PutPlan(by, plan, caller) => {
            let put = put_plan(node, by, plan).await;
            let is_unfinished = matches!(
                put,
                Err(CatalogueError::Submit(SubmitError::Unavailable(
                    Unavailable::StoreFailed | Unavailable::Overloaded
                )))
            );
            drop(caller.send(put));
            return !is_unfinished;
        }
        PlanChange::DeletePlan(by, plan, caller) => {
            drop(caller.send(delete_plan(node, by, plan).await));
        }
        PlanChange::CreateOrg(by, org, new, caller) => {
            drop(caller.send(create_org(node, by, org, new).await));
        }
        PlanChange::ChangeOrg(by, org, change, plan, caller) => {
            drop(caller.send(change_org(node, by, (org, change), plan).await));
        }
        PlanChange::DeleteOrg(by, org, caller) => {
            drop(caller.send(delete_org(node, by, org).await));
        }
    }
    true
}

async fn put_plan(
    node: &NodeHandle,
    actor: Arc<Actor>,
    plan: Plan,
) -> Result<bool, CatalogueError> {
    let former = node.plans().await?.remove(&plan.id);
    let is_new = former.is_none();
    set_limit(node, &actor, &plan, former.as_ref().map(|plan| plan.limit)).await?;
    if former.as_ref() != Some(&plan) {
        let change = AuditedChange::PlanPut { former, now: plan.clone() };
        let entry = of_operator(node, actor, change);
        let put = move |store: &dyn Store| {
            store.change_catalogue(CatalogueChange::PutPlan(&plan), &entry)
        };
        node.in_store(put).await?;
    }
    Ok(is_new)
}

/// Brings the limit of a plan into all shards.
async fn set_limit(
    node: &NodeHandle,
    actor: &Arc<Actor>,
    plan: &Plan,
    former: Option<u32>,
) -> Result<(), SubmitError> {
    let wanted = SetPlanLimit { plan: plan.id.clone(), limit: plan.limit };
    let shards = node.shards();
    let mut rollout = PlanRollout::new(wanted, former, node.shard_count());
    loop {
        let answer = match rollout.next() {
            RolloutStep::Check(number, set) => {
                let checked = move |shard: &Shard, _: Now| shard.check_plan_limit(&set);
                let checked = shards[usize::from(number)].look(checked).await;
                checked.map_err(SubmitError::from).and_then(|it| it.map_err(SubmitError::from))
            }
            RolloutStep::Set(number, command) => {
                let command = By { actor: Arc::clone(actor), command };
                shards[usize::from(number)].submit(command).await
            }
            RolloutStep::Done(outcome) => return outcome,
        };
        rollout.hear(answer);
    }
}

async fn delete_plan(
    node: &NodeHandle,
    actor: Arc<Actor>,
    plan: PlanId,
) -> Result<(), CatalogueError> {
    let on = plan.clone();
    let orgs = node
        .read_all(move |shard, _| {
            shard.orgs().iter().filter(|(_, org)| org.settings().plan == on).count()
        })
        .await?;
    let orgs = orgs.into_iter().sum();
    if orgs > 0 {
        return Err(CatalogueError::PlanInUse { plan, orgs });
    }
    let Some(gone) = node.plans().await?.remove(&plan) else {
        return Err(CatalogueError::UnknownPlan { plan });
    };
    let entry = of_operator(node, actor, AuditedChange::PlanDeleted(gone.clone()));
    let delete =
        move |store: &dyn Store| store.change_catalogue(CatalogueChange::DeletePlan(&gone), &entry);
    node.in_store(delete).await?;
    Ok(())
}

/// An entry of what is the operator's.
fn of_operator(node: &NodeHandle, actor: Arc<Actor>, change: AuditedChange) -> Audited {
    Audited { at: node.now(), org: None, actor, change, event: None }
}

async fn create_org(
    node: &NodeHandle,
    actor: Arc<Actor>,
    org: OrgId,
    new: NewOrg,
) -> Result<OrgView, CatalogueError> {
    let org_of_keys = org.clone();
    let settings = OrgSettings {
        plan_limit: limit_of(node, &new.plan).await?,
        name: new.name,
        plan: new.plan,
        limit_override: new.limit_override,
        max_call_duration_ms: new.max_call_duration_ms,
        max_wait_ms: new.max_wait_ms,
        max_queued: new.max_queued,
    };
    if !org_exists(node, &org).await? {
        // Keys of a deleted organisation with the same id must not grant access to the new one, nor the new one see its past.
        forget_keys(node, move |of| *of == org_of_keys).await?;
        forget_history(node, &org).await?;
    }
    Ok(node.submit((org, By { actor, command: CreateOrg(settings) })).await?)
}

async fn change_org(
    node: &NodeHandle,
    actor: Arc<Actor>,
    (org, mut change): (OrgId, OrgChange),
    plan: Option<PlanId>,
) -> Result<OrgView, CatalogueError> {
    if let Some(plan) = plan {
        let limit = limit_of(node, &plan).await?;
        change.plan = Some((plan, limit));
    }
    Ok(node.submit((org, By { actor, command: change })).await?)
}

async fn delete_org(
    node: &NodeHandle,
    actor: Arc<Actor>,
    org: OrgId,
) -> Result<(), CatalogueError> {
    node.submit((org.clone(), By { actor, command: DeleteOrg })).await?;
    node.shard_of(&org).state.timetable.write().forget_org(&org);
    forget_keys(node, move |of| *of == org).await?;
    Ok(())
}

async fn org_exists(node: &NodeHandle, org: &OrgId) -> Result<bool, Unavailable> {
    node.read(org, |found, _| found.is_some()).await
}

/// Deletes the keys and the webhooks of the organisations that `is_gone` names.
async fn forget_keys(
    node: &NodeHandle,
    is_gone: impl Fn(&OrgId) -> bool + Send + 'static,
) -> Result<(), Unavailable> {
    node.in_store(move |store| {
        for key in store.keys()?.iter().filter(|key| key.org.as_ref().is_some_and(&is_gone)) {
            store.delete_key(&key.id)?;
        }
        for webhook in store.webhooks()?.iter().filter(|webhook| is_gone(&webhook.org)) {
            store.delete_webhook(&webhook.id)?;
        }
        Ok(())
    })
    .await
}

/// Waits until the history has come to the deletion of an organisation, which erases it. Does nothing if there never was one with
/// this id.
async fn forget_history(node: &NodeHandle, org: &OrgId) -> Result<(), Unavailable> {
    let id = org.clone();
    let was_deleted = move |shard: &Shard, _: Now| shard.was_deleted(&id);
    if !node.shard_of(org).look(was_deleted).await? {
        return Ok(());
    }
    let end = node.in_store_of(org, |store| store.end()).await?;
    let reached = async {
        while node.in_store_of(org, |store| store.projected()).await? < end {
            tokio::time::sleep(LOOK_FOR_HISTORY_EVERY).await;
        }
        Ok(())
    };
    let reached = tokio::time::timeout(MAX_WAIT_FOR_HISTORY, reached).await;
    reached.unwrap_or(Err(Unavailable::Overloaded))?;
    // Older versions kept the history of a deleted organisation.
    let org = org.clone();
    node.in_store(move |store| {
        while store.erase(&org)? > 0 {}
        Ok(())
    })
    .await
}

fn names_of(orgs: &[(OrgId, &Org)]) -> BTreeSet<OrgId> {
    orgs.iter().map(|(id, _)| id.clone()).collect()
}

async fn limit_of(node: &NodeHandle, plan: &PlanId) -> Result<u32, CatalogueError> {
    let plans = node.plans().await?;
    let known = plans.get(plan).map(|plan| plan.limit);
    known.ok_or_else(|| CatalogueError::UnknownPlan { plan: plan.clone() })
}
