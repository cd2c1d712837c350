"""What is selected of production for patterns, and the job that comes of it."""

import polars as pl
import pytest

from store.database.connection import Database
from store.errors import UnknownName
from store.observed import list_selections, read_selected
from store.schema import LIST_OF_FLOATS
from tests import rows
from tests.tui.filled import INITIAL, LABELS, write_job
from tests.tui.production import LIVE, PASSED, log_live
from tui.services.errors import NothingToDo
from tui.services.jobs.patterns import PatternsDraft, PatternsRequest, draft_patterns
from tui.services.workspace import Workspace


@pytest.fixture
def live(database: Database) -> Database:
    log_live(database)
    return database


def draft(workspace: Workspace, database: Database, **request: object) -> PatternsDraft:
    return draft_patterns(workspace, database, PatternsRequest(LIVE, **request))  # type: ignore[arg-type]


def test_flagged_rows_are_selected_within_the_positive_label(
    clustered_workspace: Workspace, live: Database
) -> None:
    found = draft(clustered_workspace, live, k=3)

    assert [stage.name for stage in found.draft.stages] == ["predict", "embed", "cluster", "terms"]
    assert (found.rows, found.waiting) == (8, 8)
    taken = read_selected(live, found.selection_id)
    assert sorted(taken["sample_id"]) == [f"r{number}" for number in range(8)]
    assert set(taken["label"]) == {LABELS[0]}


def test_a_category_that_names_a_positive_label_is_what_a_row_is_said_to_be(
    clustered_workspace: Workspace, live: Database
) -> None:
    with live.write() as cursor:
        cursor.execute("UPDATE log_records SET categories = ['Health-Advice'] WHERE verdict = ?",
                       ["flagged"])  # fmt: skip
    found = draft(clustered_workspace, live)
    assert set(read_selected(live, found.selection_id)["label"]) == {"health-advice"}


def test_what_passed_is_within_the_first_label_that_is_not_positive(
    clustered_workspace: Workspace, live: Database
) -> None:
    found = draft(clustered_workspace, live, rows="passed", limit=5, seed=3)
    assert (found.rows, found.waiting) == (5, PASSED)
    assert set(read_selected(live, found.selection_id)["label"]) == {LABELS[1]}


def test_a_selection_that_was_not_clustered_is_drafted_again(
    clustered_workspace: Workspace, live: Database
) -> None:
    first = draft(clustered_workspace, live)
    again = draft(clustered_workspace, live, rows="passed")
    assert again.selection_id == first.selection_id
    assert len(list_selections(live)) == 1


def cluster(workspace: Workspace, number: int, answer_ids: list[str]) -> None:
    predicted = rows.predictions(dict.fromkeys(answer_ids, LABELS[1]), detector_id=INITIAL)
    members = rows.members(
        {f"c{number}": answer_ids}, clustering_id=f"g{number}", detector_id=INITIAL
    )
    write_job(
        workspace, f"20260107-090000-{number:04}", [("predict", predicted), ("cluster", members)]
    )


def test_a_second_call_takes_what_is_new(clustered_workspace: Workspace, live: Database) -> None:
    first = draft(clustered_workspace, live, limit=5)
    assert (first.rows, first.waiting) == (5, 8)
    cluster(clustered_workspace, 1, read_selected(live, first.selection_id)["answer_id"].to_list())
    with clustered_workspace.database() as database:
        second = draft(clustered_workspace, database, limit=5)
        assert (second.rows, second.waiting) == (3, 3)
        answers = read_selected(database, second.selection_id)["answer_id"].to_list()
    cluster(clustered_workspace, 2, answers)
    with (
        clustered_workspace.database() as database,
        pytest.raises(NothingToDo, match="flagged"),
    ):
        draft(clustered_workspace, database)


def evaluate(workspace: Workspace, database: Database, positive: dict[str, float]) -> None:
    """An evaluation that gives rows these probabilities of the positive label, and others 0."""
    with database.read() as cursor:
        samples = [str(name) for (name,) in cursor.rows(
            "SELECT sample_id FROM samples WHERE dataset = ?", [LIVE])]  # fmt: skip
    found = rows.evaluation(
        [(name, None, LABELS[0] if positive.get(name, 0) > 0.5 else LABELS[2]) for name in samples],  # type: ignore[misc]
        detector_id=INITIAL, dataset=LIVE,
    )  # fmt: skip
    chances = [[positive.get(name, 0.0), 0.0, 1 - positive.get(name, 0.0)] for name in samples]
    write_job(
        workspace,
        "20260107-080000-0001",
        [("evaluate", found.with_columns(probabilities=pl.Series(chances, dtype=LIST_OF_FLOATS)))],
    )


def test_a_detector_that_is_named_takes_the_place_of_the_log(
    clustered_workspace: Workspace, live: Database
) -> None:
    evaluate(clustered_workspace, live, {"r0": 0.9, "r9": 0.8, "r10": 0.45})
    with clustered_workspace.database() as database:
        found = draft(clustered_workspace, database, detector="initial")
        taken = read_selected(database, found.selection_id)
        assert dict(taken.select("sample_id", "label").iter_rows()) == {
            "r0": LABELS[0], "r9": LABELS[0]
        }  # fmt: skip
    with live.read() as cursor:
        told = cursor.rows("SELECT DISTINCT guard, verdict FROM observed_answers")
    assert told == [("initial", None)]


def test_unsure_rows_are_those_nearest_to_the_threshold(
    clustered_workspace: Workspace, live: Database
) -> None:
    evaluate(clustered_workspace, live, {"r0": 0.9, "r9": 0.55, "r10": 0.48, "r3": 0.3})
    with clustered_workspace.database() as database:
        found = draft(clustered_workspace, database, rows="unsure", limit=3)
        taken = read_selected(database, found.selection_id)
        assert taken["sample_id"].to_list() == ["r10", "r9", "r3"]
        assert taken["label"].to_list() == [LABELS[1], LABELS[1], LABELS[0]]  # as the log says
    with live.write() as cursor:
        cursor.execute("DELETE FROM selections")
        cursor.execute(
            "INSERT INTO thresholds BY NAME SELECT ? AS detector_id, 0.85 AS threshold, "
            "'max-f1' AS rule, now()::TIMESTAMP AS chosen_at", [INITIAL],
        )  # fmt: skip
    with clustered_workspace.database() as database:
        found = draft(clustered_workspace, database, rows="unsure", limit=1)
        assert read_selected(database, found.selection_id)["sample_id"].to_list() == ["r0"]


def test_without_verdicts_or_evaluation_it_is_said_what_makes_one(
    clustered_workspace: Workspace, live: Database
) -> None:
    with live.write() as cursor:
        cursor.execute("DELETE FROM log_records")
    with pytest.raises(NothingToDo, match="backquery evaluate"):
        draft(clustered_workspace, live)
    taken = read_selected(live, draft(clustered_workspace, live, rows="all").selection_id)
    assert (taken.height, taken["label"].null_count()) == (8 + PASSED, 8 + PASSED)


def test_only_production_has_patterns(clustered_workspace: Workspace, live: Database) -> None:
    with pytest.raises(UnknownName, match="live"):
        draft_patterns(clustered_workspace, live, PatternsRequest("seeds-discussion"))
