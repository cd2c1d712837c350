"""Imports files into a dataset: reads, prepares, stores, and keeps the rows it had to refuse."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from store.database import Database
from store.datasets import FileTaken, add_samples, file_digest, known_digests
from store.errors import ImportRefused
from store.importing import FileCounts, ImportOptions, prepare, write_rejects
from store.readers import read_file
from tui.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `known` files were taken before; `new` rows were not there yet."""

    counts: tuple[FileCounts, ...]
    known: tuple[str, ...]
    remarks: tuple[str, ...]
    new: int
    rejects_file: Path | None


def import_files(
    workspace: Workspace, database: Database, paths: Sequence[Path], options: ImportOptions
) -> ImportReport:
    """Take files into a dataset. A file that the dataset already holds adds nothing.

    Rejected rows are kept under `exports/`, with file, line and reason.
    """
    digests = {path: file_digest(path) if path.exists() else str(path) for path in paths}
    known = known_digests(database, options.dataset)
    once = {digest: path for path, digest in digests.items() if digest not in known}
    fresh = list(once.values())
    files = [read_file(path, options.named_columns) for path in fresh]
    prepared = prepare(files, options, workspace.task.labels)
    if fresh and prepared.samples.is_empty():
        reason = prepared.rejects["reason"][0] if prepared.rejects.height else "there are none"
        raise ImportRefused(f"No row could be taken; the first was refused because: {reason}.")
    rejects_file = None
    if not prepared.rejects.is_empty():
        name = f"rejected-{options.dataset}-{database.now():%Y%m%d-%H%M%S}.csv"
        rejects_file = workspace.path / "exports" / name
        rejects_file.parent.mkdir(exist_ok=True)
        write_rejects(rejects_file, prepared.rejects)
    taken = [
        FileTaken(path, digests[path], counts)
        for path, counts in zip(fresh, prepared.counts, strict=True)
    ]
    new = add_samples(
        database,
        options.dataset,
        options.roles,
        prepared.samples,
        taken,
        options=asdict(options),
        rejects_file=rejects_file,
    )
    skipped = tuple(path.name for path in paths if path not in fresh)
    return ImportReport(prepared.counts, skipped, prepared.remarks, new, rejects_file)
