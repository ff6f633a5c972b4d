"""Calls outlive whatever happens to the connection, for as long as the server lets them."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from typing import Any
from unittest import mock

import pytest

import callslot
from callslot import problems
from callslot.http_lease import HttpLease
from callslot.ledger import Entry, Step

from conftest import World, until
from proxy import Loss
from server import free_port

GRACE_S = 5


async def test_a_blocked_event_loop_does_not_lose_the_slot(world: World) -> None:
    async with world.client(grace_s=GRACE_S) as slots, slots.call("support", "chat", id="c") as call:
        time.sleep(GRACE_S * 1.6)
        assert call.held
        assert (await world.call("c"))["state"] == "active"


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGKILL])
async def test_a_restart_of_the_server_is_invisible(world: World, with_signal: signal.Signals) -> None:
    async with world.client() as slots:
        held = [await slots.start("support", "chat") for _ in range(2)]
        waiting = await slots.start("support", "chat", id="waiting")
        restart = asyncio.create_task(world.server.restart(with_signal, down_s=0.5))
        await asyncio.sleep(0.2)
        await held[0].end()
        assert (await waiting.wait(timeout=10)).id == "waiting"
        assert held[1].held
        await restart
        with pytest.raises(callslot.WaitTimeout):
            async with slots.call("support", "inbound", timeout=0.3):
                pytest.fail("both slots are taken")
    assert await world.live() == []


async def test_an_answer_that_is_lost_neither_leaks_nor_doubles_a_call(world: World) -> None:
    async with world.client(grace_s=GRACE_S) as slots:
        await slots.connect()
        for connection in world.proxy.open:
            connection.loses = Loss.ANSWERS
        starting = asyncio.create_task(slots.start("support", "chat", id="committed"))
        await until(lambda: world.live_has("committed"))
        assert not starting.done()
        for connection in list(world.proxy.open):
            connection.cut()
        call = await asyncio.wait_for(starting, 10)
        assert (call.id, call.state) == ("committed", "active")
        for connection in world.proxy.open:
            connection.loses = Loss.REQUESTS
        call.release()
        await asyncio.sleep(0.2)
        assert await world.live() == ["committed"]
        # The client finds out by itself that nobody answers.
        await until(lambda: world.is_over("committed"))
    assert (await world.call("committed"))["reason"] == "completed"


async def test_a_start_that_is_given_up_is_ended_once_the_server_is_back(world: World) -> None:
    async with world.client() as slots:
        await slots.connect()
        for connection in world.proxy.open:
            connection.loses = Loss.ANSWERS
        with pytest.raises(callslot.Unreachable):
            await slots.start("support", "chat", id="c", timeout=0.5)
        for connection in list(world.proxy.open):
            connection.cut()
        await until(lambda: world.is_over("c"))


async def test_a_call_says_when_the_grace_is_over_and_comes_back(world: World) -> None:
    lost: list[str | None] = []
    async with world.client(grace_s=GRACE_S) as slots:
        call = await slots.start("support", "chat", id="c", on_lost=lambda call: lost.append(call.reason))
        world.proxy.refuses = 1_000_000
        begun = time.monotonic()
        for connection in list(world.proxy.open):
            connection.cut()
        await until(lambda: lost == ["unreachable"], GRACE_S + 1)
        assert GRACE_S - 1.5 < time.monotonic() - begun <= GRACE_S
        assert not call.held
        await until(lambda: world.is_over("c"))
        world.proxy.refuses = 0
        await until(lambda: call.reason == "lease_expired", 20)
        assert (await slots.start("support", "chat")).held


@pytest.mark.parametrize("transport", ["stream", "http"])
async def test_a_call_in_line_survives_the_end_of_its_lease(world: World, transport: str) -> None:
    async with world.client(transport=transport, grace_s=GRACE_S) as slots:
        held = [await slots.start("support", "chat") for _ in range(2)]
        waiting = await slots.start("support", "chat", id="w")
        lease = (await world.call("w"))["lease"]
        await world.server.ask("DELETE", f"/v1/leases/{lease}")
        await waiting.wait(timeout=30)
        assert waiting.id == "w~1"
        await until(lambda: [call.reason for call in held] == ["lease_expired"] * 2)
        assert await world.live() == ["w~1"]


async def test_fail_open_is_off_by_default(world: World) -> None:
    async with world.client() as slots:
        world.proxy.refuses = 1_000_000
        with pytest.raises(callslot.Unreachable):
            await slots.start("support", "chat", timeout=2)
        assert slots.open_calls == callslot.OpenCalls(0, 0, 0)
        world.proxy.refuses = 0


async def test_fail_open_lets_calls_go_on_and_accounts_for_them(world: World) -> None:
    world.proxy.refuses = 1_000_000
    async with world.client(fail_open=0.5) as slots:
        async with slots.call("support", "chat", id="short") as short:
            assert (short.state, short.held) == ("open", False)
        async with slots.call("support", "chat", id="long") as long:
            assert slots.open_calls == callslot.OpenCalls(opened=2, adopted=0, ended=1)
            world.proxy.refuses = 0
            await until(lambda: long.held, 20)
            assert (await world.call("long"))["state"] == "active"
        await until(lambda: world.is_over("long"))
        assert slots.open_calls == callslot.OpenCalls(opened=2, adopted=1, ended=1)


@pytest.mark.parametrize("transport", ["auto", "http"])
async def test_plain_http_does_where_websockets_are_blocked(world: World, transport: str) -> None:
    world.proxy.blocks_websockets = True
    async with world.client(transport=transport, grace_s=GRACE_S) as slots:
        held = [await slots.start("support", "chat", claim_within_s=60) for _ in range(2)]
        await held[0].claim()
        waiting = await slots.start("support", "chat", id="http")
        await asyncio.sleep(GRACE_S * 1.5)
        assert all(call.held for call in held)
        await held[0].end("done")
        await waiting.wait(timeout=5)
        await slots.api.end_call("http")
        await until(lambda: waiting.state == "ended", GRACE_S)
    assert await world.live() == []
    async with world.client(transport="stream") as slots:
        with pytest.raises(problems.UpgradeRequired):
            await slots.start("support", "chat")


@pytest.mark.parametrize("transport", ["stream", "http"])
async def test_a_wall_clock_that_is_set_loses_no_call_and_no_lease(world: World, transport: str) -> None:
    wall, lost = time.time, list[str | None]()
    async with world.client(transport=transport, grace_s=GRACE_S) as slots:
        held = [await slots.start("support", "chat", on_lost=lambda call: lost.append(call.reason)) for _ in range(2)]
        waiting = await slots.start("support", "chat", id="waiting")
        lease = slots._engine.ledger.lease
        for days in (1, -1, 400, -400):
            with mock.patch.object(time, "time", lambda ahead=days * 86_400: wall() + ahead):
                assert abs(time.time() - wall()) > 80_000
                await asyncio.sleep(GRACE_S * 0.2)
                # What the clock could have spoiled is used: without contact, the grace is counted.
                world.proxy.refuses = 1_000_000
                for connection in list(world.proxy.open):
                    connection.cut()
                await asyncio.sleep(0.6)
                world.proxy.refuses = 0
                await until(lambda: slots.is_connected)
        await held[0].end()
        await waiting.wait(timeout=GRACE_S)
        assert held[1].held
        assert not lost
        assert slots._engine.ledger.lease == lease
        assert waiting.id == "waiting"


@pytest.mark.parametrize("transport", ["stream", "http"])
async def test_what_the_server_has_beyond_the_clients_calls_is_ended(world: World, transport: str) -> None:
    async with world.client(transport=transport, grace_s=GRACE_S) as slots:
        held = await slots.start("support", "chat", id="held")
        lease = (await world.call("held"))["lease"]
        surplus = {"id": "surplus", "agent": "support", "type": "chat", "lease": lease}
        await world.server.ask("POST", "/v1/calls", surplus)
        waiting = await slots.start("support", "chat", id="waiting")
        await asyncio.sleep(GRACE_S)  # Until then the server takes it that the client may not have heard of the call.
        if transport == "stream":
            for connection in list(world.proxy.open):
                connection.cut()
        await waiting.wait(timeout=GRACE_S)
        assert (await world.call("surplus"))["reason"] == ("reconciled" if transport == "http" else "completed")
        assert held.held
        assert sorted(await world.live()) == ["held", "waiting"]


async def test_calls_whose_answers_are_slow_are_not_surplus(world: World) -> None:
    async with world.client(transport="http", grace_s=GRACE_S) as slots:
        held = [await slots.start("support", "chat") for _ in range(2)]
        await asyncio.sleep(GRACE_S + 0.5)
        # The client comes back to its lease, and the server asks for its list before it has read its calls.
        lease = slots._engine.ledger.lease
        async with world.client(transport="http", grace_s=GRACE_S) as young:
            young._engine.ledger.lease = lease
            entries = {call.id: Entry(call.id, {}, lambda *_: None, 0.0, step=Step.ACTIVE) for call in held}
            young._engine.ledger.entries |= entries
            read = HttpLease._read

            async def slowly(self: HttpLease, call_id: str) -> dict[str, Any]:
                await asyncio.sleep(GRACE_S)
                return await read(self, call_id)

            with mock.patch.object(HttpLease, "_read", slowly):
                await young.connect(timeout=20)
            assert sorted(await world.live()) == sorted(call.id for call in held)
            await young.close(leave=True)
        assert all(call.held for call in held)


async def test_a_key_that_is_not_taken_is_said_at_once(world: World) -> None:
    async with callslot.Client(world.server.url, "cs_engine_wrong") as slots:
        with pytest.raises(problems.Unauthenticated):
            await slots.start("support", "chat")
        with pytest.raises(problems.Unauthenticated):
            await slots.connect()


async def test_nobody_listens() -> None:
    async with callslot.Client(f"http://127.0.0.1:{free_port()}", "k") as slots:
        with pytest.raises(callslot.Unreachable):
            await slots.connect(timeout=0.3)


async def test_a_lease_that_another_process_resumes_twice_is_its_own(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def resume(lease: str) -> None:
        async with world.client() as rival:
            rival._engine.ledger.lease = lease  # As a process that kept its lease over a restart has it.
            session = rival.api.session()
            url = f"{world.server.url}/v1/connect"
            headers = {"authorization": f"Bearer {world.server.key}"}
            async with session.ws_connect(url, headers=headers) as socket:
                await socket.receive_json()
                await socket.send_json({"op": "resume", "lease": lease})
                await socket.receive_json()

    async with world.client() as slots:
        call = await slots.start("support", "chat", id="c")
        lease = (await world.call("c"))["lease"]
        await resume(lease)
        # The client has noticed, and has resumed its lease in turn.
        await until(lambda: slots._engine._taken_over_at > 0 and slots.is_connected)
        assert call.held
        with caplog.at_level(logging.ERROR, "callslot"):
            await resume(lease)
            await until(lambda: call.reason == "adopted")
        assert "another process" in caplog.text
        assert (await slots.start("support", "chat")).held


@pytest.mark.parametrize(
    "garbage",
    [
        b"<html>",
        b"\xff\xfe",
        b"7",
        b"[null]",
        b'{"op":"started"}',
        b'{"op":"ended","call":{"id":"c"}}',
        b'{"ref":1}',
        b"",
    ],
)
async def test_garbage_costs_a_connection_and_no_call(world: World, garbage: bytes) -> None:
    async with world.client(transport="stream") as slots:
        call = await slots.start("support", "chat", id="c")
        for connection in list(world.proxy.open):
            connection.say(garbage)
        await asyncio.sleep(0.05)
        other = await asyncio.wait_for(slots.start("support", "chat", id="other"), 10)
        assert call.held
        assert other.held
        await call.end()
        assert await world.live() == ["other"]


@pytest.mark.parametrize("transport", ["stream", "http"])
@pytest.mark.parametrize("length", [1_001, 2_000_000])
async def test_a_note_that_is_too_long_keeps_no_slot(world: World, transport: str, length: int) -> None:
    async with world.client(transport=transport) as slots:
        call = await slots.start("support", "chat", id="c")
        await call.end("x" * length, timeout=5)
        assert await world.live() == []
        assert (await world.call("c"))["reason"] == "completed"


@pytest.mark.parametrize("transport", ["stream", "http"])
async def test_a_call_that_fits_into_no_message_is_refused_and_disturbs_no_other(world: World, transport: str) -> None:
    async with world.client(transport=transport) as slots:
        held = await slots.start("support", "chat", id="held")
        with pytest.raises((ValueError, callslot.Refused)):
            await asyncio.wait_for(slots.start("support", "chat", metadata={"much": "x" * 2_000_000}), 5)
        await (await slots.start("support", "chat")).end()
        assert held.held
        assert await world.live() == ["held"]


async def test_a_coroutine_that_is_thrown_away_leaks_no_call(world: World) -> None:
    async with world.client() as slots:
        await slots.connect()
        starting = slots.start("support", "chat", id="c")
        starting.send(None)  # It waits for the answer now.
        starting.close()
        await until(lambda: not slots._engine.ledger.entries)
        assert await world.live() == []


async def test_closing_finds_a_half_open_connection(world: World) -> None:
    slots = world.client()
    await slots.start("support", "chat", id="c")
    for connection in world.proxy.open:
        connection.loses = Loss.BOTH
    begun = time.monotonic()
    await slots.close()
    # Its own silence limit is 15 s, and the lease would be over after a minute.
    assert time.monotonic() - begun < 9
    assert (await world.call("c"))["reason"] == "completed"


async def test_closing_without_a_connection_ends_the_lease(world: World) -> None:
    slots = world.client()
    await slots.start("support", "chat", id="c")
    world.proxy.refuses = 1_000_000
    for connection in list(world.proxy.open):
        connection.cut()
    await until(lambda: not slots.is_connected)
    closing = asyncio.create_task(slots.close(timeout=0.5))
    await asyncio.sleep(0.4)
    world.proxy.refuses = 0
    await closing
    assert await world.live() == []


async def test_giving_up_a_start_does_not_end_the_call_of_another_client(world: World) -> None:
    async with world.client() as first, world.client() as second:
        held = await first.start("support", "chat", id="c")
        await second.connect()
        starting = asyncio.create_task(second.start("support", "chat", id="c"))
        await asyncio.sleep(0)
        starting.cancel()
        await until(lambda: not second._engine.ledger.entries)
        assert held.held
        assert await world.live() == ["c"]


async def test_a_client_is_not_used_after_a_fork(world: World) -> None:
    async with world.client() as slots:
        await slots.connect()
        child = os.fork()
        if child == 0:
            try:
                slots._engine.post(lambda: None)
            except RuntimeError:
                os._exit(7)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 7
