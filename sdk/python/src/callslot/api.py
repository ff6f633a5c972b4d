"""The rest of the HTTP API as typed methods: the pool, reservations, agents, caps, and calls by their ids.

Each method is one request. Those that are safe to repeat are repeated for a while if there is no answer. Engines do not
start calls here: `Client.call` does that, and remembers them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlencode

import aiohttp

from callslot.errors import Unreachable
from callslot.problems import passes, refusal
from callslot.transport import PROBLEM, Settings, full_jitter, retry_after_s

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from callslot.generated import schema

# How often something is asked before it counts as unreachable; the waits in between add up to about 6 s.
_ATTEMPTS = 6
_ANSWER_WITHIN_S = 30.0


class Api:
    """Requests about an organisation. Every method may raise a `Refused`, and `Unreachable` if no answer comes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    # The pool.

    async def pool(self) -> schema.Pool:
        """The limit, the shared pool, and every agent with its slots and calls; `as_of` is its event number."""
        return cast("schema.Pool", await self.request("GET", "/v1/concurrency"))

    async def recent(self, minutes: int = 60) -> schema.Recent:
        """Peaks, means and waits of the last minutes, 1 to 60."""
        return cast("schema.Recent", await self.request("GET", f"/v1/concurrency/recent?minutes={minutes}"))

    # Reservations.

    async def put_reservations(
        self, reservations: Sequence[schema.Reservation], *, version: int | None = None
    ) -> schema.Pool:
        """Replaces the reservations of the agents named, all or nothing; a type that is not named gets 0.

        `version` is that of the pool they were decided on; if somebody changed them since, `VersionMismatch` is raised.
        """
        headers = {} if version is None else {"if-match": f'"{version}"'}
        body = {"reservations": list(reservations)}
        return cast("schema.Pool", await self.request("PUT", "/v1/reservations", body, headers=headers))

    async def preview_reservations(self, reservations: Sequence[schema.Reservation]) -> schema.ReservationsPreview:
        """What saving them would lead to at once. Nothing is changed."""
        body = {"reservations": list(reservations)}
        preview = await self.request("POST", "/v1/reservations/preview", body)
        return cast("schema.ReservationsPreview", preview)

    async def delete_reservations(self, agent: str) -> schema.Pool:
        """Removes an agent's reservations."""
        return cast("schema.Pool", await self.request("DELETE", f"/v1/reservations/{_segment(agent)}"))

    # Agents and caps.

    async def agents(self) -> list[schema.Agent]:
        """All agents of the organisation."""
        return [cast("schema.Agent", agent) async for agent in self._pages("/v1/agents", {})]

    async def agent(self, agent_id: str) -> schema.Agent:
        """One agent."""
        return cast("schema.Agent", await self.request("GET", f"/v1/agents/{_segment(agent_id)}"))

    async def put_agent(
        self, agent_id: str, name: str, *, cap: int | None = None, pace: schema.Pace | None = None
    ) -> schema.Agent:
        """Creates or replaces an agent. `cap` bounds its active calls over all types, `pace` how often they start.

        Without one there is no such bound, whatever there was before.
        """
        body = {"name": name, "cap": cap, "pace": pace}
        return cast("schema.Agent", await self.request("PUT", f"/v1/agents/{_segment(agent_id)}", body))

    async def delete_agent(self, agent_id: str) -> None:
        """Deletes an agent without calls and reservations."""
        await self.request("DELETE", f"/v1/agents/{_segment(agent_id)}")

    async def call_type(self, call_type: schema.CallType) -> schema.TypeSettings:
        """How many calls of a type may be active at once, over all agents, and how often they may start."""
        return cast("schema.TypeSettings", await self.request("GET", f"/v1/types/{call_type}"))

    async def put_call_type(
        self, call_type: schema.CallType, *, cap: int | None, pace: schema.Pace | None = None
    ) -> schema.TypeSettings:
        """Sets both; `None` is no bound."""
        body = {"cap": cap, "pace": pace}
        return cast("schema.TypeSettings", await self.request("PUT", f"/v1/types/{call_type}", body))

    # Gates.

    async def gates(self) -> list[schema.Gate]:
        """All gates of the organisation."""
        return [cast("schema.Gate", gate) async for gate in self._pages("/v1/gates", {})]

    async def gate(self, gate_id: str) -> schema.Gate:
        """One gate, with how many calls are active and wait. Raises `UnknownGate`."""
        return cast("schema.Gate", await self.request("GET", f"/v1/gates/{_segment(gate_id)}"))

    async def put_gate(self, gate_id: str, put: schema.GatePut) -> schema.Gate:
        """Creates or replaces a gate: what it stands for, its cap, pace and hours, and whether it is paused."""
        return cast("schema.Gate", await self.request("PUT", f"/v1/gates/{_segment(gate_id)}", {**put}))

    async def delete_gate(self, gate_id: str) -> None:
        """Deletes a gate without live calls. Raises `GateInUse`."""
        await self.request("DELETE", f"/v1/gates/{_segment(gate_id)}")

    # Calls.

    async def read_call(self, call_id: str) -> schema.Call:
        """A call as it is now, live or ended. Raises `UnknownCall`."""
        return cast("schema.Call", await self.request("GET", f"/v1/calls/{_segment(call_id)}"))

    async def calls(self, **filters: str | int) -> AsyncIterator[schema.Call]:
        """Calls that match, such as `state="queued"` or `agent="support"`, page by page."""
        async for call in self._pages("/v1/calls", filters):
            yield cast("schema.Call", call)

    async def end_call(self, call_id: str, note: str | None = None) -> schema.Call:
        """Ends a call by its id, whichever client has it. Safe to repeat."""
        body = {} if note is None else {"note": note}
        return cast("schema.Call", await self.request("POST", f"/v1/calls/{_segment(call_id)}/end", body))

    async def end_calls(
        self,
        *,
        agent: str | None = None,
        type: schema.CallType | None = None,
        state: schema.LiveCallState | None = None,
        ids: Sequence[str] | None = None,
        note: str | None = None,
    ) -> int:
        """Ends all live calls that match everything given, and returns how many; at least one filter is needed."""
        given = {"agent": agent, "type": type, "state": state, "ids": ids and list(ids), "note": note}
        body = {name: value for name, value in given.items() if value is not None}
        return cast("schema.CallsEnded", await self.request("POST", "/v1/calls/end", body))["ended"]

    # Underneath.

    async def request(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, headers: dict[str, str] | None = None
    ) -> object:
        """One request of the API that has no method here: `path` begins with `/v1/`. The JSON of its answer.

        Without an answer, and after a 503 or `rate_limited`, it is sent again for some seconds.
        """
        failure: Exception = Unreachable(self._settings.url)
        for attempt in range(1, _ATTEMPTS + 1):
            wait_s = full_jitter(attempt + 1, 3.0)
            try:
                return await self._once(method, path, body, headers or {})
            except (aiohttp.ClientError, OSError, asyncio.TimeoutError, ValueError) as error:
                failure = Unreachable(f"{self._settings.url} gave no answer: {error or type(error).__name__}")
            except _Passing as passing:
                failure, wait_s = passing.refused, max(wait_s, passing.retry_in_s)
            if attempt < _ATTEMPTS:
                await asyncio.sleep(wait_s)
        raise failure

    async def _once(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> object:
        limit = aiohttp.ClientTimeout(total=_ANSWER_WITHIN_S)
        everything = {**self._settings.headers(), **headers}
        async with self.session().request(
            method, self._settings.url + path, json=body, headers=everything, timeout=limit
        ) as answer:
            if answer.status == 204:
                return None
            if answer.status < 400:
                return await answer.json(content_type=None)
            if answer.content_type != PROBLEM:
                raise ValueError(f"it was answered {answer.status} by something that is not Callslot")
            refused = refusal(await answer.json(content_type=None))
            if passes(refused):
                raise _Passing(refused, refused.retry_in_s or retry_after_s(answer.headers.get("retry-after")))
            raise refused

    async def _pages(self, path: str, filters: dict[str, str | int]) -> AsyncIterator[object]:
        cursor: str | None = None
        while True:
            query = urlencode({**filters, "limit": 1000, **({"cursor": cursor} if cursor else {})})
            page = cast("dict[str, Any]", await self.request("GET", f"{path}?{query}"))
            for item in page["items"]:
                yield item
            cursor = page["next"]
            if cursor is None:
                return

    def session(self) -> aiohttp.ClientSession:
        """The session, which belongs to the event loop that asks first."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def close(self) -> None:
        """Closes the session."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()


class _Passing(Exception):
    """A refusal after which the same request may be sent again."""

    def __init__(self, refused: Exception, retry_in_s: float) -> None:
        super().__init__(str(refused))
        self.refused = refused
        self.retry_in_s = retry_in_s


def _segment(text: str) -> str:
    return quote(text, safe="")
