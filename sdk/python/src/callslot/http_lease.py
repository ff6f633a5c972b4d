"""The same engine over plain HTTP, for networks in which a proxy does not let WebSockets through.

Frames become requests, and their answers become frames again, so the ledger does not know the difference. A lease is
renewed every third of its time; a call in line is asked after with long polls.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import aiohttp

from callslot.problems import passes, refusal
from callslot.transport import CONNECT_WITHIN_S, PROBLEM, Disconnected, LeaseGone, Settings, retry_after_s

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from callslot.ledger import Frame

log = logging.getLogger("callslot")

# Of several hundred calls in line, that many are asked after at once; the others take turns.
_POLLS_AT_ONCE = 100
_POLL_S = 20
# What the stream tells of a call in line.
_POSITION = ("id", "position", "blocked_on", "blocked_by", "retry_in_ms", "estimated_wait_ms")
_REQUESTS_AT_ONCE = 64
# Ids in one page of a reconciliation.
_PAGE = 10_000


class HttpLease:
    """A lease over HTTP that looks like a connection to the engine stream."""

    resumes_at_most = None

    def __init__(self, settings: Settings, session: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._session = session
        self._lease = ""
        self._inbox: asyncio.Queue[list[Frame] | Exception] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._requests = asyncio.Semaphore(_REQUESTS_AT_ONCE)
        self._polls = asyncio.Semaphore(_POLLS_AT_ONCE)
        # Requests about one call go out one after the other, as the frames of a stream do.
        self._turns: dict[str, asyncio.Lock] = {}
        # Every call that may be live under the lease, and those of them that have a slot, for all that is known.
        self._known: set[str] = set()
        self._active: set[str] = set()
        self._polled: set[str] = set()
        self._reconciling: asyncio.Task[None] | None = None
        self.last_heard = 0.0

    async def open(self) -> str:
        if not self._lease:
            opened = await self._ask("POST", "/v1/leases", {"ttl_s": self._settings.grace_s})
            if "code" in opened:
                refused = refusal(opened)
                if refused.status in (429, 500, 502, 503, 504):
                    raise Disconnected(str(refused), retry_in_s=refused.retry_in_s or 0.0)
                raise refused
            self._lease = opened["id"]
        self._spawn(self._renew())
        return self._lease

    async def send(self, frames: list[Frame]) -> None:
        for frame in frames:
            self._spawn(self._resume(frame) if frame["op"] == "resume" else self._carry_out(frame))

    async def receive(self) -> list[Frame]:
        heard = await self._inbox.get()
        if isinstance(heard, Exception):
            raise heard
        return heard

    async def ping(self) -> None:
        pass  # What is asked is answered; the renewals are the heartbeats.

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry_out(self, frame: Frame) -> None:
        """Does what a frame asks for, and answers it."""
        fields = {name: value for name, value in frame.items() if name not in ("op", "ref", "id")}
        call_id, op = frame["id"], frame["op"]
        path = f"/v1/calls/{quote(call_id, safe='')}"
        is_opening = op in ("start", "adopt")
        if is_opening:
            self._known.add(call_id)
        async with self._turns.setdefault(call_id, asyncio.Lock()), self._requests:
            if op == "start":
                answer = await self._ask("POST", "/v1/calls", {**fields, "id": call_id, "lease": self._lease})
            elif op == "adopt":
                adopted = await self._ask("POST", f"/v1/leases/{self._lease}/adopt", {"calls": [call_id]})
                result = adopted["results"][0] if "results" in adopted else {"error": adopted}
                answer = result.get("call") or result["error"]
            else:
                claimant = {"claimant": self._lease} if op == "claim" else {}
                answer = await self._ask("POST", f"{path}/{op}", {**fields, **claimant})
        if "code" in answer:
            if answer["code"] == "unknown_call" or (is_opening and not passes(refusal(answer))):
                self._forget(call_id)
            self._inbox.put_nowait([{"ref": frame["ref"], "error": answer}])
            return
        self._inbox.put_nowait([{"ref": frame["ref"], "call": answer}])
        self._note(answer)

    def _forget(self, call_id: str) -> None:
        """The call is not live under the lease, so the server may end it if it is after all."""
        self._known.discard(call_id)
        self._active.discard(call_id)
        turn = self._turns.get(call_id)
        if turn is not None and not turn.locked():
            del self._turns[call_id]

    def _note(self, call: dict[str, Any]) -> None:
        """Keeps what the next renewal says, and asks after a call in line."""
        call_id = call["id"]
        if call["state"] == "ended":
            self._forget(call_id)
            return
        self._known.add(call_id)
        if call["state"] == "active":
            self._active.add(call_id)
            return
        self._active.discard(call_id)
        if call_id not in self._polled:
            self._polled.add(call_id)
            self._spawn(self._ask_after(call))

    async def _ask_after(self, call: dict[str, Any]) -> None:
        """Long polls until a call has left the line."""
        call_id, position = call["id"], call["position"]
        try:
            while call["state"] == "queued":
                async with self._polls:
                    path = f"/v1/calls/{quote(call_id, safe='')}?wait_s={_POLL_S}"
                    answer = await self._ask("GET", path)
                if "code" in answer:
                    await asyncio.sleep(refusal(answer).retry_in_s or 1.0)
                    continue
                call = answer
                if call["state"] == "queued" and call["position"] != position:
                    position = call["position"]
                    shown = {name: call[name] for name in _POSITION}
                    self._inbox.put_nowait([{"op": "position", **shown}])
        finally:
            self._polled.discard(call_id)
        self._note(call)
        self._inbox.put_nowait([{"op": "ended" if call["state"] == "ended" else "started", "call": call}])

    async def _renew(self) -> None:
        """Renews the lease, and reconciles if the server counts differently."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._settings.grace_s / 3)
            said = {"count": len(self._active), "digest": digest(self._active)}
            renewed = await self._ask("POST", f"/v1/leases/{self._lease}/renew", said)
            if renewed.get("code") == "lease_expired":
                self._lease = ""
                self._inbox.put_nowait(LeaseGone())
                return
            if renewed.get("reconcile") and (self._reconciling is None or self._reconciling.done()):
                self._reconciling = self._spawn(self._reconcile())
            if "code" not in renewed:
                self.last_heard = loop.time()
            elif loop.time() - self.last_heard > 2 * self._settings.grace_s / 3:
                self._inbox.put_nowait(Disconnected("the lease could not be renewed"))
                return

    async def _reconcile(self) -> None:
        """Has the server end what nobody here knows, and asks after what it lacks.

        Every call that may be live is named, so that none is ended whose start or end is just under way.
        """
        ids = sorted(self._known)
        path = f"/v1/leases/{self._lease}/reconcile"
        page: Frame = {}
        for begin in range(0, max(1, len(ids)), _PAGE):
            page = {"active": ids[begin : begin + _PAGE], "more": begin + _PAGE < len(ids)} | page
            found = await self._ask("POST", path, page)
            if "code" in found:
                log.info("not reconciled: %s", found["detail"])
                return
            page = {"cursor": found["next"]} if "next" in found else {}
            for call_id in found["ended"]:
                log.warning("%s was live under this engine's lease, but not one of its calls; it was ended", call_id)
            for unknown in found["unknown"]:
                if unknown["id"] in self._active:
                    self._spawn(self._check(unknown["id"]))

    async def _read(self, call_id: str) -> dict[str, Any]:
        async with self._requests:
            return await self._ask("GET", f"/v1/calls/{quote(call_id, safe='')}")

    async def _check(self, call_id: str) -> None:
        """Reads a call that the server may count differently, and tells how it stands."""
        answer = await self._read(call_id)
        if answer.get("state") in ("ended", "queued"):
            self._note(answer)
            self._inbox.put_nowait([{"op": answer["state"], "call": answer}])
        elif answer.get("lease", self._lease) != self._lease:
            self._forget(call_id)
            self._inbox.put_nowait([{"op": "adopted", "call": answer}])

    async def _resume(self, frame: Frame) -> None:
        """Renews an earlier lease and compares both sides, as `resume` does on the stream."""
        # Before a renewal can be asked for a list, which is to have them all.
        self._known.update(frame["calls"])
        own, self._lease = self._lease, frame["lease"]
        renewed = await self._ask("POST", f"/v1/leases/{self._lease}/renew", {})
        if "code" in renewed:
            self._lease = own
            self._inbox.put_nowait([{"ref": frame["ref"], "error": renewed}])
            return
        answer: Frame = {"op": "resumed", "lease": self._lease, "more": False, "calls": [], "ended": [], "unknown": []}
        for call_id, call in zip(frame["calls"], await asyncio.gather(*map(self._read, frame["calls"])), strict=True):
            if "code" in call:
                if call["code"] != "unknown_call":
                    self._inbox.put_nowait(Disconnected(call["detail"]))
                    return
                answer["unknown"].append({"id": call_id, "why": "never_known"})
            elif call["state"] != "ended" and call["lease"] != self._lease:
                self._forget(call_id)
                answer["unknown"].append({"id": call_id, "why": "other_lease"})
            else:
                answer["ended" if call["state"] == "ended" else "calls"].append(call)
                self._note(call)
        self._inbox.put_nowait([answer])

    async def _ask(self, method: str, path: str, body: Frame | None = None) -> dict[str, Any]:
        """One request; the answer, or a problem. No answer is a problem with the status 503."""
        url = self._settings.url + path
        limit = aiohttp.ClientTimeout(total=_POLL_S + CONNECT_WITHIN_S)
        try:
            async with self._session.request(
                method, url, json=body, headers=self._settings.headers(), timeout=limit
            ) as answer:
                self.last_heard = asyncio.get_running_loop().time()
                said: dict[str, Any] = await answer.json(content_type=None)
                if answer.status < 400:
                    return said
                if answer.content_type != PROBLEM:
                    said = {"code": "", "status": answer.status, "detail": f"a proxy answered {answer.status}"}
                retry_ms = int(retry_after_s(answer.headers.get("retry-after")) * 1000)
                return {"retry_in_ms": retry_ms, **said} if retry_ms else said
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError, ValueError) as error:
            return {"code": "unreachable", "status": 503, "detail": f"no answer: {error or type(error).__name__}"}

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        with contextlib.suppress(asyncio.CancelledError):
            if error := task.exception():
                self._inbox.put_nowait(Disconnected(f"{error!r}"))


def digest(ids: set[str]) -> str:
    """The exclusive or of the first 8 bytes of each id's SHA-256, in hexadecimal: what a renewal says of its calls."""
    value = 0
    for call_id in ids:
        value ^= int.from_bytes(hashlib.sha256(call_id.encode()).digest()[:8], "big")
    return f"{value:016x}"
