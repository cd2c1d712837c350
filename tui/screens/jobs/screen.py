"""Jobs: which there are, how far they are, what they write and say; how to end or resume one."""

from collections.abc import Collection, Iterable
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from tui.frame.calls import Calls
from tui.frame.messages import LogRead, TextsRead
from tui.frame.snapshot import JobLine, Snapshot
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.confirm import Confirm
from tui.screens.followed_job import FollowedJob
from tui.screens.jobs.log_tail import LogTail
from tui.screens.jobs.rows import narrow_table, wide_table
from tui.screens.work_screen import WorkScreen
from tui.widgets.empty_state import EmptyState
from tui.widgets.job_progress import JobProgress
from tui.widgets.machine_line import MachineLine
from tui.widgets.newest_texts import NewestTexts
from tui.widgets.table import Table

RESUMES = "It goes on after its last finished part; nothing is done twice."
RESUMES_PAUSED = (
    "It paused because its first rows are not as they should be. It goes on as it is, without "
    "looking again; nothing is done twice."
)


class JobsScreen(WorkScreen):
    """The jobs, newest first; below, the chosen one's stages, newest texts, and end of its log."""

    CSS_PATH = "screen.tcss"
    SCOPE = "jobs"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("jobs")]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap) -> None:
        super().__init__(workspace_name, calls, keymap)
        self._jobs: tuple[JobLine, ...] = ()
        self._chosen_id: str | None = None
        self._strays = ""
        self._table = Table(())
        resume = f"{keymap.shown('jobs.resume')} goes on from its finished rows."
        self._progress = JobProgress(resume)
        self._newest = NewestTexts(is_list=False)
        self._tail = LogTail()
        self._followed = FollowedJob(self)
        self._machine = MachineLine(calls)
        self._empty = EmptyState("Jobs will be listed here.", keymap, self.SCOPE)

    def compose_body(self) -> Iterable[Widget]:
        """Lay the list over the chosen job."""
        yield self._empty
        yield Vertical(
            self._machine, self._table, self._progress, self._newest, self._tail, id="jobs"
        )

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

    def on_resize(self) -> None:
        """Show the columns that there is room for."""
        self._show()

    def _show(self) -> None:
        job = self._chosen
        if job is None:
            return
        self._chosen_id = job.job_id
        columns, rows = (narrow_table if self.is_narrow else wide_table)(self._jobs)
        self._table.show(columns, rows, self._jobs.index(job))
        self._progress.jobs = (job,)
        self._followed.follow(job)
        self._show_texts()
        session, job_id = self.session, job.job_id
        if session is not None:
            self.read("log", lambda: LogRead(job_id, session.log_tail(job_id)))

    def keys_without_effect(self) -> Collection[str]:
        """Cancelling what does not run, resuming what was done; opening and moving over nothing."""
        job = self._chosen
        does_nothing = {
            "cancel": job is None or not job.is_running or self.looks_on,
            "open": not self._followed.texts,
            "resume": job is None or not job.is_resumable or self.looks_on,
            "down": len(self._jobs) < 2,
            "up": len(self._jobs) < 2,
        }
        return [name for name, nothing in does_nothing.items() if nothing]

    def on_log_read(self, message: LogRead) -> None:
        """Show a log, unless another job is chosen by now."""
        if message.job_id == self._chosen_id:
            self._tail.show_end(message.text)

    def on_texts_read(self, message: TextsRead) -> None:
        """Show the newest texts."""
        self._followed.take(message)
        self._show_texts()

    def _show_texts(self) -> None:
        self._newest.display = bool(self._followed.texts)
        self._newest.show(self._followed.texts)

    def action_move(self, by: int) -> None:
        """Choose another job."""
        if self._chosen is not None:
            place = self._jobs.index(self._chosen) + by
            self._chosen_id = self._jobs[min(max(place, 0), len(self._jobs) - 1)].job_id
            self._show()

    def action_open(self) -> None:
        """Open the newest texts of the chosen job."""
        self._followed.open()

    def action_cancel(self) -> None:
        """Ask whether the chosen job shall end."""
        self._followed.ask_to_cancel()

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
