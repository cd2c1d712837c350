"""Gives a dataset other roles than those it was imported in."""

from collections.abc import Sequence

from store.database.connection import Database
from store.database.served import served
from store.datasets import require_dataset
from store.errors import DatasetInUse, ImportRefused
from store.hanging import count_hanging
from store.reading.options import Role


@served
def set_roles(database: Database, dataset: str, roles: Sequence[Role]) -> None:
    """Let a dataset have these roles and no others.

    Raises UnknownName, ImportRefused where a benchmark would have another role or a dataset none,
    and DatasetInUse where rows that questions were written for would become a benchmark.
    """
    require_dataset(database, dataset)
    if not roles:
        raise ImportRefused(f"{dataset!r} needs a role; to be rid of its rows, remove it.")
    if "benchmark" in roles and set(roles) - {"benchmark", "invented"}:
        raise ImportRefused(
            f"{dataset!r} cannot be a benchmark and something else: a benchmark is never trained "
            "on and never a seed."
        )
    if "benchmark" in roles and count_hanging(database, dataset).questions:
        raise DatasetInUse(
            f"{dataset!r} cannot become a benchmark: questions were written for its rows, and what "
            "was made from them may be trained on. `backquery split` holds other rows out."
        )
    with database.write() as cursor:
        cursor.execute("DELETE FROM dataset_roles WHERE dataset = ?", [dataset])
        for role in sorted(set(roles)):
            cursor.execute("INSERT INTO dataset_roles VALUES (?, ?)", [dataset, role])
