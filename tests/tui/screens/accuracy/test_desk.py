"""What the accuracy screen reads."""

from pathlib import Path

import pytest

from engine.models.baseline_name import TFIDF
from store.database.connection import Database
from store.evaluation_rows import EvaluatedRow
from tests.tui.evaluated import ADVICE, add_detectors, add_evaluation, make_evaluated
from tests.tui.screens.accuracy.conftest import BENCH, N
from tui.screens.accuracy.desk import AccuracyDesk
from tui.screens.accuracy.groups import Listing
from tui.screens.accuracy.views import EvaluatedDataset
from tui.services.workspace import Workspace


@pytest.fixture
def desk(empty_workspace: Workspace, opened: Database) -> AccuracyDesk:
    return AccuracyDesk(empty_workspace, opened)


def benchmark_of(desk: AccuracyDesk) -> EvaluatedDataset:
    (found,) = [item for item in desk.datasets() if item.dataset == BENCH]
    return found


def test_sides_count_rows_by_who_puts_them_on_the_right_side(desk: AccuracyDesk) -> None:
    good, bad, _ = benchmark_of(desk).detectors
    sides = desk.sides((good, bad))
    assert sum(side.count for side in sides) == N
    for side in sides:
        rows = desk.rows(Listing((good, bad), side), 0, N)
        assert len(rows) == side.count
        for row in rows:
            assert right_of(row) == (side.first_right, side.second_right)


def right_of(row: EvaluatedRow) -> tuple[bool, ...]:
    return tuple(
        item.label is not None and (item.label == ADVICE) == (row.label == ADVICE)
        for item in row.predictions
    )


def test_rows_are_read_from_a_place_on(desk: AccuracyDesk) -> None:
    good, bad, _ = benchmark_of(desk).detectors
    side = desk.sides((good, bad))[0]
    listing = Listing((good, bad), side)
    ids = [row.sample_id for row in desk.rows(listing, 0, N)]
    assert desk.row_ids(listing) == ids
    assert [row.sample_id for row in desk.rows(listing, 2, 3)] == ids[2:5]


def test_a_baseline_has_curves_and_slices_too(
    desk: AccuracyDesk, opened: Database, tmp_path: Path
) -> None:
    add_detectors(opened, tmp_path, "words", base=TFIDF)
    add_evaluation(opened, tmp_path, "words", BENCH, make_evaluated(N, 1.0, drawn=9))
    dataset = benchmark_of(desk)
    words = dataset.find("words")
    assert words is not None
    assert desk.curves(dataset, [words])["words"].n == N
    assert desk.slices(dataset, words)
    assert "words" in [row.detector for row in desk.counted(dataset).comparison.rows]


def test_counts_lack_only_what_takes_longer(desk: AccuracyDesk) -> None:
    counted = desk.counted(benchmark_of(desk))
    complete = desk.complete(counted)
    assert (counted.is_complete, complete.is_complete) == (False, True)
    for before, after in zip(counted.comparison.rows, complete.comparison.rows, strict=True):
        assert (before.accuracy, before.confusion) == (after.accuracy, after.confusion)
        assert before.roc_auc is None
        assert after.roc_auc is not None
    assert counted.comparison.recipes == ()
    assert len(complete.comparison.recipes) == 3
