"""Drift by job, on a store filled by hand."""

from pathlib import Path

import polars as pl
import pytest
from scipy.stats import ttest_1samp

from store.database.connection import Database
from tests import rows
from tui.services.results.drift_over_time import read_over_time

FIRST, LATER = "20260102-1", "20260103-1"
SCORES = {"s0": 0.9, "s1": 0.7, "s2": 0.8, "s3": 0.6, "s4": 0.5, "s5": 0.7}
DATASETS = {"one": ["s0", "s1", "s2"], "two": ["s3", "s4", "s5"]}
JOBS = {LATER: ["s0", "s1", "s3"], FIRST: ["s2", "s4", "s5"]}


def test_each_job_has_its_answers_by_dataset_in_the_order_of_time(tmp_path: Path) -> None:
    with rows.standing_clock(), Database(tmp_path) as database:
        for dataset, names in DATASETS.items():
            seeds = [(name, name, None) for name in names]
            rows.add_dataset(database, dataset, seeds, "seed")
        rows.ingest(database, tmp_path, "queries", rows.queries(list(SCORES)))
        for job_id, names in JOBS.items():
            answers = rows.answers(names, job_id=job_id)
            rows.ingest(database, tmp_path, "answers", answers, job_id=job_id)
        drift = rows.drift({f"a-{name}": score for name, score in SCORES.items()})
        rows.ingest(database, tmp_path, "drift", drift)
        other = rows.drift({"a-s0": 0.1}, config="other")
        rows.ingest(database, tmp_path, "drift", other, part=1)
        found = read_over_time(database, "c")
    assert [(job.job_id, job.dataset, job.answers) for job in found] == [
        (LATER, None, 3), (LATER, "one", 2), (LATER, "two", 1),
        (FIRST, None, 3), (FIRST, "one", 1), (FIRST, "two", 2),
    ]  # fmt: skip
    assert all(job.began_at is not None for job in found)
    whole = found[0].answer_seed
    assert whole is not None
    values = [SCORES[name] for name in JOBS[LATER]]
    expected = ttest_1samp(values, 0).confidence_interval(0.95)
    assert whole.value == pytest.approx(sum(values) / 3)
    assert whole.interval == pytest.approx((expected.low, expected.high), rel=1e-5)
    alone = found[2].answer_seed
    assert alone is not None
    assert alone.value == pytest.approx(0.6)
    assert alone.interval is None


def test_an_answer_whose_job_is_not_in_the_ledger_has_no_time(tmp_path: Path) -> None:
    with Database(tmp_path) as database:
        rows.add_dataset(database, "one", [("s0", "s0", None)], "seed")
        rows.ingest(database, tmp_path, "queries", rows.queries(["s0"]))
        answers = rows.answers(["s0"]).with_columns(job_id=pl.lit("elsewhere"))
        rows.ingest(database, tmp_path, "answers", answers)
        rows.ingest(database, tmp_path, "drift", rows.drift({"a-s0": 0.5}))
        found = read_over_time(database, "c")
    assert [(job.job_id, job.began_at) for job in found] == [("elsewhere", None)] * 2
