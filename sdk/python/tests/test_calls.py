"""What a call does from its start to its end."""

from __future__ import annotations

import asyncio

import pytest

import callslot
from callslot import problems

from conftest import World, until


async def test_a_call_has_its_slot_inside_and_gives_it_back(world: World) -> None:
    async with world.client() as slots:
        async with slots.call("support", "inbound", id="sip-1", metadata={"from": "+49"}) as call:
            assert (call.state, call.held) == ("active", True)
            assert (await world.call("sip-1"))["metadata"] == {"from": "+49"}
        await until(lambda: call.state == "ended")
    assert (await world.call("sip-1"))["reason"] == "completed"


async def test_an_exception_ends_the_call(world: World) -> None:
    async with world.client() as slots:
        with pytest.raises(ZeroDivisionError):
            async with slots.call("support", "chat", id="c"):
                1 / 0  # noqa: B018
    assert (await world.call("c"))["state"] == "ended"


async def test_a_call_waits_in_line_and_says_where(world: World) -> None:
    positions: list[int | None] = []
    async with world.client() as slots:
        first, second = [await slots.start("support", "chat") for _ in range(2)]
        waiting = slots.call("support", "chat", on_position=lambda call: positions.append(call.position))
        waiter = asyncio.create_task(waiting.__aenter__())
        await until(lambda: waiting.state == "queued")
        assert (waiting.position, waiting.blocked_on) == (1, "limit")
        behind = await slots.start("support", "chat")
        assert behind.position == 2
        behind.on_position = lambda call: positions.append(call.position)
        await first.end()
        assert await asyncio.wait_for(waiter, 5) is waiting
        await until(lambda: behind.position == 1)
        await second.end()
        assert (await behind.wait(timeout=5)).held


async def test_a_cancelled_wait_leaves_the_line(world: World) -> None:
    async with world.client() as slots:
        for _ in range(2):
            await slots.start("support", "chat")
        waiting = asyncio.create_task(slots.call("support", "chat", id="impatient").__aenter__())
        await until(lambda: world.live_has("impatient"))
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await until(lambda: world.is_over("impatient"))


async def test_a_cancellation_at_any_moment_leaks_nothing(world: World) -> None:
    async def use(slots: callslot.Client, number: int) -> None:
        async with slots.call("support", "inbound", id=f"c{number}"):
            await asyncio.sleep(0.001 * (number % 3))

    cancelled = 0
    async with world.client() as slots:
        await slots.connect()
        for number in range(150):
            using = asyncio.create_task(use(slots, number))
            # Each turn of the loop ends at another `await`; later ones wait for the server too.
            for _ in range(number % 30):
                await asyncio.sleep(0 if number < 60 else 0.0002)
            if using.cancel():
                cancelled += 1
                with pytest.raises(asyncio.CancelledError):
                    await using
        await until(lambda: not slots._engine.ledger.entries)
        assert await world.live() == []
    assert cancelled > 60


async def test_a_wait_that_takes_too_long(world: World) -> None:
    async with world.client() as slots:
        for _ in range(2):
            await slots.start("support", "chat")
        with pytest.raises(callslot.WaitTimeout):
            async with slots.call("support", "chat", id="a", timeout=0.2):
                pytest.fail("it has no slot")
        await until(lambda: world.is_over("a"))
        with pytest.raises(callslot.CallEnded) as ended:
            async with slots.call("support", "chat", id="b", max_wait_s=1):
                pytest.fail("it has no slot")
        assert ended.value.reason == "max_wait"
        call = await slots.start("support", "chat", id="c")
        with pytest.raises(TimeoutError):
            await call.wait(timeout=0.1)
        assert call.state == "queued"
        await call.end()
        assert call.reason == "canceled"


async def test_refusals_have_their_own_exceptions(world: World) -> None:
    async with world.client() as slots, world.client() as other:
        with pytest.raises(problems.UnknownAgent) as unknown:
            await slots.start("nobody", "chat")
        assert (unknown.value.code, unknown.value.status) == ("unknown_agent", 404)
        with pytest.raises(problems.InvalidField) as invalid:
            await slots.start("support", "fax")  # type: ignore[arg-type]
        assert str(invalid.value.problem["field"]).endswith("type")
        await slots.start("support", "chat", id="x")
        with pytest.raises(ValueError, match="a call x that is not over"):
            await slots.start("support", "chat", id="x")
        with pytest.raises(problems.HeldByOtherLease):
            await other.start("support", "chat", id="x")
        with pytest.raises(problems.CallIdTaken):
            await other.start("support", "inbound", id="x")


async def test_an_end_is_confirmed_and_safe_to_repeat(world: World) -> None:
    async with world.client() as slots:
        call = await slots.start("support", "chat", id="c")
        await call.end("hung up")
        await call.end("again")
        assert (call.state, call.reason) == ("ended", "completed")
        assert (await world.call("c"))["note"] == "hung up"
        with pytest.raises(callslot.CallEnded):
            await call.wait()


async def test_a_call_that_somebody_else_ends_says_so(world: World) -> None:
    lost: list[str | None] = []
    async with world.client() as slots:
        async with slots.call("support", "chat", id="c", on_lost=lambda call: lost.append(call.reason)):
            await slots.api.end_call("c")
            await until(lambda: lost)
        assert lost == ["completed"]


async def test_a_claim_keeps_a_call_and_a_decline_gives_it_back(world: World) -> None:
    async with world.client() as slots:
        call = await slots.start("support", "inbound", claim_within_s=1)
        await call.claim()
        await call.claim()
        with pytest.raises(problems.NoClaimDue):
            await call.decline()
        other = await slots.start("support", "inbound", id="d", claim_within_s=60)
        await other.decline("busy", for_good=True)
        await until(lambda: other.state == "ended")
        assert (other.reason, (await world.call("d"))["note"]) == ("declined", "busy")
        await asyncio.sleep(1.2)
        assert call.held


async def test_another_client_adopts_a_call(world: World) -> None:
    lost: list[str | None] = []
    async with world.client() as old, world.client() as new:
        await old.start("support", "chat", id="c", on_lost=lambda call: lost.append(call.reason))
        adopted = await new.adopt("c")
        assert adopted.held
        await until(lambda: lost == ["adopted"])
        await old.close()
        assert (await world.call("c"))["state"] == "active"
        with pytest.raises(problems.UnknownCall):
            await new.adopt("nothing")


async def test_closing_ends_what_is_left_or_leaves_it(world: World) -> None:
    async with world.client() as slots:
        await slots.start("support", "chat", id="ended")
    assert (await world.call("ended"))["reason"] == "completed"
    slots = world.client()
    await slots.start("support", "chat", id="left")
    await slots.close(leave=True)
    assert (await world.call("left"))["state"] == "active"
    for _ in range(3):
        with pytest.raises(callslot.ClientClosed):
            await slots.start("support", "chat")
        with pytest.raises(callslot.ClientClosed):
            await slots.connect()
    async with world.client() as successor:
        await (await successor.adopt("left")).end()
    # Leases that were closed in order are not left to run out; the first client's calls were left under its own.
    leases = await world.server.ask("GET", "/v1/leases")
    assert len(leases["items"]) <= 1


async def test_a_client_that_was_never_used_is_closed_at_once(world: World) -> None:
    async with world.client() as slots:
        call = slots.call("support", "chat")
    with pytest.raises(callslot.ClientClosed):
        await call.begin()
    await call.end()
    assert call.state == "ended"
    with pytest.raises(callslot.ClientClosed):
        await slots.connect()


async def test_a_call_that_nobody_claims_says_that_it_went_back(world: World) -> None:
    lost: list[str | None] = []
    async with world.client() as slots:
        call = await slots.start("support", "chat", claim_within_s=1, on_lost=lambda call: lost.append(call.reason))
        # It goes back to the line, and gets the slot, which is still free, again.
        await until(lambda: lost[:1] == ["unclaimed"])
        await until(lambda: call.reason == "unclaimed" and call.state == "ended", 10)


async def test_many_calls_at_once(world: World) -> None:
    held = most = 0

    async def one(slots: callslot.Client) -> None:
        nonlocal held, most
        async with slots.call("support", "outbound"):
            held += 1
            most = max(most, held)
            await asyncio.sleep(0)
            held -= 1

    async with world.client() as slots:
        await asyncio.gather(*(one(slots) for _ in range(300)))
    assert most == 2
    assert await world.live() == []
