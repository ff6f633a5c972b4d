//! The rules of alerts, as every door takes them: checks what a client sends.

use callslot_api as api;
use callslot_api::limits::{MAX_ALERT_FOR_S, MAX_LIMIT};
use callslot_core::AlertRule;

use crate::convert::alerts::core_when;
use crate::convert::core_call_type;
use crate::extract::field::{checked_id, in_range};
use crate::refusal::Refusal;

/// A whole, in per cent.
const WHOLE: f64 = 100.0;

/// Checks a rule.
pub(crate) fn rule(put: &api::AlertPut) -> Result<AlertRule, Refusal> {
    let api::AlertPut { when, agent, call_type, gate, above, for_s } = put;
    if gate.is_some() && (agent.is_some() || call_type.is_some()) {
        let detail = "`gate` stands beside `agent` or `type`; a rule is about a gate, or about an agent, a type or both";
        return Err(Refusal::invalid_field("gate", detail));
    }
    let is_of_reservations = *when == api::AlertFigure::ReservationFull;
    if is_of_reservations && gate.is_some() {
        let detail = "`gate` stands beside `reservation_full`; slots are reserved for agents and types, not for gates";
        return Err(Refusal::invalid_field("gate", detail));
    }
    if is_of_reservations && *above >= WHOLE {
        let detail = format!(
            "`above` is {above}, and no more than 100 % of the reserved slots are ever in use; 99 is above all but that"
        );
        return Err(Refusal::invalid_field("above", detail));
    }
    in_range("for_s", *for_s, (0, MAX_ALERT_FOR_S))?;
    Ok(AlertRule {
        when: core_when(*when),
        agent: agent.as_deref().map(|id| checked_id("agent", id)).transpose()?,
        call_type: call_type.map(core_call_type),
        gate: gate.as_deref().map(|id| checked_id("gate", id)).transpose()?,
        above_milli: milli(*above)?,
        for_ms: for_s * 1_000,
    })
}

/// A threshold in thousandths.
fn milli(above: f64) -> Result<u64, Refusal> {
    if !(0.0..=f64::from(MAX_LIMIT)).contains(&above) {
        let detail = format!("`above` is {above}; it must be from 0 to {MAX_LIMIT}");
        return Err(Refusal::invalid_field("above", detail));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is from 0 to some ten thousand millions"
    )]
    Ok((above * 1_000.0).round() as u64)
}
