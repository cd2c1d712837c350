"""How rows of parts go into their tables: most as they are, some into several tables.

Where a row is there already, it stays; what a language model gave no reply to gives way.
"""

from datetime import datetime
from typing import Final

import polars as pl

from store.database.cursor import Cursor
from store.scenarios import make_samples, read_prompts
from store.schema import ANSWERS, QUERIES


def insert(cursor: Cursor, table: str, rows: pl.DataFrame, now: datetime, *, is_new: bool) -> None:
    """Insert rows of a part, which are taken to be new, or else may be there in part.

    Raises RowKnown where they are said to be new and are not.
    """
    _INSERTS.get(table, _insert_rows)(cursor, table, rows, now, is_new)


def _insert_rows(
    cursor: Cursor, table: str, frame: pl.DataFrame, now: datetime, is_new: bool
) -> None:
    if table in _STAMPED:
        frame = frame.with_columns(pl.lit(now).alias(_STAMPED[table]))
    if is_new:
        cursor.insert(table, frame)
    else:
        cursor.insert_new(table, frame)


def _insert_evaluation(
    cursor: Cursor, _: str, frame: pl.DataFrame, now: datetime, is_new: bool
) -> None:
    evaluations = frame.select("evaluation_id", "detector_id", "dataset", "job_id").unique(
        subset="evaluation_id", maintain_order=True
    )
    rows = frame.drop("detector_id", "dataset", "job_id")
    timed = evaluations.with_columns(evaluated_at=pl.lit(now))
    cursor.insert_new("evaluations", timed)  # the slice before may have brought it
    if is_new:
        cursor.insert("evaluation_rows", rows)
        return
    with cursor.view("incoming_rows", rows):
        cursor.execute(
            """INSERT INTO evaluation_rows BY NAME SELECT * FROM incoming_rows
            ON CONFLICT DO UPDATE SET predicted_label = excluded.predicted_label,
                probabilities = excluded.probabilities, reply = excluded.reply,
                error = excluded.error
            WHERE evaluation_rows.predicted_label IS NULL AND evaluation_rows.reply IS NULL"""
        )


def _insert_detectors(
    cursor: Cursor, table: str, frame: pl.DataFrame, now: datetime, is_new: bool
) -> None:
    """Insert detectors; one that is made or adopted again becomes the newest."""
    _insert_rows(cursor, table, frame, now, is_new)
    if not is_new:
        cursor.execute(
            "UPDATE detectors SET created_at = ? WHERE list_contains(?, detector_id)",
            [now, frame["detector_id"].to_list()],
        )


def _insert_classifications(
    cursor: Cursor, table: str, frame: pl.DataFrame, now: datetime, is_new: bool
) -> None:
    if is_new:
        _insert_rows(cursor, table, frame, now, is_new)
        return
    with cursor.view("incoming_rows", frame.with_columns(classified_at=pl.lit(now))):
        cursor.execute(
            """INSERT INTO classifications BY NAME SELECT * FROM incoming_rows
            ON CONFLICT DO UPDATE SET label = excluded.label, reply = excluded.reply,
                error = excluded.error, job_id = excluded.job_id,
                classified_at = excluded.classified_at
            WHERE classifications.reply IS NULL"""
        )


def _insert_titles(
    cursor: Cursor, table: str, frame: pl.DataFrame, now: datetime, is_new: bool
) -> None:
    if is_new:
        _insert_rows(cursor, table, frame, now, is_new)
        return
    with cursor.view("incoming_rows", frame):
        cursor.execute(
            """INSERT INTO cluster_titles BY NAME SELECT * FROM incoming_rows
            ON CONFLICT DO UPDATE SET job_id = excluded.job_id, model = excluded.model,
                template = excluded.template, template_digest = excluded.template_digest,
                sampling = excluded.sampling, title = excluded.title, error = excluded.error
            WHERE cluster_titles.title IS NULL"""
        )


def _insert_scenarios(
    cursor: Cursor, _: str, frame: pl.DataFrame, now: datetime, is_new: bool
) -> None:
    """Insert scenarios as queries, and their prompts as answers with the labels they are for.

    In a benchmark, prompts are samples: they are not checked, and nothing learns from them.
    """
    queries = frame.drop("prompts").with_columns(candidates=pl.lit(None, QUERIES["candidates"]))
    _insert_rows(cursor, "queries", queries, now, is_new)
    with cursor.view("of_benchmarks", frame.select("query_id", "sample_id")):
        held = cursor.frame(
            """SELECT query_id, dataset FROM of_benchmarks JOIN samples USING (sample_id)
            JOIN dataset_roles USING (dataset) WHERE role = 'benchmark'"""
        )
    prompts = read_prompts(frame)
    answers = prompts.join(held, on="query_id", how="anti", maintain_order="left")
    _insert_rows(cursor, "answers", answers.select(list(ANSWERS)), now, is_new)
    _insert_rows(cursor, "constructed_labels", answers.select("answer_id", "label"), now, is_new)
    samples = make_samples(prompts.join(held, on="query_id", maintain_order="left"))
    cursor.insert_new("samples", samples)
    with cursor.view("new_samples", samples.select("sample_id", query_id="group_key")):
        cursor.execute(
            """INSERT INTO sample_dimensions
            SELECT n.sample_id, d.dimension, d."value" FROM new_samples n
            JOIN queries q USING (query_id) JOIN sample_dimensions d ON d.sample_id = q.sample_id
            WHERE n.sample_id NOT IN (SELECT sample_id FROM sample_dimensions)"""
        )


_INSERTS = {
    "scenarios": _insert_scenarios,
    "evaluation_rows": _insert_evaluation,
    "classifications": _insert_classifications,
    "cluster_titles": _insert_titles,
    "detectors": _insert_detectors,
}
_STAMPED: Final = {  # when it was taken in
    "detectors": "created_at",
    "speeds": "measured_at",
    "classifications": "classified_at",
    "corrections": "taken_at",
}
