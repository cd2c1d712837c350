"""Axes: round ticks that hold the data, few enough, never beyond what a figure can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.plot.axis import ROUND, round_axis
from tui.widgets.plot.ticks import fit_ticks

numbers = st.floats(-1e6, 1e6).filter(lambda value: value == 0 or abs(value) > 1e-6)


@given(st.lists(numbers, min_size=1, max_size=9), st.integers(2, 12))
def test_an_axis_holds_its_values_between_few_round_ticks(values: list[float], most: int) -> None:
    axis = round_axis(values, most)
    margin = 1e-6 * axis.step
    assert axis.low - margin <= min(values) <= max(values) <= axis.high + margin
    assert 2 <= len(axis.ticks) <= max(most, 3)
    leading = float(f"{axis.step:e}".split("e")[0])
    assert any(leading == pytest.approx(number) for number in ROUND)
    for tick in axis.ticks:
        assert tick / axis.step == pytest.approx(round(tick / axis.step), abs=1e-6)
    assert len({axis.label(tick) for tick in axis.ticks}) == len(axis.ticks)


def test_ticks_are_written_with_the_digits_they_need() -> None:
    shares = round_axis([85.7, 94.9], 6, least=0, limit=100)
    assert [shares.label(tick) for tick in shares.ticks] == ["85.0", "87.5", "90.0", "92.5", "95.0"]
    assert [round_axis([0, 1], 6).label(tick) for tick in round_axis([0, 1], 6).ticks] == [
        "0.0", "0.2", "0.4", "0.6", "0.8", "1.0",
    ]  # fmt: skip
    rates = round_axis([0, 2e-5], 3)
    assert [rates.label(tick) for tick in rates.ticks] == ["0", "1.0e-05", "2.0e-05"]
    rows = round_axis([0, 1920], 5)
    assert [rows.label(tick) for tick in rows.ticks] == ["0", "500", "1,000", "1,500", "2,000"]


def test_an_axis_ends_where_figures_do() -> None:
    axis = round_axis([93.0, 100.0], 4, least=0, limit=100)
    assert axis.high == 100
    assert round_axis([0.0, 0.0], 4, least=0, limit=100).low == 0


def test_one_value_or_none_has_an_axis() -> None:
    assert round_axis([], 5).ticks[0] == 0
    single = round_axis([0.5], 5)
    assert single.low < 0.5 < single.high


@pytest.mark.parametrize("columns", [12, 40, 150])
def test_what_is_counted_has_ticks_at_whole_numbers(columns: int) -> None:
    axis = fit_ticks([0, 4], (None, None), columns, 1)
    assert all(tick == round(tick) for tick in axis.ticks)
    assert axis.ticks[0] == 0
