"""The conformance suite: any SDK's test program, in front of the real server, with everything that can go wrong between.

    python sdk/conformance/run.py [--long] [--seed S] [--no-websockets] -- PROGRAM [ARGUMENT…]

The program runs calls through its SDK and says on stdout what it believes; README.md is its contract. The run fails if a
slot is leaked, a call starts twice, or the program believes for longer than the grace that it holds a slot it does not.
`CALLSLOT_BIN` is the server's binary, by default `target/release/callslot`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

from faults import Weather, plan
from histories import histories
from judge import Record, beliefs, verdict
from proxy import Proxy
from server import Server, free_port

GRACE_S = 30.0
LIMIT = 10
CONCURRENCY = 20
HOLD_MS = 150
# At most this part of the calls may fail or be lost; more would mean that an SDK gives up instead of coming back.
GIVES_UP_AT_MOST = 0.05
PROGRAM_ENDS_WITHIN_S = 90.0
WRONG_SHOWN = 20


def main() -> int:
    parser = argparse.ArgumentParser(description="Judge an SDK's test program.")
    parser.add_argument("--long", action="store_true", help="200 kills instead of 4: about 25 minutes")
    parser.add_argument("--kills", type=int, help="a number of kills in between")
    parser.add_argument("--calls", type=int, help="how many calls the program runs at least")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="decides the faults")
    parser.add_argument("--no-websockets", action="store_true", help="let only plain HTTP through")
    parser.add_argument("--quiet", action="store_true", help="print the verdict alone")
    parser.add_argument("program", nargs="+", help="the program and its first arguments")
    options = parser.parse_args()
    logging.basicConfig(
        level=logging.WARNING if options.quiet else logging.INFO, format="%(asctime)s %(message)s", datefmt="%T"
    )
    kills = options.kills or (200 if options.long else 4)
    with tempfile.TemporaryDirectory(prefix="callslot-conformance-") as folder:
        wrong = asyncio.run(judged(Path(folder), options, kills, options.calls or 600 + 200 * kills))
    for line in wrong[:WRONG_SHOWN]:
        print(line)
    kinds = Counter(line.partition(":")[0] for line in wrong)
    print(f"conformance: wrong are {dict(kinds)}" if wrong else "conformance: nothing is wrong")
    return 1 if wrong else 0


async def judged(folder: Path, options: argparse.Namespace, kills: int, calls: int) -> list[str]:
    """One run, and everything that was wrong with it."""
    began = time.monotonic()
    chance = random.Random(options.seed)
    async with Server(folder, LIMIT) as server, Proxy(free_port(), server.port) as proxy:
        proxy.blocks_websockets = options.no_websockets
        record = Record(server)
        following = asyncio.create_task(record.follow())
        while record.seq == 0:
            await asyncio.sleep(0.01)
        program, saying = await run_program(options.program, proxy, server, calls, options.seed)
        weather = Weather(server, proxy, chance)
        faults = plan(chance, kills)
        for fault in faults:
            await asyncio.sleep(chance.uniform(0.3, 1.2))
            if program.returncode is not None:
                break
            await weather.strike(fault)
        assert program.stdin
        program.stdin.close()
        ends_within_s = PROGRAM_ENDS_WITHIN_S + calls * HOLD_MS / 1000 / LIMIT * 2
        try:
            await asyncio.wait_for(asyncio.shield(saying), ends_within_s)
        except asyncio.TimeoutError:
            program.kill()  # What it said so far is judged, and that it did not end.
        lines, code = await saying, await program.wait()
        live = await still_live(server)
        await record.complete()
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
    believed = beliefs(lines)
    wrong = verdict(record.calls, believed, live, GRACE_S, weather.leases_ended)
    wrong += program_wrong(code, lines, calls, believed)
    gave_up = [name for name, belief in believed.items() if belief.failed or belief.lost]
    if len(gave_up) > len(believed) * GIVES_UP_AT_MOST:
        wrong.append(f"gives up: {len(gave_up)} of {len(believed)} calls failed or were lost")
    if weather.counts != Counter(faults):
        wrong.append("the program was done before the last fault; it is to go on until its stdin ends")
    for line in histories(wrong, record, lines, weather.struck):
        print(line)
    summary(options.seed, weather, believed, record, time.monotonic() - began)
    return wrong


async def run_program(
    command: list[str], proxy: Proxy, server: Server, calls: int, seed: int
) -> tuple[asyncio.subprocess.Process, asyncio.Task[list[dict[str, Any]]]]:
    arguments = {
        "--calls": calls,
        "--concurrency": CONCURRENCY,
        "--agent": "support",
        "--type": "inbound",
        "--seed": seed,
        "--hold-ms": HOLD_MS,
    }
    program = await asyncio.create_subprocess_exec(
        *command,
        *(str(word) for pair in arguments.items() for word in pair),
        env={**os.environ, "CALLSLOT_URL": proxy.url, "CALLSLOT_KEY": server.key},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )

    async def lines() -> list[dict[str, Any]]:
        assert program.stdout
        return [json.loads(line) async for line in program.stdout]

    return program, asyncio.create_task(lines())


async def still_live(server: Server) -> list[str]:
    """The calls that are live a little after the program is done: it has ended them all, and nobody else has any."""
    live: list[str] = []
    for _ in range(20):
        live = []
        for state in ("active", "queued"):
            page = await server.ask("GET", f"/v1/calls?state={state}&limit=1000")
            live += [call["id"] for call in page["items"]]
        if not live:
            break
        await asyncio.sleep(0.1)
    return live


def program_wrong(code: int, lines: list[dict[str, Any]], calls: int, spoken_of: Collection[str]) -> list[str]:
    wrong = [] if code == 0 else [f"the program ended with {code}"]
    if not lines or lines[-1]["at"] != "done":
        wrong.append("the program's last line is not `done`")
    numbers = sorted(int(name.rpartition("-")[2]) for name in spoken_of)
    if len(numbers) < calls or numbers != list(range(len(numbers))):
        wrong.append(f"the program was asked for {calls} calls without a gap, and speaks of {len(numbers)}")
    return wrong


def summary(seed: int, weather: Weather, believed: dict[str, Any], record: Record, took_s: float) -> None:
    outcomes = Counter(
        "lost" if it.lost else "failed" if it.failed else "released" if it.released else "unfinished"
        for it in believed.values()
    )
    print(f"seed {seed}, {took_s:.0f} s; faults: " + ", ".join(f"{n} × {name}" for name, n in weather.counts.items()))
    reasons = Counter(it.reason or "live" for it in record.calls.values())
    print(f"the program says {dict(outcomes)}; the server has {dict(reasons)}")
    whys = Counter(it.failed for it in believed.values() if it.failed)
    for why, count in whys.most_common(5):
        print(f"{count} × failed: {why}")


if __name__ == "__main__":
    sys.exit(main())
