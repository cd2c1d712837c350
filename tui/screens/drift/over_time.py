"""Drift by the jobs that wrote the answers: a line for each dataset, and the figures."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive

from store.counting import counted
from tui.frame.calls import Calls
from tui.frame.snapshot import GLYPHS
from tui.screens.drift.messages import OverTimeRead
from tui.screens.drift.reading import SeenFigures
from tui.screens.drift.views import Subject
from tui.screens.drift.wording import COMPARED, COUNTING, name_dataset
from tui.services.numbers import show_share
from tui.widgets.plot.picture import DASHES, Line, Picture, Spot
from tui.widgets.plot.plot import Plot
from tui.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    from tui.services.results.drift_over_time import JobDrift

COLUMNS: Final = (
    Column("job", right=True),
    Column("began (UTC)"),
    Column("dataset", flexible=True, named=True),
    Column("n", right=True),
    Column("F1 (95 %)"),
)
BESIDE: Final = 0.1  # of the step from job to job


class OverTimeView(Vertical):
    """A plot over a table; read once it is seen. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls) -> None:
        super().__init__(id="time")
        self._figures: SeenFigures[tuple[JobDrift, ...]] = SeenFigures(self, calls, _read)
        self._plot = Plot()
        self._table = Table(COLUMNS)

    def compose(self) -> ComposeResult:
        """Lay the plot over the table."""
        yield self._plot
        yield self._table

    def watch_subject(self, before: Subject | None, subject: Subject | None) -> None:
        """Show another group; read again where the figures have changed."""
        self._figures.forget_outdated(before, subject)
        self._show()
        self._figures.ask(subject)

    def on_show(self) -> None:
        """Read what was not read yet."""
        self._figures.ask(self.subject)

    def on_over_time_read(self, message: OverTimeRead) -> None:
        """Show the jobs."""
        message.stop()
        if self._figures.take(self.subject, message.stamp, message.jobs):
            self._show()

    def move(self, by: int) -> None:
        """Scroll by so many rows."""
        self._table.scroll_rows(by)

    def _show(self) -> None:
        subject, found = self.subject, self._figures.found
        if subject is None:
            return
        group = subject.group
        jobs = [
            job
            for job in found or ()
            if job.dataset is not None and group.dataset in (None, job.dataset)
        ]
        numbers = {name: number for number, name in enumerate(_job_ids(found or ()), start=1)}
        state = COUNTING if found is None else counted(len({job.job_id for job in jobs}), "job")
        title = f"F1 over time, {COMPARED[group.comparison]}, {name_dataset(group.dataset)}"
        self._table.set_title(f"{title}: {state}")
        self._plot.picture = draw_jobs(jobs, group.comparison, numbers) if jobs else None
        self._table.show(COLUMNS, list(job_rows(jobs, group.comparison, numbers)))


def _read(subject: Subject) -> OverTimeRead:
    return OverTimeRead(subject.stamp, subject.desk.over_time(subject.config_hash))


def _job_ids(jobs: "Sequence[JobDrift]") -> list[str]:
    """The jobs in the order of time."""
    return list(dict.fromkeys(job.job_id for job in jobs))


def _looks(jobs: "Sequence[JobDrift]") -> dict[str, tuple[str, str]]:
    """The sign and the style of each dataset, in the order of their names."""
    datasets = sorted({job.dataset for job in jobs if job.dataset is not None})
    return {
        name: (GLYPHS[place % len(GLYPHS)], f"$label-{place % len(GLYPHS) + 1}")
        for place, name in enumerate(datasets)
    }


def job_rows(jobs: "Sequence[JobDrift]", comparison: str, numbers: dict[str, int]) -> Iterator[Row]:
    """Each job's drift in each dataset, for COLUMNS; the signs are those of `draw_jobs`."""
    looks = _looks(jobs)
    for job in jobs:
        began = "–" if job.began_at is None else f"{job.began_at:%Y-%m-%d %H:%M}"
        estimate, name = job.compared(comparison), job.dataset or ""
        sign, style = looks[name]
        n = f"{estimate.n:,}" if estimate else "0"
        dataset = (f"{sign} {name}", style)
        yield (str(numbers[job.job_id]), began, dataset, n, show_share(estimate))


def draw_jobs(jobs: "Sequence[JobDrift]", comparison: str, numbers: dict[str, int]) -> Picture:
    """A line for each dataset over the numbers of jobs, with the interval at each.

    Those of several datasets are a little beside each other.
    """
    lines, spots = [], []
    values: list[float] = []
    looks = _looks(jobs)
    for place, (dataset, (sign, style)) in enumerate(looks.items()):
        aside = BESIDE * (place - (len(looks) - 1) / 2)
        points = []
        for job in jobs:
            estimate = job.compared(comparison) if job.dataset == dataset else None
            if estimate is not None:
                x = numbers[job.job_id] + aside
                points.append((x, estimate.value))
                spots.append(Spot(x, estimate.value, sign, style, estimate.interval))
                values += [estimate.value, *(estimate.interval or ())]
        lines.append(Line(tuple(points), style, DASHES[place % len(DASHES)]))
    return Picture(
        across="job, the oldest first", up="mean F1",
        x_range=(0.0, max(numbers.values()) + 1.0), y_range=tuple(values),
        x_step=1.0, y_limits=(0.0, 1.0), lines=tuple(lines), spots=tuple(spots),
    )  # fmt: skip
