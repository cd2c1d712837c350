"""What the cells of one row say: its text, its label, its id. What they cannot say is refused."""

import re
import shlex
from collections.abc import Collection, Mapping
from typing import Final

from store.reading.chats import Speaker, as_chat, is_chat, last_turn
from store.reading.rows import Cell, Record

_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class RowRefused(Exception):
    """Carries the reason why a row cannot be taken; never leaves the import."""


def usable(row: Record, column: str) -> str | None:
    """A cell that the database can hold. Raises RowRefused with the reason why it cannot."""
    value = row.values.get(column)
    if value is None:
        return None
    if not isinstance(value, str):
        raise RowRefused(
            f"column '{column}' holds a list or an object; unnest it into a column of text"
        )
    return _storable(value, column)


def text_of(row: Record, column: str, turn: Speaker | None) -> str:
    """A row's text, of a chat what the speaker `turn` said last. Raises RowRefused."""
    value: object = row.values.get(column)
    if turn is not None or isinstance(value, list):
        chat = as_chat(value)
        if is_chat(chat):
            speaker = turn or "assistant"
            found = last_turn(chat, speaker)
            if not found or not found.strip():
                raise RowRefused(f"the chat in column '{column}' has no text of the {speaker}")
            return _storable(found, column)
        if turn is not None:
            raise RowRefused(
                f"column '{column}' holds no chat, from which --turn could take a turn"
            )
    text = usable(row, column) or ""
    if not text.strip():
        raise RowRefused("empty text")
    return text


def context_of(row: Record, column: str) -> str | None:
    """The context of a row's text, None if the cell is empty. Raises RowRefused."""
    context = usable(row, column) or ""
    return context if context.strip() else None


def label_of(
    row: Record,
    column: str,
    label_map: Mapping[str, str],
    class_names: Mapping[str, str],
    known_labels: Collection[str],
    seen: set[str],
) -> str | None:
    """A row's label, None if the cell is empty. Raises RowRefused.

    A number of a class label counts as its name, too. What the file calls the label is added to
    `seen`.
    """
    raw = raw_label(row, column)
    if not raw:
        return None
    name = class_names.get(raw, raw)
    seen.update((raw, name))
    label = label_map.get(raw) or label_map.get(name, name)
    if label not in known_labels:
        meaning = f" ({name})" if name != raw else ""
        hint = shlex.quote(f"{raw}=LABEL")
        raise RowRefused(f"unknown label '{raw}'{meaning}: say what it means with --map {hint}")
    return label


def raw_label(row: Record, column: str) -> str:
    """A cell's label as the file has it, "" if it has none. Raises RowRefused for several."""
    value: Cell = row.values.get(column)
    if not isinstance(value, list):
        return (usable(row, column) or "").strip()
    labels = list(dict.fromkeys(str(item).strip() for item in value if item is not None))
    if len(labels) > 1:
        raise RowRefused(
            f"column '{column}' holds {len(labels)} labels ({', '.join(labels)}); a row has one "
            "label: write it as a single label"
        )
    return _storable(labels[0], column) if labels else ""


def _storable(text: str, column: str) -> str:
    if "\0" in text:
        raise RowRefused(f"column '{column}' contains a NUL character")
    if not text.isascii() and _LONE_SURROGATE.search(text):
        raise RowRefused(f"column '{column}' contains bytes that are no character")
    return text
