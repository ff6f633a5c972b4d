"""A call, as the program holds it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import uuid
from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypedDict

from callslot.errors import CallEnded, ClientClosed, SlotLost, Unreachable, WaitTimeout
from callslot.ledger import NOTE_CHARS, Entry, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from callslot.engine import Engine
    from callslot.generated import schema

log = logging.getLogger("callslot")

State = Literal["new", "asked", "queued", "active", "open", "lost", "ending", "ended"]


class CallOptions(TypedDict, total=False):
    """How a call is started: what `Client.call` and `Client.start` take besides agent, type and `timeout`."""

    id: str | None
    """Your own for the call: 1 to 128 printable ASCII characters without spaces and `/`. Without it one is made."""
    gates: Sequence[str]
    """The ids of the gates that it passes, up to 4. Their order does not matter."""
    max_wait_s: int | None
    """How long the server lets it wait in line, up to 2,592,000 s (30 days); 0 is not at all. Then it ends `max_wait`."""
    max_duration_s: int | None
    """How long it may be active, 1 to 31,536,000 s. Then it ends `max_duration`."""
    claim_within_s: int | None
    """How soon it is claimed once it has its slot (`Call.claim`), 1 to 3,600 s. Otherwise it goes back to the line."""
    metadata: dict[str, object] | None
    """A JSON object of at most 4 KiB that is kept with the call."""
    on_position: Callable[[Call], None] | None
    """See `Call.on_position`."""
    on_lost: Callable[[Call], None] | None
    """See `Call.on_lost`."""


class Call:
    """One call: started by `Client.start` or by entering `Client.call`, ended by `end` or by leaving.

    Its methods and properties belong to the event loop on which it was started.
    """

    def __init__(
        self,
        engine: Engine,
        fields: dict[str, Any],
        *,
        id: str | None = None,
        opening: str = "start",
        timeout: float | None = None,
        on_position: Callable[[Call], None] | None = None,
        on_lost: Callable[[Call], None] | None = None,
    ) -> None:
        self._engine = engine
        self._timeout = timeout
        self._entry = Entry(id or str(uuid.uuid4()), fields, self._hear, 0.0, opening=opening)
        self._home: _Home | None = None
        self._waiting: list[asyncio.Future[None]] = []
        self._failure: Exception | None = None
        self.id = self._entry.id
        """The call's id. It changes, to `<id>~1`, only if the call still waited when its lease ran out."""
        self.state: State = "new"
        """`asked`, `queued`, `active` (it has a slot), `open` (it goes on without: `fail_open`), `lost`, `ending`
        or `ended`."""
        self.record: schema.Call | None = None
        """The call as the server last showed it."""
        self.position: int | None = None
        """Its place in the organisation's line; 1 is the head."""
        self.estimated_wait_ms: int | None = None
        """About how long it still waits, in milliseconds, if anything supports a number."""
        self.blocked_on: schema.BlockedOn | None = None
        """What it waits for."""
        self.blocked_by: schema.BlockedBy | None = None
        """Whose cap, pace, pause or hours that is, such as `{"gate": "spring"}`; `None` if it is nobody's."""
        self.reason: str | None = None
        """Why it ended or lost its slot."""
        self.on_position = on_position
        """Called on the call's event loop whenever its position has changed, at most once a second."""
        self.on_lost = on_lost
        """Called on the call's event loop if its slot is gone though it was not ended, or there was no contact for the
        grace period."""

    @property
    def held(self) -> bool:
        """Whether the call has its slot, for all that is known."""
        return self.state == "active"

    async def wait(self, timeout: float | None = None) -> Call:
        """Waits in line until the call has its slot, at most `timeout` seconds.

        Returns at once if it has one. With `fail_open` it may come back `open`, without a slot. Raises `CallEnded` if
        the call ends first (`reason` says why; `max_wait` is one), a `Refused` if the server does not take it, and
        `WaitTimeout` after `timeout`: the call then keeps its place in line until it is ended.
        """
        try:
            await self._until(("active", "open"), timeout)
        except asyncio.TimeoutError:
            raise WaitTimeout(f"{self.id} is still {self.state} after {timeout:g} s") from None
        return self

    async def end(self, note: str | None = None, *, timeout: float | None = None) -> None:
        """Ends the call, and returns once the server has confirmed it. Safe to repeat, and in any state.

        The end is carried out whatever becomes of this coroutine and of the connection. `note` is kept with the call.
        Raises `Unreachable` if there was no confirmation within `timeout` seconds; the end goes on.
        """
        self.release(note)
        try:
            await self._until(("ended",), timeout)
        except asyncio.TimeoutError:
            raise Unreachable(f"{self.id}: the end was not confirmed within {timeout:g} s; it goes on") from None

    def release(self, note: str | None = None) -> None:
        """Ends the call without waiting for the server, from any thread. Leaving `async with` does this."""
        if self.state in ("new", "ended"):
            self.state = "ended"
            return
        self.state = "ending"
        try:
            self._engine.post(lambda: self._engine.ledger.end(self._entry, note))
        except ClientClosed:
            self.state = "ended"

    async def claim(self) -> None:
        """Claims a call that was started with `claim_within_s`, once it has its slot. Safe to repeat.

        Raises a `Refused`, such as `ClaimedByOther` or `CallNotDispatched`.
        """
        await self._request("claim", {})

    async def decline(self, note: str | None = None, *, for_good: bool = False) -> None:
        """Gives a call that is to be claimed back to the queue, or ends it `for_good`.

        Raises a `Refused`, or `Unreachable` if the connection broke meanwhile; the state then says what happened.
        """
        fields: dict[str, Any] = {"for_good": for_good}
        await self._request("decline", fields if note is None else {**fields, "note": note[:NOTE_CHARS]})

    async def __aenter__(self) -> Call:
        await self.begin()
        try:
            return await self.wait(self._timeout)
        except BaseException:
            self.release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    async def begin(self, timeout: float | None = None) -> Call:
        """Asks the server for the call, and returns once it has answered; `Client.start` does this.

        A call whose answer does not come, because of a timeout or a cancellation, is ended.
        """
        if self.state != "new":
            raise RuntimeError(f"{self.id} was started already")
        self._home = _Home.of(asyncio.get_running_loop())
        self.state = "asked"
        self._engine.post(self._write)
        try:
            await self._until(("queued", "active", "open"), timeout)
        except asyncio.TimeoutError:
            self.release()
            raise Unreachable(f"{self.id}: the server gave no answer within {timeout:g} s") from None
        except BaseException:  # Such as a cancellation, or the end of a coroutine that nobody awaits any more.
            self.release()
            raise
        return self

    def _write(self) -> None:
        self._entry.written_at = self._engine.now()
        if self._engine.is_closing:
            self._hear("refused", ClientClosed("the client is closed"))
        elif self._entry.id in self._engine.ledger.entries:
            self._hear("refused", ValueError(f"this client has a call {self._entry.id} that is not over"))
        else:
            self._engine.ledger.write(self._entry)

    async def _request(self, op: str, fields: dict[str, Any]) -> None:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[None] = loop.create_future()

        def settle(outcome: object) -> None:
            if answer.done():
                return
            if isinstance(outcome, Exception):
                answer.set_exception(outcome)
            else:
                answer.set_result(None)

        def done(outcome: object) -> None:
            with contextlib.suppress(RuntimeError):  # The loop is closed: nobody is left to be told.
                loop.call_soon_threadsafe(settle, outcome)

        request = Request(op, self._entry, fields, done)
        self._engine.post(lambda: self._engine.ledger.request(request))
        await answer

    async def _until(self, states: tuple[State, ...], timeout: float | None) -> None:
        """Waits for one of some states; raises what makes them impossible."""
        if timeout is not None:
            await asyncio.wait_for(self._until(states, None), timeout)
            return
        while self.state not in states:
            if self.state == "ended":
                raise self._failure or CallEnded(self.id, self.reason or "completed", self.record)
            if self.state == "lost":
                raise SlotLost(self.id, self.reason or "")
            change = asyncio.get_running_loop().create_future()
            self._waiting.append(change)
            await change

    def _hear(self, what: str, detail: Any) -> None:
        """Takes news from the engine's thread to the call's own loop."""
        if self._home:
            self._home.deliver(self, what, detail)

    def take(self, what: str, detail: Any) -> None:
        """Takes in news, on the call's own loop."""
        if self.state == "ending" and what not in ("over", "refused"):
            return
        was_held = self.state in ("active", "lost")
        match what:
            case "queued" | "active":
                self._show(detail)
                went_back = self.state == "active" and what == "queued"
                self.state = "active" if what == "active" else "queued"
                if went_back:
                    self.reason = "unclaimed"
                    self._call(self.on_lost)
            case "position":
                self._place(detail)
                self._call(self.on_position)
            case "open":
                self.state = "open"
            case "renamed":
                self.id, self.state = detail, "asked"
            case "lost":
                self.state, self.reason = "lost", detail
                self._call(self.on_lost)
            case "refused":
                self.state, self._failure = "ended", detail
            case _:
                self.reason, record = detail
                self.record = record or self.record
                was_ending = self._entry.ending
                is_first = self.state != "lost"
                self.state = "ended"
                if was_held and not was_ending and is_first:
                    self._call(self.on_lost)
        waiting, self._waiting = self._waiting, []
        for change in waiting:
            if not change.done():  # What waited for it may have been cancelled.
                change.set_result(None)

    def _show(self, record: schema.Call) -> None:
        self.record = record
        self._place(record)

    def _place(self, told: schema.Call | schema.PositionToldFrame) -> None:
        self.position, self.estimated_wait_ms = told["position"], told["estimated_wait_ms"]
        self.blocked_on, self.blocked_by = told["blocked_on"], told["blocked_by"]

    def _call(self, hook: Callable[[Call], None] | None) -> None:
        if hook is None:
            return
        try:
            hook(self)
        except Exception:
            log.exception("a hook of %s failed", self.id)


class _Home:
    """An event loop of the program, and the news that wait for it: one wake-up brings all that have come."""

    _all: ClassVar[dict[asyncio.AbstractEventLoop, _Home]] = {}
    _guard = threading.Lock()

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._news: deque[tuple[Call, str, Any]] = deque()
        self._is_woken = False

    @classmethod
    def of(cls, loop: asyncio.AbstractEventLoop) -> _Home:
        home = cls._all.get(loop)
        if home is None:
            with cls._guard:
                for gone in [it for it in cls._all if it.is_closed()]:
                    del cls._all[gone]
                home = cls._all.setdefault(loop, cls(loop))
        return home

    def deliver(self, call: Call, what: str, detail: Any) -> None:
        self._news.append((call, what, detail))
        if not self._is_woken:
            self._is_woken = True
            try:
                self._loop.call_soon_threadsafe(self._drain)
            except RuntimeError:
                self._news.clear()  # The loop is closed: nobody is left to be told.

    def _drain(self) -> None:
        self._is_woken = False
        while self._news:
            call, what, detail = self._news.popleft()
            call.take(what, detail)
