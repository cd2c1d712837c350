"""Splitting a cluster into parts, which are in its place while the split counts.

polars is imported with the first split, because a screen's first cluster waits for this module.
"""

from typing import TYPE_CHECKING, Final

from store.clusters import SEED_COLUMNS, SEED_JOINS, summarise
from store.database.connection import Database
from store.database.served import served
from store.decisions import Decision, append
from store.errors import DecisionRefused
from store.vectors import space_of, vectors_in

if TYPE_CHECKING:
    import polars as pl

CHANGED: Final = "The cluster has changed meanwhile; nothing was split."


@served
def read_placed_members(database: Database, cluster_id: str) -> "pl.DataFrame":
    """A cluster's members, nearest first, in the space in which it was made.

    Columns: answer_id, confidence, seed_label, seed_dataset and vector. Raises DecisionRefused for
    a cluster that is gone.
    """
    with database.read() as cursor:
        space = space_of(cursor, cluster_id)
        if space is None:
            raise DecisionRefused(CHANGED)
        members = cursor.frame(
            f"""SELECT m.answer_id, m.confidence, {SEED_COLUMNS} FROM members m {SEED_JOINS}
            WHERE m.cluster_id = ? ORDER BY m.rank""",
            [cluster_id],
        )
        vectors = vectors_in(cursor, space, members)
    return members.join(vectors, on="answer_id", maintain_order="left")


@served
def split(database: Database, annotator: str, cluster_id: str, parts: "pl.DataFrame") -> list[str]:
    """Replace a cluster by its parts as one action; return their ids, largest first.

    `parts` has one row for each member of the cluster: what `read_placed_members` says of it
    but the vector, part (a number) and distance to the part's centre. Raises DecisionRefused
    where the cluster does not stand, or if all members are in one part.
    """
    import polars as pl

    from store.ids import row_id

    if parts["part"].n_unique() < 2:
        raise DecisionRefused("All members came out in one part: they are too much alike.")
    with database.write() as cursor:
        standing = cursor.rows(
            """SELECT clustering_id, dataset, predicted_label, size FROM leaf_clusters
            WHERE cluster_id = ?""",
            [cluster_id],
        )
        if not standing or standing[0][3] != parts.height:
            raise DecisionRefused(CHANGED)
        clustering_id, dataset, predicted_label, _ = standing[0]
        decision = Decision("split", cluster_id=cluster_id)
        action_id = append(cursor, annotator, [decision], database.now())
        ids = {part: row_id("part", action_id, part) for part in parts["part"].unique()}
        members = (
            parts.with_columns(
                cluster_id=pl.col("part").replace_strict(ids, return_dtype=pl.String)
            )
            .sort("cluster_id", "distance", "answer_id")
            .with_columns(rank=pl.int_range(pl.len(), dtype=pl.Int32).over("cluster_id"))
        )
        clusters = summarise(cursor, members).with_columns(
            clustering_id=pl.lit(clustering_id),
            dataset=pl.lit(dataset, pl.String),
            predicted_label=pl.lit(predicted_label),
            parent_id=pl.lit(cluster_id),
            split_action_id=pl.lit(action_id),
        )
        cursor.insert("clusters", clusters)
        kept = members.select("cluster_id", "answer_id", "rank", "distance", "confidence")
        cursor.insert("members", kept)
    return clusters.sort("size", "cluster_id", descending=[True, False])["cluster_id"].to_list()
