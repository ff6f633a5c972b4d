"""A proxy in front of the server that loses, delays and refuses what passes, on demand.

It knows where the frames of a WebSocket begin, so that it can close one as the server would. Start reading at `Proxy`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
from enum import Enum

HEADS_END = b"\r\n\r\n"
PIECE = 65_536


class Loss(Enum):
    """What a connection does with what passes."""

    NOTHING = "nothing"
    REQUESTS = "requests"  # What the client sends does not arrive: an answer lost before the commit.
    ANSWERS = "answers"  # What the server sends does not arrive: an answer lost after the commit.
    BOTH = "both"  # Half-open: neither arrives, and nobody is told.


class Connection:
    """One connection through the proxy."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.client = client
        self.server = server
        self.loses = Loss.NOTHING
        self.is_websocket = False
        self.close_code: int | None = None
        self._left_of_frame = 0
        self._head = b""

    def cut(self) -> None:
        """Breaks it without a word."""
        for writer in (self.client, self.server):
            with contextlib.suppress(OSError, RuntimeError):
                writer.transport.abort()

    async def to_server(self, reader: asyncio.StreamReader) -> None:
        while piece := await reader.read(PIECE):
            if self.loses in (Loss.NOTHING, Loss.ANSWERS):
                self.server.write(piece)
                await self.server.drain()

    async def to_client(self, reader: asyncio.StreamReader) -> None:
        while piece := await reader.read(PIECE):
            if self.loses in (Loss.NOTHING, Loss.REQUESTS):
                cut_at = self._pass(piece) if self.is_websocket else None
                self.client.write(piece if cut_at is None else piece[:cut_at])
                await self.client.drain()
                if cut_at is not None:
                    self._close()
                    return

    def close_with(self, code: int) -> None:
        """Sends the client a close frame, between two frames of the server."""
        self.close_code = code
        if self._left_of_frame == 0 and not self._head:
            self._close()

    def say(self, text: bytes) -> None:
        """Sends the client a text that the server has not said, while that says nothing."""
        assert self._left_of_frame == 0
        assert not self._head
        assert len(text) < 126
        self.client.write(bytes([0x81, len(text)]) + text)

    def _close(self) -> None:
        assert self.close_code is not None
        with contextlib.suppress(OSError, RuntimeError):
            self.client.write(bytes([0x88, 2]) + struct.pack(">H", self.close_code))
            self.client.close()
            self.server.transport.abort()

    def _pass(self, piece: bytes) -> int | None:
        """Follows the frames in what the server sends (RFC 6455 §5.2); where to cut it off for a close frame."""
        at = 0
        while at < len(piece):
            if self._left_of_frame == 0 and not self._head and self.close_code is not None:
                return at
            if self._left_of_frame:
                step = min(self._left_of_frame, len(piece) - at)
                self._left_of_frame -= step
                at += step
                continue
            self._head += piece[at : at + 1]
            at += 1
            if len(self._head) < 2:
                continue
            length = self._head[1] & 0x7F
            wanted = 2 + {126: 2, 127: 8}.get(length, 0)
            if len(self._head) == wanted:
                self._left_of_frame = int.from_bytes(self._head[2:], "big") if wanted > 2 else length
                self._head = b""
        return at if self.close_code is not None and self._left_of_frame == 0 and not self._head else None


class Proxy:
    """Listens on a port of its own, and passes everything on until it is told to do otherwise."""

    def __init__(self, port: int, server_port: int) -> None:
        self.port = port
        self._server_port = server_port
        self.open: set[Connection] = set()
        self.refuses = 0
        """How many requests that open a connection are still to be answered 503."""
        self.blocks_websockets = False
        self.faults = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Proxy:
        self._listening = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.close()
        for connection in list(self.open):
            connection.cut()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(HEADS_END)
        except (asyncio.IncompleteReadError, OSError, asyncio.LimitOverrunError):
            writer.close()
            return
        is_upgrade = b"upgrade: websocket" in head.lower()
        if self.refuses > 0 or (is_upgrade and self.blocks_websockets):
            await self._answer(writer, is_blocked=self.refuses <= 0)
            return
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self._server_port)
        except OSError:
            writer.transport.abort()
            return
        connection = Connection(writer, to_server)
        self.open.add(connection)
        try:
            to_server.write(head)
            if is_upgrade:
                writer.write(await from_server.readuntil(HEADS_END))
                connection.is_websocket = True
            upwards = asyncio.create_task(connection.to_server(reader))
            downwards = asyncio.create_task(connection.to_client(from_server))
            await asyncio.wait({upwards, downwards}, return_when=asyncio.FIRST_COMPLETED)
            # The end of a half-open connection is not passed on either.
            while connection.loses is Loss.BOTH and not writer.transport.is_closing():
                await asyncio.sleep(0.1)
            for task in (upwards, downwards):
                task.cancel()
            await asyncio.gather(upwards, downwards, return_exceptions=True)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # A cancellation is the end of the run.
        finally:
            self.open.discard(connection)
            if connection.close_code is None:
                connection.cut()

    async def _answer(self, writer: asyncio.StreamWriter, *, is_blocked: bool) -> None:
        if is_blocked:
            status, kind, body = "400 Bad Request", "text/html", "<h1>WebSockets are not allowed here</h1>"
        else:
            self.refuses -= 1
            detail = {"type": "urn:callslot:problem:overloaded", "code": "overloaded", "title": "Overloaded"}
            body = json.dumps({**detail, "status": 503, "detail": "too many requests are waiting"})
            status, kind = "503 Service Unavailable", "application/problem+json"
        head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n"
        writer.write(f"{head}retry-after: 1\r\nconnection: close\r\n\r\n{body}".encode())
        with contextlib.suppress(OSError):
            await writer.drain()
        writer.close()
