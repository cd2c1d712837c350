"""What a guard got wrong, by the labels of people."""

from pathlib import Path

from store.database.connection import Database
from store.decisions import Decision, record, undo
from store.failures import read_failures, relabel_copies
from tests.observed import NEGATIVE, POSITIVE, observe
from tests.rows import add_dataset

POSITIVES = frozenset({POSITIVE})
FLAGGED, PASSED = {"verdict": "flagged"}, {"verdict": "passed"}


def label(database: Database, cluster_id: str, name: str) -> None:
    record(database, "me", [Decision("label", cluster_id=cluster_id, label=name)])


def failing(database: Database) -> list[tuple[str, bool, str | None]]:
    found = read_failures(database, "log", POSITIVES)
    return found.select("sample_id", "is_miss", "cluster_id").rows()


def test_false_alarms_and_misses_come_with_their_pattern(
    database: Database, tmp_path: Path
) -> None:
    observe(database, tmp_path, [FLAGGED, FLAGGED, FLAGGED, PASSED, PASSED, FLAGGED],
            {"c0": ["r0", "r1"], "c1": ["r2", "r5"], "c2": ["r3"], "c3": ["r4"]})  # fmt: skip
    label(database, "c0", NEGATIVE)
    label(database, "c1", POSITIVE)
    label(database, "c2", POSITIVE)

    assert failing(database) == [("r0", False, "c0"), ("r1", False, "c0"), ("r3", True, None)]
    undo(database, "me")
    assert [item for item, _, _ in failing(database)] == ["r0", "r1"]


def test_a_row_is_what_its_own_label_says_and_left_out_where_excluded(
    database: Database, tmp_path: Path
) -> None:
    ids = observe(database, tmp_path, [FLAGGED] * 3, {"c0": ["r0", "r1", "r2"]})
    label(database, "c0", NEGATIVE)
    record(database, "me", [Decision("label", answer_id=ids["r1"], label=POSITIVE)])
    record(database, "me", [Decision("exclude", answer_id=ids["r2"])])
    assert failing(database) == [("r0", False, "c0")]


def test_rows_without_a_verdict_are_no_failures(database: Database, tmp_path: Path) -> None:
    observe(database, tmp_path, [{"verdict": "failed"}, {"verdict": None}], {"c0": ["r0", "r1"]})
    label(database, "c0", POSITIVE)
    assert failing(database) == []


def test_equal_texts_are_one_failure_and_none_where_they_have_two_labels(
    database: Database, tmp_path: Path
) -> None:
    same, other = {**FLAGGED, "text": "Same."}, {**FLAGGED, "text": "Other."}
    observe(database, tmp_path, [same, same, other, {**other, "verdict": "passed"}],
            {"c0": ["r0", "r1", "r2"], "c1": ["r3"]})  # fmt: skip
    label(database, "c0", NEGATIVE)
    found = read_failures(database, "log", POSITIVES)
    assert found.select("sample_id", "is_contradicted").rows() == [("r0", False), ("r2", False)]
    label(database, "c1", POSITIVE)
    found = read_failures(database, "log", POSITIVES)
    assert found.select("sample_id", "is_contradicted").rows() == [("r0", False), ("r2", True)]


def test_texts_of_seeds_are_known(database: Database, tmp_path: Path) -> None:
    observe(database, tmp_path, [FLAGGED, FLAGGED], {"c0": ["r0", "r1"]})
    label(database, "c0", NEGATIVE)
    add_dataset(database, "old", [("s0", "Text 1.", NEGATIVE)], "seed")
    add_dataset(database, "held", [("b0", "Text 0.", NEGATIVE)], "benchmark")
    assert read_failures(database, "log", POSITIVES)["is_seed"].to_list() == [False, True]


def test_copies_follow_the_labels_of_their_rows(database: Database, tmp_path: Path) -> None:
    observe(database, tmp_path, [FLAGGED, FLAGGED], {"c0": ["r0", "r1"]})
    add_dataset(database, "seeds", [("s0", "Text 0.", NEGATIVE), ("s1", "Else.", NEGATIVE)], "seed")
    with database.write() as cursor:
        cursor.execute("UPDATE samples SET external_id = 'r0' WHERE sample_id = 's0'")
        cursor.execute("UPDATE samples SET external_id = 'r1' WHERE sample_id = 's1'")
    assert relabel_copies(database, "log") == 0
    label(database, "c0", POSITIVE)
    assert relabel_copies(database, "log") == 1
    assert relabel_copies(database, "log") == 0
    with database.read() as cursor:
        labels = dict(cursor.rows("SELECT sample_id, label FROM samples WHERE dataset = 'seeds'"))
    assert labels == {"s0": POSITIVE, "s1": NEGATIVE}
