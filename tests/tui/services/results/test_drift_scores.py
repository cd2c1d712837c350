"""Scores by group beside independent computations, on a store filled by hand."""

import statistics
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from store.database.connection import Database
from store.drift_scores import newest_config
from tests import rows
from tui.services.results.drift_scores import ScoredConfig, group_scores, read_config

ADVICE = rows.LABELS[0]
SCORES = {"a-s0": 0.9, "a-s1": 0.7, "a-s2": 0.8, "a-s3": 0.6, "a-s4": 0.5, "a-s5": 0.7}


@pytest.fixture
def scored(tmp_path: Path) -> Iterator[Database]:
    """Six advice seeds with scored answers."""
    names = [f"s{number}" for number in range(6)]
    with Database(tmp_path) as database:
        seeds = [(name, f"Seed {name}.", ADVICE) for name in names]
        rows.add_dataset(database, "seeds", seeds, "seed")
        rows.ingest(database, tmp_path, "queries", rows.queries(names))
        rows.ingest(database, tmp_path, "answers", rows.answers(names))
        rows.ingest(database, tmp_path, "drift", rows.drift(SCORES, floor=0.4))
        yield database


def test_drift_is_a_mean_with_the_interval_of_students_t(scored: Database) -> None:
    found, values = group_scores(scored, "c")[0], list(SCORES.values())
    assert (found.dataset, found.seed_label, found.predicted) == (None, None, 0)
    assert (found.n, found.f1.n, found.cut) == (6, 6, 0)
    assert found.f1.value == pytest.approx(statistics.mean(values))
    expected = ttest_1samp(values, 0).confidence_interval(0.95)
    assert found.f1.interval == pytest.approx((expected.low, expected.high))
    assert found.median == pytest.approx(statistics.median(values))
    quantiles = np.quantile(values, (0.05, 0.25, 0.75, 0.95))
    assert list(found.quantiles) == ["0.05", "0.25", "0.75", "0.95"]
    assert list(found.quantiles.values()) == pytest.approx(quantiles)
    assert found.floor_f1 == pytest.approx(0.4)
    assert found.rescaled_f1 == pytest.approx((0.7 - 0.4) / 0.6)


def test_drift_is_put_down_to_the_question_and_to_the_answer(scored: Database) -> None:
    everything = group_scores(scored, "c")[0]
    question, answer = everything.compared("query_seed"), everything.compared("answer_query")
    assert question is not None
    assert answer is not None
    assert question.f1.value == answer.f1.value == pytest.approx(0.85)
    assert everything.compared("answer_seed") is everything


def test_drift_comes_in_all_by_dataset_by_label_and_by_both(scored: Database) -> None:
    found = [(group.dataset, group.seed_label, group.n) for group in group_scores(scored, "c")]
    assert found == [
        (None, None, 6), (None, ADVICE, 6), ("seeds", None, 6), ("seeds", ADVICE, 6)
    ]  # fmt: skip


def test_configurations_are_never_mixed(scored: Database, tmp_path: Path) -> None:
    rows.ingest(scored, tmp_path, "drift", rows.drift({"a-s0": 0.1}, config="d"), part=1)
    (other, *_), (same, *_) = group_scores(scored, "d"), group_scores(scored, "c")
    assert (other.n, same.n) == (1, 6)
    assert other.f1.interval is None
    assert newest_config(scored) is not None


def test_an_empty_store_has_no_drift(tmp_path: Path) -> None:
    with Database(tmp_path) as database:
        assert read_config(database) == ScoredConfig(None, None)
        assert group_scores(database, "c") == []
