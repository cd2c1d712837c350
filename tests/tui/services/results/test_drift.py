"""The figures of drift beside independent computations, on a store filled by hand."""

import statistics
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from scipy.stats import binomtest, ttest_rel

from store.database.connection import Database
from store.decisions import Decision, record
from store.drift_pairs import list_pairs, read_spread
from tests import rows
from tui.services.results.drift import read_drift

ADVICE, CONTENT, _ = rows.LABELS
SEEDS = [(f"s{n}", f"Seed {n}.", (ADVICE, CONTENT)[n % 2]) for n in range(8)]
SCORES = [0.9, 0.3, 0.55, 0.6, 0.45, 0.7, 0.8, 0.65]
LATER = [0.8, 0.5, 0.6, 0.9]  # of the first seeds, asked in another way


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Database]:
    """Eight seeds asked in one way, four of them in another; two clusters are labelled."""
    names = [name for name, *_ in SEEDS]
    first, others = names[: len(LATER)], [f"{name}-again" for name in names[: len(LATER)]]
    scores = {f"a-{name}": score for name, score in zip(names, SCORES, strict=True)}
    later = {f"a-{name}": score for name, score in zip(first, LATER, strict=True)}
    clusters = {"c0": [f"a-s{n}" for n in range(3)], "c1": [f"a-s{n}" for n in range(3, 8)]}
    other_way = rows.queries(others, template="other", template_digest="od").with_columns(
        sample_id=pl.Series(first, dtype=pl.String)
    )
    ids = pl.Series([f"a-{name}" for name in others])
    with Database(tmp_path) as database:
        rows.add_dataset(database, "seeds", SEEDS, "seed")
        for part, (table, frame) in enumerate(
            (
                ("queries", rows.queries(names)),
                ("queries", other_way),
                ("answers", rows.answers(names)),
                ("answers", rows.answers(others)),
                ("drift", rows.drift(scores, floor=0.25)),
                ("drift", rows.drift(later).with_columns(answer_id=ids)),
                ("members", rows.members(clusters)),
            )
        ):
            rows.ingest(database, tmp_path, table, frame, part=part)
        record(database, "ann", [Decision("label", "c0", label=ADVICE)])
        record(database, "ann", [Decision("label", "c1", label=CONTENT)])
        yield database


def test_labels_that_stay_have_wilsons_interval(filled: Database) -> None:
    whole, only = read_drift(filled).flow
    assert (whole.dataset, only.dataset, whole.n, whole.left) == (None, "seeds", 8, 4)
    advice = whole.from_[ADVICE]  # s0, s2, s4, s6; of which s0 and s2 are in the first cluster
    assert (advice.n, advice.to) == (4, {ADVICE: 2, CONTENT: 2})
    expected = binomtest(2, 4).proportion_ci(method="wilson")
    assert advice.stays is not None
    assert advice.stays.value == 0.5
    assert advice.stays.interval == pytest.approx((expected.low, expected.high))
    content = whole.from_[CONTENT].stays
    assert content is not None
    assert content.value == 0.75  # s1 alone has left
    share = whole.labels[CONTENT].share
    assert share is not None
    assert share.value == 5 / 8


def test_cluster_sizes_have_their_sample_deviation(filled: Database) -> None:
    (sizes,) = read_drift(filled).cluster_sizes
    assert (sizes.dataset, sizes.clusters, sizes.mean_size) == (None, 2, 4)
    assert sizes.deviation == pytest.approx(statistics.stdev([3, 5]))


def test_ways_of_asking_are_compared_on_the_seeds_they_share(filled: Database) -> None:
    drift = read_drift(filled)
    first, second = drift.ways
    assert (first.seeds, second.seeds) == (8, 4)
    assert second.query_template.startswith("other@")
    assert list(second.differs) == ["question template"]
    assert second.describe() == f"question template {second.query_template}"
    assert first.answer_seed == pytest.approx(statistics.mean(SCORES))
    (paired,) = [row for row in drift.paired if row.comparison == "answer_seed"]
    expected = ttest_rel(LATER, SCORES[: len(LATER)])
    interval = expected.confidence_interval(0.95)
    assert (paired.first, paired.second, paired.n) == (0, 1, 4)
    assert paired.p == pytest.approx(expected.pvalue, rel=1e-5)
    assert paired.difference.interval == pytest.approx((interval.low, interval.high), rel=1e-5)


def test_too_few_texts_for_a_test_have_no_figure(filled: Database) -> None:
    few = rows.two_sample("t", auc=None, low=None, high=None)
    rows.ingest(filled, filled.workspace, "two_sample", few, part=20)
    (test,) = read_drift(filled).production
    assert test.auc is None
    assert test.cut_tokens is None


def test_pairs_come_in_the_order_asked_for(filled: Database) -> None:
    def listed(order: str, **group: str) -> list[str]:
        found = list_pairs(filled, "c", order, limit=3, **group)  # type: ignore[arg-type]
        return [pair.answer_id for pair in found]

    assert listed("most drifted") == ["a-s1", "a-s4", "a-s1-again"]
    assert listed("least drifted", seed_label=ADVICE) == ["a-s0", "a-s0-again", "a-s6"]
    assert listed("most at odds") == ["a-s6", "a-s4", "a-s1"]  # another label than their seed
    assert listed("most drifted", dataset="nowhere") == []


def test_a_spread_counts_every_pair_once(filled: Database) -> None:
    spread = read_spread(filled, "c", "answer_seed")
    assert (sum(spread.pairs), sum(spread.floor)) == (12, 8)
    assert spread.pairs[15] == 1  # 0.3
    assert spread.floor[12] == 8  # 0.25
