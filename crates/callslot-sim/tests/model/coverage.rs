//! Which rules the random steps have met.

use std::collections::BTreeSet;

use callslot_core::{
    AgentView, AlertEvent, BlockedBy, BlockedOn, CallEvent, CallView, Capped, Command, EndReason,
    Event, LeaseEvent, LiveState, OrgCommand, OrgEvent, PoolView, Recorded, Rejection, RenewLease,
    Reply, SettingsEvent, SlotKind, SweepEvent, WhyClosed,
};
use callslot_sim::previews::Previewed;

/// What the fixed cases must reach: every refusal but [`Rejection::LeaseFull`] and [`Rejection::TooManySweeps`], every reason, every way to be blocked.
pub const RULES: &[&str] = &[
    "a change that says who made it",
    "UnknownOrg",
    "OrgExists",
    "OrgInUse",
    "UnknownAgent",
    "AgentInUse",
    "UnknownGate",
    "UnknownAlert",
    "BuiltInAlert",
    "TooManyAlerts",
    "GateInUse",
    "TooManyGates",
    "TooManyLanes",
    "AgentNamedTwice",
    "ReservationsExceedLimit",
    "ReservationsExceedCap",
    "CapBelowReservations",
    "LimitBelowReservations",
    "LimitBelowReservations for a plan",
    "VersionMismatch",
    "UnknownCall",
    "CallIdTaken",
    "HeldByOtherLease",
    "ClaimedByOther",
    "NoClaimDue",
    "CallNotDispatched",
    "CallHasEnded",
    "CallIsLive",
    "erased",
    "QueueFull",
    "QueuedMetadataFull",
    "UnknownLease",
    "LeaseExists",
    "TooManyAgents",
    "TooManyLeases",
    "TooManyLeasesOfKey",
    "ListTooLong",
    "TooManyPages",
    "a page kept",
    "a page that follows another",
    "pages lost in a restart",
    "pages decided",
    "completed",
    "canceled",
    "lease_expired",
    "reconciled",
    "max_duration",
    "max_wait",
    "unclaimed",
    "declined",
    "shared_full",
    "limit",
    "nothing_shared",
    "agent_cap",
    "type_cap",
    "gate_cap",
    "gate_paused",
    "gate_hours",
    "paced",
    "paced by an agent",
    "paced by a type",
    "paced by a gate",
    "hours began or ended",
    "an alert opened",
    "an alert closed as its figure was low",
    "an alert closed as its rule changed",
    "an alert closed as its rule was deleted",
    "dispatched at a pace",
    "dispatched through gates",
    "came back to a gate",
    "settling",
    "a type's reservations exceed its cap",
    "a type's cap below its reservations",
    "nothing shared under a cap of 0",
    "a cap that holds shared calls alone",
    "settling although below the limit",
    "started on a reserved slot",
    "started on a shared slot",
    "dispatched to a reserved slot",
    "dispatched to a shared slot",
    "came back to the queue",
    "came back twice",
    "claimed",
    "an end remembered",
    "several ends remembered at once",
    "a sweep that ended nothing",
    "a sweep that ended calls",
    "ended before it came",
    "ended as it could not start at once",
    "an active call adopted",
    "a queued call adopted",
    "a call without a lease adopted",
    "repeated while live",
    "repeated after the end",
    "wait estimated",
    "wait that nothing tells",
    "asked to reconcile",
    "beliefs agree about calls",
    "unknown to the server",
    "several ends in one expiry",
    "steps left",
    "a start behind steps that are left",
    "restarted with steps left",
    "dispatched by a change of settings",
    "a plan's limit changed in two organisations",
    "founded",
    "removed",
    "founded again",
    "restarted from the log",
    "restarted from a snapshot",
    "clock set back",
    "clock set forward",
    "a preview that does not fit",
    "a preview in which calls start",
    "a preview in which calls start and others still wait",
    "a preview in which calls may wait longer",
    "a preview that settles",
];

#[derive(Debug, Default)]
pub struct Coverage {
    reached: BTreeSet<&'static str>,
}

impl Coverage {
    pub fn reach(&mut self, rule: &'static str) {
        self.reached.insert(rule);
    }

    pub fn into_reached(self) -> BTreeSet<&'static str> {
        self.reached
    }

    pub fn note_answer(
        &mut self,
        command: &Command,
        reply: &Result<Reply, Rejection>,
        events: &[Recorded],
    ) {
        if command.actor().is_some() && events.len() > 1 {
            self.reach("a change that says who made it");
        }
        let command = command.itself();
        match reply {
            Err(rejection) => {
                self.reach(name_of(rejection));
                let is_plan = matches!(command, Command::SetPlanLimit(_));
                if is_plan {
                    self.reach("LimitBelowReservations for a plan");
                }
            }
            Ok(reply) => self.note_reply(command, reply),
        }
        for recorded in events {
            self.note_event(&recorded.event);
        }
        let count = |is_kind: fn(&Event) -> bool| {
            events.iter().filter(|recorded| is_kind(&recorded.event)).count()
        };
        if matches!(command, Command::SetPlanLimit(_))
            && count(|event| matches!(event, Event::Settings(SettingsEvent::LimitChanged { .. })))
                > 1
        {
            self.reach("a plan's limit changed in two organisations");
        }
        let is_only_starts = |event: &Event| matches!(event, Event::Call(CallEvent::Started(_)));
        if matches!(command, Command::ExpireDue)
            && events.first().is_some_and(|first| is_only_starts(&first.event))
        {
            self.reach("dispatched at a pace");
        }
        if matches!(command, Command::ExpireDue)
            && count(|event| matches!(event, Event::Call(CallEvent::Ended(_)))) > 1
        {
            self.reach("several ends in one expiry");
        }
        if matches!(
            command,
            Command::SetPlanLimit(_)
                | Command::Org(
                    _,
                    OrgCommand::ChangeOrg(_)
                        | OrgCommand::PutAgent(_)
                        | OrgCommand::SetType(_)
                        | OrgCommand::PutGate(_)
                        | OrgCommand::SetWithinHours(_)
                        | OrgCommand::SetReservations(_)
                )
        ) && count(|event| matches!(event, Event::Call(CallEvent::Started(_)))) > 0
        {
            self.reach("dispatched by a change of settings");
        }
    }

    pub fn note_preview(&mut self, previewed: &Previewed) {
        let Ok(preview) = previewed else { return self.reach("a preview that does not fit") };
        let mut reach_if = |rule, is_so| {
            if is_so {
                self.reach(rule);
            }
        };
        let (starts, waits) = (!preview.starts.is_empty(), !preview.waits_longer.is_empty());
        reach_if("a preview in which calls start", starts);
        reach_if("a preview in which calls start and others still wait", starts && waits);
        reach_if("a preview in which calls may wait longer", waits);
        reach_if("a preview that settles", preview.settling > 0);
    }

    pub fn note_state(&mut self, pool: &PoolView, live: &[CallView]) {
        if pool.settling > 0 && pool.active < pool.limit {
            self.reach("settling although below the limit");
        }
        let holds_shared = |agent: &AgentView| agent.cap.is_some_and(|cap| agent.active < cap);
        let is_held = |view: &CallView| {
            view.wait.is_some_and(|wait| wait.blocked_on == BlockedOn::AgentCap)
                && pool
                    .agents
                    .iter()
                    .any(|agent| agent.id == view.call.request.agent && holds_shared(agent))
        };
        if live.iter().any(is_held) {
            self.reach("a cap that holds shared calls alone");
        }
        for wait in live.iter().filter_map(|view| view.wait) {
            self.reach(wait.blocked_on.as_str());
            if wait.blocked_on == BlockedOn::NothingShared && wait.blocked_by.is_some() {
                self.reach("nothing shared under a cap of 0");
            }
            match wait.blocked_by.filter(|_| wait.blocked_on == BlockedOn::Paced) {
                Some(BlockedBy::Agent) => self.reach("paced by an agent"),
                Some(BlockedBy::Type) => self.reach("paced by a type"),
                Some(BlockedBy::Gate(_)) => self.reach("paced by a gate"),
                None => {}
            }
            self.reach(match wait.estimated_ms {
                Some(_) => "wait estimated",
                None => "wait that nothing tells",
            });
        }
    }

    fn note_reply(&mut self, command: &Command, reply: &Reply) {
        match reply {
            Reply::Call { call, is_new: false }
                if matches!(command, Command::Org(_, OrgCommand::StartCall(_))) =>
            {
                self.reach(if call.call.is_ended() {
                    "repeated after the end"
                } else {
                    "repeated while live"
                });
            }
            Reply::Lease { reconcile: true, .. } => self.reach("asked to reconcile"),
            Reply::Lease { .. } => {
                if let Command::Org(_, OrgCommand::RenewLease(RenewLease { sum: Some(sum), .. })) =
                    command
                    && sum.count > 0
                {
                    self.reach("beliefs agree about calls");
                }
            }
            Reply::PageKept { .. } => {
                self.reach("a page kept");
                if let Command::Org(_, OrgCommand::ReconcileLease(page)) = command
                    && page.cursor.is_some()
                {
                    self.reach("a page that follows another");
                }
            }
            Reply::Reconciled { unknown, .. } if !unknown.is_empty() => {
                self.reach("unknown to the server");
            }
            Reply::Done
            | Reply::Org(_)
            | Reply::Agent { .. }
            | Reply::Gate { .. }
            | Reply::Reservations(_)
            | Reply::Call { .. }
            | Reply::EndRemembered
            | Reply::Sweep { .. }
            | Reply::PagesLost
            | Reply::Alert { .. }
            | Reply::Reconciled { .. } => {}
        }
    }

    fn note_event(&mut self, event: &Event) {
        match event {
            Event::Org(OrgEvent::Created(_)) => {
                let was_removed = self.reached.contains("removed");
                self.reach(if was_removed { "founded again" } else { "founded" });
            }
            Event::Org(OrgEvent::Deleted) => self.reach("removed"),
            Event::Lease(LeaseEvent::PagesDecided { .. }) => self.reach("pages decided"),
            Event::Lease(LeaseEvent::PagesLost { .. }) => self.reach("pages lost in a restart"),
            Event::CallClaimed(_) => self.reach("claimed"),
            Event::CallAdopted(adoption) => {
                self.reach(match adoption.call.state {
                    LiveState::Active(_) => "an active call adopted",
                    LiveState::Queued(_) => "a queued call adopted",
                });
                if adoption.from.is_none() {
                    self.reach("a call without a lease adopted");
                }
            }
            Event::Call(event) => self.note_call(event),
            Event::CallErased(_) => self.reach("erased"),
            Event::EndsRemembered(calls, _) => self.reach(match calls.len() {
                1 => "an end remembered",
                _ => "several ends remembered at once",
            }),
            Event::Sweep(SweepEvent::Done { ended, .. }) => self.reach(match ended {
                0 => "a sweep that ended nothing",
                _ => "a sweep that ended calls",
            }),
            Event::Settings(SettingsEvent::GateHours { .. }) => self.reach("hours began or ended"),
            Event::Alert(AlertEvent::Opened(_)) => self.reach("an alert opened"),
            Event::Alert(AlertEvent::Closed(closing)) => self.reach(match closing.why {
                WhyClosed::Recovered => "an alert closed as its figure was low",
                WhyClosed::RuleChanged => "an alert closed as its rule changed",
                WhyClosed::RuleDeleted => "an alert closed as its rule was deleted",
            }),
            Event::Sweep(SweepEvent::Begun(_))
            | Event::Settings(_)
            | Event::ChangedBy(_)
            | Event::Lease(_)
            | Event::Org(_) => {}
        }
    }

    fn note_call(&mut self, event: &CallEvent) {
        match event {
            CallEvent::Queued(call) => match call.state.misses {
                0 => {}
                1 if !call.request.gates.is_empty() => self.reach("came back to a gate"),
                1 => self.reach("came back to the queue"),
                _ => self.reach("came back twice"),
            },
            CallEvent::Started(call) => {
                if call.state.dispatched.is_some() && !call.request.gates.is_empty() {
                    self.reach("dispatched through gates");
                }
                self.reach(match (call.state.slot, call.state.dispatched) {
                    (SlotKind::Reserved, None) => "started on a reserved slot",
                    (SlotKind::Shared, None) => "started on a shared slot",
                    (SlotKind::Reserved, Some(_)) => "dispatched to a reserved slot",
                    (SlotKind::Shared, Some(_)) => "dispatched to a shared slot",
                });
            }
            CallEvent::Ended(call) => self.reach(call.state.reason.as_str()),
            CallEvent::EndedAtOnce(call) => self.reach(match call.state.reason {
                EndReason::MaxWait => "ended as it could not start at once",
                EndReason::Completed
                | EndReason::Canceled
                | EndReason::LeaseExpired
                | EndReason::Reconciled
                | EndReason::MaxDuration
                | EndReason::Unclaimed
                | EndReason::Declined => "ended before it came",
            }),
        }
    }
}

fn name_of(rejection: &Rejection) -> &'static str {
    match rejection {
        Rejection::UnknownOrg { .. } => "UnknownOrg",
        Rejection::OrgExists { .. } => "OrgExists",
        Rejection::OrgInUse { .. } => "OrgInUse",
        Rejection::UnknownAgent { .. } => "UnknownAgent",
        Rejection::AgentInUse { .. } => "AgentInUse",
        Rejection::UnknownGate { .. } => "UnknownGate",
        Rejection::UnknownAlert { .. } => "UnknownAlert",
        Rejection::BuiltInAlert { .. } => "BuiltInAlert",
        Rejection::TooManyAlerts { .. } => "TooManyAlerts",
        Rejection::GateInUse { .. } => "GateInUse",
        Rejection::TooManyGates { .. } => "TooManyGates",
        Rejection::TooManyLanes { .. } => "TooManyLanes",
        Rejection::AgentNamedTwice { .. } => "AgentNamedTwice",
        Rejection::ReservationsExceedLimit { .. } => "ReservationsExceedLimit",
        Rejection::ReservationsExceedCap { of: Capped::Agent(_), .. } => "ReservationsExceedCap",
        Rejection::ReservationsExceedCap { of: Capped::Type(_), .. } => {
            "a type's reservations exceed its cap"
        }
        Rejection::CapBelowReservations { of: Capped::Agent(_), .. } => "CapBelowReservations",
        Rejection::CapBelowReservations { of: Capped::Type(_), .. } => {
            "a type's cap below its reservations"
        }
        Rejection::LimitBelowReservations { .. } => "LimitBelowReservations",
        Rejection::VersionMismatch { .. } => "VersionMismatch",
        Rejection::UnknownCall { .. } => "UnknownCall",
        Rejection::CallIdTaken { .. } => "CallIdTaken",
        Rejection::HeldByOtherLease { .. } => "HeldByOtherLease",
        Rejection::ClaimedByOther { .. } => "ClaimedByOther",
        Rejection::NoClaimDue { .. } => "NoClaimDue",
        Rejection::CallNotDispatched { .. } => "CallNotDispatched",
        Rejection::CallHasEnded { .. } => "CallHasEnded",
        Rejection::CallIsLive { .. } => "CallIsLive",
        Rejection::QueueFull { .. } => "QueueFull",
        Rejection::QueuedMetadataFull { .. } => "QueuedMetadataFull",
        Rejection::UnknownLease => "UnknownLease",
        Rejection::LeaseExists => "LeaseExists",
        Rejection::TooManyAgents { .. } => "TooManyAgents",
        Rejection::TooManyLeases { .. } => "TooManyLeases",
        Rejection::TooManyLeasesOfKey { .. } => "TooManyLeasesOfKey",
        Rejection::LeaseFull { .. } => "LeaseFull",
        Rejection::TooManySweeps { .. } => "TooManySweeps",
        Rejection::ListTooLong { .. } => "ListTooLong",
        Rejection::TooManyPages { .. } => "TooManyPages",
    }
}
