"""Patterns: the active clusters of rows that were selected of production at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from store.database.connection import Database
from store.database.served import served


@dataclass(frozen=True, slots=True)
class PatternRow:
    """A leaf cluster of a selection for patterns, and what is known of it but for decisions.

    `told` of its members were flagged, or passed, by a guard or a detector, as whose label they
    are clustered, `predicted_label`; the others as what was predicted. `terms` and `title` name
    it; those of a cluster that was split name its parts.
    """

    cluster_id: str
    selection_id: str
    predicted_label: str
    size: int
    told: int
    guards: tuple[str, ...]
    terms: tuple[str, ...]
    title: str | None
    representative_id: str
    representative: str


_PATTERNS: Final = """
WITH chosen AS (
    SELECT c.cluster_id, t.selection_id, c.predicted_label, c.size, c.representative_id,
           c.representative, c.parent_id
    FROM leaf_clusters c JOIN clusterings USING (clustering_id)
    JOIN selected_answers t ON t.answer_id = c.representative_id
    JOIN selections s ON s.selection_id = t.selection_id
    WHERE active AND s.dataset = ? AND s.purpose = 'patterns'),
counted AS (
    SELECT cluster_id, count(o.label) AS told,
           list_sort(list(DISTINCT o.guard) FILTER (o.guard IS NOT NULL)) AS guards
    FROM members JOIN observed_answers o USING (answer_id)
    WHERE cluster_id IN (SELECT cluster_id FROM chosen) GROUP BY cluster_id)
SELECT c.cluster_id, c.selection_id, c.predicted_label, c.size, told, guards,
       coalesce(own.terms, whole.terms), coalesce(o.title, w.title),
       c.representative_id, c.representative
FROM chosen c JOIN counted USING (cluster_id)
LEFT JOIN cluster_terms own ON own.cluster_id = c.cluster_id
LEFT JOIN cluster_terms whole ON whole.cluster_id = c.parent_id
LEFT JOIN cluster_titles o ON o.cluster_id = c.cluster_id
LEFT JOIN cluster_titles w ON w.cluster_id = c.parent_id
ORDER BY c.size DESC, c.cluster_id
"""


@served
def read_patterns(database: Database, dataset: str) -> list[PatternRow]:
    """The patterns of a dataset, the largest first."""
    with database.read() as cursor:
        rows = cursor.rows(_PATTERNS, [dataset])
    return [
        PatternRow(*(*row[:5], tuple(row[5] or ()), tuple(row[6] or ()), *row[7:])) for row in rows
    ]


@served
def read_audited(database: Database, cluster_ids: Sequence[str]) -> list[tuple[str, str]]:
    """(cluster, label) of each member that an audit drew at random and found to have a label.

    Representatives are not among them, nor what was read and is unsure.
    """
    with database.read() as cursor:
        return [
            (str(cluster_id), str(label))
            for cluster_id, label in cursor.rows(
                """SELECT m.cluster_id, o.label
                FROM own_labels o JOIN members m USING (answer_id)
                WHERE m.rank > 0 AND o.label IS NOT NULL AND list_contains(?, m.cluster_id)
                  AND answer_id IN (
                    SELECT answer_id FROM judged_items j JOIN audit_rounds USING (audit_id)
                    WHERE audit_rounds.kind = 'propagation' AND j.kind = 'label')
                ORDER BY m.cluster_id, m.answer_id""",
                [list(cluster_ids)],
            )
        ]


@dataclass(frozen=True, slots=True)
class Traffic:
    """Rows of a dataset that were told flagged or passed, and the flagged ones of them."""

    rows: int
    flagged: int


@served
def count_told(database: Database, dataset: str) -> Traffic:
    """What the log of a dataset says of all its rows."""
    with database.read() as cursor:
        row = cursor.one(
            """SELECT count(*), count(*) FILTER (verdict = 'flagged') FROM log_records
            WHERE dataset = ? AND verdict IN ('flagged', 'passed')""",
            [dataset],
        )
    return Traffic(*row)


@dataclass(frozen=True, slots=True)
class Untitled:
    """A pattern that no language model gave a title, its terms, and its texts, nearest first."""

    cluster_id: str
    terms: tuple[str, ...]
    texts: tuple[str, ...]


@served
def read_untitled(database: Database, dataset: str, texts: int) -> list[Untitled]:
    """The patterns of a dataset without a title, with at most so many texts, by id."""
    with database.read() as cursor:
        rows = cursor.rows(
            f"""WITH chosen AS (
                SELECT c.cluster_id, coalesce(own.terms, whole.terms) AS terms
                FROM leaf_clusters c JOIN clusterings USING (clustering_id)
                JOIN selected_answers t ON t.answer_id = c.representative_id
                JOIN selections s ON s.selection_id = t.selection_id
                LEFT JOIN cluster_terms own ON own.cluster_id = c.cluster_id
                LEFT JOIN cluster_terms whole ON whole.cluster_id = c.parent_id
                WHERE active AND s.dataset = ? AND s.purpose = 'patterns'
                  AND c.cluster_id NOT IN (
                    SELECT cluster_id FROM cluster_titles WHERE title IS NOT NULL)),
            nearest AS (
                SELECT cluster_id, list(a.text ORDER BY rank) AS texts
                FROM members JOIN answers a USING (answer_id)
                WHERE rank < {texts:d} AND cluster_id IN (SELECT cluster_id FROM chosen)
                GROUP BY cluster_id)
            SELECT cluster_id, terms, texts FROM chosen JOIN nearest USING (cluster_id)
            ORDER BY cluster_id""",
            [dataset],
        )
    return [Untitled(name, tuple(terms or ()), tuple(found)) for name, terms, found in rows]
