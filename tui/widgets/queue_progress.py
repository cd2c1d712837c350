"""How far the labelling is, in clusters and in rows."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.views import ClusterQueue
from tui.widgets.bar import bar

LONGEST_BAR, SHORTEST_BAR = 24, 6


class QueueProgress(Widget):
    """One line with a bar over the rows of all clusters."""

    queue: reactive[ClusterQueue] = reactive(ClusterQueue())

    def render(self) -> Content:
        """Draw the line; the bar takes what room the words leave."""
        queue = self.queue
        if not queue.clusters:
            return Content("")
        skipped = f", {queue.skipped} skipped" if queue.skipped else ""
        left = queue.rows - queue.rows_labelled
        text = (
            f"{queue.labelled} of {len(queue.clusters)} clusters labelled{skipped}"
            f" · {queue.rows_labelled:,} of {queue.rows:,} rows, {left:,} left"
        )
        wide = min(self.size.width - len(text) - 1, LONGEST_BAR)
        if wide < SHORTEST_BAR:
            return Content(text)
        drawn = bar(queue.rows_labelled / max(queue.rows, 1), wide)
        return Content.assemble((drawn, "$accent"), f" {text}")
