"""What the data screen says in sentences."""

from collections.abc import Sequence

from store.counting import counted
from tui.screens.data.rows import describe
from tui.screens.data.views import GridColumn, Listing
from tui.services.inert import one_line
from tui.services.results.browsing import Condition, TableName

NAMES: dict[TableName, str] = {
    "seeds": "Seeds", "questions": "Questions", "answers": "Answers", "pairs": "Pairs"
}  # fmt: skip
ONE: dict[TableName, str] = {
    "seeds": "One seed", "questions": "One question", "answers": "One answer", "pairs": "One pair"
}  # fmt: skip
ASCENDING, DESCENDING = "▲", "▼"
VALUE_SHOWN = 24  # characters


def describe_listing(listing: Listing, columns: Sequence[GridColumn]) -> str:
    """Which rows are listed, how many of how many, and in which order."""
    view = listing.view
    titles = {column.name: column.title for column in columns}
    count = f"{listing.count:,}"
    if view.conditions or view.pattern:
        count = f"{count} of {listing.total:,}"
    parts = [f"{NAMES[view.table]}: {count}"]
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
