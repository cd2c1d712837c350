from pathlib import Path

import polars as pl
import pytest

from store.attempts import next_attempt
from store.database.connection import Database
from store.origins import read_pairs
from store.pairs import (
    Draw,
    due_for_clustering,
    due_queries,
    due_samples,
    unlabelled_samples,
    usable_answers,
)
from tests import rows

WAY = {"model": "m", "template_digest": "td", "sampling": "{}"}


@pytest.fixture
def seeded(database: Database) -> Database:
    """A hundred seeds in two datasets, a fifth of the first advice, the second unlabelled."""
    first = [
        (f"x{n}", f"Text {n}.", "health-advice" if n % 5 == 0 else "health-content")
        for n in range(60)
    ]
    rows.add_dataset(database, "first", first, "seed")
    rows.add_dataset(database, "second", [(f"y{n}", f"More {n}.", None) for n in range(40)], "seed")
    rows.add_dataset(database, "bench", [("b0", "Held out.", "health-advice")], "benchmark")
    return database


def draw(database: Database, **options: object) -> pl.DataFrame:
    return due_samples(database, Draw(**options), WAY, retry=False)  # type: ignore[arg-type]


def test_only_seeds_are_due_never_a_benchmark(seeded: Database) -> None:
    found = draw(seeded)
    assert found.height == 100
    assert "b0" not in found["sample_id"]


def test_a_draw_keeps_the_shares_of_datasets_and_labels(seeded: Database) -> None:
    found = draw(seeded, total=50)
    shares = dict(found.group_by("dataset", "label").len().select(
        pl.concat_str("dataset", pl.col("label").fill_null("none"), separator="/"), "len"
    ).rows())  # fmt: skip
    assert shares == {
        "first/health-advice": 6, "first/health-content": 24, "second/none": 20
    }  # fmt: skip


def test_a_larger_draw_holds_the_smaller_and_another_seed_draws_others(seeded: Database) -> None:
    small, large = set(draw(seeded, total=10)["sample_id"]), draw(seeded, total=30)["sample_id"]
    assert small <= set(large)
    assert set(draw(seeded, total=10)["sample_id"]) == small
    assert set(draw(seeded, total=10, seed=1)["sample_id"]) != small


@pytest.mark.parametrize("order", ["random", "first"])
def test_a_limit_takes_the_next_seeds_that_are_due_in_the_same_order(
    seeded: Database, tmp_path: Path, order: str
) -> None:
    ten = draw(seeded, total=10, order=order)["sample_id"].to_list()
    four = draw(seeded, limit=4, order=order)["sample_id"].to_list()
    assert four == ten[:4]
    rows.ingest(seeded, tmp_path, "queries", rows.queries(four))
    assert draw(seeded, limit=4, order=order)["sample_id"].to_list() == ten[4:8]
    assert draw(seeded, total=4, order=order).is_empty()
    assert draw(seeded, total=6, limit=9, order=order)["sample_id"].to_list() == ten[4:6]


def test_a_draw_can_be_narrowed_by_dataset_and_label_or_taken_in_file_order(
    seeded: Database,
) -> None:
    advice = draw(seeded, datasets=("first",), labels=("health-advice",))
    assert advice.height == 12
    first = draw(seeded, datasets=("second",), total=3, order="first")
    assert first["sample_id"].to_list() == ["y0", "y1", "y2"]


def test_a_seed_is_due_again_only_in_another_way_or_when_errors_are_retried(
    seeded: Database, tmp_path: Path
) -> None:
    rows.ingest(seeded, tmp_path, "queries", rows.queries(["x0"]))
    failed = rows.queries(["x1"], error="refused", text=None, raw=None)
    rows.ingest(seeded, tmp_path, "queries", failed, part=1)
    assert {"x0", "x1"}.isdisjoint(draw(seeded)["sample_id"])
    retried = due_samples(seeded, Draw(), WAY, retry=True)["sample_id"]
    assert "x1" in retried
    assert "x0" not in retried
    assert next_attempt(seeded, "queries") == 2
    assert next_attempt(seeded, "answers") == 1
    other = due_samples(seeded, Draw(), {**WAY, "template_digest": "other"}, retry=False)
    assert other.height == 100


def test_queries_are_due_for_each_answer_model_and_only_usable_ones(
    seeded: Database, tmp_path: Path
) -> None:
    rows.ingest(seeded, tmp_path, "queries", rows.queries(["x0", "x1"]))
    unusable = rows.queries(["x2"], text="")
    rows.ingest(seeded, tmp_path, "queries", unusable, part=1)
    rows.ingest(seeded, tmp_path, "answers", rows.answers(["x0"]))
    due = due_queries(seeded, Draw(), WAY, retry=False)["query_id"].to_list()
    other = due_queries(seeded, Draw(), {**WAY, "model": "other"}, retry=False)["query_id"]
    assert due == ["q-x1"]
    assert other.to_list() == ["q-x0", "q-x1"]


def test_answers_are_due_for_prediction_clustering_and_drift_until_they_have_it(
    labelled: Database, tmp_path: Path
) -> None:
    more = ["s6", "s7"]
    rows.add_dataset(labelled, "more", [(name, name, None) for name in more], "seed")
    rows.ingest(labelled, tmp_path, "queries", rows.queries(more), part=1)
    rows.ingest(labelled, tmp_path, "answers", rows.answers(["s6"]), part=1)
    rows.ingest(labelled, tmp_path, "answers", rows.answers(["s7"], text=" "), part=2)
    predicted = {"detector_id": "d0"}

    def unpredicted() -> list[str]:
        found = usable_answers(labelled, "predictions", predicted, only_worded=True)
        return found["answer_id"].to_list()

    assert unpredicted() == ["a-s6"]
    assert "a-s7" in usable_answers(labelled, "predictions", predicted)["answer_id"]
    assert usable_answers(labelled, only_worded=True).height == 7
    assert usable_answers(labelled, "predictions", {"detector_id": None}).height == 8
    rows.ingest(
        labelled, tmp_path, "predictions", rows.predictions({"a-s6": "health-advice"}), part=1
    )
    assert unpredicted() == []
    assert due_for_clustering(labelled, "d0")["item_id"].to_list() == ["a-s6"]
    rows.ingest(labelled, tmp_path, "drift", rows.drift({"a-s6": 0.5}))
    scored, elsewhere = (
        usable_answers(labelled, "drift", {"config_hash": config})["answer_id"]
        for config in ("c", "another configuration")
    )
    assert "a-s6" not in scored
    assert "a-s6" in elsewhere


def test_what_is_made_in_one_way_only_is_lacking_until_there_is_a_row(
    labelled: Database, tmp_path: Path
) -> None:
    rows.ingest(labelled, tmp_path, "drift", rows.drift({"a-s0": 0.5}))
    lacking = usable_answers(labelled, "drift")["answer_id"].to_list()
    assert lacking == [f"a-s{number}" for number in range(1, 6)]


def test_a_column_that_a_table_lacks_is_no_way_of_being_made(labelled: Database) -> None:
    with pytest.raises(KeyError, match="config"):
        usable_answers(labelled, "drift", {"config": "c", "configuration": "c"})


def test_an_unlabelled_seed_takes_its_prediction_as_label_and_says_so(
    seeded: Database, tmp_path: Path
) -> None:
    rows.ingest(seeded, tmp_path, "detectors", rows.detectors("d0"))
    predicted = rows.predictions({"y0": "health-advice"}, kind="sample")
    rows.ingest(seeded, tmp_path, "predictions", predicted)
    rows.ingest(seeded, tmp_path, "queries", rows.queries(["y0", "x0"]))
    rows.ingest(seeded, tmp_path, "answers", rows.answers(["y0", "x0"]))
    first, second = read_pairs(seeded, ["a-y0", "a-x0"])
    assert (first.seed_label, first.seed_label_origin) == ("health-advice", "predicted")
    assert (second.seed_label, second.seed_label_origin) == ("health-advice", "given")
    assert unlabelled_samples(seeded, "d0").height == 39
