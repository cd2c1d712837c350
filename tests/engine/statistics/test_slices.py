"""Slices of judged rows: scripts, lengths, groups, and the order they come in."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.statistics.slices import SliceRow, find_script, measure_slices

POSITIVE = {"advice"}


def row(text: str = "a", label: str = "advice", predicted: str | None = "advice",
        group: str | None = None, origin: str | None = None) -> SliceRow:  # fmt: skip
    return SliceRow(text, label, predicted, group, origin)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Take two tablets.", "Latin"),
        ("Принимайте две таблетки (ibuprofen).", "Cyrillic"),
        ("每天服用两片。", "Han"),
        ("خذ حبتين يوميا", "Arabic"),
        ("रोज दो गोली लें", "Devanagari"),
        ("Ｔａｋｅ ｔｗｏ", "Latin"),
        ("12:30 🙂", "no letters"),
        ("", "no letters"),
    ],
)
def test_the_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert find_script(text) == script


def test_the_worst_slice_is_first_and_few_rows_come_last() -> None:
    rows = [row("x" * n, group="good") for n in range(1, 13)]
    rows += [row("x" * n, predicted="content", group="bad") for n in range(1, 11)]
    rows += [row("x", predicted=None, group="tiny")]
    found = [item for item in measure_slices(rows, POSITIVE) if item.by == "group"]
    assert [(item.slice, item.n, item.accuracy.value, item.few) for item in found] == [
        ("bad", 10, 0, False), ("good", 12, 1, False), ("tiny", 1, 0, True)
    ]  # fmt: skip
    assert found[0].accuracy.high < 0.5
    assert found[1].f1 is not None
    assert found[1].f1.value == 1


@given(st.lists(st.integers(1, 60), min_size=1, max_size=80))
def test_every_row_is_in_one_quarter_of_lengths_and_quarters_do_not_overlap(
    lengths: list[int],
) -> None:
    found = [
        item for item in measure_slices([row("x" * n) for n in lengths], POSITIVE)
        if item.by == "characters"
    ]  # fmt: skip
    if len(found) < 2:
        return
    assert sum(item.n for item in found) == len(lengths)
    ends = sorted(tuple(int(end) for end in item.slice.split("–")) for item in found)
    assert all(one[1] < other[0] for one, other in pairwise(ends))
    assert len(ends) <= 4


def test_a_dimension_of_one_value_says_nothing_and_of_many_only_what_is_not_few() -> None:
    assert measure_slices([row(), row()], POSITIVE) == []
    rows = [row(group=f"g{n}") for n in range(40)] + [row(group="large")] * 10
    assert [item.slice for item in measure_slices(rows, POSITIVE)] == ["large"]


def test_no_rows_have_no_slices() -> None:
    assert measure_slices([], POSITIVE) == []
