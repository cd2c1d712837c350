"""Which clusters are shown."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.choice import Choice
from tui.screens.dialogs.frame import Dialog
from tui.screens.dialogs.live_count import LiveCount
from tui.screens.label.filters import BLIND_MARKS, MARKS, STANDINGS, Filter, Marked, Standing

ANY = "any"
PLACES = ("representatives", "all members")
DECIDERS = ("anyone", "not by me")


@dataclass(frozen=True, slots=True)
class Options:
    """What there is to filter by: labels that are given or predicted, datasets, and purposes.

    `selected` is what rows of production were selected for; empty where none were.
    """

    labels: Sequence[str]
    predicted: Sequence[str]
    datasets: Sequence[str]
    selected: Sequence[str] = ()


class FilterDialog(Dialog[Filter]):
    """A text, and a line for each other thing to filter by. Gives back the filter, or None.

    `count` says what a filter would leave in, `guessed` how labels came before any decision.
    """

    SCOPE = "filter"
    LINES = "choice"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("filter")]

    def __init__(
        self,
        chosen: Filter,
        options: Options,
        keymap: Keymap,
        *,
        count: Callable[[Filter], Awaitable[str]],
        is_blind: bool,
        guessed: str,
    ) -> None:
        super().__init__("Show only these clusters", keymap)
        self._count = count
        self._is_blind = is_blind
        self._text = Input(chosen.text, placeholder="words, or /a regular expression/")
        self._place = Choice("text is in", PLACES, PLACES[chosen.in_members])
        self._standing = Choice("decision", STANDINGS, chosen.standing)
        self._label = Choice("labelled as", (ANY, *options.labels), chosen.label or ANY)
        self._predicted = Choice(
            f"{guessed} as", (ANY, *options.predicted), chosen.predicted or ANY
        )
        self._dataset = Choice("dataset", (ANY, *options.datasets), chosen.dataset or ANY)
        self._selected = Choice("selected for", (ANY, *options.selected), chosen.selected or ANY)
        self._has_selected = bool(options.selected)
        self._marked = Choice("marks", BLIND_MARKS if is_blind else MARKS, chosen.marked)
        self._decider = Choice("decided by", DECIDERS, DECIDERS[chosen.not_by_me])
        self._left = LiveCount()

    @property
    def _choices(self) -> list[Choice]:
        hidden = (
            (self._label, self._predicted, self._dataset, self._selected) if self._is_blind else ()
        )
        lines = (
            self._place, self._standing, self._label, self._predicted, self._dataset,
            *([self._selected] if self._has_selected else []), self._marked, self._decider,
        )  # fmt: skip
        return [line for line in lines if line not in hidden]

    def compose(self) -> ComposeResult:
        """Lay out one line per criterion; what blind mode hides cannot be filtered by."""
        yield self.boxed(self._text, *self._choices, self._left)

    def on_mount(self) -> None:
        """Take what is typed from the first key on."""
        self._text.focus()
        self._find_out()

    def on_input_changed(self) -> None:
        """Count what is left in by now."""
        self._find_out()

    def on_choice_changed(self) -> None:
        """Count what is left in by now."""
        self._find_out()

    def _find_out(self) -> None:
        self._left.find_out(partial(self._count, self._chosen()))

    def _chosen(self) -> Filter:
        return Filter(
            standing=cast(Standing, self._standing.value),
            label=_unless_any(self._label),
            predicted=_unless_any(self._predicted),
            dataset=_unless_any(self._dataset),
            selected=_unless_any(self._selected),
            marked=cast(Marked, self._marked.value),
            not_by_me=self._decider.value == DECIDERS[1],
            text=self._text.value.strip(),
            in_members=self._place.value == PLACES[1],
        )

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
        self.dismiss(self._chosen())

    def action_clear(self) -> None:
        """Leave everything in; stay here."""
        self._text.value = ""
        for choice in self._choices:
            choice.reset()


def _unless_any(choice: Choice) -> str | None:
    return choice.value if choice.index else None
