"""Recipes: which rows make up which stage of a detector's training.

A benchmark is never a source, whatever a recipe says, and a row whose text equals a benchmark's
after normalising is left out and shown.
"""

import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.database import Cursor, Database
from store.errors import RecipeRefused
from store.schema import TRAINING_ROWS, row_id, text_digest


class Source(BaseModel):
    """Rows of one kind. `seed_labels` chooses by the label of the seed, not of the row.

    `datasets` may name datasets, or say "with-positives" (those with a sample that is labelled
    positive) or "without-positives". `max_per_label` keeps at most so many rows of each label,
    drawn by the recipe's seed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: Literal["real", "synthetic"]
    datasets: Literal["all", "with-positives", "without-positives"] | tuple[str, ...] = "all"
    seed_labels: Literal["any", "positive", "negative"] = "any"
    max_per_label: int | None = Field(default=None, ge=1)


class RecipeStage(BaseModel):
    """One training stage. `balance` "smallest-label" keeps the largest balanced subset."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: tuple[Source, ...] = Field(min_length=1)
    balance: Literal["none", "smallest-label"] = "none"


class Recipe(BaseModel):
    """A recipe file: its name, where it is from, and its stages in training order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    description: str
    stage: tuple[RecipeStage, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """The rows of a recipe (schema TRAINING_ROWS), frozen under a digest.

    `left_out` holds the rows that equal a benchmark's text; they are not among `rows`.
    """

    recipe: str
    rows: pl.DataFrame
    left_out: pl.DataFrame
    digest: str

    def counts(self) -> pl.DataFrame:
        """Return rows by stage, source, dataset and label, in that order."""
        keys = ["stage", "source", "dataset", "label"]
        return self.rows.group_by(keys).len("rows").sort(keys)


def load_recipe(path: Path) -> Recipe:
    """Read a recipe file. Raises RecipeRefused with the file and what is wrong."""
    try:
        return Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise RecipeRefused(f"The recipe {path} cannot be used: {error}") from error


def assemble(
    database: Database, recipe: Recipe, positives: frozenset[str], *, seed: int
) -> TrainingSet:
    """Select the rows of a recipe. `positives` are the task's positive labels.

    Rows are ordered by stage, source and id; draws go by a hash of `seed` and the row's id.
    Raises RecipeRefused where a dataset is unknown or a benchmark, or a stage selects nothing.
    """
    with database.read() as cursor:
        datasets = _trainable_datasets(cursor, positives)
        stages = []
        for number, stage in enumerate(recipe.stage):
            found = [_select(cursor, source, datasets, positives, seed) for source in stage.source]
            rows = pl.concat(found).unique(["source", "item_id"], keep="first")
            if stage.balance == "smallest-label":
                rows = _balance(rows, seed)
            stages.append(rows.with_columns(stage=pl.lit(number, pl.Int32)))
        benchmark = _benchmark_texts(cursor)
    rows = pl.concat(stages).select(list(TRAINING_ROWS)).sort("stage", "source", "item_id")
    leaked = pl.Series([normalise(text) in benchmark for text in rows["text"]], dtype=pl.Boolean)
    kept = rows.filter(~leaked)
    for number in range(len(recipe.stage)):
        if kept.filter(pl.col("stage") == number).is_empty():
            raise RecipeRefused(
                f"Stage {number + 1} of recipe {recipe.name!r} selects no rows. Synthetic rows "
                "count once their clusters are labelled; `backquery status` shows what is there."
            )
    lines = kept.select("stage", "source", "item_id", "label").rows()
    digest = text_digest(repr(lines) + repr(kept["text"].to_list()))
    return TrainingSet(recipe.name, kept, rows.filter(leaked), digest)


def normalise(text: str) -> str:
    """Return a text without differences of case, width, and white space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _trainable_datasets(cursor: Cursor, positives: frozenset[str]) -> dict[str, bool]:
    """Return the datasets that may be trained on, and whether each holds a positive."""
    rows = cursor.rows(
        """SELECT s.dataset, coalesce(bool_or(list_contains(?, l.label)), false)
        FROM samples s JOIN sample_labels l USING (sample_id)
        WHERE s.dataset IN (SELECT dataset FROM dataset_roles WHERE role IN ('seed', 'train'))
          AND s.dataset NOT IN (SELECT dataset FROM dataset_roles WHERE role = 'benchmark')
          AND (l.origin = 'given' OR s.dataset NOT IN (
                SELECT dataset FROM samples WHERE label IS NOT NULL))
        GROUP BY s.dataset""",
        [sorted(positives)],
    )
    return dict(rows)


def _select(
    cursor: Cursor,
    source: Source,
    datasets: dict[str, bool],
    positives: frozenset[str],
    seed: int,
) -> pl.DataFrame:
    names = _named_datasets(source, datasets)
    if source.rows == "real":
        sql = """SELECT 'real' AS source, dataset, sample_id AS item_id, sample_id, text, label,
                        label AS seed_label
                 FROM samples WHERE label IS NOT NULL AND list_contains(?, dataset)"""
    else:
        sql = """SELECT 'synthetic' AS source, p.dataset, p.answer_id AS item_id,
                        p.sample_id, p.answer AS text, l.label, p.seed_label
                 FROM pairs p JOIN answer_labels l USING (answer_id)
                 WHERE list_contains(?, p.dataset)
                   AND p.answer_id NOT IN (SELECT answer_id FROM excluded_answers)"""
    rows = cursor.frame(sql, [names])
    positive = pl.col("seed_label").is_in(sorted(positives))
    if source.seed_labels != "any":
        rows = rows.filter(positive if source.seed_labels == "positive" else ~positive)
    if source.max_per_label is not None:
        rows = _draw(rows, source.max_per_label, seed)
    return rows.drop("seed_label")


def _named_datasets(source: Source, datasets: dict[str, bool]) -> list[str]:
    if source.datasets == "all":
        return sorted(datasets)
    if isinstance(source.datasets, str):
        wanted = source.datasets == "with-positives"
        return sorted(name for name, holds in datasets.items() if holds is wanted)
    unknown = [name for name in source.datasets if name not in datasets]
    if unknown:
        known = ", ".join(sorted(datasets)) or "none"
        raise RecipeRefused(
            f"{', '.join(unknown)} cannot be trained on: no such dataset with the role seed or "
            f"train, or it is a benchmark. Trainable: {known}."
        )
    return list(source.datasets)


def _draw(rows: pl.DataFrame, per_label: int, seed: int) -> pl.DataFrame:
    """Keep at most `per_label` rows of each label, by a hash of the seed and the row's id."""
    lots = pl.Series("lot", [row_id("draw", seed, item) for item in rows["item_id"]], pl.String)
    shuffled = rows.with_columns(lots).sort("lot", "item_id")
    return (
        shuffled.group_by("label", maintain_order=True)
        .head(per_label)
        .drop("lot")
        .select(rows.columns)
    )


def _balance(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Keep of every label as many rows as the rarest label has."""
    smallest = rows.group_by("label").len()["len"].min()
    return rows if smallest is None else _draw(rows, int(str(smallest)), seed)


def _benchmark_texts(cursor: Cursor) -> set[str]:
    rows = cursor.rows(
        """SELECT text FROM samples
        WHERE dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'benchmark')"""
    )
    return {normalise(text) for (text,) in rows}
