//! Ended calls that are remembered, in the order in which they ended, as bytes, since most are never asked for again.
//!
//! It knows no rules, and its bytes never leave the process: the log has a form of its own. Metadata and notes are kept apart, up to a
//! bound; beyond, those of whole pages are dropped, the oldest first. The history has them.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::call::{Call, CallType, EndReason, Ended, IN_HISTORY, Request, SlotKind};
use crate::gate::CallGates;
use crate::id::{AgentId, CallId, GateId, LeaseId, Ticket};
use crate::org::index::{EndedIndex, IdHash};
use crate::time::{Tick, Timestamp};

/// Calls a page. Memory is taken and given back by the page.
const CALLS_PER_PAGE: usize = 256;
/// Six bytes and eight numbers of up to ten.
const FRONT_MAX: usize = 86;
/// The kinds of slot as they are numbered; none for a call that had none.
const SERVED: [Option<SlotKind>; 3] = [None, Some(SlotKind::Reserved), Some(SlotKind::Shared)];

/// Of the optional parts: metadata and note.
const HAS_TEXTS: u8 = 0b1_1000;
/// The same where they are dropped.
const HAS_DROPPED_TEXTS: u8 = 0b1100_0000;
/// How many bytes the length of a text has.
const LEN_BYTES: usize = size_of::<u32>();
/// Where in the part before the id it says which optional parts there are.
const OPTIONAL: usize = 4;

#[derive(Debug, Default)]
pub(crate) struct EndedCalls {
    pages: VecDeque<Page>,
    /// How many calls of the first page are forgotten.
    forgotten: usize,
    /// The number of the first page's first call.
    first: u32,
    /// How many of the first pages have no texts any more.
    without_texts: usize,
    /// How many bytes the texts of the others have.
    text_bytes: usize,
}

#[derive(Debug, Default)]
struct Page {
    calls: Vec<Head>,
    bytes: Vec<u8>,
    /// Metadata and notes; none once they were dropped.
    texts: Option<Vec<u8>>,
}

/// The parts of a call that can be looked at without reading it.
#[derive(Debug)]
struct Head {
    until: Tick,
    hash: IdHash,
    start: u32,
}

impl EndedCalls {
    /// Keeps an ended call, and up to `most_text` bytes of the texts of all of them.
    pub(crate) fn push(
        &mut self,
        hash: IdHash,
        call: &Call<Ended>,
        most_text: usize,
    ) -> EndedIndex {
        if self.pages.back().is_none_or(|page| page.calls.len() == CALLS_PER_PAGE) {
            self.add_page();
        }
        let index = self.first().plus((self.pages.len() - 1) * CALLS_PER_PAGE);
        let page = self.pages.back_mut().expect("a page with room is there");
        let index = index.plus(page.calls.len());
        let start = u32::try_from(page.bytes.len()).expect("a page has less than 4 GiB");
        page.calls.push(Head { until: call.state.remembered_until, hash, start });
        let texts = page.texts.as_mut().expect("the last page keeps its texts");
        let before = texts.len();
        write_call(&mut page.bytes, texts, call);
        self.text_bytes += texts.len() - before;
        if self.text_bytes > most_text {
            self.drop_texts(most_text);
        }
        index
    }

    /// Drops the texts of the oldest pages, but not of the last one, until there are few enough.
    #[cold]
    fn drop_texts(&mut self, most_text: usize) {
        while self.text_bytes > most_text && self.without_texts + 1 < self.pages.len() {
            let texts = self.pages[self.without_texts].texts.take();
            self.text_bytes -= texts.map_or(0, |texts| texts.len());
            self.without_texts += 1;
        }
    }

    /// Forgets the call that ended first, if it need not be remembered at `tick` any more.
    pub(crate) fn pop(&mut self, tick: Tick) -> Option<(IdHash, EndedIndex)> {
        let page = self.pages.front()?;
        let head = page.calls.get(self.forgotten).filter(|head| head.until <= tick)?;
        let popped = (head.hash, self.first().plus(self.forgotten));
        self.forgotten += 1;
        if self.forgotten == CALLS_PER_PAGE {
            let page = self.pages.pop_front();
            self.text_bytes -= page.and_then(|page| page.texts).map_or(0, |texts| texts.len());
            self.without_texts = self.without_texts.saturating_sub(1);
            self.first = self.first().plus(CALLS_PER_PAGE).number();
            self.forgotten = 0;
        }
        Some(popped)
    }

    pub(crate) fn until(&self, index: EndedIndex) -> Tick {
        self.page_and_head(index).1.until
    }

    pub(crate) fn has_id(&self, index: EndedIndex, id: &CallId) -> bool {
        let (page, head) = self.page_and_head(index);
        let bytes = &page.bytes[head.start as usize..];
        let id = id.as_bytes();
        usize::from(bytes[1]) == id.len() && bytes[usize::from(bytes[0])..].starts_with(id)
    }

    /// Reads a call.
    pub(crate) fn call(&self, index: EndedIndex) -> Call<Ended> {
        let (page, head) = self.page_and_head(index);
        read_call(&page.bytes[head.start as usize..], page.texts.as_deref(), head.until)
    }

    /// Removes the metadata and the note of a call. What they took is free once their page is.
    #[cold]
    pub(crate) fn erase_texts(&mut self, index: EndedIndex) {
        let place = index.distance_from(self.first());
        let page = &mut self.pages[place / CALLS_PER_PAGE];
        let bytes = &mut page.bytes[page.calls[place % CALLS_PER_PAGE].start as usize..];
        let optional = bytes[OPTIONAL];
        bytes[OPTIONAL] &= !(HAS_TEXTS | HAS_DROPPED_TEXTS);
        if optional & HAS_TEXTS == 0 {
            return;
        }
        let start = last_number(&bytes[..usize::from(bytes[0])]);
        let mut texts = page.texts.iter_mut().flat_map(|texts| &mut texts[start..]);
        for _ in 0..(optional & HAS_TEXTS).count_ones() {
            let len: Vec<u8> = texts.by_ref().take(LEN_BYTES).map(|byte| *byte).collect();
            let len = len.try_into().map_or(0, u32::from_le_bytes);
            texts.by_ref().take(len as usize).for_each(|byte| *byte = 0);
        }
    }

    /// All calls that are not forgotten, in the order in which they ended.
    pub(crate) fn iter(&self) -> impl Iterator<Item = EndedIndex> {
        let kept: usize = self.pages.iter().map(|page| page.calls.len()).sum();
        (self.forgotten..kept).map(|place| self.first().plus(place))
    }

    fn first(&self) -> EndedIndex {
        EndedIndex::from_number(self.first)
    }

    fn add_page(&mut self) {
        // A page comes out about as long as the one before.
        let (mut bytes, mut texts) = (Vec::new(), Vec::new());
        if let Some(last) = self.pages.back_mut() {
            last.bytes.shrink_to_fit();
            bytes.reserve_exact(last.bytes.len());
            if let Some(of_last) = &mut last.texts {
                of_last.shrink_to_fit();
                texts.reserve_exact(of_last.len());
            }
        }
        let calls = Vec::with_capacity(CALLS_PER_PAGE);
        self.pages.push_back(Page { calls, bytes, texts: Some(texts) });
    }

    fn page_and_head(&self, index: EndedIndex) -> (&Page, &Head) {
        let place = index.distance_from(self.first());
        let page = &self.pages[place / CALLS_PER_PAGE];
        (page, &page.calls[place % CALLS_PER_PAGE])
    }
}

/// The form: the length of the part before the id, the lengths of id and agent, kinds, which optional parts follow, how many gates do,
/// numbers; then the id, the agent, the lease and the gates. Metadata and note are among the page's texts, from the place on that one of the numbers
/// says.
fn write_call(bytes: &mut Vec<u8>, texts: &mut Vec<u8>, call: &Call<Ended>) {
    let Ended { served, ended_at, reason, note, remembered_until } = &call.state;
    let request = &*call.request;
    let (id, agent) = (request.id.as_bytes(), request.agent.as_str().as_bytes());
    let slot = served.map_or(0, |(slot, _)| slot as u8 + 1);
    let kinds = request.call_type as u8 | slot << 2 | (*reason as u8) << 4;
    let [metadata, note] = [request.metadata.as_deref(), note.as_deref()];
    let is_kept = |text: Option<&str>| u8::from(text.is_some_and(|text| text != IN_HISTORY));
    let is_dropped = |text: Option<&str>| u8::from(text == Some(IN_HISTORY));
    let optional = u8::from(request.lease.is_some())
        | u8::from(request.wait_deadline.is_some()) << 1
        | u8::from(request.claim_within_ms.is_some()) << 2
        | is_kept(metadata) << 3
        | is_kept(note) << 4
        | u8::from(request.max_duration_ms.is_some()) << 5
        | is_dropped(metadata) << 6
        | is_dropped(note) << 7;
    let lens = [id, agent].map(|text| u8::try_from(text.len()).expect("an id is short"));

    let mut front = Front { bytes: [0; FRONT_MAX], len: 0 };
    let gates = request.gates.ids();
    let gate_count = u8::try_from(gates.len()).expect("a call names few gates");
    for byte in [0, lens[0], lens[1], kinds, optional, gate_count] {
        front.byte(byte);
    }
    let requested_at = request.requested_at.0;
    front.number(request.ticket.0);
    front.number(requested_at);
    front.number(ended_at.0.wrapping_sub(requested_at));
    if let Some((_, started_at)) = served {
        front.number(started_at.0.wrapping_sub(requested_at));
    }
    if let Some(deadline) = request.wait_deadline {
        front.number(remembered_until.0.wrapping_sub(deadline.0));
    }
    if let Some(within_ms) = request.claim_within_ms {
        front.number(within_ms);
    }
    if let Some(most_ms) = request.max_duration_ms {
        front.number(most_ms);
    }
    if optional & HAS_TEXTS > 0 {
        front.number(texts.len() as u64);
    }
    front.bytes[0] = u8::try_from(front.len).expect("the front is short");

    bytes.extend_from_slice(&front.bytes[..front.len]);
    bytes.extend_from_slice(id);
    bytes.extend_from_slice(agent);
    if let Some(lease) = &request.lease {
        write_text(bytes, lease.as_str());
    }
    for gate in gates {
        write_text(bytes, gate.as_str());
    }
    for text in [metadata, note].into_iter().flatten().filter(|text| *text != IN_HISTORY) {
        write_text(texts, text);
    }
}

/// The last number of a front, which ends with it.
fn last_number(front: &[u8]) -> usize {
    let before = front.iter().rev().skip(1).take_while(|&&byte| byte & 0x80 > 0).count();
    let mut reader = Reader { bytes: &front[front.len() - 1 - before..] };
    usize::try_from(reader.number()).expect("a page's texts are in memory")
}

/// Writes a text with its length in front.
fn write_text(bytes: &mut Vec<u8>, text: &str) {
    let len = u32::try_from(text.len()).expect("a text has less than 4 GiB");
    bytes.extend_from_slice(&len.to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

/// Reads a call; without the texts of its page they are in the history.
fn read_call(bytes: &[u8], kept: Option<&[u8]>, until: Tick) -> Call<Ended> {
    let (front, texts) = bytes.split_at(usize::from(bytes[0]));
    let (&[_, id_len, agent_len, kinds, optional, gate_count], numbers) =
        front.split_first_chunk().expect("a call's front was written whole");
    let has = |bit: u8| optional >> bit & 1 == 1;
    let mut numbers = Reader { bytes: numbers };
    let mut texts = Reader { bytes: texts };
    let id = CallId::kept(texts.text(id_len.into())).expect("it was an id");
    let agent = AgentId::kept(texts.text(agent_len.into())).expect("it was an id");
    let ticket = Ticket(numbers.number());
    let requested_at = Timestamp(numbers.number());
    let mut moment = || Timestamp(requested_at.0.wrapping_add(numbers.number()));
    let ended_at = moment();
    let served = SERVED[usize::from(kinds >> 2 & 3)].map(|slot| (slot, moment()));
    let lease = has(0).then(|| LeaseId::kept(texts.long_text()).expect("it was an id"));
    let gates = if gate_count == 0 { CallGates::default() } else { texts.gates(gate_count) };
    let wait_deadline = has(1).then(|| Tick(until.0.wrapping_sub(numbers.number())));
    let claim_within_ms = has(2).then(|| numbers.number());
    let max_duration_ms = has(5).then(|| numbers.number());
    let start = if optional & HAS_TEXTS > 0 { numbers.number() } else { 0 };
    let start = usize::try_from(start).expect("a page's texts are in memory");
    let mut kept = kept.map(|kept| Reader { bytes: &kept[start..] });
    let mut text = |is_kept: bool, is_dropped: bool| match &mut kept {
        Some(kept) if is_kept => Some(Arc::from(kept.long_text())),
        None if is_kept => Some(Arc::from(IN_HISTORY)),
        Some(_) | None => is_dropped.then(|| Arc::from(IN_HISTORY)),
    };
    let (metadata, note) = (text(has(3), has(6)), text(has(4), has(7)));
    let request = Request {
        id,
        agent,
        call_type: CallType::ALL[usize::from(kinds & 3)],
        ticket,
        requested_at,
        lease,
        wait_deadline,
        max_duration_ms,
        claim_within_ms,
        gates,
        metadata,
    };
    let state = Ended {
        served,
        ended_at,
        reason: EndReason::ALL[usize::from(kinds >> 4)],
        note,
        remembered_until: until,
    };
    Call { request: Arc::new(request), state }
}

/// The bytes before the id.
struct Front {
    bytes: [u8; FRONT_MAX],
    len: usize,
}

impl Front {
    fn byte(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    /// Seven bits a byte, lowest first; the eighth says that more follow (LEB128, DWARF 5 §7.6).
    fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.byte(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.byte(number.to_le_bytes()[0]);
    }
}

/// Reads the parts in the order in which they were written.
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

    fn text(&mut self, len: usize) -> &'a str {
        let (text, rest) = self.bytes.split_at(len);
        self.bytes = rest;
        core::str::from_utf8(text).expect("it was a text")
    }

    #[cold]
    fn gates(&mut self, count: u8) -> CallGates {
        let ids = (0..count).map(|_| GateId::kept(self.long_text()).expect("it was an id"));
        CallGates::new(ids.collect()).expect("a call names few gates")
    }

    /// A text with its length in front.
    fn long_text(&mut self) -> &'a str {
        let (len, rest) = self.bytes.split_first_chunk().expect("it was written");
        self.bytes = rest;
        self.text(u32::from_le_bytes(*len) as usize)
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use super::*;

    fn ended(number: u64) -> Call<Ended> {
        let is = |bit: u64| number >> bit & 1 == 1;
        let of = |bound: usize| usize::try_from(number).expect("a small number") % bound;
        let text = |what: &str| Some(Arc::from(what));
        // Some have ids that only earlier versions made.
        let [id, agent, lease] = match number % 9 {
            0 => ["batch", ".", ".."].map(String::from),
            _ => ["c".repeat(1 + of(255)), "a".repeat(1 + of(64)), "lease".into()],
        };
        let gates = (0..number % 5).map(|gate| GateId::parse(&format!("g{gate}")).expect("an id"));
        let request = Request {
            id: CallId::kept(&id).expect("an id"),
            agent: AgentId::kept(&agent).expect("an id"),
            call_type: CallType::ALL[of(4)],
            ticket: Ticket(number),
            requested_at: Timestamp(u64::MAX / (number + 1)),
            lease: is(0).then(|| LeaseId::kept(&lease).expect("an id")),
            wait_deadline: is(1).then(|| Tick(if is(2) { u64::MAX } else { number })),
            max_duration_ms: is(6).then_some(u64::MAX),
            claim_within_ms: is(2).then(|| u64::MAX - number),
            gates: CallGates::new(gates.collect()).expect("few gates"),
            metadata: is(3).then(|| text("{}")).flatten(),
        };
        let slot = if is(5) { SlotKind::Reserved } else { SlotKind::Shared };
        let state = Ended {
            served: is(4).then_some((slot, Timestamp(number))),
            ended_at: Timestamp(number * 3),
            reason: EndReason::ALL[of(EndReason::ALL.len())],
            note: is(3).then(|| text(&String::from("ü").repeat(300))).flatten(),
            remembered_until: Tick(number / 3),
        };
        Call { request: Arc::new(request), state }
    }

    #[test]
    fn calls_are_read_as_they_were_written_and_forgotten_in_their_order() {
        // The numbers start again after the last.
        let mut remembered = EndedCalls { first: u32::MAX / 2 - 400, ..EndedCalls::default() };
        let kept: Vec<_> = (0..1_000)
            .map(|number| {
                (remembered.push(IdHash::default(), &ended(number), usize::MAX), ended(number))
            })
            .collect();
        for (forgotten, (index, call)) in kept.iter().enumerate() {
            assert_eq!(remembered.call(*index), *call);
            assert!(remembered.has_id(*index, &call.request.id));
            assert_eq!(remembered.iter().count(), kept.len() - forgotten);
            assert_eq!(remembered.iter().next(), Some(*index));
            let until = remembered.until(*index);
            assert!(until == Tick(0) || remembered.pop(Tick(until.0 - 1)).is_none());
            assert_eq!(remembered.pop(until).map(|(_, popped)| popped), Some(*index));
        }
        assert_eq!(remembered.pop(Tick(u64::MAX)), None);
        assert!(remembered.pages.len() <= 1, "memory is given back");
    }

    #[test]
    fn a_call_that_is_erased_has_no_texts_and_memory_has_them_no_more() {
        for most_text in [usize::MAX, 40_000] {
            let mut remembered = EndedCalls::default();
            let calls: Vec<_> = (0..600).map(ended).collect();
            let mut kept: Vec<_> = Vec::new();
            for call in &calls {
                kept.push(remembered.push(IdHash::default(), call, most_text));
            }
            for index in kept.iter().step_by(2) {
                remembered.erase_texts(*index);
                remembered.erase_texts(*index);
            }
            let mut again = EndedCalls::default();
            for (number, (index, call)) in kept.iter().zip(&calls).enumerate() {
                let read = remembered.call(*index);
                let is_erased = number % 2 == 0;
                assert_eq!(
                    (&read.request.id, read.request.ticket),
                    (&call.request.id, Ticket(number as u64))
                );
                assert_eq!(
                    read.request.metadata.is_none(),
                    is_erased || call.request.metadata.is_none()
                );
                assert_eq!(read.state.note.is_none(), is_erased || call.state.note.is_none());
                let copied = again.push(IdHash::default(), &read, most_text);
                assert_eq!(again.call(copied), read);
            }
        }
        let mut remembered = EndedCalls::default();
        let index = remembered.push(IdHash::default(), &ended(8), usize::MAX);
        let of_page = |it: &EndedCalls| it.pages[0].texts.clone().expect("its texts");
        assert!(String::from_utf8_lossy(&of_page(&remembered)).contains("üü"));
        remembered.erase_texts(index);
        let left = of_page(&remembered);
        let lens = [2_u32.to_le_bytes(), 600_u32.to_le_bytes()];
        assert_eq!(left, [&lens[0][..], &[0; 2], &lens[1], &[0; 600]].concat());
    }

    #[test]
    fn texts_beyond_the_bound_are_dropped_from_the_oldest_calls_and_nothing_else_of_them_is() {
        let most_text = 40_000;
        let mut remembered = EndedCalls::default();
        let calls: Vec<_> = (0..2_000).map(ended).collect();
        let kept = calls.iter().map(|call| remembered.push(IdHash::default(), call, most_text));
        let kept: Vec<_> = kept.collect();
        let of_pages = |it: &EndedCalls| -> usize {
            it.pages.iter().filter_map(|page| page.texts.as_ref()).map(Vec::len).sum()
        };
        assert_eq!(remembered.text_bytes, of_pages(&remembered));
        let page_bytes = remembered.pages.back().and_then(|page| page.texts.as_ref()).map(Vec::len);
        assert!(remembered.text_bytes <= most_text.max(page_bytes.expect("the last has some")));
        let without_texts = |call: &Call<Ended>| {
            let mut request = Request::clone(&call.request);
            request.metadata = request.metadata.map(|_| Arc::from(IN_HISTORY));
            let mut state = call.state.clone();
            state.note = state.note.map(|_| Arc::from(IN_HISTORY));
            Call { request: Arc::new(request), state }
        };
        let dropped = remembered.without_texts * CALLS_PER_PAGE;
        assert!((1..1_800).contains(&dropped), "{dropped}");
        let mut again = EndedCalls::default();
        for (place, (index, call)) in kept.iter().zip(&calls).enumerate() {
            let read = remembered.call(*index);
            let expected = if place < dropped { without_texts(call) } else { call.clone() };
            assert_eq!(read, expected, "{place}");
            let has_texts = call.request.metadata.is_some();
            assert_eq!(
                Call::from(read.clone()).has_texts_in_history(),
                place < dropped && has_texts
            );
            // As a snapshot has them: those that are dropped stay so and take no room.
            let copied = again.push(IdHash::default(), &read, most_text);
            assert_eq!(again.call(copied), read);
        }
        assert_eq!(again.text_bytes, remembered.text_bytes);
        while remembered.pop(Tick(u64::MAX)).is_some() {}
        assert_eq!(remembered.text_bytes, of_pages(&remembered), "what is forgotten takes no room");
    }
}
