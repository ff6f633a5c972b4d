//! Ended calls that are remembered, in the order in which they ended, as bytes: most are only ever forgotten.
//!
//! It knows no rules, and nothing of what it keeps is stored anywhere else: the log has its own form.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{Call, CallState, CallType, EndReason, Request, SlotKind};
use crate::calls::IdHash;
use crate::id::{AgentId, CallId, LeaseId, Ticket};
use crate::time::{Tick, Timestamp};

/// Calls a page. Memory is taken and given back by the page.
const CALLS_PER_PAGE: usize = 256;
/// The kinds of slot as they are written; none stands for a call that had none.
const SERVED: [Option<SlotKind>; 3] = [None, Some(SlotKind::Reserved), Some(SlotKind::Shared)];

/// Which of the ended calls: they are numbered from 0, and start again after the last number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EndedIndex(u32);

impl EndedIndex {
    /// One bit less than the number has, so that another kind of place fits beside it.
    pub(crate) const BITS: u32 = 31;

    pub(crate) fn from_number(number: u32) -> Self {
        Self(number & (u32::MAX >> (u32::BITS - Self::BITS)))
    }

    pub(crate) fn number(self) -> u32 {
        self.0
    }

    fn plus(self, count: usize) -> Self {
        Self::from_number(self.0.wrapping_add(u32::try_from(count).expect("fewer than 2^31 calls")))
    }

    fn distance_from(self, first: Self) -> usize {
        Self::from_number(self.0.wrapping_sub(first.0)).0 as usize
    }
}

#[derive(Debug, Default)]
pub(crate) struct Remembered {
    pages: VecDeque<Page>,
    /// How many calls of the first page are forgotten.
    forgotten: usize,
    /// The number of the first page's first call.
    first: u32,
}

#[derive(Debug, Default)]
struct Page {
    calls: Vec<Head>,
    bytes: Vec<u8>,
}

/// What is looked at without reading the call.
#[derive(Debug)]
struct Head {
    until: Tick,
    hash: IdHash,
    start: u32,
}

impl Remembered {
    /// Keeps an ended call.
    pub(crate) fn push(&mut self, hash: IdHash, call: &Call) -> EndedIndex {
        let CallState::Ended { remembered_until, .. } = call.state else {
            unreachable!("only a call that has ended is remembered");
        };
        if self.pages.back().is_none_or(|page| page.calls.len() == CALLS_PER_PAGE) {
            self.add_page();
        }
        let index = self.first().plus((self.pages.len() - 1) * CALLS_PER_PAGE);
        let page = self.pages.back_mut().expect("a page with room is there");
        let index = index.plus(page.calls.len());
        let start = u32::try_from(page.bytes.len()).expect("a page has less than 4 GiB");
        page.calls.push(Head { until: remembered_until, hash, start });
        write_call(&mut page.bytes, call);
        index
    }

    /// Forgets the call that ended first, if it need not be remembered at `tick` any more.
    pub(crate) fn pop(&mut self, tick: Tick) -> Option<(IdHash, EndedIndex)> {
        let page = self.pages.front()?;
        let head = page.calls.get(self.forgotten).filter(|head| head.until <= tick)?;
        let popped = (head.hash, self.first().plus(self.forgotten));
        self.forgotten += 1;
        if self.forgotten == CALLS_PER_PAGE {
            self.pages.pop_front();
            self.first = self.first().plus(CALLS_PER_PAGE).0;
            self.forgotten = 0;
        }
        Some(popped)
    }

    pub(crate) fn until(&self, index: EndedIndex) -> Tick {
        self.page_and_head(index).1.until
    }

    pub(crate) fn has_id(&self, index: EndedIndex, id: &CallId) -> bool {
        let (page, head) = self.page_and_head(index);
        Reader { bytes: &page.bytes[head.start as usize..] }.bytes() == id.as_bytes()
    }

    /// Reads a call. `agent` makes an agent's id of its text.
    pub(crate) fn call(&self, index: EndedIndex, agent: impl FnOnce(&str) -> AgentId) -> Call {
        let (page, head) = self.page_and_head(index);
        read_call(&page.bytes[head.start as usize..], head.until, agent)
    }

    /// All calls that are not forgotten, in the order in which they ended.
    pub(crate) fn iter(&self) -> impl Iterator<Item = EndedIndex> {
        let kept: usize = self.pages.iter().map(|page| page.calls.len()).sum();
        (self.forgotten..kept).map(|place| self.first().plus(place))
    }

    fn first(&self) -> EndedIndex {
        EndedIndex(self.first)
    }

    fn add_page(&mut self) {
        // Pages come out about as long as the one before.
        let mut page = Page { calls: Vec::with_capacity(CALLS_PER_PAGE), bytes: Vec::new() };
        if let Some(last) = self.pages.back_mut() {
            last.bytes.shrink_to_fit();
            page.bytes.reserve_exact(last.bytes.len());
        }
        self.pages.push_back(page);
    }

    fn page_and_head(&self, index: EndedIndex) -> (&Page, &Head) {
        let place = index.distance_from(self.first());
        let page = &self.pages[place / CALLS_PER_PAGE];
        (page, &page.calls[place % CALLS_PER_PAGE])
    }
}

fn write_call(bytes: &mut Vec<u8>, call: &Call) {
    let CallState::Ended { served, ended_at, reason, note, remembered_until } = &call.state else {
        unreachable!("only a call that has ended is remembered");
    };
    let request = &*call.request;
    write_bytes(bytes, request.id.as_bytes());
    write_bytes(bytes, request.agent.as_str().as_bytes());
    let slot = SERVED.iter().position(|slot| *slot == served.map(|(slot, _)| slot));
    let kinds = [request.call_type as u8, slot.map_or(0, |slot| slot as u8), *reason as u8];
    bytes.push(kinds[0] | kinds[1] << 2 | kinds[2] << 4);
    let optional = [
        request.lease.is_some(),
        request.wait_deadline.is_some(),
        request.claim_within_ms.is_some(),
        request.metadata.is_some(),
        note.is_some(),
    ];
    bytes.push(optional.iter().rev().fold(0, |bits, &is_there| bits << 1 | u8::from(is_there)));
    let requested_at = request.requested_at.0;
    write_number(bytes, request.ticket.0);
    write_number(bytes, requested_at);
    write_number(bytes, ended_at.0.wrapping_sub(requested_at));
    if let Some((_, started_at)) = served {
        write_number(bytes, started_at.0.wrapping_sub(requested_at));
    }
    if let Some(lease) = &request.lease {
        write_bytes(bytes, lease.as_str().as_bytes());
    }
    if let Some(deadline) = request.wait_deadline {
        write_number(bytes, remembered_until.0.wrapping_sub(deadline.0));
    }
    if let Some(within_ms) = request.claim_within_ms {
        write_number(bytes, within_ms);
    }
    for text in [&request.metadata, note].into_iter().flatten() {
        write_bytes(bytes, text.as_bytes());
    }
}

fn read_call(bytes: &[u8], until: Tick, agent: impl FnOnce(&str) -> AgentId) -> Call {
    let mut from = Reader { bytes };
    let id = CallId::parse(from.text()).expect("it was an id");
    let agent = agent(from.text());
    let (kinds, optional) = (from.byte(), from.byte());
    let has = |bit: u8| optional >> bit & 1 == 1;
    let ticket = Ticket(from.number());
    let requested_at = Timestamp(from.number());
    let mut moment = || Timestamp(requested_at.0.wrapping_add(from.number()));
    let ended_at = moment();
    let served = SERVED[usize::from(kinds >> 2 & 3)].map(|slot| (slot, moment()));
    let request = Request {
        id,
        agent,
        call_type: CallType::ALL[usize::from(kinds & 3)],
        ticket,
        requested_at,
        lease: has(0).then(|| LeaseId::parse(from.text()).expect("it was an id")),
        wait_deadline: has(1).then(|| Tick(until.0.wrapping_sub(from.number()))),
        claim_within_ms: has(2).then(|| from.number()),
        metadata: has(3).then(|| Arc::from(from.text())),
    };
    let state = CallState::Ended {
        served,
        ended_at,
        reason: EndReason::ALL[usize::from(kinds >> 4)],
        note: has(4).then(|| Arc::from(from.text())),
        remembered_until: until,
    };
    Call { request: Arc::new(request), state }
}

fn write_bytes(bytes: &mut Vec<u8>, text: &[u8]) {
    write_number(bytes, text.len() as u64);
    bytes.extend_from_slice(text);
}

/// Seven bits a byte, lowest first; the eighth says that more follow (LEB128, DWARF 5 §7.6).
fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

/// Reads what was written, in the same order.
struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> u8 {
        let (&byte, rest) = self.bytes.split_first().expect("it was written");
        self.bytes = rest;
        byte
    }

    fn number(&mut self) -> u64 {
        let mut number = 0;
        for place in (0..).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << place;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }

    fn bytes(&mut self) -> &'a [u8] {
        let len = usize::try_from(self.number()).expect("a length fits");
        let (bytes, rest) = self.bytes.split_at(len);
        self.bytes = rest;
        bytes
    }

    fn text(&mut self) -> &'a str {
        core::str::from_utf8(self.bytes()).expect("it was a text")
    }
}
