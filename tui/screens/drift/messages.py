"""What threads tell the drift screen and its views, which drop what no longer matters.

`stamp` is that of the figures which were read.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from tui.screens.drift.views import DriftMapFigures, PairsChoice, Subject
    from tui.services.results.distribution import Distribution
    from tui.services.results.drift_over_time import JobDrift
    from tui.services.results.drift_pairs import DriftedPair, Spread
    from tui.services.results.drift_scores import DriftScores
    from tui.services.results.label_flow import LabelFlow
    from tui.services.results.production import ProductionTest
    from tui.services.results.ways import Ways


@dataclass
class ScoresRead(Message):
    """The scores by group."""

    stamp: str
    scores: "DriftScores"


@dataclass
class SpreadRead(Message):
    """How the scores of a group are spread."""

    subject: "Subject"
    spread: "Spread"


@dataclass
class LabelFlowRead(Message):
    """What became of labels."""

    stamp: str
    labels: "LabelFlow"


@dataclass
class WaysRead(Message):
    """The ways of asking."""

    stamp: str
    ways: "Ways"


@dataclass
class DistributionsRead(Message):
    """How answers as a whole differ from their seeds."""

    stamp: str
    distributions: "tuple[Distribution, ...]"


@dataclass
class OverTimeRead(Message):
    """The drift of each job."""

    stamp: str
    jobs: "tuple[JobDrift, ...]"


@dataclass
class ProductionRead(Message):
    """How well texts can be distinguished from production."""

    stamp: str
    tests: "tuple[ProductionTest, ...]"


@dataclass
class PairsRead(Message):
    """A page of the pairs of a group."""

    subject: "Subject"
    choice: "PairsChoice"
    pairs: "tuple[DriftedPair, ...]"


@dataclass
class MapRead(Message):
    """The map of the clusters, and how far its points have drifted."""

    stamp: str
    figures: "DriftMapFigures"


@dataclass
class PairsFiltered(Message):
    """Only pairs whose answer has a text are listed from now on, or all again."""
