//! The event of a stored fact.

use std::sync::Arc;

use callslot_core::{
    Adoption, AlertId, CallEvent, CallId, Claim, Counters, Event, GateFigures, LeaseEvent,
    OrgEvent, PerType, Sequence, SettingsEvent, SweepEvent, Tick, Ticket, Version,
};

use crate::stored_form::call::{after, before};
use crate::stored_form::fact::{Fact, FormerCounters, sum_of};
use crate::stored_form::names::Context;
use crate::stored_form::version_and_checksum::Unreadable;

impl Fact<'_> {
    #[expect(clippy::too_many_lines, reason = "it is a table, with a row for each event")]
    pub(in crate::stored_form) fn into_core(
        self,
        context: &Context<'_>,
    ) -> Result<Event, Unreadable> {
        Ok(match self {
            Self::OrgCreated(settings) => {
                OrgEvent::Created(Box::new(settings.into_core(context)?)).into()
            }
            Self::OrgChanged(settings) => {
                OrgEvent::Changed(Box::new(settings.into_core(context)?)).into()
            }
            Self::OrgDeleted => OrgEvent::Deleted.into(),
            Self::LimitChanged { plan, plan_limit, limit_override } => {
                let plan = context.plans(plan)?;
                SettingsEvent::LimitChanged { plan, plan_limit, limit_override }.into()
            }
            Self::AgentPut { agent, name, cap } => {
                let agent = context.agents(agent)?;
                SettingsEvent::AgentPut { agent, name: Arc::from(name), cap, pace: None }.into()
            }
            Self::AgentPaced { agent, name, cap, pace } => {
                let (agent, name) = (context.agents(agent)?, Arc::from(name));
                let pace = Some(pace.into_core()?);
                SettingsEvent::AgentPut { agent, name, cap, pace }.into()
            }
            Self::TypeCapChanged { call_type, cap } => {
                let call_type = call_type.into();
                SettingsEvent::TypeChanged { call_type, cap, pace: None }.into()
            }
            Self::TypePaced { call_type, cap, pace } => {
                let (call_type, pace) = (call_type.into(), Some(pace.into_core()?));
                SettingsEvent::TypeChanged { call_type, cap, pace }.into()
            }
            Self::GatePut { gate, settings, is_within_hours } => {
                let (gate, settings) = (context.gates(gate)?, Box::new(settings.into_core()?));
                SettingsEvent::GatePut { gate, settings, is_within_hours }.into()
            }
            Self::GateHours { gate, is_within_hours } => {
                SettingsEvent::GateHours { gate: context.gates(gate)?, is_within_hours }.into()
            }
            Self::GateDeleted { gate } => {
                SettingsEvent::GateDeleted { gate: context.gates(gate)? }.into()
            }
            Self::PaceRestored { of, due } => {
                OrgEvent::PaceRestored(of.into_core(context)?, due).into()
            }
            Self::GateRestored { gate, ended, held } => {
                let figures = GateFigures { ended, held: held.into_core(context.now) };
                OrgEvent::GateRestored(context.gates(gate)?, figures).into()
            }
            Self::AlertPut { alert, rule } => {
                let (alert, rule) = (AlertId::kept(alert)?, Box::new(rule.into_core(context)?));
                SettingsEvent::AlertPut { alert, rule }.into()
            }
            Self::AlertDeleted { alert } => {
                SettingsEvent::AlertDeleted { alert: AlertId::kept(alert)? }.into()
            }
            Self::AlertOpened(opening) => opening.into_core(context)?.into(),
            Self::AlertClosed(closing) => closing.into_core(context)?.into(),
            Self::AgentDeleted { agent } => {
                SettingsEvent::AgentDeleted { agent: context.agents(agent)? }.into()
            }
            Self::ReservationsChanged { version, reservations } => {
                let reservations = reservations
                    .into_iter()
                    .map(|(agent, reserved)| Ok((context.agents(agent)?, PerType(reserved))))
                    .collect::<Result<_, Unreadable>>()?;
                SettingsEvent::ReservationsChanged { version: Version(version), reservations }
                    .into()
            }
            Self::CallQueued(call) => CallEvent::Queued(call.into_core(context)?).into(),
            Self::CallStarted(call) => CallEvent::Started(call.into_core(context)?).into(),
            Self::CallClaimed(call) => {
                Claim { call: call.into_core(context)?, claimant: None }.into()
            }
            Self::CallClaimedBy { call, claimant } => {
                let claimant = Some(context.claimants(claimant)?);
                Claim { call: call.into_core(context)?, claimant }.into()
            }
            Self::CallEnded(call) => CallEvent::Ended(call.into_core(context)?).into(),
            Self::CallEndedAtOnce(call) => CallEvent::EndedAtOnce(call.into_core(context)?).into(),
            Self::EndRemembered { call, remembered_for } => {
                let until = Tick(after(context.now.tick.0, remembered_for));
                Event::EndsRemembered(vec![CallId::kept(call)?], until)
            }
            Self::EndsRemembered { calls, remembered_for } => {
                let until = Tick(after(context.now.tick.0, remembered_for));
                let calls = calls.into_iter().map(CallId::kept).collect::<Result<_, _>>()?;
                Event::EndsRemembered(calls, until)
            }
            Self::CallErased { call } => Event::CallErased(CallId::kept(call)?),
            Self::CallAdopted { call, from } => {
                let from = from.map(|lease| context.leases(lease)).transpose()?;
                Adoption { call: call.into_core(context)?, from }.into()
            }
            Self::ChangedBy(by) => by.into_core(context)?.into(),
            Self::SweepBegun(sweep) => {
                SweepEvent::Begun(Box::new(sweep.into_core(None, context)?)).into()
            }
            Self::GateSweepBegun { gate, sweep } => {
                SweepEvent::Begun(Box::new(sweep.into_core(Some(gate), context)?)).into()
            }
            Self::SweepDone { number, ended } => SweepEvent::Done { number, ended }.into(),
            Self::LeaseOpened { lease, ttl_ms } => {
                LeaseEvent::Opened { lease: context.leases(lease)?, ttl_ms, key: None }.into()
            }
            Self::LeaseOpenedBy { lease, ttl_ms, key } => {
                let (lease, key) = (context.leases(lease)?, Some(context.keys(key)?));
                LeaseEvent::Opened { lease, ttl_ms, key }.into()
            }
            Self::LeaseEnded { lease } => {
                LeaseEvent::Ended { lease: context.leases(lease)? }.into()
            }
            Self::CountersRestored(FormerCounters { sequence, ticket, version, .. })
            | Self::NumbersRestored { sequence, ticket, version } => {
                let (sequence, ticket) = (Sequence(sequence), Ticket(ticket));
                let counters = Counters { sequence, ticket, version: Version(version) };
                OrgEvent::CountersRestored(Box::new(counters)).into()
            }
            Self::WaitsRestored(waits) => {
                OrgEvent::WaitsRestored(Box::new(waits.into_core(context.now))).into()
            }
            Self::AgentWaitsRestored { agent, classes } => {
                let figures = PerType(classes.map(|stored| stored.into_core(context.now)));
                OrgEvent::AgentWaitsRestored(context.agents(agent)?, Box::new(figures)).into()
            }
            Self::PagesBegun { lease } => {
                let lease = context.leases(lease)?;
                LeaseEvent::PagesBegun { lease, first: None, is_in_doubt: false }.into()
            }
            Self::ListBegun { lease, first, is_in_doubt } => {
                let (lease, first) = (context.leases(lease)?, first.map(sum_of));
                LeaseEvent::PagesBegun { lease, first, is_in_doubt }.into()
            }
            Self::PagesDecided { lease, last, until } => {
                let until = Tick(after(context.now.tick.0, until));
                let (lease, last) = (context.leases(lease)?, sum_of(last));
                LeaseEvent::PagesDecided { lease, last, until }.into()
            }
            Self::PagesLost { lease, last } => {
                let (lease, last) = (context.leases(lease)?, last.map(sum_of));
                LeaseEvent::PagesLost { lease, last, first: None }.into()
            }
            Self::ListLost { lease, last, first } => {
                let (last, first) = (last.map(sum_of), Some(sum_of(first)));
                LeaseEvent::PagesLost { lease: context.leases(lease)?, last, first }.into()
            }
            Self::StartRestored { call, ticks_ago } => {
                let started = Tick(before(context.now.tick.0, ticks_ago));
                OrgEvent::StartRestored(CallId::kept(call)?, started).into()
            }
            Self::RequestsRestored { ticks_ago } => {
                let requested = |ms| Tick(before(context.now.tick.0, ms));
                OrgEvent::RequestsRestored(ticks_ago.into_iter().map(requested).collect()).into()
            }
        })
    }
}
