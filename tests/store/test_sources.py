"""The filters of a recipe's source, each on a store where it keeps some rows and not others."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from store.audit_findings import next_item, record_finding
from store.audits import draw_round
from store.database.connection import Database
from store.decisions import Decision, record
from store.errors import RecipeRefused
from store.recipes import Recipe, Source
from store.training import assemble
from tests import rows

ADVICE, CONTENT, GENERAL = rows.LABELS
NAMES = [f"s{n}" for n in range(10)]


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> Database:
    """Ten answers: c0 holds a-s0 to a-s7, labelled advice, c1 a-s8 and a-s9, labelled content."""
    seeds = [(name, f"Seed {name}.", ADVICE) for name in NAMES]
    rows.add_dataset(database, "d", seeds, "seed")
    rows.ingest(database, tmp_path, "queries", rows.queries(NAMES))
    rows.ingest(database, tmp_path, "answers", rows.answers(NAMES[:9]))
    rows.ingest(database, tmp_path, "answers", rows.answers(NAMES[9:], flags=["cut"]), part=1)
    rows.ingest(database, tmp_path, "detectors", rows.detectors("d0"))
    answers = [f"a-{name}" for name in NAMES]
    clusters = {"c0": answers[:8], "c1": answers[8:]}
    rows.ingest(database, tmp_path, "members", rows.members(clusters))
    decisions = [Decision("label", "c0", label=ADVICE), Decision("label", "c1", label=CONTENT)]
    record(database, "ada", decisions)
    return database


def chosen(database: Database, **filters: Any) -> list[str]:
    """The names of the answers' seeds that a source with these filters selects."""
    source = {"rows": "synthetic", **filters}
    recipe = {"name": "mine", "description": "", "stage": [{"source": [source]}]}
    found = assemble(database, Recipe.model_validate(recipe), frozenset({ADVICE}), seed=0)
    return sorted(item.removeprefix("a-") for item in found.rows["item_id"])


def test_without_filters_all_labelled_answers_are_taken(filled: Database) -> None:
    assert chosen(filled) == NAMES


def test_labels_are_those_of_the_rows(filled: Database) -> None:
    assert chosen(filled, labels=[CONTENT]) == ["s8", "s9"]


def test_a_label_that_the_task_does_not_have_is_refused_with_those_it_has() -> None:
    source = {"rows": "real", "labels": ["health-advise"]}
    recipe = {"name": "mine", "description": "", "stage": [{"source": [source]}]}
    with pytest.raises(RecipeRefused, match=r"'mine'.*health-advise.*Its labels: health-advice,"):
        Recipe.model_validate(recipe).require_labels(rows.LABELS)


def test_answers_are_chosen_by_their_drift_in_the_newest_configuration(
    filled: Database, tmp_path: Path
) -> None:
    with pytest.raises(RecipeRefused, match=r"10 of 10 answers without any drift score.*run drift"):
        chosen(filled, min_f1=0.5)
    scores = {f"a-s{n}": n / 10 for n in range(9)}
    rows.ingest(filled, tmp_path, "drift", rows.drift(scores))
    with pytest.raises(RecipeRefused, match="1 of 10 answers"):
        chosen(filled, min_f1=0.5)
    rows.ingest(filled, tmp_path, "drift", rows.drift({"a-s9": 0.9}), part=1)
    assert chosen(filled, min_f1=0.65) == ["s7", "s8", "s9"]
    assert chosen(filled, min_f1=0.25, max_f1=0.45) == ["s3", "s4"]
    job = "20270101-120000-bbbb"
    newer = rows.drift({f"a-{name}": 0.3 for name in NAMES}, config="newer")
    newer = newer.with_columns(job_id=pl.lit(job))
    filled.now = lambda: rows.NOON + timedelta(days=1)
    rows.ingest(filled, tmp_path, "drift", newer, job_id=job)
    assert chosen(filled, max_f1=0.3001) == NAMES


def test_flagged_answers_and_answers_of_flagged_clusters_are_left_out(filled: Database) -> None:
    assert chosen(filled, without_flags=["cut"]) == NAMES[:9]
    assert chosen(filled, without_flags=["refusal", "flagged-cluster"]) == NAMES
    record(filled, "ada", [Decision("flag", "c0")])
    assert chosen(filled, without_flags=["flagged-cluster"]) == ["s8", "s9"]
    assert chosen(filled, without_flags=["flagged-cluster", "cut"]) == ["s8"]
    record(filled, "ada", [Decision("unflag", "c0")])
    assert chosen(filled, without_flags=["flagged-cluster"]) == NAMES


def test_answers_are_chosen_by_the_confidence_of_their_prediction(
    filled: Database, tmp_path: Path
) -> None:
    with pytest.raises(RecipeRefused, match=r"without any prediction.*run predict"):
        chosen(filled, min_confidence=0.5)
    predicted = rows.predictions({f"a-{name}": ADVICE for name in NAMES})
    rows.ingest(filled, tmp_path, "predictions", predicted)
    assert chosen(filled, min_confidence=0.79) == NAMES
    with pytest.raises(RecipeRefused, match="selects no rows"):
        chosen(filled, min_confidence=0.81)


def test_the_nearest_members_of_each_cluster_are_kept_and_what_a_person_labelled_itself(
    filled: Database,
) -> None:
    assert chosen(filled, nearest=25) == ["s0", "s1", "s8"]
    assert chosen(filled, nearest=100) == NAMES
    record(filled, "ada", [Decision("label", answer_id="a-s7", label=GENERAL)])
    assert chosen(filled, nearest=25) == ["s0", "s1", "s7", "s8"]


def test_labels_are_chosen_by_where_they_come_from(filled: Database) -> None:
    record(filled, "ada", [Decision("label", answer_id="a-s7", label=GENERAL)])
    assert chosen(filled, origins=["centroid"]) == ["s0", "s8"]
    assert chosen(filled, origins=["override", "centroid"]) == ["s0", "s7", "s8"]
    assert chosen(filled, origins=["propagated"]) == ["s1", "s2", "s3", "s4", "s5", "s6", "s9"]


def test_only_audited_clusters_without_an_error_are_kept(filled: Database) -> None:
    with pytest.raises(RecipeRefused, match="selects no rows"):
        chosen(filled, audited_only=True)
    audit = draw_round(filled, "ada", seed=0, per_cluster=2)
    while item := next_item(filled, audit.audit_id):
        record_finding(filled, "ada", audit.audit_id, item.answer_id, ADVICE)  # c1 says content
    assert chosen(filled, audited_only=True) == NAMES[:8]
    record(filled, "ada", [Decision("label", answer_id="a-s9", label=GENERAL)])
    assert chosen(filled, audited_only=True) == [*NAMES[:8], "s9"]
    record(filled, "ada", [Decision("label", "c0", label=GENERAL)])
    assert chosen(filled, audited_only=True) == ["s9"]  # what was audited is not what stands


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"rows": "real", "min_f1": 0.5}, 'min_f1: not for rows = "real"'),
        ({"rows": "real", "audited_only": True}, "audited_only: not for"),
        ({"rows": "synthetic", "min_f1": 0.9, "max_f1": 0.1}, r"min_f1 \(0.9\) is above max_f1"),
        ({"rows": "synthetic", "nearest": 0}, "greater than 0"),
        ({"rows": "synthetic", "min_confidence": 1.1}, "less than or equal to 1"),
        ({"rows": "synthetic", "without_flags": ["rude"]}, "refusal"),
        ({"rows": "synthetic", "origins": ["guess"]}, "override"),
        ({"rows": "synthetic", "labels": []}, "at least 1 item"),
    ],
)
def test_filters_that_mean_nothing_are_refused_with_the_reason(
    filters: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        Source.model_validate(filters)
