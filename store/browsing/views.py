"""Which rows of a table are listed, and in which order."""

from dataclasses import dataclass

from store.browsing.columns import TableName

Shown = str | int | float | None


@dataclass(frozen=True, slots=True)
class Condition:
    """Rows that have a value in a column, or with `is_left_out` those that have not.

    Of a "set", the value names the items that a row must have, an empty one that it has none.
    """

    column: str
    value: Shown
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Sort:
    """The column by whose values rows are sorted; rows without a value come last."""

    column: str
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """Rows of a table that fulfil all conditions and have a pattern in a text, if it is not "".

    Without a sort they come as they were stored, oldest first.
    """

    table: TableName
    conditions: tuple[Condition, ...] = ()
    pattern: str = ""
    sort: Sort | None = None
