"""Imports logs: which files are logs, what became of them, and those that are still written."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store.counting import counted
from store.database.connection import Database
from store.errors import ImportRefused
from store.logs import holds_table
from store.reading.inputs import Input
from store.reading.logs.layouts import LAYOUTS, PLAIN_TOO, recognise
from store.reading.logs.sources import head_rows, open_log, open_untyped
from tui.services.files.imports import ImportSummary, LogSummary
from tui.services.files.log_intake import LogCounts, LogIntake
from tui.services.files.log_options import LogOptions
from tui.services.files.rejects_path import RejectsFile
from tui.services.workspace import Workspace

REASONS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class LogReport:
    """What became of one log: its layout, and the counts of its records.

    It was read on from after the line `lines_before`; `waits` says that it ends in half a row.
    """

    name: str
    layout: str
    counts: LogCounts
    lines_before: int
    waits: bool
    rejects: Path | None
    redacted: Counter[str]


def are_logs(database: Database, dataset: str, sources: Sequence[Input]) -> bool:
    """Whether files are clearly logs, so that they come in as such though nobody says so.

    Rows of a dataset that has rows of tables stay such rows. Raises ImportRefused where only some
    of the files are logs.
    """
    titles = {source.name: _title(source) for source in sources}
    found = {name: title for name, title in titles.items() if title is not None}
    if not found or holds_table(database, dataset):
        return False
    if len(found) < len(titles):
        name, title = next(iter(found.items()))
        raise ImportRefused(
            f"{name} is a log ({title}), and not all of the other files are. Import the logs by "
            "themselves, or all files as tables: --text names the column of texts."
        )
    return True


def _title(source: Input) -> str | None:
    """The layout of a file that is clearly a log; None for others, and for what cannot be read."""
    try:
        log = open_untyped(source)
        name = recognise(head_rows(log)) if log is not None else None
    except ImportRefused:
        return None
    return LAYOUTS[name].title if name is not None and name not in PLAIN_TOO else None


def import_logs(
    workspace: Workspace,
    database: Database,
    sources: Sequence[Input],
    options: LogOptions,
    told: Callable[[int], None] | None = None,
) -> list[LogReport]:
    """Take logs in, one after the other, once all of them can be read. Raises ImportRefused."""
    database.save_memory()  # else it grows with the log
    rejects = RejectsFile(workspace, options.dataset)
    intakes = [
        LogIntake(workspace, database, open_log(source), options, rejects) for source in sources
    ]
    for intake in intakes:
        intake.take_in(database, told=told)
    return [report_on(intake) for intake in intakes]


def report_on(intake: LogIntake) -> LogReport:
    """What became of a log so far."""
    redaction = intake.options.redaction
    return LogReport(
        intake.log.name,
        intake.layout,
        intake.counts,
        intake.lines_before,
        intake.waits,
        intake.rejects.path if intake.counts.rejected else None,
        Counter(redaction.counts) if redaction else Counter(),
    )


def summarise_logs(reports: Sequence[LogReport]) -> ImportSummary:
    """Sums over all logs; rows are records, and duplicates those that were there already."""
    counts = [report.counts for report in reports]
    rejects = (report.rejects for report in reports if report.rejects is not None)
    return ImportSummary(
        rows_in=sum(item.new + item.known for item in counts),
        rejected=sum(item.rejected for item in counts),
        duplicates=sum(item.known for item in counts),
        new=sum(item.new for item in counts),
        relabelled=0,
        held_out=0,
        removed=0,
        known_files=tuple(report.name for report in reports if not report.counts.read),
        rejects_file=next(rejects, None),
        remarks=(),
        log=LogSummary(
            formats=tuple(dict.fromkeys(report.layout for report in reports)),
            records=sum(item.new for item in counts),
            flagged=sum(item.flagged for item in counts),
            missing=sum(item.missing for item in counts),
            learned=sum(item.learned for item in counts),
            passed_over=sum(item.passed.total() for item in counts),
            waiting=sum(report.waits for report in reports),
            redacted=dict(reports[0].redacted) if reports else {},
        ),
    )


def describe_logs(reports: Sequence[LogReport], dataset: str) -> Iterator[str]:
    """What became of logs, in sentences."""
    for report in reports:
        yield from _describe(report, dataset)
    for path in dict.fromkeys(report.rejects for report in reports if report.rejects is not None):
        yield f"The rejected rows and their reasons are in {path}"
    redacted = reports[0].redacted if reports else Counter()
    if redacted:
        found = ", ".join(f"{name} {number:,}" for name, number in sorted(redacted.items()))
        yield f"Redacted before anything was stored: {found}."


def _describe(report: LogReport, dataset: str) -> Iterator[str]:
    counts, name = report.counts, report.name
    since = f" after line {report.lines_before:,}" if report.lines_before else ""
    if not (counts.read or counts.passed):
        yield f"{name}: nothing new{since}."
    else:
        kinds = f"{counts.flagged:,} flagged, {counts.missing:,} without a text"
        yield (
            f"{name}: a log ({LAYOUTS[report.layout].title}){since and ', read on' + since}; "
            f"{counted(counts.new, 'new record')} ({kinds}), {counts.rejected:,} rejected"
        )
    if counts.known:
        yield f"Not doubled: {counted(counts.known, 'record')} that {dataset} had already."
    if counts.learned:
        yield f"Of those, {counts.learned:,} brought a text, a verdict or feedback that was new."
    for reason, rows in counts.passed.most_common():
        yield f"Passed over, {counted(rows, 'row')}: {reason}"
    for reason, rows in counts.reasons.most_common(REASONS_SHOWN):
        yield f"Rejected, {counted(rows, 'row')}: {reason}"
    if more := sum(counts.reasons.values()) - sum(
        rows for _, rows in counts.reasons.most_common(REASONS_SHOWN)
    ):
        yield f"Rejected for other reasons: {counted(more, 'row')}"
    if report.waits:
        yield f"{name} ends in the middle of a row; the next import takes it once it is whole."
