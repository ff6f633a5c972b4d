"""An agent whose jobs do what their metadata says, for tests that run them in processes and in threads."""

from __future__ import annotations

import asyncio
import json

from livekit.agents import JobContext

import callslot
import callslot.livekit

GRACE_S = 10
heard: list[tuple[str, object]] = []


async def play(ctx: JobContext, call: callslot.Call) -> None:
    heard.append(("waits at", call.position))
    call.on_position = lambda call: heard.append(("now at", call.position))
    try:
        await asyncio.sleep(3600)
    finally:
        heard.append(("music stops", ctx.job.id))


async def apologise(ctx: JobContext, error: callslot.CallslotError) -> None:
    heard.append(("no slot", getattr(error, "reason", type(error).__name__)))


def client() -> callslot.Client:
    return callslot.Client.from_env(grace_s=GRACE_S)


@callslot.livekit.with_slot(
    "support", "inbound", while_waiting=play, on_no_slot=apologise, max_wait_s=30, client=client
)
async def entrypoint(ctx: JobContext) -> None:
    do = json.loads(ctx.job.metadata or "{}").get("do", "return")
    heard.append(("runs", callslot.livekit.current_call().id))
    if do == "raise":
        raise ZeroDivisionError("as asked")
    if do == "shutdown":
        ctx.shutdown("as asked")
    if do == "wait":
        await asyncio.sleep(3600)
