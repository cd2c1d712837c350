"""How far a stage is, and how a job ended in rows: how many came out right, why others did not."""

from collections.abc import Iterator
from typing import Final

from store.counting import counted
from tui.services.inert import one_line
from tui.services.job_views import JobView, StageView
from tui.services.numbers import show_duration, show_time_left
from tui.services.results.quality import describe_signs

_NOUNS: Final = {"train": "detector", "baseline": "baseline"}

# What tries the rows of a stage again that have an error.
_AGAIN: Final = {
    "queries": "`backquery run --retry-errors` asks again.",
    "answers": "`backquery run --retry-errors` asks again.",
    "scenarios": "`backquery invent --retry-errors` asks again.",
    "correct": "`backquery correct --retry-errors` asks again where none was kept.",
    "judge": "`backquery evaluate` with --retry-errors asks again where no reply came.",
}


def describe_stage(stage: StageView) -> str:
    """A stage's progress in one line: rows, rates, time left, what it waits for."""
    words = [] if stage.waiting else ["starting"]
    if stage.total:
        words = [f"{stage.written:,} of {counted(stage.total, 'row')}"]
    if stage.finished:
        words = [counted(stage.done, "row"), f"in {show_duration(stage.elapsed_s)}"]
    if stage.failed:
        words.append(f"{stage.failed:,} with an error")
    if stage.tokens_per_s:
        words.append(f"{_show_rate(stage.tokens_per_s)} tokens/s")
    elif stage.rows_per_s:
        words.append(f"{_show_rate(stage.rows_per_s)} rows/s")
    if stage.eta_s and not stage.finished:
        words.append(f"{show_time_left(stage.eta_s)} left")
    if stage.note:
        words.append(stage.note)
    return ", ".join(words)


def _show_rate(per_s: float) -> str:
    return f"{per_s:,.1f}" if per_s < 9.95 else f"{per_s:,.0f}"


def describe_quality(stage: StageView) -> str:
    """What a stage's first rows are like, in one line; "" before that is known."""
    if not stage.quality:
        return ""
    n = stage.quality[0].share.n
    return f"of the first {n:,}: {describe_signs(stage.quality) or 'no sign of trouble'}"


def is_barren(stage: StageView) -> bool:
    """Whether a stage wrote rows and nothing came of a single one."""
    return stage.rows > 0 and stage.lost == stage.rows


def describe_outcome(view: JobView) -> Iterator[str]:
    """Lines on the rows that the stages of a job wrote, and on those with an error."""
    written = [stage for stage in view.stages if stage.rows]
    if written:
        yield "; ".join(_count(stage) for stage in written) + "."
    for stage in written:
        yield from describe_failures(stage)


def describe_failures(stage: StageView) -> Iterator[str]:
    """Lines on why rows of a stage failed, what tries them again, and what a server refused."""
    for reason, count in stage.reasons:
        yield f"  {stage.name}, {counted(count, 'row')}: {one_line(reason, 200)}"
    others = stage.failed - sum(count for _, count in stage.reasons)
    if others:
        yield f"  {stage.name}, {counted(others, 'row')}: for other reasons"
    if stage.failed and stage.name in _AGAIN:
        yield f"  {_AGAIN[stage.name]}"
    if stage.unsent:
        yield f"  {stage.name}: the server was asked {stage.unsent}, which it refuses."


def _count(stage: StageView) -> str:
    right = counted(stage.rows - stage.failed, _NOUNS.get(stage.name, "row"))
    if not stage.failed:
        return f"{stage.name} {right}"
    return f"{stage.name} {right} right, {stage.failed:,} with an error"
