"""Values of logs: moments in whatever unit, and what is none."""

import math
from datetime import datetime

import pytest

from store.reading.cells import RowRefused
from store.reading.logs.values import as_time

MOMENT = datetime(2026, 1, 5, 8)


@pytest.mark.parametrize(
    "value",
    [
        1767600000,
        1767600000.0,
        "1767600000",
        1767600000_000,
        1767600000_000_000,
        "1767600000000000000",
        "2026-01-05T08:00:00Z",
        "2026-01-05T09:00:00+01:00",
        " 2026-01-05 08:00:00 ",
    ],
)
def test_a_moment_is_read_in_any_unit(value: object) -> None:
    assert as_time(value) == MOMENT


@pytest.mark.parametrize("value", [None, "", 0, "0"])
def test_no_moment_is_none(value: object) -> None:
    assert as_time(value) is None


@pytest.mark.parametrize(
    "value", [math.inf, -math.inf, math.nan, 1e300, "1" * 400, "soon", True, [1767600000]]
)
def test_what_is_no_moment_is_refused(value: object) -> None:
    with pytest.raises(RowRefused, match="its time cannot be read"):
        as_time(value)
