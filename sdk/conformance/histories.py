"""What happened to a call, from both sides and with the faults around it: what is read when a run was wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from faults import Struck
    from judge import Record

# A fault that began that long before a call, or after it, may have to do with it.
AROUND_MS = 2_000
SHOWN = 5


def histories(wrong: list[str], record: Record, lines: list[dict[str, Any]], struck: list[Struck]) -> list[str]:
    """The histories of the first calls that the lines of a verdict name, in ms since the run's first fault."""
    named = [name for line in wrong for name in re.findall(r"\b[a-z]+-\d+-\d+\b", line)]
    told: list[str] = []
    for name in list(dict.fromkeys(named))[:SHOWN]:
        told += [f"--- {name}", *history(name, record, lines, struck)]
    return told


def history(name: str, record: Record, lines: list[dict[str, Any]], struck: list[Struck]) -> list[str]:
    """One call's steps in their order, the server's and the program's, with the faults around them."""
    steps: list[tuple[float, str]] = []
    for call_id, lived in record.calls.items():
        if call_id == name or call_id.startswith(f"{name}~"):
            steps += [(at, f"server: {call_id} {what}") for at, what in lived.steps]
    steps += [
        (line["t"], f"program: {line['at']} {line.get('why', '')}".rstrip()) for line in lines if line.get("id") == name
    ]
    if not steps:
        return ["neither side knows it"]
    since, until = min(at for at, _ in steps) - AROUND_MS, max(at for at, _ in steps) + AROUND_MS
    for fault in struck:
        if fault.until >= since and fault.since <= until:
            steps += [(fault.since, f"fault: {fault.name}"), (fault.until, f"fault: {fault.name}, done")]
    done = [line["t"] for line in lines if line["at"] == "done"]
    steps += [(at, "program: done") for at in done if at <= until]
    zero = struck[0].since if struck else since
    return [f"{at - zero:10.0f} ms  {what}" for at, what in sorted(steps)]
