"""What was taken out of texts before they came in, as their imports say."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from store.database.connection import Database
from store.database.served import served


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was taken out of the texts of a dataset by expressions: which, and how often each."""

    dataset: str
    file: str  # of the expressions
    counts: Mapping[str, int]


@served
def list_redactions(database: Database) -> dict[str, list[Redacted]]:
    """What was redacted in each dataset that has such texts, by import, oldest first."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT dataset, options FROM imports
            WHERE json_exists(options, '$.redacted') ORDER BY import_id"""
        )
    found: dict[str, list[Redacted]] = {}
    for dataset, stored in rows:
        options = json.loads(stored)
        redacted = Redacted(dataset, options["redacted_by"], options["redacted"])
        found.setdefault(dataset, []).append(redacted)
    return found
