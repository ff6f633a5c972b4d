//! The core and the model: given the same commands, and compared.

use std::collections::{BTreeMap, BTreeSet};

use callslot_core::limits::Bounds;
use callslot_core::{
    CallId, Command, Now, OrgCommand, OrgId, Recorded, Rejection, Reply, Shard, Tick, Timestamp,
};
use callslot_sim::commands::{Source, Step, Timer, by_somebody, foundations};
use callslot_sim::{Model, Witness, bounded_step, previews, views};

use crate::coverage::Coverage;

/// More expiries than this without time going by mean that expiry never comes to an end.
const MAX_EXPIRIES_PER_STEP: u32 = 1_000;

/// So that a step is over after the third call, two calls and a part of a third have room for their metadata, and not all agents, gates,
/// lanes and leases have room.
const BOUNDS: Bounds = Bounds {
    step_events: 3,
    lane_moves: 2_000,
    looks: 20_000,
    reconciled_looks: 12,
    queued_metadata_bytes: 25,
    ended_text_bytes: 1 << 20,
    agents: 4,
    alerts: 2,
    past_alerts: 500,
    gates: 3,
    lanes: 3,
    leases: 2,
    leases_of_key: 1,
    paged_calls: 3,
    paged_bytes: 150,
};

/// A shard whose bounds are reached with few calls.
fn small_shard() -> Shard {
    let mut shard = Shard::new();
    shard.set_bounds(BOUNDS);
    shard
}

pub struct Pair {
    core: Shard,
    model: Model,
    log: Vec<(Now, Recorded)>,
    now: Now,
    witnesses: BTreeMap<OrgId, Witness>,
    coverage: Coverage,
}

impl Pair {
    /// Both, with the organisations that every case begins with.
    pub fn founded() -> Self {
        let mut pair = Self {
            core: small_shard(),
            model: Model::with_bounds(BOUNDS),
            log: Vec::new(),
            now: Now { at: Timestamp(1_700_000_000_000), tick: Tick(5_000) },
            witnesses: BTreeMap::new(),
            coverage: Coverage::default(),
        };
        for command in foundations() {
            pair.ask(&command).expect("the first commands are not refused");
        }
        pair
    }

    pub fn take(&mut self, step: &Step) {
        if let Some(command) = step.command(&self.model, self.now) {
            let command = by_somebody(command, self.log.len());
            // A refusal is compared like any other answer.
            let reply = self.ask(&command);
            if let (Step::Hold(..), Ok(Reply::Lease { expires_in_ms, .. })) = (step, reply) {
                self.pass(expires_in_ms - 1, Timer::OnTime);
                let _ = self.ask(&command);
                self.pass(1, Timer::OnTime);
            }
        }
        match step {
            Step::GoOn => self.go_on(),
            Step::Pass(ms, timer) => self.pass(*ms, *timer),
            Step::SetClock(ms) => {
                self.now.at = Timestamp(self.now.at.0.saturating_add_signed(*ms));
                self.coverage.reach(if *ms < 0 { "clock set back" } else { "clock set forward" });
            }
            Step::Restart(source) => self.restart(*source),
            Step::Ask(_)
            | Step::EndLive(..)
            | Step::ClaimLive(..)
            | Step::DeclineLive(..)
            | Step::StartAgain(..)
            | Step::EraseEnded(..)
            | Step::Repeat(..)
            | Step::StartUnderLease(..)
            | Step::Adopt(..)
            | Step::CapAtReservations(..)
            | Step::Renew(..)
            | Step::HangUp(..)
            | Step::Hold(..)
            | Step::Reconcile(..) => {}
        }
        self.compare_states();
    }

    /// The active call of the first organisation that has the lowest ticket.
    pub fn oldest_active(&self) -> Option<CallId> {
        let first = self.model.orgs().into_iter().next()?;
        let active = self.model.live(&first).iter().find(|call| call.is_active())?;
        Some(active.request.id.clone())
    }

    pub fn into_reached(self) -> BTreeSet<&'static str> {
        self.coverage.into_reached()
    }

    /// Log and snapshot lead to the state that is live, whichever is read again.
    pub fn compare_restarts(&self) {
        let snapshot = self.core.snapshot(self.now.tick);
        for source in [Source::Log, Source::Snapshot] {
            let shard = self.restored(source);
            assert_eq!(shard.snapshot(self.now.tick), snapshot, "the snapshot, from {source:?}");
            views::compare(&shard, &self.model, self.now);
        }
    }

    pub fn ask(&mut self, command: &Command) -> Result<Reply, Rejection> {
        let mut events = Vec::new();
        let is_at_rest = !self.core.has_steps_left();
        let reply = self.core.decide(self.now, command.clone(), &mut events);
        let expected = self.model.decide(self.now, command);
        assert_eq!(reply, expected, "the reply to {command:?}, left the core's, right the model's");
        let expected = self.model.expected_events().to_vec();
        bounded_step(command, &events, BOUNDS.step_events);
        let is_order_meant = !matches!(command, Command::ExpireDue | Command::TakeStep);
        assert_eq!(
            ordered(events.clone(), is_order_meant),
            ordered(expected, is_order_meant),
            "the events of {command:?}, left the core's, right the model's"
        );
        assert!(reply.is_ok() || events.is_empty(), "a refused command changes nothing");
        for recorded in &events {
            let witness = self.witnesses.entry(recorded.org.clone()).or_default();
            witness.see(self.now, command, recorded);
        }
        self.coverage.note_answer(command, &reply, &events);
        let is_start = matches!(command, Command::Org(_, OrgCommand::StartCall(_)));
        if !is_at_rest && is_start && matches!(reply, Ok(Reply::Call { is_new: true, .. })) {
            self.coverage.reach("a start behind steps that are left");
        }
        self.log.extend(events.into_iter().map(|recorded| (self.now, recorded)));
        reply
    }

    fn pass(&mut self, ms: u64, timer: Timer) {
        let until = self.now.tick.after_ms(ms);
        if matches!(timer, Timer::OnTime) {
            let mut expiries = 0;
            while let Some(deadline) = self.core.next_deadline().filter(|tick| *tick <= until) {
                self.advance(deadline.max(self.now.tick));
                self.ask(&Command::ExpireDue).expect("expiry is never refused");
                self.compare_states();
                expiries += 1;
                assert!(expiries < MAX_EXPIRIES_PER_STEP, "what expires is due again and again");
            }
        }
        self.advance(until);
        if matches!(timer, Timer::Late) {
            self.ask(&Command::ExpireDue).expect("expiry is never refused");
        }
    }

    /// Takes steps until nothing is left.
    fn go_on(&mut self) {
        while self.core.has_steps_left() {
            self.coverage.reach("steps left");
            self.ask(&Command::TakeStep).expect("a step is never refused");
            self.compare_states();
        }
    }

    fn advance(&mut self, tick: Tick) {
        self.now.at = Timestamp(self.now.at.0 + tick.ms_after(self.now.tick));
        self.now.tick = tick;
    }

    fn restart(&mut self, source: Source) {
        if self.core.has_steps_left() {
            self.coverage.reach("restarted with steps left");
        }
        self.core = self.restored(source);
        views::compare(&self.core, &self.model, self.now);
        self.core.resume(self.now.tick);
        self.model.resume(self.now.tick);
        self.coverage.reach(match source {
            Source::Log => "restarted from the log",
            Source::Snapshot => "restarted from a snapshot",
        });
    }

    fn restored(&self, source: Source) -> Shard {
        let mut shard = small_shard();
        match source {
            Source::Log => {
                for (now, recorded) in &self.log {
                    shard.apply(*now, recorded);
                }
            }
            Source::Snapshot => {
                for recorded in &self.core.snapshot(self.now.tick) {
                    shard.apply(self.now, recorded);
                }
            }
        }
        shard
    }

    fn compare_states(&mut self) {
        assert_eq!(self.core.next_deadline(), self.model.next_deadline(), "the next deadline");
        assert_eq!(
            self.core.has_steps_left(),
            self.model.has_steps_left(),
            "whether steps are left"
        );
        views::compare(&self.core, &self.model, self.now);
        for previewed in previews::compare(&self.core, &self.model, self.now) {
            self.coverage.note_preview(&previewed);
        }
        for (id, org) in self.core.orgs() {
            let pool = org.pool(self.now);
            let live = views::live_calls(org, self.now);
            let witness = &self.witnesses[&id];
            let is_at_rest = self.model.is_at_rest(&id);
            if is_at_rest {
                witness.check_rest();
            }
            witness.check_shown(&pool, &live, is_at_rest);
            self.coverage.note_state(&pool, &live);
        }
    }
}

/// The events, and where no order is meant between organisations, one organisation's after the other's.
fn ordered(mut events: Vec<Recorded>, is_order_meant: bool) -> Vec<Recorded> {
    if !is_order_meant {
        events.sort_by(|one, other| one.org.cmp(&other.org));
    }
    events
}
