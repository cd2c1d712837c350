"""What the labelling screen asks of the store: to be called in threads, over an owned workspace.

Imported after the first paint, because DuckDB comes with it, but not polars. A decision is on
disk when the method that takes it returns.
"""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from store.cluster_states import ClusterState, advance, read_states
from store.clusters import Cluster, Member, clustering_stamp, list_clusters
from store.database.changes import count_elsewhere
from store.decisions import (
    Decision,
    Mark,
    PutOff,
    action_times,
    reach_of,
    read_overrides,
    record,
    redo,
    undo,
)
from store.search import expression_of, search_members, search_representatives
from tui.frame.opening import OpenWorkspace
from tui.screens.label.maps import Maps
from tui.screens.label.place import read_place, write_place
from tui.screens.label.suspects.desk import SuspectsDesk
from tui.screens.label.texts import Texts
from tui.screens.label.views import (
    Change,
    LabelWork,
    Overrides,
    Place,
)
from tui.screens.label.word_file import read_words
from tui.services.clipboard import Copied, copy_text
from tui.services.splitting import PreparedSplit

if TYPE_CHECKING:
    from tui.services.results.label_quality import LabelQuality

FEW_CLUSTERS = 50  # up to here their states are read one by one


class LabelDesk:
    """Reads clusters and takes decisions for one annotator. Methods block; any thread may call.

    `states` are what is decided on the clusters before, from which follows what is afterwards.
    """

    def __init__(self, workspace: OpenWorkspace) -> None:
        self._workspace = workspace.path
        self._database = workspace.database
        self._annotator = workspace.settings.annotator
        self._settings = workspace.settings.labelling
        self.seed = workspace.settings.seed
        self.learning = workspace.learning
        self.maps = Maps(workspace.database)
        self.texts = Texts(workspace.database, workspace.learning)
        self.suspects = SuspectsDesk(
            workspace.database, workspace.learning, workspace.settings.annotator
        )

    @property
    def bulk_confidence(self) -> float:
        """The mean confidence below which a bulk action asks for a typed confirmation."""
        return self._settings.bulk_confidence

    def quality(self) -> "LabelQuality":
        """How good the labels are that follow from the decisions now; takes seconds."""
        from tui.services.results.label_quality import rate_learned  # polars comes with it

        return rate_learned(self._workspace, self._settings, self._database)

    def reach(self, size: int) -> int:
        """Number of members, of so many, that a label will reach."""
        reach = reach_of(size, self._settings.propagate_percent)
        return size if reach is None else reach

    def open(self) -> LabelWork:
        """All clusters with what is decided, the annotator's pace, and where they were."""
        elsewhere = count_elsewhere(self._database)  # first: what is newer is read again
        clustering = clustering_stamp(self._database)
        return LabelWork(
            clustering=clustering,
            elsewhere=elsewhere,
            clusters=tuple(list_clusters(self._database)),
            states=read_states(self._database),
            overrides=read_overrides(self._database),
            learned=self.learning.count_by_cluster(),
            annotator=self._annotator,
            times=tuple(action_times(self._database, self._annotator)),
            place=self._recall(),
        )

    def _recall(self) -> Place:
        place = read_place(self._workspace, self._annotator)
        if place.display.highlight:
            return place
        name = self._settings.highlight
        words = self.patterns(read_words(self._workspace / name)) if name is not None else ()
        display = replace(place.display, highlight=words)
        return replace(place, display=display)

    def remember(self, place: Place) -> None:
        """Keep where the annotator is; whoever only looks on leaves that to the other window."""
        if not self._database.looks_on:
            write_place(self._workspace, self._annotator, place)

    def patterns(self, texts: Collection[str]) -> tuple[str, ...]:
        """The patterns, if all can be searched for. Raises PatternInvalid."""
        for text in texts:
            expression_of(text)
        return tuple(texts)

    def label(
        self,
        clusters: Sequence[Cluster],
        labels: Sequence[str],
        states: Mapping[str, ClusterState],
    ) -> Change:
        """Label clusters as one action, each with the label in its place."""
        percent = self._settings.propagate_percent
        decisions = [
            Decision(
                "label", cluster.cluster_id, label=label, reach=reach_of(cluster.size, percent)
            )
            for cluster, label in zip(clusters, labels, strict=True)
        ]
        return self._decide(decisions, states, is_paced=True)

    def put_off(
        self,
        kind: PutOff,
        cluster: Cluster,
        states: Mapping[str, ClusterState],
    ) -> Change:
        """Record that a cluster is left for later, or cannot be labelled."""
        return self._decide([Decision(kind, cluster.cluster_id)], states, is_paced=True)

    def mark(
        self,
        kind: Mark,
        cluster: Cluster,
        states: Mapping[str, ClusterState],
    ) -> Change:
        """Put a mark on a cluster, or take it away."""
        return self._decide([Decision(kind, cluster.cluster_id)], states)

    def note(self, cluster: Cluster, text: str, states: Mapping[str, ClusterState]) -> Change:
        """Note something on a cluster; an empty text takes the note away."""
        return self._decide([Decision("note", cluster.cluster_id, note=text)], states)

    def override(self, cluster_id: str, member: Member, label: str, before: Overrides) -> Change:
        """Label one answer, whatever is decided on its cluster now or later.

        `before` are the labels of single members until now.
        """
        decision = Decision("label", answer_id=member.answer_id, label=label)
        record(self._database, self._annotator, [decision])
        own = {**before.get(cluster_id, {}), member.answer_id: (member.rank, label)}
        return Change(overrides={**before, cluster_id: own})

    def _decide(
        self,
        decisions: Sequence[Decision],
        before: Mapping[str, ClusterState],
        *,
        is_paced: bool = False,
    ) -> Change:
        """Record decisions, one per cluster, as one action.

        `is_paced` where its time says how quickly one works.
        """
        record(self._database, self._annotator, decisions)
        return Change(
            states={
                item.cluster_id: advance(
                    before.get(item.cluster_id, ClusterState()), item, self._annotator
                )
                for item in decisions
                if item.cluster_id is not None
            },
            decided_at=self._database.now().replace(tzinfo=None) if is_paced else None,
        )

    def turn(self, kind: Literal["undo", "redo"]) -> Change:
        """Undo or redo. May raise DecisionRefused."""
        action = (undo if kind == "undo" else redo)(self._database, self._annotator)
        if action.kind == "split":
            return replace(self._all(), action=action)
        few = action.cluster_ids if len(action.cluster_ids) <= FEW_CLUSTERS else None
        states = read_states(self._database, few) if action.cluster_ids else {}
        return Change(
            states={name: states.get(name) for name in action.cluster_ids},
            overrides=read_overrides(self._database) if action.answer_ids else None,
            action=action,
        )

    def _all(self) -> Change:
        """Everything, where other clusters are active than before."""
        return Change(
            clusters=tuple(list_clusters(self._database)),
            states=dict(read_states(self._database)),
            overrides=read_overrides(self._database),
            learned=self.learning.count_by_cluster(),
        )

    def prepare_split(self, cluster: Cluster) -> PreparedSplit:
        """Begin what takes time, while the user thinks about the number of parts."""
        return PreparedSplit(self._database, cluster.cluster_id)

    def split(self, prepared: PreparedSplit, parts: int) -> Change:
        """Split a cluster; the largest of its parts is named first in the change."""
        ids = prepared.split(parts, annotator=self._annotator, seed=self.seed)
        return replace(self._all(), parts=tuple(ids))

    def search(self, text: str) -> set[str]:
        """The clusters whose representative has a pattern. Raises PatternInvalid."""
        return search_representatives(self._database, text)

    def search_members(
        self, text: str, found: Callable[[set[str]], None], is_stopped: Callable[[], bool]
    ) -> None:
        """Call `found` with clusters that have a member with a pattern, as they come."""
        for hits in search_members(self._database, text):
            if is_stopped():
                return
            if hits:
                found(hits)

    def copy(self, text: str) -> Copied:
        """Copy a text to a file, and inside tmux to its buffer."""
        return copy_text(text, self._workspace, os.environ)
