"""The values that columns of few values can have, to choose from.

They are looked for where they are stored, not in the rows of a table to be browsed: that takes a
moment also among a million, but a value may be in none of its rows.
"""

from collections.abc import Mapping
from typing import Final

from store.browsing.columns import TableName
from store.database.connection import Database
from store.database.served import served

MOST_VALUES: Final = 60  # of a column
_SEED_LABELS: Final = (
    "SELECT label FROM samples UNION SELECT label FROM predictions WHERE item_kind = 'sample'"
)
_ANSWER_LABELS: Final = {
    "predicted": """SELECT label FROM predictions WHERE item_kind = 'answer'
        UNION SELECT NULL""",
    "label": "SELECT label FROM decisions WHERE kind = 'label' UNION SELECT NULL",
    "origin": """VALUES ('centroid'), ('propagated'), ('learned'), ('override'), ('audited'),
        ('carried'), (NULL)""",
}
_DATASETS: Final = "SELECT DISTINCT dataset FROM dataset_roles"


def _made(table: str) -> dict[str, str]:
    return {name: f"SELECT DISTINCT {name} FROM {table}" for name in ("model", "template")}


def _flags(table: str) -> str:
    return f"SELECT DISTINCT unnest(flags) FROM {table}"


_VALUES: Final[Mapping[TableName, Mapping[str, str]]] = {
    "seeds": {
        "dataset": _DATASETS,
        "roles": "SELECT DISTINCT role FROM dataset_roles",
        "label": _SEED_LABELS,
        "origin": "VALUES ('given'), ('predicted'), (NULL)",
    },
    "questions": {
        "dataset": _DATASETS,
        "seed_label": _SEED_LABELS,
        "flags": _flags("queries"),
        **_made("queries"),
    },
    "answers": {
        "dataset": _DATASETS,
        "seed_label": _SEED_LABELS,
        **_ANSWER_LABELS,
        "flags": _flags("answers"),
        **_made("answers"),
    },
    "pairs": {
        "dataset": _DATASETS,
        "seed_label": _SEED_LABELS,
        **_ANSWER_LABELS,
        "answer_flags": _flags("answers"),
        "question_flags": _flags("queries"),
    },
}


@served
def list_values(database: Database, table: TableName) -> dict[str, list[str | None]]:
    """For each column of few values of a table these in order, None last."""
    with database.read() as cursor:
        return {
            column: [
                value
                for (value,) in cursor.rows(
                    f"""SELECT * FROM ({sql}) found(value)
                    ORDER BY value NULLS LAST LIMIT {MOST_VALUES}"""
                )
            ]
            for column, sql in _VALUES[table].items()
        }
