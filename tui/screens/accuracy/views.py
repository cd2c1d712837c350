"""What the accuracy screen shows: detectors on a dataset, and which of them is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from tui.screens.accuracy.ranking import order_best_first
from tui.services.numbers import MEASURES

if TYPE_CHECKING:
    from tui.screens.accuracy.against import Against
    from tui.screens.accuracy.desk import AccuracyDesk
    from tui.services.results.alarms import Alarms
    from tui.services.results.comparison import Comparison
    from tui.services.results.scores import DetectorScores

View = Literal["measures", "chart", "rates", "compare", "rows", "curves", "slices"]

VIEWS: Final[tuple[tuple[View, str], ...]] = (
    ("measures", "Measures"),
    ("chart", "Chart"),
    ("rates", "Rates"),
    ("compare", "Two compared"),
    ("rows", "Rows"),
    ("curves", "Curves"),
    ("slices", "Slices"),
)  # with their titles
VIEWS_OF_WIDE: Final = tuple(item for item in VIEWS if item[0] != "chart")  # it is below measures

# What `c` goes through, and how each is called.
SHOWN_MEASURES: Final = {
    name: MEASURES.get(name, text)
    for name, text in {
        "accuracy": "", "f1": "", "roc_auc": "", "pr_auc": "", "recall": "", "precision": "",
        "fpr": "", "gap": "", "brier": "Brier", "calibration_error": "ECE",
    }.items()
}  # fmt: skip
MARK: Final = "◆"  # of the one that others are compared with
OVERLAID: Final = "123"  # of those whose curves are drawn, too, in the order in which they were set


@dataclass(frozen=True, slots=True)
class EvaluatedDetector:
    """A detector that was evaluated on a dataset, by its newest evaluation of `n` rows.

    `counts` has these by true label, None if they have none, and predicted one, None if they
    failed.
    """

    detector_id: str
    detector: str
    evaluation_id: str
    n: int
    counts: Mapping[tuple[str | None, str | None], int]


@dataclass(frozen=True, slots=True)
class EvaluatedDataset:
    """A dataset and the detectors evaluated on it, the oldest first; there is at least one."""

    dataset: str
    roles: tuple[str, ...]
    detectors: tuple[EvaluatedDetector, ...]

    def find(self, detector_id: str) -> EvaluatedDetector | None:
        """One of these detectors."""
        return next((item for item in self.detectors if item.detector_id == detector_id), None)


@dataclass(frozen=True, slots=True)
class DatasetScores:
    """The detectors on a dataset, and their alarms if it is of production.

    `is_complete` with what takes longer: measures of probabilities, spread over seeds.
    """

    comparison: "Comparison"
    alarms: "tuple[Alarms, ...]" = ()
    is_complete: bool = False

    def scores_of(self, detector_id: str) -> "DetectorScores | None":
        """A detector's scores; None if no row with a label was evaluated."""
        rows = self.comparison.rows
        return next((item for item in rows if item.detector_id == detector_id), None)

    def alarms_of(self, detector_id: str) -> "Alarms | None":
        """A detector's alarms; None if the dataset is not of production."""
        return next((item for item in self.alarms if item.detector_id == detector_id), None)


@dataclass(frozen=True, slots=True)
class Subject:
    """What all views are about: a dataset, its chosen detector, and perhaps a marked one.

    Others are compared with the marked one; what they are `against` it is None until it is read,
    as are `scores`. The curves of those `overlaid` are drawn beside it. `measure` is one of
    SHOWN_MEASURES. `desk` reads what a view needs beyond all that.
    """

    desk: "AccuracyDesk"
    datasets: tuple[EvaluatedDataset, ...]
    dataset: EvaluatedDataset
    detector: EvaluatedDetector
    marked: EvaluatedDetector | None = None
    overlaid: tuple[EvaluatedDetector, ...] = ()
    is_collapsed: bool = False  # whether labels are taken together as positive and negative
    measure: str = "accuracy"
    scores: DatasetScores | None = None
    against: "Against | None" = None

    @property
    def drawn(self) -> tuple[EvaluatedDetector, ...]:
        """Whose curves are laid over each other, the chosen one on top."""
        marked = (self.marked,) if self.marked else ()
        return tuple(
            {item.detector_id: item for item in (self.detector, *marked, *self.overlaid)}.values()
        )

    @property
    def compared(self) -> tuple[EvaluatedDetector, ...]:
        """The marked and the chosen detector; none unless both are there and differ."""
        is_pair = self.marked is not None and self.marked != self.detector
        return (self.marked, self.detector) if self.marked and is_pair else ()

    @property
    def listed(self) -> tuple[EvaluatedDetector, ...]:
        """The detectors in the list: those with scores, the best first; of production, all."""
        scores, found = self.scores, self.dataset.detectors
        if scores is None or scores.alarms:
            return found
        ids = [row.detector_id for row in order_best_first(scores.comparison.rows, self.measure)]
        known = {item.detector_id: item for item in found}
        return tuple(known[name] for name in ids if name in known)

    def with_datasets(self, datasets: tuple[EvaluatedDataset, ...], name: str) -> "Subject":
        """Another dataset, or the same as it is now; its detectors stay chosen and marked.

        Scores stay if nothing about it has changed. Without one of that name it is the first.
        """
        dataset = next((item for item in datasets if item.dataset == name), datasets[0])
        is_same = dataset == self.dataset
        return replace(
            self,
            datasets=datasets,
            dataset=dataset,
            detector=dataset.find(self.detector.detector_id) or dataset.detectors[0],
            marked=dataset.find(self.marked.detector_id) if self.marked else None,
            overlaid=tuple(
                own for item in self.overlaid if (own := dataset.find(item.detector_id))
            ),
            scores=self.scores if is_same else None,
            against=self.against if is_same else None,
        )

    def sign_of(self, detector_id: str) -> str:
        """The sign of a detector that is marked or overlaid; a blank for others."""
        if self.marked is not None and self.marked.detector_id == detector_id:
            return MARK
        ids = [item.detector_id for item in self.overlaid]
        return OVERLAID[ids.index(detector_id)] if detector_id in ids else " "

    def next_dataset(self) -> str:
        """The name of the dataset after this one, around the end."""
        names = [item.dataset for item in self.datasets]
        return names[(names.index(self.dataset.dataset) + 1) % len(names)]

    def move(self, by: int, *, around: bool = False) -> "Subject":
        """With the detector chosen that is so far on in the list, around its ends or up to them."""
        listed = self.listed
        if not listed:
            return self
        place = listed.index(self.detector) + by if self.detector in listed else 0
        place = place % len(listed) if around else max(0, min(place, len(listed) - 1))
        return replace(self, detector=listed[place])
