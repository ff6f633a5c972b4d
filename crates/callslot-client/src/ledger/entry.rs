//! One call of the ledger: [`Entry`], and what its program is told.

use std::time::Duration;

use callslot_api::{BlockedBy, BlockedOn, Call, CallState, Problem, StartFrame};
use tokio::sync::watch;

use crate::retry::full_jitter;
use crate::status::{Over, State, Status};

/// The longest pause before something is sent again that the server refused for now.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long the server lets an id be, in bytes.
const MAX_ID: usize = 128;

/// A call's number in this process. Its id may change.
pub(crate) type Handle = u64;

/// How a call begins.
#[derive(Debug)]
pub(crate) enum Opening {
    /// It is new; the frame's `id` and `ref` are filled in when it is sent.
    Start(StartFrame),
    /// It exists, under another lease.
    Adopt,
}

/// How far the server is known to be with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It has not been asked.
    New,
    /// It was asked, and has perhaps not heard it.
    Asked,
    Queued,
    Active,
}

/// What was sent on this connection, and has no answer yet.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    pub(super) opening: bool,
    pub(super) end: bool,
}

/// A call of this process, from before its start is sent until its end is confirmed.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) opening: Opening,
    pub(super) step: Step,
    pub(super) is_ending: bool,
    pub(super) note: Option<String>,
    pub(super) in_flight: InFlight,
    /// Whether the lease ran out under which it was asked for.
    pub(super) outlived_lease: bool,
    pub(super) attempts: u32,
    first_id: String,
    renamed: u32,
    told: watch::Sender<Status>,
}

impl Entry {
    pub(super) fn new(id: String, opening: Opening, told: watch::Sender<Status>) -> Self {
        Self {
            first_id: id.clone(),
            id,
            opening,
            step: Step::New,
            is_ending: false,
            note: None,
            in_flight: InFlight::default(),
            outlived_lease: false,
            attempts: 0,
            renamed: 0,
            told,
        }
    }

    /// Whether it is over with its lease: it has its slot, or how it was started is not known here.
    pub(super) fn ends_with_lease(&self) -> bool {
        let is_adopted = matches!(self.opening, Opening::Adopt);
        self.step == Step::Active || (is_adopted && self.step == Step::Queued)
    }

    /// Begins again, under another id.
    pub(super) fn rename(&mut self) {
        self.renamed += 1;
        let id = format!("{}~{}", self.first_id, self.renamed);
        self.id = if id.len() <= MAX_ID { id } else { format!("call_{:032x}", fastrand::u128(..)) };
        (self.step, self.outlived_lease) = (Step::New, false);
        self.told.send_replace(Status::asked(self.id.clone()));
    }

    /// How long to wait before it is asked for again: as the server says, and full jitter.
    pub(super) fn next_wait(&mut self, problem: &Problem) -> Duration {
        self.attempts += 1;
        let asked = problem.numbers.get("retry_in_ms").copied().unwrap_or_default();
        Duration::from_millis(asked) + full_jitter(self.attempts, LONGEST_PAUSE)
    }

    pub(super) fn tell_live(&self, call: Box<Call>) {
        self.told.send_modify(|status| {
            status.state = match call.state {
                CallState::Active => State::Active,
                CallState::Queued => State::Queued,
                CallState::Ended => State::Ended,
            };
            (status.position, status.blocked_on) = (call.position, call.blocked_on);
            status.blocked_by.clone_from(&call.blocked_by);
            status.estimated_wait = call.estimated_wait_ms.map(Duration::from_millis);
            (status.record, status.over) = (Some(call), None);
        });
    }

    pub(super) fn tell_position(
        &self,
        position: u64,
        blocked_on: BlockedOn,
        blocked_by: Option<BlockedBy>,
        estimated_wait_ms: Option<u64>,
    ) {
        if self.step != Step::Queued || self.is_ending {
            return;
        }
        self.told.send_modify(|status| {
            (status.position, status.blocked_on) = (Some(position), Some(blocked_on));
            status.blocked_by = blocked_by;
            status.estimated_wait = estimated_wait_ms.map(Duration::from_millis);
        });
    }

    /// Its slot may be gone; once.
    pub(super) fn tell_lost(&self) {
        self.told.send_if_modified(|status| {
            let is_news = status.state == State::Active;
            if is_news {
                (status.state, status.over) = (State::Lost, Some(Over::Unreachable));
            }
            is_news
        });
    }

    /// It is over. What was told of that first stands.
    pub(super) fn tell_over(&self, why: Over, call: Option<Box<Call>>) {
        self.told.send_if_modified(|status| {
            if status.state == State::Ended {
                return false;
            }
            (status.state, status.over) = (State::Ended, Some(why));
            if call.is_some() {
                status.record = call;
            }
            true
        });
    }
}
