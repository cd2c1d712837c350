"""Which answers are due for a correction, and what came of those asked for."""

from pathlib import Path

import pytest

from store.corrections import count_corrections, due_for_correction, list_prompts, next_correction
from store.database.connection import Database
from store.decisions import Decision, record
from store.removal import remove_dataset
from tests.observed import NEGATIVE, POSITIVE, observe
from tests.rows import corrections, ingest

POSITIVES = frozenset({POSITIVE})
MADE = {"model": "m", "template_digest": "d", "sampling": "{}"}


def flagged(number: int, **others: object) -> dict[str, object]:
    return {"verdict": "flagged", "prompt": f"What of {number}?", **others}


@pytest.fixture
def ids(database: Database, tmp_path: Path) -> dict[str, str]:
    """Five right alarms, of which one has no prompt, a false alarm, and a miss."""
    records: list[dict[str, object]] = [
        flagged(0),
        flagged(1),
        flagged(2, prompt=" "),
        flagged(3),
        flagged(4),
        flagged(5),
        {"prompt": "What of 6?"},
    ]
    patterns = {"c0": ["r0", "r1", "r2"], "c1": ["r3", "r4"], "c2": ["r5"], "c3": ["r6"]}
    ids = observe(database, tmp_path, records, patterns)
    for cluster_id, label in (
        ("c0", POSITIVE),
        ("c1", POSITIVE),
        ("c2", NEGATIVE),
        ("c3", POSITIVE),
    ):
        record(database, "me", [Decision("label", cluster_id=cluster_id, label=label)])
    return ids  # fmt: skip


def due(database: Database, *, retry: bool = False, limit: int | None = None) -> list[str]:
    found = due_for_correction(database, POSITIVES, "log", MADE, retry=retry, limit=limit)
    return found["text"].to_list()


def test_right_alarms_with_a_prompt_are_due_those_that_lead_first(
    database: Database, ids: dict[str, str]
) -> None:
    found = due(database)
    assert sorted(found) == ["Text 0.", "Text 1.", "Text 3.", "Text 4."]
    assert sorted(found[:2]) == ["Text 0.", "Text 3."]
    assert due(database, limit=1) == found[:1]
    row = due_for_correction(database, POSITIVES, None, MADE).row(0, named=True)
    assert row["prompt"] in ("What of 0?", "What of 3?")
    assert (row["context"], row["label"]) == (None, POSITIVE)


def test_what_was_asked_for_in_this_way_is_not_due_again(
    database: Database, tmp_path: Path, ids: dict[str, str]
) -> None:
    ingest(database, tmp_path, "corrections",
           corrections({ids["r0"]: [None, "No."], ids["r1"]: ["No.", "No."]}))  # fmt: skip
    assert sorted(due(database)) == ["Text 3.", "Text 4."]
    assert sorted(due(database, retry=True)) == ["Text 1.", "Text 3.", "Text 4."]
    assert next_correction(database) == 2
    other = {**MADE, "model": "another"}
    assert due_for_correction(database, POSITIVES, "log", other).height == 4


def test_excluded_and_relabelled_answers_are_not_due(
    database: Database, ids: dict[str, str]
) -> None:
    record(database, "me", [Decision("exclude", answer_id=ids["r0"])])
    record(database, "me", [Decision("label", answer_id=ids["r1"], label=NEGATIVE)])
    assert sorted(due(database)) == ["Text 3.", "Text 4."]


def test_of_equal_rows_one_is_due(database: Database, tmp_path: Path) -> None:
    same = {"verdict": "flagged", "prompt": "Why?", "text": "You must."}
    observe(database, tmp_path, [same, same], {"c0": ["r0", "r1"]})
    record(database, "me", [Decision("label", cluster_id="c0", label=POSITIVE)])
    assert due(database) == ["You must."]


def test_counts_are_of_right_alarms_alone(
    database: Database, tmp_path: Path, ids: dict[str, str]
) -> None:
    written: dict[str, list[str | None]] = {
        ids["r0"]: [None, "No.", "No."],
        ids["r1"]: ["No.", "Flagged.", None],
        ids["r3"]: ["No.", "No.", "Flagged."],
        ids["r5"]: [None, None, None],
    }
    ingest(database, tmp_path, "corrections", corrections(written))
    found = count_corrections(database, POSITIVES, "log")
    assert (found.right_alarms, found.without_prompt) == (5, 1)
    assert (found.asked, found.corrected, found.written, found.kept) == (3, 2, 9, 2)
    assert list(found.reasons.items()) == [("No.", 5), ("Flagged.", 2)]
    assert count_corrections(database, POSITIVES, "another").right_alarms == 0


def test_prompts_of_a_log_are_listed_once(database: Database, ids: dict[str, str]) -> None:
    found = list_prompts(database, "log")["prompt"].to_list()
    assert sorted(found) == [f"What of {number}?" for number in (0, 1, 3, 4, 5, 6)]
    assert list_prompts(database, "another").is_empty()


def test_corrections_go_with_their_dataset(
    database: Database, tmp_path: Path, ids: dict[str, str]
) -> None:
    ingest(database, tmp_path, "corrections", corrections({ids["r0"]: [None]}))
    remove_dataset(database, "log", with_answers=True)
    with database.read() as cursor:
        assert cursor.number("SELECT count(*) FROM corrections") == 0
