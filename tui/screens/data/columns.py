"""The columns of each table in the order of the screen: what matters first."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tui.frame.task_words import TaskWords
from tui.screens.data.views import GridColumn, Look
from tui.services.results.browsing import TableName

_TITLES: Final = {
    "seed_label": "seed label", "left_out": "training", "own_id": "own id", "f1": "F1",
    "question_flags": "question flags", "answer_flags": "answer flags",
}  # fmt: skip
_TEXT: Final = 16
_WIDTHS: Final = {
    "dataset": 12, "roles": 10, "label": 17, "seed_label": 17, "predicted": 17, "origin": 10,
    "questions": 10, "answers": 8, "characters": 11, "tokens": 7, "probability": 12, "f1": 5,
    "flags": 12, "question_flags": 14, "answer_flags": 12, "error": 14, "model": 20,
    "template": 13, "attempt": 8, "job": 20, "left_out": 8, "group": 10, "own_id": 8, "file": 16,
    "line": 6, "id": 24,
}  # fmt: skip
_NUMBERS: Final = (
    "questions", "answers", "characters", "tokens", "probability", "f1", "attempt", "line"
)  # fmt: skip
_TEXTS: Final = ("seed", "question", "answer")
_LABELS: Final = ("label", "seed_label", "predicted")


def _look(name: str) -> Look:
    if name in _TEXTS:
        return "text"
    if name in _LABELS:
        return "label"
    return "number" if name in _NUMBERS else "name"


def _columns(names: str) -> tuple[GridColumn, ...]:
    return tuple(
        GridColumn(name, _TITLES.get(name, name), _WIDTHS.get(name, _TEXT), _look(name))
        for name in names.split()
    )


COLUMNS: Final[Mapping[TableName, tuple[GridColumn, ...]]] = {
    "seeds": _columns(
        "seed label dataset roles questions answers origin characters group own_id file line id"
    ),
    "questions": _columns(
        "question seed flags error seed_label dataset answers tokens characters model template "
        "attempt job id"
    ),
    "answers": _columns(
        "answer predicted probability label origin flags error f1 tokens characters dataset "
        "seed_label left_out model template attempt job id"
    ),
    "pairs": _columns(
        "seed question answer seed_label predicted label origin answer_flags question_flags error "
        "f1 dataset left_out id"
    ),
}
# Columns of which the filter asks whether there is something.
PRESENCE: Final[Mapping[TableName, tuple[str, ...]]] = {
    "seeds": ("questions", "answers"),
    "questions": ("answers", "error"),
    "answers": ("error", "left_out"),
    "pairs": ("answer", "error", "left_out"),
}


def columns_of(table: TableName, words: TaskWords) -> tuple[GridColumn, ...]:
    """The columns of a table; in a task of pairs by the names of its sides."""
    if not words.is_pair:
        return COLUMNS[table]
    draw, context, text = words.origins
    titles = {
        "seed": "text" if table == "seeds" else draw, "question": context, "answer": text,
        "questions": "scenarios", "answers": "prompts", "question_flags": "scenario flags",
        "answer_flags": "prompt flags", "seed_label": "draw's label",
    }  # fmt: skip
    return tuple(
        replace(column, title=titles.get(column.name, column.title)) for column in COLUMNS[table]
    )


def column_of(table: TableName, name: str) -> GridColumn:
    """A column of a table by its name."""
    return next(column for column in COLUMNS[table] if column.name == name)
