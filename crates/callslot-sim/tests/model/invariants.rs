//! The named invariants of `docs/semantics.md`, judged from what the core shows and nothing else, and a note of which
//! corners were reached.

use std::collections::{BTreeSet, HashMap};

use callslot_core::{
    CallId, CallState, CallView, Event, OrgCommand, PoolView, Recorded, Rejection, Reply, Ticket,
};

/// What a hundred random runs must have met.
pub const CORNERS: &[&str] = &[
    "completed",
    "canceled",
    "lease_expired",
    "reconciled",
    "max_duration",
    "max_wait",
    "unclaimed",
    "shared_full",
    "limit",
    "agent_cap",
    "settling",
    "started at once on a reserved slot",
    "started at once on a shared slot",
    "dispatched",
    "came back to the queue",
    "claimed",
    "repeated",
    "estimated",
    "UnknownAgent",
    "AgentInUse",
    "AgentNamedTwice",
    "ReservationsExceedLimit",
    "ReservationsExceedCap",
    "CapBelowReservations",
    "LimitBelowReservations",
    "VersionMismatch",
    "UnknownCall",
    "CallIdTaken",
    "CallNotDispatched",
    "CallHasEnded",
    "QueueFull",
    "UnknownLease",
    "LeaseExists",
];

#[derive(Default)]
pub struct Invariants {
    /// The pool after the last step.
    before: Option<PoolView>,
    /// Accepted calls that have not ended, by ticket, which is unique where ids are not.
    live: HashMap<Ticket, CallId>,
    reached: BTreeSet<String>,
}

impl Invariants {
    pub fn check_command(
        &mut self,
        command: &OrgCommand,
        reply: &Result<Reply, Rejection>,
        events: &[Recorded],
    ) {
        match reply {
            Err(rejection) => {
                let name = format!("{rejection:?}");
                self.reach(name.split([' ', '{']).next().expect("a name"));
            }
            Ok(Reply::Call { is_new: false, .. })
                if matches!(command, OrgCommand::StartCall(_)) =>
            {
                self.reach("repeated");
            }
            Ok(_) => {}
        }
        if matches!(
            command,
            OrgCommand::SetReservations { .. }
                | OrgCommand::PutAgent { .. }
                | OrgCommand::ChangeOrg(_)
        ) {
            never_interrupt(events);
        }
        self.check_events(events);
    }

    pub fn check_expiry(&mut self, events: &[Recorded]) {
        self.check_events(events);
    }

    fn check_events(&mut self, events: &[Recorded]) {
        for recorded in events {
            let (Event::CallQueued(call)
            | Event::CallStarted(call)
            | Event::CallClaimed(call)
            | Event::CallEnded(call)) = &recorded.event
            else {
                continue;
            };
            self.nothing_lost(call.request.ticket, &call.request.id, &call.state);
            match (&recorded.event, &call.state) {
                (Event::CallClaimed(_), _) => self.reach("claimed"),
                (_, CallState::Queued { misses: 1.. }) => self.reach("came back to the queue"),
                (_, CallState::Active { dispatched: Some(_), .. }) => self.reach("dispatched"),
                (_, CallState::Active { slot: callslot_core::SlotKind::Reserved, .. }) => {
                    self.reach("started at once on a reserved slot");
                }
                (_, CallState::Active { .. }) => self.reach("started at once on a shared slot"),
                (_, CallState::Ended { reason, .. }) => self.reach(reason.as_str()),
                (_, CallState::Queued { .. }) => {}
            }
        }
    }

    /// Every accepted call has exactly one end, or is still queued or active.
    fn nothing_lost(&mut self, ticket: Ticket, id: &CallId, state: &CallState) {
        match state {
            CallState::Ended { .. } => {
                assert_eq!(
                    self.live.remove(&ticket).as_ref(),
                    Some(id),
                    "nothing-lost: {id} ended twice"
                );
            }
            CallState::Queued { .. } | CallState::Active { .. } => {
                self.live.insert(ticket, id.clone());
            }
        }
    }

    /// Judges the state after a step.
    pub fn check_state(&mut self, pool: &PoolView, live: &[CallView]) {
        assert_eq!(live.len(), self.live.len(), "nothing-lost");
        for view in live {
            assert!(self.live.contains_key(&view.call.request.ticket), "nothing-lost");
            if let Some(wait) = view.wait {
                self.reach(wait.blocked_on.as_str());
                if wait.estimated_ms.is_some() {
                    self.reach("estimated");
                }
            }
        }
        if let Some(before) = self.before.replace(pool.clone()) {
            never_over_limit(&before, pool);
            exclusive(&before, pool);
        }
        for view in live.iter().filter(|view| view.call.is_queued()) {
            work_conserving(pool, view);
            guarantee(pool, view);
        }
        fifo(live);
    }

    fn reach(&mut self, corner: &str) {
        if !self.reached.contains(corner) {
            self.reached.insert(corner.to_owned());
        }
    }

    pub fn into_reached(self) -> BTreeSet<String> {
        self.reached
    }
}

/// No change of configuration ends an active call or drops a queued one.
fn never_interrupt(events: &[Recorded]) {
    let ended = events.iter().any(|recorded| matches!(recorded.event, Event::CallEnded(_)));
    assert!(!ended, "never-interrupt");
}

/// No call is started while as many are active as the limit allows.
fn never_over_limit(before: &PoolView, now: &PoolView) {
    assert!(now.active <= now.limit.max(before.active), "never-over-limit: {now:?}");
}

/// No shared slot is given beyond the shared pool.
fn exclusive(before: &PoolView, now: &PoolView) {
    let over = |pool: &PoolView| pool.shared_in_use.saturating_sub(pool.shared_size);
    let has_changed_settings = before.version != now.version || before.limit != now.limit;
    assert!(has_changed_settings || over(now) <= over(before), "exclusive: {now:?}");
}

/// At rest no queued call is admissible.
fn work_conserving(pool: &PoolView, view: &CallView) {
    let request = &view.call.request;
    let agent =
        pool.agents.iter().find(|agent| agent.id == request.agent).expect("its agent exists");
    let class = agent.types[request.call_type];
    let is_capped = agent.cap.is_some_and(|cap| agent.active >= cap);
    let has_slot = class.active < class.reserved || pool.shared_in_use < pool.shared_size;
    assert!(pool.active >= pool.limit || is_capped || !has_slot, "work-conserving: {view:?}");
}

/// A class below its reservation, and below its agent's cap, has nobody waiting unless the organisation is settling.
fn guarantee(pool: &PoolView, view: &CallView) {
    let request = &view.call.request;
    let agent =
        pool.agents.iter().find(|agent| agent.id == request.agent).expect("its agent exists");
    let class = agent.types[request.call_type];
    let is_capped = agent.cap.is_some_and(|cap| agent.active >= cap);
    assert!(
        class.active >= class.reserved || is_capped || pool.settling > 0,
        "guarantee: {view:?}"
    );
}

/// Within a class no call that is queued came before one that was dispatched and is active, except one that came back.
fn fifo(live: &[CallView]) {
    for waiting in
        live.iter().filter(|view| matches!(view.call.state, CallState::Queued { misses: 0 }))
    {
        let class =
            |view: &CallView| (view.call.request.agent.clone(), view.call.request.call_type);
        let overtook = live.iter().find(|view| {
            view.call.is_active()
                && class(view) == class(waiting)
                && view.call.request.ticket > waiting.call.request.ticket
        });
        assert!(overtook.is_none(), "fifo: {overtook:?} overtook {waiting:?}");
    }
}
