"""Watching a job from the command line: bars at a terminal, plain lines elsewhere.

Of each stage that writes texts, the first few are printed as they come.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from engine.jobs.job import JobFolder
from store.counting import counted
from store.errors import WorkspaceHeld
from tui.commands.output import console, say
from tui.services.errors import JobUnfinished, NoRowCame
from tui.services.job_views import JobView, StageView, view_job
from tui.services.jobs.newest import stage_texts
from tui.services.results.new_text import ShownText, in_lines
from tui.services.results.outcomes import (
    describe_outcome,
    describe_quality,
    describe_stage,
    is_barren,
)
from tui.services.workspace import Workspace

POLL_S = 0.25
PLAIN_INTERVAL_S = 10.0
FIRST_TEXTS = 3  # of a stage, which are printed
TEXT_WIDTH = 160  # of a line where there is no terminal


def follow_job(workspace: Workspace, job: JobFolder, console: Console) -> JobView:
    """Show a job's progress until it has ended, take its rows in, and return it as it ended.

    It ends with how many rows came out right and why others did not. Ctrl-C cancels the job: its
    finished parts are kept and taken in. Raises JobUnfinished where it did not end well, and
    NoRowCame where a stage wrote none that is right.
    """
    show, news = _bars if console.is_terminal else _lines, _News()
    texts = _FirstTexts(console, view_job(job))
    try:
        with show(console) as update:
            while True:
                running = job.is_worked_on()
                view = view_job(job)
                update(view)
                texts.print_new(view)
                for line in news(view):
                    console.print(Text(line), soft_wrap=True)
                if not running:
                    break
                time.sleep(POLL_S)
    except KeyboardInterrupt:
        workspace.supervisor.cancel(job)
        take_in(workspace, console)
        raise JobUnfinished(
            f"Job {job.job_id} was cancelled. Its finished rows are kept; "
            f"`backquery jobs resume {job.job_id}` goes on from there."
        ) from None
    take_in(workspace, console)
    report_outcome(view, console)
    return view


def wait_or_leave(workspace: Workspace, job: JobFolder, detach: bool) -> None:
    """Follow a job to its end, or say how to find it again."""
    if detach:
        say(f"It goes on by itself. `backquery jobs show {job.job_id}` says how far it is.")
        return
    follow_job(workspace, job, console())
    say("Done.")


def is_busy(workspace: Workspace) -> bool:
    """Whether a job is worked on, which is said: meanwhile no other is planned."""
    try:
        workspace.require_no_running_job()
    except JobUnfinished as running:
        say(f"{running} Until it has ended, nothing is added to what is shown.")
        return True
    return False


def report_outcome(view: JobView, console: Console) -> None:
    """Say how the rows of a job that has ended came out.

    Raises JobUnfinished where it did not end well, and NoRowCame where a stage wrote none that is
    right.
    """
    for line in describe_outcome(view):
        console.print(Text(line), soft_wrap=True)
    job_id = view.job.job_id
    if view.state != "done":
        log = f"`backquery jobs log {job_id}` shows its log"
        raise JobUnfinished(f"Job {job_id} {view.state}: {view.error or log}")
    barren = next((stage for stage in view.stages if is_barren(stage)), None)
    if barren is not None:
        raise NoRowCame(
            f"Job {job_id} brought no row of {barren.name}: {counted(barren.rows, 'row')} with an "
            "error."
        )


def take_in(workspace: Workspace, console: Console) -> None:
    """Ingest what jobs have finished; on another computer, its owner does so."""
    try:
        with workspace.database():
            pass
    except WorkspaceHeld:
        console.print("The workspace is open elsewhere; the rows are taken in there.")


@contextmanager
def _bars(console: Console) -> Iterator["_Bars"]:
    columns = (
        TextColumn("{task.fields[name]:>8}", markup=False),
        BarColumn(bar_width=28),
        TextColumn("{task.fields[says]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield _Bars(progress)


class _Bars:
    """One bar a stage, shown from when the stage has begun."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[int, TaskID] = {}

    def __call__(self, view: JobView) -> None:
        for number, stage in enumerate(view.stages):
            if not (stage.total or stage.finished or stage.note):
                continue
            if number not in self._tasks:
                self._tasks[number] = self._progress.add_task("", name=stage.name, says="")
            self._progress.update(
                self._tasks[number],
                total=1.0,
                completed=stage.share,
                says=describe_stage(stage),
            )
            if stage.finished:
                self._progress.stop_task(self._tasks[number])


@contextmanager
def _lines(console: Console) -> Iterator["_Lines"]:
    yield _Lines(console)


class _News:
    """What a job's first rows are like, once for each stage."""

    def __init__(self) -> None:
        self._told: set[int] = set()

    def __call__(self, view: JobView) -> Iterator[str]:
        for number, stage in enumerate(view.stages):
            line = describe_quality(stage)
            if line and number not in self._told:
                self._told.add(number)
                yield f"{stage.name:>8}  {line}"


class _Lines:
    """A line when a stage begins and ends, every ten seconds between, and for each new wait."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._ended: set[int] = set()
        self._waits_for = ""
        self._printed = 0.0

    def __call__(self, view: JobView) -> None:
        for number, stage in enumerate(view.stages):
            if stage.finished and number not in self._ended:
                self._ended.add(number)
                self._print(stage)
            elif not stage.finished and (self._waits_again(stage) or self._is_due(stage)):
                self._print(stage)

    def _waits_again(self, stage: StageView) -> bool:
        if not stage.waiting or stage.note == self._waits_for:
            return False
        self._waits_for = stage.note
        return True

    def _is_due(self, stage: StageView) -> bool:
        has_begun = bool(stage.total or stage.waiting)
        return has_begun and time.monotonic() - self._printed >= PLAIN_INTERVAL_S

    def _print(self, stage: StageView) -> None:
        self._printed = time.monotonic()
        line = Text(f"{stage.name:>8}  {describe_stage(stage)}")
        self._console.print(line, soft_wrap=True)


class _FirstTexts:
    """Prints the first texts of each stage once; stages that had finished before are left out."""

    def __init__(self, console: Console, begun: JobView) -> None:
        self._console = console
        self._width = console.width if console.is_terminal else TEXT_WIDTH
        self._printed = {number for number, stage in enumerate(begun.stages) if stage.finished}

    def print_new(self, view: JobView) -> None:
        """Print the texts of stages that have written some by now."""
        for number, stage in enumerate(view.stages):
            if number in self._printed:
                continue
            texts = stage_texts(view.job, number, stage.name)
            if len(texts) >= FIRST_TEXTS or stage.finished:
                self._printed.add(number)
                self._print(stage.name, texts[-FIRST_TEXTS:][::-1])

    def _print(self, stage: str, texts: Sequence[ShownText]) -> None:
        for text in texts:
            for line in in_lines(text, self._width - 12):
                self._console.print(Text(f"{stage:>8}  {line}"), soft_wrap=True)
                stage = ""
