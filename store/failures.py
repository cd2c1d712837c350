"""Rows of production that a guard got wrong, by the labels that people gave them, and their copies.

A copy is a seed whose own id is that of the row, and whose texts are the same.
"""

from typing import Final

import polars as pl

from store.database.connection import Database
from store.database.served import served
from store.labels import set_labels

FAILURES: Final = pl.Schema(
    {
        "sample_id": pl.String(),
        "text": pl.String(),
        "context": pl.String(),  # of a pair; null for a single text
        "label": pl.String(),  # what it is
        "group_key": pl.String(),
        "is_miss": pl.Boolean(),  # positive, and not flagged; else a false alarm
        "cluster_id": pl.String(),  # its pattern; null for one that was labelled alone
        "is_seed": pl.Boolean(),  # whether a seed has these texts already
        "is_contradicted": pl.Boolean(),  # whether the same texts were also labelled otherwise
    }
)

# The pattern is the cluster whose label counts; of a row with a label of its own, the newest.
_FAILURES: Final = """
WITH labelled AS (
    SELECT answer_id, s.sample_id, s.text, s.context, s.text_hash, s.group_key, s.line, l.label,
           l.decision_id, o.label AS verdict,
           count(DISTINCT l.label) OVER (PARTITION BY s.text_hash) > 1 AS is_contradicted
    FROM samples s JOIN observed_answers o USING (sample_id) JOIN answer_labels l USING (answer_id)
    WHERE s.dataset = $1),
newest AS (
    SELECT answer_id, arg_max(cluster_id, (active, position)) AS cluster_id
    FROM members JOIN leaf_clusters USING (cluster_id) JOIN clusterings USING (clustering_id)
    WHERE answer_id IN (SELECT answer_id FROM labelled) GROUP BY answer_id)
SELECT sample_id, text, context, l.label, group_key,
       list_contains($2, l.label) AS is_miss,
       CASE WHEN c.size > 1 THEN c.cluster_id END AS cluster_id,
       text_hash IN (SELECT text_hash FROM samples WHERE dataset IN (
           SELECT dataset FROM dataset_roles WHERE role = 'seed')) AS is_seed,
       is_contradicted
FROM labelled l LEFT JOIN newest n USING (answer_id)
LEFT JOIN (SELECT decision_id, cluster_id FROM decisions) d USING (decision_id)
LEFT JOIN clusters c ON c.cluster_id = coalesce(d.cluster_id, n.cluster_id)
WHERE list_contains($2, l.label) <> list_contains($2, verdict)
  AND answer_id NOT IN (SELECT answer_id FROM excluded_answers)
QUALIFY row_number() OVER (PARTITION BY text_hash ORDER BY line, sample_id) = 1
ORDER BY c.size DESC, c.cluster_id, line, sample_id
"""


@served
def read_failures(database: Database, dataset: str, positives: frozenset[str]) -> pl.DataFrame:
    """Labelled rows of a dataset that a guard got wrong (FAILURES), those of large patterns first.

    A guard flags what it takes for one of the `positives`. Rows without a verdict are left out, as
    are excluded ones, and those of equal texts but the first.
    """
    with database.read() as cursor:
        return cursor.frame(_FAILURES, [dataset, sorted(positives)]).cast(FAILURES)


@served
def relabel_copies(database: Database, dataset: str) -> int:
    """Give seeds that are copies of a dataset's rows the labels that these have now.

    Returns how many had another. One whose row has no label any more stays as it is.
    """
    with database.write() as cursor:
        changed = cursor.frame(
            """SELECT c.sample_id, l.label
            FROM samples c JOIN samples s ON s.sample_id = c.external_id
                AND s.text_hash = c.text_hash
            JOIN observed_answers o ON o.sample_id = s.sample_id
            JOIN answer_labels l USING (answer_id)
            WHERE s.dataset = ? AND c.label <> l.label
              AND c.dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'seed')""",
            [dataset],
        )
        set_labels(cursor, changed)
    return changed.height
