"""The datasets of a workspace."""

from collections.abc import Mapping
from dataclasses import dataclass

from store.database.connection import Database
from store.datasets import list_datasets
from store.hanging import Hanging, list_hanging
from store.import_log import ImportedFile, list_imports
from store.logs import count_missing

__all__ = [
    "DatasetDetail",
    "DatasetStatus",
    "Hanging",
    "ImportedFile",
    "read_datasets",
    "read_details",
]


@dataclass(frozen=True, slots=True)
class DatasetStatus:
    """A dataset: its roles, its rows by label, and the files it was imported from, oldest first.

    `without_text` counts records of logs of which nothing but what a guard said is known.
    """

    dataset: str
    roles: tuple[str, ...]
    rows: int
    labels: Mapping[str, int]
    files: tuple[str, ...]
    unlabelled: int
    without_text: int


def read_datasets(database: Database) -> list[DatasetStatus]:
    """All datasets by name."""
    missing = count_missing(database)
    return [
        DatasetStatus(
            dataset=item.dataset,
            roles=item.roles,
            rows=item.rows,
            labels={label: rows for label, rows in item.labels.items() if label is not None},
            files=item.files,
            unlabelled=item.labels.get(None, 0),
            without_text=missing.get(item.dataset, 0),
        )
        for item in list_datasets(database)
    ]


@dataclass(frozen=True, slots=True)
class DatasetDetail:
    """A dataset with what was made from its rows, and its imports, oldest first.

    Rows without a label count under None.
    """

    dataset: str
    roles: tuple[str, ...]
    labels: tuple[tuple[str | None, int], ...]
    hanging: Hanging
    files: tuple[ImportedFile, ...]


def read_details(database: Database) -> tuple[DatasetDetail, ...]:
    """All datasets by name."""
    files, hanging = list_imports(database), list_hanging(database)
    return tuple(
        DatasetDetail(
            item.dataset,
            item.roles,
            tuple(item.labels.items()),
            hanging.get(item.dataset, Hanging(0, 0, 0, 0)),
            tuple(file for file in files if file.dataset == item.dataset),
        )
        for item in list_datasets(database)
    )
