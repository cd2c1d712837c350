"""A text that is audited blindly: the text, the keys that label it, and how far the round is."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from tui.frame.snapshot import Labels, LabelView
from tui.keys.keymap import Keymap
from tui.screens.audit.label_bar import AuditLabelBar
from tui.screens.audit.views import AuditState
from tui.services.inert import inert, one_line
from tui.widgets.bar import bar
from tui.widgets.origin_text import OriginText
from tui.widgets.pane import Pane
from tui.widgets.plain import plain

if TYPE_CHECKING:
    from store.audit_findings import AuditItem

BAR_WIDTH = 24
TITLES = {"propagation": "Audit", "consistency": "Once more"}


class BlindText(Vertical):
    """The next text of a round, with nothing that would tell its label."""

    def __init__(self, labels: Labels, keymap: Keymap) -> None:
        super().__init__(id="blind")
        self.text = Pane(id="text")
        self._meanings = Pane(id="meanings")
        self._meanings.border_title = "What the labels mean"
        self._meanings.show(Content("\n\n").join(_describe(view) for view in labels.views))
        self._bar = AuditLabelBar(labels, keymap)
        self._progress = Static(id="progress", markup=False)
        self._texts = OriginText(labels.words, keymap.shown("audit.context"))
        self._item: AuditItem | None = None
        self._is_unfolded = False

    def compose(self) -> ComposeResult:
        """Lay the text, and what the labels mean beside it, over keys and progress."""
        yield Horizontal(self.text, self._meanings, id="reading")
        yield from (self._bar, self._progress)

    def show(self, state: AuditState) -> None:
        """Show the text that is next; another one from its top."""
        item, opened = state.item, state.round
        if item is None or opened is None:
            return
        place = f"text {item.position + 1:,} of {opened.items:,}"
        self.text.border_title = f"{TITLES[opened.kind]}: {place}"
        if item != self._item:
            self._item = item
            self._show_text()
        unsure = f", {opened.unsure:,} of them unsure" if opened.unsure else ""
        audited = f"{opened.judged:,} of {opened.items:,} audited{unsure}"
        drawn = bar(opened.judged / opened.items, BAR_WIDTH)
        self._progress.update(Content.assemble((drawn, "$accent"), f" {audited}"), layout=False)

    def unfold(self) -> None:
        """Unfold the contexts of this text and of those to come, or fold them."""
        self._is_unfolded = not self._is_unfolded
        self._show_text()

    def _show_text(self) -> None:
        item = self._item
        if item is not None and item.context is not None:
            lines = self._texts.frame(item.text, item.context, is_unfolded=self._is_unfolded)
            self.text.show(lines)
        elif item is not None:
            self.text.show(plain(item.text))


def _describe(view: LabelView) -> Content:
    name = f"{view.glyph} {one_line(view.name)}"
    return Content.assemble((name, view.style), "\n", inert(view.definition.strip()))
