"""The client without `async`, in a thread of its own beside the server's."""

from __future__ import annotations

import asyncio
from itertools import islice

import pytest

import callslot.sync
from callslot import problems

from conftest import World


async def test_a_script_takes_a_slot(world: World) -> None:
    def script() -> None:
        with callslot.sync.Client(world.proxy.url, world.server.key) as slots:
            slots.connect()
            as_of = slots.api("pool")["as_of"]
            with slots.call("support", "chat", id="c") as call:
                assert call.held
                assert slots.api("read_call", "c")["state"] == "active"
            started = slots.start("support", "chat", id="d")
            assert started.wait(timeout=5).id == "d"
            with pytest.raises(problems.NoClaimDue):
                started._client.run(started.call.decline())
            started.end("enough")
            assert slots.api("read_call", "d")["note"] == "enough"
            kinds = [event.kind for event in islice(slots.events(after=as_of), 4)]
            assert sorted(kinds) == ["call.ended", "call.ended", "call.started", "call.started"]
            with pytest.raises(problems.UnknownAgent):
                slots.start("nobody", "chat")
        slots.close()

    await asyncio.to_thread(script)
    assert await world.live() == []


async def test_the_environment_names_the_server(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLSLOT_URL", world.server.url)
    monkeypatch.setenv("CALLSLOT_KEY", world.server.key)

    def script() -> None:
        with callslot.sync.Client.from_env(grace_s=5) as slots, slots.call("support", "chat") as call:
            assert call.held

    await asyncio.to_thread(script)
    async with callslot.Client.from_env() as slots, slots.call("support", "chat"):
        pass
    monkeypatch.delenv("CALLSLOT_URL")
    with pytest.raises(KeyError):
        callslot.Client.from_env()
    for wrong in ({"url": "server:7070"}, {"url": world.server.url, "grace_s": 4}):
        with pytest.raises(ValueError, match=r"it (begins|is)"):
            callslot.Client(key="k", **wrong)  # type: ignore[arg-type]
