"""The real worker of livekit-agents, with a peer in place of LiveKit's server."""

from __future__ import annotations

import asyncio
import json
import math
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import pytest

pytest.importorskip("livekit.agents")

from livekit import api
from livekit.agents import AgentServer, JobExecutorType

import callslot
import callslot.livekit

import livekit_agent
from conftest import World, until
from livekit_peer import LiveKitPeer

SECRETS = {"api_key": "devkey", "api_secret": "s" * 32}


@dataclass
class Stage:
    """A world, a worker in it, and its peer."""

    world: World
    worker: AgentServer
    peer: LiveKitPeer
    killed: set[int] = field(default_factory=set)

    async def give(self, job_id: str, do: str) -> bool:
        return await self.peer.give(job_id, json.dumps({"do": do}))

    async def holds(self, *job_ids: str) -> None:
        """Waits until exactly these jobs hold slots."""

        async def are() -> bool:
            active = await self.world.server.ask("GET", "/v1/calls?state=active")
            return sorted(call["id"] for call in active["items"]) == sorted(job_ids)

        await until(are, 40)

    async def kill_the_job(self) -> None:
        """Kills the process of the one job that runs."""

        def running() -> list[int]:
            processes = self.worker._proc_pool.processes
            return [it.pid for it in processes if it.running_job and it.pid and it.pid not in self.killed]

        await until(lambda: len(running()) == 1)
        [pid] = running()
        self.killed.add(pid)
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def staged(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AbstractAsyncContextManager[Stage]]:
    @asynccontextmanager
    async def make(world: World, executor: JobExecutorType, **options: object) -> AsyncIterator[Stage]:
        monkeypatch.setenv("CALLSLOT_URL", world.proxy.url)
        monkeypatch.setenv("CALLSLOT_KEY", world.server.key)
        livekit_agent.heard.clear()
        callslot.livekit._clients.clear()
        async with LiveKitPeer() as peer:
            worker = AgentServer(
                job_executor_type=executor,
                ws_url=peer.url,
                host="127.0.0.1",
                load_threshold=0.7 if options.get("by_pool") else math.inf,
                num_idle_processes=0,
                load_fnc=callslot.livekit.PoolLoad("support", "inbound", every_s=0.1)
                if options.get("by_pool")
                else lambda: 0.0,
                **SECRETS,
            )
            worker.rtc_session(livekit_agent.entrypoint, agent_name="support")
            running = asyncio.create_task(worker.run(devmode=True))
            await peer.registered()
            try:
                yield Stage(world, worker, peer)
            finally:
                await worker.aclose()
                await asyncio.wait({running}, timeout=30)
                for slots in callslot.livekit._clients.values():
                    await slots.close()

    return make


@pytest.mark.parametrize("executor", [JobExecutorType.THREAD, JobExecutorType.PROCESS])
async def test_a_job_gives_its_slot_back_however_it_ends(
    world: World, staged: Callable[..., AbstractAsyncContextManager[Stage]], executor: JobExecutorType
) -> None:
    async with staged(world, executor) as stage:
        # The entrypoint has returned, but the job goes on, as one with a session does.
        assert await stage.give("returns", "return")
        await stage.holds("returns")
        await stage.peer.terminate("returns")
        await stage.holds()
        for do in ("raise", "shutdown"):
            assert await stage.give(do, do)
            await until(lambda do=do: world.is_over(do), 30)
        assert await stage.give("cancelled", "wait")
        await stage.holds("cancelled")
        await stage.peer.terminate("cancelled")  # LiveKit waits for 15 s before it cancels an entrypoint.
        await stage.holds()
        for name in ("returns", "raise", "shutdown", "cancelled"):
            assert (await world.call(name))["reason"] == "completed"


async def test_a_job_waits_with_music_and_its_position(
    world: World, staged: Callable[..., AbstractAsyncContextManager[Stage]]
) -> None:
    async with staged(world, JobExecutorType.THREAD) as stage, world.client() as others:
        held = [await others.start("support", "inbound") for _ in range(2)]
        first = await others.start("support", "chat")
        assert await stage.give("patient", "return")
        await until(lambda: ("waits at", 2) in livekit_agent.heard)
        await first.end()
        await until(lambda: ("now at", 1) in livekit_agent.heard)
        await held[0].end()
        await until(lambda: ("runs", "patient") in livekit_agent.heard)
        assert livekit_agent.heard.index(("music stops", "patient")) < livekit_agent.heard.index(("runs", "patient"))
        await stage.peer.terminate("patient")
        await until(lambda: world.is_over("patient"))


async def test_a_job_that_ends_while_it_waits_leaves_the_line(
    world: World, staged: Callable[..., AbstractAsyncContextManager[Stage]]
) -> None:
    async with staged(world, JobExecutorType.THREAD) as stage, world.client() as others:
        for _ in range(2):
            await others.start("support", "inbound")
        assert await stage.give("gone", "return")
        await until(lambda: world.live_has("gone"))
        await stage.peer.terminate("gone")
        await until(lambda: world.is_over("gone"), 20)
        assert (await world.call("gone"))["reason"] == "canceled"
        assert ("runs", "gone") not in livekit_agent.heard
        assert await stage.give("stopped", "return")
        await until(lambda: world.live_has("stopped"))
        await world.server.ask("POST", "/v1/calls/stopped/end", {})
        await until(lambda: ("no slot", "canceled") in livekit_agent.heard)


async def test_a_killed_process_gives_its_slot_back_with_its_lease(
    world: World, staged: Callable[..., AbstractAsyncContextManager[Stage]]
) -> None:
    async with staged(world, JobExecutorType.PROCESS) as stage:
        assert await stage.give("killed", "wait")
        await stage.holds("killed")
        first_lease = (await world.call("killed"))["lease"]
        await stage.kill_the_job()
        # LiveKit gives a job whose worker has died to another: here the same, which takes the call over.
        assert await stage.give("killed", "wait")

        async def is_taken_over() -> bool:
            return bool((await world.call("killed"))["lease"] != first_lease)

        await until(is_taken_over, livekit_agent.GRACE_S)
        await asyncio.sleep(livekit_agent.GRACE_S + 1)
        await stage.holds("killed")
        await stage.kill_the_job()
        await stage.holds()
        assert (await world.call("killed"))["reason"] == "lease_expired"
        # The job comes back too late to take anything over: it gets a slot under another id.
        assert await stage.give("killed", "wait")
        await until(lambda: world.live(), 30)
        [again] = await world.live()
        assert again.startswith("killed~")
        await stage.peer.terminate("killed")
        await stage.holds()


async def test_an_app_takes_the_slot_before_it_dispatches(
    world: World, staged: Callable[..., AbstractAsyncContextManager[Stage]]
) -> None:
    async with (
        staged(world, JobExecutorType.THREAD) as stage,
        world.client() as slots,
        api.LiveKitAPI(f"http://127.0.0.1:{stage.peer.port}", **SECRETS) as livekit,
    ):
        call = await callslot.livekit.dispatch(
            slots, livekit, "support", "inbound", id="app-1", agent_name="support", room="r1"
        )
        await until(lambda: call.reason == "adopted")
        await stage.holds("app-1")
        await until(lambda: ("runs", "app-1") in livekit_agent.heard)
        await stage.peer.terminate("AJ_r1")
        await stage.holds()
        options = {"agent_name": "nobody", "room": "r2", "taken_up_within_s": 0.3}
        await callslot.livekit.dispatch(slots, livekit, "support", "inbound", id="app-2", **options)
        await stage.holds("app-2")
        await until(lambda: world.is_over("app-2"))
        await until(lambda: stage.peer.deleted == ["AD_r2"])


async def test_a_full_pool_is_a_full_worker(
    world: World, staged: Callable[..., AbstractAsyncContextManager[Stage]]
) -> None:
    async with staged(world, JobExecutorType.THREAD, by_pool=True) as stage, world.client() as others:
        assert await stage.give("first", "return")
        await stage.holds("first")
        await others.start("support", "chat", id="last")
        await until(lambda: stage.peer.is_full)
        assert not await stage.give("refused", "return")
        await others.api.end_call("last")
        await until(lambda: not stage.peer.is_full)
        await others.api.put_agent("support", "Support", cap=1)
        await until(lambda: stage.peer.is_full)
        await stage.peer.terminate("first")
        await stage.holds()


async def test_no_slot_is_leaked_in_a_thousand_jobs(
    world: World, staged: Callable[..., AbstractAsyncContextManager[Stage]]
) -> None:
    jobs = int(os.environ.get("CALLSLOT_LIVEKIT_JOBS", "200"))
    async with staged(world, JobExecutorType.THREAD) as stage:
        for begin in range(0, jobs, 20):
            names = [f"job-{number}" for number in range(begin, begin + 20)]
            taken = [await stage.give(name, ("raise", "shutdown")[len(name) % 2]) for name in names]
            assert all(taken)
            for name in names:
                await until(lambda name=name: name in stage.peer.done and world.is_over(name), 60)
        assert await world.live() == []
        ended = await world.server.ask("GET", "/v1/calls?state=ended&limit=1000")
        assert [call["reason"] for call in ended["items"]] == ["completed"] * jobs
