"""Samples of what was not flagged: how they are drawn, and when they are the same."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database.connection import Database
from store.decisions import Decision, record
from store.errors import UnknownName
from store.observed import Selection, read_selected
from store.thresholds import add_threshold
from tests import rows
from tests.tui.evaluated import add_detectors, add_evaluation
from tui.services.errors import DetectorMissing, NothingToDo
from tui.services.jobs.recall import RecallRequest, draft_labelling, find_sample, take_sample
from tui.services.workspace import Workspace


@pytest.fixture
def opened(empty_workspace: Workspace) -> Iterator[Database]:
    """2,000 rows, of which most have a score near 0, and the 50 highest were flagged."""
    with empty_workspace.database() as database:
        rows.add_records(
            database,
            "live",
            [
                {"score": (n / 2000) ** 4, "verdict": "flagged" if n >= 1950 else "passed"}
                for n in range(2000)
            ],
        )
        yield database


def take(workspace: Workspace, database: Database, **asked: int | str) -> Selection:
    return take_sample(workspace, database, RecallRequest("live", **asked))  # type: ignore[arg-type]


def test_a_sample_has_rows_of_all_scores_and_more_where_misses_are_likely(
    empty_workspace: Workspace, opened: Database
) -> None:
    taken = take(empty_workspace, opened)

    strata = taken.settings["strata"]
    assert (taken.answers, taken.settings["flagged"]) == (200, 50)
    assert sum(item["size"] for item in strata) == 1950
    assert sum(item["drawn"] for item in strata) == 200
    assert [item["low"] for item in strata] == sorted(item["low"] for item in strata)
    assert all(low["high"] == high["low"] for low, high in itertools.pairwise(strata))
    assert all(item["drawn"] >= 2 for item in strata)
    first, last = strata[0], strata[-1]
    assert last["drawn"] / last["size"] > first["drawn"] / first["size"]


def test_without_a_size_the_sample_that_is_there_is_meant(
    empty_workspace: Workspace, opened: Database
) -> None:
    assert find_sample(empty_workspace, opened, RecallRequest("live")) is None
    first = take(empty_workspace, opened, sample=60, bins=3)

    assert take(empty_workspace, opened) == first
    assert take(empty_workspace, opened, sample=60, bins=3) == first
    second = take(empty_workspace, opened, sample=120, bins=3)
    assert take(empty_workspace, opened) == second != first
    small, large = (
        set(read_selected(opened, item.selection_id)["answer_id"]) for item in (first, second)
    )
    assert small < large


def test_rows_that_have_a_label_need_no_key(empty_workspace: Workspace, opened: Database) -> None:
    taken = take(empty_workspace, opened, sample=40)
    answers = read_selected(opened, taken.selection_id)["answer_id"]
    with pytest.raises(DetectorMissing):  # the others are to be clustered
        draft_labelling(empty_workspace, opened, taken.selection_id)
    given = [Decision("label", answer_id=answer, label=rows.LABELS[0]) for answer in answers]
    record(opened, "ann", given)

    assert draft_labelling(empty_workspace, opened, taken.selection_id) is None


def test_a_log_without_scores_is_one_stratum(empty_workspace: Workspace) -> None:
    with empty_workspace.database() as database:
        rows.add_records(database, "live", [{} for _ in range(300)])
        taken = take(empty_workspace, database, sample=40)

    assert taken.settings["strata"] == [{"low": None, "high": None, "size": 300, "drawn": 40}]
    assert taken.settings["scored_by"] is None


def test_a_detector_scores_the_rows_of_a_guard_without_scores(
    empty_workspace: Workspace, tmp_path: Path
) -> None:
    with empty_workspace.database() as database:
        rows.add_records(database, "live", [{} for _ in range(300)])
        add_detectors(database, tmp_path, "d1")
        shares = [(f"r{n}", None, n / 300) for n in range(300)]
        add_evaluation(database, tmp_path, "d1", "live", shares)
        taken = take(empty_workspace, database, sample=60, bins=3)

    assert taken.settings["scored_by"] == "d1"
    assert [item["size"] for item in taken.settings["strata"]] == [100, 100, 100]


def test_a_detectors_sample_is_its_own_and_that_of_its_threshold(
    empty_workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    add_detectors(opened, tmp_path, "d1")
    shares = [(f"r{n}", None, n / 2000) for n in range(2000)]
    add_evaluation(opened, tmp_path, "d1", "live", shares)
    guard, detector = take(empty_workspace, opened), take(empty_workspace, opened, name="d1")

    assert sum(item["size"] for item in detector.settings["strata"]) == 1000
    assert take(empty_workspace, opened) == guard
    add_threshold(opened, "d1", 0.25, "by hand", None)
    cut = take(empty_workspace, opened, name="d1")
    assert sum(item["size"] for item in cut.settings["strata"]) == 500


def test_what_cannot_be_sampled_is_refused(empty_workspace: Workspace, opened: Database) -> None:
    rows.add_records(opened, "all", [{"record_id": "f", "text": "F", "verdict": "flagged"}])
    rows.add_dataset(opened, "plain", [("p", "P", None)], "production")
    rows.add_dataset(opened, "seeds", [("s", "S", None)], "seed")

    with pytest.raises(NothingToDo, match="flagged every row"):
        take_sample(empty_workspace, opened, RecallRequest("all"))
    with pytest.raises(NothingToDo, match="no verdicts"):
        take_sample(empty_workspace, opened, RecallRequest("plain"))
    with pytest.raises(UnknownName, match="not of production"):
        take_sample(empty_workspace, opened, RecallRequest("seeds"))
    with pytest.raises(NothingToDo, match="too small"):
        take(empty_workspace, opened, sample=20, bins=20)
