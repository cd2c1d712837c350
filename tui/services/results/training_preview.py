"""What a recipe would train on: rows by kind, and those that were left out with their reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from store.counting import counted
from store.training import TrainingSet
from tui.services.results.against_initial import AgainstInitial
from tui.services.results.training_doubts import warn_of_positives, warn_of_rows
from tui.services.settings import Task


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
    context: str | None  # of a pair
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
    benchmark_context: str | None
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
class HeldBack:
    """The development set: `n` decided answers by label, of `decided`, and what it costs.

    `training_rows` are the rows of the recipe that are left out for it. `reason` says why nothing
    is held back, if it is so.
    """

    n: int
    decided: int
    labels: Mapping[str, int]
    training_rows: int
    reason: str

    @property
    def sentence(self) -> str:
        """What is held back, or why nothing is."""
        if not self.n:
            return f"Nothing is held back to choose by. {self.reason}".strip()
        labels = ", ".join(f"{rows:,} {name}" for name, rows in self.labels.items())
        cost = counted(self.training_rows, "row")
        return (
            f"Held back as the development set: {self.n:,} of "
            f"{counted(self.decided, 'decided answer')} ({labels}); for it, {cost} not trained on."
        )


@dataclass(frozen=True, slots=True)
class TrainingPreview:
    """The training set of a recipe but for the texts of its `n` rows, which `rows` counts.

    `against_initial` says what came of it, once it was trained and the development set allows.
    `warnings` are sentences: before the training on its rows, after it also on its losses.
    """

    recipe: str
    digest: str
    n: int
    stage_settings: tuple[Mapping[str, Any], ...]
    rows: tuple[RowCount, ...]
    leaks: tuple[LeakingRow, ...]
    conflicts: tuple[ConflictingRow, ...]
    duplicates: tuple[RepeatedRow, ...]
    development: HeldBack
    warnings: tuple[str, ...]
    against_initial: AgainstInitial | None = None


def preview_training(training: TrainingSet, task: Task) -> TrainingPreview:
    """What would be trained on; stages count from 1, as a user counts them."""
    development = training.development
    return TrainingPreview(
        recipe=training.recipe,
        digest=training.digest,
        n=training.rows.height,
        stage_settings=training.stage_settings,
        rows=tuple(RowCount(**row) for row in _rows(training.counts())),
        leaks=tuple(LeakingRow(**row) for row in _rows(training.leaks)),
        conflicts=tuple(ConflictingRow(**row) for row in _rows(training.conflicts)),
        duplicates=tuple(RepeatedRow(**row) for row in _rows(training.duplicates)),
        development=HeldBack(
            n=development.rows.height,
            decided=development.decided,
            labels=development.labels,
            training_rows=training.held_back.height,
            reason=development.reason,
        ),
        warnings=(
            *warn_of_rows(training.rows, task.labels),
            *warn_of_positives(training.rows, task.positives),
        ),
    )


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.with_columns(pl.col("stage") + 1).to_dicts()
