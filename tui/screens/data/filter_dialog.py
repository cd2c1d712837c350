"""Which rows of a table are shown: one value for each column that has few."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.data.columns import PRESENCE, column_of
from tui.screens.dialogs.choice import Choice
from tui.screens.dialogs.frame import Dialog
from tui.screens.dialogs.live_count import LiveCount
from tui.services.inert import one_line
from tui.services.results.browsing import Condition, TableName

ANY, WITHOUT, WITH, SOME = "any", "without", "with", "with some"
FLAGS: Final = ("flags", "question_flags", "answer_flags")
LONGEST: Final = 40  # characters of a value

Conditions = tuple[Condition, ...]
Options = Sequence[tuple[str, Condition | None]]


class NarrowDialog(Dialog[Conditions]):
    """A line for each column to filter by. Gives back all conditions, or None.

    `count` says how many rows fulfil them.
    """

    SCOPE = "filter"
    LINES = "choice"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("filter")]

    def __init__(
        self,
        table: TableName,
        values: Mapping[str, Sequence[str | None]],
        chosen: Conditions,
        keymap: Keymap,
        *,
        count: Callable[[Conditions], Awaitable[str]],
    ) -> None:
        super().__init__("Show only these rows", keymap)
        self._chosen = chosen
        self._count = count
        self._found = LiveCount()
        self._lines = [
            *(_line(table, name, _values(name, found), chosen) for name, found in values.items()),
            *(_line(table, name, _presence(table, name), chosen) for name in PRESENCE[table]),
        ]

    def compose(self) -> ComposeResult:
        """Lay out one line per column, over the number of rows."""
        choices = (choice for choice, _ in self._lines)
        yield self.boxed(VerticalScroll(*choices, can_focus=False), self._found)

    def on_mount(self) -> None:
        """Say how many rows there are now."""
        self._say_how_many()

    def on_choice_changed(self) -> None:
        """Say how many rows there would be."""
        self._say_how_many()

    def _say_how_many(self) -> None:
        self._found.find_out(partial(self._count, self.conditions))

    @property
    def conditions(self) -> Conditions:
        """What the lines say, after the conditions that none of them has."""
        offered = {item for _, options in self._lines for _, item in options}
        kept = (item for item in self._chosen if item not in offered)
        found = (options[choice.index][1] for choice, options in self._lines)
        return (*kept, *(item for item in found if item is not None))

    def action_move(self, by: int) -> None:
        """Go to another line."""
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_apply(self) -> None:
        """Give back the conditions."""
        self.dismiss(self.conditions)

    def action_clear(self) -> None:
        """Leave everything in, also what other conditions left out."""
        self._chosen = ()
        for choice, _ in self._lines:
            choice.reset()
        self._say_how_many()


def _line(
    table: TableName, name: str, options: Options, chosen: Conditions
) -> tuple[Choice, Options]:
    place = next((number for number, (_, item) in enumerate(options) if item in chosen), 0)
    title = column_of(table, name).title
    return Choice(title, [text for text, _ in options], options[place][0]), options


def _values(name: str, values: Sequence[str | None]) -> Options:
    shown = ((one_line(value, LONGEST) if value else WITHOUT, value) for value in values)
    options: list[tuple[str, Condition | None]] = [(ANY, None)]
    options += ((text, Condition(name, value)) for text, value in shown)
    if name in FLAGS:
        options += [
            (SOME, Condition(name, "", is_left_out=True)), (WITHOUT, Condition(name, ""))
        ]  # fmt: skip
    return options


def _presence(table: TableName, name: str) -> Options:
    value = 0 if column_of(table, name).look == "number" else None
    return [
        (ANY, None),
        (WITH, Condition(name, value, is_left_out=True)),
        (WITHOUT, Condition(name, value)),
    ]
