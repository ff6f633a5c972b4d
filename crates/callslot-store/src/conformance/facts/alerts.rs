//! Events of alerts: the facts that version 6 of the stored form has and those before do not.

use std::sync::Arc;

use callslot_core::{
    Actor, ActorKind, AgentId, AlertClosing, AlertEvent, AlertId, AlertOpening, AlertRule,
    AlertWhen, CallType, ChangedBy, Event, Former, GateId, SettingsEvent, Timestamp, WhyClosed,
};

/// One event of every kind, with every figure that a rule may look at.
pub(super) fn of_alerts() -> Vec<Event> {
    let busy = AlertId::parse("busy").expect("an alert id");
    let of_webhook = AlertId::of_webhook("wh_1f0c").expect("an alert id");
    let rule = |when| AlertRule { when, ..AlertRule::webhook_disabled() };
    let mut events: Vec<Event> = Vec::new();
    for when in AlertWhen::ALL.into_iter().filter(|when| *when != AlertWhen::WebhookDisabled) {
        let rule = Box::new(rule(when));
        events.push(SettingsEvent::AlertPut { alert: busy.clone(), rule }.into());
    }
    let full = AlertRule {
        when: AlertWhen::Utilization,
        agent: AgentId::parse("support").ok(),
        call_type: Some(CallType::Inbound),
        gate: GateId::parse("spring").ok(),
        above_milli: 85_500,
        for_ms: 300_000,
    };
    let put = |rule: &AlertRule| SettingsEvent::AlertPut {
        alert: busy.clone(),
        rule: Box::new(rule.clone()),
    };
    events.push(put(&full).into());
    let opening = |alert: &AlertId, rule, figure_milli| AlertOpening {
        alert: alert.clone(),
        rule,
        opened_at: Timestamp(1_700_000_000_007),
        figure_milli,
    };
    let of_rule = opening(&busy, full.clone(), 92_000);
    let built_in = opening(&of_webhook, AlertRule::webhook_disabled(), u64::MAX);
    for opening in [&of_rule, &built_in] {
        events.push(AlertEvent::Opened(Box::new(opening.clone())).into());
    }
    for (number, why) in WhyClosed::ALL.into_iter().enumerate() {
        let (number, closed_at) = (number as u64 + 1, Timestamp(1_700_000_060_000));
        let figure_milli = (why == WhyClosed::Recovered).then_some(76_000);
        let opening = of_rule.clone();
        let closing = AlertClosing { number, opening, closed_at, figure_milli, why };
        events.push(AlertEvent::Closed(Box::new(closing)).into());
    }
    let (id, name) = (Arc::from("key_0001"), Arc::from("Ada"));
    let actor = Arc::new(Actor { kind: ActorKind::Key, id, name });
    let former = Some(Former::Alert(Box::new(full)));
    events.push(ChangedBy { actor, former }.into());
    events.push(SettingsEvent::AlertDeleted { alert: busy }.into());
    events
}
