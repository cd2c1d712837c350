"""Ways of asking: the same seeds by another template, model or temperature, side by side."""

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from store.database import Database
from store.drift import UNLABELLED
from store.schema import COMPARISONS


@dataclass(frozen=True, slots=True)
class Asked:
    """How questions and answers were written; `jobs` are those that wrote answers, sorted."""

    query_model: str
    query_template: str
    query_sampling: str
    answer_model: str
    answer_template: str
    answer_sampling: str
    jobs: tuple[str, ...]


_BY_WAY: Final = f"""
SELECT q.model AS query_model, q.template AS query_template,
       q.template_digest AS query_template_digest, q.sampling AS query_sampling,
       a.model AS answer_model, a.template AS answer_template,
       a.template_digest AS answer_template_digest, a.sampling AS answer_sampling,
       d.sample_id, list_sort(list(DISTINCT a.job_id)) AS jobs,
       {", ".join(f"avg(d.{name}.f1) AS {name}" for name in COMPARISONS)},
       count(*) AS answers,
       count(l.label) FILTER (s.origin = 'given') AS labelled,
       count(*) FILTER (s.origin = 'given' AND l.label = s.label) AS stayed
FROM drift d JOIN answers a USING (answer_id) JOIN queries q USING (query_id)
JOIN sample_labels s ON s.sample_id = d.sample_id
LEFT JOIN answer_labels l ON l.answer_id = d.answer_id
WHERE d.config_hash = ?
GROUP BY ALL
"""


def read_ways(database: Database, config_hash: str) -> list[tuple[Asked, pl.DataFrame]]:
    """Return each way of asking with a row a seed, those with the most seeds first.

    Rows are (sample_id, answer_seed, query_seed, answer_query, answers, labelled, stayed): mean
    F1 of the seed's answers, how many there are, how many of them have a label, and how many
    have their seed's. Only given seed labels are looked at.
    """
    with database.read() as cursor:
        found = cursor.frame(_BY_WAY, [config_hash])
    keys = [name for name in found.columns if name.startswith(("query_", "answer_"))]
    keys = [name for name in keys if name not in COMPARISONS]
    groups = []
    for key, rows in found.group_by(keys, maintain_order=True):
        way = dict(zip(keys, key, strict=True))
        jobs = sorted({job for names in rows["jobs"] for job in names})
        groups.append((_asked(way, jobs), rows.drop(*keys, "jobs").sort("sample_id")))
    return sorted(groups, key=lambda group: (-group[1].height, repr(group[0])))


def _asked(way: dict[str, Any], jobs: list[str]) -> Asked:
    """Return a way; templates of one name and different text are told apart by their digest."""
    names = ("query_model", "query_sampling", "answer_model", "answer_sampling")
    templates = {
        f"{kind}_template": f"{way[f'{kind}_template']}@{way[f'{kind}_template_digest'][:8]}"
        for kind in ("query", "answer")
    }
    return Asked(**{name: way[name] for name in names}, **templates, jobs=tuple(jobs))


_FLOW: Final = f"""
SELECT s.dataset, coalesce(s.label, '{UNLABELLED}') AS seed_label, l.label, count(*) AS answers
FROM answers a JOIN queries q USING (query_id) JOIN sample_labels s USING (sample_id)
LEFT JOIN answer_labels l USING (answer_id)
WHERE a.error IS NULL GROUP BY ALL ORDER BY ALL
"""


def read_flow(database: Database) -> list[tuple[str, str, str | None, int]]:
    """Return (dataset, seed label, label or None, answers): what became of each seed's label."""
    with database.read() as cursor:
        return [(str(a), str(b), c, int(n)) for a, b, c, n in cursor.rows(_FLOW)]


def read_cluster_sizes(database: Database) -> list[tuple[str | None, int]]:
    """Return (dataset or None, size) of the active clusters; None where all were clustered."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT c.dataset, c.size FROM leaf_clusters c JOIN clusterings USING (clustering_id)
            WHERE active ORDER BY c.dataset, c.size DESC"""
        )
    return [(dataset, int(size)) for dataset, size in rows]
