"""The stages of a job with their bars."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.frame.snapshot import JobLine
from tui.services.inert import one_line
from tui.widgets.bar import bar

WIDE_BAR, NARROW_BAR = 20, 8
NARROW = 100  # columns
STATE_SIGNS = {
    "running": ("▶", "$accent"),
    "waiting": ("○", "$warning"),
    "done": ("✓", "$success"),
    "paused": ("‖", "$warning"),
    "failed": ("✗", "$error"),
    "cancelled": ("■", "$quiet"),
    "interrupted": ("!", "$warning"),
    "queued": ("…", "$quiet"),
}


class JobProgress(Widget):
    """Jobs: the state of each on a line, then one line per stage, then its error."""

    jobs: reactive[tuple[JobLine, ...]] = reactive((), layout=True)

    def render(self) -> Content:
        """Draw the jobs with a line between them."""
        wide = NARROW_BAR if self.size.width < NARROW else WIDE_BAR
        return Content("\n\n").join(_describe(job, wide) for job in self.jobs)


def _describe(job: JobLine, bar_width: int) -> Content:
    lines = [Content.assemble((job.job_id, "bold"), " ", state(job.state))]
    wide = max(len(stage.name) for stage in job.stages)
    for stage in job.stages:
        lines.append(
            Content.assemble(
                f"  {stage.name:<{wide}}  ",
                (bar(stage.share, bar_width), "$success" if stage.finished else "$accent"),
                f"  {one_line(stage.text)}",
            )
        )
        if stage.quality:
            lines.append(Content.styled(f"  {'':<{wide}}  {stage.quality}", "$quiet"))
    lines += [Content.styled(line, "$warning") for line in job.failures]
    if job.error:
        style = "$warning" if job.state == "paused" else "$error"
        lines += [
            Content.styled(f"  {one_line(line, 400)}", style) for line in job.error.splitlines()
        ]
    return Content("\n").join(lines)


def state(name: str) -> Content:
    """A job's state as a sign and a word."""
    sign, style = STATE_SIGNS.get(name, ("?", "$quiet"))
    return Content.styled(f"{sign} {name}", style)
