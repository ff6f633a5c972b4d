"""How many calls a second one Python process starts and ends, and whether its memory grows.

    python bench/pairs.py rate            # Callslot's stream, and redis-py with a Lua script, in the same run
    python bench/pairs.py soak [CALLS]    # a million calls by default; prints the growth for each call

It starts the release binary (`CALLSLOT_BIN`) and, if there is one, `redis-server`, on ports of their own.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import callslot

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "conformance"))

from server import Server, free_port

LIMIT = 300
AT_ONCE = 256
ROUNDS = 5
ROUND_S = 4.0
# The pool with its rules as Lua scripts for Redis, which the server's own benchmarks use too.
SCRIPTS = Path(__file__).resolve().parents[3] / "bench/peers/scripts"

Pair = Callable[[], Awaitable[None]]


async def pairs_per_s(pair: Pair) -> float:
    """Pairs a second with many tasks at once."""
    done = 0
    until = time.perf_counter() + ROUND_S

    async def work() -> None:
        nonlocal done
        while time.perf_counter() < until:
            await pair()
            done += 1

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return done / (time.perf_counter() - began)


@asynccontextmanager
async def of_callslot(folder: Path) -> AsyncIterator[Pair]:
    async with Server(folder, LIMIT) as server, callslot.Client(server.url, server.key) as slots:

        async def pair() -> None:
            call = await slots.start("support", "inbound")
            await call.end()

        yield pair


@asynccontextmanager
async def of_redis(folder: Path) -> AsyncIterator[Pair]:
    """As durable as Callslot's answers: each command is on the disk before it is answered (`appendfsync always`)."""
    import redis.asyncio

    port = free_port()
    folder.mkdir(parents=True)
    server = await asyncio.create_subprocess_exec(
        *("redis-server", "--port", str(port), "--dir", str(folder), "--save", ""),
        *("--appendonly", "yes", "--appendfsync", "always"),
        stdout=asyncio.subprocess.DEVNULL,
    )
    client = redis.asyncio.Redis(port=port, max_connections=AT_ONCE)
    try:
        for _ in range(100):
            try:
                await client.ping()
                break
            except redis.asyncio.ConnectionError:
                await asyncio.sleep(0.05)
        start, end = (client.register_script((SCRIPTS / name).read_text()) for name in ("start.lua", "end.lua"))
        pool = {"shared": LIMIT, "shared_used": 0, "reserved:inbound": 0, "active:inbound": 0, "last_ticket": 0}
        await client.hset("{org}", mapping=pool)
        number = 0

        async def pair() -> None:
            nonlocal number
            number += 1
            name = f"call-{number}"
            keys = ["{org}", f"{{org}}:call:{name}", "{org}:queue"]
            assert await start(keys=[*keys, "{org}:queue:inbound"], args=["inbound", name]) == b"active"
            assert await end(keys=keys, args=[name]) == b"ended"

        yield pair
    finally:
        await client.aclose()
        server.terminate()
        await server.wait()


async def rate() -> None:
    systems = {"callslot": of_callslot}
    if shutil.which("redis-server"):
        systems["redis-py, Lua"] = of_redis
    rates: dict[str, list[float]] = {name: [] for name in systems}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            for name, make in systems.items():
                async with make(Path(folder) / f"{name}-{number}") as pair:
                    rates[name].append(await pairs_per_s(pair))
    for name, measured in rates.items():
        print(f"{name:<14} {statistics.median(measured):8,.0f} pairs/s  ({min(measured):,.0f} to {max(measured):,.0f})")


async def soak(calls: int) -> None:
    """Runs calls, and compares the memory after a tenth of them with that at the end."""

    def resident() -> int:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize()

    with tempfile.TemporaryDirectory() as folder:
        async with of_callslot(Path(folder) / "soak") as pair:

            async def work(count: int) -> None:
                for _ in range(count):
                    await pair()

            warm = calls // 10
            await asyncio.gather(*(work(warm // AT_ONCE) for _ in range(AT_ONCE)))
            before = resident()
            began = time.perf_counter()
            rest = (calls - warm) // AT_ONCE
            await asyncio.gather(*(work(rest) for _ in range(AT_ONCE)))
            growth = resident() - before
            took = time.perf_counter() - began
            measured = rest * AT_ONCE
            print(
                f"{measured:,} calls in {took:.0f} s: {growth:,} B more, {growth / measured:.1f} B a call", flush=True
            )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["rate"]:
            asyncio.run(rate())
        case ["soak", *calls]:
            asyncio.run(soak(int(calls[0]) if calls else 1_000_000))
        case _:
            sys.exit(__doc__)
