"""What is chosen on the drift screen: a view, a group, and which of its pairs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from tui.screens.drift.desk import DriftDesk
    from tui.services.results.cluster_map import ClusterMap
    from tui.services.results.drift_pairs import PairOrder

View = Literal[
    "scores", "spread", "labels", "ways", "distribution", "time", "production", "map", "pairs"
]

VIEWS: Final[tuple[tuple[View, str], ...]] = (
    ("scores", "Scores"),
    ("spread", "Spread"),
    ("labels", "Labels"),
    ("ways", "Ways"),
    ("distribution", "Distribution"),
    ("time", "Time"),
    ("production", "Production"),
    ("map", "Map"),
    ("pairs", "Pairs"),
)  # with their titles; the scores are over each of the others where there is room
ORDERS: "Final[tuple[PairOrder, ...]]" = ("most drifted", "least drifted", "most at odds")
PAIRS_SHOWN: Final = 200  # on a page


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A group of answers in one comparison; None as dataset or seed label means all."""

    comparison: str
    dataset: str | None
    seed_label: str | None


@dataclass(frozen=True, slots=True)
class PairsChoice:
    """Which pairs are listed: in an order, those whose answer has a pattern if any, a page.

    `cluster_id` narrows them to the members of one cluster; None does not.
    """

    order: "PairOrder"
    pattern: str
    page: int
    cluster_id: str | None = None


@dataclass(frozen=True, slots=True)
class DriftMapFigures:
    """The map of the clusters; `f1` has a value for each of its points, by comparison.

    None is one that was not scored.
    """

    map: "ClusterMap"
    f1: Mapping[str, tuple[float | None, ...]]


@dataclass(frozen=True, slots=True)
class Subject:
    """What the views are about: a group among the scores of one configuration.

    `stamp` changes when the figures of the store do. `desk` answers what views ask about it.
    """

    desk: "DriftDesk" = field(compare=False, repr=False)
    stamp: str
    config_hash: str
    group: GroupChoice

    def has_pairs_of(self, other: "Subject") -> bool:
        """Whether the pairs of both are the same, in whatever comparison."""
        return self.group.dataset == other.group.dataset and (
            self.group.seed_label == other.group.seed_label
        )
