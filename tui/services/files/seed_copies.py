"""Makes new seeds of rows that a detector or a guard got wrong, but never of a benchmark's."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import polars as pl

from engine.jobs.settings import NAME_PATTERN, NAME_RULE
from store.database.connection import Database
from store.datasets import list_datasets, read_samples, require_dataset
from store.errors import ImportRefused
from store.failures import read_failures, relabel_copies
from store.reading.options import ImportOptions
from tui.services.files.imports import ImportReport, import_files
from tui.services.learning import make_labels_fresh
from tui.services.settings import Task
from tui.services.workspace import Workspace

COLUMNS: Final = ("sample_id", "text", "context", "label", "group_key")


@dataclass(frozen=True, slots=True)
class CopiedFailures:
    """What a guard got wrong in a dataset, by text, and what became of it as seeds.

    `patterns` are clusters of several rows. `new` texts became seeds; `known` are the texts of
    seeds already; `contradicted` ones have several labels, and became none. `relabelled` seeds
    got the labels that their rows have now.
    """

    dataset: str
    seeds: str
    patterns: int
    false_alarms: int
    misses: int
    new: int
    known: int
    contradicted: int
    relabelled: int


def require_copyable(task: Task, database: Database, source: str) -> None:
    """Raise ImportRefused where rows of a dataset must not become seeds, or are some already.

    Nothing is written from a pair: a question to its text alone would come without a context.
    """
    if task.is_pair:
        raise ImportRefused(
            "Pairs are no seeds, since nothing is written from one. A recipe learns from labelled "
            'rows of production as they are (rows = "production"), and `backquery invent` writes '
            "more of their kind with such rows among the examples of problem.toml."
        )
    roles = require_dataset(database, source).roles
    if "benchmark" in roles:
        raise ImportRefused(
            f"{source!r} is a benchmark; as seeds, its rows would leak into training."
        )
    if "seed" in roles:
        raise ImportRefused(f"The rows of {source!r} are seeds already.")


def _require_name_of_seeds(database: Database, name: str) -> None:
    """Raise ImportRefused for a name that is none, or that of a dataset that is no seeds."""
    if not re.fullmatch(NAME_PATTERN, name):
        raise ImportRefused(f"{name!r} is not a valid name: {NAME_RULE}.")
    others = {item.dataset for item in list_datasets(database) if "seed" not in item.roles}
    if name in others:
        raise ImportRefused(f"{name!r} is no dataset of seeds; give the seeds another name.")


def copy_as_seeds(
    workspace: Workspace, database: Database, source: str, sample_ids: Sequence[str], name: str
) -> ImportReport:
    """Copy rows of a dataset, with their labels and groups, into a dataset of seeds.

    They are imported from a file that names where they come from; rows that are there already
    add nothing. Raises ImportRefused where `require_copyable` does, and for a name that is none or
    belongs to a dataset that is no seeds, for all its rows would become some.
    """
    require_copyable(workspace.task, database, source)
    _require_name_of_seeds(database, name)
    rows = read_samples(database, sample_ids)
    return _import_seeds(workspace, database, {f"from-{source}": rows}, name)


def copy_failures(
    workspace: Workspace, database: Database, dataset: str, name: str
) -> CopiedFailures:
    """Copy what a guard got wrong in a dataset into one of seeds, with the labels people gave.

    The file that a seed comes from names the pattern. A text that is a seed already, of whatever
    dataset, is not copied again. Raises ImportRefused as `copy_as_seeds` does.
    """
    require_copyable(workspace.task, database, dataset)
    _require_name_of_seeds(database, name)
    make_labels_fresh(workspace, database)
    relabelled = relabel_copies(database, dataset)
    failures = read_failures(database, dataset, workspace.task.positives)
    misses = failures.filter("is_miss").height
    sure = failures.filter(~pl.col("is_contradicted"))
    new = sure.filter(~pl.col("is_seed"))
    files = {
        f"from-{dataset}-{f'pattern-{cluster_id}' if cluster_id else 'single-rows'}": rows
        for (cluster_id,), rows in new.group_by("cluster_id", maintain_order=True)
    }
    report = _import_seeds(workspace, database, files, name) if files else None
    return CopiedFailures(
        dataset=dataset,
        seeds=name,
        patterns=failures["cluster_id"].drop_nulls().n_unique(),
        false_alarms=failures.height - misses,
        misses=misses,
        new=report.new if report else 0,
        known=sure.height - new.height,
        contradicted=failures.height - sure.height,
        relabelled=relabelled,
    )


def _import_seeds(
    workspace: Workspace, database: Database, files: Mapping[str, pl.DataFrame], name: str
) -> ImportReport:
    """Import rows that have COLUMNS as seeds, from files that are called so."""
    options = ImportOptions(
        name, ("seed",), label_column="label", id_column="sample_id", group_column="group_key"
    )
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{stem}.jsonl" for stem in files]
        for path, rows in zip(paths, files.values(), strict=True):
            rows.select(COLUMNS).write_ndjson(path)
        return import_files(workspace, database, paths, options)
