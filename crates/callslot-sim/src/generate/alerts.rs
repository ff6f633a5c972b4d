//! Rules of alerts, and what becomes of the alerts: few rules, so that what is said of an alert is often about its rule.

use callslot_core::{
    AgentId, AlertId, AlertRule, AlertState, AlertWhen, CallType, DeleteAlert, GateId, OrgCommand,
    PutAlert, SetAlertState,
};
use fastrand::Rng;

use crate::generate::gates::some_gate;

/// With rules one more than there may be, and as many more of the server's own.
const ALERTS: [&str; 6] = ["busy", "long", "late", "webhook:w", "webhook:x", "webhook:y"];
/// How many rules there are.
const RULES: u8 = 10;

/// Something is done about an alert, by these numbers.
pub(super) fn alert_command(
    [what, alert, rule]: [u8; 3],
    (agent, gate): (AgentId, GateId),
) -> OrgCommand {
    let alert = ALERTS[usize::from(alert) % ALERTS.len()];
    let alert = AlertId::parse(alert).expect("an alert id");
    let figure_milli = u64::from(rule) * 1_000;
    let rule = self::rule(rule % RULES, agent, gate);
    let own = AlertRule::webhook_disabled();
    let rule = if alert.is_built_in() && what > 0 { own } else { rule };
    match what % 8 {
        0..=2 => OrgCommand::PutAlert(PutAlert { alert, rule }),
        3..=4 => OrgCommand::DeleteAlert(DeleteAlert { alert }),
        5..=6 => {
            let state = AlertState::Open { figure_milli };
            OrgCommand::SetAlertState(SetAlertState { alert, rule, state })
        }
        _ => {
            let state = AlertState::Closed { figure_milli };
            OrgCommand::SetAlertState(SetAlertState { alert, rule, state })
        }
    }
}

pub(super) fn some_alert_command(rng: &mut Rng, agent: AgentId) -> OrgCommand {
    // Mostly about the same two rules: the pool's utilization, and the longest wait at a gate.
    let rule = if rng.u8(..4) > 0 { rng.u8(..2) * 6 } else { rng.u8(..) };
    alert_command([rng.u8(..), rng.u8(..), rule], (agent, some_gate(rng)))
}

/// The rule with this number.
fn rule(number: u8, agent: AgentId, gate: GateId) -> AlertRule {
    let whens = [
        AlertWhen::Utilization,
        AlertWhen::OldestWait,
        AlertWhen::Queued,
        AlertWhen::ReservationFull,
        AlertWhen::Refused,
    ];
    let when = whens[usize::from(number) % whens.len()];
    let number = u64::from(number);
    AlertRule {
        when,
        agent: (number % 2 == 1).then_some(agent),
        call_type: (number % 4 > 1).then_some(CallType::Inbound),
        gate: (number > 5).then_some(gate),
        above_milli: number * 9_000,
        for_ms: number * 500,
    }
}
