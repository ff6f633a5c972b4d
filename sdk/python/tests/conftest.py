"""A real server for the tests, and a proxy in front of it that can misbehave."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import callslot

from proxy import Proxy
from server import OPERATOR, Server, free_port

LIMIT = 2


@dataclass
class World:
    """A server with room for two calls, a proxy in front of it, and clients through the proxy."""

    server: Server
    proxy: Proxy

    def client(self, **options: Any) -> callslot.Client:
        return callslot.Client(self.proxy.url, self.server.key, **options)

    async def call(self, call_id: str) -> Any:
        """A call as the server has it, asked straight."""
        return await self.server.ask("GET", f"/v1/calls/{call_id}")

    async def live(self) -> list[str]:
        """The ids of all live calls."""
        pages = [await self.server.ask("GET", f"/v1/calls?state={state}") for state in ("active", "queued")]
        return [call["id"] for page in pages for call in page["items"]]

    async def set_limit(self, limit: int) -> None:
        await self.server.ask("PATCH", "/v1/orgs/default", {"limit_override": limit}, key=OPERATOR)

    async def live_has(self, call_id: str) -> bool:
        return call_id in await self.live()

    async def is_over(self, call_id: str) -> bool:
        """Whether the server has had the call, and it has ended."""
        ended = await self.server.ask("GET", f"/v1/calls?state=ended&id_prefix={call_id}")
        return any(call["id"] == call_id for call in ended["items"])


@pytest.fixture
def world(tmp_path: Path) -> Callable[[], AbstractAsyncContextManager[World]]:
    @asynccontextmanager
    async def make() -> AsyncIterator[World]:
        async with Server(tmp_path, LIMIT) as server, Proxy(free_port(), server.port) as proxy:
            yield World(server, proxy)

    return make


async def until(what: Callable[[], Any], within_s: float = 30.0) -> Any:
    """Waits until something is so, and returns it; `what` may be a coroutine function."""
    deadline = asyncio.get_running_loop().time() + within_s
    while True:
        it = what()
        it = await it if inspect.isawaitable(it) else it
        if it:
            return it
        assert asyncio.get_running_loop().time() < deadline, "it does not come about"
        await asyncio.sleep(0.02)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs tests that are coroutine functions, with `world` entered for them."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}

    async def run() -> None:
        if "world" not in wanted:
            await pyfuncitem.obj(**wanted)
            return
        async with wanted["world"]() as made:
            await pyfuncitem.obj(**{**wanted, "world": made})

    asyncio.run(asyncio.wait_for(run(), 120))
    return True
