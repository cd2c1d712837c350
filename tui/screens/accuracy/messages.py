"""What threads tell the accuracy screen and its views, which drop what no longer matters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from engine.statistics.lengths import LengthGrid
    from engine.statistics.slices import Slice
    from store.evaluation_rows import EvaluatedRow
    from tui.screens.accuracy.against import Against
    from tui.screens.accuracy.groups import Listing, Side
    from tui.screens.accuracy.views import DatasetScores, EvaluatedDataset, EvaluatedDetector
    from tui.services.results.thresholds import ThresholdCurve


@dataclass
class DatasetsRead(Message):
    """The datasets that detectors were evaluated on."""

    datasets: "tuple[EvaluatedDataset, ...]"


@dataclass
class ScoresRead(Message):
    """The scores of a dataset, with or without what takes longer."""

    dataset: "EvaluatedDataset"
    scores: "DatasetScores"


@dataclass
class AgainstRead(Message):
    """How far all detectors on a dataset are from the marked one."""

    dataset: "EvaluatedDataset"
    against: "Against"


@dataclass
class SidesRead(Message):
    """How often which of two detectors is right."""

    detectors: "tuple[EvaluatedDetector, ...]"
    sides: "tuple[Side, ...]"


@dataclass
class RowsRead(Message):
    """The rows of a group from a place on."""

    listing: "Listing"
    first: int
    rows: "tuple[EvaluatedRow, ...]"


@dataclass
class CurvesRead(Message):
    """The threshold curves of detectors on a dataset, by detector_id."""

    dataset: "EvaluatedDataset"
    curves: "Mapping[str, ThresholdCurve]"


@dataclass
class SlicesRead(Message):
    """The slices of a detector, and its areas by length if it has some."""

    detector: "EvaluatedDetector"
    slices: "tuple[Slice, ...]"
    lengths: "LengthGrid | None"
