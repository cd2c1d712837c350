"""What the accuracy screen shows, without the store's types that bring DuckDB along."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from tui.frame.snapshot import Share

if TYPE_CHECKING:
    from store.evaluation_rows import JudgedRow

ROWS_SHOWN: Final = 200  # on a page
MEASURES: Final = ("accuracy", "precision", "recall", "gap", "f1", "fpr", "roc_auc", "pr_auc")


@dataclass(frozen=True, slots=True)
class Judge:
    """A detector that was judged on a dataset, by its newest evaluation of `n` rows.

    `counts` has these by true label, None for rows without, and predicted one, None for failed.
    """

    detector_id: str
    detector: str
    evaluation_id: str
    n: int
    counts: Mapping[tuple[str | None, str | None], int]

    def cells(
        self, labels: Sequence[str], positive: Collection[str], *, is_collapsed: bool
    ) -> tuple[tuple["Cell", ...], ...]:
        """Return its labelled rows by true label, down, and predicted one, across.

        Both are in the order of `labels`, or positive before negative. Failed rows, if there are
        any, are the last column.
        """
        sides: dict[str, tuple[str, ...]] = {label: (label,) for label in labels}
        if is_collapsed:
            sides = {
                "positive": tuple(label for label in labels if label in positive),
                "negative": tuple(label for label in labels if label not in positive),
            }
        has_failed = any(said is None and truth is not None for truth, said in self.counts)

        def cell(truth: str, said: str | None) -> Cell:
            predicted = (None,) if said is None else sides[said]
            count = sum(self.counts.get((a, b), 0) for a in sides[truth] for b in predicted)
            named = (truth, said or "") if is_collapsed else None
            return Cell(sides[truth], sides[said] if said is not None else (), count, named)

        columns = (*sides, None) if has_failed else tuple(sides)
        return tuple(tuple(cell(truth, said) for said in columns) for truth in sides)


@dataclass(frozen=True, slots=True)
class JudgedDataset:
    """A dataset and the detectors judged on it, the oldest first."""

    dataset: str
    roles: tuple[str, ...]
    judges: tuple[Judge, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """Rows of a confusion matrix by true and predicted labels; the failed have none predicted.

    `sides` names both, "positive" or "negative", where labels are taken together.
    """

    truth: tuple[str, ...]
    predicted: tuple[str, ...]
    count: int
    sides: tuple[str, str] | None = None

    @property
    def is_right(self) -> bool:
        """Whether these rows are right."""
        if self.sides is not None:
            return self.sides[0] == self.sides[1]
        return self.truth == self.predicted


@dataclass(frozen=True, slots=True)
class Side:
    """Rows by which of two detectors is right."""

    first_right: bool
    second_right: bool
    count: int


@dataclass(frozen=True, slots=True)
class Alarms:
    """Rows that a detector flagged, from its threshold on if it has one."""

    threshold: float | None
    count: int


RowGroup = Cell | Side | Alarms  # rows that can be listed
Grid: TypeAlias = tuple[tuple[RowGroup, ...], ...]  # as they are walked: down, then across


def first_place(grid: Grid) -> tuple[int, int]:
    """Return where to begin: at the first group, or at what is wrong most often of a matrix."""
    if not grid or not isinstance(grid[0][0], Cell):
        return 0, 0
    wrong = {
        (down, across): cell.count
        for down, row in enumerate(grid)
        for across, cell in enumerate(row)
        if isinstance(cell, Cell) and not cell.is_right
    }
    return max(wrong, key=lambda place: wrong[place], default=(0, 0))


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Rows of like probability: its mean, and the share that is positive."""

    probability: float
    positives: Share


@dataclass(frozen=True, slots=True)
class DetectorScores:
    """A detector on a dataset. Rows of `confusion` are true labels, its columns predicted ones."""

    detector_id: str
    detector: str
    recipe: str
    n: int
    shares: Mapping[str, Share]  # of MEASURES
    brier: float | None
    calibration_error: float | None
    bins: tuple[CalibrationBin, ...]
    labels: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    failed: int
    rows_per_second: float | None = None  # in batches
    latency_ms: float | None = None  # the median of one text


@dataclass(frozen=True, slots=True)
class Difference:
    """First minus second with its 95 % interval; `p` is corrected where there are more pairs.

    `verdict` says it in words, where it `is_clear` with figures.
    """

    gained: Share
    p: float
    verdict: str
    is_clear: bool


@dataclass(frozen=True, slots=True)
class PairView:
    """Two detectors, or recipes by several seeds, tested on the rows that all of them judged."""

    first: str
    second: str
    first_ids: tuple[str, ...]
    second_ids: tuple[str, ...]
    n: int
    accuracy: Difference
    f1: Difference | None

    @property
    def seeds(self) -> int:
        """How many detectors stand on the side that has more."""
        return max(len(self.first_ids), len(self.second_ids))

    def holds(self, one: str, other: str) -> bool:
        """Whether these two stand on either side of it."""
        sides = self.first_ids, self.second_ids
        return any(one in side and other in against for side, against in (sides, sides[::-1]))


@dataclass(frozen=True, slots=True)
class SeedSpread:
    """Detectors that differ in their seed alone: (mean, sample standard deviation) of MEASURES."""

    recipe: str
    seeds: int
    measures: Mapping[str, tuple[float, float | None] | None]


@dataclass(frozen=True, slots=True)
class AlarmScores:
    """How often a detector flags, per 1,000 texts of production; FPR over labelled negatives."""

    detector_id: str
    n: int
    threshold: float | None
    flagged: int
    per_1000: Share
    fpr: Share
    negatives: int
    failed: int


@dataclass(frozen=True, slots=True)
class AccuracyView:
    """The figures of a dataset; `is_whole` with what takes longer: areas, bins, tests, spread."""

    dataset: str
    positive: tuple[str, ...]
    scores: tuple[DetectorScores, ...]
    alarms: tuple[AlarmScores, ...] = ()
    pairs: tuple[PairView, ...] = ()
    spread: tuple[SeedSpread, ...] = ()
    is_whole: bool = False

    def scores_of(self, detector_id: str) -> DetectorScores | None:
        """Return a detector's scores, if rows with a label were judged."""
        return next((item for item in self.scores if item.detector_id == detector_id), None)

    def pair_of(self, one: str, other: str) -> PairView | None:
        """Return the pair that these two detectors are in, for themselves or among seeds."""
        return next((pair for pair in self.pairs if pair.holds(one, other)), None)

    def alarms_of(self, detector_id: str) -> AlarmScores | None:
        """Return a detector's alarms, if the dataset is production."""
        return next((item for item in self.alarms if item.detector_id == detector_id), None)


@dataclass(frozen=True, slots=True)
class SliceView:
    """A part of a dataset's rows; `is_few` where its figures say little."""

    by: str
    value: str
    n: int
    accuracy: Share
    f1: Share
    is_few: bool


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a threshold gives; None where it is undefined."""

    threshold: float
    precision: float | None
    recall: float | None
    f1: float | None
    fpr: float | None


@dataclass(frozen=True, slots=True)
class CurveView:
    """Measures against the threshold, the lowest first; `chosen` is the detector's threshold."""

    n: int
    points: tuple[CurvePoint, ...]
    chosen: float | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read once it is looked at: of one detector, or two that are compared."""

    what: Literal["sides", "pair", "rows", "curve", "slices"]
    judges: tuple[str, ...]  # ids of evaluations
    group: RowGroup | None = None
    page: int = 0


Part: TypeAlias = (
    "tuple[Side, ...] | PairView | tuple[JudgedRow, ...] | CurveView | tuple[SliceView, ...] | None"
)
