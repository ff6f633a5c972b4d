"""A FreeSWITCH that is none: it follows a dialplan, and speaks at its event socket as the documentation of mod_event_socket says.

Voice does not exist here. Whom `bridge` reaches is told by `lines`: the beginning of a dial string, and whether somebody answers.
"""

import asyncio
import json
import re
import uuid
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def contexts(folder):
    """The extensions of the files in a folder `dialplan`, by context, as the vanilla configuration includes them."""
    found = {}
    for file in sorted(folder.glob("*.xml")):
        for context in ElementTree.parse(file).iter("context"):
            # FreeSWITCH takes the first context of a name.
            found.setdefault(context.get("name"), list(context.iter("extension")))
    for file in sorted(folder.glob("public/*.xml")):
        found.setdefault("public", []).extend(ElementTree.parse(file).iter("extension"))
    return found


class Channel:
    def __init__(self, number):
        self.uuid, self.number, self.context = str(uuid.uuid4()), number, "public"
        self.variables, self.at, self.is_over = {}, "", asyncio.Event()
        self.following = None
        # The places that it was transferred to, and what it reached.
        self.path, self.cause = [], None

    def data(self, name):
        """What is known of a channel, in the order and the names of FreeSWITCH."""
        known = {
            "Event-Name": name,
            "Unique-ID": self.uuid,
            "Channel-Call-State": "ACTIVE",
            "Call-Direction": "inbound",
            "Caller-Destination-Number": self.number,
            "Caller-Context": self.context,
        }
        if self.cause is not None:
            known["Hangup-Cause"] = self.cause
        return known | {f"variable_{key}": value for key, value in self.variables.items()}


class Fake:
    def __init__(self, folder, password, lines):
        self.contexts, self.password, self.lines = contexts(folder), password, lines
        self.channels, self.listeners, self.talk_s = {}, {}, 0.3
        self.server, self.port, self.faults = None, 0, []

    async def start(self):
        self.server = await asyncio.start_server(self.accept, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def crash(self):
        """Ends as by kill: channels and connections are gone, and nobody is told."""
        self.server.close()
        for channel in self.channels.values():
            channel.following.cancel()
            channel.is_over.set()
        self.channels.clear()
        for writer in list(self.listeners):
            writer.transport.abort()
        self.listeners.clear()

    # The dialplan.

    def actions(self, context, number):
        """What the dialplan has for a number: the actions of the first extension whose condition holds."""
        for extension in self.contexts.get(context, []):
            for condition in extension.iter("condition"):
                assert condition.get("field") == "destination_number", "no other condition is known here"
                if re.search(condition.get("expression"), number):
                    return [(it.get("application"), it.get("data") or "") for it in condition.iter("action")]
        return []

    def call(self, number):
        channel = Channel(number)
        self.channels[channel.uuid] = channel
        self.follow(channel)
        return channel

    def follow(self, channel):
        channel.following = asyncio.create_task(self.carry_out(channel))
        channel.following.add_done_callback(self.followed)

    def followed(self, task):
        if not task.cancelled() and task.exception() is not None:
            self.faults.append(task.exception())

    async def carry_out(self, channel):
        for application, data in self.actions(channel.context, channel.number):
            channel.at = application
            data = re.sub(r"\$\{(\w+)\}", lambda it: channel.variables.get(it[1], ""), data)
            if application == "set":
                name, _, channel.variables[name] = data.partition("=")
            elif application == "event":
                told = dict(part.split("=", 1) for part in data.split(","))
                self.fire(channel, told.pop("Event-Name"), told)
            elif application in ("playback", "park"):
                # A local stream has no end, and who is parked is moved by others.
                await asyncio.Event().wait()
            elif application == "transfer":
                return self.transfer(channel, data)
            elif application == "bridge":
                line = next(name for name in self.lines if data.startswith(name))
                channel.path.append(line)
                if self.lines[line]:
                    await asyncio.sleep(self.talk_s)
                    assert channel.variables["hangup_after_bridge"] == "true"
                    return self.hang_up(channel, "NORMAL_CLEARING")
                await asyncio.sleep(0.2)
                assert channel.variables["continue_on_fail"] == "true"
            elif application == "hangup":
                return self.hang_up(channel, data)
            else:
                assert application in ("answer", "sched_hangup"), f"{application} is not known here"
        self.hang_up(channel, "NORMAL_CLEARING")

    def transfer(self, channel, place):
        channel.following.cancel()
        channel.number, dialplan, channel.context = place.split()
        assert dialplan == "XML"
        channel.path.append(f"{channel.number}@{channel.context}")
        self.follow(channel)

    def hang_up(self, channel, cause="NORMAL_CLEARING"):
        if self.channels.pop(channel.uuid, None) is None:
            return
        channel.cause = cause
        self.fire(channel, "CHANNEL_HANGUP_COMPLETE", {})
        channel.is_over.set()
        channel.following.cancel()

    # The event socket.

    def fire(self, channel, name, more):
        body = json.dumps({**channel.data(name), **more}).encode()
        for writer, wanted in self.listeners.items():
            if name in wanted and (name != "CUSTOM" or more["Event-Subclass"] in wanted):
                writer.write(b"Content-Length: %d\nContent-Type: text/event-json\n\n" % len(body) + body)

    async def accept(self, reader, writer):
        try:
            writer.write(b"Content-Type: auth/request\n\n")
            is_known = False
            while True:
                line = (await reader.readuntil(b"\n\n")).decode().strip()
                words = line.split()
                if words[0] == "auth":
                    is_known = words[1:] == [self.password]
                    reply = "+OK accepted" if is_known else "-ERR invalid"
                elif not is_known:
                    reply = "-ERR command not found"
                elif words[0] == "event":
                    self.listeners[writer] = words[2:]
                    assert words[1] == "json", "this FreeSWITCH has no other form"
                    reply = "+OK event listener enabled json"
                elif words[0] == "api":
                    body = self.api(words[1], words[2:]).encode()
                    writer.write(b"Content-Type: api/response\nContent-Length: %d\n\n" % len(body) + body)
                    continue
                else:
                    reply = "-ERR command not found"
                writer.write(f"Content-Type: command/reply\nReply-Text: {reply}\n\n".encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # The client has gone.
        except Exception as fault:
            self.faults.append(fault)
            raise
        finally:
            self.listeners.pop(writer, None)
            writer.close()

    def api(self, name, words):
        if name == "show":
            assert words == ["channels", "as", "json"]
            columns = lambda it: {"uuid": it.uuid, "direction": "inbound", "dest": it.number, "application": it.at}
            rows = [columns(channel) for channel in self.channels.values()]
            return json.dumps({"row_count": len(rows), "rows": rows}) if rows else '{"row_count": 0}\n'
        channel = self.channels.get(words[0])
        if name == "uuid_exists":
            return "false" if channel is None else "true"
        if channel is None:
            return "-ERR No such channel!\n"
        if name == "uuid_dump":
            assert words[1:] == ["json"]
            return json.dumps(channel.data("CHANNEL_DATA"))
        if name == "uuid_transfer":
            self.transfer(channel, " ".join(words[1:]))
            return "+OK\n"
        if name == "uuid_kill":
            self.hang_up(channel)
            return "+OK\n"
        return f"-ERR {name} command not found!\n"
