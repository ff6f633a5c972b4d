"""What an engine needs of a way to the server: the engine stream, or plain HTTP where WebSockets are blocked."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from callslot.version import __version__

if TYPE_CHECKING:
    from callslot.ledger import Frame

USER_AGENT = f"callslot-python/{__version__}"
PROBLEM = "application/problem+json"
CONNECT_WITHIN_S = 10.0


@dataclass(frozen=True)
class Settings:
    """Where the server is, and how an engine behaves."""

    url: str
    """Without a path: `https://callslot.example`."""
    key: str
    """A key with the role `engine` or above."""
    org: str | None = None
    """The organisation; for operator keys only."""
    grace_s: int = 30
    """How long calls live on without contact: 5 to 3,600 s."""
    transport: str = "auto"
    """`stream`, `http`, or `auto`: the stream, and HTTP where a proxy does not let WebSockets through."""
    fail_open_s: float | None = None
    """After how many seconds without contact a waiting call goes on without a slot; `None` is never."""

    def headers(self) -> dict[str, str]:
        """The headers of every request."""
        headers = {"authorization": f"Bearer {self.key}", "user-agent": USER_AGENT}
        return headers if self.org is None else {**headers, "callslot-org": self.org}

    def heartbeat_s(self) -> float:
        """How often each side shows that it lives: three times in the grace, and every 10 s at least."""
        return min(10.0, self.grace_s / 3)


class Disconnected(Exception):
    """The connection is gone, or could not be made; the calls live on for the grace."""

    def __init__(self, why: str, *, code: int | None = None, retry_in_s: float = 0.0) -> None:
        super().__init__(why)
        self.code = code
        """The close code of the WebSocket, if there was one."""
        self.retry_in_s = retry_in_s


class LeaseGone(Exception):
    """The lease ran out, and its calls have ended with it."""


class WebSocketsBlocked(Exception):
    """What answers is reachable over HTTP, but does not open WebSockets."""


class Transport(Protocol):
    """One connection. Only the engine's own thread touches it."""

    @property
    def resumes_at_most(self) -> int | None:
        """How many calls a `resume` may name; `None` is all. Of the others, the answer to it says what is live."""
        ...

    last_heard: float
    """When the server last showed that it lives, by the loop's clock."""

    async def open(self) -> str:
        """Connects; returns the connection's own lease.

        Raises `Disconnected`, `Refused` (the key is wrong, for example) or `WebSocketsBlocked`.
        """
        ...

    async def send(self, frames: list[Frame]) -> None:
        """Sends frames in order; raises `Disconnected`."""
        ...

    async def receive(self) -> list[Frame]:
        """The next frames; raises `Disconnected` or `LeaseGone`."""
        ...

    async def ping(self) -> None:
        """Has the server show that it lives, if there is a way. Never raises."""
        ...

    async def close(self) -> None:
        """Leaves. Never raises."""
        ...


def full_jitter(attempt: int, longest_s: float) -> float:
    """How long to wait before an attempt: anything between nothing and a bound that doubles each time.

    Brooker 2015, "Exponential Backoff and Jitter": clients that lost one server do not come back in step.
    """
    return random.uniform(0, min(longest_s, 0.1 * 2 ** min(attempt, 16)))


def retry_after_s(value: str | None) -> float:
    """The header `retry-after` in seconds, at most a minute."""
    return min(60.0, float(value)) if value is not None and value.isdigit() else 0.0
