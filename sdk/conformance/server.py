"""The real server, which is started, killed and started again on the same data and the same port."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import signal
import socket
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).resolve().parent.parent.parent
OPERATOR = "cs_operator_" + secrets.token_hex(32)
STARTS_WITHIN_S = 20.0


class Server:
    """A server of its own with one agent, `support`, and a limit."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.binary = os.environ.get("CALLSLOT_BIN", str(ROOT / "target/release/callslot"))
        self.folder = folder
        self.limit = limit
        self.port = free_port()
        self.key = ""
        self.restarts = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Server:
        self.folder.mkdir(parents=True, exist_ok=True)
        await self._run()
        shown = re.search(r"cs_admin_\w+", (self.folder / "log.txt").read_text())
        assert shown, "an empty data folder has the server print an admin key"
        self.key = shown.group(0)
        await self.ask("PUT", "/v1/agents/support", {"name": "Support"})
        await self.ask("PATCH", "/v1/orgs/default", {"limit_override": self.limit}, key=OPERATOR)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process and self._process.returncode is None:
            self._process.terminate()
            await asyncio.wait_for(self._process.wait(), 120)

    async def restart(self, with_signal: signal.Signals, down_s: float = 0.0) -> None:
        """Stops it with a signal, `SIGKILL` or `SIGTERM`, and starts it again."""
        assert self._process
        self._process.send_signal(with_signal)
        await self._process.wait()
        await asyncio.sleep(down_s)
        await self._run()
        self.restarts += 1

    async def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """One request, straight to the server."""
        headers = {"authorization": f"Bearer {key or self.key}"}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.url + path, json=body, headers=headers) as answer,
        ):
            text = await answer.text()
            assert answer.status < 400, f"{method} {path}: {text}"
            return await answer.json() if text else None

    async def _run(self) -> None:
        log = (self.folder / "log.txt").open("a")
        self._process = await asyncio.create_subprocess_exec(
            self.binary,
            *("serve", "--data", str(self.folder / "data"), "--listen", f"127.0.0.1:{self.port}"),
            env={**os.environ, "CALLSLOT_OPERATOR_KEY": OPERATOR},
            stdout=log,
            stderr=log,
        )
        log.close()
        deadline = asyncio.get_running_loop().time() + STARTS_WITHIN_S
        while True:
            try:
                async with aiohttp.ClientSession() as session, session.get(f"{self.url}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            assert self._process.returncode is None, (self.folder / "log.txt").read_text()[-2000:]
            assert asyncio.get_running_loop().time() < deadline, "the server does not start"
            await asyncio.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
