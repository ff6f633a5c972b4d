//! The rules of alerts, as every door takes them: checks what a client sends.

use callslot_api as api;
use callslot_api::limits::{MAX_ALERT_ABOVE, MAX_ALERT_FOR_S};
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

/// A threshold in thousandths. What lies between them is refused, as another one would be kept.
fn milli(above: f64) -> Result<u64, Refusal> {
    if !(0.0..=f64::from(MAX_ALERT_ABOVE)).contains(&above) {
        let detail = format!("`above` is {above}; it must be from 0 to {MAX_ALERT_ABOVE}");
        return Err(Refusal::invalid_field("above", detail));
    }
    let thousandths = (above * 1_000.0).round();
    let is_one = (thousandths / 1_000.0 - above).abs() <= 0.0;
    if !is_one {
        let detail = format!("`above` is {above}; it goes in steps of 0.001");
        return Err(Refusal::invalid_field("above", detail));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is from 0 to at most 10^10"
    )]
    Ok(thousandths as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thousandth_is_taken_and_nothing_between_them() {
        for thousandth in (0..200_000).chain(9_999_800_000..=10_000_000_000_u64) {
            let (whole, rest) = (thousandth / 1_000, thousandth % 1_000);
            let above = format!("{whole}.{rest:03}").parse().expect("a number");
            assert_eq!(milli(above).ok(), Some(thousandth));
        }
        for above in [0.0004, 85.0005, 9_999_999.999_9, 10_000_000.001, f64::NAN, f64::INFINITY] {
            assert!(milli(above).is_err(), "{above}");
        }
    }
}
