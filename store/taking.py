"""Which rows of production to take: by what was said of them, and only those not taken before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from store.database.connection import Database
from store.database.cursor import Value
from store.database.served import served
from store.observed import SELECTED

Rows = Literal["flagged", "passed", "all", "unsure"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a guard's verdict says of a text, as labels of the task.

    A flagged row has the first of the `positives`, or that which a category of it names; one that
    passed is `negative`.
    """

    positives: tuple[str, ...]
    negative: str


@dataclass(frozen=True, slots=True)
class Scored:
    """A detector's evaluation: where its positive probability is cut.

    `positive_places` are those of positive labels among its probabilities, from 0 on. Without a
    threshold its most probable label counts.
    """

    evaluation_id: str
    positive_places: tuple[int, ...]
    threshold: float | None


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows to select (schema SELECTED), drawn from so many that `wait`."""

    rows: pl.DataFrame
    waiting: int


# What the log says of each row, and what a detector predicted; alike in their columns.
_SAID: Final = """
SELECT record_id AS sample_id,
       CASE verdict
           WHEN 'flagged' THEN coalesce(list_filter(?::VARCHAR[], lambda name: list_contains(
               list_transform(categories, lambda category: lower(category)), lower(name)))[1], ?)
           WHEN 'passed' THEN ? END AS label,
       verdict = 'flagged' AS is_flagged, verdict = 'passed' AS has_passed
FROM log_records WHERE dataset = ?
"""
_PREDICTED: Final = """
SELECT sample_id,
       CASE WHEN is_flagged = is_positive THEN predicted_label
            WHEN is_flagged THEN ? ELSE ? END AS label,
       is_flagged, NOT is_flagged AS has_passed, margin
FROM scored
"""
_SCORED: Final = """
SELECT sample_id, predicted_label, is_positive, abs(probability - coalesce(cut, 0.5)) AS margin,
       coalesce(probability >= cut, is_positive) AS is_flagged
FROM (SELECT sample_id, predicted_label, ?::DOUBLE AS cut,
             list_contains(?::VARCHAR[], predicted_label) AS is_positive,
             list_sum(list_select(probabilities, ?::INTEGER[])) AS probability
      FROM evaluation_rows WHERE evaluation_id = ? AND predicted_label IS NOT NULL)
"""
_CONDITIONS: Final[dict[Rows, str]] = {
    "flagged": "is_flagged",
    "passed": "has_passed",
    "all": "true",
    "unsure": "margin IS NOT NULL",
}


@served
def has_verdicts(database: Database, dataset: str) -> bool:
    """Whether a log says of any row of a dataset that its guard flagged it, or let it pass."""
    with database.read() as cursor:
        found = cursor.rows(
            """SELECT 1 FROM log_records
            WHERE dataset = ? AND verdict IN ('flagged', 'passed') LIMIT 1""",
            [dataset],
        )
    return bool(found)


@served
def draw_production(
    database: Database,
    dataset: str,
    rows: Rows,
    meaning: Meaning,
    scored: Scored | None,
    *,
    by_log: bool,
    limit: int,
    seed: int,
) -> Taken:
    """At most `limit` rows that no selection has, with the label that was said of each.

    It is that of the log, or else of the evaluation, which `unsure` rows need in any case: they are
    those nearest to its threshold, or to 0.5. All others are drawn at random, by a hash of `seed`.
    """
    tables, values = _tables(dataset, meaning, scored, by_log=by_log)
    nearest = rows == "unsure"
    margins = "JOIN scored USING (sample_id)" if nearest and by_log else ""
    order, seeds = ("margin", []) if nearest else ("sha256(concat(?, sample_id))", [f"{seed}:"])
    with database.read() as cursor:
        found = cursor.frame(
            f"""WITH {", ".join(tables)}
            SELECT sample_id, said.label, NULL::INTEGER AS stratum, count(*) OVER () AS waiting
            FROM (SELECT sample_id FROM samples WHERE dataset = ?
                  AND sample_id NOT IN (SELECT sample_id FROM observed_answers))
            LEFT JOIN said USING (sample_id) {margins}
            WHERE {_CONDITIONS[rows]} ORDER BY {order}, sample_id LIMIT {limit:d}""",
            [*values, dataset, *seeds],
        )
    waiting = found["waiting"][0] if found.height else 0
    return Taken(found.select(list(SELECTED)).cast(SELECTED), waiting)


@served
def read_told(
    database: Database, dataset: str, meaning: Meaning, sample_ids: Sequence[str]
) -> pl.DataFrame:
    """What the log of a dataset says of these rows, in no order: sample_id, label.

    Rows without a verdict have no label, those without a record are left out.
    """
    wanted = pl.DataFrame({"sample_id": sample_ids}, schema={"sample_id": pl.String})
    values = [list(meaning.positives), meaning.positives[0], meaning.negative, dataset]
    with database.read() as cursor, cursor.view("wanted_rows", wanted):
        return cursor.frame(
            f"SELECT sample_id, label FROM ({_SAID}) JOIN wanted_rows USING (sample_id)", values
        )


def _tables(
    dataset: str, meaning: Meaning, scored: Scored | None, *, by_log: bool
) -> tuple[list[str], list[Value]]:
    """The tables `scored`, where there is an evaluation, and `said`, with their values."""
    positives, (first, *_) = list(meaning.positives), meaning.positives
    tables: list[str] = []
    values: list[Value] = []
    if scored is not None:
        tables.append(f"scored AS ({_SCORED})")
        places = [place + 1 for place in scored.positive_places]
        values += [scored.threshold, positives, places, scored.evaluation_id]
    if by_log or scored is None:
        tables.append(f"said AS ({_SAID})")
        values += [positives, first, meaning.negative, dataset]
    else:
        tables.append(f"said AS ({_PREDICTED})")
        values += [first, meaning.negative]
    return tables, values
