"""Pairs one after the other in full: seed, question and answer, and the words that match worst."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.types import CSSPathType

from tui.frame.snapshot import Labels
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.browse import LeafingDialog
from tui.screens.dialogs.frame import FRAME_STYLE
from tui.screens.drift.wording import COMPARED
from tui.services.inert import inert, one_line
from tui.services.numbers import show_number
from tui.widgets.plain import Spans, marked, plain

if TYPE_CHECKING:
    from tui.services.results.drift_pairs import DriftedPair, Pair


class PairDialog(LeafingDialog):
    """Seed, question and answer of one pair after the other."""

    SCOPE = "pair"
    CSS_PATH: ClassVar[CSSPathType | None] = [FRAME_STYLE, "pair_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("pair")]

    def __init__(
        self,
        pairs: "Sequence[DriftedPair]",
        index: int,
        labels: Labels,
        keymap: Keymap,
        *,
        read: "Callable[[DriftedPair], Awaitable[Pair | None]]",
    ) -> None:
        super().__init__("One pair", len(pairs), index, keymap, show=self.show_text)
        self._pairs = tuple(pairs)
        self._labels = labels
        self._read = read

    async def show_text(self) -> None:
        """Show scores and texts of the pair."""
        pair = self._pairs[self.index]
        texts = await self._read(pair)
        if texts is None:
            return
        self.text.set_title(self.place())
        self.text.show(
            Content("\n").join(
                [
                    _describe_scores(pair),
                    self._heading(f"SEED {one_line(pair.dataset)}", pair.seed_label),
                    _mark(texts.seed_text, pair.unmatched_seed),
                    self._heading("QUESTION", None),
                    plain(texts.query),
                    self._heading("ANSWER", pair.label),
                    _mark(texts.answer, pair.unmatched_answer),
                ]
            )
        )

    def _heading(self, text: str, label: str | None) -> Content:
        heading = Content.styled(text, "bold $accent")
        if label is None:
            return heading
        view = self._labels.named(label)
        return heading + Content.assemble(" ", (f"{view.glyph} {one_line(view.name)}", view.style))


def _describe_scores(pair: "DriftedPair") -> Content:
    parts = [f"{text} {show_number(pair.f1[name])}" for name, text in COMPARED.items()]
    text = f"F1: {', '.join(parts)}. Marked words match worst between answer and seed."
    return Content.styled(text, "$quiet")


def _mark(text: str, spans: Spans) -> Content:
    """A text with places marked, unless making it inert has moved them."""
    shown = inert(text)
    return marked(shown, spans if len(shown) == len(text) else ())
