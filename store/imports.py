"""Takes an import into the database: what is new, what has another label now, what is gone.

One transaction, whatever is in it. `matching.py` says which rows a dataset has already.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from store.database.connection import Database, check_columns
from store.database.cursor import Cursor, Value
from store.database.served import served
from store.datasets import add_roles
from store.dimensions import set_dimensions
from store.ids import row_id, sample_id
from store.labels import set_labels
from store.matching import EXISTING, match_rows
from store.reading.options import Role
from store.reading.prepare import IMPORTED, FileCounts
from store.removal import remove_samples, require_unused

_UNSEEN: Final = ("roles", "dataset")  # options that say nothing of how a file is read


@dataclass(frozen=True, slots=True)
class FileTaken:
    """A file that goes into a dataset: its name, its SHA-256, and the counts of its rows."""

    name: str
    digest: str
    counts: FileCounts


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import did to a dataset, in rows.

    `known` were there before; `relabelled` are those of them that got another label; `held_out`
    were not taken, because `split` moved them into a benchmark; `removed` were replaced.
    """

    new: int = 0
    known: int = 0
    relabelled: int = 0
    held_out: int = 0
    removed: int = 0


@served
def known_digests(database: Database, dataset: str, options: Mapping[str, object]) -> set[str]:
    """The digests of files that have nothing new for a dataset.

    They were last read with the same options, and no row of them was refused.
    """
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT digest, arg_max(options, import_id), arg_max(rows_rejected, import_id)
            FROM imports WHERE dataset = ? GROUP BY digest""",
            [dataset],
        )
    reading = _reading(json.loads(json.dumps(dict(options))))
    return {
        digest
        for digest, stored, rejected in rows
        if not rejected and _reading(json.loads(stored)) == reading
    }


def _reading(options: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in options.items() if value and key not in _UNSEEN}


@served
def take_in(
    database: Database,
    dataset: str,
    roles: Sequence[Role],
    samples: pl.DataFrame,
    files: Sequence[FileTaken],
    *,
    options: Mapping[str, object],
    rejects_file: Path | None,
    replace: bool = False,
    with_answers: bool = False,
) -> Changes:
    """Take an import in as one transaction.

    `samples` has the columns of store.reading.prepare.IMPORTED. A row that is there is not doubled;
    one without a label gets that of the import, and so does any row of a file that was imported
    before. An import takes no label away, unless it is to `replace` the dataset's rows: then rows
    that it lacks are removed. Raises DatasetInUse if answers hang on those and not
    `with_answers`, ImportRefused where the roles cannot be.
    """
    check_columns(samples, IMPORTED, "the import")
    with database.write() as cursor:
        add_roles(cursor, dataset, roles)
        again = _imported_names(cursor, dataset, files)
        incoming = samples.with_columns(is_again=pl.col("source").is_in(list(again)))
        existing = _existing(cursor, dataset, None if replace else samples.select("text_hash"))
        names = {name for found in again.values() for name in found}
        matches = match_rows(incoming, existing, again=names, replace=replace)
        new, held_out = _without_held_out(cursor, dataset, matches.new)
        new = _with_free_ids(cursor, new)
        cursor.insert("samples", new.drop("dimensions"))
        taken = (frame.select("sample_id", "dimensions") for frame in (new, matches.found))
        set_dimensions(cursor, pl.concat(taken), replace=replace)
        relabelled = _update(cursor, matches.found, replace=replace)
        if replace:
            require_unused(cursor, dataset, "replaced", with_answers, samples=matches.gone)
            remove_samples(cursor, matches.gone)
            cursor.execute("DELETE FROM imports WHERE dataset = ?", [dataset])
        for file in files:
            _record(cursor, database, dataset, file, options, rejects_file)
    return Changes(
        new.height, matches.found.height, relabelled, held_out,
        matches.gone.height if replace else 0,
    )  # fmt: skip


def _imported_names(
    cursor: Cursor, dataset: str, files: Sequence[FileTaken]
) -> dict[str, list[str]]:
    """Return, by name, the files that were imported before, with their names then."""
    digests = {file.digest: file.name for file in files}
    rows = cursor.rows(
        "SELECT digest, file_name FROM imports WHERE dataset = ? AND list_contains(?, digest)",
        [dataset, list(digests)],
    )
    found: dict[str, list[str]] = {}
    for digest, name in rows:
        found.setdefault(digests[digest], []).append(name)
    return found


def _existing(cursor: Cursor, dataset: str, hashes: pl.DataFrame | None) -> pl.DataFrame:
    """The rows of a dataset, or only those with one of these texts."""
    sql = f"SELECT {', '.join(EXISTING)} FROM samples WHERE dataset = ?"
    if hashes is None:
        return cursor.frame(sql, [dataset])
    with cursor.view("incoming_texts", hashes.unique()):
        return cursor.frame(
            f"{sql} AND text_hash IN (SELECT text_hash FROM incoming_texts)", [dataset]
        )


def _without_held_out(cursor: Cursor, dataset: str, new: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Leave out rows that came with this dataset once and were then moved into a benchmark.

    Their ids show it: they are made of the dataset's name.
    """
    with cursor.view("new_rows", new.select("text_hash").unique()):
        rows = cursor.rows(
            """SELECT s.sample_id, s.text_hash, s.text, s.context FROM samples s
            WHERE s.text_hash IN (SELECT text_hash FROM new_rows)
              AND s.dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'benchmark')
              AND s.dataset <> ?""",
            [dataset],
        )
        labels = [None, *(label for (label,) in cursor.rows(
            "SELECT DISTINCT label FROM samples WHERE label IS NOT NULL"))]  # fmt: skip
    copies = new.group_by("text_hash").len()
    most = int(copies["len"].max() or 0) if rows else 0  # type: ignore[arg-type]
    held: dict[str, int] = {}
    for held_id, text_hash, text, context in rows:
        born_here = {
            sample_id(dataset, text, context, label, nth)
            for label in labels
            for nth in range(most + len(rows))
        }
        if held_id in born_here:
            held[text_hash] = held.get(text_hash, 0) + 1
    if not held:
        return new, 0
    nth = pl.int_range(pl.len()).over("text_hash")
    count = pl.col("text_hash").replace_strict(held, default=0, return_dtype=pl.Int64)
    kept = new.filter(nth >= count)
    return kept, new.height - kept.height


def _with_free_ids(cursor: Cursor, new: pl.DataFrame) -> pl.DataFrame:
    """Give another id to rows whose own is taken: by a row that was relabelled or renamed since."""
    ids = new["sample_id"].to_list()
    taken: set[str] = set()
    while True:
        with cursor.view("new_ids", pl.DataFrame({"sample_id": ids}, {"sample_id": pl.String})):
            rows = cursor.rows(
                "SELECT sample_id FROM samples WHERE sample_id IN (SELECT sample_id FROM new_ids)"
            )
        taken.update(sample_id for (sample_id,) in rows)
        if not taken.intersection(ids):
            return new.with_columns(sample_id=pl.Series(ids, dtype=pl.String))
        ids = [row_id("sample", "again", item) if item in taken else item for item in ids]


def _update(cursor: Cursor, found: pl.DataFrame, *, replace: bool) -> int:
    """Bring rows that are there up to the import; return how many got another label."""
    changes = pl.col("label").ne_missing(pl.col("old_label"))
    if not replace:
        was_asked = pl.col("is_again") | pl.col("old_label").is_null()
        changes = changes & pl.col("label").is_not_null() & was_asked
    relabelled = found.filter(changes).select("sample_id", "label")
    set_labels(cursor, relabelled)
    again = found.filter(pl.col("is_again") | replace)
    columns = "external_id", "group_key", *(("source", "line") if replace else ())
    with cursor.view("again_rows", again.select("sample_id", *columns)):
        sets = ", ".join(
            f"{name} = r.{name}" if replace else f"{name} = coalesce(r.{name}, samples.{name})"
            for name in columns
        )
        cursor.execute(
            f"UPDATE samples SET {sets} FROM again_rows r WHERE r.sample_id = samples.sample_id"
        )
    return relabelled.height


def _record(
    cursor: Cursor,
    database: Database,
    dataset: str,
    file: FileTaken,
    options: Mapping[str, object],
    rejects_file: Path | None,
) -> None:
    values: list[Value] = [
        dataset, file.name, file.digest, json.dumps(dict(options)), file.counts.read,
        file.counts.taken, file.counts.rejected, file.counts.duplicates,
        rejects_file.name if rejects_file else None, database.now(),
    ]  # fmt: skip
    cursor.execute(
        """INSERT INTO imports (dataset, file_name, digest, options, rows_read, rows_taken,
            rows_rejected, duplicates, rejects_file, imported_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        values,
    )
