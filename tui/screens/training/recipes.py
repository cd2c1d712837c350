"""The recipes of the workspace, in a table."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.keys.keymap import Keymap
from tui.screens.training.tables import RECIPE_COLUMNS, recipe_row
from tui.screens.training.views import RecipeView
from tui.services.inert import one_line
from tui.widgets.table import Table

if TYPE_CHECKING:
    from tui.screens.training.desk import TrainingDesk


class RecipesView(Vertical):
    """One row per recipe, and what the chosen one trains on."""

    def __init__(self, calls: Calls, keymap: Keymap) -> None:
        super().__init__(id="recipes")
        self._asking = Asking(self, calls)
        self._keymap = keymap
        self._recipes: tuple[RecipeView, ...] = ()
        self._place = 0
        self._table = Table(RECIPE_COLUMNS)
        self._table.set_title("Recipes")
        self._legend = Static(classes="legend", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the table over the description of the chosen one."""
        yield self._table
        yield self._legend

    @property
    def recipe(self) -> RecipeView | None:
        """The chosen recipe."""
        return self._recipes[self._place] if self._recipes else None

    async def read(self, desk: "TrainingDesk") -> None:
        """Read which recipes there are; key presses wait, so that one may be opened at once."""
        self._recipes = await self._asking.write(desk.recipes) or ()
        self.move(0)

    def move(self, by: int) -> None:
        """Choose another recipe; at either end there is no further one."""
        self._place = min(max(self._place + by, 0), max(len(self._recipes) - 1, 0))
        recipe = self.recipe
        rows = [recipe_row(item) for item in self._recipes]
        self._table.show(RECIPE_COLUMNS, rows, self._place if rows else None)
        description = one_line(recipe.description) if recipe else ""
        key = self._keymap.shown("training.open")
        self._legend.update(Content(f"{description} {key} shows its rows.".strip()))
