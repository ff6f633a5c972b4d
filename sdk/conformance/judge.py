"""Judges a run: the server's own record beside what the program said it believed.

The record is the event stream of a connection straight to the server, resumed by number whenever the server is restarted,
so no event is missed. Start reading at `verdict`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp

from server import Server

# Both clocks are the same machine's; a line is written a moment after what it says.
TOLERANCE_MS = 250


@dataclass
class Lived:
    """A call in the server's record, in ms since the epoch."""

    started: list[float] = field(default_factory=list)
    ended: float | None = None
    reason: str = ""
    lease: str | None = None
    steps: list[tuple[float, str]] = field(default_factory=list)
    """Everything that the server told of it, with the times."""


@dataclass
class Believed:
    """A call in the program's own words."""

    begun: float | None = None
    held: float | None = None
    released: float | None = None
    lost: float | None = None
    failed: str | None = None


class Record:
    """What the server says happened to each call."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.calls: dict[str, Lived] = {}
        self.seq = 0

    async def follow(self) -> None:
        """Follows the events until it is cancelled."""
        self.seq = (await self._server.ask("GET", "/v1/concurrency"))["as_of"]
        while True:
            try:
                await self._connection()
            except (aiohttp.ClientError, OSError, asyncio.TimeoutError):
                await asyncio.sleep(0.05)

    async def complete(self) -> None:
        """Waits until everything that has happened is in the record."""
        as_of = (await self._server.ask("GET", "/v1/concurrency"))["as_of"]
        while self.seq < as_of:
            await asyncio.sleep(0.05)

    async def _connection(self) -> None:
        headers = {"authorization": f"Bearer {self._server.key}"}
        url = f"{self._server.url}/v1/events?after={self.seq}"
        limit = aiohttp.ClientTimeout(total=None, sock_read=30)
        async with aiohttp.ClientSession() as session, session.get(url, headers=headers, timeout=limit) as answer:
            assert answer.status in (200, 503), await answer.text()
            kind = data = ""
            seq = self.seq
            async for raw in answer.content:
                name, _, value = raw.decode().rstrip("\n").partition(":")
                value = value.strip()
                if name == "event":
                    kind = value
                elif name == "data":
                    data = value
                elif name == "id" and value:
                    seq = int(value)
                elif not name and not value:
                    if data:
                        assert seq == self.seq + 1, f"the events go from {self.seq} to {seq}"
                        self._take(kind, json.loads(data))
                    self.seq, kind, data = seq, "", ""

    def _take(self, kind: str, event: dict[str, Any]) -> None:
        if not kind.startswith("call."):
            return
        call = event["call"]
        lived = self.calls.setdefault(call["id"], Lived())
        told = f"{kind} ({call['reason']})" if call["reason"] else kind
        lived.lease = call["lease"]
        lived.steps.append((since_epoch(event["at"]), f"{told} under {call['lease']}"))
        if kind == "call.started":
            lived.started.append(since_epoch(event["at"]))
        elif kind == "call.ended":
            lived.ended, lived.reason = since_epoch(event["at"]), call["reason"]


def since_epoch(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000


def beliefs(lines: list[dict[str, Any]]) -> dict[str, Believed]:
    """The program's lines, by call."""
    calls: dict[str, Believed] = {}
    for line in lines:
        if line["at"] == "done":
            continue
        call = calls.setdefault(line["id"], Believed())
        match line["at"]:
            case "begin":
                call.begun = line["t"]
            case "held" | "released" | "lost":
                setattr(call, line["at"], line["t"])
            case "failed":
                call.failed = line.get("why", "it does not say")
    return calls


def verdict(
    record: dict[str, Lived],
    believed: dict[str, Believed],
    live: list[str],
    grace_s: float,
    leases_ended: Collection[str] = (),
) -> list[str]:
    """Everything that was wrong, one line each; nothing if the program conforms.

    `leases_ended` are the leases that the suite itself has ended while they had calls. A lease ends once, so what ended
    with one of them did not leak, whenever that was by whose clock.
    """
    wrong = [f"leaked: {call_id} is live though the program is done" for call_id in live]
    of_call: dict[str, list[tuple[str, Lived]]] = {}
    for call_id, lived in record.items():
        # A call that waited when its lease ran out goes on under its id and a suffix.
        of_call.setdefault(re.sub(r"~\d+$", "", call_id), []).append((call_id, lived))
        if len(lived.started) > 1:
            wrong.append(f"double: {call_id} was started {len(lived.started)} times")
    for name, lives in of_call.items():
        belief = believed.get(name)
        if belief is None:
            wrong.append(f"unknown: the program says nothing of {name}")
            continue
        wrong += overlaps(name, [lived for _, lived in lives])
        wrong += misbelief(name, belief, [lived for _, lived in lives], grace_s)
        for call_id, lived in lives:
            ended = lived.ended or 0.0
            is_orderly = belief.released is not None and belief.lost is None and len(lives) == 1
            is_fault = lived.lease in leases_ended
            if is_orderly and not is_fault and lived.reason == "lease_expired" and ended > (belief.released or 0):
                after_ms = ended - (belief.released or 0)
                wrong.append(f"leaked: {call_id} was released, and only its lease ended it, {after_ms:.0f} ms later")
    for name, belief in believed.items():
        if belief.held is not None and name not in of_call:
            wrong.append(f"misbelief: {name} was held, and the server never heard of it")
        if belief.begun is not None and not (belief.released or belief.lost or belief.failed):
            wrong.append(f"unfinished: the program does not say what became of {name}")
    return wrong


def overlaps(name: str, lives: list[Lived]) -> list[str]:
    """A call of the program that holds two slots at one moment."""
    spans = sorted((it.started[0], it.ended or float("inf")) for it in lives if it.started)
    return [
        f"double: {name} holds two slots for {min(before[1], after[1]) - after[0]:.0f} ms"
        for before, after in itertools.pairwise(spans)
        if after[0] < before[1]
    ]


def misbelief(name: str, belief: Believed, lives: list[Lived], grace_s: float) -> list[str]:
    """A call that the program believes to hold while the server does not, for longer than the grace."""
    if belief.held is None:
        return []
    starts = [it.started[0] for it in lives if it.started]
    if not starts or min(starts) > belief.held + TOLERANCE_MS:
        return [f"misbelief: {name} was held before the server had started it"]
    until = min(it for it in (belief.released, belief.lost, float("inf")) if it is not None)
    server_until = max(it.ended or float("inf") for it in lives if it.started)
    beyond_ms = until - server_until
    if beyond_ms > grace_s * 1000 + TOLERANCE_MS:
        return [f"misbelief: {name} was held for {beyond_ms / 1000:.1f} s after the server had ended it"]
    return []
