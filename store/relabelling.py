"""Labels as they are stored, and giving one another name everywhere, in one transaction."""

import json
from typing import Any, Final

from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served

_COLUMNS: Final = (
    ("samples", "label"),
    ("predictions", "label"),
    ("clusters", "predicted_label"),
    ("decisions", "label"),
    ("learned_labels_0", "label"),
    ("learned_labels_1", "label"),
    ("audit_items", "label"),
    ("audit_judgements", "label"),
    ("evaluation_rows", "label"),
    ("evaluation_rows", "predicted_label"),
    ("classifications", "label"),
)
_LISTS: Final = ("labels", "positive")  # of labels, in the parameters of detectors


@served
def labels_that_count(database: Database) -> set[str]:
    """The labels that samples were given, that decisions give, and that clusters have."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT label FROM samples UNION SELECT label FROM cluster_decisions
            UNION SELECT label FROM overrides
            UNION SELECT predicted_label FROM clusters JOIN clusterings USING (clustering_id)
            WHERE active"""
        )
    return {label for (label,) in rows if label is not None}


@served
def is_stored(database: Database, label: str) -> bool:
    """Whether any row or detector has a label."""
    with database.read() as cursor:
        return any(
            cursor.rows(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1", [label])
            for table, condition in (
                *((table, f"{column} = ?") for table, column in _COLUMNS),
                ("detectors", "list_contains(labels, ?)"),
            )
        )


@served
def detectors_with_both(database: Database, one: str, other: str) -> list[str]:
    """The names of detectors that tell two labels apart."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT DISTINCT name FROM detectors
            WHERE list_contains(labels, ?) AND list_contains(labels, ?) ORDER BY name""",
            [one, other],
        )
    return [name for (name,) in rows]


@served
def rename_label(database: Database, old: str, new: str) -> int:
    """Give a label another name in every row that has it; return how many samples had it.

    Rows that have the new name already stay, so that the two become one label.
    """
    with database.write() as cursor:
        samples = cursor.number("SELECT count(*) FROM samples WHERE label = ?", [old])
        for table, column in _COLUMNS:
            cursor.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", [new, old])
        _rename_in_detectors(cursor, old, new)
        _rename_in_clusters(cursor, old, new)
        _rename_in_imports(cursor, old, new)
    return samples


def _rename_in_detectors(cursor: Cursor, old: str, new: str) -> None:
    """Rename outputs in their order, and what parameters say of labels."""
    for detector_id, labels, params in cursor.rows(
        "SELECT detector_id, labels, params FROM detectors WHERE list_contains(labels, ?)", [old]
    ):
        cursor.execute(
            "UPDATE detectors SET labels = ?, params = ? WHERE detector_id = ?",
            [
                [new if label == old else label for label in labels],
                json.dumps(_rename_in_params(json.loads(params), old, new)),
                detector_id,
            ],
        )


def _rename_in_params(params: Any, old: str, new: str) -> Any:
    """Rename a label in lists of labels, and where a prompt defines it for a language model."""
    if not isinstance(params, dict):
        return params
    return {
        name: [new if item == old else item for item in value]
        if name in _LISTS and isinstance(value, list)
        else value.replace(f"- {old}: ", f"- {new}: ")
        if isinstance(value, str)
        else _rename_in_params(value, old, new)
        for name, value in params.items()
    }


def _rename_in_clusters(cursor: Cursor, old: str, new: str) -> None:
    """Count seeds of the old name under the new one."""
    cursor.execute(
        """UPDATE clusters SET seed_labels = map_concat(
            map_from_entries(list_filter(map_entries(seed_labels), lambda x: x.key <> $1)),
            MAP {$2: seed_labels[$1] + coalesce(seed_labels[$2], 0)})
        WHERE map_contains(seed_labels, $1)""",
        [old, new],
    )


def _rename_in_imports(cursor: Cursor, old: str, new: str) -> None:
    """Let what a file's values were taken for be called as it is now."""
    for import_id, options in cursor.rows("SELECT import_id, options FROM imports"):
        found = json.loads(options)
        changed = {
            name: {raw: new if label == old else label for raw, label in value.items()}
            if isinstance(value, dict)
            else new
            if name == "label_for_all" and value == old
            else value
            for name, value in found.items()
        }
        if changed != found:
            cursor.execute(
                "UPDATE imports SET options = ? WHERE import_id = ?",
                [json.dumps(changed), import_id],
            )
