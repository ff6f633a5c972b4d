"""The recipe for FreeSWITCH, as its page prints it, against a real server: `freeswitch.py PROGRAM CONF FRSLINT ESL SERVER ADMIN ENGINE`.

FreeSWITCH itself is not here: `fake_freeswitch.py` plays it. A linter of others (frslint) looks at the dialplan, and a client of others
(modesl) at the event socket, so that both are what they are for FreeSWITCH.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
import traceback
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from fake_freeswitch import Fake

PROGRAM, CONF, FRSLINT, ESL, SERVER, ADMIN, ENGINE = sys.argv[1:]
EVENT_SOCKET = ElementTree.parse(f"{CONF}/autoload_configs/event_socket.conf.xml")
PASSWORD = EVENT_SOCKET.find(".//param[@name='password']").get("value")
NUMBER, HASTY = "+4930123456", "+4930123457"
# Who is dialled: the engine answers, and so does the office. The engine of `sales` does not.
LINES = {"sofia/external/support@": True, "sofia/external/sales@": False, "sofia/gateway/office/": True}
# The path of one who is connected.
CONNECTED = ["support@agents", "sofia/external/support@"]
SOON_S = 10


def ask(path, body=None, method=None):
    headers = {"authorization": f"Bearer {ADMIN}", "content-type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(SERVER + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read() or "null")


def cap(agent, slots):
    ask(f"/v1/agents/{agent}", {"name": agent, "cap": slots}, "PUT")


def calls(state):
    return ask(f"/v1/calls?limit=1000&state={state}")["items"]


def events():
    """What the server's log has of calls: what happened, and to which call."""
    last, found = ask("/v1/concurrency")["as_of"], []
    # Without a filter: the last event comes at once, whatever it is.
    request = urllib.request.Request(f"{SERVER}/v1/events?after=0", headers={"authorization": f"Bearer {ADMIN}"})
    with urllib.request.urlopen(request, timeout=20) as stream:
        name, seq = "", 0
        for line in stream:
            field, _, value = line.decode().strip().partition(": ")
            if field == "id":
                seq = int(value)
            elif field == "event":
                name = value
            elif field == "data":
                found += [(name, json.loads(value)["call"])] if name.startswith("call.") else []
            elif not field and seq >= last:
                return found


def in_order():
    """How many of `support` waited; they got their slots in the order in which they came."""
    of = lambda name: [call["id"] for it, call in events() if it == name and call["agent"] == "support"]
    queued, started = of("call.queued"), of("call.started")
    came = [call for call in queued if call in started]
    served = [call for call in started if call in queued]
    assert came == served, "somebody was served out of order"
    return len(came)


class Relay:
    """The server's address as the recipe knows it, so that the server can seem to be away."""

    async def start(self, port=0):
        self.writers = set()
        self.server = await asyncio.start_server(self.accept, "127.0.0.1", port)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def accept(self, reader, writer):
        host, port = SERVER.removeprefix("http://").rsplit(":", 1)
        there, here = await asyncio.open_connection(host, int(port))
        self.writers |= {writer, here}
        await asyncio.gather(self.pass_on(reader, here), self.pass_on(there, writer))

    async def pass_on(self, reader, writer):
        try:
            while part := await reader.read(65536):
                writer.write(part)
                await writer.drain()
        except ConnectionError:
            pass  # One side has gone, and so does the other.
        writer.close()
        self.writers.discard(writer)

    def stop(self):
        self.server.close()
        for writer in list(self.writers):
            writer.transport.abort()


async def until(what, is_so):
    begun = time.monotonic()
    while not (outcome := is_so()):
        assert time.monotonic() - begun < SOON_S, f"{what}: not after {SOON_S} s"
        await asyncio.sleep(0.02)
    return outcome


class World:
    async def start(self):
        self.fake = Fake(Path(CONF) / "dialplan", PASSWORD, dict(LINES))
        self.relay = await Relay().start()
        await self.fake.start()
        await self.run_program()
        return self

    async def run_program(self):
        url = f"http://127.0.0.1:{self.relay.port}"
        access = {"CALLSLOT_URL": url, "CALLSLOT_KEY": ENGINE, "ESL_PORT": str(self.fake.port), "ESL_PASSWORD": PASSWORD}
        self.program = subprocess.Popen([sys.executable, PROGRAM], env=os.environ | access, stdout=subprocess.DEVNULL)
        await until("the program listens", lambda: self.fake.listeners)

    async def kill_program(self):
        self.program.kill()
        self.program.wait()
        await until("the program is gone", lambda: not self.fake.listeners)

    async def call(self, count, number=NUMBER):
        """Callers, one after the other, as far as the server has heard of them."""
        callers = []
        for _ in range(count):
            callers.append(self.fake.call(number))
            id = f"freeswitch-{callers[-1].uuid}"
            await until("the server has the call", lambda: self.state(id) is not None)
        return callers

    @staticmethod
    def state(id):
        try:
            return ask(f"/v1/calls/{id}")["state"]
        except urllib.error.HTTPError:
            return None

    async def all_are_over(self, callers):
        for caller in callers:
            await asyncio.wait_for(caller.is_over.wait(), SOON_S)
        await until("no call is live", lambda: not calls("active") and not calls("queued"))


async def through(world):
    """One call, and nobody waits."""
    cap("support", 1)
    [caller] = await world.call(1)
    await world.all_are_over([caller])
    assert caller.path == CONNECTED, caller.path


async def crowd(world):
    """More callers than slots: all are connected, in order."""
    cap("support", 3)
    before = in_order()
    callers = [world.fake.call(NUMBER) for _ in range(30)]
    await world.all_are_over(callers)
    assert all(caller.path[-1] == "sofia/external/support@" for caller in callers)
    waited = in_order() - before
    assert waited >= 20, f"only {waited} waited"


async def hang_up(world):
    """Who hangs up in line gives the place up, and who is behind moves on."""
    cap("support", 1)
    world.fake.talk_s = 2
    callers = await world.call(4)
    for caller in callers[1:3]:
        world.fake.hang_up(caller)
    await until("their places are free", lambda: len(calls("queued")) == 1)
    await world.all_are_over(callers)
    assert callers[3].path[0] == "support@agents" and not callers[1].path
    gone = [ask(f"/v1/calls/freeswitch-{caller.uuid}") for caller in callers[1:3]]
    assert all(call["reason"] == "canceled" and call["note"] == "hung up" for call in gone), gone
    world.fake.talk_s = 0.3


async def too_long(world):
    """Who waits for too long goes to the overflow, without a slot."""
    cap("sales", 0)
    callers = await world.call(2, HASTY)
    await world.all_are_over(callers)
    assert all(caller.path == ["sales@overflow", "sofia/gateway/office/"] for caller in callers), callers[0].path
    assert ask(f"/v1/calls/freeswitch-{callers[0].uuid}")["reason"] == "max_wait"


async def dead_engine(world):
    """An engine that does not answer: the caller goes to the overflow, and the slot is free while they talk there."""
    cap("sales", 1)
    world.fake.talk_s = 2
    [caller] = await world.call(1, HASTY)
    await until("the overflow talks", lambda: "sofia/gateway/office/" in caller.path)
    await until("the slot is free", lambda: not calls("active"))
    assert not caller.is_over.is_set()
    world.fake.talk_s = 0.3
    await world.all_are_over([caller])


async def ended_by_operator(world):
    """A caller in line whose call an operator ends is hung up."""
    cap("support", 0)
    [caller] = await world.call(1)
    ask(f"/v1/calls/freeswitch-{caller.uuid}/end", {})
    await world.all_are_over([caller])
    assert not caller.path


async def refused(world):
    """Whom the server refuses goes to the overflow."""
    ask("/v1/agents/sales", method="DELETE")
    caller = world.fake.call(HASTY)
    await world.all_are_over([caller])
    assert caller.path[0] == "sales@overflow", caller.path
    cap("sales", 1)


async def program_killed(world):
    """Callers come, hang up and wait while the program is away: the next one finds out."""
    cap("support", 2)
    world.fake.talk_s = 3
    callers = await world.call(5)
    await world.kill_program()
    world.fake.hang_up(callers[0])
    world.fake.hang_up(callers[2])
    callers.append(world.fake.call(NUMBER))
    await world.run_program()
    await until("who hung up is gone", lambda: world.state(f"freeswitch-{callers[2].uuid}") == "ended")
    world.fake.talk_s = 0.3
    await world.all_are_over(callers)
    assert [caller.path for caller in callers] == [CONNECTED, CONNECTED, [], CONNECTED, CONNECTED, CONNECTED]
    in_order()


async def server_away(world):
    """Callers come, wait and hang up while the server is away; it costs them time."""
    cap("support", 1)
    callers = await world.call(3)
    port = world.relay.port
    world.relay.stop()
    callers.append(world.fake.call(NUMBER))
    world.fake.hang_up(callers[2])
    await asyncio.sleep(0.5)
    world.relay = await Relay().start(port)
    await world.all_are_over(callers)
    assert [caller.path for caller in callers] == [CONNECTED, CONNECTED, [], CONNECTED]


async def freeswitch_killed(world):
    """FreeSWITCH takes its calls with it; once it is back, their slots are free, and others are served."""
    cap("support", 2)
    world.fake.talk_s = 60
    await world.call(4)
    await world.fake.crash()
    await world.fake.start()
    await until("its calls are over", lambda: not calls("active") and not calls("queued"))
    world.fake.talk_s = 0.3
    await world.all_are_over(await world.call(1))


async def is_understood(world):
    """The event socket, by a client that others wrote."""
    client = await asyncio.create_subprocess_exec("node", ESL, str(world.fake.port), PASSWORD, stdout=subprocess.PIPE)
    assert await client.stdout.readline() == b"ready\n"
    cap("support", 0)
    world.fake.call(NUMBER)
    assert await client.wait() == 0
    await world.all_are_over([])


def add_sales():
    """A second number like the first one, but that its engine does not answer, and that its callers wait for a second."""
    for file in (Path(CONF) / "dialplan").rglob("*.xml"):

        def twice(extension):
            more = extension[0].replace("support", "sales").replace(NUMBER[1:], HASTY[1:])
            return extension[0] + more.replace("max_wait_s=240", "max_wait_s=1")

        file.write_text(re.sub(r" *<extension.*?</extension>\n", twice, file.read_text(), flags=re.DOTALL))


def lint(fake):
    """The dialplan, by a linter that others wrote; it sees the actions that are followed here.

    It gets one file, as FreeSWITCH makes it of the vanilla configuration: what is included stands in its place.
    """
    file = Path(CONF) / "freeswitch.xml"

    def included(pattern):
        texts = (file.read_text() for file in sorted((Path(CONF) / "dialplan").glob(pattern)))
        return "".join(re.sub("</?include>", "", text) for text in texts)

    public = f'<context name="public">{included("public/*.xml")}</context>'
    section = f'<section name="dialplan">{included("*.xml")}{public}</section>'
    file.write_text(f'<document type="freeswitch/xml">{section}</document>\n')
    said = subprocess.run([FRSLINT, "analyze", file], check=True, capture_output=True, text=True).stdout
    assert "No issues found" in said, said
    for context, number in (("public", NUMBER), ("agents", "support"), ("overflow", "support")):
        said = subprocess.run([FRSLINT, "debug", file, number, "-c", context], check=True, capture_output=True, text=True)
        actions = [f"{name}: {data}" if data else name for name, data in fake.actions(context, number)]
        assert actions and said.stdout.rstrip().endswith("\n".join(actions)), said.stdout


async def main():
    add_sales()
    world = await World().start()
    case = lint
    try:
        lint(world.fake)
        for case in CASES:
            begun = time.monotonic()
            await case(world)
            assert not world.fake.faults, world.fake.faults
            print(f"{case.__name__}: {time.monotonic() - begun:.1f} s", flush=True)
        return 0
    except Exception:
        print(f"freeswitch.py failed in {case.__name__}", *world.fake.faults, file=sys.stderr)
        traceback.print_exc()
        return 1
    finally:
        world.program.kill()
        world.program.wait()


CASES = (
    is_understood,
    through,
    crowd,
    hang_up,
    too_long,
    dead_engine,
    ended_by_operator,
    refused,
    program_killed,
    server_away,
    freeswitch_killed,
)
# Nothing is left to tidy up; the tasks that serve connections would complain that they are cancelled.
outcome = asyncio.new_event_loop().run_until_complete(main())
sys.stdout.flush()
os._exit(outcome)
