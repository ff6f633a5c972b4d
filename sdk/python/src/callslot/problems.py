"""An exception for each problem code of the server, and how a problem becomes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callslot.errors import Refused
from callslot.generated.problems import *  # noqa: F403
from callslot.generated.problems import BY_CODE

if TYPE_CHECKING:
    from collections.abc import Mapping

# After these the same request may be sent again, and means the same.
_PASSING = {"rate_limited", "too_many_seats", "too_many_bodies", "too_many_sweeps", "request_timeout"}


def refusal(problem: Mapping[str, object]) -> Refused:
    """The exception of a problem document."""
    return BY_CODE.get(str(problem.get("code")), Refused)(problem)


def passes(refused: Refused) -> bool:
    """Whether asking again later may succeed without anybody changing anything."""
    return refused.status in (502, 503, 504) or refused.code in _PASSING
