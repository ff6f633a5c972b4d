"""The ledger alone: what it sends after what it hears. A test reads as a conversation.

`start`, `end` and `adopt` are what the program does; `>` is what must be sent next, `<` is what the server says, and `!` is
what the call must have been told. `cut` breaks the connection; `forsake` is another process that
has taken over.
"""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from callslot.ledger import Entry, Ledger


class Conversation:
    def __init__(self) -> None:
        self.now = 0.0
        self.ledger = Ledger(lambda: self.now)
        self.entries: dict[str, Entry] = {}
        self.told: list[str] = []
        self.refs: dict[str, int] = {}
        self.resume: dict[str, Any] | None = None

    def line(self, line: str) -> None:
        words = shlex.split(line, comments=True)
        match words:
            case ["start" | "adopt" as opening, name]:
                entry = Entry(name, {"agent": "a", "type": "chat"}, self.hear, self.now, opening=opening)
                self.entries[name] = entry
                self.ledger.write(entry)
            case ["end", name]:
                self.ledger.end(self.entries[name], None)
            case ["connect", lease]:
                self.resume = self.ledger.connected(lease)
            case ["forsake"]:
                self.ledger.forsake("adopted")
            case ["cut"]:
                self.ledger.disconnected()
            case ["wait", seconds]:
                self.now += float(seconds)
            case [">", "resume", lease, *ids]:
                assert self.resume, line
                assert (self.resume["lease"], sorted(self.resume["calls"])) == (lease, sorted(ids)), line
            case [">", *frames]:
                sent = self.ledger.frames(self.now, 100)
                self.refs |= {f"{frame['op']} {frame['id']}": frame["ref"] for frame in sent}
                assert [f"{frame['op']} {frame['id']}" for frame in sent] == frames, line
            case ["<", "lease-gone"]:
                self.ledger.lease_gone()
            case ["<", "resumed", *states]:
                answer: dict[str, Any] = {"op": "resumed", "lease": "l1", "more": False}
                answer |= {"calls": [], "ended": [], "unknown": []}
                for state in states:
                    name, _, how = state.partition("=")
                    if how in ("active", "queued"):
                        answer["calls"].append(call(name, how))
                    elif how in ("never_known", "other_lease", "ended"):
                        answer["unknown"].append({"id": name, "why": how})
                    else:
                        answer["ended"].append(call(name, "ended", how))
                self.ledger.hear(answer)
            case ["<", "started" | "queued" | "ended" | "adopted" as op, name, *reason]:
                state = {"started": "active", "adopted": "active"}.get(op, op)
                self.ledger.hear({"op": op, "call": call(name, state, *reason)})
            case ["<", asked, "refused", code]:
                status = {"store_failed": 503, "rate_limited": 429}.get(code, 409)
                self.ledger.hear({"ref": self.refs[asked], "error": {"code": code, "status": status, "detail": code}})
            case ["<", asked, state, *reason]:
                self.ledger.hear({"ref": self.refs[asked], "call": call(asked.split()[1], state, *reason)})
            case ["!", *told]:
                assert self.told == told, line
                self.told = []
            case _:
                raise AssertionError(f"what is {line!r}?")

    def hear(self, what: str, detail: Any) -> None:
        self.told.append(f"{what} {detail[0]}" if what == "over" else what)


def call(name: str, state: str, reason: str | None = None) -> dict[str, Any]:
    return {"id": name, "state": state, "reason": reason, "lease": "l1"}


CONVERSATIONS = {
    "a call from start to end": """
        start c
        connect l1
        > "start c"
        < "start c" active
        ! active
        end c
        > "end c"
        < "end c" ended completed
        ! "over completed"
        connect l2             # nothing is left to resume
        >""",
    "an end waits for the answer to the start, and is sent once": """
        connect l1
        start c
        > "start c"
        end c
        >
        < "start c" active
        > "end c"
        >
        < "end c" ended completed
        ! "over completed"
    """,
    "a start that was given up, of a call that another client has, ends nothing": """
        connect l1
        start c
        > "start c"
        end c
        < "start c" refused held_by_other_lease
        ! "over canceled"
        >
        start d
        > "start d"
        end d
        cut
        connect l2
        > resume l1 d
        < resumed d=other_lease
        ! "over canceled"
        >""",
    "another process that has the calls does not keep one that is to end": """
        connect l1
        start c
        > "start c"
        < "start c" active
        start d
        > "start d"
        < "start d" active
        ! active active
        end c
        cut
        forsake
        ! "over adopted"
        connect l2
        > "end c"
        < "end c" ended completed
        ! "over completed"
    """,
    "a call that was never asked for ends by itself": """
        start c
        end c
        ! "over canceled"
        connect l1
        >""",
    "the start was lost before the commit": """
        connect l1
        start c
        > "start c"
        cut
        connect l2
        > resume l1 c
        < resumed c=never_known
        > "start c"
    """,
    "the start was lost after the commit": """
        connect l1
        start c
        > "start c"
        cut
        connect l2
        > resume l1 c
        < resumed c=active
        ! active
        >""",
    "the end was lost before the commit": """
        connect l1
        start c
        > "start c"
        < "start c" active
        end c
        > "end c"
        cut
        connect l2
        > resume l1 c
        < resumed c=active
        > "end c"
    """,
    "the end was lost after the commit": """
        connect l1
        start c
        > "start c"
        < "start c" active
        end c
        > "end c"
        cut
        connect l2
        < resumed c=completed
        ! active "over completed"
        >""",
    "an end of a call that the server may not have heard of is sent all the same": """
        connect l1
        start c
        > "start c"
        cut
        end c
        connect l2
        < resumed c=never_known
        > "end c"
        < "end c" refused unknown_call
        ! "over canceled"
    """,
    "a passing refusal is answered by asking again": """
        connect l1
        start c
        > "start c"
        < "start c" refused store_failed
        wait 6
        > "start c"
        < "start c" refused rate_limited
        wait 6
        > "start c"
        < "start c" refused queue_full
        ! refused
        wait 60
        >""",
    "a lease that ran out takes active calls along, and waiting ones begin again": """
        connect l1
        start a
        start q
        > "start a" "start q"
        < "start a" active
        < "start q" queued
        cut
        connect l2
        > resume l1 a q
        < lease-gone
        ! active queued "over lease_expired"
        > "start q"
        < "start q" ended lease_expired
        ! renamed
        > "start q~1"
    """,
    "the old lease may still hold a call for a moment": """
        connect l1
        start q
        > "start q"
        cut
        connect l2
        < lease-gone
        > "start q"
        < "start q" refused held_by_other_lease
        wait 6
        > "start q"
        < "start q" active
        ! active
    """,
    "an id that is live elsewhere is refused": """
        connect l1
        start c
        > "start c"
        < "start c" refused held_by_other_lease
        ! refused
    """,
    "another engine has adopted a call meanwhile": """
        connect l1
        start c
        > "start c"
        < "start c" active
        cut
        connect l2
        < resumed c=other_lease
        ! active "over adopted"
        >""",
    "an adoption is repeated like a start": """
        connect l1
        adopt c
        > "adopt c"
        cut
        connect l2
        < resumed c=other_lease
        > "adopt c"
        < "adopt c" active
        ! active
    """,
    "what the server has beyond the calls of the client is ended": """
        connect l1
        start c
        > "start c"
        < "start c" active
        cut
        connect l2
        < resumed c=active s=active
        ! active active
        > "end s"
        cut
        connect l3
        > resume l1 c s
        < resumed c=active s=completed
        ! active
        >""",
    "an adopted call in line is over with its lease": """
        connect l1
        adopt a
        > "adopt a"
        < "adopt a" queued
        cut
        connect l2
        > resume l1 a
        < lease-gone
        ! queued "over lease_expired"
        adopt b
        > "adopt b"
        < "adopt b" queued
        < ended b lease_expired
        ! queued "over lease_expired"
        >""",
    "an adoption that is given up before it is sent leaves the call as it is": """
        connect l1
        adopt a
        end a
        ! "over canceled"
        >
        adopt a
        > "adopt a"
        end a
        >
        < "adopt a" active
        > "end a"
    """,
    "a call beyond what a resume names is asked after": """
        connect l1
        start q
        > "start q"
        < "start q" queued
        cut
        connect l2
        < resumed
        ! queued
        > "start q"
        < "start q" ended max_wait
        ! "over max_wait"
    """,
}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_conversation(name: str) -> None:
    conversation = Conversation()
    for line in CONVERSATIONS[name].strip().splitlines():
        conversation.line(line.strip())
