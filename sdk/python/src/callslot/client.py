"""The client of a process: start reading at `Client`."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from callslot.api import Api
from callslot.call import Call, CallOptions
from callslot.engine import Engine
from callslot.errors import Unreachable
from callslot.events import Event, follow
from callslot.transport import Settings

log = logging.getLogger("callslot")

# More than the server takes of a call in any spelling. What fits into no message would break the connection of all calls.
_FIELDS_CHARS = 64 * 1024

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from types import TracebackType

    from typing_extensions import Unpack

    from callslot.generated import schema


@dataclass(frozen=True)
class OpenCalls:
    """Calls that went on without a slot because the server could not be reached (`fail_open`)."""

    opened: int
    """How many have."""
    adopted: int
    """How many of them got a slot once the server was back."""
    ended: int
    """How many of them ended without one. What is left goes on without a slot now."""


class Client:
    """Takes slots and gives them back. Make one for each process; its methods may be used from any event loop.

    Nothing is sent until the first call. A connection that is lost is made again, and calls do not notice unless it
    takes longer than the grace period; see `Call.on_lost`.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        org: str | None = None,
        grace_s: int = 30,
        transport: Literal["auto", "stream", "http"] = "auto",
        fail_open: float | None = None,
    ) -> None:
        """`url` is the server's, such as `https://callslot.example`; `key` has the role `engine` or above.

        `org` names the organisation, with an operator key. `grace_s` is how long calls live on if this process is
        gone, 5 to 3,600 s. `transport` is the engine stream, HTTP with a lease, or what works. `fail_open` is after how
        many seconds without any contact with the server a waiting call goes on without a slot; by default it never
        does.
        """
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"the url is {url!r}; it begins with http:// or https://")
        if not 5 <= grace_s <= 3_600:
            raise ValueError(f"grace_s is {grace_s}; it is 5 to 3,600 s")
        self._settings = Settings(url.rstrip("/"), key, org, grace_s, transport, fail_open)
        self._engine = Engine(self._settings)
        self.api = Api(self._settings)
        """The pool, reservations, agents, and everything else about the organisation."""

    @classmethod
    def from_env(cls, **options: Any) -> Client:
        """A client of `CALLSLOT_URL` with `CALLSLOT_KEY`, and `CALLSLOT_ORG` if it is set. Raises `KeyError`."""
        options.setdefault("org", os.environ.get("CALLSLOT_ORG"))
        return cls(os.environ["CALLSLOT_URL"], os.environ["CALLSLOT_KEY"], **options)

    def call(
        self, agent: str, type: schema.CallType, *, timeout: float | None = None, **options: Unpack[CallOptions]
    ) -> Call:
        """A call for `async with`: entering waits in line until it has its slot, leaving ends it, however it is left.

        `timeout` bounds the wait in seconds: then `WaitTimeout` is raised and the call is ended. `max_wait_s` does the
        same at the server (`CallEnded`). `CallOptions` says what else may be given. Raises `TypeError` for anything else,
        and `ValueError` for more than the server could take.
        """
        if unknown := options.keys() - CallOptions.__annotations__:
            raise TypeError(f"a call has no {', '.join(sorted(unknown))}")
        given: dict[str, Any] = {**options}
        own = {name: given.pop(name, None) for name in ("id", "on_position", "on_lost")}
        fields = {name: value for name, value in given.items() if value is not None}
        if len(json.dumps(fields)) > _FIELDS_CHARS:
            raise ValueError(f"a call has up to 4 KiB of metadata, and less than {_FIELDS_CHARS:,} characters in all")
        return Call(self._engine, {"agent": agent, "type": type, **fields}, timeout=timeout, **own)

    async def start(
        self, agent: str, type: schema.CallType, *, timeout: float | None = None, **options: Unpack[CallOptions]
    ) -> Call:
        """Starts a call and returns once the server has answered: it is `active`, or `queued` and `Call.wait` waits.

        Takes what `call` takes, but `timeout` bounds the answer, in seconds: then `Unreachable` is raised and the call
        is ended. A call that is started is to be ended with `Call.end`.
        """
        return await self.call(agent, type, **options).begin(timeout)

    async def adopt(self, call_id: str, *, timeout: float | None = None) -> Call:
        """Takes over a live call, whatever its lease, from an engine that has died or stopped.

        It keeps its slot or its place in line. Raises `UnknownCall` or `CallHasEnded`.
        """
        return await self.adoption(call_id).begin(timeout)

    def adoption(self, call_id: str, *, on_lost: Callable[[Call], None] | None = None) -> Call:
        """What `adopt` begins, for `async with`."""
        return Call(self._engine, {}, id=call_id, opening="adopt", on_lost=on_lost)

    async def connect(self, timeout: float = 10.0) -> None:
        """Connects now, to see whether that works. Raises `Unreachable`, or a `Refused` such as `Unauthenticated`."""
        connecting = asyncio.wrap_future(self._engine.connect())
        try:
            await asyncio.wait_for(connecting, timeout)
        except asyncio.TimeoutError:
            raise Unreachable(f"{self._settings.url} could not be reached within {timeout:g} s") from None

    def events(
        self, *, after: int | None = None, kinds: Sequence[str] = (), agents: Sequence[str] = ()
    ) -> AsyncIterator[Event]:
        """The organisation's events from now on, or after a number, each once and in order, without end.

        `kinds`, such as `call.started`, and `agents` filter. A broken connection resumes where it was. Raises
        `CursorExpired` or `CursorAhead`: then read `api.pool()` and go on after its `as_of`.
        """
        return follow(self.api, self._settings, after, kinds, agents)

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection at this moment."""
        return self._engine.is_connected

    @property
    def open_calls(self) -> OpenCalls:
        """What `fail_open` has led to since the client was made."""
        ledger = self._engine.ledger
        return OpenCalls(ledger.opened, ledger.adopted, ledger.ended_open)

    async def close(self, *, timeout: float = 10.0, leave: bool = False) -> None:
        """Ends the calls that are left, waits up to `timeout` seconds until the server has confirmed, and disconnects.

        If it has not, the lease is ended with them, which takes 2 s at most; if that fails too, it runs out. With `leave`
        the calls live on for the grace, for another process that adopts them.
        """
        finished = asyncio.wrap_future(self._engine.close(leave=leave))
        try:
            await asyncio.wait({finished}, timeout=timeout)
        finally:
            if not finished.done():
                log.warning("not every end was confirmed within %g s; the lease ends those calls", timeout)
                self._engine.stop()
                await asyncio.wait({finished}, timeout=2.5)
            await self.api.close()

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
