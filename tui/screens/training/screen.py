"""Detectors and their learning curves, while they are trained and after; recipes, tried out."""

from functools import partial
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.content import Content

from store.counting import counted
from tui.keys.bindings import bindings
from tui.screens.dialogs.confirm import Confirm
from tui.screens.training.base import TrainingBase, View
from tui.screens.training.views import PreviewView
from tui.services.inert import one_line

MOST_MARKS: Final = 4
COMES_BACK_TO: Final[dict[View, View]] = {"preview": "recipes"}


class TrainingScreen(TrainingBase):
    """What the keys of the training screen do."""

    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("training")]

    async def action_next_view(self) -> None:
        """Show what comes next: curves where they are not seen yet, recipes, detectors again."""
        view = self.look.view
        if view in ("recipes", "preview"):
            self.change(view="detectors")
        elif view == "detectors" and self.is_narrow and self.view.rows:
            self.change(view="curves")
        elif self.desk is not None:
            await self.read_recipes(self.desk)
            self.change(view="recipes")

    def action_move(self, by: int) -> None:
        """Choose another detector or recipe; scroll the rows of a recipe."""
        if self.look.view == "preview":
            self._table.scroll_rows(by)
        elif self.look.view == "recipes":
            place = min(max(self.look.recipe + by, 0), max(len(self.recipes) - 1, 0))
            self.change(recipe=place)
        elif self.row is not None:
            place = self.view.rows.index(self.row) + by
            rows = self.view.rows
            self.change(chosen=rows[min(max(place, 0), len(rows) - 1)].detector_id)

    def action_mark(self) -> None:
        """Keep the chosen curve on the chart when another is chosen, or no longer."""
        chosen, marks = self.look.chosen, self.look.marks
        if self.row is None or self.look.view in ("recipes", "preview"):
            return
        if chosen in marks:
            self.change(marks=tuple(name for name in marks if name != chosen))
        elif len(marks) < MOST_MARKS:
            self.change(marks=(*marks, chosen))
        else:
            key = self.keymap.shown("training.mark")
            self.say(
                f"{MOST_MARKS} curves are marked; {key} on one of them takes its mark away.",
                is_warning=True,
            )

    def action_next_quantity(self) -> None:
        """Draw the learning rate, or the loss again."""
        is_loss = self.look.quantity == "loss"
        self.change(quantity="learning rate" if is_loss else "loss")

    def action_open(self) -> None:
        """Show the chosen detector's curve alone, or the rows of the chosen recipe."""
        if self.look.view == "detectors" and self.row is not None:
            self.change(view="curves")
        elif self.look.view == "recipes" and self.recipe is not None:
            self.preview = None
            self.say("")
            self.read_preview(self.recipe.name)
            self.change(view="preview")

    def action_back(self) -> None:
        """Go back to where this view was opened from."""
        self.change(view=COMES_BACK_TO.get(self.look.view, "detectors"))

    def action_start(self) -> None:
        """Ask whether to train on the rows that are shown."""
        preview = self.preview
        if self.look.view != "preview" or preview is None:
            key = self.keymap.shown("training.open")
            self.say(f"{key} on a recipe shows its rows; then it can be trained.", is_warning=True)
        elif preview.refusal:
            self.say("There is nothing to train; below the table it says why.", is_warning=True)
        else:
            text = Content(
                f"{counted(preview.rows, 'row')}. The job goes on if you quit.{self._wait()}"
            )
            title = f"Train by the recipe {one_line(preview.recipe)}?"
            start = partial(self._start, preview)
            self.app.push_screen(Confirm(title, text, self.keymap), start)

    def _wait(self) -> str:
        running = self.snapshot.running if self.snapshot else ()
        if not running:
            return ""
        return f" It waits for job {running[0].job_id} where both use the same device."

    async def _start(self, preview: PreviewView, is_agreed: bool | None) -> None:
        desk = self.desk
        if not is_agreed or desk is None:
            self.say("Nothing was started.")
            return
        job_id = await self.write(lambda: desk.start(preview))
        if job_id is not None:
            self.change(view="detectors")
            self.say(f"Started job {job_id}.")
