"""Which files came into which dataset, when, and how they were read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from store.database.connection import Database
from store.database.served import served


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """One import of a file. `rejects_file` in exports/ keeps the rows that were refused.

    Columns are those of its texts, contexts, labels, ids and groups by what they are for, if they
    were named. Rows without a context got one of the dataset `pair_with`, drawn by `pair_seed`.
    """

    dataset: str
    file: str
    imported_at: datetime
    read: int
    taken: int
    rejected: int
    duplicates: int
    rejects_file: str | None
    columns: Mapping[str, str]
    label_map: Mapping[str, str]
    label_for_all: str | None
    dimensions: tuple[str, ...] = ()
    pair_with: str | None = None
    pair_seed: int = 0


@served
def list_imports(database: Database) -> list[ImportedFile]:
    """All imports, oldest first."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT dataset, file_name, imported_at, rows_read, rows_taken, rows_rejected,
                duplicates, rejects_file, options FROM imports ORDER BY import_id"""
        )
    return [_imported(*row[:8], options=json.loads(row[8])) for row in rows]


def _imported(
    dataset: str,
    file: str,
    imported_at: datetime,
    read: int,
    taken: int,
    rejected: int,
    duplicates: int,
    rejects_file: str | None,
    *,
    options: Mapping[str, object],
) -> ImportedFile:
    columns = {
        purpose: str(options[f"{purpose}_column"])
        for purpose in ("text", "context", "label", "id", "group")
        if options.get(f"{purpose}_column") is not None
    }
    found = options.get("label_map")
    label_map = (
        {str(raw): str(label) for raw, label in found.items()} if isinstance(found, dict) else {}
    )
    for_all, drawn_from = options.get("label_for_all"), options.get("pair_with")
    seed, dimensions = options.get("pair_seed"), options.get("dimension_columns")
    return ImportedFile(
        dataset, file, imported_at, read, taken, rejected, duplicates, rejects_file, columns,
        label_map, str(for_all) if for_all is not None else None,
        dimensions=tuple(map(str, dimensions)) if isinstance(dimensions, list) else (),
        pair_with=str(drawn_from) if drawn_from is not None else None,
        pair_seed=seed if isinstance(seed, int) else 0,
    )  # fmt: skip
