"""What the data screen says in sentences."""

from collections.abc import Mapping, Sequence
from typing import Final

from store.counting import counted
from tui.frame.task_words import TaskWords
from tui.screens.data.rows import describe
from tui.screens.data.views import GridColumn, Listing
from tui.services.inert import one_line
from tui.services.results.browsing import Condition, TableName

_SINGLE: Final[Mapping[TableName, str]] = {
    "seeds": "seed", "questions": "question", "answers": "answer", "pairs": "pair"
}  # fmt: skip
_PAIRS: Final[Mapping[TableName, str]] = {
    "seeds": "row", "questions": "scenario", "answers": "prompt", "pairs": "pair"
}  # fmt: skip
ASCENDING, DESCENDING = "▲", "▼"
VALUE_SHOWN = 24  # characters


def name_one(table: TableName, words: TaskWords) -> str:
    """What a row of a table is: One seed."""
    return f"One {(_PAIRS if words.is_pair else _SINGLE)[table]}"


def name_all(table: TableName, words: TaskWords) -> str:
    """What the rows of a table are: Seeds."""
    return f"{(_PAIRS if words.is_pair else _SINGLE)[table].capitalize()}s"


def describe_listing(listing: Listing, columns: Sequence[GridColumn], words: TaskWords) -> str:
    """Which rows are listed, how many of how many, and in which order."""
    view = listing.view
    titles = {column.name: column.title for column in columns}
    count = f"{listing.count:,}"
    if view.conditions or view.pattern:
        count = f"{count} of {listing.total:,}"
    parts = [f"{name_all(view.table, words)}: {count}"]
    parts += [describe_condition(item, titles[item.column]) for item in view.conditions]
    if view.pattern:
        parts.append(f"with “{one_line(view.pattern, VALUE_SHOWN)}”")
    if view.sort is not None:
        sign = DESCENDING if view.sort.is_descending else ASCENDING
        parts.append(f"by {titles[view.sort.column]} {sign}")
    return " · ".join(parts)


def describe_condition(condition: Condition, title: str) -> str:
    """A condition in few words."""
    value = one_line(describe(condition.value), VALUE_SHOWN)
    if condition.value is None or value == "":
        return f"{'with' if condition.is_left_out else 'without'} {title}"
    return f"{title} {'≠' if condition.is_left_out else '='} {value}"


def describe_place(row: int, count: int, hidden: int) -> str:
    """Where one is among the rows, and how many columns are out of sight."""
    if not count:
        return ""
    more = f" · {counted(hidden, 'more column')} ◂ ▸" if hidden else ""
    return f"row {row + 1:,} of {count:,}{more}"
