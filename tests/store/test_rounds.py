"""Rounds, and how far each has come."""

from datetime import UTC, datetime

import pytest

from store.database.connection import Database
from store.decisions import Decision, record
from store.rounds import (
    Round,
    Traffic,
    begin_round,
    count_keys,
    count_traffic,
    finish_round,
    list_rounds,
    note_made,
)


def log(database: Database, *records: tuple[str, int, str | None]) -> None:
    """Records of live: id, hour of the day, verdict."""
    with database.write() as cursor:
        for record_id, hour, verdict in records:
            cursor.execute(
                """INSERT INTO log_records BY NAME SELECT ? AS record_id, 'live' AS dataset,
                ?::TIMESTAMP AS logged_at, ? AS verdict, [] AS categories, 'l' AS source,
                1 AS line""",
                [record_id, datetime(2026, 1, 1, hour, tzinfo=UTC).replace(tzinfo=None), verdict],
            )


def begun(database: Database, old_detector_id: str = "old") -> Round:
    turn = begin_round(database, "live", old_detector_id)
    assert turn is not None
    return turn


def test_a_round_goes_on_until_it_is_finished(database: Database) -> None:
    log(database, ("a", 1, "flagged"))
    first = begun(database)
    note_made(database, first, "seeds", "failures")

    log(database, ("b", 2, "passed"))

    assert begun(database, "other").seeds == "failures"
    finish_round(database, first, {"keys": 3})
    second = begun(database, "new")
    assert (second.number, second.old_detector_id, second.seeds) == (2, "new", None)
    assert [item.figures for item in list_rounds(database, "live")] == [{"keys": 3}, None]


def test_a_round_is_of_what_was_logged_since_the_last(database: Database) -> None:
    log(database, ("a", 1, "flagged"), ("b", 2, "passed"), ("c", 2, "failed"), ("d", 2, None))
    first = begun(database)
    log(database, ("e", 3, "flagged"))
    assert count_traffic(database, first) == Traffic(2, 1)

    finish_round(database, first, {})
    second = begun(database)
    assert count_traffic(database, second) == Traffic(1, 1)
    log(database, ("f", 4, "passed"))
    assert count_traffic(database, second) == Traffic(1, 1)


def test_traffic_without_times_is_that_of_each_round(database: Database) -> None:
    with database.write() as cursor:
        cursor.execute(
            """INSERT INTO log_records BY NAME SELECT 'a' AS record_id, 'live' AS dataset,
            'flagged' AS verdict, [] AS categories, 'l' AS source, 1 AS line"""
        )
    assert count_traffic(database, begun(database)) == Traffic(1, 1)


def test_keys_are_those_since_the_round_began(database: Database) -> None:
    log(database, ("a", 1, "flagged"))
    record(database, "me", [Decision("label", answer_id="x", label="a")])
    turn = begun(database)
    assert count_keys(database, turn).actions == 0

    labels = [Decision("label", answer_id=name, label="a") for name in "yz"]
    record(database, "me", labels)  # one key
    record(database, "auto", [Decision("label", answer_id="w", label="a")])
    keys = count_keys(database, turn)
    assert (keys.actions, keys.annotators) == (2, ("auto", "me"))
    assert keys.minutes == pytest.approx(0)


def test_nothing_logged_since_the_last_round_begins_none(database: Database) -> None:
    assert begin_round(database, "live", "old") is None
    log(database, ("a", 1, "passed"), ("b", 2, None))
    finish_round(database, begun(database), {})
    assert begin_round(database, "live", "old") is None
