"""Try: the same seeds asked about in several ways, side by side, before a run takes hours."""

from collections.abc import Collection, Iterable
from functools import partial
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.frame.calls import Calls
from tui.frame.snapshot import JobLine, Snapshot
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.confirm import Confirm
from tui.screens.trial.dialog import TryDialog
from tui.screens.trial.messages import OptionsRead, TrialRead
from tui.screens.trial.texts import SeedTexts
from tui.screens.trial.views import TrialView, Wanted, WayView
from tui.screens.work_screen import WorkScreen
from tui.services.inert import one_line
from tui.widgets.empty_state import EmptyState
from tui.widgets.table import Column, Row, RowClicked, Table

STAGE: Final = "try"
PURPOSE: Final = (
    "Which template, model and temperature ask best? A try asks the same seeds in several ways and "
    "shows them side by side: how near questions are to their seeds, what is wrong with them, how "
    "fast they come. Nothing is stored; one key takes a way over. {key} starts one."
)
LEGEND: Final = (
    "* as in workspace.toml. Similarity: mean cosine of a question to its seed [95 % interval]. "
    "Signs: share of the questions [95 %]."
)
COLUMNS: Final = (
    Column("way"),
    Column("template", flexible=True, named=True),
    Column("temp.", right=True),
    Column("n", right=True),
    Column("similarity", right=True),
    Column("tokens/s", right=True, optional=True),
    Column("signs", flexible=True),
)
MODEL: Final = Column("model", flexible=True, named=True)


class TryScreen(WorkScreen):
    """The ways with their figures over the texts of one seed."""

    SCOPE = "try"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("try")]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap) -> None:
        super().__init__(workspace_name, calls, keymap)
        self._trial: TrialView | None = None
        self._stamp = ""  # of the try that was asked for last
        self._way = self._seed = 0
        self._empty = EmptyState(PURPOSE.format(key=keymap.shown("try.new")), keymap, self.SCOPE)
        self._status = Static(id="status", markup=False)
        self._ways = Table(COLUMNS, id="ways")
        self._texts = SeedTexts(id="texts")
        self._signs = Static(id="signs", markup=False)
        self._legend = Static(LEGEND, id="legend", markup=False)

    def compose_body(self) -> Iterable[Widget]:
        """Lay the ways over the texts."""
        yield self._empty
        yield Vertical(self._status, self._ways, self._signs, self._texts, self._legend, id="try")

    def on_mount(self) -> None:
        """Say that it is on its way."""
        self._show()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the last try again where it has got further."""
        self._empty.snapshot = snapshot
        self.show_empty(not snapshot.seeds)
        job = _newest_try(snapshot)
        self._status.update(self._describe(job))
        self._status.display = job is not None and job.state != "done"
        desks, stamp = self.desks, f"{job.job_id} {job.state} {job.done}" if job else "none"
        if desks is not None and stamp != self._stamp:
            self._stamp = stamp
            self.read("trial", lambda: TrialRead(stamp, desks.trial.last()))

    def keys_without_effect(self) -> Collection[str]:
        """What is for a try, before there is one."""
        return () if self._trial is not None else ("down", "right", "use")

    def on_trial_read(self, message: TrialRead) -> None:
        """Show the try, unless a newer one is on its way."""
        if message.stamp != self._stamp:
            return
        before, self._trial = self._trial, message.trial
        if before and message.trial and before.job_id != message.trial.job_id:
            self._way = self._seed = 0
        self._show()

    def _describe(self, job: JobLine | None) -> Content:
        """Where a try is, unless it has ended well."""
        if job is None or job.state == "done":
            return Content("")
        if job.is_running:
            return Content.styled(one_line(f"{job.job_id}: {job.stages[0].text}"), "$accent")
        why = f": {job.error}" if job.error else ""
        line = f"{job.job_id} {job.state}{why}. {self.keymap.shown('everywhere.jobs')} resumes it."
        return Content.styled(one_line(line, 300), "$warning")

    def _show(self) -> None:
        trial = self._trial
        self._empty.display = trial is None
        self.query_one("#try").display = trial is not None
        if trial is None:
            return
        several = len({way.model for way in trial.ways}) > 1
        columns = (COLUMNS[0], MODEL, *COLUMNS[1:]) if several else COLUMNS
        rows = [_row(way, with_model=several) for way in trial.ways]
        self._ways.set_title("Ways of asking")
        self._ways.show(columns, rows, self._way)
        self._signs.update(_signs(trial.ways[self._way]))
        if trial.seeds:
            self._texts.show_seed(trial, self._seed, self._way)

    def action_move(self, by: int) -> None:
        """Show another seed."""
        if self._trial:
            self._seed = min(max(self._seed + by, 0), len(self._trial.seeds) - 1)
            self._show()

    def action_turn(self, by: int) -> None:
        """Choose another way."""
        if self._trial:
            self._way = min(max(self._way + by, 0), len(self._trial.ways) - 1)
            self._show()

    async def on_row_clicked(self, message: RowClicked) -> None:
        """Choose the way that was clicked."""
        message.stop()
        self.action_turn(message.row - self._way)

    def action_scroll(self, by: int) -> None:
        """Scroll the texts by a page."""
        self._texts.scroll_pages(by)

    def action_new(self) -> None:
        """Ask what is to be tried."""
        desks = self.desks
        if desks is not None:
            self.read("options", lambda: OptionsRead(desks.trial.options()))

    def on_options_read(self, message: OptionsRead) -> None:
        """Let the user choose."""
        self.app.push_screen(TryDialog(message.options, self.keymap), self._start)

    async def _start(self, wanted: Wanted | None) -> None:
        if wanted is None or self.desks is None:
            self.say("Nothing was started.")
            return
        job_id = await self.write(partial(self.desks.trial.start, wanted))
        if job_id is not None:
            self.say(f"Started job {job_id}.")

    def action_use(self) -> None:
        """Ask whether the chosen way shall be the way of the next run."""
        if self._trial is None:
            return
        way = self._trial.ways[self._way]
        if way.is_current:
            self.say(f"workspace.toml asks in way {way.number} already.")
            return
        text = Content(
            f"The next run asks with the template {one_line(way.template)}, the model "
            f"{one_line(way.model)}, and the temperature {way.temperature}. Comments in "
            "workspace.toml stay; so do questions that are there, as they were asked."
        )
        question = f"Write way {way.number} into workspace.toml?"
        self.app.push_screen(Confirm(question, text, self.keymap), partial(self._use, way.number))

    async def _use(self, number: int, is_agreed: bool | None) -> None:
        if not is_agreed or self.desks is None:
            return
        taken = await self.write(partial(self.desks.trial.use, number))
        if taken is not None:
            self.say(f"The next run asks in way {number}: {', '.join(taken.changes)}.")

    async def action_cancel(self) -> None:
        """End the try that goes on."""
        trial, session = self._trial, self.session
        if trial is None or not trial.is_running or session is None:
            self.say("No try goes on.", is_warning=True)
            return
        if await self.write(partial(session.cancel, trial.job_id)):
            self.say("Ended the try; the ways that were done stay.")


def _newest_try(snapshot: Snapshot) -> JobLine | None:
    tries = (job for job in snapshot.jobs if job.stages and job.stages[0].name == STAGE)
    return next(tries, None)


def _signs(way: WayView) -> Content:
    """All that is wrong with the chosen way, of which a narrow table shows the beginning."""
    text = f"way {way.number}: {way.error or way.signs or 'not asked yet'}"
    return Content.styled(one_line(text), "$warning" if way.error else "")


def _row(way: WayView, *, with_model: bool) -> Row:
    model = (way.model,) if with_model else ()
    signs = (f"{way.signs}: {way.error}", "$warning") if way.error else way.signs
    figures = (way.n, way.similarity, way.rate, signs)
    return (way.mark, *model, way.template, way.temperature, *figures)
