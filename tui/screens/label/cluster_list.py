"""The queue of clusters: what each is decided or predicted as, how large it is, and its text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.events import Click

from tui.frame.snapshot import (
    FLAG_GLYPH,
    NOTE_GLYPH,
    OVERRIDE_GLYPH,
    SKIPPED_GLYPH,
    SPLIT_GLYPH,
    UNDECIDED_GLYPH,
    UNSURE_GLYPH,
    Labels,
)
from tui.screens.label.filters import Order, odds
from tui.screens.label.messages import PlaceClicked
from tui.screens.label.worklist import Worklist
from tui.services.inert import one_line
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from store.cluster_states import ClusterState
    from store.clusters import Cluster

LOOKBACK = 4  # this part of the lines shows what lies before, where the list is turned over
SIGNS = {None: UNDECIDED_GLYPH, "skip": SKIPPED_GLYPH, "unsure": UNSURE_GLYPH}
SIZE_HEADING = " rows"
NAME_WIDTH = 40  # of a pattern, before its representative


def _describe_confidence(cluster: "Cluster") -> str:
    return "   –" if cluster.confidence is None else f"{cluster.confidence:4.2f}"


def _describe_margin(work: Worklist, cluster: "Cluster") -> str:
    margin = work.suggestions.margins.get(cluster.cluster_id)
    return "   –" if margin is None else f"{margin:4.2f}"


# The figure by which clusters are ordered, with its heading; four cells each.
FIGURES: "Final[dict[Order, tuple[str, Callable[[Worklist, Cluster], str]]]]" = {
    "most useful": ("marg", _describe_margin),
    "least certain": ("sure", lambda _, cluster: _describe_confidence(cluster)),
    "most at odds": ("odds", lambda _, cluster: f"{100 * odds(cluster):3.0f}%"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """All that a line of the queue is drawn from, but for the cluster, which never changes.

    `figure` is that by which the clusters are ordered; "" where none is shown.
    """

    cluster_id: str
    state: "ClusterState | None"
    has_override: bool
    is_to_split: bool
    figure: str
    is_chosen: bool


class ClusterList(Lines):
    """The lines of the queue around the current cluster."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels
        self._work = Worklist()
        self._is_blind = False
        self._first = 0  # the place on top; it stays, so that a key changes two lines and not all
        self._rows: dict[Row, Content] = {}  # as they were drawn last
        self._drawn_as: object = None  # all that they were drawn from besides

    def show(self, work: Worklist, *, is_blind: bool) -> None:
        """Draw the queue as it is now."""
        self._work, self._is_blind = work, is_blind
        total = len(work.shown)
        filtered = "" if work.filter.is_empty else f" of {work.decisions.tally.clusters:,}"
        self.set_title(Content(f"Clusters: {total:,}{filtered}, {work.order}"))
        self._redraw()

    def on_click(self, event: Click) -> None:
        """Tell which cluster was clicked; above the first is the heading."""
        at = event.get_content_offset(self)
        place = self._first + at.y - 1 if at else -1
        if self._first <= place < len(self._work.shown):
            self.post_message(PlaceClicked("queue", place))

    def on_resize(self) -> None:
        """Draw the lines that fit now."""
        self._redraw()

    def _redraw(self) -> None:
        """Draw a heading and the clusters that fit; the current one is marked."""
        if not self.size.height:
            return  # which cluster comes first depends on how many fit
        height = max(self.size.height - 1, 1)
        work = self._work
        if not self._first <= work.index < self._first + height:
            self._first = work.index - height // LOOKBACK
        first = self._first = max(min(self._first, len(work.shown) - height), 0)
        size_width = max(len(f"{work.decisions.largest:,}"), len(SIZE_HEADING))
        drawn_as = (self.size.width, self._is_blind, work.order, size_width)
        if drawn_as != self._drawn_as:
            self._drawn_as, self._rows = drawn_as, {}
        rows: dict[Row, Content] = {}
        for index in range(first, min(first + height, len(work.shown))):
            row = self._row(index)
            rows[row] = self._rows.get(row) or self._draw_row(row, size_width)
        self._rows = rows
        self.draw([self._heading(size_width), *rows.values()])

    def _row(self, index: int) -> Row:
        work, name = self._work, self._work.shown[index]
        decisions, figure = work.decisions, FIGURES.get(work.order)
        return Row(
            name,
            decisions.state(name),
            decisions.has_override(name),
            name in decisions.to_split and not self._is_blind,
            figure[1](work, decisions.cluster(name)) if figure else "",
            index == work.index,
        )

    def _heading(self, size_width: int) -> Content:
        figure = FIGURES.get(self._work.order)
        named = f" {figure[0]}" if figure else ""
        text = f"label{SIZE_HEADING:>{size_width}}{named} text"
        return Content.styled(text[: self.size.width], "bold $accent")

    def _draw_row(self, row: Row, size_width: int) -> Content:
        cluster = self._work.decisions.cluster(row.cluster_id)
        content = Content.assemble(
            "▸" if row.is_chosen else " ",
            self._sign(row.state, cluster),
            f" {cluster.size:>{size_width},} ",
            (f"{row.figure} " if row.figure else "", "$quiet"),
            self._marks(row),
        )
        if cluster.name:
            content += Content.styled(f"{one_line(cluster.name, NAME_WIDTH)} · ", "$accent")
        room = self.size.width - content.cell_length
        content += one_line(cluster.representative, max(room, 1))
        content = content.truncate(self.size.width, ellipsis=True)
        if not row.is_chosen:
            return content
        missing = self.size.width - content.cell_length
        return content.pad_right(max(missing, 0)).stylize("bold on $chosen")

    def _marks(self, row: Row) -> Content:
        """Signs of what there is beside the label, with a blank after them."""
        state = row.state
        marks = [
            FLAG_GLYPH if state and state.is_flagged else "",
            NOTE_GLYPH if state and state.note else "",
            OVERRIDE_GLYPH if row.has_override else "",
            SPLIT_GLYPH if row.is_to_split else "",
        ]
        text = "".join(marks)
        return Content.styled(f"{text} ", "bold $warning") if text else Content("")

    def _sign(self, state: "ClusterState | None", cluster: "Cluster") -> Content:
        """Three cells: what the cluster is decided as, else what is predicted, in brackets."""
        annotator = self._work.decisions.annotator
        is_hidden = self._is_blind and state is not None and annotator not in state.annotators
        if state is None or state.kind is None or is_hidden:
            if self._is_blind:
                return Content.styled(f" {UNDECIDED_GLYPH} ", "$quiet")
            view = self._labels.named(cluster.predicted_label)
            return Content.assemble(("(", "$quiet"), (view.glyph, view.style), (")", "$quiet"))
        if state.label is not None:
            view = self._labels.named(state.label)
            return Content.styled(f" {view.glyph} ", f"bold {view.style}")
        return Content.styled(f" {SIGNS.get(state.kind, UNDECIDED_GLYPH)} ", "$quiet")
