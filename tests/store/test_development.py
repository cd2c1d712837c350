"""Which decided answers are held back from training."""

from pathlib import Path

import polars as pl
import pytest

from store.database.connection import Database
from store.decisions import Decision, record
from store.development import (
    DEVELOPMENT,
    Development,
    decided_answers,
    hold_back,
    read_development_predictions,
)
from store.evaluations import list_evaluations, unevaluated_detectors
from store.recipes import Recipe
from store.training import assemble
from tests import rows

ADVICE, CONTENT, GENERAL = rows.LABELS
SEEDS = [f"s{number:02}" for number in range(40)]


@pytest.fixture
def clustered(database: Database, tmp_path: Path) -> Database:
    """Forty advice seeds with an answer each; ten clusters of four, none of them decided."""
    seeds = [(name, f"Seed {name}.", ADVICE) for name in SEEDS]
    rows.add_dataset(database, "health", seeds, "seed")
    rows.ingest(database, tmp_path, "queries", rows.queries(SEEDS))
    rows.ingest(database, tmp_path, "answers", rows.answers(SEEDS))
    rows.ingest(database, tmp_path, "detectors", rows.detectors("d0"))
    answers = [f"a-{name}" for name in SEEDS]
    clusters = {f"c{number}": answers[4 * number : 4 * number + 4] for number in range(10)}
    rows.ingest(database, tmp_path, "members", rows.members(clusters))
    return database


def decided(labels: dict[str, str]) -> pl.DataFrame:
    """Answers of seeds with their labels."""
    found = [
        {"answer_id": f"a-{name}", "sample_id": name, "text": f"Answer {name}.", "label": label}
        for name, label in labels.items()
    ]
    return rows.frame(Development.empty().rows.schema, found)


def half_of_each() -> pl.DataFrame:
    """Twenty decided answers with advice, and twenty without."""
    return decided({name: (ADVICE, CONTENT)[place % 2] for place, name in enumerate(SEEDS)})


def labels_of(database: Database) -> dict[str, str]:
    found = decided_answers(database)
    return dict(found.select("answer_id", "label").iter_rows())


def test_only_what_an_annotator_said_of_an_answer_itself_is_decided(clustered: Database) -> None:
    labelled = [
        Decision("label", cluster_id="c0", label=CONTENT),
        Decision("skip", cluster_id="c1"),
        Decision("label", answer_id="a-s05", label=ADVICE),
    ]
    record(clustered, "ada", labelled)
    assert labels_of(clustered) == {"a-s00": CONTENT, "a-s05": ADVICE}  # no other of c0


def test_a_label_of_its_own_counts_before_that_of_the_cluster(clustered: Database) -> None:
    record(clustered, "ada", [Decision("label", answer_id="a-s00", label=ADVICE)])
    record(clustered, "ada", [Decision("label", cluster_id="c0", label=CONTENT)])
    assert labels_of(clustered) == {"a-s00": ADVICE}


def test_answers_left_out_of_training_and_of_benchmarks_are_not_decided(
    clustered: Database,
) -> None:
    record(clustered, "ada", [Decision("label", cluster_id="c0", label=CONTENT)])
    record(clustered, "ada", [Decision("exclude", answer_id="a-s00")])
    assert labels_of(clustered) == {}
    record(clustered, "ada", [Decision("include", answer_id="a-s00")])
    with clustered.write() as cursor:
        cursor.execute("UPDATE dataset_roles SET role = 'benchmark'")
    assert labels_of(clustered) == {}


def test_the_share_of_the_seeds_of_each_label_is_held_back() -> None:
    found = hold_back(half_of_each(), {ADVICE}, 0.3, seed=1)
    assert found.labels == {ADVICE: 6, CONTENT: 6}
    assert (found.decided, found.reason) == (40, "")


def test_the_same_seeds_are_held_back_again_and_others_under_another_seed() -> None:
    one, same, other = (hold_back(half_of_each(), {ADVICE}, 0.3, seed) for seed in (1, 1, 2))
    assert one.rows.equals(same.rows)
    assert not one.rows.equals(other.rows)
    assert one.digest == same.digest != other.digest


def test_all_answers_of_a_seed_are_held_back_together() -> None:
    twice = pl.concat([half_of_each(), half_of_each().with_columns(pl.col("answer_id") + "-2")])
    found = hold_back(twice.sort("answer_id"), {ADVICE}, 0.3, seed=1)
    assert found.rows["sample_id"].value_counts()["count"].unique().to_list() == [2]


def test_too_few_decisions_hold_nothing_back_and_say_so() -> None:
    found = hold_back(half_of_each().head(12), {ADVICE}, 0.3, seed=1)
    assert found.rows.is_empty()
    assert "of 12 answers, 4 would be held back, 2 of them positive" in found.reason
    lopsided = hold_back(decided(dict.fromkeys(SEEDS, CONTENT)), {ADVICE}, 0.3, seed=1)
    assert "12 would be held back, 0 of them positive" in lopsided.reason


def test_a_share_of_nothing_holds_nothing_back() -> None:
    found = hold_back(half_of_each(), {ADVICE}, 0, seed=1)
    assert found.rows.is_empty()
    assert "share is 0" in found.reason


def test_no_recipe_trains_on_another_answer_to_a_seed_held_back(
    clustered: Database, tmp_path: Path
) -> None:
    again = rows.queries(["s00"], query_id="q-again", attempt=2)
    rows.ingest(clustered, tmp_path, "queries", again.with_columns(query_id=pl.lit("q-again")),
                part=1)  # fmt: skip
    other = rows.answers(["s00"], text="Something else.").with_columns(
        query_id=pl.lit("q-again"), answer_id=pl.lit("a-again")
    )
    rows.ingest(clustered, tmp_path, "answers", other, part=1)
    said = [Decision("label", answer_id=name, label=ADVICE) for name in ("a-s00", "a-again")]
    record(clustered, "ada", [*said, Decision("label", answer_id="a-s01", label=CONTENT)])
    held = Development(decided({"s00": ADVICE}), 3)
    recipe = Recipe.model_validate(
        {"name": "r", "description": "", "stage": [{"source": [{"rows": "synthetic"}]}]}
    )
    found = assemble(clustered, recipe, frozenset({ADVICE}), seed=0, development=held)
    assert found.rows["item_id"].to_list() == ["a-s01"]
    assert set(found.held_back["item_id"]) == {"a-s00", "a-again"}


def test_a_text_of_the_development_set_is_not_trained_on_and_its_seeds_own_text_is(
    clustered: Database,
) -> None:
    held = Development(decided({"s00": ADVICE}).with_columns(text=pl.lit("SEED s01. ")), 1)
    recipe = Recipe.model_validate(
        {"name": "r", "description": "", "stage": [{"source": [{"rows": "real"}]}]}
    )
    found = assemble(clustered, recipe, frozenset({ADVICE}), seed=0, development=held)
    assert found.held_back["item_id"].to_list() == ["s01"]
    assert "s00" in found.rows["item_id"].to_list()


def test_evaluations_on_it_are_read_apart_and_count_as_no_evaluation(
    clustered: Database, tmp_path: Path
) -> None:
    rows.ingest(clustered, tmp_path, "detectors", rows.detectors("d1", recipe="r"), part=1)
    said = [("a-s00", ADVICE, CONTENT), ("a-s01", CONTENT, None)]
    for part, name in enumerate(("d0", "d1")):
        found = rows.evaluation(said, detector_id=name, dataset=DEVELOPMENT)
        rows.ingest(clustered, tmp_path, "evaluation_rows", found, part=part)
    assert read_development_predictions(clustered, ["d1"]).rows() == [
        ("d1", "a-s00", ADVICE, CONTENT), ("d1", "a-s01", CONTENT, None),
    ]  # fmt: skip
    assert list_evaluations(clustered) == []
    assert unevaluated_detectors(clustered) == ("d1",)
