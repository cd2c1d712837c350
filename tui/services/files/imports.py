"""Imports files into a dataset: reads, prepares, stores, and keeps the rows it had to refuse."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import replace as replaced
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

import polars as pl

from store.contexts import list_contexts
from store.counting import counted
from store.database.connection import Database
from store.datasets import file_digest
from store.errors import ImportRefused
from store.imports import Changes, FileTaken, known_digests, take_in
from store.reading.files import read_file
from store.reading.inputs import Input
from store.reading.options import ImportOptions
from store.reading.prepare import FileCounts, prepare
from store.reading.rejects import write_rejects
from store.reading.rows import FileRows, Record, Rejected
from tui.services.files.rejects_path import rejects_path
from tui.services.workspace import Workspace

TOLD_AFTER: Final = 1000  # rows
REASONS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `known` files were taken before, as they are and with these options."""

    counts: tuple[FileCounts, ...]
    known: tuple[str, ...]
    remarks: tuple[str, ...]
    changes: Changes
    rejects_file: Path | None
    reasons: tuple[tuple[str, int], ...]  # why rows were rejected, most frequent first

    @property
    def new(self) -> int:
        """Rows that were not there yet."""
        return self.changes.new

    def summarise(self) -> "ImportSummary":
        """Sums over all files."""
        return ImportSummary(
            rows_in=sum(item.taken for item in self.counts),
            rejected=sum(item.rejected for item in self.counts),
            duplicates=sum(item.duplicates for item in self.counts),
            new=self.changes.new,
            relabelled=self.changes.relabelled,
            held_out=self.changes.held_out,
            removed=self.changes.removed,
            known_files=self.known,
            rejects_file=self.rejects_file,
            remarks=self.remarks,
        )


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """An import in figures: rows read, and what became of them in the dataset.

    `held_out` rows stayed in a benchmark; `removed` ones were replaced.
    """

    rows_in: int
    rejected: int
    duplicates: int
    new: int
    relabelled: int
    held_out: int
    removed: int
    known_files: tuple[str, ...]
    rejects_file: Path | None
    remarks: tuple[str, ...]
    log: "LogSummary | None" = None  # of logs alone


@dataclass(frozen=True, slots=True)
class LogSummary:
    """Logs in figures: new records by what is known of them, and rows without a text to speak of.

    `learned` counts known records of which something new came in, `waiting` logs that end in the
    middle of a row, `redacted` replacements by the name of their expression.
    """

    formats: tuple[str, ...]
    records: int
    flagged: int
    missing: int
    learned: int
    passed_over: int
    waiting: int
    redacted: Mapping[str, int]


def import_files(
    workspace: Workspace,
    database: Database,
    sources: Sequence[Input],
    options: ImportOptions,
    *,
    replace: bool = False,
    with_answers: bool = False,
    told: Callable[[int], None] | None = None,
) -> ImportReport:
    """Take files into a dataset, or with `replace` in place of its rows.

    A file that the dataset holds already adds nothing, unless it is read with other options now, or
    rows of it were refused. Rejected rows are kept under `exports/`, with file, line and reason.
    Contexts are drawn from the dataset that the options name.
    `told` is called with the number of rows read, every TOLD_AFTER of them.
    """
    options = replaced(options, is_pair=workspace.task.is_pair)
    digests = {source: file_digest(source) for source in sources}
    done = known_digests(database, options.dataset, asdict(options))
    once = {digest: source for source, digest in digests.items() if replace or digest not in done}
    fresh = list(once.values())
    files = [read_file(source, options.named_columns) for source in fresh]
    if told is not None:
        files = _counted(files, told)
    contexts = list_contexts(database, options.pair_with) if options.pair_with else ()
    prepared = prepare(files, options, workspace.task.labels, contexts)
    if fresh and prepared.samples.is_empty():
        reason = prepared.rejects["reason"][0] if prepared.rejects.height else "there are none"
        raise ImportRefused(f"No row could be taken; the first was refused because: {reason}.")
    rejects_file = _keep_rejects(workspace, database, options.dataset, prepared.rejects)
    taken = [
        FileTaken(counts.file, digests[source], counts)
        for source, counts in zip(fresh, prepared.counts, strict=True)
    ]
    changes = take_in(
        database,
        options.dataset,
        options.roles,
        prepared.samples,
        taken,
        options=asdict(options),
        rejects_file=rejects_file,
        replace=replace,
        with_answers=with_answers,
    )
    skipped = tuple(source.name for source in sources if source not in fresh)
    reasons = _count_reasons(prepared.rejects)
    return ImportReport(prepared.counts, skipped, prepared.remarks, changes, rejects_file, reasons)


def _count_reasons(rejects: pl.DataFrame) -> tuple[tuple[str, int], ...]:
    """Each reason with its rows, most frequent first."""
    counts = rejects["reason"].value_counts().sort(["count", "reason"], descending=[True, False])
    return tuple(counts.iter_rows())


def _counted(files: Sequence[FileRows], told: Callable[[int], None]) -> list[FileRows]:
    """The files, which tell how many rows were read of all of them together."""
    rows = count(1)

    def read(file: FileRows) -> Iterator[Record | Rejected]:
        for row in file.read():
            if (number := next(rows)) % TOLD_AFTER == 0:
                told(number)
            yield row

    return [replaced(file, read=partial(read, file)) for file in files]


def describe_import(report: ImportReport, dataset: str) -> list[str]:
    """What an import did, in sentences."""
    lines = [
        f"{name}: {dataset} holds this very file already; nothing was added."
        for name in report.known
    ]
    lines += [
        f"{counts.file}: {counted(counts.taken, 'row')} in, {counts.rejected:,} rejected, "
        f"{counted(counts.duplicates, 'duplicate')}"
        for counts in report.counts
    ]
    changes = report.changes
    if changes.known:
        lines.append(f"Not doubled: {counted(changes.known, 'row')} that {dataset} had already.")
    if changes.relabelled:
        lines.append(f"Relabelled as in this file: {counted(changes.relabelled, 'row')} of those.")
    if changes.held_out:
        held_out = counted(changes.held_out, "row")
        lines.append(f"Left in the benchmark held out of {dataset}: {held_out}.")
    if changes.removed:
        lines.append(f"Removed: {counted(changes.removed, 'row')} that {dataset} had before.")
    lines += report.remarks
    if report.rejects_file:
        shown, more = report.reasons[:REASONS_SHOWN], report.reasons[REASONS_SHOWN:]
        lines += [f"Rejected, {counted(rows, 'row')}: {reason}" for reason, rows in shown]
        if more:
            lines.append(f"Rejected for other reasons: {counted(sum(n for _, n in more), 'row')}")
        lines += [
            f"The rejected rows and their reasons are in {report.rejects_file}",
            "Import that file, or this one again, with the options that it names.",
        ]
    return lines


def _keep_rejects(
    workspace: Workspace, database: Database, dataset: str, rejects: pl.DataFrame
) -> Path | None:
    """Write rejected rows to a file of their own, and return it."""
    if rejects.is_empty():
        return None
    path = rejects_path(workspace, database, dataset)
    write_rejects(path, rejects)
    return path
