"""The stages of a job with their bars."""

from collections.abc import Iterator

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.frame.snapshot import JobLine, StageLine
from tui.services.inert import one_line
from tui.services.numbers import show_duration
from tui.services.results.job_facts import JobFacts, show_moment
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
    """Jobs: the state of each and its facts, then one line per stage, then its error."""

    jobs: reactive[tuple[JobLine, ...]] = reactive((), layout=True)

    def __init__(self, way_out: str = "") -> None:
        """Show jobs; `way_out` says how one goes on that stopped before its end."""
        super().__init__()
        self._way_out = way_out

    def render(self) -> Content:
        """Draw the jobs with a line between them."""
        return Content("\n\n").join(Content("\n").join(self._describe(job)) for job in self.jobs)

    def _describe(self, job: JobLine) -> Iterator[Content]:
        width = self.size.width
        yield Content.assemble(
            (job.job_id, "bold"), " ", state(job.state), (f"  {_facts(job)}", "$quiet")
        ).truncate(max(width, 1), ellipsis=True)
        widest = max(len(stage.name) for stage in job.stages)
        wide = NARROW_BAR if width < NARROW else WIDE_BAR
        later = _later(job) if width < NARROW else ()
        for stage in job.stages[: len(job.stages) - len(later)]:
            yield Content.assemble(
                f"  {stage.name:<{widest}}  ",
                (bar(stage.share, wide), "$success" if stage.finished else "$accent"),
                f"  {one_line(stage.text)}",
            )
            if stage.quality:
                yield Content.styled(f"  {'':<{widest}}  {stage.quality}", "$quiet")
        if later:
            names = " → ".join(stage.name for stage in later)
            yield Content(f"  {'then':<{widest}}  {names}")
        for line in job.failures:
            yield Content.styled(line, "$warning")
        style = "$warning" if job.state == "paused" else "$error"
        for line in (job.error or "").splitlines():
            yield Content.styled(f"  {one_line(line, 400)}", style)
        if job.is_resumable and self._way_out:
            yield Content.styled(f"  {self._way_out}", "$warning")


def _later(job: JobLine) -> tuple[StageLine, ...]:
    """The stages after the last that has begun, where they are two or more."""
    begun = max((place for place, stage in enumerate(job.stages) if stage.has_begun), default=-1)
    later = job.stages[begun + 1 :]
    return later if len(later) > 1 else ()


def _facts(job: JobLine) -> str:
    """When it began, how long it took, where it computes, and what it works with."""
    facts = job.facts
    took = f" {took_words(facts)}" if facts.took_s is not None else ""
    when = f"{show_moment(job.created_at, is_short=True)}{took}"
    return one_line(", ".join((when, facts.device, *facts.models, *facts.recipes)))


def took_words(facts: JobFacts) -> str:
    """How long a job took, or has taken."""
    return show_duration(facts.took_s) if facts.took_s is not None else ""


def state(name: str) -> Content:
    """A job's state as a sign and a word."""
    sign, style = STATE_SIGNS.get(name, ("?", "$quiet"))
    return Content.styled(f"{sign} {name}", style)
