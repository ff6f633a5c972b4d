"""Callslot: take a call slot, wait in line for it, and never leak it.

    async with callslot.Client.from_env() as slots:
        async with slots.call("support", "inbound", id=sip_call_id) as call:
            ...

`callslot.sync` is for scripts without an event loop; `callslot.livekit` and `callslot.pipecat` are for agents. Every
exception is a `CallslotError`; `callslot.problems` has one for each problem code of the server.
"""

from callslot import problems
from callslot.api import Api
from callslot.call import Call, CallOptions
from callslot.client import Client, OpenCalls
from callslot.errors import (
    CallEnded,
    CallslotError,
    ClientClosed,
    Refused,
    SlotLost,
    Unreachable,
    WaitTimeout,
)
from callslot.events import Event
from callslot.version import __version__

__all__ = [
    "Api",
    "Call",
    "CallEnded",
    "CallOptions",
    "CallslotError",
    "Client",
    "ClientClosed",
    "Event",
    "OpenCalls",
    "Refused",
    "SlotLost",
    "Unreachable",
    "WaitTimeout",
    "__version__",
    "problems",
]
