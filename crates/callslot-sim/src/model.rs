//! The rules of `docs/semantics.md` for a shard of several organisations, told with lists and scans.
//!
//! [`Model::decide`] says what a command must be answered, [`Model::expected_events`] what it must lead to. It keeps no
//! log and decides nothing about storage. Start reading at [`Model::decide`]; the rules of one organisation are in
//! `model/org.rs`.

mod actors;
mod alert_lists;
mod alerts;
mod bucket;
mod calls;
mod gate;
mod gates;
mod leases;
mod org;
mod paging;
mod pending_sweep;
mod preview;
mod reconcile;
mod settings;
mod slots;
mod sweeps;
#[cfg(test)]
mod tests;
mod wait_estimate;
mod wait_figures;

use std::collections::BTreeMap;

use callslot_core::limits::{Bounds, DEFAULT_LEASE_TTL_MS};
use callslot_core::{
    AgentId, AlertClosing, AlertView, Call, CallId, CallView, Capped, Command, GateId, GateView,
    LeaseId, LeaseSum, Now, OrgCommand, OrgId, OrgSettings, PerType, PlanId, PoolView, Recorded,
    Rejection, Reply, ReservationsPreview, SetPlanLimit, Tick, WhyUnknown,
};

use crate::model::org::OrgModel;

/// A shard, as the rules say it is.
#[derive(Debug)]
pub struct Model {
    orgs: BTreeMap<OrgId, OrgModel>,
    /// Organisations that were removed; one that is founded anew goes on counting where the old one was.
    removed: BTreeMap<OrgId, OrgModel>,
    expected: Vec<Recorded>,
    bounds: Bounds,
}

impl Default for Model {
    fn default() -> Self {
        Self::with_bounds(Bounds {
            step_events: 128,
            lane_moves: 2_000,
            looks: 20_000,
            reconciled_looks: 10_000,
            queued_metadata_bytes: 256 * 1_024 * 1_024,
            ended_text_bytes: 32 * 1_024 * 1_024,
            agents: 10_000,
            alerts: 100,
            past_alerts: 500,
            gates: 10_000,
            lanes: 100_000,
            leases: 20_000,
            leases_of_key: 10_000,
            paged_calls: 100_000,
            paged_bytes: 64 * 1_024 * 1_024,
        })
    }
}

impl Model {
    /// A shard without organisations that has these bounds.
    #[must_use]
    pub fn with_bounds(bounds: Bounds) -> Self {
        Self { orgs: BTreeMap::new(), removed: BTreeMap::new(), expected: Vec::new(), bounds }
    }

    /// What `command` must be answered at `now`. Afterwards [`Model::expected_events`] has what it must lead to.
    ///
    /// # Errors
    /// The refusal it must get; then nothing has changed.
    pub fn decide(&mut self, now: Now, command: &Command) -> Result<Reply, Rejection> {
        if let Command::By(actor, command) = command {
            let before = self.before();
            let reply = self.decide(now, command);
            self.sign(actor, &before);
            return reply;
        }
        self.expected.clear();
        let reply = match command {
            Command::Org(id, OrgCommand::CreateOrg(settings)) => self.create_org(id, settings),
            Command::Org(id, OrgCommand::DeleteOrg) => self.delete_org(id),
            Command::Org(id, command) => match self.orgs.get_mut(id) {
                Some(org) => org.decide(now, command),
                None => Err(Rejection::UnknownOrg { org: id.clone() }),
            },
            Command::SetPlanLimit(SetPlanLimit { plan, limit }) => {
                self.set_plan_limit(now, plan, *limit)
            }
            Command::By(..) => unreachable!("it was decided above"),
            Command::ExpireDue => {
                self.expire_due(now);
                Ok(Reply::Done)
            }
            Command::TakeStep => {
                self.take_step(now);
                Ok(Reply::Done)
            }
        };
        for org in self.orgs.values_mut() {
            self.expected.append(&mut org.news);
        }
        reply
    }

    /// What the last command must have led to. Where [`Command::ExpireDue`] or [`Command::TakeStep`] touches several organisations, each one's
    /// events are in order, and no order is meant between the organisations.
    #[must_use]
    pub fn expected_events(&self) -> &[Recorded] {
        &self.expected
    }

    /// A restart: every lease has its whole TTL from `tick` on, and nothing expires for one default TTL.
    pub fn resume(&mut self, tick: Tick) {
        let grace_until = tick.after_ms(DEFAULT_LEASE_TTL_MS);
        for org in self.orgs.values_mut() {
            org.grace_until = grace_until;
            org.resume(tick);
        }
    }

    /// When something runs out next.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Tick> {
        self.orgs.values().filter_map(OrgModel::next_deadline).min()
    }

    /// Whether an earlier command has left something to do in any organisation.
    #[must_use]
    pub fn has_steps_left(&self) -> bool {
        self.orgs.values().any(|org| org.has_steps_left)
    }

    /// Whether nothing is left to do in an organisation, so that nobody waits who could be started.
    #[must_use]
    pub fn is_at_rest(&self, org: &OrgId) -> bool {
        self.orgs.get(org).is_none_or(|org| !org.has_steps_left)
    }

    /// The organisations there are, by id.
    #[must_use]
    pub fn orgs(&self) -> Vec<OrgId> {
        self.orgs.keys().cloned().collect()
    }

    /// An organisation's settings.
    #[must_use]
    pub fn settings(&self, org: &OrgId) -> Option<&OrgSettings> {
        self.orgs.get(org).map(|org| &org.settings)
    }

    /// An organisation's pool.
    #[must_use]
    pub fn pool(&self, org: &OrgId, now: Now) -> Option<PoolView> {
        self.orgs.get(org).map(|org| org.pool(now))
    }

    /// The ids of an organisation's gates, in the order in which they were created.
    #[must_use]
    pub fn gate_ids(&self, org: &OrgId) -> Vec<GateId> {
        let gates = self.orgs.get(org).into_iter().flat_map(|org| &org.gates);
        gates.map(|gate| gate.id.clone()).collect()
    }

    /// An organisation's gates, by id.
    #[must_use]
    pub fn gates(&self, org: &OrgId, now: Now) -> Vec<GateView> {
        self.orgs.get(org).map_or_else(Vec::new, |org| org.gate_views(now))
    }

    /// An organisation's alerts: the rules by id, then what is open without one.
    #[must_use]
    pub fn alerts(&self, org: &OrgId, now: Now) -> Vec<AlertView> {
        self.orgs.get(org).map_or_else(Vec::new, |org| org.alert_views(now))
    }

    /// The alerts of an organisation that closed, the last first.
    #[must_use]
    pub fn past_alerts(&self, org: &OrgId) -> Vec<AlertClosing> {
        self.orgs.get(org).map_or_else(Vec::new, OrgModel::past_alerts)
    }

    /// What replacing reservations in an organisation would lead to, or how it would be refused.
    #[must_use]
    pub fn preview(
        &self,
        org: &OrgId,
        reservations: &[(AgentId, PerType<u32>)],
        tick: Tick,
    ) -> Option<Result<ReservationsPreview, Rejection>> {
        self.orgs.get(org).map(|org| org.preview(reservations, tick))
    }

    /// What an organisation's agents and types may have caps on, and how much is reserved for each.
    #[must_use]
    pub fn reserved(&self, org: &OrgId) -> Vec<(Capped, u32)> {
        self.orgs.get(org).map_or_else(Vec::new, OrgModel::reserved)
    }

    /// A call that is live, or ended and still remembered.
    #[must_use]
    pub fn call(&self, org: &OrgId, call: &CallId, now: Now) -> Option<CallView> {
        self.orgs.get(org)?.known_call(call, now)
    }

    /// Why no call has this id that is live or remembered.
    #[must_use]
    pub fn why_none(&self, org: &OrgId, call: &CallId, now: Now) -> WhyUnknown {
        self.orgs.get(org).map_or(WhyUnknown::NeverKnown, |org| org.why_none(call, now.tick))
    }

    /// All queued and active calls of an organisation, by ticket.
    #[must_use]
    pub fn live_calls(&self, org: &OrgId, now: Now) -> Vec<CallView> {
        self.orgs.get(org).map_or_else(Vec::new, |org| org.live_views(now))
    }

    /// An organisation's queued and active calls, by ticket.
    #[must_use]
    pub fn live(&self, org: &OrgId) -> &[Call] {
        self.orgs.get(org).map_or(&[], |org| &org.live)
    }

    /// An organisation's ended calls, remembered or forgotten, in the order in which they ended.
    #[must_use]
    pub fn ended(&self, org: &OrgId) -> &[Call] {
        self.orgs.get(org).map_or(&[], |org| &org.ended)
    }

    /// The ids of an organisation's ended calls, remembered or forgotten.
    #[must_use]
    pub fn ended_ids(&self, org: &OrgId) -> Vec<CallId> {
        self.orgs.get(org).map_or_else(Vec::new, OrgModel::ended_ids)
    }

    /// An organisation's open leases, in the order in which they were opened.
    #[must_use]
    pub fn open_leases(&self, org: &OrgId) -> Vec<LeaseId> {
        self.orgs.get(org).map_or_else(Vec::new, OrgModel::lease_ids)
    }

    /// What an engine that knows all its active calls would say of them.
    #[must_use]
    pub fn lease_sum(&self, org: &OrgId, lease: &LeaseId) -> LeaseSum {
        self.orgs.get(org).map_or_else(LeaseSum::default, |org| org.lease_sum(lease))
    }

    /// What a lease's next page may name as the one before; none: no page has come.
    #[must_use]
    pub fn page_cursor(&self, org: &OrgId, lease: &LeaseId) -> Option<u64> {
        self.orgs.get(org)?.cursor(lease)
    }

    fn create_org(&mut self, id: &OrgId, settings: &OrgSettings) -> Result<Reply, Rejection> {
        if self.orgs.contains_key(id) {
            return Err(Rejection::OrgExists { org: id.clone() });
        }
        let mut org = OrgModel::new(id.clone(), settings.clone(), self.removed.remove(id));
        org.bounds = self.bounds;
        org.found();
        let created = org.summary();
        self.orgs.insert(id.clone(), org);
        Ok(Reply::Org(created))
    }

    fn delete_org(&mut self, id: &OrgId) -> Result<Reply, Rejection> {
        let org = self.orgs.get_mut(id).ok_or_else(|| Rejection::UnknownOrg { org: id.clone() })?;
        org.close()?;
        let mut org = self.orgs.remove(id).expect("an organisation that was closed is listed");
        self.expected.append(&mut org.news);
        self.removed.insert(id.clone(), org);
        Ok(Reply::Done)
    }

    /// Whether all organisations on a plan would take this limit of it.
    ///
    /// # Errors
    /// [`Rejection`] of the first that would not.
    pub fn check_plan_limit(&self, plan: &PlanId, limit: u32) -> Result<(), Rejection> {
        let mut of_plan = self.orgs.values().filter(|org| org.settings.plan == *plan);
        of_plan.try_for_each(|org| org.check_limit(org.settings.limit_override.unwrap_or(limit)))
    }

    fn set_plan_limit(&mut self, now: Now, plan: &PlanId, limit: u32) -> Result<Reply, Rejection> {
        self.check_plan_limit(plan, limit)?;
        let mut room = self.bounds.step_events;
        for org in self.orgs.values_mut().filter(|org| org.settings.plan == *plan) {
            org.take_plan_limit(limit);
            let itself = org.news.len();
            if itself > 0 && !org.has_steps_left {
                org.go_on(now, itself + room);
            }
            room -= org.news.len() - itself;
        }
        Ok(Reply::Done)
    }

    /// Where something is due it expires; organisations share what one step may be.
    fn expire_due(&mut self, now: Now) {
        let next = self.orgs.iter().filter_map(|(id, org)| Some((org.next_deadline()?, id)));
        let mut due: Vec<(Tick, OrgId)> =
            next.filter(|(at, _)| *at <= now.tick).map(|(at, id)| (at, id.clone())).collect();
        due.sort();
        due.truncate(self.bounds.step_events);
        for (_, id) in &due {
            let org = self.orgs.get_mut(id).expect("nothing due removes an organisation");
            org.expire_due(now, self.bounds.step_events / due.len());
        }
    }

    /// Where something is left to do some of it is done; organisations share what one step may be.
    fn take_step(&mut self, now: Now) {
        let unfinished = self.orgs.values_mut().filter(|org| org.has_steps_left);
        let mut unfinished: Vec<&mut OrgModel> = unfinished.collect();
        unfinished.truncate(self.bounds.step_events);
        let share = self.bounds.step_events / unfinished.len().max(1);
        for org in unfinished {
            org.go_on(now, share);
        }
    }
}
