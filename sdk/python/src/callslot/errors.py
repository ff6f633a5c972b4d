"""What can go wrong, as exceptions. `callslot.problems` has one for each problem code of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from callslot.generated import schema


class CallslotError(Exception):
    """Everything that this package raises on its own account."""


class Refused(CallslotError):
    """The server said no, and why; a refused request has changed nothing.

    Each code has a subclass in `callslot.problems`. A code that this version does not know is raised as `Refused`.
    """

    code: str = ""
    """The stable name of the problem, such as `queue_full`; docs/errors.md has a section for each."""
    status: int = 0
    """The HTTP status that goes with it."""

    def __init__(self, problem: Mapping[str, object]) -> None:
        super().__init__(str(problem.get("detail") or problem.get("title") or problem.get("code")))
        self.problem = dict(problem)
        """The problem document (RFC 9457) as it came, with its numbers by name."""
        self.code = str(problem.get("code", type(self).code))
        status = problem.get("status")
        self.status = status if isinstance(status, int) else type(self).status
        retry_in_ms = problem.get("retry_in_ms")
        self.retry_in_s = retry_in_ms / 1000 if isinstance(retry_in_ms, int) else None
        """How long the server asks to wait before it is asked again, in seconds."""


class Unreachable(CallslotError):
    """The server gave no answer. What was asked may or may not have been done; a call is ended all the same."""


class ClientClosed(CallslotError):
    """The client was closed; make another one."""


class WaitTimeout(CallslotError, TimeoutError):
    """The call was still in line after `timeout` seconds. It keeps its place until it is ended."""


class CallEnded(CallslotError):
    """The call ended before it got its slot."""

    MESSAGES: ClassVar[dict[str, str]] = {
        "max_wait": "the call waited for its longest time (max_wait_s)",
        "canceled": "the call was ended while it waited",
        "unclaimed": "nobody claimed the call",
        "declined": "the call was declined",
    }

    def __init__(self, call_id: str, reason: str, call: schema.Call | None = None) -> None:
        super().__init__(f"{call_id}: {self.MESSAGES.get(reason, f'the call has ended ({reason})')}")
        self.call_id = call_id
        self.reason = reason
        """As the server names it: `max_wait`, `canceled`, `lease_expired`, and so on."""
        self.call = call


class SlotLost(CallslotError):
    """The call had its slot and has it no longer, though the program has not ended it."""

    def __init__(self, call_id: str, reason: str) -> None:
        super().__init__(f"{call_id} has lost its slot ({reason})")
        self.call_id = call_id
        self.reason = reason
        """Why: a reason of the server's, `adopted` (by another engine), or `unreachable` (no contact for the grace)."""
