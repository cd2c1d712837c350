"""Corrections of flagged answers: which answers are due for one, and what came of those asked for.

The answers are right alarms: a guard flagged them, and people call them positive.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from store.database.connection import Database
from store.database.cursor import Value
from store.database.served import served
from store.schema import CORRECTIONS

FLAGGED_ANSWERS: Final = pl.Schema(
    {
        "answer_id": pl.String(),
        "prompt": pl.String(),  # what it answers
        "context": pl.String(),  # of a pair; null for a single text
        "text": pl.String(),
        "label": pl.String(),  # what people call it
    }
)
PROMPTS: Final = pl.Schema({"prompt": pl.String()})
MOST_PROMPTS: Final = 100  # of which each correction is compared with a few

# $1 are the task's positive labels, $2 is a dataset, or null for all.
RIGHT_ALARMS: Final = """right_alarms AS (
    SELECT o.answer_id, s.context, s.text, l.label, c.cluster_id, c.rank,
           CASE WHEN trim(r.prompt) <> '' THEN r.prompt END AS prompt
    FROM observed_answers o JOIN samples s USING (sample_id) JOIN answer_labels l USING (answer_id)
    LEFT JOIN log_records r ON r.record_id = s.sample_id
    LEFT JOIN (SELECT answer_id, cluster_id, rank FROM members
               JOIN leaf_clusters USING (cluster_id) JOIN clusterings USING (clustering_id)
               WHERE active) c ON c.answer_id = o.answer_id
    WHERE list_contains($1, o.label) AND list_contains($1, l.label)
      AND coalesce(s.dataset = $2, true)
      AND o.answer_id NOT IN (SELECT answer_id FROM excluded_answers))"""

# Of equal rows one is asked about. Those that lead their patterns come first.
_DUE: Final = """
WITH {alarms}
SELECT answer_id, prompt, context, text, label FROM right_alarms
WHERE prompt IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY prompt, context, text ORDER BY answer_id) = 1
    AND answer_id NOT IN (
        SELECT answer_id FROM corrections WHERE {made} AND (error IS NULL OR NOT {retry}))
ORDER BY rank, answer_id LIMIT {limit}
"""


@served
def due_for_correction(
    database: Database,
    positives: frozenset[str],
    dataset: str | None,
    made: Mapping[str, str | None],
    *,
    retry: bool = False,
    limit: int | None = None,
) -> pl.DataFrame:
    """Right alarms with a prompt that no correction was asked for so (schema FLAGGED_ANSWERS).

    With `retry`, also those of which no candidate was kept. `made` are columns of CORRECTIONS.
    """
    conditions = [f"{name} = ${place}" for place, name in enumerate(made, 3) if CORRECTIONS[name]]
    sql = _DUE.format(
        alarms=RIGHT_ALARMS,
        made=" AND ".join(conditions),
        retry="true" if retry else "false",
        limit="ALL" if limit is None else int(limit),
    )
    values: list[Value] = [sorted(positives), dataset, *made.values()]
    with database.read() as cursor:
        return cursor.frame(sql, values).cast(FLAGGED_ANSWERS)


@served
def list_prompts(database: Database, dataset: str | None) -> pl.DataFrame:
    """Up to MOST_PROMPTS prompts of a log, or of all, the same ones each time (schema PROMPTS)."""
    with database.read() as cursor:
        return cursor.frame(
            f"""SELECT prompt FROM (
                SELECT DISTINCT prompt FROM log_records
                WHERE trim(prompt) <> '' AND coalesce(dataset = ?, true))
            ORDER BY sha256(prompt) LIMIT {MOST_PROMPTS}""",
            [dataset],
        ).cast(PROMPTS)


@served
def next_correction(database: Database) -> int:
    """The number of the next attempt at answers of which no candidate was kept."""
    with database.read() as cursor:
        return cursor.number("SELECT coalesce(max(attempt), 0) + 1 FROM corrections")


@dataclass(frozen=True, slots=True)
class CorrectionCounts:
    """Right alarms, and what came of them.

    Those with a prompt can be `asked` about; `corrected` ones have a candidate that was kept. Of
    `written` candidates `kept` are; `reasons` say why the others were refused, commonest first.
    """

    right_alarms: int
    without_prompt: int
    asked: int
    corrected: int
    written: int
    kept: int
    reasons: Mapping[str, int]


@served
def count_corrections(
    database: Database, positives: frozenset[str], dataset: str | None
) -> CorrectionCounts:
    """The counts of a dataset, or of all."""
    values: list[Value] = [sorted(positives), dataset]
    with database.read() as cursor:
        right_alarms, without_prompt = cursor.one(
            f"""WITH {RIGHT_ALARMS} SELECT count(*), count(*) - count(prompt) FROM right_alarms""",
            values,
        )
        asked, corrected, written, kept = cursor.one(
            f"""WITH {RIGHT_ALARMS}
            SELECT count(DISTINCT answer_id), count(DISTINCT answer_id) FILTER (error IS NULL),
                   count(*), count(*) FILTER (error IS NULL)
            FROM corrections JOIN (SELECT answer_id FROM right_alarms) USING (answer_id)""",
            values,
        )
        reasons = cursor.rows(
            f"""WITH {RIGHT_ALARMS}
            SELECT error, count(*) FROM corrections
            JOIN (SELECT answer_id FROM right_alarms) USING (answer_id)
            WHERE error IS NOT NULL GROUP BY error ORDER BY count(*) DESC, error""",
            values,
        )
    return CorrectionCounts(
        right_alarms, without_prompt, asked, corrected, written, kept, dict(reasons)
    )
