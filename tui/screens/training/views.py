"""What the training screen shows, without the store's types that bring DuckDB along."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.training.curves import Curve


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A detector, or a training that makes one; `detector_id` stays the same when it is made.

    `state` is "trained" or "adopted" for a detector; else that of its job, before its turn
    "waiting" or, where the job has ended, "not begun". `share` of the work is from 0 to 1;
    `epochs` have begun, of `planned`; `loss` is the mean over the newest of them, as far as it
    has come. `when` is in UTC, `left` the time left in words. `note` says what a training does,
    or why it failed.
    """

    detector_id: str
    name: str
    recipe: str
    rows: int
    epochs: int
    planned: int | None
    loss: float | None
    state: str
    share: float | None
    rows_per_s: float | None
    when: str
    left: str = ""
    note: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether it is trained now, or will be without anybody doing something."""
        return self.state in ("running", "waiting")


@dataclass(frozen=True, slots=True)
class TrainingView:
    """All trainings, those under way first, then newest first; and the curves asked for."""

    rows: tuple[TrainingRow, ...] = ()
    curves: "Mapping[str, Curve]" = field(default_factory=dict)  # by detector_id


@dataclass(frozen=True, slots=True)
class RecipeView:
    """A recipe of the workspace; one that cannot be read has no stages, and says why."""

    name: str
    stages: int | None
    description: str


@dataclass(frozen=True, slots=True)
class CountRow:
    """Rows of one kind in a training stage, which counts from 1."""

    stage: int
    source: str
    dataset: str
    label: str
    rows: int


@dataclass(frozen=True, slots=True)
class LeakRow:
    """A row that was left out because it is too near to a row of a benchmark."""

    dataset: str
    text: str
    reason: str
    similarity: float
    benchmark: str
    benchmark_text: str


@dataclass(frozen=True, slots=True)
class PreviewView:
    """What a recipe would train on, or the `refusal` that says why it can't be trained.

    `leaks`, `conflicts` and `duplicates` count rows that were left out; `first_leaks` are some of
    them. `settings` are what training stages do in their own way. `known` names the detector
    that the training would make again. Only tui.screens.training.desk reads `training`.
    """

    recipe: str
    counts: tuple[CountRow, ...] = ()
    rows: int = 0
    leaks: int = 0
    conflicts: int = 0
    duplicates: int = 0
    first_leaks: tuple[LeakRow, ...] = ()
    settings: tuple[str, ...] = ()
    known: str = ""
    refusal: str = ""
    training: object = None
