"""What is generated, and what must agree with the rest of the repository."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import callslot
from callslot.errors import Refused
from callslot.generated.problems import BY_CODE
from callslot.problems import passes, refusal

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent


def test_what_is_committed_is_what_the_documents_say() -> None:
    check = subprocess.run(
        [sys.executable, str(HERE / "scripts/generate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert check.returncode == 0, check.stdout


def test_the_version_is_the_server_s() -> None:
    def version(path: Path) -> str:
        found = re.search(r'^version = "(.+)"', path.read_text(), re.MULTILINE)
        assert found
        return found.group(1)

    assert version(ROOT / "Cargo.toml") == version(HERE / "pyproject.toml") == callslot.__version__


def test_every_problem_has_its_exception() -> None:
    codes = re.findall(r"^## (\w+) · (\d+)", (ROOT / "docs/errors.md").read_text(), re.MULTILINE)
    assert len(codes) > 50
    for code, status in codes:
        raised = refusal({"code": code, "status": int(status), "detail": "why"})
        assert type(raised) is BY_CODE[code] is not Refused
        assert (raised.code, raised.status, type(raised).status, str(raised)) == (code, int(status), int(status), "why")


def test_a_code_that_is_not_known_is_refused_all_the_same() -> None:
    raised = refusal({"code": "too_late", "status": 503, "detail": "no", "retry_in_ms": 1500})
    assert (type(raised), raised.code, raised.retry_in_s, passes(raised)) == (Refused, "too_late", 1.5, True)
    assert not passes(refusal({"code": "queue_full", "status": 429}))
