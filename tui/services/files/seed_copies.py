"""Makes new seeds of rows that a detector was evaluated on, but never of a benchmark's."""

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.jobs.settings import NAME_PATTERN, NAME_RULE
from store.database.connection import Database
from store.datasets import list_datasets, read_samples, require_dataset
from store.errors import ImportRefused
from store.reading.options import ImportOptions
from tui.services.files.imports import ImportReport, import_files
from tui.services.workspace import Workspace


def require_copyable(database: Database, source: str) -> None:
    """Raise ImportRefused where rows of a dataset must not become seeds, or are some already."""
    roles = require_dataset(database, source).roles
    if "benchmark" in roles:
        raise ImportRefused(
            f"{source!r} is a benchmark; as seeds, its rows would leak into training."
        )
    if "seed" in roles:
        raise ImportRefused(f"The rows of {source!r} are seeds already.")


def copy_as_seeds(
    workspace: Workspace, database: Database, source: str, sample_ids: Sequence[str], name: str
) -> ImportReport:
    """Copy rows of a dataset, with their labels and groups, into a dataset of seeds.

    They are imported from a file that names where they come from; rows that are there already
    add nothing. Raises ImportRefused where `require_copyable` does, and for a name that is none or
    belongs to a dataset that is no seeds, for all its rows would become some.
    """
    require_copyable(database, source)
    if not re.fullmatch(NAME_PATTERN, name):
        raise ImportRefused(f"{name!r} is not a valid name: {NAME_RULE}.")
    others = {item.dataset for item in list_datasets(database) if "seed" not in item.roles}
    if name in others:
        raise ImportRefused(f"{name!r} is no dataset of seeds; give the seeds another name.")
    options = ImportOptions(
        name, ("seed",), label_column="label", id_column="sample_id", group_column="group_key"
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"from-{source}.jsonl"
        read_samples(database, sample_ids).write_ndjson(path)
        return import_files(workspace, database, [path], options)
