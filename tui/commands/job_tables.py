"""Jobs as they are printed: names and states first, and how those go on that stopped."""

import shutil
import sys
from collections.abc import Sequence
from typing import Final

from tui.commands.output import print_table, tell
from tui.services.inert import one_line
from tui.services.numbers import show_duration
from tui.services.results.job_facts import show_moment
from tui.services.results.outcomes import describe_quality, describe_stage
from tui.services.results.status import JobStatus

COLUMNS: Final = ("job", "state", "started", "took", "rows", "stages")
WIDE_COLUMNS: Final = (*COLUMNS[:-1], "device", "model", "recipe", "stages")
WIDE: Final = 120  # columns of a terminal in which all fit
_STOPPED: Final = frozenset({"paused", "failed", "cancelled", "interrupted", "queued"})


def print_jobs(jobs: Sequence[JobStatus]) -> None:
    """Print a table of jobs, then why those wait or stopped that did, and how they go on."""
    is_wide = not sys.stdout.isatty() or shutil.get_terminal_size().columns >= WIDE
    print_table(WIDE_COLUMNS if is_wide else COLUMNS, [_row(job, is_wide) for job in jobs])
    for job in jobs:
        if job.waits_for:
            tell(f"{job.job_id}: {one_line(job.waits_for)}")
        elif job.state in _STOPPED:
            tell(f"{job.job_id} {job.state}.{_why(job)} {_way_out(job)}")


def print_job(job: JobStatus) -> None:
    """Print what there is to say of one job, and how far its stages are."""
    facts = job.facts
    took = f", took {show_duration(facts.took_s)}" if facts.took_s is not None else ""
    ended = f", ended {show_moment(facts.ended_at)}" if facts.ended_at else ""
    with_ = "".join(f", {one_line(name)}" for name in (*facts.models, *facts.recipes))
    tell(f"{job.job_id}: {job.state}, started {show_moment(job.created_at)}{took}{ended}")
    tell(f"on {facts.device}{with_}")
    print_table(
        ["stage", "progress"], [[stage.name, describe_stage(stage)] for stage in job.progress]
    )
    for stage in filter(describe_quality, job.progress):
        tell(f"{stage.name}: {describe_quality(stage)}")
    if job.state in _STOPPED:
        tell(_way_out(job))


def _row(job: JobStatus, is_wide: bool) -> list[object]:
    facts = job.facts
    took = "" if facts.took_s is None else show_duration(facts.took_s)
    first = [job.job_id, job.state, show_moment(job.created_at, is_short=True), took]
    rows, stages = f"{job.written:,} of {job.total:,}", " → ".join(job.stages)
    if not is_wide:
        return [*first, rows, stages]
    return [*first, rows, facts.device, ", ".join(facts.models), ", ".join(facts.recipes), stages]


def _why(job: JobStatus) -> str:
    """The first sentence of its error, where it has one."""
    first = one_line((job.error or "").partition("\n")[0]).rstrip(".")
    return f" {first}." if first else ""


def _way_out(job: JobStatus) -> str:
    force = " --force" if job.state == "paused" else ""
    return f"`backquery jobs resume {job.job_id}{force}` goes on from its finished rows."
