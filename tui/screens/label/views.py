"""What the labelling screen reads, and how it shows that: frozen, with no way back to the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from tui.screens.label.filters import Filter, Order
from tui.widgets.origin_text import Unfolded
from tui.widgets.plain import Spans

if TYPE_CHECKING:
    from datetime import datetime

    from store.cluster_states import ClusterState
    from store.clusters import Cluster, Member
    from store.decisions import Action
    from store.learned_labels import LearnedLabel
    from store.origins import Pair

PaneName = Literal["queue", "text", "members"]
MemberOrder = Literal["nearest", "farthest", "random", "least-confident"]
Overrides = Mapping[str, Mapping[str, tuple[int, str]]]  # cluster: answer: (rank, label)

PANES: Final[tuple[PaneName, ...]] = ("queue", "text", "members")
MEMBER_ORDERS: Final[tuple[MemberOrder, ...]] = (
    "nearest", "farthest", "random", "least-confident",
)  # fmt: skip
BLIND_MEMBER_ORDERS: Final = MEMBER_ORDERS[:-1]
PREVIEW_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Display:
    """How clusters are shown. `draw` numbers the random members, `highlight` has the words.

    `sides` are the panes that are wanted beside the text, the most wanted first.
    """

    pane: PaneName = "text"
    sides: tuple[PaneName, ...] = ("queue", "members")
    members_order: MemberOrder = "nearest"
    draw: int = 0
    unfolded: Unfolded = field(default_factory=Unfolded)
    is_blind: bool = False
    highlight: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an annotator is: the cluster and the line on top, what is shown, and how.

    `searches` are what was searched for, the newest last.
    """

    cluster_id: str | None = None
    top_line: int = 0
    order: Order = "largest"
    filter: Filter = field(default_factory=Filter)
    display: Display = field(default_factory=Display)
    searches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelWork:
    """All that the labelling screen begins with; `times` are those of the annotator's decisions.

    `clustering` changes when the active clusters do, `elsewhere` when another process writes.
    `learned` counts the members of each cluster whose label was learned; None where labels spread
    by cluster.
    """

    clusters: "tuple[Cluster, ...]"
    states: "Mapping[str, ClusterState]"
    overrides: Overrides
    learned: Mapping[str, int] | None
    clustering: str
    elsewhere: int
    annotator: str
    times: "tuple[datetime, ...]"
    place: Place


@dataclass(frozen=True, slots=True)
class Change:
    """What an action changed; None where nothing of that kind did.

    `states` has clusters as they are decided now, None for one that is undecided. `clusters` are
    all there are where other ones are active than before; `states`, `overrides` and `learned` are
    complete then. `parts` are what a split made, the largest first.
    """

    states: "Mapping[str, ClusterState | None]" = field(default_factory=dict)
    overrides: Overrides | None = None
    clusters: "tuple[Cluster, ...] | None" = None
    learned: Mapping[str, int] | None = None
    parts: tuple[str, ...] = ()
    action: "Action | None" = None  # the one that was undone or done again
    decided_at: "datetime | None" = None  # where it says how quickly one labels; in UTC


@dataclass(frozen=True, slots=True)
class DetailKey:
    """What is read of a cluster: members in an order or a draw, and texts marked by patterns.

    The answer `first` comes first among the members, whatever their order; "" is none.
    """

    cluster_id: str
    order: MemberOrder
    draw: int
    patterns: tuple[str, ...]
    first: str = ""


@dataclass(frozen=True, slots=True)
class MemberOrigin:
    """The pair of a member, and what the patterns highlight in its seed and its question."""

    key: tuple[str, tuple[str, ...]]  # the answer, and the patterns
    pair: "Pair"
    marks: Mapping[str, Spans]


@dataclass(frozen=True, slots=True)
class Detail:
    """What lies behind a cluster: the pair of its representative, and its other members.

    `marks` says what to highlight in each text that is shown, and in each preview; `learned` has
    the labels that were learned for members.
    """

    key: DetailKey
    pair: "Pair | None"
    members: "tuple[Member, ...]"
    marks: Mapping[str, Spans]
    learned: "Mapping[str, LearnedLabel]"
