"""What the labelling screen knows at the moment, for the widgets that it is composed of.

A key may follow another before anything is drawn. So the widgets change this at once, as soon
as a decision is on disk, and only tell by a message that there is something else to draw.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.screens.label.decisions import Decisions
from tui.screens.label.detail_cache import DetailCache
from tui.screens.label.pace import Pace
from tui.screens.label.views import (
    Change,
    Detail,
    DetailKey,
    Display,
    LabelWork,
    MemberOrigin,
    PaneName,
    Place,
)
from tui.screens.label.worklist import Worklist

if TYPE_CHECKING:
    from engine.spreading.learner import Foreseen
    from store.clusters import Cluster, Member
    from tui.services.suggestions import UsefulAnswer

SEARCHES_KEPT: Final = 20


class LabelState:
    """The worklist, how it is shown, what was read of its clusters, and the annotator's pace."""

    def __init__(self) -> None:
        self.work = Worklist()
        self.display = Display()
        self.chosen_member = 0
        self.searched = ""  # what is searched for now
        self.searches: tuple[str, ...] = ()  # what was searched for, the newest last
        self.details = DetailCache()
        self.foreseen: dict[str, Mapping[str, Foreseen]] = {}  # by cluster, until learned again
        self.origin_read: MemberOrigin | None = None  # the newest
        self.pace = Pace(())
        self.clustering: str | None = None  # that of the clusters; None before they are read
        self.elsewhere = 0  # what other processes had written by then
        self.changes = 0  # how often something was decided here
        self.fits = 0  # how often learned labels were read again
        self.useful_answer: UsefulAnswer | None = None  # the one that was gone to last

    def begin(self, found: LabelWork) -> None:
        """Take what was read; at first, also in the order in which it was left."""
        is_first = not self.has_clusters
        self.clustering, self.elsewhere, self.pace, self.details = (
            found.clustering,
            found.elsewhere,
            Pace(found.times),
            DetailCache(),
        )
        self.work.replace(
            Decisions(
                found.clusters,
                found.states,
                found.overrides,
                learned=found.learned,
                annotator=found.annotator,
            )
        )
        if is_first:
            self.display = found.place.display
            self.searches = found.place.searches
            self.work.sort(found.place.order)
            self.work.narrow(found.place.filter)
            self.work.go_to(found.place.cluster_id)

    @property
    def has_clusters(self) -> bool:
        """Whether there are clusters to label, as far as they have been read."""
        return self.work.decisions.tally.clusters > 0

    def take(self, change: Change) -> None:
        """Take what an action changed."""
        self.changes += 1
        decisions = self.work.decisions
        if change.decided_at is not None:
            self.pace.add(change.decided_at)
        if change.clusters is not None:
            states = {name: state for name, state in change.states.items() if state is not None}
            self.work.replace(
                Decisions(
                    change.clusters,
                    states,
                    change.overrides,
                    learned=change.learned,
                    annotator=decisions.annotator,
                )
            )
            return
        decisions.take_states(change.states)
        if change.overrides is not None:
            decisions.take_overrides(change.overrides)

    def take_learned(self, learned: Mapping[str, int]) -> None:
        """Take what was learned again; what is shown of members stays until it is read again."""
        self.fits += 1
        self.work.decisions.take_learned(learned)
        self.foreseen = {}
        cluster = self.work.current
        self.details.keep_only(self.detail_key(cluster) if cluster else None)

    def search(self, text: str) -> None:
        """Mark a text where it is found, and keep it; nothing where it is empty."""
        self.searched = text
        if text:
            before = [other for other in self.searches if other != text]
            self.searches = (*before[1 - SEARCHES_KEPT :], text)

    def show_pane(self, pane: PaneName) -> None:
        """Make another pane the active one."""
        self.display = replace(self.display, pane=pane)

    @property
    def patterns(self) -> tuple[str, ...]:
        """What is marked in the texts: the words to highlight, and what was searched for."""
        searched = (self.searched,) if self.searched else ()
        return (*self.display.highlight, *searched)

    def detail_key(self, cluster: "Cluster") -> DetailKey:
        """What has to be read of a cluster to show it in the present way."""
        display, useful = self.display, self.useful_answer
        is_here = useful is not None and useful.cluster_id == cluster.cluster_id
        return DetailKey(
            cluster.cluster_id,
            display.members_order,
            display.draw,
            self.patterns,
            useful.answer_id if useful is not None and is_here else "",
        )

    @property
    def detail(self) -> Detail | None:
        """What was read of the current cluster."""
        cluster = self.work.current
        return self.details.get(self.detail_key(cluster)) if cluster else None

    @property
    def is_among_members(self) -> bool:
        """Whether a label's key is for a single member, and never for the cluster."""
        return self.display.pane == "members"

    def choose_member(self, place: int) -> None:
        """Choose the member at a place, or the nearest there is; -1 is the last."""
        detail = self.detail
        last = len(detail.members) - 1 if detail is not None else 0
        self.chosen_member = max(last if place == -1 else min(place, last), 0)

    def show_member(self, answer_id: str) -> None:
        """Go to a member of the current cluster; to its text if that member is not listed."""
        members = self.detail.members if self.detail is not None else ()
        places = [place for place, member in enumerate(members) if member.answer_id == answer_id]
        self.choose_member(places[0] if places else 0)
        self.show_pane("members" if places else "text")

    @property
    def member(self) -> "Member | None":
        """The chosen member, if its pane is the active one and has been read."""
        detail = self.detail if self.is_among_members else None
        if detail is None or not detail.members:
            return None
        return detail.members[min(self.chosen_member, len(detail.members) - 1)]

    @property
    def is_at_useful_answer(self) -> bool:
        """Whether the chosen member is the answer that was gone to as the most useful one."""
        useful, member = self.useful_answer, self.member
        return useful is not None and member is not None and useful.answer_id == member.answer_id

    @property
    def member_label(self) -> str | None:
        """The label that the chosen member was given by itself."""
        detail, member = self.detail, self.member
        if detail is None or member is None:
            return None
        return self.work.decisions.override(detail.key.cluster_id, member.answer_id)

    @property
    def origin(self) -> MemberOrigin | None:
        """Where the chosen member came from, if that has been read."""
        found, member = self.origin_read, self.member
        wanted = (member.answer_id, self.patterns) if member is not None else None
        return found if found is not None and found.key == wanted else None

    def place(self, top_line: int) -> Place:
        """Where the annotator is."""
        cluster = self.work.current
        return Place(
            cluster_id=cluster.cluster_id if cluster else None,
            top_line=top_line,
            order=self.work.order,
            filter=self.work.filter,
            display=self.display,
            searches=self.searches,
        )
