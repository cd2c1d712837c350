"""Queries and answers: which rows are due for a stage, and seed ▸ query ▸ answer side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from store.database import Cursor, Database
from store.schema import ANSWERS, PREDICTIONS, QUERIES, SAMPLES

Order = Literal["random", "first"]


@dataclass(frozen=True, slots=True)
class Way:
    """A way of asking a model: rows written in another way are other rows."""

    model: str
    template_digest: str
    sampling: str


@dataclass(frozen=True, slots=True)
class Draw:
    """Which seed samples to take. `limit` None takes all; `seed` is for order "random"."""

    datasets: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    limit: int | None = None
    order: Order = "random"
    seed: int = 0


_DRAWN = """
WITH pool AS (
    SELECT s.sample_id, s.dataset, s.text, l.label, s.source, s.line,
           sha256(concat(?, s.sample_id)) AS lot
    FROM samples s JOIN sample_labels l USING (sample_id)
    WHERE s.dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'seed')
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?, s.dataset))
      AND (len(?::VARCHAR[]) = 0 OR list_contains(?, l.label))),
placed AS (
    SELECT *, (row_number() OVER (stratum ORDER BY lot) - 0.5) / count(*) OVER (stratum) AS place
    FROM pool WINDOW stratum AS (PARTITION BY dataset, label)),
drawn AS (SELECT * FROM placed ORDER BY {order} LIMIT {limit})
"""
_ORDERS = {"random": "place, lot", "first": "source, line"}


def due_samples(database: Database, draw: Draw, way: Way, *, retry: bool) -> pl.DataFrame:
    """Return (sample_id, dataset, text, label) of drawn seeds not yet asked in this way.

    A random draw is stratified by dataset and label in proportion to their sizes, and nested: a
    larger limit with the same seed holds the smaller one. With `retry`, seeds whose queries in
    this way all have an error are due too.
    """
    order = _ORDERS[draw.order]
    drawn = _DRAWN.format(order=order, limit="ALL" if draw.limit is None else int(draw.limit))
    with database.read() as cursor:
        return cursor.frame(
            f"""{drawn}
            SELECT sample_id, dataset, text, label FROM drawn
            WHERE sample_id NOT IN (
                SELECT sample_id FROM queries
                WHERE model = ? AND template_digest = ? AND sampling = ?
                  AND (error IS NULL OR NOT ?))
            ORDER BY {order}""",
            [*_draw_values(draw), way.model, way.template_digest, way.sampling, retry],
        )


def _draw_values(draw: Draw) -> list[str | Sequence[str]]:
    datasets, labels = list(draw.datasets), list(draw.labels)
    return [f"{draw.seed}:", datasets, datasets, labels, labels]


def due_queries(database: Database, draw: Draw, way: Way, *, retry: bool) -> pl.DataFrame:
    """Return the usable queries that lack an answer in this way (schema QUERIES).

    `draw` narrows by dataset and label; its limit is not looked at.
    """
    columns = ", ".join(f"q.{name}" for name in QUERIES)
    with database.read() as cursor:
        return cursor.frame(
            f"""SELECT {columns} FROM queries q
            JOIN samples s USING (sample_id) JOIN sample_labels l USING (sample_id)
            WHERE q.error IS NULL AND length(q.text) > 0
              AND (len(?::VARCHAR[]) = 0 OR list_contains(?, s.dataset))
              AND (len(?::VARCHAR[]) = 0 OR list_contains(?, l.label))
              AND query_id NOT IN (
                SELECT query_id FROM answers
                WHERE model = ? AND template_digest = ? AND sampling = ?
                  AND (error IS NULL OR NOT ?))
            ORDER BY query_id""",
            [*_draw_values(draw)[1:], way.model, way.template_digest, way.sampling, retry],
        ).cast(QUERIES)


def next_attempt(database: Database, table: Literal["queries", "answers"]) -> int:
    """Return the number of the next attempt at rows that failed; 1 if none ever did."""
    with database.read() as cursor:
        return cursor.number(
            f"SELECT coalesce(max(attempt) FILTER (error IS NOT NULL), 0) + 1 FROM {table}"
        )


def due_predictions(database: Database, detector_id: str | None) -> pl.DataFrame:
    """Return the answers that lack a prediction by the detector (schema ANSWERS).

    Without a detector, all of them. An answer without words is never predicted.
    """
    columns = ", ".join(ANSWERS)
    with database.read() as cursor:
        return cursor.frame(
            f"""SELECT {columns} FROM answers
            WHERE error IS NULL AND length(trim(text)) > 0
              AND answer_id NOT IN (
                SELECT item_id FROM predictions WHERE detector_id IS NOT DISTINCT FROM ?)
            ORDER BY answer_id""",
            [detector_id],
        ).cast(ANSWERS)


def unlabelled_samples(database: Database, detector_id: str | None) -> pl.DataFrame:
    """Return (sample_id, dataset, text, label) of seeds with neither label nor prediction."""
    with database.read() as cursor:
        return cursor.frame(
            """SELECT sample_id, dataset, text, label FROM samples
            WHERE label IS NULL
              AND dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'seed')
              AND sample_id NOT IN (
                SELECT item_id FROM predictions WHERE detector_id IS NOT DISTINCT FROM ?)
            ORDER BY sample_id""",
            [detector_id],
        )


def due_for_clustering(database: Database, detector_id: str) -> pl.DataFrame:
    """Return the detector's predictions of answers in no clustering of its own (PREDICTIONS)."""
    with database.read() as cursor:
        return cursor.frame(
            f"""SELECT {", ".join(PREDICTIONS)} FROM predictions
            WHERE detector_id = ? AND item_kind = 'answer' AND error IS NULL
              AND item_id NOT IN (
                SELECT answer_id FROM members
                JOIN clusters USING (cluster_id) JOIN clusterings USING (clustering_id)
                WHERE clusterings.detector_id = ?)
            ORDER BY item_id""",
            [detector_id, detector_id],
        ).cast(PREDICTIONS)


def due_for_drift(database: Database, config_hash: str) -> pl.DataFrame:
    """Return the usable answers without a score under this configuration (schema ANSWERS)."""
    columns = ", ".join(ANSWERS)
    with database.read() as cursor:
        return cursor.frame(
            f"""SELECT {columns} FROM answers
            WHERE error IS NULL AND answer_id NOT IN (
                SELECT answer_id FROM drift WHERE kind = 'pair' AND config_hash = ?)
            ORDER BY answer_id""",
            [config_hash],
        ).cast(ANSWERS)


def queries_of(database: Database, answer_ids: pl.Series) -> pl.DataFrame:
    """Return the queries of these answers (schema QUERIES)."""
    columns = ", ".join(f"q.{name}" for name in QUERIES)
    with database.read() as cursor, cursor.view("wanted", answer_ids.to_frame("answer_id")):
        return cursor.frame(
            f"""SELECT DISTINCT {columns} FROM queries q JOIN answers USING (query_id)
            WHERE answer_id IN (SELECT answer_id FROM wanted) ORDER BY query_id"""
        ).cast(QUERIES)


def answers_of(database: Database, answer_ids: pl.Series) -> pl.DataFrame:
    """Return these answers (schema ANSWERS)."""
    with database.read() as cursor, cursor.view("wanted", answer_ids.to_frame("answer_id")):
        return cursor.frame(
            f"""SELECT {", ".join(ANSWERS)} FROM answers
            WHERE answer_id IN (SELECT answer_id FROM wanted) ORDER BY answer_id"""
        ).cast(ANSWERS)


def samples_of(database: Database, sample_ids: pl.Series) -> pl.DataFrame:
    """Return these samples (schema SAMPLES), their labels as given."""
    with database.read() as cursor, cursor.view("wanted", sample_ids.to_frame("sample_id")):
        return cursor.frame(
            """SELECT sample_id, dataset, text, label FROM samples
            WHERE sample_id IN (SELECT sample_id FROM wanted) ORDER BY sample_id"""
        ).cast(SAMPLES)


@dataclass(frozen=True, slots=True)
class Pair:
    """One answer with where it came from."""

    answer_id: str
    dataset: str
    seed_text: str
    seed_label: str | None
    seed_label_origin: str | None
    query: str
    answer: str


def read_pairs(database: Database, answer_ids: Sequence[str]) -> list[Pair]:
    """Return the pairs of these answers, in the order given; unknown ids are left out.

    Goes from key to key and reads through no table, so that it takes a moment among millions.
    """
    with database.read() as cursor:
        answers = _look_up(cursor, "answers", "answer_id", "query_id, text", answer_ids)
        query_ids = [row[0] for row in answers.values()]
        queries = _look_up(cursor, "queries", "query_id", "sample_id, text", query_ids)
        sample_ids = [row[0] for row in queries.values()]
        samples = _look_up(cursor, "samples", "sample_id", "dataset, text, label", sample_ids)
        guessed = _predicted_labels(cursor, [key for key, row in samples.items() if not row[2]])
    found = []
    for answer_id in answer_ids:
        if answer_id in answers:
            query_id, answer = answers[answer_id]
            sample_id, query = queries[query_id]
            dataset, seed_text, given = samples[sample_id]
            label = given or guessed.get(sample_id)
            origin = "given" if given else "predicted" if label else None
            found.append(Pair(answer_id, dataset, seed_text, label, origin, query, answer))
    return found


def _look_up(
    cursor: Cursor, table: str, key: str, columns: str, values: Sequence[str]
) -> dict[str, tuple[Any, ...]]:
    """Return columns of rows by their primary key."""
    if not values:
        return {}
    marks = ", ".join("?" * len(values))
    rows = cursor.rows(f"SELECT {key}, {columns} FROM {table} WHERE {key} IN ({marks})", values)
    return {row[0]: row[1:] for row in rows}


def _predicted_labels(cursor: Cursor, sample_ids: Sequence[str]) -> dict[str, str]:
    """Return the labels that the newest initial detector predicted, as `sample_labels` does."""
    if not sample_ids:
        return {}
    return dict(
        cursor.rows(
            f"""SELECT item_id, arg_max(p.label, d.created_at)
            FROM predictions p JOIN detectors d USING (detector_id)
            WHERE item_id IN ({", ".join("?" * len(sample_ids))}) AND d.recipe = 'initial'
            GROUP BY item_id""",
            sample_ids,
        )
    )
