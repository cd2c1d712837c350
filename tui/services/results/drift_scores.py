"""BERTScore of answers against their seeds, by dataset and by seed label."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from engine.statistics.estimate import Estimate
from engine.statistics.means import estimate_mean
from store.database.connection import Database
from store.drift_schema import COMPARISONS
from store.drift_scores import newest_config, read_scores

QUANTILES: Final = (0.05, 0.25, 0.75, 0.95)
ANSWER_SEED: Final = "answer_seed"


@dataclass(frozen=True, slots=True)
class ScoredConfig:
    """The configuration that was scored last, all that scores depend on; None if none was."""

    config_hash: str | None
    config: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Scores:
    """One comparison over a group: means of precision, recall and F1, and the spread of F1.

    `f1` has the interval of the mean by Student's t. `quantiles` are by their share, linear
    between values. `floor_f1` is the mean F1 of shuffled pairs of the same answers, and
    `rescaled_f1` places the mean between it (0) and equal texts (1). `cut` counts the answers of
    which a text was longer than the model reads.
    """

    n: int
    precision: float
    recall: float
    f1: Estimate
    median: float
    quantiles: Mapping[str, float]
    floor_f1: float | None
    rescaled_f1: float | None
    cut: int


@dataclass(frozen=True, slots=True)
class GroupScores(Scores):
    """The scores of a group's answers against their seeds, and those of the steps between.

    `dataset` or `seed_label` None means all. `predicted` counts answers whose seed label was
    predicted, not given. A step that was not scored is None.
    """

    dataset: str | None
    seed_label: str | None
    predicted: int
    query_seed: Scores | None
    answer_query: Scores | None

    def compared(self, comparison: str) -> Scores | None:
        """The scores of one of COMPARISONS; None if it was not made."""
        steps = {"query_seed": self.query_seed, "answer_query": self.answer_query}
        return self if comparison == ANSWER_SEED else steps[comparison]


@dataclass(frozen=True, slots=True)
class DriftScores:
    """The scores of the newest configuration: of all answers first, then by dataset and label."""

    config_hash: str | None
    config: Mapping[str, Any] | None
    groups: tuple[GroupScores, ...]

    @property
    def model(self) -> str:
        """The model that scored; empty if nothing was scored."""
        return str((self.config or {}).get("model", ""))


def read_config(database: Database) -> ScoredConfig:
    """The configuration that was scored last."""
    found = newest_config(database)
    return ScoredConfig(found[0], json.loads(found[1])) if found else ScoredConfig(None, None)


def read_drift_scores(database: Database) -> DriftScores:
    """The scores of the configuration that was scored last."""
    scored = read_config(database)
    groups = group_scores(database, scored.config_hash) if scored.config_hash else []
    return DriftScores(scored.config_hash, scored.config, tuple(groups))


def group_scores(database: Database, config_hash: str) -> list[GroupScores]:
    """The scores of one configuration: all, by dataset, by label, by both."""
    rows = read_scores(database, config_hash)
    groupings: tuple[list[str], ...] = ([], ["dataset"], ["seed_label"], ["dataset", "seed_label"])
    found = [group for keys in groupings for group in _aggregate(rows, keys)]
    found.sort(key=lambda group: (group.dataset or "", group.seed_label or ""))
    return found


def _aggregate(rows: pl.DataFrame, keys: Sequence[str]) -> list[GroupScores]:
    wanted = [
        pl.col("is_predicted").sum(),
        *(column for name in COMPARISONS for column in _columns(name)),
    ]
    groups = rows.group_by(keys).agg(wanted) if keys else rows.select(wanted)
    return [
        GroupScores(
            **_fields(ANSWER_SEED, group),
            dataset=group.get("dataset"),
            seed_label=group.get("seed_label"),
            predicted=group["is_predicted"] or 0,
            query_seed=_read_step("query_seed", group),
            answer_query=_read_step("answer_query", group),
        )
        for group in groups.to_dicts()
        if group[f"{ANSWER_SEED}_n"]
    ]


def _columns(name: str) -> list[pl.Expr]:
    """The aggregates of one comparison; in double precision, over a million floats."""
    f1 = pl.col(f"{name}_f1").cast(pl.Float64)
    return [
        f1.count().alias(f"{name}_n"),
        *(pl.col(f"{name}_{part}").cast(pl.Float64).mean() for part in ("precision", "recall")),
        f1.mean(),
        f1.std().alias(f"{name}_deviation"),
        f1.median().alias(f"{name}_median"),
        *(f1.quantile(q, "linear").alias(f"{name}_q{q}") for q in QUANTILES),
        pl.col(f"{name}_floor").cast(pl.Float64).mean(),
        (pl.col(f"{name}_cut") & f1.is_not_null()).sum(),
    ]


def _read_step(name: str, group: Mapping[str, Any]) -> Scores | None:
    return Scores(**_fields(name, group)) if group[f"{name}_n"] else None


def _fields(name: str, group: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Scores` by name, of one comparison in a group."""
    n, f1, floor = group[f"{name}_n"], group[f"{name}_f1"], group[f"{name}_floor"]
    return {
        "n": n,
        "precision": group[f"{name}_precision"],
        "recall": group[f"{name}_recall"],
        "f1": estimate_mean(f1, group[f"{name}_deviation"], n),
        "median": group[f"{name}_median"],
        "quantiles": {f"{q}": group[f"{name}_q{q}"] for q in QUANTILES},
        "floor_f1": floor,
        "rescaled_f1": None if floor is None or floor == 1 else (f1 - floor) / (1 - floor),
        "cut": group[f"{name}_cut"],
    }
