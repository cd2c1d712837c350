"""The labels that an audit found wrong, and the text of the chosen one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.widgets.origin_text import OriginText, Part, Unfolded
from tui.widgets.pane import Pane
from tui.widgets.plain import plain
from tui.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    from store.audit_findings import WrongLabel
    from store.origins import Pair

COLUMNS: Final = (
    Column(""),
    Column("propagated", flexible=True),
    Column("audited", flexible=True),
    Column("text", flexible=True),
)


class WrongLabels(Container):
    """The list beside the text, or over it if there is no room."""

    def __init__(self, labels: Labels, keymap: Keymap) -> None:
        super().__init__(id="found")
        self._labels = labels
        self._texts = OriginText(labels.words, keymap.shown("audit.context"))
        self._items: Sequence[WrongLabel] = ()
        self._place = 0
        self._pair: Pair | None = None
        self._unfolded = Unfolded()
        self._list = Table(COLUMNS, id="wrong")
        self._text = Pane(id="chosen")

    def compose(self) -> ComposeResult:
        """List and text."""
        yield self._list
        yield self._text

    @property
    def chosen(self) -> "WrongLabel | None":
        """The chosen label; None if the list is empty."""
        return self._items[self._place] if self._items else None

    def show(self, items: "Sequence[WrongLabel]") -> None:
        """Show labels; the place in the list stays if there still is one."""
        self._items = items
        self.move(0)

    def move(self, by: int) -> None:
        """Choose another label."""
        self._place = max(min(self._place + by, len(self._items) - 1), 0)
        self._list.set_title(f"Found wrong: {len(self._items) or 'none'}")
        self._list.set_reactive(Table.rows, tuple(self._row(item) for item in self._items))
        self._list.set_reactive(Table.chosen, self._place if self._items else None)
        self._list.redraw()
        self._draw_text()

    def show_pair(self, pair: "Pair") -> None:
        """Show an answer, unless another one is chosen by now."""
        if self.chosen is not None and self.chosen.answer_id == pair.answer_id:
            self._pair = pair
            self._draw_text()

    def unfold(self, part: Part) -> None:
        """Show or hide seed and question, or the draw; or unfold the context of a pair."""
        self._unfolded = self._unfolded.turned(part)
        self._draw_text()

    def scroll_pages(self, pages: int) -> None:
        """Scroll the text."""
        self._text.scroll_pages(pages)

    def _row(self, item: "WrongLabel") -> Row:
        mark = "✓" if item.override == item.found else " "
        return (mark, self._label(item.label), self._label(item.found), item.opening)

    def _label(self, name: str) -> tuple[str, str]:
        view = self._labels.named(name)
        return f"{view.glyph} {view.name}", view.style

    def _draw_text(self) -> None:
        chosen, pair = self.chosen, self._pair
        if chosen is None or pair is None or pair.answer_id != chosen.answer_id:
            self._text.border_title = ""
            self._text.show(Content(""))
            return
        now = ", overridden" if chosen.override == chosen.found else ""
        self._text.border_title = plain(f"{chosen.dataset}{now}")
        self._text.show(self._texts.describe(pair.answer, pair, self._unfolded))
