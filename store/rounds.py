"""Rounds: turns of the loop on a dataset of production, and how far each has come."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, Literal

from store.database.connection import Database
from store.database.cursor import Value
from store.database.served import served

Made = Literal["patterns_id", "recall_id", "seeds", "new_detector_id"]  # what a step leaves


@dataclass(frozen=True, slots=True)
class Round:
    """A turn of the loop: the deployed detector, the traffic it is of, and what each step made.

    The traffic is what was logged later than `after`, and not later than `until` (UTC); None where
    the log has no times. Keys for it are decisions after `decisions_before`. `patterns_id` and
    `recall_id` are selections, `seeds` is a dataset. `figures` are there once it is finished.
    """

    dataset: str
    number: int
    old_detector_id: str
    after: datetime | None
    until: datetime | None
    patterns_id: str | None
    recall_id: str | None
    seeds: str | None
    new_detector_id: str | None
    figures: Mapping[str, Any] | None
    decisions_before: int
    started_at: datetime
    finished_at: datetime | None


_FIELDS: Final = tuple(field.name for field in fields(Round))
_COLUMNS: Final = ", ".join(f'"{name}"' for name in _FIELDS)


@served
def list_rounds(database: Database, dataset: str | None = None) -> list[Round]:
    """The rounds of a dataset, or of all, in their order."""
    with database.read() as cursor:
        rows = cursor.rows(
            f"""SELECT {_COLUMNS} FROM rounds WHERE coalesce(dataset = ?, true)
            ORDER BY dataset, number""",
            [dataset],
        )
    return [_read(row) for row in rows]


def _read(row: tuple[Any, ...]) -> Round:
    named = dict(zip(_FIELDS, row, strict=True))
    figures = named.pop("figures")
    return Round(**named, figures=json.loads(figures) if figures else None)


@served
def begin_round(database: Database, dataset: str, old_detector_id: str) -> Round | None:
    """The round that is not finished, or a new one, of what was logged since the last.

    None where a guard has judged nothing since then; without times, all is taken to be since then.
    """
    with database.write() as cursor:
        found = cursor.rows(
            f"SELECT {_COLUMNS} FROM rounds WHERE dataset = ? AND finished_at IS NULL", [dataset]
        )
        if not found:
            cursor.execute(_BEGIN, [old_detector_id, database.now(), dataset])
            found = cursor.rows(
                f"SELECT {_COLUMNS} FROM rounds WHERE dataset = ? AND finished_at IS NULL",
                [dataset],
            )
    return _read(found[0]) if found else None


_BEGIN: Final = """
INSERT INTO rounds BY NAME
SELECT l.dataset, r.number + 1 AS number, $1 AS old_detector_id, r.until AS "after",
       max(logged_at) AS until, $2::TIMESTAMP AS started_at,
       (SELECT coalesce(max(decision_id), 0) FROM decisions) AS decisions_before
FROM log_records l, (SELECT coalesce(max(number), 0) AS number, max(until) AS until
                     FROM rounds WHERE dataset = $3) r
WHERE l.dataset = $3 AND verdict IN ('flagged', 'passed')
  AND (r.until IS NULL OR logged_at > r.until)
GROUP BY ALL
"""


@served
def note_made(database: Database, turn: Round, made: Made, value: str) -> None:
    """Note what a step of a round made; a second call with another value replaces it."""
    with database.write() as cursor:
        cursor.execute(
            f"UPDATE rounds SET {made} = ? WHERE dataset = ? AND number = ?",
            [value, turn.dataset, turn.number],
        )


@served
def finish_round(database: Database, turn: Round, figures: Mapping[str, Any]) -> None:
    """Keep the figures of a round; it is finished."""
    values: list[Value] = [json.dumps(dict(figures)), database.now(), turn.dataset, turn.number]
    with database.write() as cursor:
        cursor.execute(
            "UPDATE rounds SET figures = ?, finished_at = ? WHERE dataset = ? AND number = ?",
            values,
        )


@dataclass(frozen=True, slots=True)
class Traffic:
    """Records of a round's traffic: all that a guard spoke of, and those that it flagged."""

    records: int
    flagged: int


@served
def count_traffic(database: Database, turn: Round) -> Traffic:
    """What the guard logged in the time of a round."""
    with database.read() as cursor:
        row = cursor.one(
            f"""SELECT count(*), count(*) FILTER (verdict = 'flagged') FROM log_records
            WHERE dataset = ? AND verdict IN ('flagged', 'passed') AND {_WITHIN}""",
            [turn.dataset, turn.after, turn.after, turn.until, turn.until],
        )
    return Traffic(*row)


_WITHIN: Final = """(?::TIMESTAMP IS NULL OR logged_at > ?)
    AND (?::TIMESTAMP IS NULL OR logged_at <= ?)"""


@dataclass(frozen=True, slots=True)
class Keys:
    """Actions of annotators, and how long they took.

    Minutes are the sum of pauses between decisions, each of at most `LONGEST_PAUSE_S`.
    """

    actions: int
    minutes: float
    annotators: tuple[str, ...]


LONGEST_PAUSE_S: Final = 120


@served
def count_keys(database: Database, turn: Round) -> Keys:
    """The keys that were pressed since a round began, undo and redo among them."""
    with database.read() as cursor:
        actions, minutes, annotators = cursor.one(
            """WITH pressed AS (
                SELECT action_id, min(decided_at) AS pressed_at,
                       any_value(annotator) AS annotator
                FROM decisions WHERE decision_id > ? GROUP BY action_id),
            paused AS (
                SELECT annotator, epoch(pressed_at - lag(pressed_at) OVER (
                    PARTITION BY annotator ORDER BY pressed_at)) AS pause FROM pressed)
            SELECT count(*), coalesce(sum(least(pause, ?)) FILTER (pause IS NOT NULL), 0) / 60,
                   list_sort(list(DISTINCT annotator)) FROM paused""",
            [turn.decisions_before, LONGEST_PAUSE_S],
        )
    return Keys(actions, minutes, tuple(annotators or ()))


@served
def count_undecided(database: Database, selection_ids: Sequence[str], seeds: str | None) -> int:
    """The clusters that wait for a person: with answers of selections, or to a dataset of seeds."""
    with database.read() as cursor:
        return cursor.number(
            """WITH wanted AS (
                SELECT answer_id FROM selected_answers WHERE list_contains(?, selection_id)
                UNION ALL
                SELECT answer_id FROM answers JOIN queries USING (query_id)
                JOIN samples USING (sample_id) WHERE dataset = ?)
            SELECT count(DISTINCT cluster_id) FROM wanted JOIN members USING (answer_id)
            JOIN leaf_clusters USING (cluster_id) JOIN clusterings USING (clustering_id)
            WHERE active AND cluster_id NOT IN (SELECT cluster_id FROM cluster_decisions)""",
            [list(selection_ids), seeds],
        )
