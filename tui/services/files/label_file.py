"""Decisions that come from a file rather than from keys."""

import csv
from pathlib import Path

from store.clusters import list_clusters
from store.database.connection import Database
from store.decisions import Decision, reach_of, record
from store.errors import DecisionRefused
from tui.services.workspace import Workspace


def label_from_file(
    workspace: Workspace, database: Database, path: Path, *, annotator: str | None = None
) -> int:
    """Take `cluster_id,label` rows as one action, and return their number.

    All or nothing: DecisionRefused names the first line that does not fit. A cluster id may be
    cut to an unambiguous beginning.
    """
    sizes = {cluster.cluster_id: cluster.size for cluster in list_clusters(database)}
    percent = workspace.settings.labelling.propagate_percent
    decisions = []
    for line, row in _read_rows(path):
        cluster_id, label = _decision(line, row, list(sizes), workspace.task.labels)
        reach = reach_of(sizes[cluster_id], percent)
        decisions.append(Decision("label", cluster_id, label=label, reach=reach))
    record(database, annotator or workspace.settings.annotator, decisions)
    return len(decisions)


def _read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not {"cluster_id", "label"} <= set(reader.fieldnames or ()):
                raise DecisionRefused(
                    f"{path} needs a header with cluster_id and label; it has "
                    f"{', '.join(reader.fieldnames or ()) or 'nothing'}."
                )
            return [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DecisionRefused(f"{path} cannot be read: {error}") from error


def _decision(
    line: int, row: dict[str, str], known: list[str], labels: tuple[str, ...]
) -> tuple[str, str]:
    wanted, label = (row["cluster_id"] or "").strip(), (row["label"] or "").strip()
    found = [cluster_id for cluster_id in known if wanted and cluster_id.startswith(wanted)]
    if len(found) != 1:
        what = "no active cluster" if not found else "more than one cluster"
        raise DecisionRefused(f"Line {line}: {what} is called {wanted!r}; nothing was taken.")
    if label not in labels:
        raise DecisionRefused(
            f"Line {line}: {label!r} is not a label of the task ({', '.join(labels)}); "
            "nothing was taken."
        )
    return found[0], label
