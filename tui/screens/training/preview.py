"""What a recipe would train on: rows by kind, and those too near to a benchmark."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.training.messages import RecipePreviewed
from tui.screens.training.tables import (
    COUNT_COLUMNS,
    LEAK_COLUMNS,
    LEAKS_SHOWN,
    count_row,
    leak_row,
)
from tui.screens.training.views import RecipePreview
from tui.screens.training.wording import describe_preview
from tui.services.inert import one_line
from tui.widgets.table import Table

if TYPE_CHECKING:
    from tui.screens.training.desk import TrainingDesk
    from tui.services.results.training_preview import LeakingRow


class PreviewView(Vertical):
    """Counts over the rows that leak; read again whenever a recipe is opened."""

    def __init__(self, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(id="preview")
        self._asking = Asking(self, calls)
        self._keymap = keymap
        self._labels = labels
        self._recipe = ""
        self.preview: RecipePreview | None = None  # None while its rows are selected
        self._counts = Table(COUNT_COLUMNS)
        self._leaks = Table(LEAK_COLUMNS, id="leaks")
        self._legend = Static(classes="legend", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the counts over the leaks, and what was left out."""
        yield self._counts
        yield self._leaks
        yield self._legend

    def open(self, desk: "TrainingDesk", recipe: str) -> None:
        """Select the rows of a recipe, which takes a while among many."""
        self._recipe, self.preview = recipe, None
        self._show()
        self._asking.read("preview", lambda: RecipePreviewed(desk.preview(recipe)))

    def on_recipe_previewed(self, message: RecipePreviewed) -> None:
        """Show the rows, unless another recipe was opened since."""
        message.stop()
        if message.preview.recipe == self._recipe:
            self.preview = message.preview
            self._show()

    def move(self, by: int) -> None:
        """Scroll the counts."""
        self._counts.scroll_rows(by)

    def _show(self) -> None:
        name, found = one_line(self._recipe), self.preview
        draft = found.draft if found else None
        counts = draft.preview.rows if draft else ()
        self._counts.set_title(f"What {name} would train on" if found else f"{name}: selecting …")
        self._counts.show(COUNT_COLUMNS, [count_row(row, self._labels) for row in counts])
        self._show_leaks(draft.preview.leaks if draft else ())
        text = "Rows are selected and compared with the benchmarks."
        if found is not None:
            text = f"! {one_line(found.refusal)}"
        if draft is not None:
            text = describe_preview(draft, self._keymap.shown("training.start"))
        self._legend.update(Content(text))

    def _show_leaks(self, leaks: "tuple[LeakingRow, ...]") -> None:
        first = leaks[:LEAKS_SHOWN]
        self._leaks.display = bool(leaks)
        shown = f"the first {len(first)} of " if len(leaks) > 1 else ""
        self._leaks.set_title(f"Too near to a benchmark, left out: {shown}{len(leaks):,}")
        self._leaks.show(LEAK_COLUMNS, [leak_row(leak) for leak in first])
