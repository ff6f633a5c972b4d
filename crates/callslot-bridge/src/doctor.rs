//! Looks for what most often keeps callers from being connected: what all doors need of the server.

use callslot_client::Slots;
use serde::Serialize;

use crate::settings::Settings;

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub what: String,
    /// What is wrong with it, and the way out; `None` if nothing is.
    pub wrong: Option<String>,
}

/// Checks the server, its agents and gates. Blocks.
pub(crate) fn of_server(settings: &Settings, slots: &Slots) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut check = |what: String, wrong: Option<String>| checks.push(Check { what, wrong });
    let pool = slots.api().pool();
    check(
        "the server answers, and takes the key".into(),
        pool.as_ref().err().map(ToString::to_string),
    );
    if let Ok(pool) = &pool {
        let known: Vec<&str> = pool.agents.iter().map(|agent| agent.id.as_str()).collect();
        let named = settings.numbers.iter().map(|number| number.agent.get_ref());
        for agent in named.chain(settings.outbound.iter().map(|outbound| outbound.agent.get_ref()))
        {
            let wrong = (!known.contains(&agent.as_str())).then(|| {
                format!("the server has no such agent; `callslot agent put {agent}` makes it")
            });
            check(format!("the agent {agent}"), wrong);
        }
        for gate in settings.numbers.iter().flat_map(|number| number.gates.get_ref()) {
            let wrong = slots
                .api()
                .gate(gate)
                .err()
                .map(|error| format!("{error}; `callslot gate put {gate}` makes one"));
            check(format!("the gate {gate}"), wrong);
        }
    }
    checks
}
