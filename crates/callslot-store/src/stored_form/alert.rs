//! The stored form of alerts, since version 6. Belongs to `stored_form.rs`, which says how stored forms may change.

use callslot_core::{
    AlertClosing, AlertEvent, AlertId, AlertOpening, AlertRule, AlertWhen, Timestamp, WhyClosed,
};
use serde::{Deserialize, Serialize};

use crate::stored_form::call::StoredType;
use crate::stored_form::names::{Context, Names};
use crate::stored_form::version_and_checksum::Unreadable;

#[derive(Serialize, Deserialize)]
pub(super) struct StoredRule {
    when: StoredWhen,
    agent: Option<u32>,
    call_type: Option<StoredType>,
    gate: Option<u32>,
    above_milli: u64,
    for_ms: u64,
}

#[derive(Serialize, Deserialize)]
enum StoredWhen {
    Utilization,
    OldestWait,
    Queued,
    ReservationFull,
    Refused,
    WebhookDisabled,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredOpening<'a> {
    alert: &'a str,
    rule: StoredRule,
    opened_at: u64,
    figure_milli: u64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredClosing<'a> {
    number: u64,
    #[serde(borrow)]
    opening: StoredOpening<'a>,
    closed_at: u64,
    figure_milli: Option<u64>,
    why: StoredWhy,
}

#[derive(Serialize, Deserialize)]
enum StoredWhy {
    Recovered,
    RuleChanged,
    RuleDeleted,
}

impl StoredRule {
    pub(super) fn from_core<'a>(rule: &'a AlertRule, names: &mut Names<'a>) -> Self {
        let when = match rule.when {
            AlertWhen::Utilization => StoredWhen::Utilization,
            AlertWhen::OldestWait => StoredWhen::OldestWait,
            AlertWhen::Queued => StoredWhen::Queued,
            AlertWhen::ReservationFull => StoredWhen::ReservationFull,
            AlertWhen::Refused => StoredWhen::Refused,
            AlertWhen::WebhookDisabled => StoredWhen::WebhookDisabled,
        };
        Self {
            when,
            agent: rule.agent.as_ref().map(|agent| names.number(agent.as_str())),
            call_type: rule.call_type.map(Into::into),
            gate: rule.gate.as_ref().map(|gate| names.number(gate.as_str())),
            above_milli: rule.above_milli,
            for_ms: rule.for_ms,
        }
    }

    pub(super) fn into_core(self, context: &Context<'_>) -> Result<AlertRule, Unreadable> {
        let when = match self.when {
            StoredWhen::Utilization => AlertWhen::Utilization,
            StoredWhen::OldestWait => AlertWhen::OldestWait,
            StoredWhen::Queued => AlertWhen::Queued,
            StoredWhen::ReservationFull => AlertWhen::ReservationFull,
            StoredWhen::Refused => AlertWhen::Refused,
            StoredWhen::WebhookDisabled => AlertWhen::WebhookDisabled,
        };
        Ok(AlertRule {
            when,
            agent: self.agent.map(|agent| context.agents(agent)).transpose()?,
            call_type: self.call_type.map(Into::into),
            gate: self.gate.map(|gate| context.gates(gate)).transpose()?,
            above_milli: self.above_milli,
            for_ms: self.for_ms,
        })
    }
}

impl<'a> StoredOpening<'a> {
    pub(super) fn from_core(opening: &'a AlertOpening, names: &mut Names<'a>) -> Self {
        Self {
            alert: opening.alert.as_str(),
            rule: StoredRule::from_core(&opening.rule, names),
            opened_at: opening.opened_at.0,
            figure_milli: opening.figure_milli,
        }
    }

    fn into_opening(self, context: &Context<'_>) -> Result<AlertOpening, Unreadable> {
        Ok(AlertOpening {
            alert: AlertId::kept(self.alert)?,
            rule: self.rule.into_core(context)?,
            opened_at: Timestamp(self.opened_at),
            figure_milli: self.figure_milli,
        })
    }

    pub(super) fn into_core(self, context: &Context<'_>) -> Result<AlertEvent, Unreadable> {
        Ok(AlertEvent::Opened(Box::new(self.into_opening(context)?)))
    }
}

impl<'a> StoredClosing<'a> {
    pub(super) fn from_core(closing: &'a AlertClosing, names: &mut Names<'a>) -> Self {
        let why = match closing.why {
            WhyClosed::Recovered => StoredWhy::Recovered,
            WhyClosed::RuleChanged => StoredWhy::RuleChanged,
            WhyClosed::RuleDeleted => StoredWhy::RuleDeleted,
        };
        Self {
            number: closing.number,
            opening: StoredOpening::from_core(&closing.opening, names),
            closed_at: closing.closed_at.0,
            figure_milli: closing.figure_milli,
            why,
        }
    }

    pub(super) fn into_core(self, context: &Context<'_>) -> Result<AlertEvent, Unreadable> {
        let why = match self.why {
            StoredWhy::Recovered => WhyClosed::Recovered,
            StoredWhy::RuleChanged => WhyClosed::RuleChanged,
            StoredWhy::RuleDeleted => WhyClosed::RuleDeleted,
        };
        Ok(AlertEvent::Closed(Box::new(AlertClosing {
            number: self.number,
            opening: self.opening.into_opening(context)?,
            closed_at: Timestamp(self.closed_at),
            figure_milli: self.figure_milli,
            why,
        })))
    }
}
