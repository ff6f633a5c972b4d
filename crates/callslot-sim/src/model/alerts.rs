//! Alerts: rules, what is open and what closed, as lists; and the figures, counted from the calls each time.

use callslot_core::{
    AgentId, AlertClosing, AlertEvent, AlertId, AlertOpening, AlertRule, AlertState, AlertView,
    AlertWhen, Call, CallType, DeleteAlert, Now, PutAlert, Rejection, Reply, SetAlertState,
    SettingsEvent, WhyClosed,
};

use crate::model::org::{Answer, OrgModel};

impl OrgModel {
    pub(super) fn put_alert(&mut self, now: Now, put: &PutAlert) -> Result<Answer, Rejection> {
        let PutAlert { alert, rule } = put.clone();
        if alert.as_str().starts_with("webhook:") || rule.when == AlertWhen::WebhookDisabled {
            return Err(Rejection::BuiltInAlert { alert });
        }
        if let Some(agent) = &rule.agent
            && !self.agents.iter().any(|known| known.id == *agent)
        {
            return Err(Rejection::UnknownAgent { agent: agent.clone() });
        }
        if let Some(gate) = &rule.gate
            && !self.gates.iter().any(|known| known.id == *gate)
        {
            return Err(Rejection::UnknownGate { gate: gate.clone() });
        }
        let known = self.alerts.rule(&alert).cloned();
        let (is_new, max_alerts) = (known.is_none(), self.bounds.alerts);
        if is_new && self.alerts.rules.len() == max_alerts {
            return Err(Rejection::TooManyAlerts { max_alerts });
        }
        if known.as_ref() != Some(&rule) {
            self.close_alert(now, &alert, None, WhyClosed::RuleChanged);
            self.alerts.rules.retain(|(id, _)| *id != alert);
            self.alerts.rules.push((alert.clone(), rule.clone()));
            self.record(SettingsEvent::AlertPut { alert, rule: Box::new(rule) });
        }
        Ok(Answer::Plain(Reply::Alert { is_new }))
    }

    pub(super) fn delete_alert(
        &mut self,
        now: Now,
        DeleteAlert { alert }: &DeleteAlert,
    ) -> Result<Answer, Rejection> {
        if alert.as_str().starts_with("webhook:") {
            return Err(Rejection::BuiltInAlert { alert: alert.clone() });
        }
        if self.alerts.rule(alert).is_none() {
            return Err(Rejection::UnknownAlert { alert: alert.clone() });
        }
        self.close_alert(now, alert, None, WhyClosed::RuleDeleted);
        self.alerts.rules.retain(|(id, _)| id != alert);
        self.record(SettingsEvent::AlertDeleted { alert: alert.clone() });
        Ok(Answer::Plain(Reply::Done))
    }

    pub(super) fn set_alert_state(&mut self, now: Now, command: &SetAlertState) -> Answer {
        let SetAlertState { alert, rule, state } = command.clone();
        let is_built_in = alert.as_str().starts_with("webhook:");
        let is_its_rule = match self.alerts.rule(&alert) {
            Some(known) => *known == rule,
            None => is_built_in && rule.when == AlertWhen::WebhookDisabled,
        };
        let built_in = |opening: &&AlertOpening| opening.alert.as_str().starts_with("webhook:");
        let is_full =
            is_built_in && self.alerts.open.iter().filter(built_in).count() == self.bounds.alerts;
        match state {
            _ if !is_its_rule => {}
            AlertState::Closed { figure_milli } => {
                self.close_alert(now, &alert, Some(figure_milli), WhyClosed::Recovered);
            }
            AlertState::Open { figure_milli } => {
                if self.alerts.opening(&alert).is_none() && !is_full {
                    let opening = AlertOpening { alert, rule, opened_at: now.at, figure_milli };
                    self.alerts.open.push(opening.clone());
                    self.record(AlertEvent::Opened(Box::new(opening)));
                }
            }
        }
        Answer::Plain(Reply::Done)
    }

    fn close_alert(&mut self, now: Now, alert: &AlertId, figure: Option<u64>, why: WhyClosed) {
        let Some(place) = self.alerts.open.iter().position(|it| it.alert == *alert) else { return };
        let closing = AlertClosing {
            number: self.alerts.past.len() as u64 + 1,
            opening: self.alerts.open.remove(place),
            closed_at: now.at,
            figure_milli: figure,
            why,
        };
        self.alerts.past.push(closing.clone());
        self.record(AlertEvent::Closed(Box::new(closing)));
    }

    /// The rules by id, then what is open without one.
    pub(super) fn alert_views(&self, now: Now) -> Vec<AlertView> {
        let of_rule = self.alerts.rules.iter().map(|(id, rule)| AlertView {
            id: id.clone(),
            rule: rule.clone(),
            figure_milli: self.figure(rule, now),
            open: self.alerts.opening(id).cloned(),
        });
        let mut views: Vec<_> = of_rule.collect();
        views.sort_by(|a, b| a.id.cmp(&b.id));
        let built_in = self.alerts.open.iter().filter(|it| self.alerts.rule(&it.alert).is_none());
        let mut built_in: Vec<_> = built_in.cloned().collect();
        built_in.sort_by(|a, b| a.alert.cmp(&b.alert));
        views.extend(built_in.into_iter().map(|opening| AlertView {
            id: opening.alert.clone(),
            rule: opening.rule.clone(),
            figure_milli: None,
            open: Some(opening),
        }));
        views
    }

    /// Those that closed, the last first.
    pub(super) fn past_alerts(&self) -> Vec<AlertClosing> {
        self.alerts.past.iter().rev().cloned().collect()
    }

    fn figure(&self, rule: &AlertRule, now: Now) -> Option<u64> {
        let is_gone =
            rule.agent.as_ref().is_some_and(|id| !self.agents.iter().any(|it| it.id == *id))
                || rule.gate.as_ref().is_some_and(|id| !self.gates.iter().any(|it| it.id == *id));
        let (agent, call_type) = match rule.gate {
            Some(_) => (None, None),
            None => (rule.agent.as_ref(), rule.call_type),
        };
        let is_meant = |call: &&Call| {
            agent.is_none_or(|agent| call.request.agent == *agent)
                && call_type.is_none_or(|call_type| call.request.call_type == call_type)
                && rule.gate.as_ref().is_none_or(|gate| call.request.gates.ids().contains(gate))
        };
        let meant: Vec<&Call> = self.live.iter().filter(is_meant).collect();
        let count = |is: fn(&Call) -> bool| meant.iter().filter(|call| is(call)).count() as u64;
        let figure = match rule.when {
            AlertWhen::Refused | AlertWhen::WebhookDisabled => return None,
            AlertWhen::Queued => count(Call::is_queued) * 1_000,
            AlertWhen::OldestWait => {
                let first = meant.iter().find(|call| call.is_queued());
                first.map_or(0, |call| self.waited_ms(now, call))
            }
            AlertWhen::Utilization => {
                let room = self.room_of(rule, agent, call_type);
                count(Call::is_active) * 100_000 / u64::from(room).max(1)
            }
            AlertWhen::ReservationFull if rule.gate.is_some() => 0,
            AlertWhen::ReservationFull => {
                let (used, reserved) = self.reserved_use(agent, call_type);
                (used * 100_000).checked_div(reserved).unwrap_or(0)
            }
        };
        Some(if is_gone { 0 } else { figure })
    }

    /// How many slots the calls that a rule is about may have at most.
    fn room_of(&self, rule: &AlertRule, agent: Option<&AgentId>, of: Option<CallType>) -> u32 {
        let of_agent = self.agents.iter().filter(|it| Some(&it.id) == agent).map(|it| it.cap);
        let of_gate = self.gates.iter().filter(|it| Some(&it.id) == rule.gate.as_ref());
        let of_gate = of_gate.map(|it| it.settings.cap);
        let of_type = of.map(|of| self.type_caps[of]);
        let caps = of_agent.chain(of_gate).chain(of_type).flatten();
        caps.chain([self.settings.limit()]).min().unwrap_or(0)
    }

    fn reserved_use(&self, agent: Option<&AgentId>, of: Option<CallType>) -> (u64, u64) {
        let (mut used, mut reserved) = (0, 0);
        for known in self.agents.iter().filter(|it| agent.is_none_or(|agent| it.id == *agent)) {
            for call_type in CallType::ALL.into_iter().filter(|it| of.is_none_or(|of| *it == of)) {
                let is_of_class = |call: &&Call| {
                    call.is_active()
                        && call.request.agent == known.id
                        && call.request.call_type == call_type
                };
                let active = self.live.iter().filter(is_of_class).count() as u64;
                used += active.min(known.reserved[call_type].into());
                reserved += u64::from(known.reserved[call_type]);
            }
        }
        (used, reserved)
    }
}
