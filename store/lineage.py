"""The rows that answers hang on, and those that they were made from, by their ids."""

import polars as pl

from store.database.connection import Database
from store.database.served import served
from store.schema import ANSWERS, MEANT_LABELS, QUERIES, SAMPLES


@served
def meant_labels(database: Database, answer_ids: pl.Series) -> pl.DataFrame:
    """The labels that these answers are clustered within, by id (schema MEANT_LABELS).

    They are what an answer was written for, or what a guard's verdict says of it.
    """
    with database.read() as cursor, cursor.view("wanted", answer_ids.to_frame("answer_id")):
        return cursor.frame(
            """SELECT answer_id, label FROM constructed_labels
            WHERE answer_id IN (SELECT answer_id FROM wanted)
            UNION ALL
            SELECT answer_id, label FROM observed_answers
            WHERE answer_id IN (SELECT answer_id FROM wanted) AND label IS NOT NULL
            ORDER BY answer_id"""
        ).cast(MEANT_LABELS)


@served
def queries_of(database: Database, answer_ids: pl.Series) -> pl.DataFrame:
    """Queries of these answers, by id (schema QUERIES)."""
    columns = ", ".join(f"q.{name}" for name in QUERIES)
    with database.read() as cursor, cursor.view("wanted", answer_ids.to_frame("answer_id")):
        return cursor.frame(
            f"""SELECT DISTINCT {columns} FROM queries q JOIN answers USING (query_id)
            WHERE answer_id IN (SELECT answer_id FROM wanted) ORDER BY query_id"""
        ).cast(QUERIES)


@served
def answers_of(database: Database, answer_ids: pl.Series) -> pl.DataFrame:
    """Answers with these ids, by id (schema ANSWERS)."""
    with database.read() as cursor, cursor.view("wanted", answer_ids.to_frame("answer_id")):
        return cursor.frame(
            f"""SELECT {", ".join(ANSWERS)} FROM answers
            WHERE answer_id IN (SELECT answer_id FROM wanted) ORDER BY answer_id"""
        ).cast(ANSWERS)


@served
def samples_of(database: Database, sample_ids: pl.Series) -> pl.DataFrame:
    """Samples with these ids, by id (schema SAMPLES); their labels are as given."""
    with database.read() as cursor, cursor.view("wanted", sample_ids.to_frame("sample_id")):
        return cursor.frame(
            """SELECT sample_id, dataset, text, label, context FROM samples
            WHERE sample_id IN (SELECT sample_id FROM wanted) ORDER BY sample_id"""
        ).cast(SAMPLES)
