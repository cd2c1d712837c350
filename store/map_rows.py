"""What a map of the clusters is drawn from: vectors of some answers, and of representatives."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from store.clusters import SEED_COLUMNS, SEED_JOINS
from store.database.connection import Database
from store.database.served import served
from store.drift_schema import COMPARISONS
from store.schema import LIST_OF_FLOATS
from store.vectors import NEWEST_SPACE, active_space, vectors_in

_MAPPED: Final = f"""
WITH newest AS (
    SELECT detector_id, embeddings, encoder FROM clusterings
    WHERE active ORDER BY {NEWEST_SPACE} LIMIT 1),
mapped AS (
    SELECT cluster_id, representative_id FROM leaf_clusters
    JOIN clusterings g USING (clustering_id) JOIN newest n USING (detector_id, embeddings)
    WHERE active AND g.encoder IS NOT DISTINCT FROM n.encoder)
"""
_COLUMNS: Final = pl.Schema(
    {
        "answer_id": pl.String(),
        "cluster_id": pl.String(),
        "is_representative": pl.Boolean(),
        "seed_label": pl.String(),
        "seed_dataset": pl.String(),
        "vector": LIST_OF_FLOATS,
    }
)


@dataclass(frozen=True, slots=True)
class MapRows:
    """Answers of the active clusters of one space, whose vectors can be compared.

    `frame` has the columns of _COLUMNS, in no order. `answers` counts all in these clusters;
    `is_sample` says that not all are there.
    """

    frame: pl.DataFrame
    answers: int

    @property
    def is_sample(self) -> bool:
        """Whether there are more answers than rows."""
        return self.answers > self.frame.height


@served
def map_stamp(database: Database) -> str:
    """A text that changes whenever the clusters on the map do, also by a split or its undoing."""
    with database.read() as cursor:
        row = cursor.one(
            f"{_MAPPED} SELECT count(*), bit_xor(hash(cluster_id, representative_id)) FROM mapped"
        )
    return "/".join(map(str, row))


@served
def read_map_rows(database: Database, limit: int) -> MapRows:
    """About `limit` answers, the same ones each time, and every representative.

    They are of the clusters that were made in the space of the newest active clustering. The order
    is that of a hash, so that a sample has each cluster in proportion.
    """
    with database.read() as cursor:
        space = active_space(cursor)
        if space is None:
            return MapRows(pl.DataFrame(schema=_COLUMNS), 0)
        answers = cursor.number(
            f"{_MAPPED} SELECT count(*) FROM members JOIN mapped USING (cluster_id)"
        )
        chosen = cursor.frame(
            f"""{_MAPPED}, placed AS (
                SELECT answer_id, cluster_id,
                       answer_id = representative_id AS is_representative
                FROM members JOIN mapped USING (cluster_id))
            SELECT * FROM placed WHERE is_representative
            UNION ALL SELECT * FROM (SELECT * FROM placed WHERE NOT is_representative
                                     ORDER BY hash(answer_id), answer_id LIMIT {limit:d})"""
        )
        with cursor.view("chosen_answers", chosen):
            rows = cursor.frame(
                f"""SELECT m.answer_id, m.cluster_id, m.is_representative, {SEED_COLUMNS}
                FROM chosen_answers m {SEED_JOINS}"""
            )
        vectors = vectors_in(cursor, space, chosen)
    return MapRows(rows.join(vectors, on="answer_id"), answers)


@served
def count_overrides(database: Database) -> dict[str, int]:
    """How many members have a label of their own, by active cluster; those without are left out."""
    with database.read() as cursor:
        return dict(
            cursor.rows(
                """WITH overridden AS (
                    SELECT DISTINCT answer_id FROM effective_decisions
                    WHERE answer_id IS NOT NULL AND kind = 'label')
                SELECT cluster_id, count(*) FROM members JOIN overridden USING (answer_id)
                JOIN leaf_clusters USING (cluster_id) JOIN clusterings USING (clustering_id)
                WHERE active GROUP BY cluster_id"""
            )
        )


@served
def read_f1(database: Database, config_hash: str, answers: pl.DataFrame) -> pl.DataFrame:
    """The F1 of these answers (answer_id) by one configuration, in their order.

    A column for each of COMPARISONS; null where an answer was not scored.
    """
    f1 = ", ".join(f"{name}.f1 AS {name}" for name in COMPARISONS)
    with database.read() as cursor, cursor.view("wanted_answers", answers):
        found = cursor.frame(
            f"""SELECT answer_id, {f1} FROM drift JOIN wanted_answers USING (answer_id)
            WHERE config_hash = ?""",
            [config_hash],
        )
    joined = answers.join(found, on="answer_id", how="left", maintain_order="left")
    return joined.select(COMPARISONS)
