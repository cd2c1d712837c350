"""What a table to be browsed is made of: columns as SQL, and what is joined for each of them.

A column is one expression, by which rows are shown, sorted, filtered and written alike. What it
reads beside the table's own rows is a `Source`; only those that are needed are joined.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

TableName = Literal["seeds", "questions", "answers", "pairs"]
Stored = Literal["samples", "queries", "answers"]
Kind = Literal["text", "name", "number", "set"]

KEYS: Final[Mapping[Stored, str]] = {
    "samples": "sample_id", "queries": "query_id", "answers": "answer_id"
}  # fmt: skip
SEPARATOR: Final = ", "  # between the items of a set
ALL: Final = "true"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `value` is its SQL, of a list of names if its kind is "set".

    `order` is what rows are sorted by if it is not the value. Both read from `sources`.
    """

    name: str
    kind: Kind
    value: str
    sources: tuple[str, ...] = ()
    order: str = ""

    @property
    def shown(self) -> str:
        """The SQL of its value as text or number."""
        return f"array_to_string({self.value}, '{SEPARATOR}')" if self.kind == "set" else self.value


@dataclass(frozen=True, slots=True)
class Source:
    """Rows to be joined, under an alias: {among} in their SQL is a condition on `column`.

    It holds the ids of `stored` rows, by which the few rows of a page are looked up. `after` is
    what is joined before.
    """

    alias: str
    rows: str
    stored: Stored
    column: str
    join: str
    after: tuple[str, ...] = ()

    def among(self, condition: str) -> str:
        """Its rows under a condition, as a common table expression."""
        return f"{self.alias} AS ({self.rows.format(among=condition)})"


@dataclass(frozen=True, slots=True)
class Browsable:
    """A table that can be browsed. Each row is known by DuckDB's `rowid` in its `bases`.

    Those are stored tables by their alias; `join` is between them. `searched` has the SQL of ids
    in the texts of whose rows one searches, by stored table.
    """

    bases: Mapping[str, Stored]
    join: str
    columns: tuple[Column, ...]
    sources: tuple[Source, ...]
    searched: Mapping[Stored, str]

    def column(self, name: str) -> Column:
        """A column by its name."""
        return next(column for column in self.columns if column.name == name)

    def needed(self, columns: Iterable[Column]) -> list[Source]:
        """The sources of these columns, in the order in which they are joined."""
        names = {name for column in columns for name in column.sources}
        for source in reversed(self.sources):
            if source.alias in names:
                names.update(source.after)
        return [source for source in self.sources if source.alias in names]
