//! Lists of calls threaded through the calls themselves: a call joins or leaves one in constant time.
//!
//! Who adds a call at a place keeps the order of tickets. A list holds no calls; [`crate::org::calls::Calls`] does.

use crate::org::calls::Calls;
use crate::org::index::{CallIndex, Links};
use crate::org::live_call::LiveCall;

/// Which of a call's links a list uses.
pub(crate) trait Thread {
    /// The links of `entry` in lists of this kind.
    fn links(entry: &mut LiveCall) -> &mut Links;
    /// The same, to look at.
    fn peek(entry: &LiveCall) -> &Links;
}

/// The queued calls of one lane.
#[derive(Debug)]
pub(crate) struct InLane;
/// The live calls of one lease.
#[derive(Debug)]
pub(crate) struct InLease;

impl Thread for InLane {
    fn links(entry: &mut LiveCall) -> &mut Links {
        &mut entry.in_lane
    }
    fn peek(entry: &LiveCall) -> &Links {
        &entry.in_lane
    }
}

impl Thread for InLease {
    fn links(entry: &mut LiveCall) -> &mut Links {
        &mut entry.in_lease
    }
    fn peek(entry: &LiveCall) -> &Links {
        &entry.in_lease
    }
}

/// Calls in ticket order.
#[derive(Debug)]
pub(crate) struct LinkedCalls<T> {
    head: Option<CallIndex>,
    tail: Option<CallIndex>,
    len: u32,
    thread: core::marker::PhantomData<T>,
}

impl<T> Default for LinkedCalls<T> {
    fn default() -> Self {
        Self { head: None, tail: None, len: 0, thread: core::marker::PhantomData }
    }
}

impl<T: Thread> LinkedCalls<T> {
    pub(crate) fn head(&self) -> Option<CallIndex> {
        self.head
    }

    pub(crate) fn tail(&self) -> Option<CallIndex> {
        self.tail
    }

    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    /// Adds a call at the end.
    pub(crate) fn push(&mut self, calls: &mut Calls, call: CallIndex) {
        self.insert_after(calls, self.tail, call);
    }

    /// Adds a call behind another, or in front if that is none.
    pub(crate) fn insert_after(
        &mut self,
        calls: &mut Calls,
        previous: Option<CallIndex>,
        call: CallIndex,
    ) {
        let next = match previous {
            Some(previous) => T::peek(&calls[previous]).next,
            None => self.head,
        };
        *T::links(&mut calls[call]) = Links { previous, next };
        self.join(calls, previous, Some(call));
        self.join(calls, Some(call), next);
        self.len += 1;
    }

    /// Takes a call out.
    pub(crate) fn remove(&mut self, calls: &mut Calls, call: CallIndex) {
        let Links { previous, next } = core::mem::take(T::links(&mut calls[call]));
        self.join(calls, previous, next);
        self.len -= 1;
    }

    /// The calls, lowest ticket first.
    pub(crate) fn iter<'a>(
        &self,
        calls: &'a Calls,
    ) -> impl Iterator<Item = CallIndex> + use<'a, T> {
        Self::iter_from(calls, self.head)
    }

    /// A call and those behind it.
    pub(crate) fn iter_from(
        calls: &Calls,
        first: Option<CallIndex>,
    ) -> impl Iterator<Item = CallIndex> + use<'_, T> {
        core::iter::successors(first, |&call| T::peek(&calls[call]).next)
    }

    /// Makes two calls neighbours; an absent one is an end of the list.
    fn join(&mut self, calls: &mut Calls, previous: Option<CallIndex>, next: Option<CallIndex>) {
        match previous {
            Some(previous) => T::links(&mut calls[previous]).next = next,
            None => self.head = next,
        }
        match next {
            Some(next) => T::links(&mut calls[next]).previous = previous,
            None => self.tail = previous,
        }
    }
}
