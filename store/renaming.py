"""Renames a dataset wherever its name is stored; its rows keep their ids."""

from store.clusters import recount
from store.database.connection import Database
from store.database.served import served
from store.datasets import list_datasets, require_dataset
from store.errors import ImportRefused
from store.evaluations import restamp
from store.removal import require_unused


@served
def rename_dataset(
    database: Database, dataset: str, name: str, *, with_answers: bool = False
) -> None:
    """Give a dataset another name.

    Raises UnknownName, ImportRefused if the name is taken, and DatasetInUse where questions or
    answers hang on it and not `with_answers`; they stay.
    """
    require_dataset(database, dataset)
    if name in {summary.dataset for summary in list_datasets(database)}:
        raise ImportRefused(f"There is a dataset {name!r} already; choose another name.")
    with database.write() as cursor:
        require_unused(cursor, dataset, "renamed", with_answers)
        for table in _TABLES:
            cursor.execute(f"UPDATE {table} SET dataset = ? WHERE dataset = ?", [name, dataset])
        cursor.execute(
            """UPDATE imports SET options = json_merge_patch(options, json_object('dataset', ?))
            WHERE dataset = ?""",
            [name, name],
        )
        counted = cursor.frame(
            "SELECT cluster_id FROM clusters WHERE list_contains(map_keys(datasets), ?)", [dataset]
        )
        recount(cursor, counted)
        restamp(cursor, name)


# `speeds` and `dataset_roles` have the name in their primary keys, which DuckDB updates as well.
_TABLES = (
    "samples", "dataset_roles", "imports", "clusters", "audit_items", "evaluations", "speeds",
    "thresholds", "log_records", "log_files", "selections", "rounds", "traffic",
)  # fmt: skip
