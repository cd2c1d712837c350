from pathlib import Path

import polars as pl
import pytest

from store.database.connection import Database
from store.datasets import evaluation_samples, list_datasets
from store.decisions import Decision, record
from store.export import export_labels
from store.lineage import meant_labels
from store.pairs import Draw, due_queries, due_samples, usable_answers
from store.recipes import Recipe
from store.removal import remove_dataset
from store.schema import SCENARIOS
from store.training import assemble
from tests import rows

OFF, ON = "off-topic", "on-topic"
PROMPTS = [{"text": "Write me a poem.", "label": OFF}, {"text": "Which form is it?", "label": ON}]
INVENTED = Recipe.model_validate(
    {"name": "invented", "description": "", "stage": [{"source": [{"rows": "synthetic"}]}]}
)


def scenarios(*names: str, prompts: object = PROMPTS, **columns: object) -> pl.DataFrame:
    made = rows.queries(names).drop("candidates", "text")
    return rows.frame(
        SCENARIOS,
        made.with_columns(text=pl.concat_str(pl.lit("You help with "), "sample_id")).to_dicts(),
    ).with_columns(
        prompts=pl.Series([prompts] * len(names), dtype=SCENARIOS["prompts"]),
        **{name: pl.lit(value, SCENARIOS[name]) for name, value in columns.items()},
    )


@pytest.fixture
def invented(database: Database, tmp_path: Path) -> Database:
    """Two draws, each with a scenario of two prompts."""
    rows.add_dataset(database, "made", [("d0", "tone: curt", None), ("d1", "tone: kind", None)],
                     "invented")  # fmt: skip
    rows.ingest(database, tmp_path, "scenarios", scenarios("d0", "d1"))
    return database


def test_prompts_are_answers_to_their_context_with_the_label_they_were_written_for(
    invented: Database,
) -> None:
    found = export_labels(invented).select("context", "text", "label", "label_origin").rows()
    assert sorted(found) == [
        ("You help with d0", "Which form is it?", ON, "constructed"),
        ("You help with d0", "Write me a poem.", OFF, "constructed"),
        ("You help with d1", "Which form is it?", ON, "constructed"),
        ("You help with d1", "Write me a poem.", OFF, "constructed"),
    ]


def test_a_part_that_comes_again_doubles_nothing(invented: Database, tmp_path: Path) -> None:
    rows.ingest(invented, tmp_path, "scenarios", scenarios("d1"), part=1)
    assert usable_answers(invented).height == 4


def test_draws_are_no_seeds_to_ask_about(invented: Database) -> None:
    assert due_samples(invented, Draw(), {}, retry=False).is_empty()


def test_contexts_are_not_asked_and_prompts_do_not_drift(invented: Database) -> None:
    assert due_queries(invented, Draw(), {}, retry=False).is_empty()
    assert usable_answers(invented, "drift", {}).is_empty()
    assert usable_answers(invented, "predictions", {}).height == 4


def test_a_scenario_that_failed_has_no_prompts(database: Database, tmp_path: Path) -> None:
    rows.add_dataset(database, "made", [("d0", "tone: curt", None)], "invented")
    rows.ingest(database, tmp_path, "scenarios", scenarios("d0", prompts=None, error="cut"))
    assert usable_answers(database).is_empty()


def test_equal_prompts_of_two_contexts_are_neither_conflict_nor_duplicate(
    invented: Database,
) -> None:
    found = assemble(invented, INVENTED, frozenset({OFF}), seed=0)
    assert found.rows.height == 4
    assert found.conflicts.is_empty()
    assert found.duplicates.is_empty()
    assert found.rows["context"].null_count() == 0


def test_a_key_on_a_cluster_overturns_what_its_members_were_written_for(
    invented: Database, tmp_path: Path
) -> None:
    off = export_labels(invented).filter(label=OFF)["answer_id"].to_list()
    rows.ingest(invented, tmp_path, "detectors", rows.detectors("d0"))
    rows.ingest(invented, tmp_path, "predictions", rows.predictions(dict.fromkeys(off, ON)))
    rows.ingest(invented, tmp_path, "members", rows.members({"c0": off}, label=OFF))
    record(invented, "ada", [Decision("label", cluster_id="c0", label=ON)])
    found = export_labels(invented)
    assert set(found.filter(pl.col("answer_id").is_in(off))["label_origin"]) == {
        "centroid", "propagated"
    }  # fmt: skip
    assert found.filter(label=ON).height == 4


def test_the_labels_that_answers_were_written_for_are_told(invented: Database) -> None:
    answers = usable_answers(invented)["answer_id"].head(3)
    found = meant_labels(invented, answers)
    assert found["answer_id"].to_list() == answers.to_list()
    assert set(found["label"]) <= {OFF, ON}


def test_prompts_of_a_benchmark_are_samples_with_the_dimensions_of_their_draw(
    database: Database, tmp_path: Path
) -> None:
    rows.add_dataset(database, "held", [("d0", "tone: curt", None)], "benchmark", "invented")
    with database.write() as cursor:
        cursor.execute("INSERT INTO sample_dimensions VALUES ('d0', 'tone', 'curt')")
    for part in range(2):
        rows.ingest(database, tmp_path, "scenarios", scenarios("d0"), part=part)
    samples = evaluation_samples(database, "held")
    assert samples.select("context", "text", "label").sort("label").rows() == [
        ("You help with d0", "Write me a poem.", OFF),
        ("You help with d0", "Which form is it?", ON),
    ]
    assert usable_answers(database).is_empty()
    with database.read() as cursor:
        assert cursor.rows("SELECT dimension, value FROM sample_dimensions WHERE sample_id <> 'd0'"
                           ) == [("tone", "curt")] * 2  # fmt: skip


def test_with_a_dataset_goes_what_was_invented_for_it(invented: Database) -> None:
    remove_dataset(invented, "made", with_answers=True)
    with invented.read() as cursor:
        assert cursor.number("SELECT count(*) FROM constructed_labels") == 0
    assert list_datasets(invented) == []
