"""What hangs on datasets: questions and answers that were made from their rows."""

from dataclasses import dataclass

import polars as pl

from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served


@dataclass(frozen=True, slots=True)
class Hanging:
    """How many rows a dataset has, and what was made from them; `labelled` counts answers."""

    rows: int
    questions: int
    answers: int
    labelled: int


@served
def list_hanging(database: Database) -> dict[str, Hanging]:
    """What hangs on each dataset that has rows."""
    with database.read() as cursor:
        rows = cursor.rows(
            """WITH seeds AS (SELECT sample_id, dataset FROM samples),
            asked AS (SELECT query_id, dataset FROM queries JOIN seeds USING (sample_id)),
            answered AS (
                SELECT dataset, count(*) AS answers, count(l.answer_id) AS labelled
                FROM (SELECT answer_id, query_id FROM answers) JOIN asked USING (query_id)
                LEFT JOIN answer_labels l USING (answer_id) GROUP BY dataset)
            SELECT dataset, s.rows, coalesce(q.questions, 0), coalesce(a.answers, 0),
                   coalesce(a.labelled, 0)
            FROM (SELECT dataset, count(*) AS rows FROM seeds GROUP BY dataset) s
            LEFT JOIN (SELECT dataset, count(*) AS questions FROM asked GROUP BY dataset) q
            USING (dataset) LEFT JOIN answered a USING (dataset)"""
        )
    return {dataset: Hanging(*counts) for dataset, *counts in rows}


@served
def count_hanging(database: Database, dataset: str) -> Hanging:
    """What hangs on one dataset."""
    with database.read() as cursor:
        return count_hanging_on(cursor, samples_of(cursor, dataset))


def samples_of(cursor: Cursor, dataset: str) -> pl.DataFrame:
    """The samples of a dataset: sample_id."""
    return cursor.frame("SELECT sample_id FROM samples WHERE dataset = ?", [dataset])


def count_hanging_on(cursor: Cursor, samples: pl.DataFrame) -> Hanging:
    """What hangs on these samples (sample_id)."""
    with cursor.view("used_samples", samples):
        row = cursor.one(
            """SELECT count(DISTINCT q.query_id), count(DISTINCT a.answer_id),
                   count(DISTINCT a.answer_id) FILTER (l.answer_id IS NOT NULL)
            FROM queries q JOIN used_samples USING (sample_id)
            LEFT JOIN answers a USING (query_id) LEFT JOIN answer_labels l USING (answer_id)"""
        )
    return Hanging(samples.height, *row)
