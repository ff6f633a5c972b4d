//! Compares what readers are told that other reservations would lead to with the model.

use callslot_core::{
    AgentId, CallType, Now, Org, PerType, PoolView, Rejection, ReservationsPreview,
    SetReservations, Shard,
};

use crate::Model;

/// How many calls a step of a preview goes through: few, so that it takes several.
const CALLS_PER_STEP: usize = 2;
/// An agent is named in one of that many previews.
const ONE_AGENT_IN: u64 = 2;
/// A class of an agent that is named has a reservation in one of that many.
const ONE_CLASS_IN: u64 = 5;
/// The most that is reserved for it.
const MOST_RESERVED: u64 = 4;

/// The outcome of a preview.
pub type Previewed = Result<ReservationsPreview, Rejection>;

/// Previews other reservations of each organisation, and returns what was said.
///
/// # Panics
/// When something differs.
#[must_use]
pub fn compare(core: &Shard, model: &Model, now: Now) -> Vec<Previewed> {
    let compared = core.orgs().into_iter().map(|(id, org)| {
        let reservations = other_reservations(&org.pool(now), org.last_ticket().0);
        let expected =
            model.preview(&id, &reservations, now.tick).expect("both have the organisation");
        let previewed = preview(org, reservations.clone(), now);
        assert_eq!(
            previewed, expected,
            "a preview of {reservations:?} in {id}, left the core's, right the model's"
        );
        previewed
    });
    compared.collect()
}

fn preview(org: &Org, reservations: Vec<(AgentId, PerType<u32>)>, now: Now) -> Previewed {
    let command = SetReservations { reservations, if_version: None };
    let mut preview = org.preview_reservations(&command, now.tick)?;
    while !org.go_on_with_preview(&mut preview, CALLS_PER_STEP) {}
    Ok(preview.finish())
}

/// Reservations that depend on what has happened so far, so that no two previews are of the same.
fn other_reservations(pool: &PoolView, ticket: u64) -> Vec<(AgentId, PerType<u32>)> {
    let mut random = pool.as_of.0 ^ ticket << 32;
    let mut one_in = |many: u64| {
        // The multiplier is Knuth's for a 64-bit linear congruential generator (MMIX).
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (random >> 33).is_multiple_of(many)
    };
    let mut wanted = Vec::new();
    for agent in &pool.agents {
        if one_in(ONE_AGENT_IN) {
            let reserved = CallType::ALL.map(|_| {
                let most = if one_in(ONE_CLASS_IN) { MOST_RESERVED } else { 0 };
                (0..most).map(|_| u32::from(one_in(2))).sum()
            });
            wanted.push((agent.id.clone(), PerType(reserved)));
        }
    }
    wanted
}
