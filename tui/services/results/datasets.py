"""The datasets of a workspace."""

from collections.abc import Mapping
from dataclasses import dataclass

from store.database.connection import Database
from store.datasets import list_datasets


@dataclass(frozen=True, slots=True)
class DatasetStatus:
    """A dataset: its roles, its rows by label, and the files it was imported from, oldest first."""

    dataset: str
    roles: tuple[str, ...]
    rows: int
    labels: Mapping[str, int]
    files: tuple[str, ...]
    unlabelled: int


def read_datasets(database: Database) -> list[DatasetStatus]:
    """All datasets by name."""
    return [
        DatasetStatus(
            dataset=item.dataset,
            roles=item.roles,
            rows=item.rows,
            labels={label: rows for label, rows in item.labels.items() if label is not None},
            files=item.files,
            unlabelled=item.labels.get(None, 0),
        )
        for item in list_datasets(database)
    ]
