"""Datasets: what was imported, in which roles, and how rows are held out as a benchmark."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from store.counting import counted
from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.errors import ImportRefused, UnknownName
from store.evaluations import restamp
from store.ids import row_id
from store.reading.inputs import Input, cannot_read
from store.reading.options import Role
from store.schema import SAMPLES


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """A dataset: its roles, its rows by label, and the files it was imported from, oldest first.

    Rows without a label count under None.
    """

    dataset: str
    roles: tuple[str, ...]
    rows: int
    labels: Mapping[str | None, int]
    files: tuple[str, ...] = ()


@served
def list_datasets(database: Database) -> list[DatasetSummary]:
    """All datasets by name."""
    with database.read() as cursor:
        roles = dict(
            cursor.rows("SELECT dataset, list(role ORDER BY role) FROM dataset_roles GROUP BY ALL")
        )
        counts: dict[str, dict[str | None, int]] = defaultdict(dict)
        for dataset, label, rows in cursor.rows(
            "SELECT dataset, label, count(*) FROM samples GROUP BY ALL ORDER BY ALL"
        ):
            counts[dataset][label] = rows
        files = dict(
            cursor.rows(
                """SELECT dataset, list(file_name ORDER BY first) FROM (
                    SELECT dataset, file_name, min(import_id) AS first FROM imports GROUP BY ALL)
                GROUP BY dataset"""
            )
        )
    return [
        DatasetSummary(
            name,
            tuple(roles[name]),
            sum(counts[name].values()),
            counts[name],
            tuple(files.get(name, ())),
        )
        for name in sorted(roles)
    ]


def require_dataset(database: Database, dataset: str) -> DatasetSummary:
    """A dataset. Raises UnknownName that lists those there are."""
    summaries = {summary.dataset: summary for summary in list_datasets(database)}
    if dataset not in summaries:
        names = ", ".join(summaries) or "none yet"
        raise UnknownName(f"There is no dataset {dataset!r}. Datasets: {names}.")
    return summaries[dataset]


@served
def evaluation_samples(database: Database, dataset: str) -> pl.DataFrame:
    """The rows that a detector is evaluated on (schema SAMPLES), by id.

    They are those with a label; of production all are, since alarms are counted without labels.
    Raises UnknownName if the dataset is unknown or has no such row.
    """
    is_production = "production" in require_dataset(database, dataset).roles
    with database.read() as cursor:
        frame = cursor.frame(
            """SELECT sample_id, dataset, text, label, context FROM samples
            WHERE dataset = ? AND (? OR label IS NOT NULL) ORDER BY sample_id""",
            [dataset, is_production],
        )
    if frame.is_empty():
        raise UnknownName(
            f"No row of {dataset!r} has a label to evaluate a detector on. Import it with a label "
            "column, or with `--role production` to count alarms."
        )
    return frame.cast(SAMPLES)


@served
def read_samples(database: Database, sample_ids: Sequence[str]) -> pl.DataFrame:
    """Rows by their ids, in this order: sample_id, text, context, label, group_key."""
    with database.read() as cursor:
        frame = cursor.frame(
            """SELECT sample_id, text, context, label, group_key FROM samples
            WHERE sample_id IN (SELECT unnest(?::VARCHAR[]))""",
            [sample_ids],
        )
    return pl.DataFrame({"sample_id": sample_ids}).join(
        frame, on="sample_id", how="inner", maintain_order="left"
    )


def file_digest(source: Input) -> str:
    """The SHA-256 of a file, or over the names and contents of a folder's files.

    Raises ImportRefused for what cannot be read.
    """
    if isinstance(source, Path) and source.is_dir():
        digest = hashlib.sha256()
        for file in sorted(item for item in source.rglob("*") if item.is_file()):
            digest.update(f"{file.relative_to(source)}:{file_digest(file)};".encode())
        return digest.hexdigest()
    try:
        with source.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()  # type: ignore[arg-type]
    except FileNotFoundError as error:
        raise ImportRefused(f"{source} does not exist.") from error
    except OSError as error:
        raise cannot_read(source, error) from error


def add_roles(cursor: Cursor, dataset: str, roles: Sequence[Role]) -> None:
    """Give a dataset roles. A benchmark is locked: it has no other role and takes none.

    But for "invented", which says how its rows came, not what they are for. Raises ImportRefused if
    a benchmark would become anything else, or the other way round.
    """
    known = {
        role for (role,) in cursor.rows(
            "SELECT role FROM dataset_roles WHERE dataset = ?", [dataset]
        )
    }  # fmt: skip
    together = known | set(roles)
    if "benchmark" in together and together - {"benchmark", "invented"}:
        raise ImportRefused(
            f"{dataset!r} cannot be a benchmark and {', '.join(sorted(together - {'benchmark'}))}: "
            "a benchmark is never trained on and never a seed. Import it under another name, or "
            "hold rows out with `backquery split`."
        )
    for role in sorted(set(roles) - known):
        cursor.execute("INSERT INTO dataset_roles VALUES (?, ?)", [dataset, role])


@served
def split_dataset(
    database: Database, dataset: str, holdout: int, *, seed: int, name: str
) -> tuple[int, int]:
    """Move at least `holdout` rows into a new benchmark; return (rows held out, groups).

    Rows of one group, and rows of equal text, stay on one side. Groups are drawn in the order
    of a hash of seed and group. A group with a row that was already asked about is not drawn.
    Raises ImportRefused if too few rows can be held out or the name is taken.
    """
    require_dataset(database, dataset)
    if any(summary.dataset == name for summary in list_datasets(database)):
        raise ImportRefused(f"There is a dataset {name!r} already; choose another name with --as.")
    with database.write() as cursor:
        rows = cursor.rows(
            """SELECT sample_id, coalesce('g:' || group_key, 't:' || text_hash),
                      't:' || text_hash, sample_id IN (SELECT sample_id FROM queries)
            FROM samples WHERE dataset = ? ORDER BY sample_id""",
            [dataset],
        )
        groups = _connected([(group, text) for _, group, text, _ in rows])
        members: dict[str, list[str]] = defaultdict(list)
        used = set()
        for sample_id, group, _, asked in rows:
            members[groups[group]].append(sample_id)
            if asked:
                used.add(groups[group])
        drawn: list[str] = []
        free = sorted(set(members) - used, key=lambda group: row_id("split", seed, group))
        taken = 0
        for group in free:
            if len(drawn) >= holdout:
                break
            drawn += members[group]
            taken += 1
        if len(drawn) < holdout or len(drawn) == len(rows):
            raise ImportRefused(
                f"{dataset!r} has {counted(len(rows), 'row')}, too few to hold out {holdout:,}; "
                f"{sum(len(members[group]) for group in used)} are in groups already asked about."
            )
        add_roles(cursor, name, ("benchmark",))
        with cursor.view("held_out", pl.DataFrame({"sample_id": drawn})):
            cursor.execute(
                "UPDATE samples SET dataset = ? WHERE sample_id IN (SELECT * FROM held_out)",
                [name],
            )
        restamp(cursor, dataset)
    return len(drawn), taken


def _connected(links: Sequence[tuple[str, str]]) -> dict[str, str]:
    """For every name the representative of all names linked to it (union-find)."""
    parent: dict[str, str] = {}

    def find(name: str) -> str:
        root = name
        while parent.setdefault(root, root) != root:
            root = parent[root]
        while parent[name] != root:
            parent[name], name = root, parent[name]
        return root

    for left, right in links:
        parent[find(left)] = find(right)
    return {name: find(name) for name in list(parent)}


@served
def group_column(database: Database, dataset: str) -> str | None:
    """The column that the newest import of a dataset named as its group, if any."""
    with database.read() as cursor:
        rows = cursor.rows(
            "SELECT options FROM imports WHERE dataset = ? ORDER BY import_id DESC LIMIT 1",
            [dataset],
        )
    found = json.loads(rows[0][0]).get("group_column") if rows else None
    return str(found) if found is not None else None
