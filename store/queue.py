"""Rows of production that may be queued to be labelled, and what is known of those that were."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from store.database.connection import Database
from store.database.served import served
from store.observed import Selection, list_selections
from store.purposes import Purpose

PURPOSE: Final[Purpose] = "queue"
DRAWN, CHOSEN = 1, 0  # strata of a queue: at random, or by its strategy


def list_queues(database: Database, dataset: str) -> list[Selection]:
    """The queues of a dataset, oldest first."""
    return [item for item in list_selections(database, dataset) if item.purpose == PURPOSE]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows of a dataset that no selection has, in an order drawn at random; `waiting` in all.

    Columns of `rows`: sample_id, text_hash, is_known (another row with its text was selected).
    """

    rows: pl.DataFrame
    waiting: int


@served
def draw_candidates(database: Database, dataset: str, limit: int, seed: int) -> Candidates:
    """At most `limit` rows with words, by the order of a hash of seed and id.

    So each row that waits is as likely as any other to be among the first of them.
    """
    with database.read() as cursor:
        found = cursor.frame(
            """SELECT sample_id, text_hash,
                   text_hash IN (SELECT text_hash FROM samples WHERE sample_id IN (
                       SELECT sample_id FROM observed_answers)) AS is_known,
                   count(*) OVER () AS waiting
            FROM samples
            WHERE dataset = ? AND regexp_matches(text, '\\S')
              AND sample_id NOT IN (SELECT sample_id FROM observed_answers)
            ORDER BY sha256(concat(?, sample_id)), sample_id LIMIT ?""",
            [dataset, f"{seed}:", limit],
        )
    return Candidates(found.drop("waiting"), found["waiting"][0] if found.height else 0)


@served
def read_predictions(
    database: Database, evaluation_id: str, sample_ids: Sequence[str]
) -> pl.DataFrame:
    """What an evaluation says of these rows, in no order: sample_id, label, probabilities.

    Rows that it lacks, or that failed in it, are left out.
    """
    wanted = pl.DataFrame({"sample_id": sample_ids}, schema={"sample_id": pl.String})
    with database.read() as cursor, cursor.view("wanted_rows", wanted):
        return cursor.frame(
            """SELECT sample_id, predicted_label AS label, probabilities
            FROM evaluation_rows JOIN wanted_rows USING (sample_id)
            WHERE evaluation_id = ? AND probabilities IS NOT NULL""",
            [evaluation_id],
        )


@served
def labelled_texts(database: Database, limit: int, seed: int) -> pl.DataFrame:
    """Answers whose own text somebody labelled, at most `limit`, drawn: sample_id, text, context.

    `sample_id` is the answer's id, so that they can be embedded beside samples.
    """
    with database.read() as cursor:
        return cursor.frame(
            """SELECT answer_id AS sample_id, answer AS text, context
            FROM pairs JOIN own_labels l USING (answer_id)
            WHERE l.label IS NOT NULL AND regexp_matches(answer, '\\S')
            ORDER BY sha256(concat(?, answer_id)) LIMIT ?""",
            [f"{seed}:", limit],
        )


@served
def read_queued(database: Database, selection_id: str) -> pl.DataFrame:
    """The rows of a queue in their order: answer_id, is_flagged, stratum, label, is_put_off.

    `is_flagged` says whether the guard's log has it so, null without a verdict. `label` is what an
    annotator said of the very text; without one, `is_put_off` where somebody skipped it or is
    unsure.
    """
    with database.read() as cursor:
        return cursor.frame(
            """SELECT answer_id, r.verdict = 'flagged' AS is_flagged, stratum, l.label,
                   l.answer_id IS NOT NULL AND l.label IS NULL AS is_put_off
            FROM selected_answers JOIN observed_answers USING (answer_id)
            LEFT JOIN log_records r ON r.record_id = sample_id
            LEFT JOIN own_labels l USING (answer_id)
            WHERE selection_id = ? ORDER BY place""",
            [selection_id],
        )
