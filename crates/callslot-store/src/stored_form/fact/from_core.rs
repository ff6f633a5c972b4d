//! What is stored of an event.

use callslot_core::{
    AlertEvent, CallEvent, CallId, Counters, Event, GateFigures, LeaseEvent, Now, OrgEvent,
    SettingsEvent, SweepEvent, Tick,
};

use crate::stored_form::alert::{StoredClosing, StoredOpening, StoredRule};
use crate::stored_form::call::{StoredCall, distance};
use crate::stored_form::changed_by::StoredChangedBy;
use crate::stored_form::fact::{Fact, stored_sum};
use crate::stored_form::gate::{StoredGate, StoredPace, StoredPaceOf};
use crate::stored_form::names::Names;
use crate::stored_form::org_settings::StoredSettings;
use crate::stored_form::sweep::StoredSweep;
use crate::stored_form::waits::{StoredClassWaits, StoredSlots, StoredWaits};

impl<'a> Fact<'a> {
    pub(in crate::stored_form) fn from_core(
        event: &'a Event,
        now: Now,
        names: &mut Names<'a>,
    ) -> Self {
        match event {
            Event::Call(event) => Self::of_call(event, now, names),
            Event::EndsRemembered(calls, until) => {
                let remembered_for = distance(now.tick.0, until.0);
                match &calls[..] {
                    [call] => Self::EndRemembered { call: call.as_str(), remembered_for },
                    calls => {
                        let calls = calls.iter().map(CallId::as_str).collect();
                        Self::EndsRemembered { calls, remembered_for }
                    }
                }
            }
            Event::CallErased(call) => Self::CallErased { call: call.as_str() },
            Event::CallClaimed(claim) => {
                let call = StoredCall::active(&claim.call, now, names);
                match &claim.claimant {
                    Some(claimant) => {
                        Self::CallClaimedBy { call, claimant: names.number(claimant.as_str()) }
                    }
                    None => Self::CallClaimed(call),
                }
            }
            Event::CallAdopted(adoption) => Self::CallAdopted {
                call: StoredCall::live(&adoption.call, now, names),
                from: adoption.from.as_ref().map(|lease| names.number(lease.as_str())),
            },
            Event::Sweep(SweepEvent::Begun(sweep)) => {
                let gate = sweep.filter.gate.as_ref().map(|gate| names.number(gate.as_str()));
                let sweep = StoredSweep::from_core(sweep, names);
                match gate {
                    None => Self::SweepBegun(sweep),
                    Some(gate) => Self::GateSweepBegun { gate, sweep },
                }
            }
            Event::Sweep(SweepEvent::Done { number, ended }) => {
                Self::SweepDone { number: *number, ended: *ended }
            }
            Event::Settings(event) => Self::of_settings(event, names),
            Event::Alert(AlertEvent::Opened(opening)) => {
                Self::AlertOpened(StoredOpening::from_core(opening, names))
            }
            Event::Alert(AlertEvent::Closed(closing)) => {
                Self::AlertClosed(StoredClosing::from_core(closing, names))
            }
            Event::ChangedBy(event) => Self::ChangedBy(StoredChangedBy::from_core(event, names)),
            Event::Lease(event) => Self::of_lease(event, now, names),
            Event::Org(event) => Self::of_org(event, now, names),
        }
    }

    fn of_call(event: &'a CallEvent, now: Now, names: &mut Names<'a>) -> Self {
        match event {
            CallEvent::Queued(call) => Self::CallQueued(StoredCall::queued(call, now, names)),
            CallEvent::Started(call) => Self::CallStarted(StoredCall::active(call, now, names)),
            CallEvent::Ended(call) => Self::CallEnded(StoredCall::ended(call, now, names)),
            CallEvent::EndedAtOnce(call) => {
                Self::CallEndedAtOnce(StoredCall::ended(call, now, names))
            }
        }
    }

    fn of_org(event: &'a OrgEvent, now: Now, names: &mut Names<'a>) -> Self {
        match event {
            OrgEvent::Created(settings) => {
                Self::OrgCreated(StoredSettings::from_core(settings, names))
            }
            OrgEvent::Changed(settings) => {
                Self::OrgChanged(StoredSettings::from_core(settings, names))
            }
            OrgEvent::Deleted => Self::OrgDeleted,
            OrgEvent::CountersRestored(counters) => {
                let Counters { sequence, ticket, version } = **counters;
                let (sequence, ticket, version) = (sequence.0, ticket.0, version.0);
                Self::NumbersRestored { sequence, ticket, version }
            }
            OrgEvent::WaitsRestored(figures) => {
                Self::WaitsRestored(StoredWaits::from_core(figures, now))
            }
            OrgEvent::AgentWaitsRestored(agent, figures) => Self::AgentWaitsRestored {
                agent: names.number(agent.as_str()),
                classes: figures.0.map(|figures| StoredClassWaits::from_core(figures, now)),
            },
            OrgEvent::StartRestored(call, started) => Self::StartRestored {
                call: call.as_str(),
                ticks_ago: distance(started.0, now.tick.0),
            },
            OrgEvent::RequestsRestored(requested) => {
                let ticks_ago = |requested: &Tick| distance(requested.0, now.tick.0);
                Self::RequestsRestored { ticks_ago: requested.iter().map(ticks_ago).collect() }
            }
            OrgEvent::PaceRestored(of, due) => {
                Self::PaceRestored { of: StoredPaceOf::from_core(of, names), due: *due }
            }
            OrgEvent::GateRestored(gate, GateFigures { ended, held }) => {
                let gate = names.number(gate.as_str());
                let held = StoredSlots::from_core(*held, now);
                Self::GateRestored { gate, ended: *ended, held }
            }
        }
    }

    fn of_settings(event: &'a SettingsEvent, names: &mut Names<'a>) -> Self {
        match event {
            SettingsEvent::LimitChanged { plan, plan_limit, limit_override } => {
                Self::LimitChanged {
                    plan: names.number(plan.as_str()),
                    plan_limit: *plan_limit,
                    limit_override: *limit_override,
                }
            }
            SettingsEvent::AgentPut { agent, name, cap, pace } => {
                let (agent, cap) = (names.number(agent.as_str()), *cap);
                match pace.map(StoredPace::from) {
                    None => Self::AgentPut { agent, name, cap },
                    Some(pace) => Self::AgentPaced { agent, name, cap, pace },
                }
            }
            SettingsEvent::TypeChanged { call_type, cap, pace } => {
                let (call_type, cap) = ((*call_type).into(), *cap);
                match pace.map(StoredPace::from) {
                    None => Self::TypeCapChanged { call_type, cap },
                    Some(pace) => Self::TypePaced { call_type, cap, pace },
                }
            }
            SettingsEvent::GatePut { gate, settings, is_within_hours } => Self::GatePut {
                gate: names.number(gate.as_str()),
                settings: StoredGate::from_core(settings),
                is_within_hours: *is_within_hours,
            },
            SettingsEvent::GateHours { gate, is_within_hours } => {
                let gate = names.number(gate.as_str());
                Self::GateHours { gate, is_within_hours: *is_within_hours }
            }
            SettingsEvent::GateDeleted { gate } => {
                Self::GateDeleted { gate: names.number(gate.as_str()) }
            }
            SettingsEvent::AlertPut { alert, rule } => {
                let rule = StoredRule::from_core(rule, names);
                Self::AlertPut { alert: alert.as_str(), rule }
            }
            SettingsEvent::AlertDeleted { alert } => Self::AlertDeleted { alert: alert.as_str() },
            SettingsEvent::AgentDeleted { agent } => {
                Self::AgentDeleted { agent: names.number(agent.as_str()) }
            }
            SettingsEvent::ReservationsChanged { version, reservations } => {
                Self::ReservationsChanged {
                    version: version.0,
                    reservations: reservations
                        .iter()
                        .map(|(agent, reserved)| (names.number(agent.as_str()), reserved.0))
                        .collect(),
                }
            }
        }
    }

    fn of_lease(event: &'a LeaseEvent, now: Now, names: &mut Names<'a>) -> Self {
        match event {
            LeaseEvent::Opened { lease, ttl_ms, key } => {
                let (lease, ttl_ms) = (names.number(lease.as_str()), *ttl_ms);
                match key {
                    Some(key) => {
                        Self::LeaseOpenedBy { lease, ttl_ms, key: names.number(key.as_str()) }
                    }
                    None => Self::LeaseOpened { lease, ttl_ms },
                }
            }
            LeaseEvent::Ended { lease } => Self::LeaseEnded { lease: names.number(lease.as_str()) },
            LeaseEvent::PagesBegun { lease, first, is_in_doubt } => {
                let (lease, is_in_doubt) = (names.number(lease.as_str()), *is_in_doubt);
                match first.map(stored_sum) {
                    None if !is_in_doubt => Self::PagesBegun { lease },
                    first => Self::ListBegun { lease, first, is_in_doubt },
                }
            }
            LeaseEvent::PagesDecided { lease, last, until } => Self::PagesDecided {
                lease: names.number(lease.as_str()),
                last: stored_sum(*last),
                until: distance(now.tick.0, until.0),
            },
            LeaseEvent::PagesLost { lease, last, first } => {
                let (lease, last) = (names.number(lease.as_str()), last.map(stored_sum));
                match first.map(stored_sum) {
                    Some(first) => Self::ListLost { lease, last, first },
                    None => Self::PagesLost { lease, last },
                }
            }
        }
    }
}
