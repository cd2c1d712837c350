"""The training screen without its actions: what it reads, and how it shows that."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.frame.calls import Calls
from tui.frame.messages import RecipePreviewed, TrainingsRead
from tui.frame.snapshot import Labels, Snapshot
from tui.keys.keymap import Keymap
from tui.screens.training.tables import (
    COUNT_COLUMNS,
    LEAK_COLUMNS,
    RECIPE_COLUMNS,
    count_row,
    leak_row,
    recipe_row,
    training_columns,
    training_row,
)
from tui.screens.training.views import PreviewView, RecipeView, TrainingRow, TrainingView
from tui.screens.training.wording import NO_CURVE, describe_preview, describe_training, how_to_read
from tui.screens.work_screen import WorkScreen
from tui.services.inert import one_line
from tui.widgets.empty_state import EmptyState
from tui.widgets.table import Table

if TYPE_CHECKING:
    from tui.screens.training.chart import CurveChart, DrawnCurve, Quantity
    from tui.screens.training.desk import TrainingDesk

View = Literal["detectors", "curves", "recipes", "preview"]

UNMARKED: Final = "•"  # the sign of the chosen curve where it is not marked
TITLES: Final = {"loss": "Training loss", "learning rate": "Learning rate"}


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at; detectors by their ids, `marks` in the order in which they were set."""

    view: View = "detectors"
    chosen: str = ""
    marks: tuple[str, ...] = ()
    quantity: "Quantity" = "loss"
    recipe: int = 0  # its place in the list

    @property
    def drawn(self) -> tuple[str, ...]:
        """Whose curves are drawn, the chosen one first."""
        return tuple(dict.fromkeys((self.chosen, *self.marks)))

    def sign(self, detector_id: str) -> str:
        """Return what marks a curve in the table and on the chart; a blank for all others."""
        if detector_id in self.marks:
            return f"{self.marks.index(detector_id) + 1}"
        return UNMARKED if detector_id == self.chosen else " "


class TrainingBase(WorkScreen):
    """Detectors over their curves, or recipes; one of them at a time where it is narrow."""

    SCOPE = "training"

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self.labels = labels
        self.look = Look()
        self.view = TrainingView()
        self.recipes: tuple[RecipeView, ...] = ()
        self.preview: PreviewView | None = None  # None while its rows are selected
        self._drawn: tuple[tuple[DrawnCurve, ...], Quantity] | None = None  # on the chart now
        self._trainings = Table((), id="trainings")
        self._chart: CurveChart
        self._frame = Vertical(id="curves")
        self._table = Table((), id="table")
        self._leaks = Table(LEAK_COLUMNS, id="leaks")
        self._legend = Static(id="legend", markup=False)
        key = keymap.shown("training.view")
        self._empty = EmptyState(
            "Detectors will stand here with their learning curves, once one is trained. "
            f"{key} lists the recipes to train one by.",
            keymap,
        )

    def compose_body(self) -> Iterable[Widget]:
        """Lay the detectors over their curves, and how to read them."""
        from tui.screens.training.chart import CurveChart  # here, for it takes 0.3 s to import

        self._chart = CurveChart()
        yield self._empty
        yield self._trainings
        yield self._frame
        yield self._table
        yield self._leaks
        yield self._legend

    async def on_mount(self) -> None:
        """Put the chart into its frame."""
        await self._frame.mount(self._chart)
        self.show_look()

    @property
    def desk(self) -> "TrainingDesk | None":
        """What is asked for trainings, once the session is there."""
        return self.session.training if self.session is not None else None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the trainings again: one that runs is further now."""
        self._empty.snapshot = snapshot
        self.read_trainings()

    def read_trainings(self) -> None:
        """Read all trainings, and the curves that are drawn."""
        desk, snapshot, names = self.desk, self.snapshot, self.look.drawn
        if desk is not None and snapshot is not None:
            jobs = snapshot.jobs
            self.read("trainings", lambda: TrainingsRead(desk.view(jobs, names)))

    def on_trainings_read(self, message: TrainingsRead) -> None:
        """Show the trainings that came; stay at the chosen one."""
        self.view = message.view
        names = [row.detector_id for row in self.view.rows]
        chosen = self.look.chosen if self.look.chosen in names else "".join(names[:1])
        marks = tuple(name for name in self.look.marks if name in names)
        self.change(chosen=chosen, marks=marks)

    async def read_recipes(self, desk: "TrainingDesk") -> None:
        """Read which recipes there are; key presses wait, so that one may open a recipe at once."""
        self.recipes = await self.write(desk.recipes) or ()
        place = min(self.look.recipe, max(len(self.recipes) - 1, 0))
        self.look = replace(self.look, recipe=place)

    def read_preview(self, name: str) -> None:
        """Select the rows of a recipe, which takes a while among many."""
        desk = self.desk
        if desk is not None:
            self.read("preview", lambda: RecipePreviewed(desk.preview(name)))

    def on_recipe_previewed(self, message: RecipePreviewed) -> None:
        """Show what a recipe would train on, unless another is chosen by now."""
        recipe = self.recipe
        if recipe is not None and recipe.name == message.view.recipe:
            self.preview = message.view
            self.show_look()

    @property
    def row(self) -> TrainingRow | None:
        """The chosen detector or training."""
        found = (row for row in self.view.rows if row.detector_id == self.look.chosen)
        return next(found, None)

    @property
    def recipe(self) -> RecipeView | None:
        """The chosen recipe."""
        return self.recipes[self.look.recipe] if self.recipes else None

    def on_resize(self) -> None:
        """Show as much as there is room for."""
        self.show_look()

    def change(self, **changes: object) -> None:
        """Look at something else, and read the curves that takes."""
        before, self.look = self.look, replace(self.look, **changes)  # type: ignore[arg-type]
        if self.look.drawn != before.drawn:
            self.read_trainings()
        self.show_look()

    def show_look(self) -> None:
        """Show what is looked at, as far as it was read."""
        row, view, wide = self.row, self.look.view, not self.is_narrow
        is_about_recipes = view in ("recipes", "preview")
        is_empty = row is None and not is_about_recipes
        self.show_empty(is_empty)
        self._empty.display = is_empty
        is_list = view == "detectors" and not is_empty
        self._trainings.display = is_list
        self._frame.display = not is_empty and (view == "curves" or (is_list and wide))
        self._table.display = is_about_recipes
        self._leaks.display = False
        self._legend.display = not is_empty
        if view == "recipes":
            self._show_recipes()
        elif view == "preview":
            self._show_preview()
        elif row is not None:
            self._show_trainings(wide)
            self._show_curves(row)

    def _show_trainings(self, wide: bool) -> None:
        look, rows = self.look, self.view.rows
        self._trainings.set_title("Detectors and trainings")
        self._trainings.show(
            training_columns(wide),
            [training_row(row, look.sign(row.detector_id), wide) for row in rows],
            [row.detector_id for row in rows].index(look.chosen),
        )

    def _show_curves(self, row: TrainingRow) -> None:
        from tui.screens.training.chart import DrawnCurve

        look, names = self.look, {item.detector_id: item.name for item in self.view.rows}
        drawn = tuple(
            DrawnCurve(look.sign(name), one_line(names[name]), curve)
            for name in look.drawn
            if (curve := self.view.curves.get(name)) and curve.steps
        )
        if self._drawn != (drawn, look.quantity):
            self._drawn = drawn, look.quantity
            self._chart.show(drawn, look.quantity)
        self._chart.display = bool(drawn)
        title = TITLES[look.quantity]
        self._frame.border_title = Content(title if drawn else f"{title}: {NO_CURVE}")
        lines = [describe_training(row, self.view.curves.get(look.chosen))]
        if self._frame.display:
            lines.append(how_to_read(drawn, look.quantity))
        self._legend.update(Content(" ".join(lines)))

    def _show_recipes(self) -> None:
        self._table.set_title("Recipes")
        chosen = self.look.recipe if self.recipes else None
        self._table.show(RECIPE_COLUMNS, [recipe_row(item) for item in self.recipes], chosen)
        description = one_line(self.recipe.description) if self.recipe else ""
        key = self.keymap.shown("training.open")
        self._legend.update(Content(f"{description} {key} shows its rows.".strip()))

    def _show_preview(self) -> None:
        name, found = one_line(self.recipe.name) if self.recipe else "", self.preview
        counts = [count_row(row, self.labels) for row in found.counts] if found else []
        self._table.set_title(f"What {name} would train on" if found else f"{name}: selecting …")
        self._table.show(COUNT_COLUMNS, counts)
        if found is None:
            self._legend.update(Content("Rows are selected and compared with the benchmarks."))
            return
        key = self.keymap.shown("training.start")
        text = f"! {one_line(found.refusal)}" if found.refusal else describe_preview(found, key)
        self._legend.update(Content(text))
        self._leaks.display = bool(found.first_leaks)
        shown = f"the first {len(found.first_leaks)} of " if found.leaks > 1 else ""
        self._leaks.set_title(f"Too near to a benchmark, left out: {shown}{found.leaks:,}")
        self._leaks.show(LEAK_COLUMNS, [leak_row(leak) for leak in found.first_leaks])
