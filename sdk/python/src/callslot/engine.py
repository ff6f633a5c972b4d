"""The engine: a thread with an event loop of its own that keeps the connection, whatever the program's loop is doing.

A program that computes for a minute answers no ping, and would lose its lease if the connection lived on its loop. So
the connection, its heartbeats and the ledger live here, and only functions pass between the threads. Start reading at
`Engine._live`.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import logging
import os
import threading
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import quote

import aiohttp

from callslot.errors import ClientClosed, Refused
from callslot.http_lease import HttpLease
from callslot.ledger import Ledger
from callslot.problems import passes, refusal
from callslot.stream import Stream
from callslot.transport import Disconnected, LeaseGone, Settings, Transport, WebSocketsBlocked, full_jitter

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("callslot")

_FRAMES_AT_ONCE = 1_000
# A lease that another connection resumes again within this time belongs to another process.
_TAKEN_OVER_WITHIN_S = 60.0
_TAKEN_OVER = 4001
# A connection that lasted that long does not count as one more failure.
_STEADY_AFTER_S = 2.0
# With a key that the server does not take, there is no use in asking more often.
_REFUSED_FOR_S = 5.0
# While a client closes, a connection that says nothing for so long is made again: it may be half-open.
_CLOSING_SILENCE_S = 2.0


class Engine:
    """The calls of one process, and its one connection. Every method may be called from any thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.is_connected = False
        self._pid = os.getpid()
        self._posted: deque[Callable[[], None]] = deque()
        self._is_woken = False
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._started: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._finished: concurrent.futures.Future[None] = concurrent.futures.Future()
        # From here on only the thread's own.
        self._loop: asyncio.AbstractEventLoop
        self._work: asyncio.Event
        self._closing: asyncio.Event
        self._main: asyncio.Task[None] | None = None
        self.is_closing = False
        self._leaving = False
        self._uses_http = settings.transport == "http"
        self._alone_since: float | None = None
        self._last_heard = 0.0
        self._taken_over_at = float("-inf")
        self._refused: Refused | None = None
        self._connecting: list[concurrent.futures.Future[None]] = []
        self.ledger = Ledger(lambda: self._loop.time())

    def post(self, work: Callable[[], None]) -> None:
        """Has something done on the engine's thread, soon and in order. Starts the thread."""
        if os.getpid() != self._pid:
            raise RuntimeError("this client was made before a fork; make one in each process")
        if self._thread is None:
            if self.is_closing:
                raise ClientClosed("the client is closed")
            self._start()
        self._posted.append(work)
        if self._finished.done():
            raise ClientClosed("the client is closed")
        if not self._is_woken:
            self._is_woken = True
            # A loop that has just closed leaves the work to the end of `_run`.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._drain)

    def now(self) -> float:
        """The time by the engine's clock, in seconds; only on its thread."""
        return self._loop.time()

    def connect(self) -> concurrent.futures.Future[None]:
        """Done once there is a connection; fails with `Refused` if the key is not taken."""
        future: concurrent.futures.Future[None] = concurrent.futures.Future()

        def ask() -> None:
            if self.is_closing:
                future.set_exception(ClientClosed("the client is closed"))
            elif self.is_connected:
                future.set_result(None)
            else:
                self._connecting.append(future)
                self._work.set()

        self.post(ask)
        return future

    def close(self, *, leave: bool) -> concurrent.futures.Future[None]:
        """Ends every call, or leaves them to who resumes or adopts them; done once the server has confirmed it."""
        if self._thread is None:
            self.is_closing = True
            if not self._finished.done():
                self._finished.set_result(None)
            return self._finished

        def begin() -> None:
            self.is_closing, self._leaving = True, leave
            if not leave:
                for entry in list(self.ledger.entries.values()):
                    self.ledger.end(entry, None)
            self._work.set()
            self._closing.set()
            if not self.is_connected and (leave or not self.ledger.entries) and self._main:
                self._main.cancel()

        with contextlib.suppress(ClientClosed):
            self.post(begin)
        return self._finished

    def stop(self) -> None:
        """Stops at once, and ends the lease with the calls that are left, unless they are left to another process."""
        with contextlib.suppress(ClientClosed):
            self.post(self._cancel)

    def _cancel(self) -> None:
        if self._main:
            self._main.cancel()

    # The thread.

    def _start(self) -> None:
        with self._guard:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="callslot", daemon=True)
                thread.start()
                self._started.result()
                self._thread = thread

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except asyncio.CancelledError:
            pass
        except BaseException:
            log.exception("the engine's thread failed")
        finally:
            self.is_connected, self.is_closing = False, True
            for future in self._connecting:
                future.cancel()
            self._finished.set_result(None)
            while self._posted:
                self._posted.popleft()()  # What came too late is told that the client is closed.

    def _drain(self) -> None:
        self._is_woken = False
        while self._posted:
            self._posted.popleft()()
        self._work.set()

    async def _live(self) -> None:
        """Connects as soon as there is something to say, and again whenever the connection is gone."""
        self._loop = asyncio.get_running_loop()
        self._work = asyncio.Event()
        self._closing = asyncio.Event()
        self._main = asyncio.current_task()
        self._alone_since = self.now()
        self._started.set_result(None)
        watching = asyncio.create_task(self._watch())
        connector = aiohttp.TCPConnector(limit=0)
        try:
            async with aiohttp.ClientSession(connector=connector) as session:
                with contextlib.suppress(asyncio.CancelledError):
                    await self._keep_connected(session)
                await self._end_lease(session)
        finally:
            watching.cancel()
            self.ledger.refuse_waiting(ClientClosed("the client is closed"))
            self.ledger.forsake("client_closed", with_ending=True)

    async def _keep_connected(self, session: aiohttp.ClientSession) -> None:
        attempt = 0
        while not self._is_done():
            while not (self.ledger.entries or self._connecting or self.is_closing):
                self._work.clear()
                await self._work.wait()
            if self._is_done():
                break
            begun = self.now()
            wait_s, was_connected = await self._once(session)
            is_fresh = was_connected and self.now() - begun > _STEADY_AFTER_S
            attempt = 1 if is_fresh else attempt + 1
            wait_s += full_jitter(attempt, min(10.0, self.settings.grace_s / 4))
            if not self._is_done():
                await asyncio.sleep(wait_s)

    def _is_done(self) -> bool:
        return self.is_closing and (self._leaving or not self.ledger.entries)

    async def _once(self, session: aiohttp.ClientSession) -> tuple[float, bool]:
        """One connection from beginning to end; how long to wait before the next, and whether it came about."""
        transport = self._transport(session)
        was_connected = False
        try:
            lease = await transport.open()
            if resume := self.ledger.connected(lease, transport.resumes_at_most):
                await self._resume(transport, resume)
            was_connected = True
            self._now_connected()
            await self._serve(transport)
        except WebSocketsBlocked as blocked:
            if self.settings.transport == "stream":
                return self._refuse(refusal({"code": "upgrade_required", "status": 426, "detail": str(blocked)})), False
            log.warning("%s; going on over HTTP", blocked)
            self._uses_http = True
        except LeaseGone:
            log.warning("the lease ran out")
            return 0.0, True
        except Refused as refused:
            return (refused.retry_in_s or 0.0) if passes(refused) else self._refuse(refused), False
        except Disconnected as gone:
            if not self.is_closing:
                log.info("not connected: %s", gone)
            if gone.code == _TAKEN_OVER:
                self._taken_over()
            return gone.retry_in_s, was_connected
        except Exception:
            # What an answer left half taken in, the next connection compares.
            log.exception("what the server said cannot be taken in; connecting again")
            return 0.0, was_connected
        finally:
            if was_connected:
                self._heard(transport)
            await transport.close()
            self._now_disconnected()
        return 0.0, was_connected

    def _transport(self, session: aiohttp.ClientSession) -> Transport:
        if not self._uses_http:
            return Stream(self.settings, session)
        return HttpLease(self.settings, session)

    async def _resume(self, transport: Transport, resume: dict[str, object]) -> None:
        """Comes back to the lease, and compares what each side has."""
        await transport.send([resume])
        while True:
            for frame in await transport.receive():
                if "error" in frame:
                    refused = refusal(frame["error"])
                    if refused.code != "lease_expired":
                        raise Disconnected(f"resuming: {refused}", retry_in_s=refused.retry_in_s or 0.0)
                    log.warning("the lease %s ran out before the server was reached again", resume["lease"])
                    self.ledger.lease_gone()
                    return
                self.ledger.hear(frame)
                if frame.get("op") == "resumed" and not frame["more"]:
                    return

    async def _serve(self, transport: Transport) -> None:
        """Sends and hears until the connection is gone, or all is done at the end."""
        sending = asyncio.create_task(self._send(transport))
        hearing = asyncio.create_task(self._hear(transport))
        checking = asyncio.create_task(self._check(transport))
        tasks = (sending, hearing, checking)
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _send(self, transport: Transport) -> None:
        while not self._is_done():
            self._work.clear()
            while frames := self.ledger.frames(self.now(), _FRAMES_AT_ONCE):
                await transport.send(frames)
            next_at = self.ledger.next_at()
            wait_s = None if next_at is None else max(0.0, next_at - self.now())
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._work.wait(), wait_s)

    async def _hear(self, transport: Transport) -> None:
        while True:
            frames = await transport.receive()
            self._heard(transport)
            for frame in frames:
                self.ledger.hear(frame)
            if self.ledger.has_frames() or self._is_done():
                self._work.set()

    async def _check(self, transport: Transport) -> None:
        """Once the client is closed, finds out soon whether there is a server at the other end to confirm the ends."""
        await self._closing.wait()
        while True:
            asked_at = self.now()
            await transport.ping()
            await asyncio.sleep(_CLOSING_SILENCE_S)
            if transport.last_heard < asked_at:
                raise Disconnected("the server is silent")

    async def _watch(self) -> None:
        """Tells calls when the grace is over without contact, and lets those that may go on without a slot."""
        while True:
            await asyncio.sleep(min(1.0, self.settings.grace_s / 20))
            if self.is_connected or self._alone_since is None:
                continue
            now = self.now()
            if self._last_heard and now - self._last_heard >= self.settings.grace_s - 1.0:
                self.ledger.give_up_hope("unreachable")
            patience_s = self.settings.fail_open_s
            if patience_s is None or self._refused:
                continue
            for entry in list(self.ledger.entries.values()):
                since = max(entry.written_at, self._alone_since)
                if self.ledger.is_waiting(entry) and now - since >= patience_s:
                    log.warning("%s goes on without a slot: the server cannot be reached", entry.id)
                    self.ledger.go_without(entry, now)

    # What the connection's state means to the calls.

    def _heard(self, transport: Transport) -> None:
        self._last_heard = max(self._last_heard, transport.last_heard)

    def _now_connected(self) -> None:
        self.is_connected, self._alone_since, self._refused = True, None, None
        self._last_heard = self.now()
        for future in self._connecting:
            if future.set_running_or_notify_cancel():
                future.set_result(None)
        self._connecting.clear()
        self._work.set()

    def _now_disconnected(self) -> None:
        self.is_connected = False
        if self._alone_since is None:
            self._alone_since = self.now()
        self.ledger.disconnected()

    def _refuse(self, refused: Refused) -> float:
        """Passes on to every call that was not asked for yet, and to who waits for a connection, why there is none."""
        self._refused = refused
        log.error("the server does not take this client: %s (%s)", refused, refused.code)
        for future in self._connecting:
            if future.set_running_or_notify_cancel():
                future.set_exception(refused)
        self._connecting.clear()
        self.ledger.refuse_waiting(refused)
        return _REFUSED_FOR_S

    def _taken_over(self) -> None:
        """Another connection has resumed the lease. Twice within a minute it is another process, and has the calls."""
        now = self.now()
        if now - self._taken_over_at < _TAKEN_OVER_WITHIN_S:
            log.error("another process has resumed this one's lease, and has its calls")
            self.ledger.forsake("adopted")
        self._taken_over_at = now

    async def _end_lease(self, session: aiohttp.ClientSession) -> None:
        """Ends the lease, so that it does not count until it runs out, and what is left of its calls with it."""
        if self.ledger.lease is None or self._leaving:
            return
        url = f"{self.settings.url}/v1/leases/{quote(self.ledger.lease, safe='')}"
        limit = aiohttp.ClientTimeout(total=2.0)
        with contextlib.suppress(aiohttp.ClientError, OSError, asyncio.TimeoutError):
            async with session.delete(url, headers=self.settings.headers(), timeout=limit):
                pass
