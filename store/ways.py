"""Ways of asking: the same seeds by another template, model or temperature, side by side."""

from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from store.database.connection import Database
from store.database.served import served
from store.drift_schema import COMPARISONS
from store.drift_scores import UNLABELLED


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


# A hash distinguishes ways: to group a million rows by their long texts takes a minute.
_WAY: Final = """hash(q.model, q.template_digest, q.sampling) AS query_way,
       hash(a.model, a.template_digest, a.sampling) AS answer_way"""
_NAMES: Final = f"""
SELECT {_WAY},
       any_value(q.model), any_value(q.template || '@' || left(q.template_digest, 8)),
       any_value(q.sampling),
       any_value(a.model), any_value(a.template || '@' || left(a.template_digest, 8)),
       any_value(a.sampling), list_sort(list(DISTINCT a.job_id))
FROM answers a JOIN queries q USING (query_id)
WHERE a.answer_id NOT IN (SELECT answer_id FROM observed_answers) GROUP BY query_way, answer_way
"""
_BY_SEED: Final = f"""
SELECT {_WAY}, d.sample_id,
       {", ".join(f"avg(d.{name}.f1) AS {name}" for name in COMPARISONS)},
       count(*) AS answers,
       count(l.label) FILTER (s.origin = 'given') AS labelled,
       count(*) FILTER (s.origin = 'given' AND l.label = s.label) AS stayed
FROM drift d JOIN answers a USING (answer_id) JOIN queries q USING (query_id)
JOIN sample_labels s ON s.sample_id = d.sample_id
LEFT JOIN answer_labels l ON l.answer_id = d.answer_id
WHERE d.config_hash = ?
GROUP BY query_way, answer_way, d.sample_id
"""


@served
def read_ways(database: Database, config_hash: str) -> list[tuple[Asked, pl.DataFrame]]:
    """Each way of asking with one row per seed, those with the most seeds first.

    Empty if there is only one.

    Templates are named with the start of their digest. Rows are (sample_id, answer_seed,
    query_seed, answer_query, answers, labelled, stayed): mean F1 of the seed's answers, how many
    there are, how many of them have a label, and how many have their seed's. Only given seed
    labels count.
    """
    with database.read() as cursor:
        names = {(row[0], row[1]): _asked(row[2:]) for row in cursor.rows(_NAMES)}
        if len(names) < 2:
            return []  # there is nothing to compare, and a million seeds take a minute
        found = cursor.frame(_BY_SEED, [config_hash])
    keys = ["query_way", "answer_way"]
    groups = [
        (names[query, answer], rows.drop(keys).sort("sample_id"))
        for (query, answer), rows in found.group_by(keys)
    ]
    return sorted(groups, key=lambda group: (-group[1].height, repr(group[0])))


def _asked(values: tuple[Any, ...]) -> Asked:
    asked = Asked(*values)
    return replace(asked, jobs=tuple(asked.jobs))


_FLOW: Final = f"""
SELECT s.dataset, coalesce(s.label, '{UNLABELLED}') AS seed_label, l.label, count(*) AS answers
FROM answers a JOIN queries q USING (query_id) JOIN sample_labels s USING (sample_id)
LEFT JOIN answer_labels l USING (answer_id)
WHERE a.error IS NULL AND a.answer_id NOT IN (SELECT answer_id FROM observed_answers)
GROUP BY ALL ORDER BY ALL
"""


@served
def read_flow(database: Database) -> list[tuple[str, str, str | None, int]]:
    """(dataset, seed label, label or None, answers): what became of each seed's label."""
    with database.read() as cursor:
        return [(str(a), str(b), c, int(n)) for a, b, c, n in cursor.rows(_FLOW)]


@served
def read_cluster_sizes(database: Database) -> list[tuple[str | None, int]]:
    """(dataset or None, size) of the active clusters; None if all were clustered."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT c.dataset, c.size FROM leaf_clusters c JOIN clusterings USING (clustering_id)
            WHERE active AND clustering_id NOT IN (SELECT clustering_id FROM observed_clusterings)
            ORDER BY c.dataset, c.size DESC"""
        )
    return [(dataset, int(size)) for dataset, size in rows]
