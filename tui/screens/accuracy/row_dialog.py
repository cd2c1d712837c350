"""Evaluated rows one after the other in full: text, true label, and predictions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.types import CSSPathType

from tui.frame.snapshot import Labels
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.browse import LeafingDialog
from tui.screens.dialogs.frame import FRAME_STYLE
from tui.services.inert import one_line
from tui.services.numbers import show_number
from tui.widgets.plain import plain

if TYPE_CHECKING:
    from store.evaluation_rows import EvaluatedRow, Prediction


class RowDialog(LeafingDialog):
    """One row after the other; `names` are those of the detectors that predicted."""

    SCOPE = "row"
    CSS_PATH: ClassVar[CSSPathType | None] = [FRAME_STYLE, "row_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("row")]

    def __init__(
        self,
        rows: "Sequence[EvaluatedRow]",
        index: int,
        names: Sequence[str],
        labels: Labels,
        keymap: Keymap,
    ) -> None:
        super().__init__("One row", len(rows), index, keymap, show=self.show_text)
        self._rows = tuple(rows)
        self._names = tuple(names)
        self._labels = labels

    async def show_text(self) -> None:
        """Show labels and text of the row."""
        row = self._rows[self.index]
        truth = self._named(row.label) if row.label else Content("without a label")
        predicted = [
            self._describe(name, item)
            for name, item in zip(self._names, row.predictions, strict=True)
        ]
        _, beside, name = self._labels.words.origins
        context = () if row.context is None else (_heading(beside), plain(row.context))
        lines = [
            Content.assemble(("TRUE ", "bold $accent"), truth),
            *predicted,
            *context,
            _heading("text" if row.context is None else name),
            plain(row.text),
        ]
        self.text.set_title(self.place())
        self.text.show(Content("\n").join(lines))

    def _describe(self, name: str, prediction: "Prediction") -> Content:
        shares = sorted(prediction.probabilities.items(), key=lambda item: -item[1])
        listed = ", ".join(f"{one_line(label)} {show_number(share)}" for label, share in shares)
        guess = (
            self._named(prediction.label)
            if prediction.label
            else Content("no prediction: it failed")
        )
        heading = (f"{one_line(name)} ", "bold $accent")
        return Content.assemble(heading, guess, (f"\n{listed}" if listed else "", "$quiet"))

    def _named(self, name: str) -> Content:
        view = self._labels.named(name)
        return Content.styled(f"{view.glyph} {one_line(view.name)}", view.style)


def _heading(name: str) -> Content:
    return Content.styled(one_line(name).upper(), "bold $accent")
