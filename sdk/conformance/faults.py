"""What goes wrong during a run: each fault is a function, and a seed decides their order."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

from proxy import Loss, Proxy
from server import Server

log = logging.getLogger("conformance")

# A second rival within a minute is another process that has the calls, and an SDK may say that they are lost.
RIVALS_APART_S = 75.0


@dataclass(frozen=True)
class Struck:
    """A fault that happened, with its times in ms since the epoch."""

    name: str
    since: float
    until: float


@dataclass
class Weather:
    """The faults of one run."""

    server: Server
    proxy: Proxy
    chance: random.Random
    counts: dict[str, int] = field(default_factory=dict)
    struck: list[Struck] = field(default_factory=list)
    last_rival_at: float = float("-inf")
    leases_ended: set[str] = field(default_factory=set)
    """The leases that were ended here, with their calls: those did not leak."""

    async def strike(self, name: str) -> None:
        """Has one fault happen, and returns once it is over."""
        self.counts[name] = self.counts.get(name, 0) + 1
        log.info("%s", name)
        since = time.time() * 1000
        await FAULTS[name](self)
        self.struck.append(Struck(name, since, time.time() * 1000))

    async def lose(self, what: Loss, at_least_s: float, at_most_s: float) -> None:
        for connection in list(self.proxy.open):
            connection.loses = what
        lost = list(self.proxy.open)
        await asyncio.sleep(self.chance.uniform(at_least_s, at_most_s))
        for connection in lost:
            connection.cut()

    async def requests_lost(self) -> None:
        await self.lose(Loss.REQUESTS, 0.2, 1.0)

    async def answers_lost(self) -> None:
        await self.lose(Loss.ANSWERS, 0.2, 1.0)

    async def cut(self) -> None:
        await self.lose(Loss.NOTHING, 0.0, 0.0)

    async def half_open(self) -> None:
        for connection in list(self.proxy.open):
            connection.loses = Loss.BOTH
        await asyncio.sleep(0.2)

    async def busy(self) -> None:
        self.proxy.refuses = self.chance.randint(1, 2)
        await self.cut()

    async def closed(self, code: int) -> None:
        for connection in list(self.proxy.open):
            if connection.is_websocket:
                connection.close_with(code)
        await asyncio.sleep(0.1)

    async def closed_1001(self) -> None:
        await self.closed(1001)

    async def closed_1013(self) -> None:
        await self.closed(1013)

    async def rival_4001(self) -> None:
        """Resumes the program's lease from another connection, so that the server closes the program's with 4001."""
        now = asyncio.get_running_loop().time()
        if now - self.last_rival_at < RIVALS_APART_S:
            return
        self.last_rival_at = now
        for lease in await self.leases():
            headers = {"authorization": f"Bearer {self.server.key}"}
            async with aiohttp.ClientSession() as session:
                url = f"{self.server.url}/v1/connect"
                async with session.ws_connect(url, protocols=("callslot.v1",), headers=headers) as socket:
                    await socket.receive_json(timeout=5)
                    await socket.send_json({"op": "resume", "lease": lease})
                    await socket.receive(timeout=5)

    async def lease_ended_4002(self) -> None:
        """Ends the program's lease, so that the server ends its calls and closes its connection with 4002."""
        for lease in await self.leases():
            self.leases_ended.add(lease)
            await self.server.ask("DELETE", f"/v1/leases/{lease}")

    async def leases(self) -> list[str]:
        listed = await self.server.ask("GET", "/v1/leases")
        return [it["id"] for it in listed["items"] if it["active"] + it["queued"] > 0]

    async def killed(self) -> None:
        await self.server.restart(signal.SIGKILL, down_s=self.chance.choice([0.0, 0.0, 0.5]))

    async def stopped(self) -> None:
        await self.server.restart(signal.SIGTERM)


FAULTS: dict[str, Callable[[Weather], Awaitable[None]]] = {
    "an answer lost before the commit": Weather.requests_lost,
    "an answer lost after the commit": Weather.answers_lost,
    "cut": Weather.cut,
    "half-open": Weather.half_open,
    "503 with retry-after": Weather.busy,
    "closed with 1001": Weather.closed_1001,
    "closed with 1013": Weather.closed_1013,
    "resumed by another (4001)": Weather.rival_4001,
    "the lease ended (4002)": Weather.lease_ended_4002,
    "kill -9": Weather.killed,
    "stopped and started": Weather.stopped,
}


def plan(chance: random.Random, kills: int) -> list[str]:
    """The faults of a run with that many kills, in an order that the seed decides. The half-open sockets come last."""
    often = ["an answer lost before the commit", "an answer lost after the commit", "kill -9"]
    rare = [name for name in FAULTS if name not in (*often, "half-open")]
    faults = often * kills + rare * max(1, kills // 10)
    chance.shuffle(faults)
    return faults + ["half-open"] * max(1, kills // 50)
