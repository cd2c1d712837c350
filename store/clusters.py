"""Clusters as a person sees them: the representative, the members, what was decided."""

from dataclasses import dataclass
from typing import Final, Literal

from store.database import Database

MemberOrder = Literal["nearest", "farthest", "random", "least-confident"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A leaf cluster of an active clustering.

    `decision` is the newest of label, skip and unsure, with `label` where it is a label.
    `confidence` is the members' mean probability of the predicted label, `spread` the mean
    distance to the centre.
    """

    cluster_id: str
    dataset: str | None
    predicted_label: str
    size: int
    decision: str | None
    label: str | None
    confidence: float | None
    spread: float
    representative_id: str
    representative: str


@dataclass(frozen=True, slots=True)
class Member:
    """An answer in a cluster; rank 0 is the representative."""

    answer_id: str
    rank: int
    distance: float
    confidence: float | None
    text: str
    label: str | None
    origin: str | None


_CLUSTERS: Final = """
SELECT c.cluster_id, c.dataset, c.predicted_label, c.size, d.kind, d.label,
       avg(list_max(p.probabilities)), avg(m.distance), c.representative_id, any_value(a.text)
FROM leaf_clusters c
JOIN clusterings g USING (clustering_id)
JOIN members m USING (cluster_id)
JOIN answers a ON a.answer_id = c.representative_id
LEFT JOIN predictions p ON p.item_id = m.answer_id AND p.detector_id = g.detector_id
LEFT JOIN cluster_decisions d USING (cluster_id)
WHERE g.active
GROUP BY ALL
ORDER BY c.size DESC, c.cluster_id
"""


def list_clusters(database: Database) -> list[Cluster]:
    """Return the active leaf clusters, largest first, ties by id."""
    with database.read() as cursor:
        return [Cluster(*row) for row in cursor.rows(_CLUSTERS)]


_MEMBER_ORDERS: Final[dict[MemberOrder, str]] = {
    "nearest": "m.rank",
    "farthest": "m.rank DESC",
    "random": "sha256(concat(?, m.answer_id))",
    "least-confident": "list_max(p.probabilities), m.rank",
}


def read_members(
    database: Database,
    cluster_id: str,
    *,
    order: MemberOrder = "nearest",
    limit: int | None = None,
    seed: int = 0,
) -> list[Member]:
    """Return members of a cluster with their labels; `seed` shuffles the order "random"."""
    seeded = [f"{seed}:"] if order == "random" else []
    with database.read() as cursor:
        rows = cursor.rows(
            f"""SELECT m.answer_id, m.rank, m.distance, list_max(p.probabilities), a.text,
                   l.label, l.origin
            FROM members m
            JOIN clusters c USING (cluster_id)
            JOIN clusterings g USING (clustering_id)
            JOIN answers a USING (answer_id)
            LEFT JOIN predictions p
                   ON p.item_id = m.answer_id AND p.detector_id = g.detector_id
            LEFT JOIN answer_labels l ON l.answer_id = m.answer_id
            WHERE m.cluster_id = ?
            ORDER BY {_MEMBER_ORDERS[order]} LIMIT {"ALL" if limit is None else int(limit)}""",
            [cluster_id, *seeded],
        )
    return [Member(*row) for row in rows]


def clustering_stamp(database: Database) -> str:
    """Return a text that changes whenever other clusters are active than before."""
    with database.read() as cursor:
        return str(
            cursor.one(
                """SELECT concat_ws('/', max(position), count(*) FILTER (active),
                   (SELECT count(*) FROM leaf_clusters)) FROM clusterings"""
            )[0]
        )


def member_ids(database: Database) -> dict[str, list[str]]:
    """Return the answers of every active leaf cluster, nearest first."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT cluster_id, list(answer_id ORDER BY rank)
            FROM members JOIN leaf_clusters USING (cluster_id)
            JOIN clusterings USING (clustering_id) WHERE active GROUP BY cluster_id"""
        )
    return dict(rows)
