"""Training sets: the rows of a recipe, and those that were left out of it, each with its reason.

A benchmark is never a source, whatever a recipe says. What is held back as the development set is
left out first, then what leaks a benchmark, then what is labelled in two ways, then what is there
twice; only then are rows drawn and balanced, so that a balanced stage stays balanced.
"""

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil
from typing import Any, Final, Literal

import polars as pl

from store.counting import counted
from store.database.connection import Database
from store.development import Development
from store.errors import RecipeRefused
from store.ids import row_id, text_digest
from store.leaks.training import LEAKS, part_leaks
from store.recipes import Recipe, RecipeStage
from store.sources import (
    TRAINING_ROWS,
    find_labelled_production,
    find_trainable,
    select_rows,
)
from store.words import normalise

CONFLICTS: Final = pl.Schema({"conflict": pl.Int64(), **TRAINING_ROWS})
DUPLICATES: Final = pl.Schema({**TRAINING_ROWS, "kept_id": pl.String()})


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """The rows of a recipe (schema TRAINING_ROWS), frozen under a digest, and what is not in them.

    Where a training stage asks how sure labels are, the rows also have a `probability`, which is 1
    of labels that annotators gave.

    `leaks` (schema LEAKS) are too near to a benchmark. `conflicts` (schema CONFLICTS) have texts
    that are labelled in two ways, anywhere in the recipe; equal texts share the number
    `conflict`. `duplicates` (schema DUPLICATES) say in their stage again what `kept_id` says.
    `stage_settings` holds for each stage the training parameters that its recipe sets, and
    `architecture` what it trains for pairs.
    `held_back` (schema TRAINING_ROWS) are answers to the seeds of the `development` set, and
    other rows with a text of it.
    """

    recipe: str
    rows: pl.DataFrame
    leaks: pl.DataFrame
    conflicts: pl.DataFrame
    duplicates: pl.DataFrame
    digest: str
    stage_settings: tuple[dict[str, Any], ...]
    development: Development
    held_back: pl.DataFrame
    architecture: Literal["cross-encoder", "bi-encoder"] | None = None

    @classmethod
    def empty(cls, recipe: str) -> "TrainingSet":
        """A set without rows, for a detector that is not trained here."""
        return cls(
            recipe,
            rows=pl.DataFrame(schema=TRAINING_ROWS),
            leaks=pl.DataFrame(schema=LEAKS),
            conflicts=pl.DataFrame(schema=CONFLICTS),
            duplicates=pl.DataFrame(schema=DUPLICATES),
            digest="",
            stage_settings=(),
            development=Development.empty(),
            held_back=pl.DataFrame(schema=TRAINING_ROWS),
        )

    def counts(self) -> pl.DataFrame:
        """Rows by stage, source, dataset and label, in that order."""
        keys = ["stage", "source", "dataset", "label"]
        return self.rows.group_by(keys).len("rows").sort(keys)


def assemble(
    database: Database,
    recipe: Recipe,
    positives: frozenset[str],
    *,
    seed: int,
    development: Development | None = None,
) -> TrainingSet:
    """Select the rows of a recipe, without those of the development set.

    `positives` are the task's positive labels.

    Rows are ordered by stage, source and id; draws go by a hash of `seed` and the row's id.
    Texts are equal where `normalise` makes them so. Raises RecipeRefused if a dataset is
    unknown or a benchmark, a filter lacks its scores, or a stage selects nothing.
    """
    trainable = find_trainable(database, positives)
    production = find_labelled_production(database, positives)
    _require_production(recipe, production)
    found = [
        select_rows(
            database, source, production if source.rows == "production" else trainable, positives
        ).with_columns(stage=pl.lit(number, pl.Int32), part=pl.lit(part, pl.Int32))
        for number, stage in enumerate(recipe.stage)
        for part, source in enumerate(stage.source)
    ]
    selected = (
        pl.concat(found)
        .sort("stage", "part", "item_id")
        .unique(["stage", "source", "item_id"], keep="first", maintain_order=True)
        .sort("stage", "source", "item_id")
    )
    development = development or Development.empty()
    clean, held_back = _part_held_back(selected, development)
    clean, leaks = part_leaks(database, clean)
    clean, conflicts = _part_conflicts(clean)
    clean, duplicates = _part_duplicates(clean)
    rows = pl.concat(
        _draw_stage(clean.filter(pl.col("stage") == number), stage, seed)
        for number, stage in enumerate(recipe.stage)
    )
    doubts = ["probability"] if recipe.reads_probabilities else []
    rows = rows.select([*TRAINING_ROWS, *doubts]).sort("stage", "source", "item_id")
    _require_rows(recipe, rows, selected.height - clean.height)
    lines = rows.select("stage", "source", "item_id", "label", *doubts).rows()
    contexts = repr(rows["context"].to_list()) if rows["context"].count() else ""
    return TrainingSet(
        recipe.name,
        rows,
        leaks,
        conflicts,
        duplicates,
        text_digest(repr(lines) + repr(rows["text"].to_list()) + contexts),
        tuple(dict(stage.training) for stage in recipe.stage),
        development,
        held_back,
        recipe.architecture,
    )


def _part_held_back(
    rows: pl.DataFrame, development: Development
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Take out answers to the seeds of the development set, and texts that are in it.

    The seeds' own texts stay: the initial detector, which others are compared with, knows them.
    """
    held = development.rows
    texts = set(_keys(held))
    is_text = pl.Series([key in texts for key in _keys(rows)], dtype=pl.Boolean)
    is_answer = (rows["source"] != "real") & rows["sample_id"].is_in(held["sample_id"].implode())
    is_held = is_text | is_answer
    return rows.filter(~is_held), rows.filter(is_held).select(list(TRAINING_ROWS))


def _keys(rows: pl.DataFrame) -> list[str]:
    """What is equal for equal texts; of pairs, both are."""
    return [
        normalise(text) if context is None else f"{normalise(context)}\n{normalise(text)}"
        for context, text in rows.select("context", "text").iter_rows()
    ]


def _part_conflicts(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Take out texts with two labels: none of them can be trusted."""
    rows = rows.with_columns(pl.Series("key", _keys(rows), pl.String))
    torn = pl.col("label").n_unique().over("key") > 1
    conflicts = rows.filter(torn).with_columns(conflict=pl.col("key").rank("dense").cast(pl.Int64))
    order = ["conflict", "stage", "source", "item_id"]
    return rows.filter(~torn), conflicts.select(list(CONFLICTS)).sort(order)


def _part_duplicates(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keep the first row of each text in a stage."""
    rows = rows.with_columns(kept_id=pl.col("item_id").first().over("stage", "key"))
    again = ~pl.struct("stage", "key").is_first_distinct()
    return rows.filter(~again), rows.filter(again).select(list(DUPLICATES))


def _draw_stage(rows: pl.DataFrame, stage: RecipeStage, seed: int) -> pl.DataFrame:
    parts = [
        _draw(rows.filter(pl.col("part") == number), source.max_per_label, seed, source.share)
        for number, source in enumerate(stage.source)
    ]
    drawn = pl.concat(parts)
    if stage.balance == "smallest-label" and drawn.height:
        return _draw(drawn, min(drawn["label"].value_counts()["count"].to_list()), seed)
    return drawn


def _draw(
    rows: pl.DataFrame, per_label: int | None, seed: int, share: float | None = None
) -> pl.DataFrame:
    """Keep a share and at most `per_label` of each label, by a hash of the seed and the row's id.

    Of each label with rows, at least one is kept.
    """
    if per_label is None and share is None:
        return rows
    lots = pl.Series("lot", [row_id("draw", seed, item) for item in rows["item_id"]], pl.String)
    shuffled = rows.with_columns(lots).sort("lot", "item_id")
    kept = [
        of_label.head(min(per_label or of_label.height, ceil((share or 1) * of_label.height)))
        for of_label in shuffled.partition_by("label", maintain_order=True)
    ]
    return pl.concat([shuffled.clear(), *kept]).drop("lot").select(rows.columns)


def _require_production(recipe: Recipe, production: Collection[str]) -> None:
    asks = any(source.rows == "production" for stage in recipe.stage for source in stage.source)
    if asks and not production:
        raise RecipeRefused(
            f"Recipe {recipe.name!r} asks for rows of production, and none was labelled yet: "
            "`backquery queue --on DATASET` chooses some to label."
        )


def _require_rows(recipe: Recipe, rows: pl.DataFrame, left_out: int) -> None:
    filled = set(rows["stage"])
    for number in range(len(recipe.stage)):
        if number not in filled:
            why = f" (left out of the recipe: {counted(left_out, 'row')})" if left_out else ""
            raise RecipeRefused(
                f"Stage {number + 1} of recipe {recipe.name!r} selects no rows{why}. Synthetic "
                "rows count once their clusters are labelled; `backquery status` shows what is "
                "there."
            )
