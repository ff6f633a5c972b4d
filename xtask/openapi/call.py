"""Runs a call through the client that openapi-python-client generates: starts it, reads it, ends it, and reads the history.

Arguments: the server's URL, an admin key.
"""

import datetime
import sys

from callslot_api_client import AuthenticatedClient
from callslot_api_client.api.agents import put_agent
from callslot_api_client.api.calls import end_call, read_call, start_call
from callslot_api_client.api.concurrency import put_reservations
from callslot_api_client.api.history import read_figures
from callslot_api_client.models import (
    AgentPut,
    Call,
    CallStart,
    CallType,
    History,
    Reservation,
    ReservationsPut,
)

url, key = sys.argv[1:]
client = AuthenticatedClient(base_url=url, token=key)

put_agent.sync(client=client, id="python", body=AgentPut(name="From Python"))
reserved = Reservation(agent="python", webcall=0, chat=1, outbound=0, inbound=0)
put_reservations.sync(client=client, body=ReservationsPut(reservations=[reserved]))

started = start_call.sync(client=client, body=CallStart(agent="python", type_=CallType.CHAT))
assert isinstance(started, Call), started
assert started.state == "active" and started.slot == "reserved", started
read = read_call.sync(client=client, id=started.id)
assert isinstance(read, Call) and read.id == started.id, read
ended = end_call.sync(client=client, id=started.id)
assert isinstance(ended, Call) and ended.reason == "completed", ended

now = datetime.datetime.now(datetime.timezone.utc)
history = read_figures.sync(client=client, from_=now - datetime.timedelta(minutes=5), to=now)
assert isinstance(history, History), history
kinds = {marker.kind.value for marker in history.markers}
print(f"python: call {started.id} {ended.reason}; history with {len(history.series)} series and markers {sorted(kinds)}")
