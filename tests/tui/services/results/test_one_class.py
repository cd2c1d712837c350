"""Benchmarks of one class: recall alone, or false positives alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.statistics.measures import BinaryCounts
from store.database.connection import Database
from tests import rows
from tests.commands import Commands
from tests.tui.evaluated import ADVICE, GENERAL, add_detectors, add_evaluation
from tui.services.numbers import MEASURES, RATES
from tui.services.results.comparison import compare_detectors
from tui.services.results.one_class import explain_one_class, only_measure
from tui.services.workspace import Workspace

DATASETS = {"attacks": ADVICE, "harmless": GENERAL}


@pytest.fixture
def opened(empty_workspace: Workspace, tmp_path: Path) -> Iterator[Database]:
    """Two detectors on attacks alone, of which they flag 30 and 20 of 40, and on harmless rows."""
    with empty_workspace.database() as database:
        for name in ("d1", "d2"):
            add_detectors(database, tmp_path, name)
        for dataset, label in DATASETS.items():
            ids = [f"{dataset}-{n}" for n in range(40)]
            samples = [(name, f"Text {name}.", label) for name in ids]
            rows.add_dataset(database, dataset, samples, "benchmark")
            for detector, flagged in (("d1", 30), ("d2", 20)):
                evaluated = [(name, label, float(n < flagged)) for n, name in enumerate(ids)]
                add_evaluation(database, tmp_path, detector, dataset, evaluated)
        yield database


@pytest.mark.parametrize(("dataset", "only"), [("attacks", "recall"), ("harmless", "fpr")])
def test_there_is_one_measure_alone(
    empty_workspace: Workspace, opened: Database, dataset: str, only: str
) -> None:
    found = compare_detectors(empty_workspace, opened, dataset)
    first, second = found.rows
    assert first.only_measure == only
    names = (*MEASURES, "brier", "calibration_error", *RATES)
    assert [name for name in names if first.measure(name) is not None] == [only]
    values = [row.measure(only) for row in (first, second)]
    assert [value.value for value in values if value] == [0.75, 0.5]
    assert first.calibration == ()
    best = "d1" if only == "recall" else "d2"
    assert found.best == {only: best}


def test_the_command_says_why(
    empty_workspace: Workspace, opened: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    opened.close()
    run = Commands(empty_workspace.path, capsys)
    shown = run("compare", "--on", "attacks")
    assert "Of 40 rows, none is negative: there is recall alone." in shown
    assert "Best by recall d1." in shown
    assert "a difference in accuracy is one in recall" in shown
    figures = run.json("compare", "--on", "harmless")
    assert [row["accuracy"] for row in figures["rows"]] == [None, None]
    assert [row["fpr"] for row in figures["rows"]] == [0.75, 0.5]
    slices = run.json("evaluate", "d1", "--on", "attacks")["slices"]
    assert slices
    assert {item["accuracy"] for item in slices} == {None}
    assert {item["fpr"] for item in slices} == {None}


def test_rows_of_both_classes_need_no_words() -> None:
    both = BinaryCounts(1, 0, 1, 0)
    assert (only_measure(both), explain_one_class(both)) == (None, "")
    nothing = BinaryCounts(0, 0, 0, 0)
    assert (only_measure(nothing), explain_one_class(nothing)) == (None, "")
    assert only_measure(BinaryCounts(0, 0, 0, 0, failed_positives=2)) == "recall"
