"""The queue of clusters: what is decided, how large each is, what was predicted."""

from tui.views import SKIPPED_GLYPH, UNDECIDED_GLYPH, ClusterQueue, Labels
from tui.widgets.table import Column, Row, Table

COLUMNS = (
    Column("", flexible=False),
    Column("rows", right=True),
    Column("predicted", flexible=True),
)


class ClusterList(Table):
    """A table of the queue; the glyph in front says what a cluster is decided as."""

    def __init__(self, labels: Labels) -> None:
        super().__init__(COLUMNS)
        self._labels = labels

    def show(self, queue: ClusterQueue) -> None:
        """Draw the queue and mark the cluster that is looked at."""
        has_datasets = any(cluster.dataset for cluster in queue.clusters)
        columns = (*COLUMNS, Column("dataset", flexible=True)) if has_datasets else COLUMNS
        rows: list[Row] = []
        for cluster in queue.clusters:
            predicted = self._labels.named(cluster.predicted_label)
            row: Row = (
                self._sign(cluster.decision, cluster.label),
                f"{cluster.size:,}",
                (f"{predicted.glyph} {predicted.name}", predicted.style),
            )
            rows.append((*row, cluster.dataset or "") if has_datasets else row)
        self.border_title = f"Clusters: {queue.labelled} of {len(queue.clusters)} labelled"
        self.set_reactive(Table.columns, columns)
        self.set_reactive(Table.chosen, queue.index if queue.clusters else None)
        self.set_reactive(Table.rows, tuple(rows))
        self.redraw()

    def _sign(self, decision: str | None, label: str | None) -> tuple[str, str]:
        if label is not None:
            view = self._labels.named(label)
            return view.glyph, view.style
        signs = {None: UNDECIDED_GLYPH, "skip": SKIPPED_GLYPH}
        return signs.get(decision, "?"), "$quiet"
