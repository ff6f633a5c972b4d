//! The ids in a record: each is stored once, and known by its number in the record.

use std::cell::OnceCell;
use std::collections::HashMap;

use callslot_core::{AgentId, Claimant, GateId, KeyId, LeaseId, Now, OrgId, PlanId};

use crate::stored_form::version_and_checksum::Unreadable;

/// Ids by number, each kept once.
#[derive(Default)]
pub(super) struct Names<'a> {
    pub(super) list: Vec<&'a str>,
    numbers: HashMap<&'a str, u32>,
}

impl<'a> Names<'a> {
    pub(super) fn number(&mut self, name: &'a str) -> u32 {
        *self.numbers.entry(name).or_insert_with(|| {
            self.list.push(name);
            u32::try_from(self.list.len() - 1).expect("a record has fewer than 2^32 names")
        })
    }
}

/// The time and names that parts of a record refer to while it is read. A name becomes an id when it is first used as one.
pub(super) struct Context<'a> {
    pub(super) now: Now,
    names: Vec<&'a str>,
    orgs: Vec<OnceCell<OrgId>>,
    agents: Vec<OnceCell<AgentId>>,
    gates: Vec<OnceCell<GateId>>,
    leases: Vec<OnceCell<LeaseId>>,
    plans: Vec<OnceCell<PlanId>>,
    claimants: Vec<OnceCell<Claimant>>,
    keys: Vec<OnceCell<KeyId>>,
}

macro_rules! named {
    ($field:ident, $id:ident) => {
        pub(super) fn $field(&self, number: u32) -> Result<$id, Unreadable> {
            let place = usize::try_from(number).unwrap_or(usize::MAX);
            let unknown = Unreadable::Damaged("it names an id it does not hold");
            let (name, known) = self.names.get(place).zip(self.$field.get(place)).ok_or(unknown)?;
            if let Some(id) = known.get() {
                return Ok(id.clone());
            }
            let id = $id::kept(name)?;
            Ok(known.get_or_init(|| id).clone())
        }
    };
}

impl<'a> Context<'a> {
    pub(super) fn new(now: Now, names: Vec<&'a str>) -> Self {
        let count = names.len();
        Self {
            now,
            names,
            orgs: vec![OnceCell::new(); count],
            agents: vec![OnceCell::new(); count],
            gates: vec![OnceCell::new(); count],
            leases: vec![OnceCell::new(); count],
            plans: vec![OnceCell::new(); count],
            claimants: vec![OnceCell::new(); count],
            keys: vec![OnceCell::new(); count],
        }
    }

    named!(orgs, OrgId);
    named!(agents, AgentId);
    named!(gates, GateId);
    named!(leases, LeaseId);
    named!(plans, PlanId);
    named!(claimants, Claimant);
    named!(keys, KeyId);
}
