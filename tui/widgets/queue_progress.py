"""How far the labelling is, in clusters and in rows."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.views import ClusterQueue
from tui.widgets.bar import bar

BAR_WIDTH = 16


class QueueProgress(Widget):
    """One line with a bar over the rows of all clusters."""

    queue: reactive[ClusterQueue] = reactive(ClusterQueue())

    def render(self) -> Content:
        """Draw the line; where it is cut, the rows left go last."""
        queue = self.queue
        if not queue.clusters:
            return Content("")
        skipped = f", {queue.skipped} skipped" if queue.skipped else ""
        share = queue.rows_labelled / max(queue.rows, 1)
        wide = Content.assemble(
            (bar(share, BAR_WIDTH), "$accent"),
            f" {queue.labelled} of {len(queue.clusters)} clusters labelled{skipped}",
        )
        left = queue.rows - queue.rows_labelled
        rows = f" · {queue.rows_labelled:,} of {queue.rows:,} rows, {left:,} left"
        return wide + rows
