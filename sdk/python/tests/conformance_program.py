"""The Python SDK's program for sdk/conformance: runs calls and says what it believes; sdk/conformance/README.md."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import sys
import threading
import time

import callslot


def say(at: str, call_id: str | None = None, why: str | None = None) -> None:
    line = {"t": round(time.time() * 1000), "id": call_id, "at": at, "why": why}
    print(json.dumps({name: value for name, value in line.items() if value is not None}), flush=True)


async def run(slots: callslot.Client, options: argparse.Namespace, number: int, hold_s: float) -> None:
    call_id = f"python-{options.seed}-{number}"
    lost: list[str] = []

    def on_lost(call: callslot.Call) -> None:
        lost.append(call.reason or "")
        say("lost", call_id, call.reason)

    say("begin", call_id)
    try:
        async with slots.call(options.agent, options.type, id=call_id, on_lost=on_lost):
            say("held", call_id)
            await asyncio.sleep(hold_s)
            if not lost:
                say("released", call_id)
    except callslot.CallslotError as error:
        say("failed", call_id, repr(error))


async def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("calls", "concurrency", "seed", "hold-ms"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--agent", required=True)
    parser.add_argument("--type", required=True)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    holds = [chance.uniform(0.5, 1.5) * options.hold_ms / 1000 for _ in range(options.calls)]
    numbers = itertools.count()
    may_stop = threading.Event()

    def wait_for_the_last_fault() -> None:
        sys.stdin.buffer.read()
        may_stop.set()

    threading.Thread(target=wait_for_the_last_fault, daemon=True).start()

    async def worker(slots: callslot.Client) -> None:
        for number in numbers:
            if number >= options.calls and may_stop.is_set():
                return
            await run(slots, options, number, holds[number % options.calls])

    async with callslot.Client.from_env(**json.loads(os.environ.get("OPTIONS", "{}"))) as slots:
        await asyncio.gather(*(worker(slots) for _ in range(options.concurrency)))
    say("done")


asyncio.run(main())
