"""Which rows of a dataset a detector was trained on, as its job's folder tells."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

import tui.services.results.near_copies
from store.database.connection import Database
from store.detectors import list_detectors
from store.leaks.overlap import Overlap, count_overlap, with_keys
from store.schema import SAMPLES
from store.sources import TRAINING_ROWS
from tests import rows
from tests.tui.evaluated import ADVICE, GENERAL, add_detectors, add_evaluation
from tests.tui.trained import make_training
from tui.services.results.comparison import compare_counts, compare_detectors
from tui.services.results.trained_on import read_training_rows
from tui.services.results.training_warnings import warn_of_training
from tui.services.workspace import Workspace

SEEDS, BENCH = "seeds", "bench"
SEEN = [(f"s{number}", f"Seed text number {number}.", (GENERAL, ADVICE)[number % 2])
        for number in range(20)]  # fmt: skip
COPIED = [("b0", " seed  TEXT number 0.", GENERAL), ("b1", "Unseen.", ADVICE)]


@pytest.fixture
def opened(empty_workspace: Workspace, tmp_path: Path) -> Iterator[Database]:
    """Seeds, and two detectors with their evaluations; a job has trained the first on the seeds."""
    with empty_workspace.database() as database:
        rows.add_dataset(database, SEEDS, SEEN, "seed")
    job = make_training(empty_workspace)
    (stage,) = job.spec().stages
    trained = stage.params["detector_id"]
    with empty_workspace.database() as database:
        rows.add_dataset(database, BENCH, COPIED, "benchmark")
        add_detectors(database, tmp_path, trained, job_id=job.job_id, name="trained")
        add_detectors(database, tmp_path, "other")
        for name, sure in ((trained, 0.9), ("other", 0.8)):
            for dataset, samples in ((SEEDS, SEEN), (BENCH, COPIED)):
                evaluated = [
                    (item, label, sure if label == ADVICE else 1 - sure)
                    for item, _, label in samples
                ]
                evaluated[-1] = (*evaluated[-1][:2], 0.9 if name == trained else 0.1)
                add_evaluation(database, tmp_path, name, dataset, evaluated)
        yield database


def test_a_detector_trained_on_the_rows_is_told_and_cannot_be_best(
    empty_workspace: Workspace, opened: Database
) -> None:
    found = compare_detectors(empty_workspace, opened, SEEDS)
    trained, other = found.rows
    assert (trained.trained_on, trained.trained_on_answers) == (20, 0)
    assert (other.trained_on, other.trained_on_answers) == (None, None)
    assert trained.accuracy is not None
    assert other.accuracy is not None
    assert trained.accuracy.value > other.accuracy.value
    assert set(found.best.values()) == {"other"}
    assert warn_of_training(trained).startswith("⚠ trained was trained on 20 of these 20 rows:")
    assert warn_of_training(other) == ""
    counts = compare_counts(empty_workspace, opened, SEEDS)
    assert [row.trained_on for row in counts.rows] == [20, None]


def test_a_text_is_the_same_in_other_capitals_and_spaces(
    empty_workspace: Workspace, opened: Database
) -> None:
    trained, _ = compare_detectors(empty_workspace, opened, BENCH).rows
    assert (trained.trained_on, trained.n) == (1, 2)
    assert not trained.is_fair


def test_near_copies_make_a_detector_unfit_to_be_best_and_are_searched_for_once(
    empty_workspace: Workspace,
    opened: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trained = next(item for item in list_detectors(opened) if item.name == "trained")
    learned = read_training_rows(empty_workspace, trained)
    assert learned is not None
    folder = empty_workspace.supervisor.job(trained.job_id).path
    (path,) = folder.glob("inputs/*/training_rows.parquet")
    advice = "Take one of these white tablets every morning with a large glass of water, {}."
    text = pl.when(pl.col("item_id") == "s3").then(pl.lit(advice.format("please")))
    learned.with_columns(text=text.otherwise("text")).write_parquet(path)
    samples = [("n0", advice.format("always"), ADVICE), ("n1", "Nothing like any other.", GENERAL)]
    rows.add_dataset(opened, "near", samples, "benchmark")
    for name, sure in ((trained.detector_id, 0.9), ("other", 0.4)):
        evaluated = [(item, label, sure if label == ADVICE else 0.1) for item, _, label in samples]
        add_evaluation(opened, tmp_path, name, "near", evaluated)
    counts = compare_counts(empty_workspace, opened, "near")
    assert [row.trained_on_near_copies for row in counts.rows] == [None, None]
    found = compare_detectors(empty_workspace, opened, "near")
    assert [row.trained_on_near_copies for row in found.rows] == [1, None]
    assert [row.is_fair for row in found.rows] == [False, True]
    assert set(found.best.values()) == {"other"}
    assert warn_of_training(found.rows[0]).startswith(
        "⚠ trained was trained on near copies of 1 of these 2 rows:"
    )

    def refuse(*_: object) -> dict[str, int]:
        raise AssertionError("searched again")

    monkeypatch.setattr(tui.services.results.near_copies, "count_near_copies", refuse)
    again = compare_counts(empty_workspace, opened, "near")
    assert [row.trained_on_near_copies for row in again.rows] == [1, None]
    assert compare_detectors(empty_workspace, opened, "near").rows[0].is_fair is False


def test_once_the_job_is_gone_nothing_is_known(
    empty_workspace: Workspace, opened: Database
) -> None:
    shutil.rmtree(empty_workspace.path / "jobs")
    found = compare_detectors(empty_workspace, opened, SEEDS)
    assert found.rows[0].trained_on is None
    assert found.best["accuracy"] == found.rows[0].detector_id


def test_rows_whose_answers_were_trained_on_are_counted_apart() -> None:
    training = rows.frame(
        TRAINING_ROWS,
        [
            {"source": "real", "item_id": "a", "sample_id": "a", "text": "A"},
            {"source": "synthetic", "item_id": "x", "sample_id": "a", "text": "Of A"},
            {"source": "synthetic", "item_id": "y", "sample_id": "b", "text": "Of B"},
            {"source": "synthetic", "item_id": "z", "sample_id": "c", "text": "C"},
        ],
        stage=0, dataset="seeds", label=ADVICE,
    )  # fmt: skip
    samples = rows.frame(
        SAMPLES, [{"sample_id": name, "text": name} for name in "ABcD"]
    ).with_columns(pl.col("sample_id").str.to_lowercase())
    found = count_overlap(with_keys(samples), with_keys(training))
    assert found == Overlap(rows=2, answered=1)  # a itself, c by its text; of b an answer
