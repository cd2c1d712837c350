"""Texts of each period, and how those of two differ."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store.database.connection import Database
from store.removal import remove_dataset
from store.traffic import draw_texts, list_traffic
from tests import rows

NINE, TEN = datetime(2026, 1, 1, 9), datetime(2026, 1, 1, 10)


@pytest.fixture
def live(database: Database) -> Database:
    rows.add_records(
        database,
        "live",
        [
            *({"logged_at": NINE + timedelta(minutes=number)} for number in range(5)),
            {"record_id": "gone", "logged_at": TEN, "missing": "redacted"},
            {"record_id": "blank", "logged_at": TEN, "text": " …"},
            {"record_id": "kept", "logged_at": TEN, "text": "Rest well."},
            {"record_id": "undated", "logged_at": None},
        ],
    )
    return database


def test_so_many_texts_with_words_are_drawn_of_each_period(live: Database) -> None:
    found = draw_texts(live, "live", [NINE, TEN], 3)
    assert found.rows() == [
        ("r0", NINE, "Text 0."), ("r1", NINE, "Text 1."), ("r2", NINE, "Text 2."),
        ("kept", TEN, "Rest well."),
    ]  # fmt: skip


def test_the_newest_figure_of_a_pair_counts_and_goes_with_its_dataset(tmp_path: Path) -> None:
    moment = rows.NOON
    with Database(tmp_path, clock=lambda: moment) as database:
        rows.add_dataset(database, "live", [("s0", "A text.", None)], "production")
        for part, (job_id, auc) in enumerate((("j1", 0.5), ("j2", 0.7))):
            moment += timedelta(hours=1)
            frame = rows.traffic(f"t{part}", job_id=job_id, auc=auc)
            rows.ingest(database, tmp_path, "traffic", frame, part=part, job_id=job_id)
        assert [figure.auc for figure in list_traffic(database, "live")] == [0.7]
        remove_dataset(database, "live")
        assert list_traffic(database, "live") == []
