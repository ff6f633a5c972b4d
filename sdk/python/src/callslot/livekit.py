"""Slots for LiveKit agents: a job has its slot before its entrypoint runs, and gives it back however the job ends.

    @server.rtc_session()
    @callslot.livekit.with_slot("support", "inbound", while_waiting=play_music)
    async def entrypoint(ctx: JobContext) -> None: ...

Nobody can wait in `on_request`, which has to answer within seconds. So the job is accepted, and waits before its
entrypoint. Where your own program creates the dispatch, `dispatch` waits there instead. `PoolLoad` tells LiveKit when the
pool is full.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import functools
import json
import logging
import os
import threading
import time
import urllib.request
import uuid
from typing import TYPE_CHECKING, Any, cast

from livekit import api
from livekit.agents import AgentServer, JobContext, JobExecutorType

from callslot.client import Client
from callslot.errors import CallEnded, CallslotError
from callslot.problems import HeldByOtherLease
from callslot.transport import USER_AGENT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from callslot.call import Call
    from callslot.generated import schema

    Entrypoint = Callable[[JobContext], Awaitable[None]]

log = logging.getLogger("callslot")

# The name in a job's metadata under which `dispatch` passes on the call.
_METADATA = "callslot_call"
# A process that is about to exit waits that long for the confirmation of its end; its lease would do the same later.
_CONFIRMED_WITHIN_S = 5.0

_current: contextvars.ContextVar[Call] = contextvars.ContextVar("callslot_call")


def with_slot(
    agent: str,
    type: schema.CallType,
    *,
    while_waiting: Callable[[JobContext, Call], Awaitable[None]] | None = None,
    on_no_slot: Callable[[JobContext, CallslotError], Awaitable[None]] | None = None,
    on_lost: Callable[[JobContext, Call], None] | None = None,
    timeout: float | None = None,
    max_wait_s: int | None = None,
    gates: Sequence[str] = (),
    client: Callable[[], Client] = Client.from_env,
) -> Callable[[Entrypoint], Entrypoint]:
    """Has an entrypoint run once its job has a slot. The call's id is the job's.

    While the job is in line, `while_waiting` runs with the call, whose `position` follows the line; it is cancelled when
    the slot is there. If none comes (`timeout` in seconds, `max_wait_s`, or a refusal), `on_no_slot` runs instead of the
    entrypoint, and the job shuts down. `on_lost` is called if the slot is gone before the job is over. The slot is given
    back when the job has shut down, not when the entrypoint returns, as sessions go on after that. `gates` are the ids
    of those that the call passes.
    """

    def decorate(entrypoint: Entrypoint) -> Entrypoint:
        @functools.wraps(entrypoint)
        async def with_its_slot(ctx: JobContext) -> None:
            hook = _hook(ctx, on_lost)
            slots = _client(client)

            def start(call_id: str) -> Call:
                return slots.call(agent, type, id=call_id, gates=gates, max_wait_s=max_wait_s, on_lost=hook)

            def adopt(call_id: str) -> Call:
                return slots.adoption(call_id, on_lost=hook)

            job = _Job(ctx, slots, start, adopt)
            ctx.add_shutdown_callback(job.over)
            try:
                await job.begin()
                await job.wait(while_waiting, timeout)
            except CallslotError as error:
                log.warning("job %s has no slot: %s", ctx.job.id, error)
                job.call.release()
                if on_no_slot is not None:
                    await on_no_slot(ctx, error)
                ctx.shutdown("no slot")
                return
            except BaseException:
                job.call.release()
                raise
            _current.set(job.call)
            await entrypoint(ctx)

        return with_its_slot

    return decorate


def current_call() -> Call:
    """The call of the job that runs here; for entrypoints under `with_slot`. Raises `LookupError` elsewhere."""
    return _current.get()


class _Job:
    """A job and its call."""

    def __init__(
        self, ctx: JobContext, slots: Client, start: Callable[[str], Call], adopt: Callable[[str], Call]
    ) -> None:
        self.ctx = ctx
        self.slots = slots
        self._start, self._adopt = start, adopt
        passed_on = _passed_on(ctx)
        self.call = adopt(passed_on) if passed_on else start(ctx.job.id)

    async def begin(self) -> None:
        """Starts the call, or takes it over from the worker that had the job before and has died."""
        try:
            await self.call.begin()
        except HeldByOtherLease:
            self.call = self._adopt(self.call.id)
            await self.call.begin()
        except CallEnded as ended:
            if ended.reason != "lease_expired":
                raise
            # That worker died so long ago that the call ended with it, and an ended id stays taken.
            self.call = self._start(f"{self.call.id}~{uuid.uuid4().hex[:8]}")
            await self.call.begin()

    async def wait(
        self, while_waiting: Callable[[JobContext, Call], Awaitable[None]] | None, timeout: float | None
    ) -> None:
        """Waits in line, with words or music; a caller who hangs up leaves it."""
        if self.call.held:
            return
        self.ctx.room.on("disconnected", self._hung_up)  # pyright: ignore[reportUnknownMemberType]
        playing = asyncio.ensure_future(while_waiting(self.ctx, self.call)) if while_waiting else None
        try:
            await self.call.wait(timeout)
        finally:
            if playing is not None:
                if not playing.cancel():
                    _log_failure(playing)
                await asyncio.wait({playing})

    async def over(self) -> None:
        """Gives the slot back; LiveKit calls this however the job ends, unless its process is killed."""
        with contextlib.suppress(CallslotError):
            await self.call.end(timeout=_CONFIRMED_WITHIN_S)
        if self.ctx.proc.executor_type is JobExecutorType.PROCESS:
            await self.slots.close(timeout=_CONFIRMED_WITHIN_S)

    def _hung_up(self, *_: object) -> None:
        if not self.call.held:
            self.call.release("hung up while waiting")


async def dispatch(
    slots: Client,
    livekit: api.LiveKitAPI,
    agent: str,
    type: schema.CallType,
    *,
    agent_name: str,
    room: str,
    metadata: dict[str, Any] | None = None,
    taken_up_within_s: float = 30.0,
    **options: Any,
) -> Call:
    """Waits for a slot, then creates the dispatch of a LiveKit agent; the job takes the call over under `with_slot`.

    `agent_name` and `room` are LiveKit's; `metadata` becomes the job's, as JSON. `options` are those of `Client.call`. If
    no job takes the call up in time, the dispatch is deleted and the slot given back. Raises what `Call.wait` raises, and
    LiveKit's errors.
    """
    timeout = options.pop("timeout", None)
    call = slots.call(agent, type, **options)
    try:
        await call.begin()
        await call.wait(timeout)
        said = json.dumps({**(metadata or {}), _METADATA: call.id})
        request = api.CreateAgentDispatchRequest(agent_name=agent_name, room=room, metadata=said)
        created = await livekit.agent_dispatch.create_dispatch(request)
    except BaseException:
        call.release()
        raise

    async def unless_taken_up() -> None:
        await asyncio.sleep(taken_up_within_s)
        if call.state != "ended":
            log.warning("no job took %s up within %g s", call.id, taken_up_within_s)
            call.release("no job took it up")
            with contextlib.suppress(Exception):
                await livekit.agent_dispatch.delete_dispatch(created.id, room)

    task = asyncio.create_task(unless_taken_up())
    _watching.add(task)
    task.add_done_callback(_watching.discard)
    return call


_watching: set[asyncio.Task[None]] = set()


class PoolLoad:
    """A `load_fnc` for LiveKit's worker: 1.0 while no slot is free for a class, so that LiveKit asks other workers first.

    Otherwise it is what `otherwise` says, which is 0.0 by default. It asks the server at most once in `every_s` seconds;
    without an answer the last one counts.
    """

    def __init__(
        self,
        agent: str,
        type: schema.CallType,
        *,
        otherwise: Callable[[], float] = lambda: 0.0,
        every_s: float = 1.0,
        url: str | None = None,
        key: str | None = None,
    ) -> None:
        self._class = (agent, type)
        self._otherwise = otherwise
        self._every_s = every_s
        self._url = f"{(url or os.environ['CALLSLOT_URL']).rstrip('/')}/v1/concurrency"
        self._key = key or os.environ["CALLSLOT_KEY"]
        self._guard = threading.Lock()
        self._asked_at = float("-inf")
        self._is_full = False

    def __call__(self, _worker: AgentServer | None = None) -> float:
        """The load, 0.0 to 1.0. Blocks for up to 2 s; LiveKit calls it on a thread."""
        with self._guard:
            if time.monotonic() - self._asked_at >= self._every_s:
                self._asked_at = time.monotonic()
                try:
                    self._is_full = self._has_no_room()
                except (OSError, ValueError) as error:
                    log.warning("the pool cannot be read: %s", error)
            return 1.0 if self._is_full else self._otherwise()

    def _has_no_room(self) -> bool:
        headers = {"authorization": f"Bearer {self._key}", "user-agent": USER_AGENT}
        with urllib.request.urlopen(urllib.request.Request(self._url, headers=headers), timeout=2.0) as answer:
            pool: schema.Pool = json.load(answer)
        return not has_room(pool, *self._class)


def has_room(pool: schema.Pool, agent: str, type: schema.CallType) -> bool:
    """Whether a call of a class would start at once, by the rule of docs/semantics.md without the sets under a cap."""
    of_agent = next((it for it in pool["agents"] if it["id"] == agent), None)
    if of_agent is None or pool["active"] >= pool["limit"]:
        return False
    use = of_agent["types"][type]
    if use["active"] < use["reserved"]:
        return True
    caps = [
        (of_agent["cap"], of_agent["active"]),
        (pool["type_caps"][type], sum(it["types"][type]["active"] for it in pool["agents"])),
    ]
    return pool["shared"]["free"] > 0 and all(cap is None or active < cap for cap, active in caps)


_clients: dict[int, Client] = {}
_clients_guard = threading.Lock()


def _client(make: Callable[[], Client]) -> Client:
    """The client of this process; jobs that are threads share it."""
    with _clients_guard:
        pid = os.getpid()
        if pid not in _clients:
            _clients.clear()
            _clients[pid] = make()
        return _clients[pid]


def _passed_on(ctx: JobContext) -> str | None:
    """The call that `dispatch` has passed on with the job, if it has."""
    try:
        said: object = json.loads(ctx.job.metadata or "{}")
    except ValueError:
        return None
    return cast("dict[str, str]", said).get(_METADATA) if isinstance(said, dict) else None


def _hook(ctx: JobContext, on_lost: Callable[[JobContext, Call], None] | None) -> Callable[[Call], None]:
    def lost(call: Call) -> None:
        log.warning("job %s has lost its slot (%s)", ctx.job.id, call.reason)
        if on_lost is not None:
            on_lost(ctx, call)

    return lost


def _log_failure(task: asyncio.Future[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("while_waiting failed", exc_info=error)
