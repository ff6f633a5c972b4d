//! Indices: small numbers that name a call, a lease, an agent or a class within its organisation.
//!
//! They lie below the structures that hand them out, so that these need not know each other. An index is meaningful only inside
//! its own organisation, and is reused once the thing is gone. Nothing here is stored or shown.

use core::num::NonZeroU32;

use crate::call::CallType;
#[cfg(test)]
use crate::id::Ticket;

/// Where a live call is kept. Says nothing about order, and is used again once the call has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CallIndex(pub(super) NonZeroU32);

impl CallIndex {
    pub(super) fn from_slab(index: usize) -> Self {
        let number = u32::try_from(index + 1).expect("an organisation has fewer than 2^31 calls");
        Self(NonZeroU32::new(number).expect("one more than an index is not zero"))
    }

    #[cfg(test)]
    pub(super) fn numbered(number: Ticket) -> Self {
        Self::from_slab(usize::try_from(number.0).expect("a small number"))
    }

    pub(super) fn to_slab(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// Which of the ended calls: they are numbered from 0, and start again after the last number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EndedIndex(u32);

impl EndedIndex {
    /// One bit less than the number has, so that another kind of place fits beside it.
    pub(super) const BITS: u32 = 31;

    pub(super) fn from_number(number: u32) -> Self {
        Self(number & (u32::MAX >> (u32::BITS - Self::BITS)))
    }

    pub(super) fn number(self) -> u32 {
        self.0
    }

    pub(super) fn plus(self, count: usize) -> Self {
        Self::from_number(self.0.wrapping_add(u32::try_from(count).expect("fewer than 2^31 calls")))
    }

    pub(super) fn distance_from(self, first: Self) -> usize {
        Self::from_number(self.0.wrapping_sub(first.0)).0 as usize
    }
}

/// The hash of a call's id.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IdHash(pub(super) u32);

impl IdHash {
    /// The table takes the place from the low bits and a tag from the high ones.
    pub(super) fn spread(self) -> u64 {
        u64::from(self.0) << 32 | u64::from(self.0)
    }
}

/// A call that is kept, live or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KnownCall {
    Live(CallIndex),
    Ended(EndedIndex),
}

/// The result of looking an id up: its hash, and the call that has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(super) hash: IdHash,
    pub(crate) call: Option<KnownCall>,
}

/// A queued call's place in the organisation's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seat {
    /// The number of a seat.
    Numbered(u32),
    /// Among those that came back.
    CameBack,
}

/// A call's neighbours in one list of calls.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Links {
    pub(super) previous: Option<CallIndex>,
    pub(super) next: Option<CallIndex>,
}

macro_rules! slab_index {
    ($(#[$doc:meta])* $name:ident, $most:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(NonZeroU32);

        impl $name {
            pub(super) fn from_slab(index: usize) -> Self {
                let number = u32::try_from(index + 1).expect($most);
                Self(NonZeroU32::new(number).expect("one more than an index is not zero"))
            }

            pub(super) fn to_slab(self) -> usize {
                self.0.get() as usize - 1
            }
        }
    };
}

slab_index!(
    /// Where a lease is kept. Used again once the lease has ended.
    LeaseIndex, "fewer than 2^32 leases"
);
slab_index!(
    /// Where a gate is kept. Used again once the gate is deleted.
    GateIndex, "fewer than 2^32 gates"
);
slab_index!(
    /// Where a lane with gates is kept. Used again once its last live call has ended.
    LaneIndex, "fewer than 2^32 lanes"
);

/// Where an agent is kept. Used again once the agent is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AgentIndex(u32);

impl AgentIndex {
    pub(super) fn from_slab(index: usize) -> Self {
        Self(u32::try_from(index).expect("fewer than 2^32 agents"))
    }

    pub(super) fn to_slab(self) -> usize {
        self.0 as usize
    }

    pub(super) fn from_number(number: u32) -> Self {
        Self(number)
    }

    pub(super) fn number(self) -> u32 {
        self.0
    }
}

/// An agent's class of one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ClassIndex {
    pub(crate) agent: AgentIndex,
    pub(crate) call_type: CallType,
}
