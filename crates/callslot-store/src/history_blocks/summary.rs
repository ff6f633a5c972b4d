//! What is known of a block without unpacking it.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use callslot_core::{CallType, EndReason, Sequence, Timestamp};

use crate::contract::history::{EndedFilter, waited_ms};
use crate::contract::seen_time::OldTimes;
use crate::history_blocks::EndedCalls;
use crate::history_blocks::bits::{Hash, add, may_have, room_for};
use crate::limits::AGENTS_PER_SUMMARY;

/// What is known of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The sequence number of its first call.
    pub first: Sequence,
    /// The sequence number of its last call.
    pub last: Sequence,
    /// How many calls it has.
    pub calls: usize,
    /// The earliest time at which one of them ended, and the latest.
    pub ended: RangeInclusive<Timestamp>,
    /// The longest wait of one of them, in milliseconds.
    pub longest_wait_ms: u64,
    /// One bit for each type of which it has calls, in the order of [`CallType::ALL`].
    pub types: u64,
    /// One bit for each reason for which its calls ended, in the order of [`EndReason::ALL`].
    pub reasons: u64,
    /// A filter of the agents of its calls; empty if they are too many.
    pub agents: Vec<u8>,
}

impl Summary {
    /// What is to know of these calls, of which there is at least one.
    #[must_use]
    pub fn of(calls: &EndedCalls) -> Self {
        let numbers = || calls.iter().map(|(sequence, _)| *sequence);
        let times = || calls.iter().map(|(_, call)| call.state.ended_at);
        let least = times().min().unwrap_or_default();
        let agents: BTreeSet<_> =
            calls.iter().map(|(_, call)| call.request.agent.as_str()).collect();
        let agents = if agents.len() > AGENTS_PER_SUMMARY {
            Vec::new()
        } else {
            let mut filter = room_for(agents.len());
            for agent in agents {
                add(&mut filter, Hash::of(agent));
            }
            filter
        };
        Self {
            first: numbers().next().unwrap_or_default(),
            last: numbers().next_back().unwrap_or_default(),
            calls: calls.len(),
            ended: least..=times().max().unwrap_or_default(),
            longest_wait_ms: calls.iter().map(|(_, call)| waited_ms(call)).max().unwrap_or(0),
            types: calls
                .iter()
                .fold(0, |bits, (_, call)| bits | bit_of_type(call.request.call_type)),
            reasons: calls
                .iter()
                .fold(0, |bits, (_, call)| bits | bit_of_reason(call.state.reason)),
            agents,
        }
    }

    /// Whether all calls ended at old times.
    #[must_use]
    pub fn is_old(&self, old: &OldTimes) -> bool {
        let (first, last) = (self.ended.start(), self.ended.end());
        old.spans().iter().any(|span| span.contains(first) && span.contains(last))
    }

    /// Whether some of the calls may have ended at old times.
    #[must_use]
    pub fn may_have_old(&self, old: &OldTimes) -> bool {
        old.spans()
            .iter()
            .any(|span| span.start <= *self.ended.end() && *self.ended.start() < span.end)
    }

    /// Whether calls of the block may match. If not, the block can be skipped.
    #[must_use]
    pub fn may_match(&self, filter: &EndedFilter) -> bool {
        filter.before.is_none_or(|before| self.first < before)
            && filter.from.is_none_or(|from| *self.ended.end() >= from)
            && filter.to.is_none_or(|to| *self.ended.start() < to)
            && filter.least_wait_ms.is_none_or(|least| self.longest_wait_ms >= least)
            && filter.call_type.is_none_or(|it| self.types & bit_of_type(it) != 0)
            && filter.reason.is_none_or(|it| self.reasons & bit_of_reason(it) != 0)
            && filter
                .agent
                .as_ref()
                .is_none_or(|agent| may_have(&self.agents, Hash::of(agent.as_str())))
    }
}

fn bit_of_type(call_type: CallType) -> u64 {
    bit_in(&CallType::ALL, call_type)
}

fn bit_of_reason(reason: EndReason) -> u64 {
    bit_in(&EndReason::ALL, reason)
}

fn bit_in<T: PartialEq + Copy>(all: &[T], one: T) -> u64 {
    all.iter().position(|it| *it == one).map_or(0, |place| 1 << place)
}
