"""What can be done on each screen that shows a running job: read what it writes, and end it."""

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from store.counting import counted
from tui.frame.messages import TextsRead
from tui.frame.snapshot import JobLine
from tui.screens.dialogs.confirm import Confirm
from tui.screens.dialogs.new_text import NewTextDialog
from tui.services.results.new_text import ShownText

if TYPE_CHECKING:
    from tui.screens.work_screen import WorkScreen


class FollowedJob:
    """The job that a screen shows, and its newest texts."""

    def __init__(self, screen: "WorkScreen") -> None:
        self._screen = screen
        self.job: JobLine | None = None
        self.texts: tuple[ShownText, ...] = ()

    def follow(self, job: JobLine | None) -> None:
        """Read the newest texts of a job; the screen gets TextsRead."""
        if job is None or (self.job is not None and job.job_id != self.job.job_id):
            self.texts = ()
        self.job, session = job, self._screen.session
        if job is not None and session is not None:
            job_id = job.job_id
            self._screen.read("texts", lambda: TextsRead(job_id, session.newest_texts(job_id)))

    def take(self, message: TextsRead) -> None:
        """Keep what was read, unless another job is followed by now."""
        if self.job is not None and message.job_id == self.job.job_id:
            self.texts = message.texts

    def open(self) -> None:
        """Open the newest texts in full."""
        screen = self._screen
        if not self.texts:
            screen.say("No model has written a text for it yet.", is_warning=True)
            return
        screen.app.push_screen(NewTextDialog(self.texts, screen.keymap))

    def ask_to_cancel(self) -> None:
        """Ask whether the job shall end."""
        job, screen = self.job, self._screen
        if job is None or not job.is_running:
            screen.say("Only a running job can be cancelled.", is_warning=True)
            return
        text = "Its processes end now. Finished rows are kept, and it can be resumed."
        if lost := job.written - job.done:
            text += f" {counted(lost, 'row')} of the batch under way would be written again."
        cancel = partial(self._cancel, job.job_id)
        screen.app.push_screen(
            Confirm(f"Cancel job {job.job_id}?", Content(text), screen.keymap), cancel
        )

    async def _cancel(self, job_id: str, is_agreed: bool | None) -> None:
        screen, session = self._screen, self._screen.session
        if is_agreed and session is not None:
            screen.say(f"Ending job {job_id}…")
            if await screen.write(partial(session.cancel, job_id)):
                resume = screen.keymap.shown("jobs.resume")
                screen.say(f"Cancelled job {job_id}; {resume} on Jobs resumes it.")
