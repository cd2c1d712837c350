"""How far logs have been read that may still grow, whatever they are called by now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.reading.logs.entries import Mark, Place

ID_SPACE: Final = "id_space"  # among what must be the same for a log to be read on


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log that was read before: how far, and what it is known by up to there.

    With `is_counted`, records of it are told apart by their occurrence, from its start.
    """

    name: str
    mark: Mark
    place: Place
    is_counted: bool = False


@served
def list_log_files(
    database: Database, dataset: str, options: Mapping[str, object]
) -> list[LogFile]:
    """The logs of a dataset that were read with these options, the longest first."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT file_name, head_digest, tail_digest, read_bytes, read_lines, is_counted
            FROM log_files
            WHERE dataset = ? AND options = ? ORDER BY read_bytes DESC, read_lines DESC""",
            [dataset, _described(options)],
        )
    return [
        LogFile(name, Mark(head, tail), Place(read_bytes, read_lines), is_counted)
        for name, head, tail, read_bytes, read_lines, is_counted in rows
    ]


@served
def id_space(database: Database, dataset: str) -> str:
    """What the ids of a dataset's records are made of: the name that it had at first.

    So they stay when it is renamed; where another dataset had that name, the name is marked.
    """
    with database.read() as cursor:
        rows = cursor.rows("SELECT DISTINCT dataset, options FROM log_files ORDER BY ALL")
    spaces = {name: str(json.loads(options)[ID_SPACE]) for name, options in rows}
    found = spaces.get(dataset, dataset)
    while found in (space for name, space in spaces.items() if name != dataset):
        found += "'"
    return found


def note_place(
    cursor: Cursor, dataset: str, file: LogFile, before: Mark | None, reading: Mapping[str, object]
) -> None:
    """Say how far a log has been read; until now it was known by the mark `before`."""
    if before is not None:
        cursor.execute(
            "DELETE FROM log_files WHERE dataset = ? AND head_digest = ? AND tail_digest = ?",
            [dataset, before.head, before.tail],
        )
    cursor.execute(
        "INSERT INTO log_files VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            dataset, file.name, file.mark.head, file.mark.tail, file.place.read_bytes,
            file.place.read_lines, file.is_counted, _described(reading),
        ],
    )  # fmt: skip


def _described(options: Mapping[str, object]) -> str:
    return json.dumps(dict(options), sort_keys=True)
