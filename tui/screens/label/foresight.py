"""What a label's key would do where labels are learned, read while the user reads the text."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.widget import Widget

from tui.screens.label.labelling import Labelling
from tui.screens.label.messages import LabelsForeseen
from tui.screens.label.soon import SoonReader

if TYPE_CHECKING:
    from engine.spreading.learner import Foreseen


class Foresight:
    """Reads for the current cluster what each label would do; `widget` gets the messages.

    Nothing where labels spread by cluster, or blindly: it would say what the model takes a text
    for.
    """

    def __init__(self, widget: Widget, labelling: Labelling) -> None:
        self._labelling = labelling
        self._reader = SoonReader(widget, labelling)

    @property
    def _is_shown(self) -> bool:
        state = self._labelling.state
        return state.work.decisions.is_learned and not state.display.is_blind

    def read_soon(self) -> None:
        """Read it for the current cluster after a pause, unless it is known."""
        state, desk = self._labelling.state, self._labelling.desk
        cluster = state.work.current
        if desk is None or cluster is None or not self._is_shown or state.is_among_members:
            return
        if cluster.told is not None:
            return  # what production wrote neither teaches nor learns
        name, answer_id = cluster.cluster_id, cluster.representative_id
        if name not in state.foreseen:
            labels = [view.name for view in self._labelling.labels.views]
            foresee = desk.learning.foresee
            self._reader.read_soon(
                "foreseen", lambda: LabelsForeseen(name, foresee(name, answer_id, labels))
            )

    def of_current(self) -> "Mapping[str, Foreseen] | None":
        """What is known of the current cluster."""
        state, cluster = self._labelling.state, self._labelling.state.work.current
        if cluster is None or not self._is_shown:
            return None
        return state.foreseen.get(cluster.cluster_id)

    def widest(self) -> "Mapping[str, Foreseen] | None":
        """As much as can be foreseen of any cluster, to make room for it."""
        desk, decisions = self._labelling.desk, self._labelling.state.work.decisions
        if desk is None or not self._is_shown:
            return None
        most = desk.learning.most_foreseen(decisions.largest, decisions.tally.rows)
        return {view.name: most for view in self._labelling.labels.views}
