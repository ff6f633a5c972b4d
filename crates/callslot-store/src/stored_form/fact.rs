//! The facts of a stored record: a row for each form that an event may have. Belongs to `stored_form.rs`, which says how stored forms
//! may change.
//!
//! Facts are known by their place in this table, so a new one comes last.

mod from_core;
mod into_core;

use callslot_core::LeaseSum;
use serde::{Deserialize, Serialize};

use crate::stored_form::alert::{StoredClosing, StoredOpening, StoredRule};
use crate::stored_form::call::{StoredCall, StoredType};
use crate::stored_form::changed_by::StoredChangedBy;
use crate::stored_form::gate::{StoredGate, StoredPace, StoredPaceOf};
use crate::stored_form::org_settings::StoredSettings;
use crate::stored_form::sweep::StoredSweep;
use crate::stored_form::waits::{StoredClassWaits, StoredSlots, StoredWaits};

#[derive(Serialize, Deserialize)]
pub(super) enum Fact<'a> {
    OrgCreated(#[serde(borrow)] StoredSettings<'a>),
    OrgChanged(#[serde(borrow)] StoredSettings<'a>),
    OrgDeleted,
    LimitChanged {
        plan: u32,
        plan_limit: u32,
        limit_override: Option<u32>,
    },
    AgentPut {
        agent: u32,
        name: &'a str,
        cap: Option<u32>,
    },
    AgentDeleted {
        agent: u32,
    },
    ReservationsChanged {
        version: u64,
        reservations: Vec<(u32, [u32; 4])>,
    },
    CallQueued(#[serde(borrow)] StoredCall<'a>),
    CallStarted(#[serde(borrow)] StoredCall<'a>),
    CallClaimed(#[serde(borrow)] StoredCall<'a>),
    CallEnded(#[serde(borrow)] StoredCall<'a>),
    LeaseOpened {
        lease: u32,
        ttl_ms: u64,
    },
    LeaseEnded {
        lease: u32,
    },
    /// What was written before version 3.
    CountersRestored(FormerCounters),
    /// Since version 2.
    TypeCapChanged {
        call_type: StoredType,
        cap: Option<u32>,
    },
    /// Since version 3.
    CallAdopted {
        #[serde(borrow)]
        call: StoredCall<'a>,
        from: Option<u32>,
    },
    /// Since version 3.
    CallEndedAtOnce(#[serde(borrow)] StoredCall<'a>),
    /// Since version 3.
    EndRemembered {
        call: &'a str,
        remembered_for: i64,
    },
    /// Since version 3; until then claims did not say by whom.
    CallClaimedBy {
        #[serde(borrow)]
        call: StoredCall<'a>,
        claimant: u32,
    },
    /// Since version 3.
    NumbersRestored {
        sequence: u64,
        ticket: u64,
        version: u64,
    },
    /// Since version 3.
    WaitsRestored(StoredWaits),
    /// Since version 3.
    AgentWaitsRestored {
        agent: u32,
        classes: [StoredClassWaits; 4],
    },
    /// Since version 3.
    SweepBegun(#[serde(borrow)] StoredSweep<'a>),
    /// Since version 3.
    SweepDone {
        number: u64,
        ended: u64,
    },
    /// Since version 3.
    StartRestored {
        call: &'a str,
        ticks_ago: i64,
    },
    /// Since version 3.
    PagesBegun {
        lease: u32,
    },
    /// Since version 3.
    PagesDecided {
        lease: u32,
        last: (u64, u64),
        until: i64,
    },
    /// Since version 3.
    PagesLost {
        lease: u32,
        last: Option<(u64, u64)>,
    },
    /// Since version 3.
    EndsRemembered {
        #[serde(borrow)]
        calls: Vec<&'a str>,
        remembered_for: i64,
    },
    /// Since version 3; until then leases did not say by whom they were opened.
    LeaseOpenedBy {
        lease: u32,
        ttl_ms: u64,
        key: u32,
    },
    /// Since version 3; until then it was not kept with which page a list had begun.
    ListBegun {
        lease: u32,
        first: Option<(u64, u64)>,
        is_in_doubt: bool,
    },
    /// Since version 3, likewise.
    ListLost {
        lease: u32,
        last: Option<(u64, u64)>,
        first: (u64, u64),
    },
    /// Since version 4: an agent with a pace.
    AgentPaced {
        agent: u32,
        name: &'a str,
        cap: Option<u32>,
        pace: StoredPace,
    },
    /// Since version 4: a call type with a pace.
    TypePaced {
        call_type: StoredType,
        cap: Option<u32>,
        pace: StoredPace,
    },
    /// Since version 4.
    GatePut {
        gate: u32,
        #[serde(borrow)]
        settings: StoredGate<'a>,
        is_within_hours: bool,
    },
    /// Since version 4.
    GateHours {
        gate: u32,
        is_within_hours: bool,
    },
    /// Since version 4.
    GateDeleted {
        gate: u32,
    },
    /// Since version 4.
    PaceRestored {
        of: StoredPaceOf,
        due: u64,
    },
    /// Since version 4.
    GateRestored {
        gate: u32,
        ended: u64,
        held: StoredSlots,
    },
    /// Since version 4: a sweep of the calls of a gate.
    GateSweepBegun {
        gate: u32,
        #[serde(borrow)]
        sweep: StoredSweep<'a>,
    },
    /// Since version 5.
    ChangedBy(#[serde(borrow)] StoredChangedBy<'a>),
    /// Since version 6.
    AlertPut {
        alert: &'a str,
        rule: StoredRule,
    },
    /// Since version 6.
    AlertDeleted {
        alert: &'a str,
    },
    /// Since version 6.
    AlertOpened(#[serde(borrow)] StoredOpening<'a>),
    /// Since version 6.
    AlertClosed(#[serde(borrow)] StoredClosing<'a>),
    /// Since version 7.
    RequestsRestored {
        ticks_ago: Vec<i64>,
    },
    /// Since version 7.
    CallErased {
        call: &'a str,
    },
}

/// The numbers, and what waits were estimated from then, which is read past.
#[derive(Serialize, Deserialize)]
pub(super) struct FormerCounters {
    sequence: u64,
    ticket: u64,
    version: u64,
    newest_bucket: u64,
    dispatched: [u32; 12],
    durations: u64,
    duration_sum_ms: u64,
}

/// The sum of calls: their number and their digest.
fn stored_sum(LeaseSum { count, digest }: LeaseSum) -> (u64, u64) {
    (count, digest)
}

fn sum_of((count, digest): (u64, u64)) -> LeaseSum {
    LeaseSum { count, digest }
}
