"""How a file is to be imported: what its columns are for, under its first rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.types import CSSPathType
from textual.widgets import Input, Static

from tui.frame.snapshot import Labels
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.data.views import ImportForm
from tui.screens.dialogs.choice import Choice
from tui.screens.dialogs.frame import FRAME_STYLE, Dialog
from tui.services.inert import one_line
from tui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tui.services.files.import_preview import ImportPreview

NONE: Final = "none"
ROLES: Final = (
    "seed", "train", "seed, train", "benchmark", "production", "seed, production"
)  # fmt: skip
PAIR_ROLES: Final = ("train", "benchmark", "production")
NAMED, NUMBERED = "named by the first row", "numbered: the first row is data"
TURNS: Final = ("what the assistant said last", "what the user said last")
PRODUCTION: Final = "production"
TABLE, LOG = "a table", "a log: {}"
SAME: Final = "! The columns of {} and {} are the same: choose another for one of them."
EVERY: Final = "every row is {}"
LOW: Final = 30  # lines of a screen from which all first rows are shown
SHOWN: Final = 40  # characters of a column's name


class ImportDialog(Dialog[ImportForm]):
    """A line for each thing to choose, over the first rows. Gives back the form, or None."""

    SCOPE = "form"
    LINES = "choice"
    CSS_PATH: ClassVar[CSSPathType | None] = [FRAME_STYLE, "import_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("form")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "")]  # noqa: RUF012 (Textual's type)

    def __init__(self, preview: "ImportPreview", labels: Labels, keymap: Keymap) -> None:
        super().__init__(f"Import {one_line(preview.path.name, SHOWN)}", keymap)
        self._preview = preview
        self._labels = tuple(view.name for view in labels.views)
        self._words = labels.words
        self._dataset = Input(preview.dataset, placeholder="name of the dataset", compact=True)
        roles = PAIR_ROLES if self._words.is_pair else ROLES
        is_log = preview.log is not None and preview.log.is_clear
        self._roles = Choice("role", roles, PRODUCTION if is_log else roles[0])
        naming = NUMBERED if preview.looks_headless else NAMED
        self._naming = Choice("columns", (NAMED, NUMBERED), naming)
        # What a log says is known by its layout: whoever reads it as one names no columns.
        log = preview.log
        readings = (TABLE, LOG.format(log.title)) if log is not None else (TABLE,)
        self._reading = Choice("read as", readings, readings[-1 if is_log else 0])
        _, context, text = self._words.origins
        self._contexts = Choice(context, (), "")
        self._text = Choice(text if self._words.is_pair else "text", (), "")
        self._turn = Choice("of a chat", TURNS, TURNS[0])
        self._label = Choice("label", (), "")
        self._own_id = Choice("own id", (), "")
        self._group = Choice("group", (), "")
        self._remarks = Static(markup=False, id="remarks")
        self._rows = Table(())
        self._offer()

    @property
    def _shown(self) -> "ImportPreview":
        """The file as it is read, with names of columns or with numbers."""
        numbered = self._preview.numbered
        return numbered if numbered is not None and self._naming.index else self._preview

    def compose(self) -> ComposeResult:
        """Lay out the lines over the rows."""
        reading = [self._reading] if self._preview.log is not None else []
        naming = [self._naming] if self._preview.numbered is not None else []
        turn = [self._turn] if self._preview.chat_columns else []
        sides = [self._contexts, self._text] if self._words.is_pair else [self._text]
        columns = (*naming, *sides, *turn, self._label, self._own_id, self._group)
        self._of_tables = [item for item in columns if item is not self._turn]
        yield self.boxed(
            Static("dataset", classes="title"), self._dataset, self._roles, *reading,
            *columns,
            self._remarks, self._rows,
        )  # fmt: skip

    def on_mount(self) -> None:
        """Begin with the dataset's name; show the rows of the file."""
        self._dataset.focus()
        self.watch(self._naming, "index", self._read_otherwise, init=False)
        for choice in (self._roles, self._reading):
            self.watch(choice, "index", self._show_lines)
        self._show_rows()

    @property
    def _is_log(self) -> bool:
        """Whether the file is to be read as a log, as production alone is."""
        return self._roles.value == PRODUCTION and bool(self._reading.index)

    def _show_lines(self) -> None:
        """Show the lines that say something of the file as it is to be read."""
        self._reading.display = self._roles.value == PRODUCTION
        for choice in self._of_tables:
            choice.display = not self._is_log
        log = self._preview.log  # whose rows say by themselves whose turn is judged, but for chats
        self._turn.display = not (self._is_log and log is not None and log.is_clear)

    def _read_otherwise(self) -> None:
        """Offer the columns as they are called now."""
        self._offer()
        self._show_rows()

    def _offer(self) -> None:
        shown = self._shown
        names = [one_line(name, SHOWN) for name in shown.columns]
        context, text = self._guess_sides(shown)
        self._text.offer(names, _place(shown.columns, text))
        self._contexts.offer(names, _place(shown.columns, context))
        every = [EVERY.format(label) for label in self._labels]
        self._label.offer([NONE, *names, *every], 1 + _place(shown.columns, shown.label_column, -1))
        for choice in (self._own_id, self._group):
            choice.offer([NONE, *names], 0)

    def _guess_sides(self, shown: "ImportPreview") -> tuple[str, str]:
        """The columns of contexts and of texts, by their names; else those that are left."""
        if not self._words.is_pair:
            return "", shown.text_column
        _, context, text = self._words.origins
        first = _named(shown.columns, ("context", context)) or ""
        others = [name for name in shown.columns if name != first] or list(shown.columns)
        found = _named(others, ("text", text, "prompt"))
        chosen = found or (shown.text_column if shown.text_column in others else others[0])
        left = [name for name in shown.columns if name not in (chosen, shown.label_column)]
        return first or (left or [chosen])[0], chosen

    def _show_rows(self) -> None:
        shown = self._shown
        self._remarks.update(Content("\n".join(one_line(item) for item in shown.remarks)))
        columns = [Column(one_line(name, SHOWN), flexible=True) for name in shown.columns]
        whole = [row for row in shown.rows if len(row) == len(columns)]
        self._rows.set_title("First rows")
        self._rows.show(columns, whole)

    def action_move(self, by: int) -> None:
        """Go to another line."""
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def on_input_submitted(self) -> None:
        """Take the form from within the field too."""
        self.action_apply()

    def action_apply(self) -> None:
        """Give the form back; without a name there is none."""
        columns, dataset = self._shown.columns, self._dataset.value.strip()
        if not dataset:
            self._dataset.focus()
            return
        if self._is_log and self._preview.log is not None:
            is_user = bool(self._turn.display and self._turn.index and self._shown.chat_columns)
            turn: Literal["user"] | None = "user" if is_user else None
            self.dismiss(_log_form(dataset, self._preview.log.layout, turn))
            return
        label, text = self._label.index - 1, columns[self._text.index]
        context = columns[self._contexts.index] if self._words.is_pair else None
        if context == text:
            self._remarks.update(Content(SAME.format(*self._words.origins[1:])))
            self._contexts.focus()
            return
        is_user = bool(self._turn.index) and text in self._shown.chat_columns
        self.dismiss(
            ImportForm(
                dataset=dataset,
                roles=tuple(self._roles.value.split(", ")),
                text_column=text,
                context_column=context,
                label_column=columns[label] if 0 <= label < len(columns) else None,
                label_for_all=self._labels[label - len(columns)] if label >= len(columns) else None,
                id_column=columns[self._own_id.index - 1] if self._own_id.index else None,
                group_column=columns[self._group.index - 1] if self._group.index else None,
                turn="user" if is_user else None,
            )
        )


def _log_form(dataset: str, layout: str, turn: Literal["user"] | None) -> ImportForm:
    return ImportForm(
        dataset=dataset, roles=(PRODUCTION,), text_column="", context_column=None,
        label_column=None, label_for_all=None, id_column=None, group_column=None, turn=turn,
        layout=layout,
    )  # fmt: skip


def _place(columns: Sequence[str], name: str | None, default: int = 0) -> int:
    return columns.index(name) if name in columns else default


def _named(columns: Sequence[str], names: Sequence[str]) -> str | None:
    """The first column with one of these names, whatever its case and what joins its words."""
    wanted = [_plain(name) for name in names]
    found = (name for plain in wanted for name in columns if _plain(name) == plain)
    return next(found, None)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
