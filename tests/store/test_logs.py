"""Records of logs, and their texts as samples."""

import pytest

from store.database.connection import Database
from store.datasets import list_datasets
from store.logs import count_missing
from store.removal import remove_dataset
from store.renaming import rename_dataset
from tests.rows import add_records


@pytest.fixture
def live(database: Database) -> Database:
    add_records(
        database,
        "live",
        [{"verdict": "flagged"}, {"missing": "redacted"}, {"conversation": "c"}],
    )
    return database


def records(database: Database, dataset: str) -> int:
    with database.read() as cursor:
        return cursor.number("SELECT count(*) FROM log_records WHERE dataset = ?", [dataset])


def test_a_record_with_a_text_is_a_sample_of_the_same_id(live: Database) -> None:
    with live.read() as cursor:
        rows = cursor.rows(
            """SELECT sample_id, text, verdict, group_key FROM samples
            JOIN log_records ON record_id = sample_id ORDER BY sample_id"""
        )

    assert rows == [("r0", "Text 0.", "flagged", None), ("r2", "Text 2.", "passed", "c")]


def test_records_without_a_text_are_counted(live: Database) -> None:
    assert count_missing(live) == {"live": 1}
    assert [item.rows for item in list_datasets(live)] == [2]


def test_records_go_with_their_dataset_also_those_without_a_text(live: Database) -> None:
    remove_dataset(live, "live")

    assert records(live, "live") == 0
    assert list_datasets(live) == []


def test_records_follow_their_dataset_to_another_name(live: Database) -> None:
    rename_dataset(live, "live", "chat")

    assert (records(live, "live"), records(live, "chat")) == (0, 3)
