//! Which rules the random steps have met.

use std::collections::BTreeSet;

use callslot_core::{
    CallEvent, CallView, Command, Event, OrgCommand, OrgEvent, PoolView, Recorded, Rejection,
    RenewLease, Reply, SettingsEvent, SlotKind,
};

/// What the fixed cases must reach: every refusal but [`Rejection::LeaseFull`], every reason, every way to be blocked.
pub const RULES: &[&str] = &[
    "UnknownOrg",
    "OrgExists",
    "OrgInUse",
    "UnknownAgent",
    "AgentInUse",
    "AgentNamedTwice",
    "ReservationsExceedLimit",
    "ReservationsExceedCap",
    "CapBelowReservations",
    "LimitBelowReservations",
    "LimitBelowReservations for a plan",
    "VersionMismatch",
    "UnknownCall",
    "CallIdTaken",
    "CallNotDispatched",
    "CallHasEnded",
    "QueueFull",
    "UnknownLease",
    "LeaseExists",
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
    "settling although below the limit",
    "started on a reserved slot",
    "started on a shared slot",
    "dispatched to a reserved slot",
    "dispatched to a shared slot",
    "came back to the queue",
    "came back twice",
    "claimed",
    "repeated while live",
    "repeated after the end",
    "wait estimated in a small pool",
    "wait estimated in a large pool",
    "asked to reconcile",
    "beliefs agree about calls",
    "unknown to the server",
    "several ends in one expiry",
    "dispatched by a change of settings",
    "a plan's limit changed in two organisations",
    "founded",
    "removed",
    "founded again",
    "restarted from the log",
    "restarted from a snapshot",
    "clock set back",
    "clock set forward",
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
                        | OrgCommand::SetReservations(_)
                )
        ) && count(|event| matches!(event, Event::Call(CallEvent::Started(_)))) > 0
        {
            self.reach("dispatched by a change of settings");
        }
    }

    pub fn note_state(&mut self, pool: &PoolView, live: &[CallView]) {
        if pool.settling > 0 && pool.active < pool.limit {
            self.reach("settling although below the limit");
        }
        for wait in live.iter().filter_map(|view| view.wait) {
            self.reach(wait.blocked_on.as_str());
            if wait.estimated_ms.is_some() {
                self.reach(match pool.limit {
                    0..50 => "wait estimated in a small pool",
                    50.. => "wait estimated in a large pool",
                });
            }
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
            Reply::Reconciled { unknown, .. } if !unknown.is_empty() => {
                self.reach("unknown to the server");
            }
            Reply::Done
            | Reply::Org(_)
            | Reply::Agent { .. }
            | Reply::Reservations(_)
            | Reply::Call { .. }
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
            Event::CallClaimed(_) => self.reach("claimed"),
            Event::Call(event) => self.note_call(event),
            Event::Settings(_) | Event::Lease(_) | Event::Org(_) => {}
        }
    }

    fn note_call(&mut self, event: &CallEvent) {
        match event {
            CallEvent::Queued(call) => match call.state.misses {
                0 => {}
                1 => self.reach("came back to the queue"),
                _ => self.reach("came back twice"),
            },
            CallEvent::Started(call) => {
                self.reach(match (call.state.slot, call.state.dispatched) {
                    (SlotKind::Reserved, None) => "started on a reserved slot",
                    (SlotKind::Shared, None) => "started on a shared slot",
                    (SlotKind::Reserved, Some(_)) => "dispatched to a reserved slot",
                    (SlotKind::Shared, Some(_)) => "dispatched to a shared slot",
                });
            }
            CallEvent::Ended(call) => self.reach(call.state.reason.as_str()),
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
        Rejection::AgentNamedTwice { .. } => "AgentNamedTwice",
        Rejection::ReservationsExceedLimit { .. } => "ReservationsExceedLimit",
        Rejection::ReservationsExceedCap { .. } => "ReservationsExceedCap",
        Rejection::CapBelowReservations { .. } => "CapBelowReservations",
        Rejection::LimitBelowReservations { .. } => "LimitBelowReservations",
        Rejection::VersionMismatch { .. } => "VersionMismatch",
        Rejection::UnknownCall { .. } => "UnknownCall",
        Rejection::CallIdTaken { .. } => "CallIdTaken",
        Rejection::CallNotDispatched { .. } => "CallNotDispatched",
        Rejection::CallHasEnded { .. } => "CallHasEnded",
        Rejection::QueueFull { .. } => "QueueFull",
        Rejection::UnknownLease => "UnknownLease",
        Rejection::LeaseExists => "LeaseExists",
        Rejection::LeaseFull { .. } => "LeaseFull",
    }
}
