"""Records of logs by period, guard and category."""

from datetime import datetime

import pytest

from store.database.connection import Database
from store.interventions import count_categories, count_verdicts, hours_logged, list_logged
from tests.rows import add_dataset, add_records

NINE, TEN = datetime(2026, 1, 1, 9), datetime(2026, 1, 1, 10)


@pytest.fixture
def live(database: Database) -> Database:
    add_records(
        database,
        "live",
        [
            {"logged_at": datetime(2026, 1, 1, 9, 59, 59), "verdict": "flagged",
             "categories": ["S1", "S2", "S1"], "feedback": "wrong"},
            {"logged_at": TEN, "verdict": "flagged", "missing": "redacted"},
            {"logged_at": TEN, "verdict": "failed", "missing": "absent"},
            {"logged_at": TEN, "verdict": None, "guard": None, "guard_version": None},
            {"logged_at": TEN, "guard_version": "2"},
            {"logged_at": None, "verdict": "flagged", "categories": ["S1"]},
        ],
    )  # fmt: skip
    add_records(database, "other", [{"record_id": "other", "logged_at": TEN}])
    add_dataset(database, "plain", [("p0", "A text.", None)], "production")
    return database


def test_only_datasets_of_a_log_are_listed(live: Database) -> None:
    assert list_logged(live) == ["live", "other"]


def test_the_hours_are_those_in_which_anything_was_logged(live: Database) -> None:
    assert hours_logged(live, "live") == [NINE, TEN]
    assert hours_logged(live, "plain") == []


def test_records_are_counted_by_period_guard_and_verdict(live: Database) -> None:
    found = count_verdicts(live, "live", [NINE, TEN])
    assert found.rows() == [
        (None, "guard", "1", 1, 1, 0, 0, 0, 0, 0),
        (NINE, "guard", "1", 1, 1, 0, 0, 0, 0, 1),
        (TEN, None, None, 1, 0, 0, 0, 0, 0, 0),
        (TEN, "guard", "1", 2, 1, 0, 1, 1, 1, 0),
        (TEN, "guard", "2", 1, 0, 1, 0, 0, 0, 0),
    ]


def test_a_record_of_several_categories_counts_once_in_each(live: Database) -> None:
    found = count_categories(live, "live", [NINE, TEN])
    assert found.rows() == [(None, "S1", 1), (NINE, "S1", 1), (NINE, "S2", 1), (TEN, None, 1)]


def test_a_dataset_without_a_log_has_no_periods(live: Database) -> None:
    assert count_verdicts(live, "plain", []).is_empty()
