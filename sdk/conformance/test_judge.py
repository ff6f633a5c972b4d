"""The judge sees what it is there to see: each way to be wrong, beside what is allowed."""

from __future__ import annotations

import pytest

from judge import Believed, Lived, verdict

GRACE_S = 30.0
ORDERLY = Lived([1_000], 2_000, "completed")
HELD = Believed(begun=900, held=1_010, released=1_990)


@pytest.mark.parametrize(
    ("record", "believed", "live", "kinds"),
    [
        ({"c": ORDERLY}, {"c": HELD}, [], set()),
        # It ended at the server first, and the program found out within the grace.
        ({"c": Lived([1_000], 2_000, "lease_expired")}, {"c": Believed(900, 1_010, None, 31_000)}, [], set()),
        # It waited when its lease ran out, and went on under another id.
        ({"c": Lived([], 900, "lease_expired"), "c~1": ORDERLY}, {"c": HELD}, [], set()),
        ({"c": ORDERLY}, {"c": HELD}, ["c"], {"leaked"}),
        ({"c": Lived([1_000], 32_000, "lease_expired")}, {"c": HELD}, [], {"leaked"}),
        ({"c": Lived([1_000, 1_500], 2_000, "completed")}, {"c": HELD}, [], {"double"}),
        (
            {"c": Lived([1_000], 2_000, "completed"), "c~1": Lived([1_500], 2_500, "completed")},
            {"c": HELD},
            [],
            {"double"},
        ),
        ({"c": Lived([1_000], 2_000, "lease_expired")}, {"c": Believed(900, 1_010, 40_000)}, [], {"misbelief"}),
        ({"c": Lived([5_000], 6_000, "completed")}, {"c": HELD}, [], {"misbelief"}),
        ({"c": Lived([], 2_000, "canceled")}, {"c": HELD}, [], {"misbelief"}),
        ({}, {"c": HELD}, [], {"misbelief"}),
        ({"c": ORDERLY}, {}, [], {"unknown"}),
        ({"c": ORDERLY}, {"c": Believed(900, 1_010)}, [], {"unfinished", "misbelief"}),
    ],
)
def test_a_run_is_judged(
    record: dict[str, Lived], believed: dict[str, Believed], live: list[str], kinds: set[str]
) -> None:
    assert {line.partition(":")[0] for line in verdict(record, believed, live, GRACE_S)} == kinds


def test_a_lease_that_the_suite_has_ended_is_no_leak() -> None:
    record, believed = {"c": Lived([1_000], 32_000, "lease_expired", "lease_1")}, {"c": HELD}
    assert verdict(record, believed, [], GRACE_S, {"lease_1"}) == []
    assert verdict(record, believed, [], GRACE_S, {"lease_2"}) != []
