"""Drawing rounds of an audit: which labelled answers are audited, and in which order.

A round of kind "propagation" takes members of every labelled cluster at random, to find out how
noisy propagated labels are; where labels are learned, of every cluster with such labels. One of
kind "consistency" takes clusters that the annotator has labelled, to find out how much they agree
with themselves. A round is fixed once it is drawn.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import polars as pl

from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.errors import DecisionRefused

RoundKind = Literal["propagation", "consistency"]


@dataclass(frozen=True, slots=True)
class Round:
    """A drawn round; `judged` of its items are audited, with a label or as unsure."""

    audit_id: str
    kind: RoundKind
    annotator: str
    seed: int
    per_cluster: int
    created_at: datetime
    items: int
    judged: int
    unsure: int

    @property
    def left(self) -> int:
        """Items that are not audited yet."""
        return self.items - self.judged


@dataclass(frozen=True, slots=True)
class Prospect:
    """What drawing now would give: `items` of `clusters`, which are among the `labelled` ones."""

    labelled: int
    clusters: int
    items: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a round reaches: clusters and propagated labels in all, and those it drew from.

    `single_member` clusters consist of their representative only: nothing was propagated there.
    """

    clusters: int
    single_member: int
    clusters_drawn: int
    propagated: int
    propagated_drawn: int


_STRATA: Final = """
SELECT c.cluster_id, c.size, count(p.answer_id) AS propagated,
       count(p.answer_id) FILTER (p.answer_id NOT IN (SELECT answer_id FROM judged_items))
           AS drawable
FROM leaf_clusters c JOIN clusterings USING (clustering_id)
LEFT JOIN propagated_labels p USING (cluster_id)
WHERE active
GROUP BY c.cluster_id, c.size
HAVING count(p.answer_id) > 0 OR c.cluster_id IN (SELECT cluster_id FROM labelled_clusters)
"""

_DRAWN: Final = """
SELECT cluster_id, answer_id, label, decision_id FROM propagated_labels
WHERE answer_id NOT IN (SELECT answer_id FROM judged_items)
QUALIFY row_number() OVER (PARTITION BY cluster_id ORDER BY sha256(concat(?, answer_id))) <= ?
"""

_OWN: Final = """
SELECT c.cluster_id, c.representative_id AS answer_id, l.label, l.decision_id
FROM annotator_labels l JOIN leaf_clusters c ON c.cluster_id = l.item_id
JOIN clusterings USING (clustering_id)
WHERE active AND l.item_kind = 'cluster' AND l.annotator = ?
ORDER BY sha256(concat(?, c.cluster_id)) LIMIT ?
"""

_SHUFFLED: Final = """
WITH drawn AS ({drawn})
SELECT drawn.*, s.dataset,
       row_number() OVER (ORDER BY sha256(concat(?, answer_id))) - 1 AS position
FROM drawn JOIN answers USING (answer_id) JOIN queries USING (query_id)
JOIN samples s USING (sample_id)
"""


@served
def foresee_round(database: Database, per_cluster: int) -> Prospect:
    """What a propagation round would draw now."""
    with database.read() as cursor:
        row = cursor.one(
            f"""SELECT count(*), count(*) FILTER (drawable > 0),
                coalesce(sum(least(drawable, ?)), 0)::BIGINT FROM ({_STRATA})""",
            [per_cluster],
        )
    return Prospect(*row)


@served
def draw_round(database: Database, annotator: str, *, seed: int, per_cluster: int) -> Round:
    """Draw `per_cluster` random members of each cluster whose label was propagated or learned.

    Never one that an annotator has labelled by itself or as the representative, one beyond the
    label's reach, or one that was audited in an earlier round. The same seed gives the same draw
    while nothing is decided or audited. Raises DecisionRefused if nothing can be drawn.
    """
    with database.read() as cursor:
        strata = cursor.frame(_STRATA)
        items = cursor.frame(
            _SHUFFLED.replace("{drawn}", _DRAWN),
            [f"{seed}:draw:", per_cluster, f"{seed}:order:"],
        )
    if items.is_empty():
        raise DecisionRefused(
            "There is no propagated label to audit: label clusters of two and more members first."
        )
    drawn = items.group_by("cluster_id").agg(drawn=pl.len().cast(pl.Int64))
    strata = strata.drop("drawable").join(drawn, on="cluster_id", how="left")
    sizes = strata.select("cluster_id", stratum_size="propagated")
    return _keep(
        database,
        ("propagation", annotator, seed, per_cluster),
        items.join(sizes, on="cluster_id"),
        strata.with_columns(pl.col("drawn").fill_null(0)),
    )


@served
def draw_consistency(database: Database, annotator: str, *, seed: int, clusters: int) -> Round:
    """Draw so many of the clusters that the annotator has labelled, to label them once more.

    What is shown is the representative, as it was then. Raises DecisionRefused if they have
    labelled none.
    """
    with database.read() as cursor:
        items = cursor.frame(
            _SHUFFLED.replace("{drawn}", _OWN),
            [annotator, f"{seed}:draw:", clusters, f"{seed}:order:"],
        )
    if items.is_empty():
        raise DecisionRefused("You have labelled no cluster yet that could be shown to you again.")
    items = items.with_columns(stratum_size=pl.lit(1, pl.Int64))
    return _keep(database, ("consistency", annotator, seed, 1), items)


def _keep(
    database: Database,
    about: tuple[RoundKind, str, int, int],
    items: pl.DataFrame,
    strata: pl.DataFrame | None = None,
) -> Round:
    audit_id = secrets.token_hex(8)
    with database.write() as cursor:
        cursor.execute(
            """INSERT INTO audit_rounds (audit_id, kind, annotator, seed, per_cluster, created_at)
            VALUES (?, ?, ?, ?, ?, ?)""",
            [audit_id, *about, database.now()],
        )
        cursor.insert("audit_items", items.with_columns(audit_id=pl.lit(audit_id)))
        if strata is not None:
            cursor.insert("audit_strata", strata.with_columns(audit_id=pl.lit(audit_id)))
        return _rounds(cursor, "WHERE audit_id = ?", audit_id)[0]


@served
def list_rounds(database: Database) -> list[Round]:
    """All rounds, oldest first."""
    with database.read() as cursor:
        return _rounds(cursor)


def _rounds(cursor: Cursor, which: str = "", *values: str) -> list[Round]:
    rows = cursor.rows(
        f"""SELECT audit_id, r.kind, annotator, seed, per_cluster, created_at,
               count(i.answer_id), count(j.kind), count(j.kind) FILTER (j.kind = 'unsure')
        FROM audit_rounds r JOIN audit_items i USING (audit_id)
        LEFT JOIN judged_items j USING (audit_id, answer_id)
        {which} GROUP BY ALL ORDER BY any_value(r.position)""",
        values,
    )
    return [Round(*row) for row in rows]


@served
def read_coverage(database: Database, audit_id: str) -> Coverage:
    """What a propagation round reaches."""
    with database.read() as cursor:
        row = cursor.one(
            """SELECT count(*), count(*) FILTER (size = 1), count(*) FILTER (drawn > 0),
                coalesce(sum(propagated), 0)::BIGINT,
                coalesce(sum(propagated) FILTER (drawn > 0), 0)::BIGINT
            FROM audit_strata WHERE audit_id = ?""",
            [audit_id],
        )
    return Coverage(*row)
