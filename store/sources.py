"""The rows of one source of a recipe, with what its filters ask for."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from store.counting import counted
from store.database.connection import Database
from store.database.cursor import Value
from store.database.served import served
from store.decisions import reach_of
from store.drift_scores import newest_config
from store.errors import RecipeRefused
from store.recipes import DatasetKind, Source

TRAINING_ROWS: Final = pl.Schema(
    {
        "stage": pl.Int32(),  # 0-based training stage of the recipe
        "source": pl.String(),  # "real", "synthetic" or "production"
        "dataset": pl.String(),
        "item_id": pl.String(),  # sample_id or answer_id
        "sample_id": pl.String(),  # the seed it is or was made from
        "context": pl.String(),  # of a pair; null for a single text
        "text": pl.String(),
        "label": pl.String(),
    }
)


@dataclass(frozen=True, slots=True)
class Trainable:
    """A dataset that may be trained on: whether it holds a positive, and whether it is a seed."""

    has_positives: bool
    is_seed: bool

    def is_meant(self, kind: DatasetKind) -> bool:
        """Whether a recipe that asks for datasets of this kind means this one."""
        match kind:
            case "all":
                return True
            case "with-positives":
                return self.has_positives
            case "without-positives":
                return not self.has_positives
            case "seeds":
                return self.is_seed


_TRAINABLE: Final = """
SELECT s.dataset, coalesce(bool_or(list_contains(?, l.label)), false),
       s.dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'seed')
FROM samples s JOIN sample_labels l USING (sample_id)
WHERE s.dataset IN (SELECT dataset FROM dataset_roles WHERE role IN ('seed', 'train'))
  AND s.dataset NOT IN (SELECT dataset FROM dataset_roles WHERE role = 'benchmark')
  AND (l.origin = 'given' OR s.dataset NOT IN (
        SELECT dataset FROM samples WHERE label IS NOT NULL))
GROUP BY s.dataset
UNION ALL
SELECT s.dataset, coalesce(bool_or(list_contains(?, c.label)), false), false
FROM constructed_labels c JOIN answers USING (answer_id) JOIN queries USING (query_id)
JOIN samples s USING (sample_id)
WHERE s.dataset NOT IN (
    SELECT dataset FROM dataset_roles WHERE role IN ('seed', 'train', 'benchmark'))
GROUP BY s.dataset
"""

# Datasets of production of which rows were labelled here.
_LABELLED_PRODUCTION: Final = """
SELECT s.dataset, bool_or(list_contains(?, l.label)), false
FROM observed_answers JOIN samples s USING (sample_id) JOIN answer_labels l USING (answer_id)
WHERE s.dataset NOT IN (SELECT dataset FROM dataset_roles WHERE role = 'benchmark')
GROUP BY s.dataset
"""

_REAL: Final = """
SELECT 'real' AS source, dataset, sample_id AS item_id, context, text, label, label AS seed_label,
       sample_id, text AS seed_text, 1.0::DOUBLE AS probability
FROM samples WHERE label IS NOT NULL AND list_contains(?, dataset)
"""

# Answers whose seed was held out after it was asked about come along, to be shown as leaks.
_ANSWERS: Final = """
SELECT '{source}' AS source, p.dataset, p.answer_id AS item_id, p.context, p.answer AS text,
       l.label,
       p.seed_label, p.sample_id, p.seed_text, coalesce(l.probability, 1)::DOUBLE AS probability
FROM pairs p JOIN answer_labels l USING (answer_id)
WHERE p.answer_id NOT IN (SELECT answer_id FROM excluded_answers)
  AND (list_contains(?, p.dataset)
       OR p.dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'benchmark'))
  AND p.answer_id {which} (SELECT answer_id FROM observed_answers)
"""
_OF_ANSWERS: Final[dict[str, str]] = {
    "synthetic": _ANSWERS.format(source="synthetic", which="NOT IN"),
    "production": _ANSWERS.format(source="production", which="IN"),
}

_FLAGGED_CLUSTER: Final = """p.answer_id NOT IN (
    SELECT m.answer_id FROM members m JOIN leaf_clusters USING (cluster_id)
    JOIN (SELECT cluster_id, arg_max(kind, decision_id) AS mark FROM effective_decisions
          WHERE kind IN ('flag', 'unflag') GROUP BY cluster_id) USING (cluster_id)
    WHERE mark = 'flag')"""

# Found to be labelled right at least once, and never otherwise: labels by the decision that stands,
# or learned ones in the cluster.
_RIGHT: Final = """SELECT i.{of} FROM audit_items i JOIN judged_items j USING (audit_id, answer_id)
    JOIN audit_rounds r USING (audit_id)
    WHERE r.kind = 'propagation' AND j.kind = 'label' AND i.decision_id IS {which}
    GROUP BY i.{of} HAVING bool_and(j.label = i.label)"""
_AUDITED: Final = f"""(l.origin IN ('override', 'audited')
    OR l.decision_id IN ({_RIGHT.format(of="decision_id", which="NOT NULL")})
    OR (l.origin = 'learned' AND p.answer_id IN (
        SELECT answer_id FROM members WHERE cluster_id IN (
            {_RIGHT.format(of="cluster_id", which="NULL")}))))"""

_SELECTED_FOR: Final = """p.answer_id NOT IN (
    SELECT answer_id FROM selected_answers JOIN selections USING (selection_id)
    WHERE NOT list_contains(?, purpose))"""

_RANKS: Final = """
SELECT l.answer_id AS item_id, m.rank, c.size
FROM answer_labels l JOIN decisions d USING (decision_id)
JOIN members m ON m.cluster_id = d.cluster_id AND m.answer_id = l.answer_id
JOIN clusters c ON c.cluster_id = d.cluster_id
"""

_SCORES: Final = """
SELECT answer_id AS item_id, answer_seed.f1 AS value FROM drift WHERE config_hash = ?
"""

_CONFIDENCE: Final = """
SELECT item_id, arg_max(list_max(probabilities), d.created_at) AS value
FROM predictions p JOIN detectors d USING (detector_id)
WHERE item_kind = 'answer' AND d.recipe = 'initial' GROUP BY item_id
"""


@served
def find_labelled_production(database: Database, positives: frozenset[str]) -> dict[str, Trainable]:
    """The datasets of production of which rows were labelled; has_positives is of those rows."""
    with database.read() as cursor:
        rows = cursor.rows(_LABELLED_PRODUCTION, [sorted(positives)])
    return {name: Trainable(has_positives, is_seed) for name, has_positives, is_seed in rows}


@served
def find_trainable(database: Database, positives: frozenset[str]) -> dict[str, Trainable]:
    """The datasets that may be trained on; a benchmark never is."""
    with database.read() as cursor:
        rows = cursor.rows(_TRAINABLE, [sorted(positives), sorted(positives)])
    return {name: Trainable(has_positives, is_seed) for name, has_positives, is_seed in rows}


@served
def select_rows(
    database: Database, source: Source, datasets: dict[str, Trainable], positives: frozenset[str]
) -> pl.DataFrame:
    """The rows of a source: those of TRAINING_ROWS but for its stage, seed_text and probability.

    `max_per_label` is left to the caller. Raises RecipeRefused if a dataset is unknown or a
    benchmark, or where rows have no score or prediction to filter by.
    """
    names = _named(source, datasets)
    with database.read() as cursor:
        if source.rows == "real":
            rows = cursor.frame(_REAL, [names])
        else:
            where, values = _conditions(source)
            rows = cursor.frame(" AND ".join([_OF_ANSWERS[source.rows], *where]), [names, *values])
        positive = pl.col("seed_label").is_in(sorted(positives))
        if source.seed_labels != "any":
            rows = rows.filter(positive if source.seed_labels == "positive" else ~positive)
        if source.labels is not None:
            rows = rows.filter(pl.col("label").is_in(source.labels))
        if source.nearest is not None:
            rows = _nearest(rows, cursor.frame(_RANKS), source.nearest)
        if source.min_confidence is not None:
            rows = _between(rows, cursor.frame(_CONFIDENCE), source.min_confidence, None,
                            "prediction", "backquery run predict")  # fmt: skip
        if source.min_f1 is not None or source.max_f1 is not None:
            config, _ = newest_config(database) or ("", "")
            rows = _between(rows, cursor.frame(_SCORES, [config]), source.min_f1, source.max_f1,
                            "drift score", "backquery run drift")  # fmt: skip
    return rows.drop("seed_label")


def _named(source: Source, datasets: dict[str, Trainable]) -> list[str]:
    if isinstance(source.datasets, str):
        chosen = [name for name, about in datasets.items() if about.is_meant(source.datasets)]
        return sorted(chosen)
    unknown = [name for name in source.datasets if name not in datasets]
    if unknown:
        known = ", ".join(sorted(datasets)) or "none"
        raise RecipeRefused(
            f"{', '.join(unknown)} cannot be trained on: no such dataset with the role seed or "
            f"train, or it is a benchmark. Trainable: {known}."
        )
    return list(source.datasets)


def _conditions(source: Source) -> tuple[list[str], list[Value]]:
    where: list[str] = []
    values: list[Value] = []
    if source.origins is not None:
        where.append("list_contains(?, l.origin)")
        values.append(list(source.origins))
    if source.without_flags:
        where.append("NOT list_has_any(p.answer_flags, ?)")
        values.append(list(source.without_flags))
    if "flagged-cluster" in source.without_flags:
        where.append(_FLAGGED_CLUSTER)
    if source.audited_only:
        where.append(_AUDITED)
    if source.selected_for is not None:
        where.append(_SELECTED_FOR)
        values.append(list(source.selected_for))
    return where, values


def _nearest(rows: pl.DataFrame, ranks: pl.DataFrame, percent: float) -> pl.DataFrame:
    sizes = {size: reach_of(size, percent) for size in ranks["size"].unique()}
    beyond = ranks.filter(
        pl.col("rank") >= pl.col("size").replace_strict(sizes, return_dtype=pl.Int64)
    )
    return rows.join(beyond, on="item_id", how="anti", maintain_order="left")


def _between(
    rows: pl.DataFrame,
    values: pl.DataFrame,
    low: float | None,
    high: float | None,
    what: str,
    command: str,
) -> pl.DataFrame:
    """Keep rows whose value is from `low` to `high`; a row without a value is an error."""
    joined = rows.join(values, on="item_id", how="left", maintain_order="left")
    if missing := joined["value"].null_count():
        raise RecipeRefused(
            f"{missing:,} of {counted(rows.height, 'answer')} without any {what} to choose by. "
            f"`{command}` makes them."
        )
    if low is not None:
        joined = joined.filter(pl.col("value") >= low)
    if high is not None:
        joined = joined.filter(pl.col("value") <= high)
    return joined.drop("value")
