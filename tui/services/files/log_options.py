"""How the user wants a log to be read, and what reads it so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from store.database.connection import Database
from store.errors import ImportRefused
from store.log_files import ID_SPACE, id_space
from store.reading.chats import Speaker
from store.reading.logs.batches import BatchReader
from store.reading.logs.entries import LogSource
from store.reading.logs.layouts import LAYOUTS, recognise
from store.reading.logs.records import Asked, Row
from store.reading.logs.redaction import Redaction
from store.reading.logs.sources import head_rows
from tui.services.workspace import Workspace

AUTO: Final = "auto"


@dataclass(frozen=True, slots=True)
class LogOptions:
    """How the user wants logs to be read: their layout, or AUTO, and whose texts are taken.

    The fields are where rows of a detector's scores keep text and context.
    """

    dataset: str
    layout: str = AUTO
    turn: Speaker | None = None
    text_field: str | None = None
    context_field: str | None = None
    redaction: Redaction | None = None


def open_reader(
    workspace: Workspace, database: Database, log: LogSource, options: LogOptions
) -> tuple[str, BatchReader]:
    """The layout of a log, and what reads it."""
    rows = head_rows(log)
    layout = _layout_of(log, rows, options.layout)
    task = workspace.task
    asked = Asked(
        labels=task.labels,
        positives=task.positives,
        is_pair=task.is_pair,
        turn=options.turn,
        text_field=options.text_field or "text",
        context_field=options.context_field or "context",
    )
    read_row = LAYOUTS[layout].open(asked, rows)
    space = id_space(database, options.dataset)
    return layout, BatchReader(log, options.dataset, space, asked, read_row, options.redaction)


def _layout_of(log: LogSource, rows: Sequence[Row], wanted: str) -> str:
    if wanted == AUTO:
        found = recognise(rows)
        if found is None:
            raise ImportRefused(
                f"{log.name} is no log of a known layout ({', '.join(LAYOUTS)}). Name its layout "
                "with --format, or import it as a table: without --format, and with --text."
            )
        return found
    if rows and not any(map(LAYOUTS[wanted].recognises, rows)):
        other = recognise(rows)
        hint = (
            f"They look like those of {LAYOUTS[other].title}: --format {other}. " if other else ""
        )
        raise ImportRefused(
            f"The first rows of {log.name} are not those of {LAYOUTS[wanted].title}. {hint}"
            "--format auto finds the layout."
        )
    return wanted


def describe_reading(reader: BatchReader, layout: str, options: LogOptions) -> dict[str, object]:
    """What a log must have been read by for being read on, and not again."""
    redaction = options.redaction
    return {
        ID_SPACE: reader.id_space,
        "format": layout,
        "turn": options.turn,
        "is_pair": reader.asked.is_pair,
        "text_column": options.text_field,
        "context_column": options.context_field,
        "redaction": redaction and redaction.digest,
    }


def describe_redaction(options: LogOptions) -> Mapping[str, object]:
    """What an import keeps of how its texts were redacted."""
    redaction = options.redaction
    if redaction is None:
        return {}
    return {
        "redacted_by": redaction.file,
        "redacted": {name: redaction.counts[name] for name in redaction.patterns},
    }
