"""Which clusters are shown, and in which order."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from store.clusters import Cluster

Order = Literal["largest", "most useful", "least certain", "most at odds", "as clustered"]
Standing = Literal["any", "undecided", "labelled", "skipped", "unsure"]
Marked = Literal["any", "flagged", "has note", "has override", "to split"]
SortKey = tuple[str | float, ...]

ORDERS: Final[tuple[Order, ...]] = (
    "largest", "most useful", "least certain", "most at odds", "as clustered",
)  # fmt: skip
BLIND_ORDERS: Final[tuple[Order, ...]] = ORDERS[:2]  # the others follow the predictions
STANDINGS: Final[tuple[Standing, ...]] = ("any", "undecided", "labelled", "skipped", "unsure")
MARKS: Final[tuple[Marked, ...]] = ("any", "flagged", "has note", "has override", "to split")
BLIND_MARKS: Final = MARKS[:-1]  # what is to be split follows from what others decided


@dataclass(frozen=True, slots=True)
class Filter:
    """Which clusters are shown; None and "" leave everything in.

    `label` is what a cluster is labelled as, `selected` what rows of production were selected for.
    `not_by_me` leaves in what the annotator has not decided, whatever others have. `text` is
    searched for in the representatives or in all members; between two slashes it is a regular
    expression.
    """

    standing: Standing = "any"
    label: str | None = None
    predicted: str | None = None
    dataset: str | None = None
    selected: str | None = None
    marked: Marked = "any"
    not_by_me: bool = False
    text: str = ""
    in_members: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it leaves everything in."""
        return self == Filter(in_members=self.in_members)

    def without_predictions(self) -> "Filter":
        """The filter without what blind mode hides."""
        marked = self.marked if self.marked in BLIND_MARKS else "any"
        return replace(self, label=None, predicted=None, dataset=None, selected=None, marked=marked)


def odds(cluster: "Cluster") -> float:
    """Share of members whose seed has another label than is predicted, 0 to 1."""
    known = sum(cluster.seed_labels.values())
    return 1 - cluster.seed_labels.get(cluster.predicted_label, 0) / known if known else 0.0


def queue_place(cluster: "Cluster") -> float:
    """The place of a row in a queue of production; after all places without one."""
    return math.inf if cluster.place is None else cluster.place


# "most useful" is not here: it follows from what is decided, see `Worklist`.
SORT_KEYS: "Final[dict[Order, Callable[[Cluster], SortKey]]]" = {
    "largest": lambda item: (-item.size, queue_place(item), item.cluster_id),
    "least certain": lambda item: (
        1.0 if item.confidence is None else item.confidence,
        item.cluster_id,
    ),
    "most at odds": lambda item: (-odds(item), -item.size, item.cluster_id),
    "as clustered": lambda item: (
        item.dataset or "",
        item.predicted_label,
        item.parent_id or item.cluster_id,
        item.cluster_id,
    ),
}
