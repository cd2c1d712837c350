"""Two flaggings of the same rows: where they differ, and which of them are labelled."""

from pathlib import Path

import pytest

from store.database.connection import Database
from store.decisions import Decision, record
from store.flagging import Flagging
from store.observed import SELECTED, read_selected, select_observed
from store.shadow import (
    count_changes,
    count_feedback,
    count_sides,
    read_changed,
    read_labelled,
)
from tests import rows
from tests.rows import LABELS, add_records, frame
from tests.tui.evaluated import add_detectors, add_evaluation

ADVICE, _, GENERAL = LABELS
GUARD = Flagging("live", None, (ADVICE,))
NEW = Flagging("live", "e-d1-live", (ADVICE,))


@pytest.fixture
def live(database: Database, tmp_path: Path) -> Database:
    """Twenty rows: the guard flags the last ten, a detector those from 5 to 14; it fails on r19."""
    add_records(
        database,
        "live",
        [
            {
                "score": n / 20,
                "verdict": "flagged" if n >= 10 else "passed",
                "feedback": {0: "wrong", 6: "wrong", 12: "right", 18: "wrong"}.get(n),
            }
            for n in range(20)
        ],
    )
    add_detectors(database, tmp_path, "d1")
    shares = [(f"r{n}", None, 0.5 + n / 100 if 5 <= n < 15 else n / 100) for n in range(19)]
    add_evaluation(database, tmp_path, "d1", "live", [*shares, ("r19", None, None)])
    return database


def test_rows_are_on_the_side_of_what_flags_them(live: Database) -> None:
    found = count_sides(live, NEW, GUARD, [0.225, 0.5], by_new=False)

    # Rows at 0.225 and above are in the second stratum, also those above its end.
    assert found.rows() == [
        ("both", 1, 5), ("neither", 0, 5), ("new", 1, 5), ("old", 1, 5),
    ]  # fmt: skip
    without = count_sides(live, NEW, GUARD, [], by_new=True)
    assert sum(without["rows"]) == 20


def test_changed_rows_are_read_with_those_first_that_the_new_one_is_surest_of(
    live: Database,
) -> None:
    flagged = read_changed(live, NEW, GUARD, "new", 3)
    passed = read_changed(live, NEW, GUARD, "old", 9)

    assert [row.sample_id for row in flagged] == ["r9", "r8", "r7"]
    assert [row.sample_id for row in read_changed(live, NEW, GUARD, "new", 3, 3)] == ["r6", "r5"]
    assert [row.sample_id for row in passed] == ["r15", "r16", "r17", "r18", "r19"]
    assert (flagged[0].text, flagged[0].cluster_id) == ("Text 9.", None)
    assert flagged[0].new_score == pytest.approx(0.59)
    assert (passed[-1].new_score, passed[-1].old_score) == (None, 0.95)


def pattern(database: Database, folder: Path) -> str:
    """A pattern of r8 to r11, and a sample for recall of r0 and r5, all labelled."""
    database_rows = frame(SELECTED, [{"sample_id": f"r{n}"} for n in range(8, 12)])
    settings = {"rows": "all", "waiting": 20}
    found = select_observed(database, "live", "patterns", database_rows, settings)
    answers = read_selected(database, found)["answer_id"].to_list()
    rows.ingest(database, folder, "detectors", rows.detectors("d0"), job_id="d0")
    rows.ingest(database, folder, "members", rows.members({"c0": answers}))
    sample = frame(SELECTED, [{"sample_id": f"r{n}", "stratum": n // 5} for n in (0, 5)])
    recall = select_observed(database, "live", "recall", sample, {})
    drawn = read_selected(database, recall)["answer_id"].to_list()
    record(
        database,
        "ann",
        [
            Decision("label", cluster_id="c0", label=ADVICE),
            Decision("label", answer_id=answers[2], label=GENERAL),
            *(Decision("label", answer_id=answer, label=GENERAL) for answer in drawn),
        ],
    )
    return recall


def test_changes_are_counted_by_pattern(live: Database, tmp_path: Path) -> None:
    pattern(live, tmp_path)

    assert count_changes(live, NEW, GUARD).rows() == [(None, 3, 5), ("c0", 2, 0)]
    assert read_changed(live, NEW, GUARD, "new", 1)[0].cluster_id == "c0"


def test_labelled_rows_say_what_they_stand_for(live: Database, tmp_path: Path) -> None:
    recall = pattern(live, tmp_path)
    found = read_labelled(live, NEW, GUARD, recall).select(
        "sample_id", "label", "side", "stratum", "cluster_rows"
    )

    # Two of four rows were read, of a selection of 4 from 20: each stands for 20 / 4 × 4 / 2.
    assert found.rows() == [
        ("r0", GENERAL, "neither", 0, None),
        ("r10", GENERAL, "both", None, 10.0),
        ("r5", GENERAL, "new", 1, None),
        ("r8", ADVICE, "new", None, 10.0),
    ]
    assert read_labelled(live, NEW, GUARD, None)["stratum"].null_count() == 4


def test_what_users_said_is_counted_by_verdict(live: Database) -> None:
    found = count_feedback(live, NEW)

    assert [(i.verdict, i.feedback, i.rows, i.new_flagged) for i in found] == [
        ("flagged", "right", 1, 1), ("flagged", "wrong", 1, 0), ("passed", "wrong", 2, 1),
    ]  # fmt: skip
