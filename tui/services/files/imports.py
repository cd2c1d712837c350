"""Imports files into a dataset: reads, prepares, stores, and keeps the rows it had to refuse."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from store.database.connection import Database
from store.datasets import file_digest
from store.errors import ImportRefused
from store.imports import Changes, FileTaken, known_digests, take_in
from store.reading.files import read_file
from store.reading.inputs import Input
from store.reading.options import ImportOptions
from store.reading.prepare import FileCounts, prepare
from store.reading.rejects import write_rejects
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `known` files were taken before, as they are and with these options."""

    counts: tuple[FileCounts, ...]
    known: tuple[str, ...]
    remarks: tuple[str, ...]
    changes: Changes
    rejects_file: Path | None

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


def import_files(
    workspace: Workspace,
    database: Database,
    sources: Sequence[Input],
    options: ImportOptions,
    *,
    replace: bool = False,
    with_answers: bool = False,
) -> ImportReport:
    """Take files into a dataset, or with `replace` in place of its rows.

    A file that the dataset holds already adds nothing, unless it is read with other options now, or
    rows of it were refused. Rejected rows are kept under `exports/`, with file, line and reason.
    """
    digests = {source: file_digest(source) for source in sources}
    done = known_digests(database, options.dataset, asdict(options))
    once = {digest: source for source, digest in digests.items() if replace or digest not in done}
    fresh = list(once.values())
    files = [read_file(source, options.named_columns) for source in fresh]
    prepared = prepare(files, options, workspace.task.labels)
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
    return ImportReport(prepared.counts, skipped, prepared.remarks, changes, rejects_file)


def _keep_rejects(
    workspace: Workspace, database: Database, dataset: str, rejects: pl.DataFrame
) -> Path | None:
    """Write rejected rows to a file of their own, and return it."""
    if rejects.is_empty():
        return None
    stem = f"rejected-{dataset}-{database.now():%Y%m%d-%H%M%S}"
    folder, number = workspace.path / "exports", 1
    folder.mkdir(exist_ok=True)
    path = folder / f"{stem}.csv"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.csv"
    write_rejects(path, rejects)
    return path
