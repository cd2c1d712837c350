"""Detectors and trainings over their learning curves."""

from collections.abc import Sequence
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.messages import Said
from tui.keys.keymap import Keymap
from tui.screens.training.curves_view import CurvesView
from tui.screens.training.messages import TrainingsRead
from tui.screens.training.tables import training_columns, training_row
from tui.screens.training.views import (
    Drawing,
    DrawnCurve,
    Quantity,
    TrainingRow,
    Trainings,
    TrainingView,
)
from tui.screens.training.wording import describe_training, how_to_read
from tui.services.inert import one_line
from tui.widgets.table import Table

UNMARKED: Final = "•"  # the sign of the chosen curve where it is not marked
MOST_MARKS: Final = 4
SMOOTHINGS: Final = (0.9, 0.97, 0.99, 0.0)  # of a step's mean loss
SEED_SIGNS: Final = "abcdefgh"  # of other seeds than the chosen one's
SEED_MODES: Final = ("one", "each", "spread")


class DetectorsView(Vertical):
    """The table over the chart; the table alone where it is narrow, or the chart alone.

    The parent sets `trainings`, `is_wide` and `is_chart_alone`. Chosen and marked detectors are
    known by their ids, marks in the order in which they were set.
    """

    trainings: reactive[Trainings | None] = reactive(None, init=False, always_update=True)
    is_wide: reactive[bool] = reactive(False, init=False)
    is_chart_alone: reactive[bool] = reactive(False, init=False)

    def __init__(self, calls: Calls, keymap: Keymap) -> None:
        super().__init__(id="detectors")
        self._asking = Asking(self, calls)
        self._keymap = keymap
        self._view = TrainingView()
        self._chosen = ""
        self._marks: tuple[str, ...] = ()
        self._quantity: Quantity = "loss"
        self._smoothing = 0  # of SMOOTHINGS
        self._seeds = 0  # of SEED_MODES
        self._table = Table((), id="trainings")
        self._table.set_title("Detectors and trainings")
        self._curves = CurvesView(keymap)
        self._legend = Static(classes="legend", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the table over the chart, and how to read it."""
        yield self._table
        yield self._curves
        yield self._legend

    @property
    def rows(self) -> tuple[TrainingRow, ...]:
        """The detectors and trainings, as listed."""
        return self._view.rows

    @property
    def _curves_of(self) -> tuple[str, ...]:
        """Whose curves are drawn, the chosen one first."""
        return tuple(dict.fromkeys((self._chosen, *self._other_seeds(), *self._marks)))

    def _other_seeds(self) -> tuple[str, ...]:
        """The detectors that differ from the chosen one in their seed alone, if they are drawn."""
        own = next((row.seeds for row in self.rows if row.detector_id == self._chosen), "")
        if not own or SEED_MODES[self._seeds] == "one":
            return ()
        others = [row.detector_id for row in self.rows if row.seeds == own]
        return tuple(name for name in others if name != self._chosen)[: len(SEED_SIGNS)]

    def watch_trainings(self) -> None:
        """Read the trainings again: one that runs is further now."""
        self._read()

    def watch_is_wide(self) -> None:
        """Show as much as there is room for."""
        self._show()

    def watch_is_chart_alone(self) -> None:
        """Show or hide the table."""
        self._show()

    def _read(self) -> None:
        source, curves_of = self.trainings, self._curves_of
        if source is not None:
            self._asking.read(
                "trainings",
                lambda: TrainingsRead(curves_of, source.desk.view(source.jobs, curves_of)),
            )

    def on_trainings_read(self, message: TrainingsRead) -> None:
        """Show the trainings, staying at the chosen one; the screen gets the message too."""
        if message.curves_of != self._curves_of:
            return
        self._view = message.view
        names = [row.detector_id for row in self.rows]
        chosen = self._chosen if self._chosen in names else "".join(names[:1])
        self._choose(chosen, tuple(name for name in self._marks if name in names))

    def _choose(self, chosen: str, marks: tuple[str, ...]) -> None:
        """Choose and mark detectors, and read the curves that takes."""
        before = self._curves_of
        self._chosen, self._marks = chosen, marks
        if self._curves_of != before:
            self._read()
        self._show()

    def move(self, by: int) -> None:
        """Choose another detector; at either end there is no further one."""
        if self.rows:
            place = min(max(self._place + by, 0), len(self.rows) - 1)
            self._choose(self.rows[place].detector_id, self._marks)

    def mark(self) -> None:
        """Keep the chosen curve on the chart when another is chosen, or no longer."""
        if not self.rows:
            return
        if self._chosen in self._marks:
            self._choose(self._chosen, tuple(n for n in self._marks if n != self._chosen))
        elif len(self._marks) < MOST_MARKS:
            self._choose(self._chosen, (*self._marks, self._chosen))
        else:
            key = self._keymap.shown("training.mark")
            text = f"{MOST_MARKS} curves are marked; {key} on one of them takes its mark away."
            self.post_message(Said(text, is_warning=True))

    def next_quantity(self) -> None:
        """Draw the learning rate, or the loss again."""
        self._quantity = "learning rate" if self._quantity == "loss" else "loss"
        self._show()

    def next_smoothing(self) -> None:
        """Smooth the loss more, or not at all."""
        self._smoothing = (self._smoothing + 1) % len(SMOOTHINGS)
        self._show()

    def next_seeds(self) -> None:
        """Draw the other seeds of the chosen training too: each, or as mean and range."""
        before = self._curves_of
        self._seeds = (self._seeds + 1) % len(SEED_MODES)
        if SEED_MODES[self._seeds] == "each" and not self._other_seeds():
            self._seeds = 0
            text = "No other detector differs from this one in its seed alone: `train --seeds N`."
            self.post_message(Said(text, is_warning=True))
        if self._curves_of != before:
            self._read()
        self._show()

    @property
    def _place(self) -> int:
        return [row.detector_id for row in self.rows].index(self._chosen)

    def _sign(self, detector_id: str) -> str:
        """What marks a curve in the table and on the chart; a blank for all others."""
        if detector_id in self._marks:
            return f"{self._marks.index(detector_id) + 1}"
        others = self._other_seeds()
        if detector_id in others:
            return SEED_SIGNS[others.index(detector_id)]
        return UNMARKED if detector_id == self._chosen else " "

    def _show(self) -> None:
        if not self.rows:
            return
        is_list, is_wide = not self.is_chart_alone, self.is_wide
        self._table.display = is_list
        self._table.show(
            training_columns(is_wide),
            [training_row(row, self._sign(row.detector_id), is_wide) for row in self.rows],
            self._place,
        )
        self._curves.display = is_wide or not is_list
        drawing = self._draw()
        self._curves.drawing = drawing
        curve = self._view.curves.get(self._chosen)
        lines = [describe_training(self.rows[self._place], curve)]
        lines += [one_line(self._view.outcomes.get(self._chosen, ""))]
        if self._curves.display:
            lines.append(how_to_read(drawing))
        self._legend.update(Content(" ".join(filter(None, lines))))

    def _draw(self) -> Drawing:
        mode, others = SEED_MODES[self._seeds], self._other_seeds()
        seeds = self._drawn((self._chosen, *others)) if others else ()
        shown = [name for name in self._curves_of if mode == "each" or name not in others]
        drawn = self._drawn(shown)
        is_spread = mode == "spread" and len(seeds) > 1 and bool(drawn)
        return Drawing(drawn, self._quantity, SMOOTHINGS[self._smoothing], seeds, is_spread)

    def _drawn(self, detector_ids: Sequence[str]) -> tuple[DrawnCurve, ...]:
        rows = {row.detector_id: row for row in self.rows}
        return tuple(
            DrawnCurve(self._sign(name), one_line(row.name), curve, row.plan, not row.is_under_way)
            for name in detector_ids
            if (row := rows.get(name)) and (curve := self._view.curves.get(name)) and curve.steps
        )
