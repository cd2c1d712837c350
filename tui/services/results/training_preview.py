"""What a recipe would train on: rows by kind, and those that were left out with their reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from store.training import TrainingSet


@dataclass(frozen=True, slots=True)
class RowCount:
    """Rows of one kind in a training stage, which counts from 1."""

    stage: int
    source: str
    dataset: str
    label: str
    rows: int


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """A row that would not be trained on; `sample_id` is the seed it is or was made from."""

    stage: int
    source: str
    dataset: str
    item_id: str
    sample_id: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class LeakingRow(LeftOutRow):
    """A row too near to one of a benchmark; `leaked` says whether its own text is or its seed's."""

    leaked: str
    reason: str
    similarity: float
    leaked_text: str
    benchmark: str
    benchmark_id: str
    benchmark_text: str


@dataclass(frozen=True, slots=True)
class ConflictingRow(LeftOutRow):
    """A row whose text is labelled in two ways; equal texts share the number `conflict`."""

    conflict: int


@dataclass(frozen=True, slots=True)
class RepeatedRow(LeftOutRow):
    """A row with the text of another row of its stage, `kept_id`."""

    kept_id: str


@dataclass(frozen=True, slots=True)
class TrainingPreview:
    """The training set of a recipe but for the texts of its `n` rows, which `rows` counts."""

    recipe: str
    digest: str
    n: int
    stage_settings: tuple[Mapping[str, Any], ...]
    rows: tuple[RowCount, ...]
    leaks: tuple[LeakingRow, ...]
    conflicts: tuple[ConflictingRow, ...]
    duplicates: tuple[RepeatedRow, ...]


def preview_training(training: TrainingSet) -> TrainingPreview:
    """What would be trained on; stages count from 1, as a user counts them."""
    return TrainingPreview(
        recipe=training.recipe,
        digest=training.digest,
        n=training.rows.height,
        stage_settings=training.stage_settings,
        rows=tuple(RowCount(**row) for row in _rows(training.counts())),
        leaks=tuple(LeakingRow(**row) for row in _rows(training.leaks)),
        conflicts=tuple(ConflictingRow(**row) for row in _rows(training.conflicts)),
        duplicates=tuple(RepeatedRow(**row) for row in _rows(training.duplicates)),
    )


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.with_columns(pl.col("stage") + 1).to_dicts()
