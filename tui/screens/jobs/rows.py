"""The jobs as rows of a table: names and states first, more where there is room."""

from collections.abc import Sequence
from typing import Final

from tui.frame.snapshot import JobLine
from tui.services.results.job_facts import show_moment
from tui.widgets.job_progress import STATE_SIGNS, took_words
from tui.widgets.table import Column, Row

_STAGES: Final = Column("stages", flexible=True)
_NARROW: Final = (
    Column("job"),
    Column("state"),
    Column("started"),
    Column("took", right=True),
    _STAGES,
)
_WIDE: Final = (
    *_NARROW[:-1],
    Column("ended"),
    Column("rows", right=True),
    Column("device"),
    Column("model", flexible=True, named=True),
    Column("recipe", flexible=True),
    _STAGES,
)


def narrow_table(jobs: Sequence[JobLine]) -> tuple[Sequence[Column], list[Row]]:
    """What fits into 80 columns."""
    return _NARROW, [_narrow_row(job) for job in jobs]


def wide_table(jobs: Sequence[JobLine]) -> tuple[Sequence[Column], list[Row]]:
    """All that there is to say; a column in which nothing would be is left out."""
    rows = [_wide_row(job) for job in jobs]
    kept = [place for place in range(len(_WIDE)) if any(row[place] for row in rows)]
    return [_WIDE[place] for place in kept], [tuple(row[place] for place in kept) for row in rows]


def _narrow_row(job: JobLine) -> Row:
    sign, style = STATE_SIGNS.get(job.state, ("?", ""))
    started = show_moment(job.created_at, is_short=True)
    state = (f"{sign} {job.state}", style)
    return (job.job_id, state, started, took_words(job.facts), _stages(job))


def _wide_row(job: JobLine) -> Row:
    facts, first = job.facts, _narrow_row(job)[:-1]
    return (
        *first,
        show_moment(facts.ended_at, is_short=True) if facts.ended_at else "",
        f"{job.written:,} of {job.total:,}",
        facts.device,
        ", ".join(facts.models),
        ", ".join(facts.recipes),
        _stages(job),
    )


def _stages(job: JobLine) -> str:
    return " → ".join(stage.name for stage in job.stages)
