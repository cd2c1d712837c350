"""Draws of invented data: what scenarios are to be written from, and which have none yet.

A draw is a sample without a label in a dataset with the role "invented": its `text` is the draw in
words, `external_id` the digest of the problem, `line` the number of the draw. Its values are rows
of sample_dimensions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from store.database.connection import Database, check_columns
from store.database.served import served
from store.datasets import add_roles
from store.reading.options import Role
from store.reading.prepare import PREPARED
from store.schema import DIMENSIONS, SAMPLES

SOURCE: Final = "problem.toml"

# Draws of a problem that no scenario was written from; with the second value true, none that is
# right.
_DUE: Final = """
SELECT sample_id FROM samples
WHERE dataset = ? AND external_id = ? AND sample_id NOT IN (
    SELECT sample_id FROM queries WHERE error IS NULL OR NOT ?)
"""


@dataclass(frozen=True, slots=True)
class DueDraws:
    """Draws to write scenarios from (schema SAMPLES, by number), and their values (DIMENSIONS)."""

    samples: pl.DataFrame
    dimensions: pl.DataFrame


@dataclass(frozen=True, slots=True)
class DrawCount:
    """A dataset's draws: how many have a right scenario, only an error, or none yet."""

    dataset: str
    right: int
    failed: int
    waiting: int


@served
def add_draws(
    database: Database,
    dataset: str,
    roles: Sequence[Role],
    samples: pl.DataFrame,
    dimensions: pl.DataFrame,
) -> None:
    """Put draws (schema PREPARED) and their values (DIMENSIONS) into a dataset, all or none.

    Raises ImportRefused where the dataset cannot have these roles.
    """
    check_columns(samples, PREPARED, "the draws")
    check_columns(dimensions, DIMENSIONS, "the draws' values")
    with database.write() as cursor:
        add_roles(cursor, dataset, roles)
        cursor.insert("samples", samples)
        cursor.insert("sample_dimensions", dimensions)


@served
def next_number(database: Database, dataset: str) -> int:
    """The number of a dataset's next draw; 0 for the first."""
    with database.read() as cursor:
        return cursor.number(
            "SELECT coalesce(max(line) + 1, 0) FROM samples WHERE dataset = ? AND source = ?",
            [dataset, SOURCE],
        )


@served
def due_draws(
    database: Database, dataset: str, problem_digest: str, limit: int | None, *, retry: bool
) -> DueDraws:
    """The first draws of a problem without a scenario; with `retry`, without one that is right."""
    with database.read() as cursor:
        samples = cursor.frame(
            f"""SELECT {", ".join(SAMPLES)} FROM samples WHERE sample_id IN ({_DUE})
            ORDER BY line LIMIT {"ALL" if limit is None else int(limit)}""",
            [dataset, problem_digest, retry],
        ).cast(SAMPLES)
        with cursor.view("due", samples.select("sample_id")):
            dimensions = cursor.frame(
                """SELECT sample_id, dimension, "value" FROM sample_dimensions
                WHERE sample_id IN (SELECT sample_id FROM due) ORDER BY ALL"""
            ).cast(DIMENSIONS)
    return DueDraws(samples, dimensions)


@served
def count_left(database: Database, dataset: str, problem_digest: str) -> tuple[int, int]:
    """A dataset's draws of earlier problems without a scenario, and those of this that failed."""
    with database.read() as cursor:
        earlier = cursor.number(
            """SELECT count(*) FROM samples WHERE dataset = ? AND source = ? AND external_id <> ?
              AND sample_id NOT IN (SELECT sample_id FROM queries)""",
            [dataset, SOURCE, problem_digest],
        )
        due, unasked = (
            cursor.number(f"SELECT count(*) FROM ({_DUE})", [dataset, problem_digest, retry])
            for retry in (True, False)
        )
    return earlier, due - unasked


@served
def count_draws(database: Database) -> list[DrawCount]:
    """The draws of every dataset, by its name."""
    with database.read() as cursor:
        rows = cursor.rows(
            """WITH asked AS (
                SELECT sample_id, bool_or(error IS NULL) AS is_right FROM queries GROUP BY ALL)
            SELECT dataset, count(*) FILTER (is_right), count(*) FILTER (NOT is_right),
                   count(*) FILTER (is_right IS NULL)
            FROM samples LEFT JOIN asked USING (sample_id) WHERE source = ?
            GROUP BY dataset ORDER BY dataset""",
            [SOURCE],
        )
    return [DrawCount(*row) for row in rows]
