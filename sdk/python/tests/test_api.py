"""The typed methods, one by one, and the events."""

from __future__ import annotations

import asyncio
import signal

import pytest

import callslot
from callslot import problems

from conftest import World, until


async def test_reservations_are_put_previewed_and_deleted(world: World) -> None:
    async with world.client() as slots:
        pool = await slots.api.pool()
        assert (pool["limit"], pool["reserved"]) == (2, 0)
        preview = await slots.api.preview_reservations([{"agent": "support", "chat": 3}])
        assert preview["fits"] is False
        assert preview["problem"]
        with pytest.raises(problems.ReservationsExceedLimit) as refused:
            await slots.api.put_reservations([{"agent": "support", "chat": 3}])
        assert (refused.value.problem["asked"], refused.value.problem["limit"]) == (3, 2)
        after = await slots.api.put_reservations([{"agent": "support", "chat": 1}], version=pool["version"])
        assert (after["reserved"], after["shared"]["size"]) == (1, 1)
        with pytest.raises(problems.VersionMismatch):
            await slots.api.put_reservations([{"agent": "support", "chat": 2}], version=pool["version"])
        assert (await slots.api.delete_reservations("support"))["reserved"] == 0


async def test_agents_and_caps(world: World) -> None:
    async with world.client() as slots:
        assert await slots.api.put_agent("sales", "Sales", cap=1) == {
            "id": "sales",
            "name": "Sales",
            "cap": 1,
            "pace": None,
        }
        assert [agent["id"] for agent in await slots.api.agents()] == ["sales", "support"]
        assert (await slots.api.agent("sales"))["cap"] == 1
        assert (await slots.api.put_call_type("chat", cap=1))["cap"] == 1
        await slots.start("sales", "chat")
        assert (await slots.start("sales", "inbound")).blocked_on == "agent_cap"
        blocked = await slots.start("support", "chat")
        assert (blocked.blocked_on, (await slots.api.call_type("chat"))["cap"]) == ("type_cap", 1)
        with pytest.raises(problems.AgentInUse):
            await slots.api.delete_agent("sales")
        assert await slots.api.end_calls(agent="sales") == 2
        await slots.api.delete_agent("sales")
        assert len((await slots.api.recent(minutes=2))["points"]) == 2


async def test_a_call_passes_its_gates_and_is_told_which_one_holds_it(world: World) -> None:
    for transport in ("stream", "http"):
        async with world.client(transport=transport) as slots:
            await slots.api.put_gate("spring", {"name": "Spring", "kind": "campaign", "cap": 1})
            first = await slots.start("support", "outbound", gates=["spring"])
            second = await slots.start("support", "outbound", gates=("spring",))
            assert (first.held, second.blocked_on, second.blocked_by) == (True, "gate_cap", {"gate": "spring"})
            moved: list[object] = []
            third = await slots.start("support", "outbound", gates=["spring"])
            third.on_position = lambda call, moved=moved: moved.append((call.position, call.blocked_by))
            await second.end()
            await until(lambda moved=moved: (1, {"gate": "spring"}) in moved)
            await slots.api.put_gate("spring", {"name": "Spring", "kind": "campaign"})
            assert (await third.wait(timeout=5)).held
            assert [gate["id"] for gate in await slots.api.gates()] == ["spring"]
            with pytest.raises(problems.GateInUse):
                await slots.api.delete_gate("spring")
            with pytest.raises(problems.UnknownGate):
                await slots.start("support", "outbound", gates=["never"])
            await first.end()
            await third.end()
            await slots.api.delete_gate("spring")


async def test_what_a_call_does_not_take(world: World) -> None:
    async with world.client() as slots:
        with pytest.raises(TypeError, match="a call has no gate"):
            slots.call("support", "outbound", gate="spring")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def test_calls_are_read_listed_and_ended(world: World) -> None:
    async with world.client() as slots:
        for number in range(3):
            await slots.start("support", "chat", id=f"c/{number}".replace("/", "%"))
        assert (await slots.api.read_call("c%0"))["state"] == "active"
        assert [call["id"] async for call in slots.api.calls(state="queued")] == ["c%2"]
        assert (await slots.api.end_call("c%2", "enough"))["note"] == "enough"
        assert await slots.api.end_calls(ids=["c%0", "c%1"], note="all") == 2
        with pytest.raises(problems.UnknownCall):
            await slots.api.read_call("never")
        with pytest.raises(problems.UnknownRoute):
            await slots.api.request("GET", "/v1/nothing")


async def test_a_request_is_repeated_while_the_server_is_away(world: World) -> None:
    async with world.client() as slots:
        world.proxy.refuses = 1
        assert (await slots.api.pool())["limit"] == 2
        for connection in list(world.proxy.open):
            connection.cut()
        restart = asyncio.create_task(world.server.restart(signal.SIGKILL, down_s=0.3))
        assert (await slots.api.pool())["limit"] == 2
        await restart
    with pytest.raises(callslot.Unreachable):
        async with callslot.Client(world.proxy.url, world.server.key) as lonely:
            world.proxy._server_port = 1
            await lonely.api.pool()


async def test_events_come_once_and_in_order_over_restarts(world: World) -> None:
    seen: list[callslot.Event] = []
    async with world.client() as slots:
        as_of = (await slots.api.pool())["as_of"]

        async def follow() -> None:
            async for event in slots.events(after=as_of, kinds=["call.started", "call.ended"], agents=["support"]):
                seen.append(event)
                if event.data["call"]["id"] == "last" and event.kind == "call.ended":
                    return

        following = asyncio.create_task(follow())
        for number in range(10):
            async with slots.call("support", "chat", id=f"n{number}"):
                if number == 4:
                    await world.server.restart(signal.SIGKILL)
                if number == 7:
                    for connection in list(world.proxy.open):
                        connection.cut()
        await slots.api.put_agent("sales", "Sales")
        async with slots.call("sales", "chat"):
            pass
        async with slots.call("support", "chat", id="last"):
            pass
        await asyncio.wait_for(following, 20)
        chats = [f"n{number}" for number in range(10)] + ["last"]
        assert [event.data["call"]["id"] for event in seen if event.kind == "call.started"] == chats
        assert [event.data["call"]["id"] for event in seen if event.kind == "call.ended"] == chats
        assert [event.seq for event in seen] == sorted({event.seq for event in seen})
        with pytest.raises(problems.CursorAhead):
            await slots.events(after=10**9).__anext__()
