"""What the training screen shows, without the store's types that bring DuckDB along."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from tui.frame.snapshot import JobLine

if TYPE_CHECKING:
    from tui.screens.training.curves import Curve
    from tui.screens.training.desk import TrainingDesk
    from tui.services.jobs.training_draft import TrainingDraft

View = Literal["detectors", "curves", "recipes", "preview"]
VIEWS: "Final[tuple[tuple[View, str], ...]]" = (
    ("detectors", "Detectors"),
    ("curves", "Curves"),
    ("recipes", "Recipes"),
)  # with their titles; a preview is of a recipe
VIEWS_OF_WIDE: "Final[tuple[tuple[View, str], ...]]" = tuple(
    (name, title) for name, title in VIEWS if name != "curves"
)  # curves are below the detectors
Quantity = Literal["loss", "learning rate"]


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What a training stage was to do; one that stops early keeps its best weights."""

    epochs: int
    stops_early: bool


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A detector, or a training that makes one; `detector_id` stays the same when it is made.

    `state` is "trained" or "adopted" for a detector; else that of its job, before its turn
    "waiting" or, where the job has ended, "not begun". `share` of the work is from 0 to 1;
    `epochs` have begun, of `planned`; `loss` is the mean over the newest of them, as far as it
    has come. `when` is in UTC, `left` the time left in words. `note` says what a training does,
    or why it failed. `plan` is of its training stages; trainings with the same `seeds` differ in
    their seed alone.
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
    plan: tuple[StagePlan, ...] = ()
    seeds: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether it is trained now, or will be without anybody doing something."""
        return self.state in ("running", "waiting")


@dataclass(frozen=True, slots=True)
class TrainingView:
    """All trainings, those under way first, then newest first; and the curves asked for.

    Of these detectors, `outcomes` say whether they are better than the initial one, and what
    speaks against their training.
    """

    rows: tuple[TrainingRow, ...] = ()
    curves: "Mapping[str, Curve]" = field(default_factory=dict)  # by detector_id
    outcomes: "Mapping[str, str]" = field(default_factory=dict)  # by detector_id


@dataclass(frozen=True, slots=True)
class Trainings:
    """What the view of detectors is about: the jobs of a snapshot, and who knows the rest."""

    desk: "TrainingDesk" = field(compare=False, repr=False)
    jobs: tuple[JobLine, ...]


@dataclass(frozen=True, slots=True)
class DrawnCurve:
    """A curve with its sign, name and plan; the first one of a chart also shows its epochs."""

    sign: str
    name: str
    curve: "Curve"
    plan: tuple[StagePlan, ...] = ()
    is_over: bool = True


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is on the chart: curves, smoothed so much, or the first with others as one.

    `seeds` are those that differ from the first in their seed alone, itself among them; with
    `is_spread` their mean and range are drawn in place of each.
    """

    curves: tuple[DrawnCurve, ...] = ()
    quantity: Quantity = "loss"
    smoothing: float = 0.0
    seeds: tuple[DrawnCurve, ...] = ()
    is_spread: bool = False


@dataclass(frozen=True, slots=True)
class RecipeView:
    """A recipe of the workspace; one that cannot be read has no stages, and says why."""

    name: str
    stages: int | None
    description: str


@dataclass(frozen=True, slots=True)
class RecipePreview:
    """What a recipe would train on, or the `refusal` that says why it can't be trained."""

    recipe: str
    draft: "TrainingDraft | None" = None
    refusal: str = ""
