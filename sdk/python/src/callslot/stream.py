"""The engine stream: one WebSocket to `GET /v1/connect`, and what its heartbeats say."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

import aiohttp

from callslot.problems import refusal
from callslot.transport import (
    CONNECT_WITHIN_S,
    PROBLEM,
    Disconnected,
    Settings,
    WebSocketsBlocked,
    retry_after_s,
)

if TYPE_CHECKING:
    from callslot.ledger import Frame

# The server takes 1 MiB and 1,000 frames in a message.
_MESSAGE_BYTES = 900 * 1024
# Ids in one `resume`: 128 characters each stay within that.
RESUMED_AT_MOST = 7_000
# Made once: `json.dumps` makes an encoder for each frame.
_encoded = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_BUSY = (429, 500, 502, 503, 504)


class Stream:
    """A connection to the engine stream."""

    resumes_at_most = RESUMED_AT_MOST

    def __init__(self, settings: Settings, session: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._session = session
        self._socket: aiohttp.ClientWebSocketResponse[bool] | None = None
        self._pinging: asyncio.Task[None] | None = None
        self.last_heard = 0.0

    async def open(self) -> str:
        url = f"{self._settings.url}/v1/connect?grace_s={self._settings.grace_s}"
        try:
            self._socket = await asyncio.wait_for(self._handshake(url), CONNECT_WITHIN_S)
        except aiohttp.WSServerHandshakeError as error:
            if error.status in _BUSY:
                retry_in_s = retry_after_s(error.headers.get("retry-after") if error.headers else None)
                raise Disconnected(f"the server answered {error.status}", retry_in_s=retry_in_s) from None
            await self._explain(url, error.status)
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
            raise Disconnected(f"{self._settings.url} cannot be reached: {error or type(error).__name__}") from None
        self._pinging = asyncio.create_task(self._beat())
        hello, *_ = await self.receive()
        return str(hello["lease"])

    async def _handshake(self, url: str) -> aiohttp.ClientWebSocketResponse[bool]:
        return await self._session.ws_connect(
            url, protocols=("callslot.v1",), headers=self._settings.headers(), autoping=False, autoclose=False
        )

    async def _explain(self, url: str, status: int) -> None:
        """Asks without WebSocket why it was not opened, and raises the answer."""
        try:
            limit = aiohttp.ClientTimeout(total=CONNECT_WITHIN_S)
            async with self._session.get(url, headers=self._settings.headers(), timeout=limit) as answer:
                problem: dict[str, Any] | None = None
                if answer.content_type == PROBLEM:
                    problem = await answer.json(content_type=None)
                if answer.status in _BUSY:
                    raise Disconnected(f"the server answered {answer.status}")
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError, ValueError) as error:
            raise Disconnected(f"{self._settings.url} cannot be reached: {error}") from None
        if problem and problem.get("code") != "upgrade_required":
            raise refusal(problem)
        raise WebSocketsBlocked(f"the WebSocket was answered with {status}")

    async def _beat(self) -> None:
        while self._socket is not None:
            await asyncio.sleep(self._settings.heartbeat_s())
            await self.ping()

    async def ping(self) -> None:
        # A socket that cannot be written to is noticed by who reads it.
        with contextlib.suppress(aiohttp.ClientError, OSError):
            if self._socket is not None:
                await self._socket.ping()

    async def send(self, frames: list[Frame]) -> None:
        message: list[str] = []
        size = 0
        for frame in frames:
            text = _encoded(frame)
            if size + len(text) > _MESSAGE_BYTES:
                await self._send(message)
                message, size = [], 0
            message.append(text)
            size += len(text) + 1
        await self._send(message)

    async def _send(self, message: list[str]) -> None:
        if self._socket is None:
            raise Disconnected("there is no connection")
        try:
            await self._socket.send_str(f"[{','.join(message)}]")
        except (aiohttp.ClientError, OSError, RuntimeError) as error:
            raise Disconnected(f"sending failed: {error}") from None

    async def receive(self) -> list[Frame]:
        if self._socket is None:
            raise Disconnected("there is no connection")
        loop = asyncio.get_running_loop()
        while True:
            try:
                # A pong comes every heartbeat, so silence for longer means a half-open socket.
                message = await self._socket.receive(timeout=1.5 * self._settings.heartbeat_s())
            except asyncio.TimeoutError:
                raise Disconnected("the server is silent") from None
            if message.type is aiohttp.WSMsgType.TEXT:
                self.last_heard = loop.time()
                frames: list[Frame] | Frame = json.loads(message.data)
                return frames if isinstance(frames, list) else [frames]
            if message.type is aiohttp.WSMsgType.PING:
                self.last_heard = loop.time()
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    await self._socket.pong(message.data)
            elif message.type is aiohttp.WSMsgType.PONG:
                self.last_heard = loop.time()
            else:
                code = message.data if message.type is aiohttp.WSMsgType.CLOSE else self._socket.close_code
                raise Disconnected(f"the connection was closed ({code})", code=code)

    async def close(self) -> None:
        if self._pinging:
            self._pinging.cancel()
        if self._socket is not None:
            socket, self._socket = self._socket, None
            with contextlib.suppress(aiohttp.ClientError, OSError, asyncio.TimeoutError):
                await asyncio.wait_for(socket.close(), 1.0)
