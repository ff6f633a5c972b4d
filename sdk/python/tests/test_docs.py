"""Every block of the pages about Python runs as printed. A line `# -> text` says what must be in the output."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from conftest import World, until

ROOT = Path(__file__).resolve().parent.parent.parent.parent
PAGES = {"python": None, "livekit": "livekit.agents", "pipecat": "pipecat"}
WITHIN_S = 60.0


def blocks(page: str) -> list[tuple[str, str]]:
    text = (ROOT / f"docs/sdk/{page}.md").read_text()
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert {language for language, _ in found} <= {"sh", "python"}, "every block says what it is, and runs"
    return found


@pytest.mark.parametrize("page", PAGES)
async def test_every_block_of_a_page_runs(world: World, page: str, tmp_path: Path) -> None:
    if needed := PAGES[page]:
        pytest.importorskip(needed)
    await world.server.ask("DELETE", "/v1/agents/support")
    programs = [Path(world.server.binary).parent, Path(sys.executable).parent]
    environment = {
        **os.environ,
        "CALLSLOT_URL": world.server.url,
        "CALLSLOT_KEY": world.server.key,
        "PATH": ":".join([*map(str, programs), os.environ["PATH"]]),
        # `pip install` takes the package that was built from these sources, and changes nothing.
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_FIND_LINKS": os.environ.get("CALLSLOT_DIST", str(ROOT / "target/sdk-python-dist")),
        "PIP_TARGET": str(tmp_path / "installed"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    await world.set_limit(20)
    for number, (language, block) in enumerate(blocks(page)):
        if "@server.rtc_session" in block:
            continue  # An agent, which the next test gives jobs to.
        file = tmp_path / f"block_{number}.{language}"
        file.write_text(block)
        shell = ["sh", "-e"] if language == "sh" else [sys.executable, "-W", "error::RuntimeWarning"]
        running = await asyncio.create_subprocess_exec(
            *shell, str(file), env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said = (await asyncio.wait_for(running.communicate(), WITHIN_S))[0].decode()
        assert running.returncode == 0, f"block {number} of {page}.md:\n{block}\n{said}"
        for wanted in re.findall(r"^# -> (.*)$", block, re.MULTILINE):
            assert wanted in said, f"block {number} of {page}.md does not say {wanted!r}:\n{said}"
    assert (await world.server.ask("GET", "/v1/agents/support"))["id"] == "support"
    assert await world.live() == []


async def test_the_agents_of_the_livekit_page_work(world: World, tmp_path: Path) -> None:
    pytest.importorskip("livekit.agents")
    from livekit_peer import LiveKitPeer

    agents = [block for _, block in blocks("livekit") if "@server.rtc_session" in block]
    said = tmp_path / "said.txt"
    async with LiveKitPeer() as peer, world.client() as others:
        for number, block in enumerate(agents):
            (tmp_path / f"agent_{number}.py").write_text(block)
            environment = {
                **os.environ,
                "CALLSLOT_URL": world.server.url,
                "CALLSLOT_KEY": world.server.key,
                "LIVEKIT_URL": peer.url,
                "LIVEKIT_API_KEY": "devkey",
                "LIVEKIT_API_SECRET": "s" * 32,
                "PYTHONPATH": str(tmp_path),
                "PYTHONUNBUFFERED": "1",
            }
            run = f"import asyncio, agent_{number} as it; asyncio.run(it.server.run(devmode=True))"
            with said.open("w") as output:
                worker = await asyncio.create_subprocess_exec(
                    sys.executable, "-c", run, env=environment, stdout=output, stderr=asyncio.subprocess.STDOUT
                )
            try:
                await peer.registered()
                held = [await others.start("support", "chat") for _ in range(number and 2)]
                assert await peer.give(f"doc-{number}")
                for call, words in zip(held, ["You are number 1."], strict=False):
                    await until(lambda words=words: words in said.read_text(), WITHIN_S)
                    await call.end()
                words = f"doc-{number} has its slot" if number == 0 else "Hello!"
                await until(lambda words=words: words in said.read_text(), WITHIN_S)
                await peer.terminate(f"doc-{number}")
                await until(lambda number=number: world.is_over(f"doc-{number}"), WITHIN_S)
            finally:
                worker.terminate()
                await worker.wait()
            peer.forget()
