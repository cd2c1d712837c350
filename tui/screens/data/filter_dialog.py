"""Which rows of a table are shown: one value for each column that has few."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.data.columns import PRESENCE, column_of
from tui.screens.data.rows import describe
from tui.screens.data.views import Facet
from tui.screens.dialogs.choice import Choice
from tui.screens.dialogs.frame import Dialog
from tui.services.inert import one_line
from tui.services.results.browsing import Condition, TableName

ANY, WITHOUT, WITH = "any", "without", "with"
LONGEST = 40  # characters of a value


class NarrowDialog(Dialog[tuple[Condition, ...]]):
    """A line for each column to filter by. Gives back all conditions, or None."""

    SCOPE = "filter"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("filter")]

    def __init__(
        self,
        table: TableName,
        facets: Sequence[Facet],
        chosen: Sequence[Condition],
        keymap: Keymap,
    ) -> None:
        super().__init__("Show only these rows", keymap)
        self._chosen = tuple(chosen)
        self._lines = [
            *(_facet_line(table, facet, chosen) for facet in facets),
            *(_presence_line(table, name, chosen) for name in PRESENCE[table]),
        ]

    def compose(self) -> ComposeResult:
        """Lay out one line per column."""
        yield self.boxed(VerticalScroll(*(line.choice for line in self._lines), can_focus=False))

    def action_move(self, by: int) -> None:
        """Go to another line."""
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_apply(self) -> None:
        """Give back what the lines say, and the conditions that none of them has."""
        offered = {item for line in self._lines for item in line.conditions}
        kept = (item for item in self._chosen if item not in offered)
        found = (line.conditions[line.choice.index] for line in self._lines)
        self.dismiss((*kept, *(item for item in found if item is not None)))

    def action_clear(self) -> None:
        """Give back no condition."""
        self.dismiss(())


class _Line:
    """A line of the dialog, with the condition of each of its values."""

    def __init__(
        self,
        title: str,
        options: Sequence[tuple[str, Condition | None]],
        chosen: Sequence[Condition],
    ) -> None:
        self.conditions = tuple(condition for _, condition in options)
        place = next((number for number, (_, item) in enumerate(options) if item in chosen), 0)
        self.choice = Choice(title, [text for text, _ in options], options[place][0])


def _facet_line(table: TableName, facet: Facet, chosen: Sequence[Condition]) -> _Line:
    options: list[tuple[str, Condition | None]] = [(ANY, None)]
    for value, count in facet.counts:
        text = one_line(describe(value), LONGEST) or WITHOUT
        options.append((f"{text} ({count:,})", Condition(facet.column, value)))
    return _Line(column_of(table, facet.column).title, options, chosen)


def _presence_line(table: TableName, name: str, chosen: Sequence[Condition]) -> _Line:
    column = column_of(table, name)
    value = 0 if column.look == "number" else None
    options = [
        (ANY, None),
        (WITH, Condition(name, value, is_left_out=True)),
        (WITHOUT, Condition(name, value)),
    ]
    return _Line(column.title, options, chosen)
