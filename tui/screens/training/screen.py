"""Detectors and their learning curves, while they are trained and after; recipes, tried out."""

from collections.abc import Collection, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from store.counting import counted
from tui.frame.calls import Calls
from tui.frame.snapshot import Labels, Snapshot
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.confirm import Confirm
from tui.screens.training.detectors import DetectorsView
from tui.screens.training.preview import PreviewView
from tui.screens.training.recipes import RecipesView
from tui.screens.training.views import VIEWS, VIEWS_OF_WIDE, Trainings, View
from tui.screens.work_screen import WorkScreen
from tui.services.inert import one_line
from tui.widgets.empty_state import EmptyState
from tui.widgets.view_tabs import ViewChosen, ViewTabs

if TYPE_CHECKING:
    from tui.screens.training.desk import TrainingDesk
    from tui.services.jobs.training_draft import TrainingDraft

COMES_BACK_TO: Final[dict[View, View]] = {"preview": "recipes"}


class TrainingScreen(WorkScreen):
    """Detectors with their curves, the recipes, or what one of them would train on."""

    SCOPE = "training"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("training")]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self._view: View = "detectors"
        key = keymap.shown("training.view")
        self._empty = EmptyState(
            "Detectors will appear here with their learning curves, once one is trained. "
            f"{key} lists the recipes to train with.",
            keymap,
            self.SCOPE,
        )
        self._tabs = ViewTabs(VIEWS, self._view)
        self._detectors = DetectorsView(calls, keymap)
        self._recipes = RecipesView(calls, keymap)
        self._preview = PreviewView(calls, keymap, labels)
        self._views = ContentSwitcher(
            self._detectors, self._recipes, self._preview, initial="detectors"
        )

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the names of the views, and these, of which one is shown."""
        return (self._tabs, self._empty, self._views)

    def on_mount(self) -> None:
        """Say that nothing is there yet."""
        self._show()

    def on_resize(self) -> None:
        """Show as much as there is room for."""
        self._show()

    @property
    def _desk(self) -> "TrainingDesk | None":
        return self.desks.training if self.desks is not None else None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Let the trainings be read again."""
        self._empty.snapshot = snapshot
        if self._desk is not None:
            self._detectors.trainings = Trainings(self._desk, snapshot.jobs)

    def on_trainings_read(self) -> None:
        """Show the detectors if there are any."""
        self._show()

    def _choose(self, view: View) -> None:
        self._view = view
        self._show()

    def _show(self) -> None:
        view = self._view
        has_curves_apart = self.is_narrow and bool(self._detectors.rows)
        self._tabs.views = VIEWS if has_curves_apart else VIEWS_OF_WIDE
        tab = COMES_BACK_TO.get(view, view)
        self._tabs.current = "detectors" if tab == "curves" and not has_curves_apart else tab
        is_empty = not self._detectors.rows and view in ("detectors", "curves")
        self.show_empty(is_empty)
        self._empty.display = is_empty
        self._views.display = not is_empty
        self._views.current = "detectors" if view == "curves" else view
        self._detectors.is_wide = not self.is_narrow
        self._detectors.is_chart_alone = view == "curves"

    async def on_view_chosen(self, message: ViewChosen) -> None:
        """Show the view whose name was clicked."""
        await self._go_to(cast(View, message.view))

    async def action_view(self, by: int) -> None:
        """Show a view beside this one, around the ends."""
        await self._go_to(cast(View, self._tabs.beside(by)))

    async def _go_to(self, view: View) -> None:
        if view == "recipes" and self._desk is not None:
            await self._recipes.read(self._desk)
        if view != "recipes" or self._desk is not None:
            self._choose(view)

    def keys_without_effect(self) -> Collection[str]:
        """What is for curves elsewhere, and training before the rows of a recipe are shown."""
        if self._view in ("detectors", "curves"):
            return ("start", "open") if self._view == "curves" else ("start",)
        return ("mark", "quantity", "start") if self._view == "recipes" else (
            "mark", "quantity", "open"
        )  # fmt: skip

    def action_move(self, by: int) -> None:
        """Choose another detector or recipe; scroll the rows of a recipe."""
        if self._view == "preview":
            self._preview.move(by)
        elif self._view == "recipes":
            self._recipes.move(by)
        else:
            self._detectors.move(by)

    def action_mark(self) -> None:
        """Keep the chosen curve on the chart when another is chosen, or no longer."""
        if self._view in ("detectors", "curves"):
            self._detectors.mark()

    def action_next_quantity(self) -> None:
        """Draw the learning rate, or the loss again."""
        self._detectors.next_quantity()

    def action_next_smoothing(self) -> None:
        """Smooth the loss more, or not at all."""
        self._detectors.next_smoothing()

    def action_next_seeds(self) -> None:
        """Draw the other seeds of a training, each or all as one, or no longer."""
        if self._view in ("detectors", "curves"):
            self._detectors.next_seeds()

    def action_open(self) -> None:
        """Show the chosen detector's curve alone, or the rows of the chosen recipe."""
        recipe, desk = self._recipes.recipe, self._desk
        if self._view == "detectors" and self._detectors.rows:
            self._choose("curves")
        elif self._view == "recipes" and recipe is not None and desk is not None:
            self.say("")
            self._preview.open(desk, recipe.name)
            self._choose("preview")

    def action_back(self) -> None:
        """Go back to where this view was opened from."""
        self._choose(COMES_BACK_TO.get(self._view, "detectors"))

    def action_start(self) -> None:
        """Ask whether to train on the rows that are shown."""
        found = self._preview.preview
        if self._view != "preview" or found is None:
            key = self.keymap.shown("training.open")
            self.say(f"{key} on a recipe shows its rows; then it can be trained.", is_warning=True)
        elif found.draft is None:
            self.say("There is nothing to train; below the table it says why.", is_warning=True)
        else:
            rows = counted(found.draft.preview.n, "row")
            text = Content(f"{rows}. The job goes on if you quit.{self._describe_wait()}")
            title = f"Train with the recipe {one_line(found.recipe)}?"
            start = partial(self._start, found.draft)
            self.app.push_screen(Confirm(title, text, self.keymap), start)

    def _describe_wait(self) -> str:
        running = self.snapshot.running if self.snapshot else ()
        if not running:
            return ""
        return f" It waits for job {running[0].job_id} where both use the same device."

    async def _start(self, draft: "TrainingDraft", is_agreed: bool | None) -> None:
        desk = self._desk
        if not is_agreed or desk is None:
            self.say("Nothing was started.")
            return
        job_id = await self.write(lambda: desk.start(draft))
        if job_id is not None:
            self._choose("detectors")
            self.say(f"Started job {job_id}.")
