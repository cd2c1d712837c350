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
    rows += [row("x", label="content", predicted=None, group="tiny")]
    found = [item for item in measure_slices(rows, POSITIVE) if item.by == "group"]
    assert [(item.slice, item.n, item.few) for item in found] == [
        ("bad", 10, False), ("good", 12, False), ("tiny", 1, True)
    ]  # fmt: skip
    bad, good, tiny = found
    assert bad.accuracy is not None
    assert (bad.accuracy.value, bad.accuracy.high < 0.5) == (0, True)
    assert good.f1 is not None
    assert good.f1.value == 1
    assert tiny.accuracy is not None
    assert tiny.accuracy.value == 0


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


def test_rows_bring_dimensions_some_of_them_with_several_values() -> None:
    rows = [
        SliceRow("a", "advice", "content", None, None, dimensions=(("tone", "curt"), ("w", "sea"))),
        SliceRow("a", "content", "content", None, None, dimensions=(("w", "sea"), ("w", "ice"))),
        SliceRow("a", "content", "advice", None, None, dimensions=(("tone", "curt"),)),
        SliceRow("a", "advice", "advice", None, None),
    ]
    found = {(item.by, item.slice): item for item in measure_slices(rows, POSITIVE)}
    assert {key: item.n for key, item in found.items()} == {
        ("tone", "curt"): 2, ("tone", "none"): 2, ("w", "sea"): 2, ("w", "ice"): 1, ("w", "none"): 2
    }  # fmt: skip
    curt = found["tone", "curt"]
    assert curt.recall is not None
    assert (curt.recall.value, curt.recall.n) == (0, 1)
    assert curt.fpr is not None
    assert (curt.fpr.value, curt.fpr.n) == (1, 1)
    assert found["w", "ice"].recall is None


def test_where_all_rows_are_positive_there_is_recall_alone_and_it_orders() -> None:
    rows = [row("x" * n, predicted="content" if n < 4 else "advice") for n in range(1, 9)]
    found = measure_slices(rows, POSITIVE)
    assert [item.recall.value for item in found if item.recall] == [0, 0.5, 1, 1]
    assert all(item.accuracy is item.f1 is item.fpr is None for item in found)


def test_contexts_have_lengths_of_their_own() -> None:
    rows = [SliceRow("a", "advice", "advice", None, None, context="c" * n) for n in (3, 9)]
    assert {(item.by, item.slice) for item in measure_slices(rows, POSITIVE)} == {
        ("context characters", "3–3"), ("context characters", "9–9")
    }  # fmt: skip


def test_no_rows_have_no_slices() -> None:
    assert measure_slices([], POSITIVE) == []
