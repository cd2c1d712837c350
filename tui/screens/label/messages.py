"""What the widgets and threads of the labelling screen tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from textual.message import Message

from tui.screens.label.views import Detail, LabelWork, MemberOrigin, PaneName

if TYPE_CHECKING:
    from engine.spreading.learner import Foreseen
    from tui.services.results.label_quality import LabelQuality


@dataclass
class WorkRead(Message):
    """The active clusters with all that was decided when the screen had made so many changes."""

    work: LabelWork
    changes: int


@dataclass
class DetailRead(Message):
    """Seed, question and members of one cluster."""

    detail: Detail


@dataclass
class OriginRead(Message):
    """Seed and question of one member."""

    origin: MemberOrigin


@dataclass
class HitsFound(Message):
    """Clusters that have a member with what is searched for; `search` says by which search."""

    search: Event
    cluster_ids: frozenset[str]


@dataclass
class SearchEnded(Message):
    """A search has been through all members."""

    search: Event


@dataclass
class LearnedRead(Message):
    """How many members of each cluster have a learned label now."""

    learned: Mapping[str, int]


@dataclass
class LabelsForeseen(Message):
    """What each label of a cluster's representative would do."""

    cluster_id: str
    foreseen: "Mapping[str, Foreseen]"


@dataclass
class QualityRead(Message):
    """How good the labels are."""

    quality: "LabelQuality"


class ViewChanged(Message):
    """Another cluster is the current one, or something is shown in another way."""

    def can_replace(self, message: Message) -> bool:
        """Let several keys that came in a burst be drawn once."""
        return isinstance(message, ViewChanged)


@dataclass
class PlaceClicked(Message):
    """A line of the queue or of the members was clicked, counted from their first."""

    pane: PaneName
    place: int
