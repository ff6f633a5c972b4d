//! Looks for what most often keeps callers from being connected: what all doors need of the server.

use std::collections::BTreeSet;

use callslot_client::Slots;
use serde::Serialize;

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub what: String,
    /// What is wrong with it, and the way out; `None` if nothing is.
    pub wrong: Option<String>,
}

/// Checks the server, and that it has these agents and gates. Blocks.
pub(crate) fn of_server<'a>(
    agents: impl Iterator<Item = &'a String>,
    gates: impl Iterator<Item = &'a String>,
    slots: &Slots,
) -> Vec<Check> {
    let pool = slots.api().pool();
    let mut checks = vec![Check {
        what: "the server answers, and takes the key".into(),
        wrong: pool.as_ref().err().map(ToString::to_string),
    }];
    let Ok(pool) = pool else { return checks };
    let (agents, gates): (BTreeSet<_>, BTreeSet<_>) = (agents.collect(), gates.collect());
    for agent in agents {
        let is_known = pool.agents.iter().any(|known| known.id == *agent);
        let wrong = (!is_known).then(|| {
            format!("the server has no such agent; `callslot agent put {agent}` makes it")
        });
        checks.push(Check { what: format!("the agent {agent}"), wrong });
    }
    for gate in gates {
        let wrong = slots.api().gate(gate).err();
        let wrong = wrong.map(|error| format!("{error}; `callslot gate put {gate}` makes one"));
        checks.push(Check { what: format!("the gate {gate}"), wrong });
    }
    checks
}
