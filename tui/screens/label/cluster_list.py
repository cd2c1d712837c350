"""The queue of clusters: what is decided, how large and how sure each is, where it came from."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content

from tui.frame.snapshot import FLAG_GLYPH, SKIPPED_GLYPH, UNDECIDED_GLYPH, UNSURE_GLYPH, Labels
from tui.screens.label.worklist import Worklist
from tui.services.inert import one_line
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from store.cluster_states import ClusterState
    from store.clusters import Cluster

MIX_LABELS, MIX_WIDTH = 3, 14
LOOKBACK = 4  # this part of the lines shows what lies before, where the list is turned over
NAMES_FROM = 60  # columns from which predicted labels are named beside their glyph
SIGNS = {None: UNDECIDED_GLYPH, "skip": SKIPPED_GLYPH, "unsure": UNSURE_GLYPH}
HEADING = f"    {'rows':>7} p sure spread "
BLIND_HEADING = f"    {'rows':>7} "


RowKey = tuple[str, "ClusterState | None", bool, int, bool]


class ClusterList(Lines):
    """The lines of the queue around the current cluster."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels
        self._work = Worklist()
        self._is_blind = False
        self._first = 0  # the place on top; it stays, so that a key changes two lines and not all
        self._rows: dict[RowKey, Content] = {}  # as they were drawn last

    def show(self, work: Worklist, *, is_blind: bool) -> None:
        """Draw the queue as it is now."""
        self._work, self._is_blind = work, is_blind
        total = len(work.shown)
        filtered = "" if work.filter.is_empty else f" of {work.decisions.tally.clusters:,}"
        self.set_title(Content(f"Clusters: {total:,}{filtered}, {work.order}"))
        self._redraw()

    def on_resize(self) -> None:
        """Draw the lines that fit now."""
        self._redraw()

    def _redraw(self) -> None:
        """Draw a heading and the clusters that fit; the current one is marked."""
        if not self.size.height:
            return  # which cluster comes first depends on how many fit
        rows = max(self.size.height - 1, 1)
        work = self._work
        if not self._first <= work.index < self._first + rows:
            self._first = work.index - rows // LOOKBACK
        first = self._first = max(min(self._first, len(work.shown) - rows), 0)
        line = self._blind_line if self._is_blind else self._line
        lines = [Content.styled(self._heading(), "bold $accent")]
        rows_now: dict[RowKey, Content] = {}
        for index in range(first, min(first + rows, len(work.shown))):
            name = work.shown[index]
            key = (
                name,
                work.decisions.state(name),
                index == work.index,
                self.size.width,
                self._is_blind,
            )
            rows_now[key] = self._rows.get(key) or self._row(index, line)
        self._rows = rows_now
        self.draw([*lines, *rows_now.values()])

    def _heading(self) -> str:
        width = self.size.width
        names = " predicted" if width >= NAMES_FROM else ""
        heading = BLIND_HEADING if self._is_blind else f"{HEADING}{'seeds':<{MIX_WIDTH}}{names}"
        return heading[:width]

    def _row(self, index: int, line: "Callable[[Cluster], Content]") -> Content:
        decisions = self._work.decisions
        cluster = decisions.cluster(self._work.shown[index])
        state = decisions.state(cluster.cluster_id)
        flag = FLAG_GLYPH if state and state.is_flagged else " "
        is_chosen = index == self._work.index
        content = Content.assemble(
            ("▸" if is_chosen else " "),
            self._sign(cluster.cluster_id),
            (flag, "$warning"),
            f" {cluster.size:>7,} ",
        )
        content = (content + line(cluster)).truncate(self.size.width, ellipsis=True)
        if not is_chosen:
            return content
        missing = self.size.width - content.cell_length
        return content.pad_right(max(missing, 0)).stylize("bold on $chosen")

    def _line(self, cluster: "Cluster") -> Content:
        predicted = self._labels.named(cluster.predicted_label)
        sure = "   –" if cluster.confidence is None else f"{cluster.confidence:4.2f}"
        return Content.assemble(
            (predicted.glyph, predicted.style),
            f" {sure} {cluster.spread:6.2f} ",
            self._mix(cluster),
            (f" {one_line(predicted.name)}" if self.size.width >= NAMES_FROM else "", "$quiet"),
        )

    def _blind_line(self, _: "Cluster") -> Content:
        return Content("")

    def _mix(self, cluster: "Cluster") -> Content:
        """The labels of the members' seeds in per cent, the most frequent first."""
        known = sum(cluster.seed_labels.values())
        common = sorted(cluster.seed_labels.items(), key=lambda item: (-item[1], item[0]))
        parts = []
        for name, count in common[:MIX_LABELS]:
            view = self._labels.named(name)
            parts.append(Content.styled(f"{view.glyph}{100 * count / known:.0f}", view.style))
        content = Content(" ").join(parts)
        return content.pad_right(max(MIX_WIDTH - content.cell_length, 0))

    def _sign(self, cluster_id: str) -> tuple[str, str]:
        decisions = self._work.decisions
        state = decisions.state(cluster_id)
        if state is None or (self._is_blind and decisions.annotator not in state.annotators):
            return UNDECIDED_GLYPH, "$quiet"
        if state.label is not None:
            view = self._labels.named(state.label)
            return view.glyph, view.style
        return SIGNS.get(state.kind, UNDECIDED_GLYPH), "$quiet"
