"""Which calls this process wants, and what the server is known to have: what decides what to send, without I/O.

A call is written down before the server is asked, and struck out once the server has confirmed its end. Whatever the
connection does meanwhile, the difference between the two columns says what to send next: a `start` with the same id is
safe to repeat under the same lease, and an `end` always is. Time and frames are arguments; start reading at `Ledger`.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import random
import uuid
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, cast

from callslot.errors import Unreachable
from callslot.problems import passes, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from callslot.errors import CallslotError, Refused
    from callslot.generated import schema

log = logging.getLogger("callslot")

Frame = dict[str, Any]
# What is said of a call that the lease's end took along, so that its id may have to change.
_ENDED_WITH_LEASE = ("lease_expired", "reconciled")
_HELD_ELSEWHERE_RETRIES = 10
# The server takes notes of that many characters. One that is far longer would not even fit into a message.
NOTE_CHARS = 1_000


class Step(Enum):
    """How far the server is known to be with a call."""

    NEW = "new"  # It has not been asked.
    ASKED = "asked"  # It was asked, and has perhaps not heard it.
    QUEUED = "queued"
    ACTIVE = "active"
    OVER = "over"


class Listener(Protocol):
    """Whom an entry tells what happens. Called on the engine's thread."""

    def __call__(self, what: str, detail: Any, /) -> None: ...


@dataclass(eq=False)
class Entry:
    """A call of this process, from before its start is sent until its end is confirmed."""

    id: str
    fields: Frame
    """The fields of its start, without `op`, `ref` and `id`."""
    tell: Listener
    written_at: float
    opening: str = "start"
    """`start`, or `adopt` for a call that exists."""
    step: Step = Step.NEW
    ending: bool = False
    note: str | None = None
    open_since: float | None = None
    """Since when it runs without a slot, because the server could not be reached."""
    is_lost: bool = False
    """Whether its listener was told that the slot is gone, or may be."""
    outlived_lease: bool = False
    in_flight: set[str] = field(default_factory=lambda: set[str]())
    attempts: int = 0
    renamed: int = 0
    first_id: str = ""

    def ends_with_lease(self) -> bool:
        """Whether it is over with its lease: it has its slot, or how it was started is not known here."""
        return self.step is Step.ACTIVE or (self.step is Step.QUEUED and self.opening == "adopt")


@dataclass(eq=False)
class Request:
    """A claim or a decline, with what to do about its answer."""

    op: str
    entry: Entry
    fields: Frame
    done: Callable[[schema.Call | Exception], None]


Asked = tuple[str, Entry, "Request | None"]


class Ledger:
    """All calls of one engine. `frames` is what to send; `hear` takes what comes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` is the one whose time `frames` is given."""
        self.entries: dict[str, Entry] = {}
        self.lease: str | None = None
        self.opened = self.adopted = self.ended_open = 0  # Calls that went on without a slot.
        self._refs = itertools.count(1)
        self._asked: dict[int, Asked] = {}
        self._due: deque[Entry | Request] = deque()
        self._later: list[tuple[float, int, Entry | Request]] = []
        self._resumed: list[Frame] = []
        self._own_lease = ""
        self._now = clock

    # What the program wants.

    def write(self, entry: Entry) -> None:
        """Takes a call in, to be started or adopted."""
        self.entries[entry.id] = entry
        entry.first_id = entry.first_id or entry.id
        self._due.append(entry)

    def end(self, entry: Entry, note: str | None) -> None:
        """Sees to it that a call ends, however long that takes."""
        if entry.ending or entry.step is Step.OVER:
            return
        if note is not None and len(note) > NOTE_CHARS:
            log.error("the note of %s is cut to %d characters", entry.id, NOTE_CHARS)
            note = note[:NOTE_CHARS]
        entry.ending, entry.note, entry.attempts = True, note, 0
        if entry.step is Step.NEW:
            self._over(entry, "canceled", None)
        else:
            self._due.append(entry)

    def request(self, request: Request) -> None:
        """Claims or declines a call."""
        self._due.append(request)

    def go_without(self, entry: Entry, now: float) -> None:
        """Lets a call go on without a slot until the server is back."""
        entry.open_since = now
        self.opened += 1
        entry.tell("open", None)

    def give_up_hope(self, reason: str) -> None:
        """Tells every call with a slot that it may be gone: there was no contact for the whole grace period."""
        for entry in list(self.entries.values()):
            if entry.step is Step.ACTIVE and not entry.ending and not entry.is_lost:
                entry.is_lost = True
                entry.tell("lost", reason)

    def forsake(self, reason: str, *, with_ending: bool = False) -> None:
        """Strikes every call out that the server may know, without telling it: another process has them now.

        Those that are to end are still ended, also if another client has them, unless they are struck out too.
        """
        for entry in list(self.entries.values()):
            if entry.step is not Step.NEW and (with_ending or not entry.ending):
                self._over(entry, reason, None)
        self.lease = None

    def refuse_waiting(self, refused: CallslotError) -> None:
        """Refuses the calls that wait: the server does not take this client. Those that it may know are to be ended."""
        for entry in list(self.entries.values()):
            if not self.is_waiting(entry):
                continue
            if entry.step is Step.NEW:
                self._strike(entry)
            entry.ending = True
            entry.tell("refused", refused)

    def is_waiting(self, entry: Entry) -> bool:
        """Whether a call has neither a slot nor leave to go without one."""
        waits = entry.step in (Step.NEW, Step.ASKED, Step.QUEUED)
        return waits and not entry.ending and entry.open_since is None

    # The connection.

    def connected(self, own_lease: str, at_most: int | None = None) -> Frame | None:
        """Begins on a new connection. A `resume` is to be sent first if one comes back, alone; it names `at_most` calls."""
        self._own_lease = own_lease
        known = [entry.id for entry in self.entries.values() if entry.step is not Step.NEW]
        if self.lease is None or not known:
            self.lease = own_lease
            self._send_what_lacks()
            return None
        self._resumed = []
        return {"op": "resume", "ref": 0, "lease": self.lease, "calls": known[:at_most]}

    def disconnected(self) -> None:
        """Forgets what was in flight: it may have arrived or not, and the next connection finds out."""
        unanswered = [request for _, _, request in self._asked.values() if request]
        waiting = [it for it in [*self._due, *(it for _, _, it in self._later)] if isinstance(it, Request)]
        self._asked.clear()
        self._due.clear()
        self._later.clear()
        for entry in self.entries.values():
            entry.in_flight.clear()
        for request in unanswered:
            if request.op == "claim":
                self._due.append(request)
            else:
                # Sent twice it could decline the call's next start.
                request.done(Unreachable(f"the connection broke before {request.op} was answered"))
        self._due.extend(waiting)

    def lease_gone(self) -> None:
        """Begins again under the connection's own lease: the old one has ended, with its calls."""
        self.lease = self._own_lease
        for entry in list(self.entries.values()):
            if entry.ends_with_lease() or (entry.ending and entry.step is not Step.NEW):
                self._over(entry, "lease_expired", None)
            elif entry.step in (Step.ASKED, Step.QUEUED):
                entry.step, entry.outlived_lease = Step.ASKED, True
        self._send_what_lacks()

    def hear(self, frame: Frame) -> None:
        """Takes in a frame other than `hello`."""
        match frame.get("op"):
            case None:
                self._answered(frame)
            case "resumed":
                self._resumed.append(frame)
                if not frame["more"]:
                    self._reconcile()
            case "position":
                if entry := self.entries.get(frame["id"]):
                    entry.tell("position", frame)
            case "adopted":
                if entry := self.entries.get(frame["call"]["id"]):
                    self._over(entry, "adopted", frame["call"])
            case "started" | "queued" | "ended":
                self._told(frame["call"])
            case _:
                pass  # A later server may tell more.

    def frames(self, now: float, at_most: int) -> list[Frame]:
        """What to send now."""
        while self._later and self._later[0][0] <= now:
            self._due.append(heapq.heappop(self._later)[2])
        frames: list[Frame] = []
        while self._due and len(frames) < at_most:
            due = self._due.popleft()
            if frame := self._requested(due) if isinstance(due, Request) else self._lacking(due):
                frames.append(frame)
        return frames

    def has_frames(self) -> bool:
        """Whether there may be something to send, now or later."""
        return bool(self._due or self._later)

    def next_at(self) -> float | None:
        """When `frames` has something that it does not have yet."""
        return self._later[0][0] if self._later else None

    # Sending.

    def _lacking(self, entry: Entry) -> Frame | None:
        """The frame that a call lacks, if it does."""
        if entry.step is Step.OVER:
            return None
        if entry.ending:
            # A start without an answer may be refused since the call is another client's: then it is not ended here.
            if "end" in entry.in_flight or entry.opening in entry.in_flight:
                return None
            frame = {"op": "end", "id": entry.id, "ref": self._ask("end", entry)}
            return frame if entry.note is None else {**frame, "note": entry.note}
        if entry.step not in (Step.NEW, Step.ASKED) or entry.opening in entry.in_flight:
            return None
        entry.step = Step.ASKED
        return {"op": entry.opening, "id": entry.id, "ref": self._ask(entry.opening, entry), **entry.fields}

    def _requested(self, request: Request) -> Frame | None:
        if request.entry.step is Step.OVER:
            request.done(Unreachable("the call is over"))
            return None
        ref = self._ask(request.op, request.entry, request)
        return {"op": request.op, "id": request.entry.id, "ref": ref, **request.fields}

    def _ask(self, op: str, entry: Entry, request: Request | None = None) -> int:
        ref = next(self._refs)
        self._asked[ref] = (op, entry, request)
        entry.in_flight.add(op)
        return ref

    def _send_what_lacks(self) -> None:
        requests = [it for it in self._due if isinstance(it, Request)]
        self._due = deque([*self.entries.values(), *requests])

    # Hearing.

    def _answered(self, frame: Frame) -> None:
        asked = self._asked.pop(frame.get("ref", 0), None)
        if asked is None:
            if "error" in frame:
                log.error("the server refused a message: %s", refusal(frame["error"]))
            return
        op, entry, request = asked
        entry.in_flight.discard(op)
        if "error" in frame:
            self._refused(op, entry, request, refusal(frame["error"]))
            return
        call = cast("schema.Call", frame["call"])
        entry.attempts = 0
        if request:
            request.done(call)
        if entry.step is Step.OVER:
            return
        if op == "end":
            self._over(entry, call["reason"] or "completed", call)
        else:
            self._set(entry, call)

    def _refused(self, op: str, entry: Entry, request: Request | None, refused: Refused) -> None:
        is_own_shadow = refused.code == "held_by_other_lease" and entry.outlived_lease
        may_pass = passes(refused) or (is_own_shadow and entry.attempts < _HELD_ELSEWHERE_RETRIES)
        # The lease has just ended, and the server is about to close the connection; the next one has a lease of its own.
        may_pass = may_pass or (op in ("start", "adopt") and refused.code == "lease_expired")
        if request is not None:
            if may_pass and op == "claim":
                self._again(request, entry, refused)
            else:
                request.done(refused)
        elif entry.step is Step.OVER:
            return
        elif may_pass:
            self._again(entry, entry, refused)
        elif op == "end" and entry.note is not None and refused.code != "unknown_call":
            log.error("%s is ended without its note: %s", entry.id, refused)
            entry.note = None
            self._due.append(entry)
        elif op == "end":
            if refused.code != "unknown_call":
                log.error("%s could not be ended: %s", entry.id, refused)
            self._over(entry, "canceled", None)
        elif entry.ending:
            self._over(entry, "canceled", None)
        else:
            self._strike(entry)
            entry.tell("refused", refused)

    def _again(self, due: Entry | Request, entry: Entry, refused: Refused) -> None:
        """Sends something again later: as the server asks, otherwise with full jitter."""
        entry.attempts += 1
        wait_s = refused.retry_in_s or 0.0
        wait_s += random.uniform(0, min(5.0, 0.1 * 2 ** min(entry.attempts, 10)))
        heapq.heappush(self._later, (self._now() + wait_s, next(self._refs), due))

    def _told(self, call: schema.Call) -> None:
        entry = self.entries.get(call["id"])
        if entry is None:
            log.debug("%s is under this engine's lease, but not one of its calls", call["id"])
        else:
            self._set(entry, call)

    def _set(self, entry: Entry, call: schema.Call) -> None:
        """Takes in how a call stands."""
        state = call["state"]
        if state == "ended":
            reason = call["reason"] or "completed"
            # An id that had ended under another lease before is the program's mistake, and is said as it is.
            is_own = entry.outlived_lease or call["lease"] == self.lease
            begins_again = not (entry.ends_with_lease() or entry.ending)
            if begins_again and is_own and reason in _ENDED_WITH_LEASE:
                self._rename(entry)
            else:
                self._over(entry, reason, call)
            return
        before = entry.step
        entry.step = Step.ACTIVE if state == "active" else Step.QUEUED
        if entry.ending:
            self._due.append(entry)
            return
        if entry.step is Step.ACTIVE:
            entry.is_lost = False
            if entry.open_since is not None and before is not Step.ACTIVE:
                entry.open_since = None
                self.adopted += 1
        elif entry.open_since is not None:
            return  # It goes on without a slot, and is in line for one meanwhile.
        entry.tell(state, call)

    def _reconcile(self) -> None:
        """Compares with the whole answer to a `resume`."""
        answers, self._resumed = self._resumed, []
        self.lease = answers[-1]["lease"]
        heard: set[str] = set()

        def entries(of: str) -> Iterable[tuple[Entry, Any]]:
            for it in itertools.chain.from_iterable(answer[of] for answer in answers):
                heard.add(it["id"])
                entry = self.entries.get(it["id"])
                if entry:
                    yield entry, it
                elif of == "calls":
                    self._end_surplus(it)

        for entry, call in [*entries("calls"), *entries("ended")]:
            self._set(entry, call)
        for entry, unknown in entries("unknown"):
            # What is to end and is another's, has been adopted or never was this client's.
            if unknown["why"] == "ended" or (entry.ending and unknown["why"] == "other_lease"):
                self._over(entry, "canceled", None)
            elif entry.step is Step.ACTIVE:
                why = "adopted" if unknown["why"] == "other_lease" else unknown["why"]
                self._over(entry, why, None)
            else:
                entry.step = Step.ASKED
        for entry in list(self.entries.values()):
            if entry.id in heard or entry.step is Step.NEW:
                continue
            # It was beyond what one `resume` names, and is not live: asked once more, the server says how it ended.
            if entry.step is Step.ACTIVE:
                self._over(entry, "ended", None)
            else:
                entry.step = Step.ASKED
        self._send_what_lacks()

    def _end_surplus(self, call: schema.Call) -> None:
        """Has a call ended that is under this engine's lease although it is none of its calls: nobody else would."""
        log.warning("%s is under this engine's lease, but not one of its calls; it is ended", call["id"])
        step = Step.ACTIVE if call["state"] == "active" else Step.QUEUED
        surplus = Entry(call["id"], {}, lambda _what, _detail: None, self._now(), step=step, ending=True)
        self.entries[surplus.id] = surplus

    def _rename(self, entry: Entry) -> None:
        """Starts a call that waits under another id: its lease ran out, and an ended id stays taken."""
        del self.entries[entry.id]
        entry.renamed += 1
        suffix = f"~{entry.renamed}"
        fits = len(entry.first_id) + len(suffix) <= 128
        entry.id = entry.first_id + suffix if fits else str(uuid.uuid4())
        entry.step, entry.outlived_lease = Step.NEW, False
        entry.tell("renamed", entry.id)
        self.write(entry)

    def _over(self, entry: Entry, reason: str, call: schema.Call | None) -> None:
        self._strike(entry)
        entry.tell("over", (reason, call))

    def _strike(self, entry: Entry) -> None:
        entry.step = Step.OVER
        if entry.open_since is not None:
            entry.open_since = None
            self.ended_open += 1
        if self.entries.get(entry.id) is entry:
            del self.entries[entry.id]
