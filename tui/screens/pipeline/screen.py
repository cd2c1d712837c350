"""The first screen: what there is from seeds to detectors, what runs and writes, what is next."""

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from store.counting import counted
from tui.frame.calls import Calls
from tui.frame.messages import CoverageRead, DraftMade, TextsRead
from tui.frame.next_step import next_step
from tui.frame.snapshot import Draft, Snapshot
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.confirm import Confirm
from tui.screens.followed_job import FollowedJob
from tui.screens.pipeline.coverage_dialog import CoverageDialog
from tui.screens.pipeline.stations import Stations, stations
from tui.screens.work_screen import WorkScreen
from tui.services.tables import WrittenTable
from tui.widgets.job_progress import JobProgress
from tui.widgets.machine_line import MachineLine
from tui.widgets.newest_texts import NewestTexts
from tui.widgets.next_step_line import describe_step

JOBS_NARROW, JOBS_WIDE = 1, 4
DIALOG_BEGIN = "These stages run one after the other, in the background:"
DIALOG_END = "The job goes on when you quit. Finished rows come in as they are written."


class PipelineScreen(WorkScreen):
    """Next step on top, then the stations, then the job that runs or ran last, and its texts."""

    CSS_PATH = "screen.tcss"
    SCOPE = "pipeline"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("pipeline")]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap) -> None:
        super().__init__(workspace_name, calls, keymap)
        self._next = Static("Opening the workspace…", id="next", markup=False)
        self._stations = Stations()
        jobs, resume = keymap.shown("everywhere.jobs"), keymap.shown("jobs.resume")
        self._jobs = JobProgress(f"{jobs}, then {resume} goes on from its finished rows.")
        self._newest = NewestTexts(is_list=True)
        self._machine = MachineLine(calls)
        self._followed = FollowedJob(self)
        self._page = VerticalScroll(
            self._stations, self._machine, self._jobs, self._newest, can_focus=False
        )

    def compose_body(self) -> Iterable[Widget]:
        """Keep the next step in view; the rest scrolls."""
        self._next.border_title = "Next"
        yield self._next
        yield self._page

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show all of it."""
        self._next.update(describe_step(next_step(snapshot), self.keymap, self.SCOPE))
        self._stations.snapshot = snapshot
        shown = snapshot.running or snapshot.jobs[: JOBS_NARROW if self.is_narrow else JOBS_WIDE]
        self._jobs.border_title = "Running" if snapshot.running else "Last jobs"
        self._jobs.jobs = shown
        self._jobs.display = bool(shown)
        self._followed.follow(snapshot.running[0] if snapshot.running else None)
        self._show_texts()

    def on_texts_read(self, message: TextsRead) -> None:
        """Show the newest texts of the job that runs."""
        self._followed.take(message)
        self._show_texts()

    def _show_texts(self) -> None:
        self._newest.display = bool(self._followed.texts)
        self._newest.show(self._followed.texts)

    def action_open(self) -> None:
        """Open the newest texts of the job that runs."""
        self._followed.open()

    def action_coverage(self) -> None:
        """Show how far scenarios cover what they can be drawn with."""
        session, snapshot = self.session, self.snapshot
        if session is None or snapshot is None:
            return
        if snapshot.invention is None:
            self.say("Only tasks of pairs are written from a problem; here are seeds.")
        else:
            self.read("coverage", lambda: CoverageRead(session.coverage()))

    def on_coverage_read(self, message: CoverageRead) -> None:
        """Show it over the screen."""
        self.app.push_screen(CoverageDialog(message.found, self.keymap))

    def action_cancel(self) -> None:
        """Ask whether the job that runs shall end."""
        self._followed.ask_to_cancel()

    def keys_without_effect(self) -> Collection[str]:
        """Running if nothing is due, cancelling if nothing runs, opening if there is no text."""
        does_nothing = {
            "run": self.snapshot is None or not self.snapshot.due.stages,
            "cancel": self._followed.job is None or self.looks_on,
            "open": not self._followed.texts,
            "coverage": self.snapshot is None or self.snapshot.invention is None,
        }
        return [name for name, nothing in does_nothing.items() if nothing]

    def written_tables(self) -> Sequence[WrittenTable]:
        """The counts along the way."""
        if self.snapshot is None:
            return ()
        rows = tuple(stations(self.snapshot))
        return (WrittenTable("pipeline", "Pipeline", ("step", "rows", "of", "remark"), rows),)

    def action_scroll(self, by: int) -> None:
        """Scroll what does not fit."""
        self._page.scroll_relative(y=by, animate=False)

    def action_run(self) -> None:
        """Find out what a run would do, and ask."""
        session = self.session
        if session is not None:
            self.say("Looking what is due…")
            self.read("draft", lambda: DraftMade(session.draft()))

    def on_draft_made(self, message: DraftMade) -> None:
        """Ask whether the run shall start."""
        self.say("")
        lines = [
            f"  {name:<10}{counted(rows, 'row') if rows else 'the rows that come from above'}"
            for name, rows in message.draft.due.stages
        ]
        text = Content("\n".join([DIALOG_BEGIN, "", *lines, "", DIALOG_END]))
        start = partial(self._start, message.draft)
        self.app.push_screen(Confirm("Start this job?", text, self.keymap), start)

    async def _start(self, draft: Draft, is_agreed: bool | None) -> None:
        if self.session is None:
            return
        if not is_agreed:
            self.say("Nothing was started.")
            return
        job_id = await self.write(partial(self.session.start, draft))
        if job_id is not None:
            self.say(f"Started job {job_id}.")
