"""Alarms on production, what was flagged there, and the slices of an evaluation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from scipy.stats import binomtest

from store.database.connection import Database
from store.datasets import evaluation_samples
from store.errors import UnknownName
from store.evaluations import flagged_rows
from store.thresholds import add_threshold
from tests import rows
from tests.tui.evaluated import ADVICE, GENERAL, add_detectors, add_evaluation
from tui.services.results.alarms import count_alarms
from tui.services.results.comparison import compare_detectors
from tui.services.results.slices import slice_evaluation
from tui.services.workspace import Workspace

SHARES = [number / 40 for number in range(40)]


@pytest.fixture
def opened(empty_workspace: Workspace, tmp_path: Path) -> Iterator[Database]:
    """Forty texts of production, of which the five most certain have a label, four negative."""
    with empty_workspace.database() as database:
        labels = {number: ADVICE if number == 39 else GENERAL for number in range(35, 40)}
        samples = [(f"p{n}", f"Text {n}.", labels.get(n)) for n in range(40)]
        rows.add_dataset(database, "real", samples, "production")
        add_detectors(database, tmp_path, "d1")
        evaluated = [(f"p{n}", labels.get(n), share) for n, share in enumerate(SHARES)]
        add_evaluation(database, tmp_path, "d1", "real", evaluated)
        yield database


def test_alarms_are_counted_without_labels_and_false_ones_where_there_are(
    empty_workspace: Workspace, opened: Database
) -> None:
    (found,) = count_alarms(empty_workspace, opened, "real")
    assert (found.n, found.flagged) == (40, 20)
    assert found.share is not None
    assert found.per_1000 is not None
    assert (found.share.value, found.per_1000.value) == (0.5, 500)
    interval = binomtest(20, 40).proportion_ci(method="wilson")
    assert found.per_1000.interval == pytest.approx((1000 * interval.low, 1000 * interval.high))
    assert found.fpr is not None
    assert (found.labelled_negatives, found.fpr.value) == (4, 1)
    (row,) = compare_detectors(empty_workspace, opened, "real").rows
    assert row.accuracy is not None
    assert (row.n, row.accuracy.value) == (5, 1 / 5)


def test_a_chosen_threshold_decides_what_is_an_alarm(
    empty_workspace: Workspace, opened: Database
) -> None:
    add_threshold(opened, "d1", 0.89, "by hand", None)
    (found,) = count_alarms(empty_workspace, opened, "real")
    assert found.fpr is not None
    assert (found.flagged, found.threshold, found.fpr.value) == (4, 0.89, 3 / 4)


def test_what_was_flagged_can_be_read_page_by_page_the_most_certain_first(
    opened: Database,
) -> None:
    pages = [
        flagged_rows(opened, "e-d1-real", {ADVICE}, limit=15, offset=offset)
        for offset in (0, 15, 30)
    ]
    assert [len(page) for page in pages] == [15, 5, 0]
    assert [row.sample_id for row in (*pages[0], *pages[1])] == [f"p{n}" for n in range(39, 19, -1)]
    first = pages[0][0]
    assert (first.text, first.label) == ("Text 39.", ADVICE)
    assert first.probability == pytest.approx(39 / 40)
    certain = flagged_rows(opened, "e-d1-real", {ADVICE}, threshold=0.89)
    assert [row.sample_id for row in certain] == ["p39", "p38", "p37", "p36"]


def test_failed_rows_are_texts_without_an_alarm(
    empty_workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    rows.add_dataset(opened, "other", [("o0", "A.", None), ("o1", "B.", None)], "production")
    add_evaluation(opened, tmp_path, "d1", "other", [("o0", None, 0.9), ("o1", None, None)])
    (found,) = count_alarms(empty_workspace, opened, "other")
    assert (found.n, found.flagged, found.failed, found.fpr) == (2, 1, 1, None)
    assert compare_detectors(empty_workspace, opened, "other").rows == ()
    assert [row.sample_id for row in flagged_rows(opened, "e-d1-other", {ADVICE})] == ["o0"]


def test_all_rows_of_production_are_evaluated_and_of_others_those_with_a_label(
    opened: Database,
) -> None:
    rows.add_dataset(opened, "bench", [("b0", "A.", ADVICE), ("b1", "B.", None)], "benchmark")
    rows.add_dataset(opened, "seeds", [("s0", "A.", None)], "seed")
    assert evaluation_samples(opened, "real").height == 40
    assert evaluation_samples(opened, "bench")["sample_id"].to_list() == ["b0"]
    with pytest.raises(UnknownName, match="--role production"):
        evaluation_samples(opened, "seeds")


def test_only_production_has_alarms_and_labelled_rows_have_slices(
    empty_workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    samples = [(f"b{n}", "Rest. " * (n + 1), GENERAL if n % 2 else ADVICE) for n in range(24)]
    groups = {f"b{n}": "even" if n % 2 == 0 else "odd" for n in range(24)}
    rows.add_dataset(opened, "bench", samples, "benchmark", groups=groups)
    evaluated = [(sample_id, label, 0.2) for sample_id, _, label in samples]
    add_evaluation(opened, tmp_path, "d1", "bench", evaluated)
    assert count_alarms(empty_workspace, opened, "bench") == ()
    found = slice_evaluation(empty_workspace, opened, "bench", "d1")
    groups_found = [item for item in found if item.by == "group"]
    shares = [item.accuracy.value for item in groups_found if item.accuracy]
    assert [(item.slice, item.n) for item in groups_found] == [("even", 12), ("odd", 12)]
    assert shares == [0, 1]
    assert sum(item.n for item in found if item.by == "characters") == 24
    assert all(item.few for item in found if item.by == "characters")
