"""Whether the alert rules and the Grafana dashboard fit a server: `monitoring.py PROMETHEUS SERVER_URL ADMIN_KEY FOLDER`.

A real Prometheus scrapes a server that has some calls, and every expression of the rules and of the dashboard is asked of
it. An expression that names a metric or label which the server does not have gives nothing, and fails.
"""

import json
import pathlib
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import grafana_foundation_sdk.models.dashboard as grafana
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins

RULES = "packaging/prometheus/callslot.rules.yml"
DASHBOARD = "packaging/grafana/callslot.json"
# How long Prometheus has to start and to read the server twice, in seconds.
PATIENCE = 60
# The server that is read here speaks plain HTTP; `http/tls` holds this one.
ONLY_WITH_TLS = {"callslot_tls_certificate_expiry_seconds"}
METRIC = re.compile(r"\bcallslot_[a-z_]+")


def request(method, url, key=None, body=None):
    """Sends JSON, and returns the JSON of the answer."""
    headers = {"content-type": "application/json"}
    if key:
        headers["authorization"] = f"Bearer {key}"
    data = json.dumps(body).encode() if body is not None else None
    asked = urllib.request.Request(url, data=data, method=method, headers=headers)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return json.loads(answer.read() or b"null")


def make_calls(server, key):
    """Fills the pool, lets one call wait, and ends one, so that every figure of calls has a value."""
    request("PUT", f"{server}/v1/agents/support", key, {"name": "Support"})
    calls = [request("POST", f"{server}/v1/calls", key, {"agent": "support", "type": "inbound"}) for _ in range(21)]
    assert calls[-1]["state"] == "queued", calls[-1]
    request("POST", f"{server}/v1/calls/{calls[0]['id']}/end", key, {})


def ask(address, expression):
    """What Prometheus says of an expression."""
    words = urllib.parse.urlencode({"query": expression})
    return request("GET", f"http://{address}/api/v1/query?{words}")["data"]["result"]


def wait_until_scraped(address):
    """Two readings are needed for a rate."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            counted = ask(address, "count_over_time(callslot_limit[1m])")
        except (urllib.error.URLError, ConnectionError):
            counted = []
        if counted and float(counted[0]["value"][1]) >= 3:
            return
        time.sleep(0.5)
    raise SystemExit("Prometheus has not read the server")


def expressions():
    """Where each stands, and the expression."""
    for group in yaml.safe_load(pathlib.Path(RULES).read_text())["groups"]:
        for rule in group["rules"]:
            # A rule that is quiet gives nothing: its metrics are asked for one by one.
            for metric in METRIC.findall(rule["expr"]):
                if metric in ONLY_WITH_TLS:
                    continue
                yield f"{RULES}: {rule['alert']}", metric
    for panel in json.loads(pathlib.Path(DASHBOARD).read_text())["panels"]:
        for target in panel["targets"]:
            yield f"{DASHBOARD}: {panel['title']}", target["expr"].replace("$org", ".*")


def check_dashboard():
    """Every field of the file is one that Grafana knows: what its own types do not keep is misspelled."""
    register_default_plugins()
    written = json.loads(pathlib.Path(DASHBOARD).read_text())
    kept = json.loads(json.dumps(grafana.Dashboard.from_json(written), cls=JSONEncoder))

    def missing(path, left, right):
        if isinstance(left, dict) and isinstance(right, dict):
            for name, value in left.items():
                if name not in right:
                    yield f"{path}.{name}"
                else:
                    yield from missing(f"{path}.{name}", value, right[name])
        elif isinstance(left, list) and isinstance(right, list):
            for index, (one, other) in enumerate(zip(left, right, strict=True)):
                yield from missing(f"{path}[{index}]", one, other)
        elif left != right:
            yield f"{path}: {left!r} became {right!r}"

    lost = [where for where in missing("dashboard", written, kept)]
    if lost:
        raise SystemExit(f"{DASHBOARD} has what Grafana does not know:\n  " + "\n  ".join(lost))


def main():
    program, server, key, folder = sys.argv[1:]
    check_dashboard()
    make_calls(server, key)
    host = server.removeprefix("http://")
    settings = pathlib.Path(folder, "prometheus.yml")
    settings.write_text(
        yaml.safe_dump({
            "global": {"scrape_interval": "1s"},
            "scrape_configs": [{"job_name": "callslot", "static_configs": [{"targets": [host]}]}],
        })
    )
    address = f"127.0.0.1:{free_port()}"
    words = [
        program,
        f"--config.file={settings}",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address={address}",
        "--log.level=error",
    ]
    prometheus = subprocess.Popen(words)
    try:
        wait_until_scraped(address)
        wrong = [f"{where}: nothing for {text}" for where, text in expressions() if not ask(address, text)]
    finally:
        prometheus.terminate()
        prometheus.wait(30)
    if wrong:
        raise SystemExit("\n".join(wrong))
    print(f"{sum(1 for _ in expressions())} expressions have values in a real Prometheus")


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


main()
