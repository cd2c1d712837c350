"""What is left out of a training set: leaks, conflicts and duplicates, planted in a store."""

from pathlib import Path
from typing import Any

import pytest

from store.database.connection import Database
from store.datasets import split_dataset
from store.decisions import Decision, record
from store.errors import RecipeRefused
from store.recipes import Recipe
from store.training import TrainingSet, assemble
from tests import rows

ADVICE, CONTENT, GENERAL = rows.LABELS
TRUTH = "Adults over fifty should walk briskly for half an hour on most days of the week."
BOTH = ({"rows": "real"}, {"rows": "synthetic"})


def train_on(database: Database, *stages: dict[str, Any]) -> TrainingSet:
    recipe = {"name": "mine", "description": "", "stage": stages or [{"source": BOTH}]}
    return assemble(database, Recipe.model_validate(recipe), frozenset({ADVICE}), seed=0)


def answer(database: Database, folder: Path, texts: dict[str, str], label: str = ADVICE) -> None:
    """Give these samples an answer each, labelled."""
    rows.ingest(database, folder, "queries", rows.queries(list(texts)))
    for part, (name, text) in enumerate(texts.items()):
        rows.ingest(database, folder, "answers", rows.answers([name], text=text), part=part)
    labels = [Decision("label", answer_id=f"a-{name}", label=label) for name in texts]
    record(database, "ada", labels)


def test_planted_copies_are_left_out_each_with_the_benchmarks_row(
    database: Database, tmp_path: Path
) -> None:
    planted = {
        "exact": TRUTH,
        "cased": TRUTH.upper(),
        "edited": TRUTH.replace("half", "one"),
        "inside": f"The clinic opened in spring. {TRUTH} Nobody had expected so many visitors.",
        "own": "Iron tablets may upset the stomach when they are taken without any food.",
    }
    seeds = [(name, text, ADVICE) for name, text in planted.items()]
    rows.add_dataset(database, "d", seeds, "seed")
    bench = [("b0", "A passage about something else.", GENERAL), ("b1", TRUTH, ADVICE)]
    rows.add_dataset(database, "bench", bench, "benchmark")
    answer(database, tmp_path, {name: f"Reply {name} to it." for name in planted})
    found = train_on(database)
    assert found.rows["item_id"].to_list() == ["own", "a-own"]
    assert set(found.leaks["benchmark_id"]) == {"b1"}
    assert set(found.leaks["benchmark_text"]) == {TRUTH}
    texts = found.leaks.filter(leaked="text").select("item_id", "reason", "similarity").rows()
    assert texts == [
        ("cased", "equal", 1),
        ("edited", "near copy", pytest.approx(15 / 16)),
        ("exact", "equal", 1),
        ("inside", "contains it", 1),
    ]
    by_seed = found.leaks.filter(leaked="seed")
    assert by_seed["item_id"].to_list() == ["a-cased", "a-edited", "a-exact", "a-inside"]
    assert by_seed["leaked_text"].to_list()[2] == TRUTH


def test_an_answer_that_repeats_the_benchmark_is_left_out(
    database: Database, tmp_path: Path
) -> None:
    rows.add_dataset(database, "d", [(n, f"Seed {n}.", ADVICE) for n in "ab"], "seed")
    rows.add_dataset(database, "bench", [("b0", TRUTH, ADVICE)], "benchmark")
    answer(
        database, tmp_path, {"a": f"Yes, as I said before: {TRUTH.lower()}", "b": "Of course not."}
    )
    found = train_on(database)
    assert found.leaks.select("item_id", "leaked", "reason").rows() == [
        ("a-a", "text", "contains it")
    ]
    assert set(found.rows["item_id"]) == {"a", "b", "a-b"}


def test_answers_of_seeds_that_were_held_out_after_they_were_asked_are_leaks(
    database: Database, tmp_path: Path
) -> None:
    seeds = [(f"s{n}", f"Seed number {n} of them.", ADVICE) for n in range(6)]
    rows.add_dataset(database, "d", seeds, "seed")
    split_dataset(database, "d", 3, seed=0, name="held")  # while a job asks about all of them
    answer(database, tmp_path, {name: f"Reply to {name}." for name, *_ in seeds})
    with database.read() as cursor:
        held = {row[0] for row in cursor.rows("SELECT sample_id FROM samples WHERE dataset='held'")}
    found = train_on(database)
    assert set(found.leaks["item_id"]) == {f"a-{name}" for name in held}
    assert set(found.leaks["reason"]) == {"held out"}
    assert set(found.leaks["benchmark_id"]) == held
    assert len(found.rows) == 6


def test_a_split_keeps_a_seed_with_its_answers_and_a_group_together(
    database: Database, tmp_path: Path
) -> None:
    seeds = [(f"s{n}", f"Seed number {n} of them.", ADVICE) for n in range(12)]
    groups = {f"s{n}": f"document {n // 3}" for n in range(12)}
    rows.add_dataset(database, "d", seeds, "seed", groups=groups)
    answer(database, tmp_path, {"s0": "One.", "s3": "Two."})
    split_dataset(database, "d", 4, seed=0, name="held")
    found = train_on(database)
    assert {"s0", "a-s0", "s3", "a-s3"} <= set(found.rows["item_id"])
    assert found.leaks.is_empty()
    sides = {groups[name] for name in found.rows.filter(source="real")["item_id"]}
    assert sides == {"document 0", "document 1"}


def test_a_text_with_two_labels_is_left_out_wherever_it_stands_and_shown_with_both(
    database: Database, tmp_path: Path
) -> None:
    rows.add_dataset(database, "one", [("a", "Rest well.", ADVICE), ("b", "Sleep.", ADVICE)],
                     "seed")  # fmt: skip
    rows.add_dataset(database, "two", [("c", "REST  well.", CONTENT)], "train")
    answer(database, tmp_path, {"b": "rest well."}, GENERAL)
    real, synthetic = ({"source": [source]} for source in BOTH)
    with pytest.raises(RecipeRefused, match=r"Stage 2 .* selects no rows \(left out .*: 3 rows\)"):
        train_on(database, real, synthetic)
    found = train_on(database)
    assert found.rows["item_id"].to_list() == ["b"]
    shown = found.conflicts.select("conflict", "source", "dataset", "item_id", "label").rows()
    assert shown == [
        (1, "real", "one", "a", ADVICE),
        (1, "real", "two", "c", CONTENT),
        (1, "synthetic", "one", "a-b", GENERAL),
    ]


def test_a_text_that_is_there_twice_in_a_stage_is_kept_once_and_counted(
    database: Database, tmp_path: Path
) -> None:
    rows.add_dataset(database, "d", [("a", "Rest.", ADVICE), ("b", "Sleep.", ADVICE),
                                     ("c", " sleep. ", ADVICE)], "seed")  # fmt: skip
    answer(database, tmp_path, {"a": "SLEEP."})
    found = train_on(database)
    assert found.rows["item_id"].to_list() == ["a", "b"]
    again = found.duplicates.select("item_id", "kept_id").rows()
    assert again == [("c", "b"), ("a-a", "b")]
    stages = train_on(database, *({"source": [source]} for source in BOTH))
    assert stages.rows.select("stage", "item_id").rows() == [(0, "a"), (0, "b"), (1, "a-a")]


def test_a_stage_is_balanced_after_leaks_and_duplicates_are_gone(database: Database) -> None:
    seeds = [(f"a{n}", f"Advice {n}", ADVICE) for n in range(4)]
    seeds += [(f"c{n}", f"Content {n // 2}", CONTENT) for n in range(6)]
    rows.add_dataset(database, "d", seeds, "train")
    rows.add_dataset(database, "bench", [("b0", "content 0", CONTENT)], "benchmark")
    found = train_on(database, {"source": [{"rows": "real"}], "balance": "smallest-label"})
    assert found.counts().select("label", "rows").rows() == [(ADVICE, 2), (CONTENT, 2)]


def test_the_training_parameters_of_stages_are_handed_on(database: Database) -> None:
    rows.add_dataset(database, "d", [("a", "Rest.", ADVICE)], "train")
    source = [{"rows": "real"}]
    training = {"epochs": 3, "learning_rate": 1e-5}
    found = train_on(database, {"source": source}, {"source": source, "training": training})
    assert found.stage_settings == ({}, training)
