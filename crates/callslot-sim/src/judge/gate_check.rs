//! The invariants of gates and paces, judged from events alone: no call starts through a closed gate, nor faster than a pace over any
//! span.

use std::collections::BTreeMap;

use callslot_core::{AgentId, Call, GateId, GateSettings, Pace, PerType, SettingsEvent, Tick};

/// How many starts of a pace are looked back on.
const STARTS_KEPT: usize = 40;
/// How late a start may be without slowing its pace down, in milliseconds.
const LATE_MS: u64 = 50;

/// What a reader of the events knows of gates and paces.
#[derive(Debug, Default)]
pub(super) struct Gateways {
    gates: BTreeMap<GateId, SeenGate>,
    agents: BTreeMap<AgentId, SeenPace>,
    types: PerType<SeenPace>,
}

#[derive(Debug)]
struct SeenGate {
    settings: GateSettings,
    is_within_hours: bool,
    pace: SeenPace,
}

/// A pace and when calls started under it.
#[derive(Debug, Clone, Default)]
struct SeenPace {
    pace: Option<Pace>,
    starts: Vec<Tick>,
    /// It was another one before: what was used then may hold calls longer than its starts tell.
    is_changed: bool,
}

impl Gateways {
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn see_settings(&mut self, event: &SettingsEvent) {
        match event {
            SettingsEvent::AgentPut { agent, pace, .. } => {
                self.agents.entry(agent.clone()).or_default().set(*pace);
            }
            SettingsEvent::AgentDeleted { agent } => {
                self.agents.remove(agent);
            }
            SettingsEvent::TypeChanged { call_type, pace, .. } => self.types[*call_type].set(*pace),
            SettingsEvent::GatePut { gate, settings, is_within_hours } => {
                let before = self.gates.remove(gate);
                let mut pace = before.map(|seen| seen.pace).unwrap_or_default();
                pace.set(settings.pace);
                let (settings, is_within_hours) = (GateSettings::clone(settings), *is_within_hours);
                self.gates.insert(gate.clone(), SeenGate { settings, is_within_hours, pace });
            }
            SettingsEvent::GateHours { gate, is_within_hours } => {
                let seen = self.gates.get_mut(gate).expect("hours are those of a gate");
                assert_ne!(seen.is_within_hours, *is_within_hours, "hours change: {event:?}");
                seen.is_within_hours = *is_within_hours;
            }
            SettingsEvent::GateDeleted { gate } => {
                self.gates.remove(gate).expect("a gate that is deleted was there");
            }
            SettingsEvent::LimitChanged { .. }
            | SettingsEvent::ReservationsChanged { .. }
            | SettingsEvent::AlertPut { .. }
            | SettingsEvent::AlertDeleted { .. } => {}
        }
    }

    /// Whether a call may start, as far as gates and paces are concerned, however late the starts before it were.
    pub(super) fn let_through<'a>(
        &self,
        call: &Call,
        active: &(impl Iterator<Item = &'a Call> + Clone),
        tick: Tick,
    ) -> bool {
        self.let_through_at(call, active, tick, 0)
    }

    /// Whether it may start, as far as gates and paces are concerned, if starts before it were late and that was forgiven.
    pub(super) fn may_let_through<'a>(
        &self,
        call: &Call,
        active: &(impl Iterator<Item = &'a Call> + Clone),
        tick: Tick,
    ) -> bool {
        self.let_through_at(call, active, tick, LATE_MS)
    }

    /// The same, if a start before it was up to `late_ms` late.
    fn let_through_at<'a>(
        &self,
        call: &Call,
        active: &(impl Iterator<Item = &'a Call> + Clone),
        tick: Tick,
        late_ms: u64,
    ) -> bool {
        let gates = call.request.gates.ids().iter().map(|id| (id, &self.gates[id]));
        let are_open = gates.clone().all(|(id, gate)| {
            let through = active.clone().filter(|it| it.request.gates.ids().contains(id)).count();
            let has_room = gate.settings.cap.is_none_or(|cap| through < cap as usize);
            has_room && !gate.settings.is_paused && gate.is_within_hours
        });
        let paces = [&self.agents[&call.request.agent], &self.types[call.request.call_type]];
        let paces = paces.into_iter().chain(gates.map(|(_, gate)| &gate.pace));
        are_open && paces.into_iter().all(|pace| pace.gives(tick, late_ms))
    }

    /// Whether a pace on a call's way was another one before, so that less is known of it.
    pub(super) fn is_unsure(&self, call: &Call) -> bool {
        let gates = call.request.gates.ids().iter().map(|id| &self.gates[id].pace);
        let own = [&self.agents[&call.request.agent], &self.types[call.request.call_type]];
        own.into_iter().chain(gates).any(|pace| pace.is_changed)
    }

    /// A call starts: through open gates, and no faster than any pace.
    pub(super) fn see_started<'a>(
        &mut self,
        call: &Call,
        active: &(impl Iterator<Item = &'a Call> + Clone),
        tick: Tick,
    ) {
        assert!(
            self.may_let_through(call, active, tick),
            "never-over-limit, of gates and paces: {call:?} at {tick:?}"
        );
        self.agents.get_mut(&call.request.agent).expect("its agent is there").note(tick);
        self.types[call.request.call_type].note(tick);
        for id in call.request.gates.ids() {
            self.gates.get_mut(id).expect("its gates are there").pace.note(tick);
        }
    }
}

impl SeenPace {
    fn set(&mut self, pace: Option<Pace>) {
        if self.pace != pace {
            let is_changed = self.pace.is_some() && pace.is_some();
            *self = Self { pace, starts: Vec::new(), is_changed };
        }
    }

    fn note(&mut self, tick: Tick) {
        self.starts.push(tick);
        if self.starts.len() > STARTS_KEPT {
            self.starts.remove(0);
        }
    }

    /// Whether one more start would stay within the pace over every span that ends with it, if each began up to `late_ms` late.
    fn gives(&self, tick: Tick, late_ms: u64) -> bool {
        let Some(Pace { starts, per_s, burst }) = self.pace else { return true };
        let token = u64::from(per_s) * 1_000;
        self.starts.iter().rev().zip(2..).all(|(from, count)| {
            let span_ms = tick.0.saturating_sub(from.0) + late_ms;
            count * token <= u64::from(burst) * token + u64::from(starts) * span_ms
        })
    }
}
