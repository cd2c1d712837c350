"""Corrections are approved by pattern, and only those that were seen."""

from pathlib import Path

import pytest

from store.approvals import approved_corrections, list_patterns, read_corrections
from store.cluster_states import ClusterState, advance, read_states
from store.database.connection import Database
from store.decisions import Approval, Decision, record, redo, undo
from tests.observed import NEGATIVE, POSITIVE, observe
from tests.rows import corrections, ingest

POSITIVES = frozenset({POSITIVE})


@pytest.fixture
def ids(database: Database, tmp_path: Path) -> dict[str, str]:
    """Two patterns with corrections: of two answers, and of one."""
    records = [{"verdict": "flagged", "prompt": f"What of {number}?"} for number in range(4)]
    ids = observe(database, tmp_path, records, {"c0": ["r0", "r1", "r2"], "c1": ["r3"]})
    for cluster_id in ("c0", "c1"):
        label(database, cluster_id, POSITIVE)
    written: dict[str, list[str | None]] = {
        ids["r0"]: [None, None],
        ids["r1"]: ["No.", None],
        ids["r2"]: ["No.", "No."],
        ids["r3"]: [None],
    }
    ingest(database, tmp_path, "corrections", corrections(written))
    return ids


def label(database: Database, cluster_id: str, name: str) -> None:
    record(database, "me", [Decision("label", cluster_id=cluster_id, label=name)])


def approve(database: Database, cluster_id: str) -> None:
    (pattern,) = (p for p in list_patterns(database, POSITIVES, None) if p.cluster_id == cluster_id)
    note = pattern.seen_until.isoformat()
    record(database, "ada", [Decision("approve", cluster_id=cluster_id, note=note)])


def approved(database: Database) -> list[str]:
    return approved_corrections(database, POSITIVES)["correction"].sort().to_list()


def test_patterns_with_corrections_are_listed_those_that_wait_first(
    database: Database, ids: dict[str, str]
) -> None:
    found = list_patterns(database, POSITIVES, "log")
    assert [(p.cluster_id, p.size, p.corrected, p.approved) for p in found] == [
        ("c0", 3, 2, 0), ("c1", 1, 1, 0),
    ]  # fmt: skip
    assert (found[0].label, found[0].representative) == (POSITIVE, "Text 0.")
    approve(database, "c0")
    found = list_patterns(database, POSITIVES, "log")
    assert [(p.cluster_id, p.is_approved) for p in found] == [("c1", False), ("c0", True)]


def test_the_best_candidate_is_shown(
    database: Database, tmp_path: Path, ids: dict[str, str]
) -> None:
    found = read_corrections(database, POSITIVES, "c0")
    assert [(item.prompt, item.flagged, item.correction) for item in found] == [
        ("What of 0?", "Text 0.", f"Correction 0 of {ids['r0']}."),
        ("What of 1?", "Text 1.", f"Correction 1 of {ids['r1']}."),
    ]
    better = corrections({ids["r0"]: [None]}, attempt=2, f1=0.9)
    ingest(database, tmp_path, "corrections", better, part=1)
    best = read_corrections(database, POSITIVES, "c0")[0]
    assert best.f1 == pytest.approx(0.9)
    worse = corrections({ids["r0"]: [None]}, attempt=3, f1=0.9, probability=0.6)
    ingest(database, tmp_path, "corrections", worse, part=2)
    assert read_corrections(database, POSITIVES, "c0")[0] == best


def test_only_approved_patterns_are_exported(database: Database, ids: dict[str, str]) -> None:
    assert approved(database) == []
    approve(database, "c1")
    (row,) = approved_corrections(database, POSITIVES).to_dicts()
    assert (row["prompt"], row["flagged"], row["annotator"]) == ("What of 3?", "Text 3.", "ada")
    approve(database, "c0")
    assert len(approved(database)) == 3


def test_approval_is_withdrawn_undone_and_redone(database: Database, ids: dict[str, str]) -> None:
    approve(database, "c0")
    before = approved(database)
    assert len(before) == 2
    record(database, "ada", [Decision("withdraw", cluster_id="c0")])
    assert approved(database) == []
    undo(database, "ada")
    assert approved(database) == before
    undo(database, "ada")
    assert approved(database) == []
    redo(database, "ada")
    assert approved(database) == before


def test_what_comes_after_the_approval_is_not_exported(
    database: Database, tmp_path: Path, ids: dict[str, str]
) -> None:
    approve(database, "c0")
    before = approved(database)
    later = corrections({ids["r0"]: [None], ids["r2"]: [None]}, attempt=2, f1=0.9)
    with database.write() as cursor:
        cursor.execute("UPDATE corrections SET taken_at = taken_at - INTERVAL 1 HOUR")
    approve(database, "c0")
    ingest(database, tmp_path, "corrections", later, part=1)
    assert approved(database) == before
    (pattern, _) = list_patterns(database, POSITIVES, None)
    assert (pattern.corrected, pattern.approved, pattern.is_approved) == (3, 1, False)
    approve(database, "c0")
    assert len(approved(database)) == 3
    assert approved(database) != before


def test_a_label_that_is_no_longer_positive_takes_the_row_out(
    database: Database, ids: dict[str, str]
) -> None:
    approve(database, "c0")
    record(database, "me", [Decision("label", answer_id=ids["r0"], label=NEGATIVE)])
    assert approved(database) == [f"Correction 1 of {ids['r1']}."]
    label(database, "c0", NEGATIVE)
    assert approved(database) == []
    assert [p.cluster_id for p in list_patterns(database, POSITIVES, None)] == ["c1"]


def test_one_correction_of_a_prompt_is_exported(database: Database, tmp_path: Path) -> None:
    asked = {"verdict": "flagged", "prompt": "Why?"}
    ids = observe(database, tmp_path, [asked, {**asked, "prompt": "Why? "}, asked],
                  {"c0": ["r0", "r1"], "c1": ["r2"]})  # fmt: skip
    for cluster_id in ("c0", "c1"):
        label(database, cluster_id, POSITIVE)
    for part, (name, f1) in enumerate((("r0", 0.5), ("r1", 0.8), ("r2", 0.9))):
        written = corrections({ids[name]: [None]}, f1=f1)
        ingest(database, tmp_path, "corrections", written, part=part)
    approve(database, "c0")
    assert approved(database) == [f"Correction 0 of {ids['r1']}."]


def test_the_state_of_a_cluster_says_whether_it_is_approved(
    database: Database, ids: dict[str, str]
) -> None:
    kinds: tuple[Approval, ...] = ("approve", "withdraw", "approve")
    for kind in kinds:
        before = read_states(database).get("c0", ClusterState())
        decision = Decision(kind, cluster_id="c0")
        record(database, "ada", [decision])
        after = read_states(database)["c0"]
        assert advance(before, decision, "ada") == after
        assert after.is_approved is (kind == "approve")
    label(database, "c0", NEGATIVE)
    assert read_states(database)["c0"].is_approved
