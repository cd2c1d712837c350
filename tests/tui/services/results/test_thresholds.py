"""Thresholds: chosen by rules on a dataset, kept with the detector, and taken back."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.statistics.thresholds import Rule, label_at
from store.database.connection import Database
from store.detectors import DetectorRow, find_detector
from store.errors import UnknownName
from store.thresholds import ChosenThreshold, find_threshold
from tests import rows
from tests.tui.evaluated import (
    ADVICE,
    CONTENT,
    GENERAL,
    add_detectors,
    add_evaluation,
    make_evaluated,
)
from tui.services.errors import NothingToDo
from tui.services.results.thresholds import (
    choose_by_rule,
    keep_threshold,
    parse_rule,
    read_threshold,
    warn_of,
)
from tui.services.workspace import Workspace

EVALUATED = make_evaluated(300, 1)


@pytest.fixture
def opened(empty_workspace: Workspace, tmp_path: Path) -> Iterator[Database]:
    with empty_workspace.database() as database:
        samples = [(sample_id, f"Text {sample_id}.", label) for sample_id, label, _ in EVALUATED]
        rows.add_dataset(database, "held-out", samples, "benchmark")
        add_detectors(database, tmp_path, "d1")
        add_evaluation(database, tmp_path, "d1", "held-out", EVALUATED)
        yield database


@pytest.fixture
def detector(opened: Database) -> DetectorRow:
    return find_detector(opened, "d1")


def test_a_threshold_chosen_by_a_rule_keeps_it_and_is_kept_in_store_and_folder(
    empty_workspace: Workspace, opened: Database, detector: DetectorRow
) -> None:
    folder = empty_workspace.path / "detectors" / "d1"
    (folder / "backquery.json").write_text('{"task": "mine"}')
    rule = Rule("fpr-at-most", 0.05)
    threshold = choose_by_rule(empty_workspace, opened, detector, "held-out", rule)
    alarms = sum(share >= threshold for _, label, share in EVALUATED if label != ADVICE and share)
    negatives = sum(label != ADVICE for _, label, _ in EVALUATED)
    assert 0 < alarms / negatives <= 0.05
    found = read_threshold(empty_workspace, opened, detector, "held-out")
    assert found.chosen == ChosenThreshold(threshold, "fpr-at-most 0.05", "held-out")
    assert found.at is not None
    assert found.at.false_positive_rate is not None
    assert found.at.false_positive_rate.value == alarms / negatives
    assert (found.n, len(found.curve)) == (300, 200)
    config = json.loads((folder / "backquery.json").read_text())
    assert (config["threshold"], config["task"]) == (threshold, "mine")


def test_the_newest_threshold_counts_and_can_be_taken_back(
    empty_workspace: Workspace, opened: Database, detector: DetectorRow
) -> None:
    for threshold in (0.3, 0.9):
        keep_threshold(empty_workspace, opened, detector, threshold, "by hand")
    found = find_threshold(opened, "d1")
    assert found is not None
    assert found.threshold == 0.9
    keep_threshold(empty_workspace, opened, detector, None, "none")
    assert find_threshold(opened, "d1") is None
    assert find_threshold(opened, "d2") is None


def test_a_rule_that_no_threshold_fulfils_is_said(
    empty_workspace: Workspace, opened: Database, detector: DetectorRow, tmp_path: Path
) -> None:
    rows.add_dataset(opened, "negatives", [("n0", "Rest.", GENERAL)], "train")
    add_evaluation(opened, tmp_path, "d1", "negatives", [("n0", GENERAL, 0.4)])
    with pytest.raises(NothingToDo, match="0 positive and 1 negative"):
        choose_by_rule(empty_workspace, opened, detector, "negatives", Rule("max-f1"))
    assert find_threshold(opened, "d1") is None


def test_choosing_on_a_benchmark_or_on_training_rows_is_warned_of(opened: Database) -> None:
    rows.add_dataset(opened, "seeds", [("s0", "Rest.", ADVICE)], "seed")
    rows.add_dataset(opened, "real", [("p0", "Rest.", ADVICE)], "production")
    assert "is a benchmark" in (warn_of(opened, "held-out") or "")
    assert "may have been trained" in (warn_of(opened, "seeds") or "")
    assert warn_of(opened, "real") is None


@pytest.mark.parametrize("text", ["f1", "max-f1=1", "fpr", "recall=2", "fpr=low"])
def test_what_is_no_rule_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(UnknownName, match="max-f1, fpr=SHARE"):
        parse_rule(text)


def test_rules_are_read_as_they_are_typed() -> None:
    assert parse_rule("max-f1") == Rule("max-f1")
    assert parse_rule("fpr=0.01") == Rule("fpr-at-most", 0.01)
    assert parse_rule("recall=0.95") == Rule("recall-at-least", 0.95)


def test_from_the_threshold_on_the_best_positive_label_is_given_else_the_best_negative() -> None:
    labels, shares = (ADVICE, CONTENT, GENERAL), (0.4, 0.25, 0.35)
    assert label_at(shares, labels, {ADVICE}, 0.4) == ADVICE
    assert label_at(shares, labels, {ADVICE}, 0.41) == GENERAL
    assert label_at(shares, labels, {CONTENT, GENERAL}, 0.6) == GENERAL


def test_nothing_is_kept_for_a_detector_whose_folder_is_gone(
    empty_workspace: Workspace, opened: Database
) -> None:
    detector = find_detector(opened, "d1")
    shutil.rmtree(empty_workspace.path / "detectors" / "d1")
    with pytest.raises(NothingToDo, match="is gone"):
        keep_threshold(empty_workspace, opened, detector, 0.5, "by hand")
    assert find_threshold(opened, detector.detector_id) is None
