"""Comparisons with production: the texts there are, and which figures count."""

from datetime import timedelta
from pathlib import Path

from store.database.connection import Database
from store.two_sample import newest_two_sample, production_samples
from tests import rows


def test_only_datasets_with_the_role_are_production(database: Database) -> None:
    rows.add_dataset(database, "seeds", [("s0", "A seed.", None)], "seed")
    rows.add_dataset(database, "real", [("p0", "Real.", None)], "production", "train")
    assert production_samples(database)["sample_id"].to_list() == ["p0"]


def test_the_newest_figure_of_each_kind_counts(tmp_path: Path) -> None:
    moment = rows.NOON
    with Database(tmp_path, clock=lambda: moment) as database:
        given: list[tuple[str, dict[str, object]]] = [
            ("j1", {"auc": 0.9}),
            ("j1", {"compared": "seeds", "auc": None, "low": None, "high": None}),
            ("j1", {"matched": True, "auc": 0.6}),
            ("j2", {"auc": 0.7}),
        ]
        for number, (job, columns) in enumerate(given):
            moment += timedelta(hours=1)
            frame = rows.two_sample(f"t{number}", job_id=job, **columns)
            rows.ingest(database, tmp_path, "two_sample", frame, part=number, job_id=job)
        found = newest_two_sample(database)
    assert [(one.compared, one.matched, one.auc) for one in found] == [
        ("seeds", False, None), ("answers", False, 0.7), ("answers", True, 0.6),
    ]  # fmt: skip


def test_the_same_figure_taken_in_twice_is_one_row(database: Database, tmp_path: Path) -> None:
    for part in range(2):
        rows.ingest(database, tmp_path, "two_sample", rows.two_sample("t"), part=part)
    assert len(newest_two_sample(database)) == 1
