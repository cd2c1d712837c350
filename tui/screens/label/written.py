"""The queue of clusters as a table that is written into files."""

from typing import TYPE_CHECKING, Final

from tui.screens.label.worklist import Worklist
from tui.services.tables import Value, WrittenTable

if TYPE_CHECKING:
    from store.clusters import Cluster

COLUMNS: Final = ("cluster", "rows", "decision", "label", "flagged", "note", "representative")
FIGURES: Final = ("confidence", "spread")


def written_queue(work: Worklist, name: str, guessed: str, *, is_blind: bool) -> WrittenTable:
    """The clusters that are shown, in their order; in blind mode without what is hidden there.

    `guessed` is what the column of labels before any decision is called.
    """
    shown = () if is_blind else (guessed, *FIGURES)
    columns = (*COLUMNS[:-1], *shown, COLUMNS[-1])
    rows = tuple(_row(work, cluster, is_blind) for cluster in work.clusters())
    return WrittenTable(name, f"Clusters, {work.order}", columns, rows)


def _row(work: Worklist, cluster: "Cluster", is_blind: bool) -> tuple[Value, ...]:
    decisions = work.decisions
    state = decisions.state(cluster.cluster_id)
    is_hidden = is_blind and state is not None and decisions.annotator not in state.annotators
    kind, label = (state.kind, state.label) if state and not is_hidden else (None, None)
    flagged = "yes" if state and state.is_flagged else "no"
    first = (cluster.cluster_id, cluster.size, kind, label, flagged, state.note if state else "")
    if is_blind:
        return (*first, cluster.representative)
    predicted = (cluster.predicted_label, cluster.confidence, cluster.spread)
    return (*first, *predicted, cluster.representative)
