"""Clusters as an annotator sees them: the representative, the members, where they came from.

Everything about a cluster but what was decided on it is counted once it is made, and again where
its seeds change; reading a queue of clusters reads no answers.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.logged import Told

if TYPE_CHECKING:
    import polars as pl

MemberOrder = Literal["nearest", "farthest", "random", "least-confident"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A leaf cluster of an active clustering: one that stands, whole or as part of a split one.

    `confidence` is the members' mean probability of the predicted label, `spread` their mean
    distance to the centre. `seed_labels` and `datasets` count members by the label and by the
    dataset of their seed. `dataset` is the scope of the clustering, None if it was all. `place` is
    that of a single row in a queue, the newest queue first; None for any other cluster. `told` is
    there of rows of production, of the representative; `name` is a pattern's, untrusted text.
    """

    cluster_id: str
    dataset: str | None
    predicted_label: str
    size: int
    spread: float
    confidence: float | None
    seed_labels: Mapping[str, int]
    datasets: Mapping[str, int]
    representative_id: str
    representative: str
    parent_id: str | None
    place: int | None = None
    told: Told | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """An answer in a cluster; rank 0 is the representative."""

    answer_id: str
    rank: int
    distance: float
    confidence: float | None
    text: str


SEED_COLUMNS: Final = "l.label AS seed_label, s.dataset AS seed_dataset"
SEED_JOINS: Final = """LEFT JOIN answers a ON a.answer_id = m.answer_id
LEFT JOIN queries q USING (query_id) LEFT JOIN samples s USING (sample_id)
LEFT JOIN sample_labels l USING (sample_id)"""
_CLUSTERS: Final = """
SELECT c.cluster_id, dataset, predicted_label, size, spread, confidence,
       coalesce(to_json(seed_labels)::VARCHAR, '{}'), coalesce(to_json(datasets)::VARCHAR, '{}'),
       representative_id, representative, parent_id, CASE WHEN size = 1 THEN taken.place END,
       o.answer_id IS NOT NULL, o.guard, o.verdict, taken.purpose,
       coalesce(t.title, nullif(array_to_string(n.terms, ', '), ''))
FROM leaf_clusters c JOIN clusterings USING (clustering_id)
LEFT JOIN observed_answers o ON o.answer_id = representative_id
LEFT JOIN cluster_terms n ON n.cluster_id = c.cluster_id
LEFT JOIN cluster_titles t ON t.cluster_id = c.cluster_id
LEFT JOIN (
    SELECT answer_id, min(place) FILTER (purpose = 'queue') AS place,
           arg_max(purpose, selected_at) AS purpose
    FROM (SELECT answer_id, purpose, selected_at, row_number() OVER (
              ORDER BY purpose <> 'queue', selected_at DESC, selection_id, place) AS place
          FROM selected_answers JOIN selections USING (selection_id))
    GROUP BY answer_id) taken ON taken.answer_id = representative_id
WHERE active
ORDER BY size DESC, taken.place NULLS LAST, c.cluster_id
"""


@served
def list_clusters(database: Database) -> list[Cluster]:
    """The active leaf clusters, largest first, then as they are queued, ties by id."""
    with database.read() as cursor:
        rows = cursor.rows(_CLUSTERS)
    # As one text of JSON, because DuckDB takes ten times as long to hand over ten thousand maps.
    maps = iter(json.loads(f"[{','.join(text for row in rows for text in row[6:8])}]"))
    return [
        Cluster(*(*row[:6], next(maps), next(maps), *row[8:12], _told(row[12:16]), row[16]))
        for row in rows
    ]


def _told(row: tuple[Any, ...]) -> Told | None:
    is_observed, *told = row
    return Told(*told) if is_observed else None


_MEMBER_ORDERS: Final[dict[MemberOrder, str]] = {
    "nearest": "rank",
    "farthest": "rank DESC",
    "random": "sha256(concat(?, answer_id))",
    "least-confident": "confidence, rank",
}


@served
def read_members(
    database: Database,
    cluster_id: str,
    *,
    order: MemberOrder = "nearest",
    limit: int | None = None,
    seed: int = 0,
    first: str = "",
) -> list[Member]:
    """Members of a cluster in an order; `seed` shuffles the order "random".

    The answer `first`, if it is a member, comes before all others.
    """
    seeded = [f"{seed}:"] if order == "random" else []
    with database.read() as cursor:
        rows = cursor.rows(
            f"""SELECT answer_id, rank, distance, confidence FROM members WHERE cluster_id = ?
            ORDER BY answer_id <> ?, {_MEMBER_ORDERS[order]}
            LIMIT {"ALL" if limit is None else int(limit)}""",
            [cluster_id, first, *seeded],
        )
        texts = read_texts(cursor, [row[0] for row in rows])
    return [
        Member(answer_id, rank, distance, confidence, texts[answer_id])
        for answer_id, rank, distance, confidence in rows
    ]


def read_texts(cursor: Cursor, answer_ids: Sequence[str]) -> dict[str, str]:
    """The texts of answers by id; look-ups by key, so that no table is read through."""
    if not answer_ids:
        return {}
    marks = ", ".join("?" * len(answer_ids))
    sql = f"SELECT answer_id, text FROM answers WHERE answer_id IN ({marks})"
    return dict(cursor.rows(sql, list(answer_ids)))


@served
def clustering_stamp(database: Database) -> str:
    """A text that changes whenever other clusterings are active than before."""
    with database.read() as cursor:
        row = cursor.one("SELECT max(position), count(*) FILTER (active) FROM clusterings")
    return "/".join(map(str, row))


@served
def member_ids(database: Database) -> dict[str, list[str]]:
    """The answers of every active leaf cluster, nearest first."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT cluster_id, list(answer_id ORDER BY rank)
            FROM members JOIN leaf_clusters USING (cluster_id)
            JOIN clusterings USING (clustering_id) WHERE active GROUP BY cluster_id"""
        )
    return dict(rows)


@served
def draw_members(database: Database, clusters: "pl.DataFrame", limit: int) -> "pl.DataFrame":
    """At most `limit` members of each of these clusters (cluster_id), the same each time.

    Columns: cluster_id, answer_id.
    """
    with database.read() as cursor, cursor.view("drawn_clusters", clusters):
        return cursor.frame(
            f"""SELECT cluster_id, answer_id FROM members
            WHERE cluster_id IN (SELECT cluster_id FROM drawn_clusters)
            QUALIFY row_number() OVER (
                PARTITION BY cluster_id ORDER BY hash(answer_id), answer_id) <= {limit:d}
            ORDER BY cluster_id, answer_id"""
        )


@served
def find_clusters(database: Database, answer_ids: Sequence[str]) -> dict[str, str]:
    """The active leaf cluster of each of these answers; those without one are left out."""
    with database.read() as cursor:
        return dict(
            cursor.rows(
                """SELECT answer_id, cluster_id
                FROM (SELECT * FROM members WHERE list_contains(?, answer_id))
                JOIN leaf_clusters USING (cluster_id) JOIN clusterings USING (clustering_id)
                WHERE active""",
                [list(answer_ids)],
            )
        )


@served
def read_member_ids(database: Database, cluster_id: str) -> "pl.DataFrame":
    """The answers of one cluster, in no order: answer_id."""
    with database.read() as cursor:
        return cursor.frame("SELECT answer_id FROM members WHERE cluster_id = ?", [cluster_id])


def with_seeds(cursor: Cursor, members: "pl.DataFrame") -> "pl.DataFrame":
    """Members, which have answer_id, with seed_label and seed_dataset."""
    with cursor.view("new_members", members):
        return cursor.frame(f"SELECT m.*, {SEED_COLUMNS} FROM new_members m {SEED_JOINS}")


def summarise(cursor: Cursor, members: "pl.DataFrame") -> "pl.DataFrame":
    """What the table `clusters` keeps of each cluster that is being made.

    `members` has cluster_id, answer_id, rank, distance, confidence, seed_label and
    seed_dataset; the frame that comes back has cluster_id, size, spread, confidence,
    seed_labels, datasets, representative_id and representative.
    """
    with cursor.view("new_members", members):
        return cursor.frame(
            """WITH counted AS (
                SELECT cluster_id, count(*) AS size, avg(distance) AS spread,
                       avg(confidence) AS confidence, histogram(seed_label) AS seed_labels,
                       histogram(seed_dataset) AS datasets,
                       arg_min(answer_id, rank) AS representative_id
                FROM new_members GROUP BY cluster_id)
            SELECT counted.*, a.text AS representative
            FROM counted LEFT JOIN answers a ON a.answer_id = representative_id"""
        )


def recount(cursor: Cursor, clusters: "pl.DataFrame") -> None:
    """Count again what is kept of clusters (cluster_id), after their members or seeds changed."""
    if clusters.is_empty():
        return
    with cursor.view("counted_clusters", clusters):
        members = cursor.frame(
            """SELECT cluster_id, answer_id, rank, distance, confidence FROM members
            WHERE cluster_id IN (SELECT cluster_id FROM counted_clusters)"""
        )
    with cursor.view("counts", summarise(cursor, with_seeds(cursor, members))):
        cursor.execute(
            """UPDATE clusters SET size = n.size, spread = n.spread, confidence = n.confidence,
                seed_labels = n.seed_labels, datasets = n.datasets,
                representative_id = n.representative_id, representative = n.representative
            FROM counts n WHERE n.cluster_id = clusters.cluster_id"""
        )
