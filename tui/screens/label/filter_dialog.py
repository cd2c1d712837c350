"""Which clusters are shown."""

from collections.abc import Sequence
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.frame import Dialog
from tui.screens.label.choice import Choice
from tui.screens.label.filters import STANDINGS, Filter, Standing

ANY = "any"
PLACES = ("representatives", "all members")


class FilterDialog(Dialog[Filter]):
    """A line for each thing to filter by. Gives back the filter, or None."""

    SCOPE = "filter"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("filter")]

    def __init__(
        self,
        chosen: Filter,
        labels: Sequence[str],
        datasets: Sequence[str],
        keymap: Keymap,
        *,
        is_blind: bool,
    ) -> None:
        super().__init__("Show only these clusters", keymap)
        self._is_blind = is_blind
        self._standing = Choice("decision", STANDINGS, chosen.standing)
        self._predicted = Choice("predicted", (ANY, *labels), chosen.predicted or ANY)
        self._dataset = Choice("dataset", (ANY, *datasets), chosen.dataset or ANY)
        self._place = Choice("text is in", PLACES, PLACES[chosen.in_members])
        self._text = Input(chosen.text, placeholder="words, or /a regular expression/")

    def compose(self) -> ComposeResult:
        """Lay out one line per criterion; what blind mode hides cannot be filtered by."""
        hidden = (self._predicted, self._dataset) if self._is_blind else ()
        lines = (self._standing, self._predicted, self._dataset, self._place, self._text)
        yield self.boxed(*(line for line in lines if line not in hidden))

    def action_move(self, by: int) -> None:
        """Go to another line."""
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def on_input_submitted(self) -> None:
        """Take the filter from within the field too."""
        self.action_apply()

    def action_apply(self) -> None:
        """Give the filter back."""
        self.dismiss(
            Filter(
                standing=cast(Standing, self._standing.value),
                predicted=_unless_any(self._predicted.value),
                dataset=_unless_any(self._dataset.value),
                text=self._text.value.strip(),
                in_members=self._place.value == PLACES[1],
            )
        )

    def action_clear(self) -> None:
        """Give back a filter that leaves everything in."""
        self.dismiss(Filter())


def _unless_any(value: str) -> str | None:
    return None if value == ANY else value
