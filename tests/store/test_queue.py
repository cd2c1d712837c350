from pathlib import Path

import polars as pl
import pytest

from store.clusters import list_clusters
from store.database.connection import Database
from store.decisions import Decision, record
from store.observed import SELECTED, read_selected, select_observed
from store.queue import draw_candidates, labelled_texts, read_predictions, read_queued
from tests import rows
from tests.rows import LABELS, add_dataset, add_records, frame, ingest

TEXTS = [(f"s{number}", f"Text {number}", None) for number in range(6)]


@pytest.fixture
def live(database: Database) -> Database:
    """A dataset of production: six rows, one whose text another has too, and a blank one."""
    more = [("copy", "Text 0", None), ("blank", " \n", None)]
    add_dataset(database, "live", [*TEXTS, *more], "production")
    return database


def select(database: Database, *sample_ids: str, strata: tuple[int, ...] = ()) -> str:
    chosen = [
        {"sample_id": name, "stratum": stratum}
        for name, stratum in zip(sample_ids, strata or (0,) * len(sample_ids), strict=True)
    ]
    return select_observed(database, "live", "queue", frame(SELECTED, chosen), {"n": sample_ids})


def test_rows_wait_that_have_words_and_no_selection_has(live: Database) -> None:
    before = draw_candidates(live, "live", 100, seed=0)
    assert before.waiting == 7
    assert not before.rows["is_known"].any()

    select(live, "s0", "s1")
    found = draw_candidates(live, "live", 100, seed=0)
    assert found.waiting == 5
    assert sorted(found.rows["sample_id"]) == ["copy", "s2", "s3", "s4", "s5"]
    assert found.rows.filter("is_known")["sample_id"].to_list() == ["copy"]


def test_rows_are_drawn_in_an_order_of_their_own_for_each_seed(live: Database) -> None:
    orders = [draw_candidates(live, "live", 100, seed).rows["sample_id"] for seed in range(40)]

    assert len({tuple(order) for order in orders}) > 30
    assert {order[0] for order in orders} == set(orders[0])
    few = draw_candidates(live, "live", 3, seed=7)
    assert few.rows["sample_id"].to_list() == orders[7][:3].to_list()
    assert few.waiting == 7


def test_predictions_are_those_of_one_evaluation_without_failed_rows(
    live: Database, tmp_path: Path
) -> None:
    said = [("s0", LABELS[0], LABELS[0]), ("s1", LABELS[0], LABELS[1]), ("s2", LABELS[0], None)]
    sure = pl.Series([[0.9, 0.1], [0.2, 0.8], None], dtype=pl.List(pl.Float32))
    ingest(live, tmp_path, "detectors", rows.detectors("d1"))
    evaluated = rows.evaluation(said, detector_id="d1", dataset="live")
    ingest(live, tmp_path, "evaluation_rows", evaluated.with_columns(probabilities=sure))

    found = read_predictions(live, "e-d1-live", ["s1", "s2", "s5"])

    assert found.select("sample_id", "label").rows() == [("s1", LABELS[1])]
    assert found["probabilities"][0].to_list() == pytest.approx([0.2, 0.8])


def test_a_queue_says_what_was_said_of_the_very_text(database: Database, tmp_path: Path) -> None:
    add_records(database, "live", [{"verdict": "flagged"}, {}, {"verdict": None}])
    selection = select(database, "r2", "r0", "r1", strata=(1, 0, 1))
    answers = read_selected(database, selection)["answer_id"].to_list()
    clusters = {f"c{place}": [name] for place, name in enumerate(answers)}
    ingest(database, tmp_path, "members", rows.members(clusters))
    decisions = [
        Decision("label", cluster_id="c0", label=LABELS[0]),
        Decision("skip", cluster_id="c1"),
    ]
    record(database, "ann", decisions)

    found = read_queued(database, selection)

    assert found["answer_id"].to_list() == answers
    assert found.select("is_flagged", "stratum", "label", "is_put_off").rows() == [
        (None, 1, LABELS[0], False),
        (True, 0, None, True),
        (False, 1, None, False),
    ]
    known = labelled_texts(database, 10, seed=0)
    assert known.rows() == [(answers[0], "Text 2.", None)]


def test_single_rows_are_listed_as_they_are_queued_the_newest_queue_first(
    live: Database, tmp_path: Path
) -> None:
    ids = [
        read_selected(live, select(live, *names))["answer_id"].to_list()
        for names in (("s3", "s1"), ("s4", "s0", "s2"))
    ]
    clusters = {f"c-{name}": [name] for name in sorted([*ids[0], *ids[1]])}
    ingest(live, tmp_path, "members", rows.members(clusters))

    found = list_clusters(live)

    assert [item.representative_id for item in found] == [*ids[1], *ids[0]]
    assert [item.place for item in found] == [1, 2, 3, 4, 5]
