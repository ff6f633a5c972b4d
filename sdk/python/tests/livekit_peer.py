"""As much of LiveKit's server as a worker and a dispatch talk to: registration, availability, assignment, and the load.

LiveKit's own server is not a package of Debian or PyPI, so the tests have this peer. It speaks LiveKit's protocol with
LiveKit's own messages (`livekit.protocol`); rooms are not part of it.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from aiohttp import WSMsgType, web
from livekit.protocol import agent, agent_dispatch, models


class LiveKitPeer:
    def __init__(self) -> None:
        self.load = 0.0
        self.is_full = False
        self.deleted: list[str] = []
        self.jobs: dict[str, agent.Job] = {}
        self.done: dict[str, int] = {}
        self._workers: list[web.WebSocketResponse] = []
        self._registered = asyncio.Event()
        self._answers: dict[str, asyncio.Future[bool]] = {}

    async def __aenter__(self) -> LiveKitPeer:
        app = web.Application()
        app.router.add_get("/agent", self._worker)
        app.router.add_post("/twirp/livekit.AgentDispatchService/CreateDispatch", self._create)
        app.router.add_post("/twirp/livekit.AgentDispatchService/DeleteDispatch", self._delete)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port: int = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for worker in self._workers:
            await worker.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    async def registered(self) -> None:
        await asyncio.wait_for(self._registered.wait(), 30)

    def forget(self) -> None:
        """Waits for another worker from now on."""
        self._registered.clear()

    async def give(self, job_id: str, metadata: str = "") -> bool:
        """Offers a job to the worker; whether it took it."""
        room = models.Room(sid=f"RM_{job_id}", name=f"room-{job_id}")
        job = agent.Job(id=job_id, type=agent.JobType.JT_ROOM, room=room, metadata=metadata)
        self.jobs[job_id] = job
        self._answers[job_id] = asyncio.get_running_loop().create_future()
        await self._send(agent.ServerMessage(availability=agent.AvailabilityRequest(job=job)))
        return await asyncio.wait_for(self._answers[job_id], 10)

    async def terminate(self, job_id: str) -> None:
        """Ends a job, as LiveKit does when its room is gone."""
        await self._send(agent.ServerMessage(termination=agent.JobTermination(job_id=job_id)))

    async def _send(self, message: agent.ServerMessage) -> None:
        await self._workers[-1].send_bytes(message.SerializeToString())

    async def _worker(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._workers.append(socket)
        async for raw in socket:
            if raw.type is WSMsgType.BINARY:
                message = agent.WorkerMessage()
                message.ParseFromString(raw.data)
                await self._hear(message)
        return socket

    async def _hear(self, message: agent.WorkerMessage) -> None:
        match message.WhichOneof("message"):
            case "register":
                register = agent.RegisterWorkerResponse(worker_id="AW_1", server_info=models.ServerInfo())
                await self._send(agent.ServerMessage(register=register))
                self._registered.set()
            case "availability":
                answer = message.availability
                if answer.available:
                    assigned = agent.JobAssignment(job=self.jobs[answer.job_id], token="t")
                    await self._send(agent.ServerMessage(assignment=assigned))
                with contextlib.suppress(asyncio.InvalidStateError):
                    self._answers[answer.job_id].set_result(answer.available)
            case "update_worker":
                self.load = message.update_worker.load
                self.is_full = message.update_worker.status == agent.WorkerStatus.WS_FULL
            case "update_job":
                self.done[message.update_job.job_id] = message.update_job.status
            case _:
                pass

    async def _create(self, request: web.Request) -> web.Response:
        wanted = agent_dispatch.CreateAgentDispatchRequest()
        wanted.ParseFromString(await request.read())
        made = agent_dispatch.AgentDispatch(id=f"AD_{wanted.room}", agent_name=wanted.agent_name, room=wanted.room)
        if wanted.agent_name != "nobody":
            task: asyncio.Task[Any] = asyncio.create_task(self.give(f"AJ_{wanted.room}", wanted.metadata))
            task.add_done_callback(lambda done: done.exception())
        return web.Response(body=made.SerializeToString(), content_type="application/protobuf")

    async def _delete(self, request: web.Request) -> web.Response:
        wanted = agent_dispatch.DeleteAgentDispatchRequest()
        wanted.ParseFromString(await request.read())
        self.deleted.append(wanted.dispatch_id)
        return web.Response(
            body=agent_dispatch.AgentDispatch().SerializeToString(), content_type="application/protobuf"
        )
