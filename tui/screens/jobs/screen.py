"""Jobs: which there are, how far they are, what they say, and how to end or resume one."""

from collections.abc import Collection, Iterable
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from tui.frame.calls import Calls
from tui.frame.messages import LogRead
from tui.frame.snapshot import JobLine, Snapshot
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.confirm import Confirm
from tui.screens.jobs.log_tail import LogTail
from tui.screens.work_screen import WorkScreen
from tui.widgets.empty_state import EmptyState
from tui.widgets.job_progress import STATE_SIGNS, JobProgress
from tui.widgets.table import Column, Row, Table

RESUMES = "It goes on after its last finished part; nothing is done twice."
RESUMES_PAUSED = (
    "It paused because its first rows are not as they should be. It goes on as it is, without "
    "looking again; nothing is done twice."
)

COLUMNS = (
    Column("job"),
    Column("state"),
    Column("rows", right=True),
    Column("stages", flexible=True),
)


class JobsScreen(WorkScreen):
    """The jobs, newest first; the chosen one's stages and the end of its log below."""

    CSS_PATH = "screen.tcss"
    SCOPE = "jobs"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("jobs")]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap) -> None:
        super().__init__(workspace_name, calls, keymap)
        self._jobs: tuple[JobLine, ...] = ()
        self._chosen_id: str | None = None
        self._strays = ""
        self._table = Table(COLUMNS)
        self._progress = JobProgress()
        self._tail = LogTail()
        self._empty = EmptyState("Jobs will be listed here.", keymap)

    def compose_body(self) -> Iterable[Widget]:
        """Lay the list over the chosen job."""
        yield self._empty
        yield Vertical(self._table, self._progress, self._tail, id="jobs")

    @property
    def _chosen(self) -> JobLine | None:
        found = (job for job in self._jobs if job.job_id == self._chosen_id)
        return next(found, self._jobs[0] if self._jobs else None)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the jobs as they are now."""
        self._jobs = snapshot.jobs
        self._empty.snapshot = snapshot
        self.show_empty(not snapshot.jobs)
        self._empty.display = not snapshot.jobs
        self.query_one("#jobs").display = bool(snapshot.jobs)
        self._show()
        if snapshot.strays != self._strays:
            self._strays = snapshot.strays
            self.say(self._strays, is_warning=True)

    def _show(self) -> None:
        job = self._chosen
        if job is None:
            return
        self._chosen_id = job.job_id
        self._table.set_reactive(Table.rows, tuple(_row(item) for item in self._jobs))
        self._table.set_reactive(Table.chosen, self._jobs.index(job))
        self._table.redraw()
        self._progress.jobs = (job,)
        session, job_id = self.session, job.job_id
        if session is not None:
            self.read("log", lambda: LogRead(job_id, session.log_tail(job_id)))

    def keys_without_effect(self) -> Collection[str]:
        """Cancelling what does not run, resuming what was done, moving where there is one."""
        job = self._chosen
        does_nothing = {
            "cancel": job is None or not job.is_running,
            "resume": job is None or not job.is_resumable,
            "down": len(self._jobs) < 2,
            "up": len(self._jobs) < 2,
        }
        return [name for name, nothing in does_nothing.items() if nothing]

    def on_log_read(self, message: LogRead) -> None:
        """Show a log, unless another job is chosen by now."""
        if message.job_id == self._chosen_id:
            self._tail.text = message.text

    def action_move(self, by: int) -> None:
        """Choose another job."""
        if self._chosen is not None:
            place = self._jobs.index(self._chosen) + by
            self._chosen_id = self._jobs[min(max(place, 0), len(self._jobs) - 1)].job_id
            self._show()

    def action_cancel(self) -> None:
        """Ask whether the chosen job shall end."""
        job = self._chosen
        if job is None or not job.is_running:
            self.say("Only a running job can be cancelled.", is_warning=True)
            return
        text = Content("Its processes end now. Finished rows are kept, and it can be resumed.")
        cancel = partial(self._cancel, job.job_id)
        self.app.push_screen(Confirm(f"Cancel job {job.job_id}?", text, self.keymap), cancel)

    async def _cancel(self, job_id: str, is_agreed: bool | None) -> None:
        if is_agreed and self.session is not None:
            self.say(f"Ending job {job_id}…")
            session = self.session
            if await self.write(partial(session.cancel, job_id)):
                self.say(f"Cancelled job {job_id}; {self.keymap.shown('jobs.resume')} resumes it.")

    def action_resume(self) -> None:
        """Ask whether the chosen job shall go on."""
        job = self._chosen
        if job is None or not job.is_resumable:
            self.say("Only a job that stopped before its end can be resumed.", is_warning=True)
            return
        text = Content(RESUMES_PAUSED if job.state == "paused" else RESUMES)
        resume = partial(self._resume, job.job_id)
        self.app.push_screen(Confirm(f"Resume job {job.job_id}?", text, self.keymap), resume)

    async def _resume(self, job_id: str, is_agreed: bool | None) -> None:
        if is_agreed and self.session is not None:
            session = self.session
            if await self.write(partial(session.resume, job_id)):
                self.say(f"Resumed job {job_id}.")


def _row(job: JobLine) -> Row:
    sign, style = STATE_SIGNS.get(job.state, ("?", ""))
    stages = " → ".join(stage.name for stage in job.stages)
    return (job.job_id, (f"{sign} {job.state}", style), f"{job.written:,} of {job.total:,}", stages)
