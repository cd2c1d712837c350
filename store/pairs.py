"""Which queries and answers are due for which stage."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal

import polars as pl

from store.database.connection import Database
from store.database.cursor import Cursor, Value
from store.database.served import served
from store.schema import ANSWERS, PARTS, PREDICTIONS, QUERIES, SAMPLES

Order = Literal["random", "first"]
Made = Mapping[str, str | None]
"""The columns, and their values, by which rows count as made in one way; others are other rows."""


@dataclass(frozen=True, slots=True)
class Draw:
    """Which seed samples to take; `seed` is for order "random".

    `total` is how many are drawn, `limit` how many of those that are due are taken; None is all.
    """

    datasets: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    limit: int | None = None
    total: int | None = None
    order: Order = "random"
    seed: int = 0


_DRAWN = """
WITH pool AS (
    SELECT s.sample_id, s.dataset, l.label, s.source, s.line,
           sha256(concat(?, s.sample_id)) AS lot
    FROM samples s JOIN sample_labels l USING (sample_id)
    WHERE s.dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'seed')
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?, s.dataset))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?, l.label))),
placed AS (
    SELECT *, (row_number() OVER (stratum ORDER BY lot) - 0.5) / count(*) OVER (stratum) AS place
    FROM pool WINDOW stratum AS (PARTITION BY dataset, label)),
drawn AS (SELECT * FROM placed ORDER BY {order} LIMIT {total})
"""
_ORDERS = {"random": "place, lot", "first": "source, line, sample_id"}
_UNASKED = """(sample_id IN (SELECT sample_id FROM sent_back) OR sample_id NOT IN (
    SELECT sample_id FROM queries
    WHERE {made} AND (error IS NULL OR NOT ?)))
"""


@served
def drawn_samples(database: Database, draw: Draw) -> pl.DataFrame:
    """Drawn seeds, whatever was made of them (schema SAMPLES); the draw's limit is ignored."""
    order, total = _ORDERS[draw.order], "ALL" if draw.total is None else int(draw.total)
    with database.read() as cursor:
        return cursor.frame(
            f"""{_DRAWN.format(order=order, total=total)}
            SELECT sample_id, dataset, text, label, context FROM drawn
            JOIN (SELECT sample_id, text, context FROM samples) USING (sample_id)
            ORDER BY {order}""",
            _draw_values(draw),
        ).cast(SAMPLES)


@served
def due_samples(database: Database, draw: Draw, made: Made, *, retry: bool) -> pl.DataFrame:
    """Drawn seeds that have no query made so (schema SAMPLES).

    A random draw is stratified by dataset and label in proportion to their sizes, and nested: a
    larger total with the same seed holds the smaller one. With `retry`, seeds whose queries made
    so all have an error are due too; those that were sent back are in any case.
    """
    order, total = _ORDERS[draw.order], _limit(draw.total)
    unasked = _UNASKED.format(made=_is_made(made, "queries"))
    asked: list[Value] = [*made.values(), retry]
    with database.read() as cursor:
        if not cursor.number(f"SELECT count(*) FROM samples WHERE {unasked}", asked):
            total = "0"  # a draw from a million samples takes seconds
        return cursor.frame(
            f"""{_DRAWN.format(order=order, total=total)}
            SELECT sample_id, dataset, text, label, context FROM drawn
            JOIN (SELECT sample_id, text, context FROM samples) USING (sample_id)
            WHERE {unasked} ORDER BY {order} LIMIT {_limit(draw.limit)}""",
            [*_draw_values(draw), *asked],
        ).cast(SAMPLES)


def _limit(rows: int | None) -> str:
    return "ALL" if rows is None else str(int(rows))


def _is_made(made: Made, table: str) -> str:
    """The condition that a row of a table has these columns; KeyError for one that it lacks.

    Without columns every row has them: what is made in one way only has no other.
    """
    names = [name for name in made if PARTS[table][name]]
    return " AND ".join(f"{name} IS NOT DISTINCT FROM ?" for name in names) or "true"


def _draw_values(draw: Draw) -> list[Value]:
    datasets, labels = list(draw.datasets), list(draw.labels)
    return [f"{draw.seed}:", datasets, datasets, labels, labels]


@served
def due_queries(database: Database, draw: Draw, made: Made, *, retry: bool) -> pl.DataFrame:
    """Usable queries that have no answer made so (schema QUERIES).

    Contexts of draws are none, nor prompts that came with an answer from production.

    `draw` narrows by dataset and label; its limit and total are ignored. With `retry`, an answer
    that has an error is none.
    """
    columns = ", ".join(f"q.{name}" for name in QUERIES)
    with database.read() as cursor:
        return cursor.frame(
            f"""SELECT {columns} FROM queries q
            JOIN samples s USING (sample_id) JOIN sample_labels l USING (sample_id)
            WHERE q.error IS NULL AND length(q.text) > 0
              AND s.dataset NOT IN (SELECT dataset FROM dataset_roles WHERE role = 'invented')
              AND q.query_id NOT IN (
                SELECT query_id FROM answers JOIN observed_answers USING (answer_id))
              AND (len(?::VARCHAR[]) = 0 OR list_contains(?, s.dataset))
              AND (len(?::VARCHAR[]) = 0 OR list_contains(?, l.label))
              AND query_id NOT IN (
                SELECT query_id FROM answers
                WHERE {_is_made(made, "answers")} AND (error IS NULL OR NOT ?))
            ORDER BY query_id""",
            [*_draw_values(draw)[1:], *made.values(), retry],
        ).cast(QUERIES)


@served
def usable_answers(
    database: Database,
    lacking: str = "",
    made: Made | None = None,
    *,
    only_worded: bool = False,
    chosen: pl.Series | None = None,
) -> pl.DataFrame:
    """Answers without an error, by id (schema ANSWERS): the `chosen` ones, or all but observed.

    With `lacking`, only those that have no row of that table with these values in these columns;
    prompts that were invented have no seed to drift from, so they lack none of `drift`.
    With `only_worded`, only those that are not blank: looked for last, because looking into a
    million texts takes seconds.
    """
    way, columns = made or {}, ", ".join(ANSWERS)
    done, values = _among("answer_id", chosen), list(way.values())
    if lacking:
        key = "answer_id" if "answer_id" in PARTS[lacking] else "item_id"
        done += (
            f" AND answer_id NOT IN (SELECT {key} FROM {lacking} WHERE {_is_made(way, lacking)})"
        )
    if lacking == "drift":
        done += " AND answer_id NOT IN (SELECT answer_id FROM constructed_labels)"
    worded = "WHERE length(trim(text)) > 0" if only_worded else ""
    with database.read() as cursor, _view_of(cursor, chosen):
        return cursor.frame(
            f"""WITH lacking AS MATERIALIZED (
                SELECT answer_id FROM answers WHERE error IS NULL AND {done}),
            found AS MATERIALIZED (
                SELECT {columns} FROM answers WHERE answer_id IN (SELECT answer_id FROM lacking))
            SELECT * FROM found {worded} ORDER BY answer_id""",
            values,
        ).cast(ANSWERS)


def _among(column: str, chosen: pl.Series | None) -> str:
    """The condition that an answer is chosen; without a choice, that no production wrote it."""
    if chosen is None:
        return f"{column} NOT IN (SELECT answer_id FROM observed_answers)"
    return f"{column} IN (SELECT answer_id FROM chosen)"


def _view_of(cursor: Cursor, chosen: pl.Series | None) -> AbstractContextManager[None]:
    return nullcontext() if chosen is None else cursor.view("chosen", chosen.to_frame("answer_id"))


@served
def unlabelled_samples(database: Database, detector_id: str | None) -> pl.DataFrame:
    """Seeds with neither label nor prediction: sample_id, dataset, text, label."""
    with database.read() as cursor:
        return cursor.frame(
            """SELECT sample_id, dataset, text, label, context FROM samples
            WHERE label IS NULL
              AND dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'seed')
              AND sample_id NOT IN (
                SELECT item_id FROM predictions WHERE detector_id IS NOT DISTINCT FROM ?)
            ORDER BY sample_id""",
            [detector_id],
        )


@served
def due_for_clustering(
    database: Database, detector_id: str, chosen: pl.Series | None = None
) -> pl.DataFrame:
    """The detector's predictions of answers in no clustering of its own (schema PREDICTIONS).

    They are of the `chosen` answers, or of all but observed ones.
    """
    with database.read() as cursor, _view_of(cursor, chosen):
        return cursor.frame(
            f"""WITH lacking AS MATERIALIZED (
                SELECT item_id FROM predictions
                WHERE detector_id = ? AND item_kind = 'answer' AND error IS NULL
                  AND {_among("item_id", chosen)}
                  AND item_id NOT IN (
                    SELECT answer_id FROM members
                    JOIN clusters USING (cluster_id) JOIN clusterings USING (clustering_id)
                    WHERE clusterings.detector_id = ?))
            SELECT {", ".join(PREDICTIONS)} FROM predictions
            WHERE detector_id = ? AND item_id IN (SELECT item_id FROM lacking)
            ORDER BY item_id""",
            [detector_id, detector_id, detector_id],
        ).cast(PREDICTIONS)
