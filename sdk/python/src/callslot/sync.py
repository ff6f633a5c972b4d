"""The client for scripts: the same, without `async`.

    with callslot.sync.Client.from_env() as slots:
        with slots.call("support", "inbound") as call:
            ...

An event loop in a thread does the work, so this may be used from any number of threads.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from callslot import call as asynchronous
from callslot import client as asynchronous_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterator
    from types import TracebackType

    from typing_extensions import Unpack

    from callslot.events import Event
    from callslot.generated import schema

T = TypeVar("T")


class Client:
    """`callslot.Client` without `async`; takes what that takes, and raises what that raises."""

    def __init__(self, url: str, key: str, **options: Any) -> None:
        self._open(asynchronous_client.Client(url, key, **options))

    @classmethod
    def from_env(cls, **options: Any) -> Client:
        """A client of `CALLSLOT_URL` with `CALLSLOT_KEY`."""
        made = cls.__new__(cls)
        made._open(asynchronous_client.Client.from_env(**options))
        return made

    def _open(self, client: asynchronous_client.Client) -> None:
        self._client = client
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="callslot-sync", daemon=True)
        self._thread.start()

    def call(
        self,
        agent: str,
        type: schema.CallType,
        *,
        timeout: float | None = None,
        **options: Unpack[asynchronous.CallOptions],
    ) -> Call:
        """A call for `with`: entering waits in line until it has its slot, leaving ends it."""
        return Call(self, self._client.call(agent, type, timeout=timeout, **options))

    def start(
        self,
        agent: str,
        type: schema.CallType,
        *,
        timeout: float | None = None,
        **options: Unpack[asynchronous.CallOptions],
    ) -> Call:
        """Starts a call without waiting in line."""
        return Call(self, self.run(self._client.start(agent, type, timeout=timeout, **options)))

    def connect(self, timeout: float = 10.0) -> None:
        """Connects now, to see whether that works."""
        self.run(self._client.connect(timeout))

    def api(self, method: str, /, *arguments: Any, **options: Any) -> Any:
        """A method of `callslot.Api` by its name: `slots.api("pool")`, `slots.api("read_call", "sip-4711")`."""
        return self.run(getattr(self._client.api, method)(*arguments, **options))

    def events(self, **options: Any) -> Iterator[Event]:
        """The organisation's events, without end."""
        events: AsyncIterator[Event] = self._client.events(**options)
        while True:
            yield self.run(_next(events))

    def close(self, *, timeout: float = 10.0, leave: bool = False) -> None:
        """Ends the calls that are left, or leaves them, and disconnects."""
        if self._loop.is_closed():
            return
        self.run(self._client.close(timeout=timeout, leave=leave))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine on the client's loop."""
        running = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return running.result()
        except BaseException:
            running.cancel()  # An interrupt from the keyboard, for example: the call is not to stay in line.
            raise

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Call:
    """`callslot.Call` without `async`."""

    def __init__(self, client: Client, call: asynchronous.Call) -> None:
        self._client = client
        self.call = call
        """The call underneath, with its `id`, `state`, `position` and `reason`."""

    @property
    def id(self) -> str:
        """The call's id."""
        return self.call.id

    @property
    def held(self) -> bool:
        """Whether it has its slot."""
        return self.call.held

    def wait(self, timeout: float | None = None) -> Call:
        """Waits in line, at most `timeout` seconds; see `callslot.Call.wait`."""
        self._client.run(self.call.wait(timeout))
        return self

    def end(self, note: str | None = None, *, timeout: float | None = None) -> None:
        """Ends the call, and returns once the server has confirmed it."""
        self._client.run(self.call.end(note, timeout=timeout))

    def claim(self) -> None:
        """Claims a call that was started with `claim_within_s`."""
        self._client.run(self.call.claim())

    def __enter__(self) -> Call:
        self._client.run(self.call.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.call.release()


async def _next(events: AsyncIterator[Event]) -> Event:
    return await events.__anext__()
