"""The organisation's events, one after the other, over any number of connections."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

import aiohttp

from callslot.problems import passes, refusal
from callslot.transport import PROBLEM, full_jitter, retry_after_s

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from callslot.api import Api
    from callslot.transport import Settings

log = logging.getLogger("callslot")

# The server shows at least every 5 s how far the stream has come, or sends a comment.
_SILENT_FOR_S = 30.0


@dataclass(frozen=True)
class Event:
    """Something that happened in the organisation."""

    seq: int
    """Its number, without gaps in an organisation; pass it as `after` to go on behind it."""
    kind: str
    """`call.queued`, `call.started`, `call.ended`, `reservations.changed`, `limit.changed`, `agent.changed` or
    `type.changed`."""
    data: dict[str, Any]
    """As in docs/openapi.json: `CallChanged` for calls, with the call in `call`."""


async def follow(
    api: Api, settings: Settings, after: int | None, kinds: Sequence[str], agents: Sequence[str]
) -> AsyncIterator[Event]:
    """Yields every event once, in order, and comes back by itself when the connection breaks."""
    attempt = 0
    while True:
        wait_s = 0.0
        try:
            async for at, event in _connection(api, settings, after, kinds, agents):
                attempt, after = 0, at
                if event is not None:
                    yield event
        except _Busy as busy:
            wait_s = busy.retry_in_s
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
            log.info("the event stream broke: %r", error)
        attempt += 1
        await asyncio.sleep(wait_s + full_jitter(attempt, 10.0))


async def _connection(
    api: Api, settings: Settings, after: int | None, kinds: Sequence[str], agents: Sequence[str]
) -> AsyncIterator[tuple[int, Event | None]]:
    """One connection: how far it has come, with the event if it is one."""
    query = {"types": ",".join(kinds), "agents": ",".join(agents), "after": "" if after is None else str(after)}
    url = f"{settings.url}/v1/events?{urlencode({name: value for name, value in query.items() if value})}"
    limit = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=_SILENT_FOR_S)
    async with api.session().get(url, headers=settings.headers(), timeout=limit) as answer:
        if answer.status >= 400:
            if answer.content_type == PROBLEM:
                refused = refusal(await answer.json(content_type=None))
                if not passes(refused):
                    raise refused
            raise _Busy(retry_after_s(answer.headers.get("retry-after")))
        fields: dict[str, str] = {}
        async for raw in answer.content:
            line = raw.decode().rstrip("\r\n")
            if line and not line.startswith(":"):
                name, _, value = line.partition(":")
                value = value.removeprefix(" ")
                fields[name] = f"{fields[name]}\n{value}" if name == "data" and name in fields else value
            elif not line and "id" in fields:
                seq = int(fields["id"])
                if "data" in fields:
                    data = cast("dict[str, Any]", json.loads(fields["data"]))
                    yield seq, Event(seq, fields.get("event", ""), data)
                else:
                    yield seq, None
                fields = {}


class _Busy(Exception):
    def __init__(self, retry_in_s: float) -> None:
        super().__init__("the server is busy")
        self.retry_in_s = retry_in_s
