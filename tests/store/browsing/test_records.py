"""All that hangs on a row."""

from pathlib import Path

import pytest

from store.browsing.records import read_record
from store.database.connection import Database
from store.decisions import Decision, record
from store.errors import UnknownName
from tests import rows
from tests.tui.audited import MODEL, classify


def test_an_answer_brings_its_question_its_seed_and_what_is_known_of_it(
    labelled: Database, tmp_path: Path
) -> None:
    rows.ingest(labelled, tmp_path, "drift", rows.drift({"a-s1": 0.5}))
    record(labelled, "ann", [Decision("label", "c0", label="general-content")])
    record(labelled, "ann", [Decision("exclude", answer_id="a-s1")])
    found = read_record(labelled, "answer", "a-s1")
    assert (found.seed.sample_id, found.seed.roles, found.seed.copies) == ("s1", ("seed",), 1)
    question, answer = found.made
    assert (question.what, question.row_id, question.raw) == ("question", "q-s1", None)
    assert (answer.label, answer.origin, answer.cluster_id) == (
        "general-content", "propagated", "c0"
    )  # fmt: skip
    assert answer.is_left_out
    assert [name for name, _ in answer.scores] == ["answer_seed", "query_seed", "answer_query"]
    assert [(item.detector, item.label) for item in answer.predicted] == [("d0", "health-advice")]


def test_an_answer_brings_what_language_models_call_it(labelled: Database) -> None:
    classify(labelled, {"a-s0": "general-content", "a-s1": None})
    for answer_id, label in (("a-s0", "general-content"), ("a-s1", None)):
        _, answer = read_record(labelled, "answer", answer_id).made
        assert [(item.detector, item.label) for item in answer.predicted] == [
            ("d0", "health-advice"),
            (MODEL, label),
        ]


def test_a_seed_brings_each_question_with_its_answers(labelled: Database) -> None:
    found = read_record(labelled, "seed", "s0")
    assert [item.row_id for item in found.made] == ["q-s0", "a-s0"]
    assert [item.row_id for item in read_record(labelled, "question", "q-s0").made] == [
        "q-s0", "a-s0"
    ]  # fmt: skip


def test_a_seed_that_was_never_asked_about_is_alone(database: Database) -> None:
    rows.add_dataset(database, "seeds", [("s0", "Same.", None), ("s1", "Same.", None)], "seed")
    found = read_record(database, "seed", "s0")
    assert (found.made, found.seed.copies) == ((), 2)


@pytest.mark.parametrize("of", ["seed", "question", "answer"])
def test_a_row_that_is_gone_is_said_to_be(database: Database, of: str) -> None:
    with pytest.raises(UnknownName, match="removed meanwhile"):
        read_record(database, of, "gone")  # type: ignore[arg-type]
