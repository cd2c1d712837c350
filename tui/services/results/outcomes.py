"""How a job ended in rows: how many came out right, why the others did not, and what to do."""

from collections.abc import Iterator
from typing import Final

from store.counting import counted
from tui.services.inert import one_line
from tui.services.workspace import JobView, StageView

_NOUNS: Final = {"train": "detector", "baseline": "baseline"}

# What tries the rows of a stage again that have an error.
_AGAIN: Final = {
    "queries": "`backquery run --retry-errors` asks again.",
    "answers": "`backquery run --retry-errors` asks again.",
    "judge": "`backquery evaluate` with --retry-errors asks again where no reply came.",
}


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
