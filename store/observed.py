"""Rows of production that were taken to be labelled, each as an answer.

So whatever works on answers works on them: they are predicted, clustered, labelled, audited and
exported. A selection says which were taken at once, and what for.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from store.database.connection import Database, check_columns
from store.database.served import served
from store.ids import row_id, text_digest
from store.logged import OBSERVED
from store.purposes import Purpose

SELECTED: Final = pl.Schema(
    {
        "sample_id": pl.String(),
        "label": pl.String(),  # what the guard's verdict says of it; null without one
        "stratum": pl.Int32(),  # of a stratified sample; else null
    }
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of a dataset that were selected at once: how many, for what, and by what settings."""

    selection_id: str
    dataset: str
    purpose: Purpose
    settings: Mapping[str, Any]
    selected_at: datetime
    answers: int


@served
def select_observed(
    database: Database,
    dataset: str,
    purpose: Purpose,
    rows: pl.DataFrame,
    settings: Mapping[str, Any],
    detector: str | None = None,
) -> str:
    """Take samples of a dataset, in the order of `rows` (schema SELECTED), as answers.

    Labels are by the verdicts in the log, unless they are what a `detector` of that name predicted.
    Returns the id of the selection. The same rows with the same settings again are the same
    selection, and a row that was selected before stays the answer that it is.
    """
    check_columns(rows, SELECTED, "the selection")
    described = json.dumps(dict(settings), sort_keys=True)
    taken = text_digest("\n".join(rows["sample_id"]))
    selection_id = row_id("selection", dataset, purpose, described, taken)
    ids = rows["sample_id"].to_list()
    placed = rows.with_row_index("place").with_columns(
        pl.col("place").cast(pl.Int64),
        answer_id=pl.Series([row_id("observed", item) for item in ids], dtype=pl.String),
        query_id=pl.Series([row_id("observed query", item) for item in ids], dtype=pl.String),
    )
    with database.write() as cursor, cursor.view("selected_rows", placed):
        cursor.execute(_QUERIES, [OBSERVED])
        cursor.execute(_ANSWERS, [OBSERVED])
        cursor.execute(
            """INSERT INTO observed_answers
            SELECT answer_id, sample_id, label, coalesce(?, r.guard),
                   CASE WHEN ?::VARCHAR IS NULL THEN r.verdict END
            FROM selected_rows LEFT JOIN log_records r ON r.record_id = sample_id
            WHERE answer_id NOT IN (SELECT answer_id FROM observed_answers)""",
            [detector, detector],
        )
        cursor.execute(
            """INSERT INTO selections SELECT ?, ?, ?, ?, ? WHERE ? NOT IN (
                SELECT selection_id FROM selections)""",
            [selection_id, dataset, purpose, described, database.now(), selection_id],
        )
        cursor.execute(
            """INSERT OR IGNORE INTO selected_answers
            SELECT ?, answer_id, place, stratum FROM selected_rows""",
            [selection_id],
        )
    return selection_id


# Columns that say how a model wrote a row are empty: none of ours did.
_MADE: Final = """'' AS job_id, 0 AS attempt, ? AS model, '' AS template, '' AS template_digest,
    '' AS prompt_digest, '{}' AS sampling, [] AS flags, 0 AS new_tokens"""
_QUERIES: Final = f"""
INSERT INTO queries BY NAME
SELECT query_id, s.sample_id, coalesce(s.context, r.prompt, '') AS text, '' AS trim_rule, {_MADE}
FROM selected_rows JOIN samples s USING (sample_id)
LEFT JOIN log_records r ON r.record_id = s.sample_id
WHERE query_id NOT IN (SELECT query_id FROM queries)
"""
_ANSWERS: Final = f"""
INSERT INTO answers BY NAME
SELECT answer_id, query_id, s.text, {_MADE}
FROM selected_rows JOIN samples s USING (sample_id)
WHERE answer_id NOT IN (SELECT answer_id FROM answers)
"""


@served
def list_selections(database: Database, dataset: str | None = None) -> list[Selection]:
    """The selections of a dataset, or of all, oldest first."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT selection_id, dataset, purpose, settings, selected_at, count(answer_id)
            FROM selections LEFT JOIN selected_answers USING (selection_id)
            WHERE coalesce(dataset = ?, true) GROUP BY ALL ORDER BY selected_at, selection_id""",
            [dataset],
        )
    return [
        Selection(selection_id, name, purpose, json.loads(settings), selected_at, answers)
        for selection_id, name, purpose, settings, selected_at, answers in rows
    ]


@served
def read_selected(database: Database, selection_id: str) -> pl.DataFrame:
    """The answers of a selection in their order: answer_id, sample_id, label, stratum."""
    with database.read() as cursor:
        return cursor.frame(
            """SELECT answer_id, sample_id, o.label, stratum
            FROM selected_answers JOIN observed_answers o USING (answer_id)
            WHERE selection_id = ? ORDER BY place""",
            [selection_id],
        )


@served
def unclustered_answers(database: Database, answer_ids: pl.Series) -> pl.Series:
    """Those of these answers that are in no active clustering, in no order."""
    with database.read() as cursor, cursor.view("wanted", answer_ids.to_frame("answer_id")):
        return cursor.frame(
            """SELECT answer_id FROM wanted WHERE answer_id NOT IN (
                SELECT answer_id FROM members JOIN clusters USING (cluster_id)
                JOIN clusterings USING (clustering_id) WHERE active)"""
        )["answer_id"].cast(pl.String)
