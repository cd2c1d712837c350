"""A new detector beside the guard, judged on what is labelled."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from store.database.connection import Database
from store.decisions import Decision, record
from store.labels import set_labels
from store.observed import SELECTED, read_selected, select_observed
from tests import rows
from tests.tui.evaluated import ADVICE, GENERAL, add_detectors, add_evaluation
from tests.tui.trained import make_training
from tui.services.errors import NothingToDo
from tui.services.jobs.recall import RecallRequest, take_sample
from tui.services.jobs.shadow import draft_shadow
from tui.services.results.flagger_names import GUARD
from tui.services.results.shadow import Shadow, read_shadow
from tui.services.workspace import Workspace

FLAGGED, ROWS, RIGHT = 300, 2000, 150


@pytest.fixture
def opened(empty_workspace: Workspace, tmp_path: Path) -> Iterator[Database]:
    """2,000 rows. The guard flags 300, half of them rightly; the detector d1 only these and 10."""
    with empty_workspace.database() as database:
        rows.add_records(
            database,
            "live",
            [
                {"score": 1 - n / ROWS, "verdict": "flagged" if n < FLAGGED else "passed"}
                for n in range(ROWS)
            ],
        )
        add_detectors(database, tmp_path, "d1", "d2")
        found = set(range(RIGHT)) | set(range(FLAGGED, FLAGGED + 10))
        shares = [(f"r{n}", None, 0.9 if n in found else 0.1) for n in range(ROWS)]
        add_evaluation(database, tmp_path, "d1", "live", shares)
        yield database


def is_positive(number: int) -> bool:
    """Rows that are positive: those that the guard flags rightly, and the first that it misses."""
    return number < RIGHT or FLAGGED <= number < FLAGGED + 10


def label(database: Database, numbers: dict[str, int]) -> None:
    """Label answers of rows by what they are."""
    decisions = [
        Decision("label", answer_id=answer, label=ADVICE if is_positive(number) else GENERAL)
        for answer, number in numbers.items()
    ]
    record(database, "ann", decisions)


def add_pattern_rows(database: Database, folder: Path, taken: int = 120) -> None:
    """Flagged rows, each a pattern of its own, all labelled."""
    numbers = list(range(0, FLAGGED, FLAGGED // taken))
    chosen = rows.frame(SELECTED, [{"sample_id": f"r{n}"} for n in numbers])
    settings = {"rows": "flagged", "waiting": FLAGGED, "detector_id": None}
    selection = select_observed(database, "live", "patterns", chosen, settings)
    answers = read_selected(database, selection)["answer_id"].to_list()
    rows.ingest(database, folder, "detectors", rows.detectors("d0"), job_id="d0")
    found = {f"c-{answer}": [answer] for answer in answers}
    rows.ingest(database, folder, "members", rows.members(found))
    label(database, dict(zip(answers, numbers, strict=True)))


def add_recall_sample(workspace: Workspace, database: Database) -> None:
    taken = take_sample(workspace, database, RecallRequest("live", sample=400, bins=3))
    found = read_selected(database, taken.selection_id)
    numbers = [int(name.removeprefix("r")) for name in found["sample_id"]]
    label(database, dict(zip(found["answer_id"], numbers, strict=True)))


def read(workspace: Workspace, database: Database) -> Shadow:
    return read_shadow(workspace, database, "live", "d1", GUARD)


def test_changes_are_counted_and_shown_with_their_texts(
    empty_workspace: Workspace, opened: Database
) -> None:
    found = read(empty_workspace, opened)

    changes = found.changes
    assert (changes.rows, changes.new_flagged, changes.old_flagged) == (ROWS, 160, 300)
    assert (changes.now_flagged, changes.now_passed) == (10, 150)
    assert changes.now_passed_per_1000 is not None
    assert changes.now_passed_per_1000.value == 75
    assert {row.sample_id for row in found.flagged_texts} == {f"r{n}" for n in range(300, 310)}
    assert len(found.passed_texts) == 50
    assert (found.verdict, found.labelled_rows.compared) == ("UNDECIDED", 0)
    assert found.notes[-1].startswith("No row with a label is left to compare them on: ")


def test_patterns_and_the_sample_for_recall_decide_by_their_weights(
    empty_workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    add_pattern_rows(opened, tmp_path)
    without = read(empty_workspace, opened)
    assert (without.verdict, without.labelled_rows.basis) == ("UNDECIDED", "patterns by their rows")
    assert "`backquery recall --on live`" in without.notes[-1]

    add_recall_sample(empty_workspace, opened)
    found = read(empty_workspace, opened)
    labelled = found.labelled_rows
    assert labelled.basis == "patterns by their rows, and the sample for recall by stratum"
    assert (labelled.lost, labelled.alarms_added) == (0, 0)
    assert labelled.alarms_removed == 75
    assert labelled.alarms_difference_per_1000 is not None
    assert labelled.alarms_difference_per_1000.value == pytest.approx(-75)
    assert labelled.old_alarms_per_1000 is not None
    assert labelled.old_alarms_per_1000.value == pytest.approx(75)
    assert labelled.recall_difference is not None
    assert labelled.recall_difference.low > -0.05
    assert (found.verdict, found.notes) == (
        "PROMOTE",
        ("Which rows d1 was trained on is not known.",),
    )


def test_the_margin_of_the_workspace_decides(
    empty_workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    add_pattern_rows(opened, tmp_path)
    add_recall_sample(empty_workspace, opened)
    file = empty_workspace.path / "workspace.toml"
    file.write_text(file.read_text() + "\n[shadow]\nrecall_margin = 0\nlevel = 0.999\n")
    found = read(Workspace.open(empty_workspace.path), opened)

    assert (found.recall_margin, found.level) == (0, 0.999)
    assert found.are_alarms_fewer == "yes"
    wide, narrow = found.labelled_rows, read(empty_workspace, opened).labelled_rows
    assert wide.old_alarms_per_1000 is not None
    assert narrow.old_alarms_per_1000 is not None
    assert wide.old_alarms_per_1000.high > narrow.old_alarms_per_1000.high


def test_labels_that_came_with_the_rows_are_taken_alone(
    empty_workspace: Workspace, opened: Database
) -> None:
    numbers = range(0, ROWS, 4)
    given = pl.DataFrame(
        {
            "sample_id": [f"r{n}" for n in numbers],
            "label": [ADVICE if is_positive(n) else GENERAL for n in numbers],
        }
    )
    with opened.write() as cursor:
        set_labels(cursor, given)
    found = read(empty_workspace, opened)

    labelled = found.labelled_rows
    assert labelled.basis == "the labelled rows alone, each for itself"
    assert (labelled.compared, labelled.positives) == (500, sum(map(is_positive, numbers)))
    assert labelled.alarms_difference_per_1000 is not None
    assert labelled.alarms_difference_per_1000.value == pytest.approx(-1000 * 37 / 500)
    assert found.verdict == "PROMOTE"


def test_rows_that_a_detector_was_trained_on_are_left_out(
    empty_workspace: Workspace, tmp_path: Path
) -> None:
    seen = [(f"s{n}", f"Seed text number {n}.", (GENERAL, ADVICE)[n % 2]) for n in range(20)]
    with empty_workspace.database() as database:
        rows.add_dataset(database, "seeds", seen, "seed")
    job = make_training(empty_workspace)
    trained = job.spec().stages[0].params["detector_id"]
    with empty_workspace.database() as database:
        texts = ["Seed TEXT number 3.", "Something else.", "Another thing."]
        rows.add_records(database, "live", [{"text": text} for text in texts])
        given = pl.DataFrame({"sample_id": ["r0", "r1", "r2"], "label": [ADVICE] * 3})
        with database.write() as cursor:
            set_labels(cursor, given)
        add_detectors(database, tmp_path, trained, job_id=job.job_id, name="trained")
        add_detectors(database, tmp_path, "other")
        shares = [(f"r{n}", ADVICE, 0.9) for n in range(3)]
        for name in (trained, "other"):
            add_evaluation(database, tmp_path, name, "live", shares)
        found = read_shadow(empty_workspace, database, "live", "trained", "other")

    assert (found.labelled_rows.labelled, found.labelled_rows.compared) == (3, 2)
    assert (found.labelled_rows.trained, found.labelled_rows.near) == (1, 0)
    assert found.notes[0] == "Which rows other was trained on is not known."


def test_only_evaluations_that_are_missing_are_run_and_none_is_timed(
    empty_workspace: Workspace, opened: Database
) -> None:
    assert not draft_shadow(empty_workspace, opened, "live", "d1", GUARD).draft.planned
    (stage,) = draft_shadow(empty_workspace, opened, "live", "d2", "d1").draft.stages
    assert (stage.name, stage.params["detector_ids"]) == ("evaluate", ["d2"])
    for new, old in (("guard", "d1"), ("d1", "d1")):
        with pytest.raises(NothingToDo):
            draft_shadow(empty_workspace, opened, "live", new, old)
