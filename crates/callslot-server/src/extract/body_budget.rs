//! How many bytes of bodies may be arriving at once: in all, for one organisation, with one key, and without a key.
//!
//! A body that arrives in one piece is read at once and needs none of this. Any other reserves room for all of itself before
//! it is collected, so that bodies that stall hold no more than the room there is. Start reading at [`BodyBudget`].

use std::sync::Arc;
use std::time::Duration;

use callslot_api::ProblemCode as Code;
use callslot_core::OrgId;
use callslot_node::instant_now;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::auth::known_key::KnownKey;
use crate::extract::limits::{
    BODY_BYTES, BODY_BYTES_PER_KEY, BODY_BYTES_PER_ORG, BODY_BYTES_WITHOUT_KEY, WAITS_FOR_ROOM,
};
use crate::refusal::Refusal;
use crate::shares::Shares;

/// How many bytes there is room for.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    whole: usize,
    per_org: usize,
    per_key: usize,
    without_key: usize,
    waits: Duration,
}

/// The room for bodies that are arriving.
#[derive(Debug)]
pub(crate) struct BodyBudget {
    bounds: Bounds,
    whole: Arc<Semaphore>,
    without_key: Arc<Semaphore>,
    orgs: Shares<OrgId>,
    keys: Shares<String>,
}

/// Room for a body, until it is dropped.
#[derive(Debug)]
pub(crate) struct Room(#[expect(dead_code, reason = "they are held")] Vec<OwnedSemaphorePermit>);

impl Default for BodyBudget {
    fn default() -> Self {
        Self::with(Bounds {
            whole: BODY_BYTES,
            per_org: BODY_BYTES_PER_ORG,
            per_key: BODY_BYTES_PER_KEY,
            without_key: BODY_BYTES_WITHOUT_KEY,
            waits: WAITS_FOR_ROOM,
        })
    }
}

impl BodyBudget {
    fn with(bounds: Bounds) -> Self {
        Self {
            bounds,
            whole: Arc::new(Semaphore::new(bounds.whole)),
            without_key: Arc::new(Semaphore::new(bounds.without_key)),
            orgs: Shares::new(bounds.per_org),
            keys: Shares::new(bounds.per_key),
        }
    }

    /// Room for a body of this many bytes, sent with this key. Waits briefly for other bodies to be done.
    pub(crate) async fn room(
        &self,
        bytes: usize,
        sent: Option<&KnownKey>,
    ) -> Result<Room, Refusal> {
        let until = instant_now() + self.bounds.waits;
        let share = |whose: &str, most: usize| {
            Refusal::new(
                Code::TooManyBodies,
                format!(
                    "{whose} has bodies arriving that may take {most} bytes together; send fewer large bodies at once, or \
                     faster, and retry in a second"
                ),
            )
        };
        let mut held = Vec::with_capacity(3);
        if let Some(KnownKey { key, .. }) = sent {
            let own = take(&self.keys.of(&key.id), bytes, until).await;
            held.push(own.ok_or_else(|| share("this key", self.bounds.per_key))?);
            if let Some(org) = &key.org {
                let orgs = take(&self.orgs.of(org), bytes, until).await;
                held.push(orgs.ok_or_else(|| share("this organisation", self.bounds.per_org))?);
            }
        } else {
            let own = take(&self.without_key, bytes, until).await;
            let most = self.bounds.without_key;
            held.push(own.ok_or_else(|| share("the group of clients without a key", most))?);
        }
        let whole = take(&self.whole, bytes, until).await;
        held.push(whole.ok_or_else(|| {
            Refusal::new(
                Code::Overloaded,
                format!("bodies of {} bytes are arriving; retry in a second", self.bounds.whole),
            )
        })?);
        Ok(Room(held))
    }

    /// How many bytes are reserved.
    pub(crate) fn taken(&self) -> usize {
        self.bounds.whole - self.whole.available_permits()
    }
}

/// Waits for room in turn; `None` if there is none in time.
async fn take(
    share: &Arc<Semaphore>,
    bytes: usize,
    until: Instant,
) -> Option<OwnedSemaphorePermit> {
    let bytes = u32::try_from(bytes).expect("a body is small");
    let taking = timeout_at(until, Arc::clone(share).acquire_many_owned(bytes));
    Some(taking.await.ok()?.expect("it is never closed"))
}

#[cfg(test)]
mod tests {
    use callslot_store::Role;

    use super::*;
    use crate::auth::known_key::tests::known_key;

    /// A budget that is asked once and does not wait.
    fn budget() -> BodyBudget {
        let waits = Duration::ZERO;
        BodyBudget::with(Bounds { whole: 100, per_org: 60, per_key: 40, without_key: 10, waits })
    }

    async fn said(
        budget: &BodyBudget,
        bytes: usize,
        key: Option<&KnownKey>,
    ) -> Result<Room, String> {
        budget.room(bytes, key).await.map_err(|refusal| {
            let problem = refusal.into_problem();
            format!("{}: {}", problem.code, problem.detail)
        })
    }

    #[track_caller]
    fn refused(room: Result<Room, String>, words: &str) {
        let said = room.expect_err("there is no room");
        assert!(said.contains(words), "{said}");
    }

    #[tokio::test]
    async fn a_key_an_organisation_and_those_without_a_key_have_a_share_each_and_all_have_the_whole()
     {
        let budget = budget();
        let [a, b] = ["a", "b"].map(|id| known_key(id, Some("one"), Role::Engine));
        let other = known_key("c", Some("two"), Role::Engine);
        let operator = known_key("d", None, Role::Operator);
        let of_a = said(&budget, 40, Some(&a)).await.expect("there is room");
        refused(said(&budget, 1, Some(&a)).await, "too_many_bodies: this key");
        let of_b = said(&budget, 20, Some(&b)).await.expect("there is room");
        refused(said(&budget, 1, Some(&b)).await, "too_many_bodies: this organisation");
        let anonymous = said(&budget, 10, None).await.expect("there is room");
        refused(said(&budget, 1, None).await, "too_many_bodies: the group of clients without");
        let of_other = said(&budget, 30, Some(&other)).await.expect("there is room");
        refused(said(&budget, 1, Some(&operator)).await, "overloaded");
        assert_eq!(budget.taken(), 100);
        drop((of_a, anonymous));
        assert_eq!(budget.taken(), 50);
        said(&budget, 40, Some(&a)).await.expect("there is room again");
        drop((of_b, of_other));
        assert_eq!(budget.taken(), 0, "a refused body holds nothing");
    }
}
