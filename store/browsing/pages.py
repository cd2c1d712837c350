"""Looks up rows by their row numbers: what a page shows of them, or what a file is to hold.

Goes from key to key, so that a page among a million rows takes a moment.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import polars as pl

from store.browsing.columns import ALL, KEYS, Browsable, Column, Source, Stored
from store.browsing.listing import NO_ROW, joined_bases, with_clause
from store.browsing.tables import TABLES
from store.browsing.views import Shown, View
from store.database.connection import Database
from store.database.cursor import Cursor, Value
from store.database.served import served
from store.search import expression_of

PREVIEW: Final = 400  # characters of a text that a page shows
_BEFORE_HIT: Final = 10  # characters that are shown before what was found in a text
_PARENTS: Final[Mapping[Stored, Stored]] = {"answers": "queries", "queries": "samples"}


@served
def read_page(
    database: Database,
    view: View,
    places: pl.DataFrame,
    *,
    columns: Collection[str] | None = None,
    length: int | None = PREVIEW,
) -> tuple[list[str], list[tuple[Shown, ...] | None]]:
    """The names of columns, and rows of a view in the order of `places`; None for one that is gone.

    `places` is a piece of what `list_rows` gave. All columns come if none are named, in the order
    of the table. Texts are cut to `length`; one with the view's pattern begins shortly before it.
    """
    table = TABLES[view.table]
    chosen = [column for column in table.columns if columns is None or column.name in columns]
    names = [column.name for column in chosen]
    if places.is_empty():
        return names, []
    sources = table.needed(chosen)
    with database.read() as cursor:
        ids = _ids(cursor, table, places)
        expressions, values = _restricted(sources, ids)
        cells = []
        for column in chosen:
            sql, parameters = _cell(column, view.pattern, length)
            cells.append(sql)
            values += parameters
        keys = [f"coalesce({alias}.place, {NO_ROW})" for alias in table.bases]
        rows = cursor.rows(
            f"""{with_clause(expressions)} SELECT {", ".join([*keys, *cells])}
            {joined_bases(table, _conditions(table, places), sources)}""",
            values,
        )
    width = len(table.bases)
    found = {row[:width]: row[width:] for row in rows}
    return names, [found.get(key) for key in places.select(list(table.bases)).iter_rows()]


def _conditions(table: Browsable, places: pl.DataFrame) -> dict[str, str]:
    """A condition on the row numbers of each base; as a list in SQL, because they are numbers."""
    return {
        alias: f"rowid IN (SELECT unnest({places[alias].to_list()}::BIGINT[]))"
        for alias in table.bases
    }


def _ids(cursor: Cursor, table: Browsable, places: pl.DataFrame) -> dict[Stored, list[str]]:
    """The ids of rows, and of those that they were made from."""
    conditions = _conditions(table, places)
    found = {
        stored: _column(cursor, f"SELECT {KEYS[stored]} FROM {stored} WHERE {conditions[alias]}")
        for alias, stored in table.bases.items()
    }
    alias, stored = next(iter(table.bases.items()))
    condition, values = conditions[alias], list[str]()
    while stored in _PARENTS:
        parent = _PARENTS[stored]
        sql = f"SELECT {KEYS[parent]} FROM {stored} WHERE {condition}"
        values = found[parent] = list(dict.fromkeys(_column(cursor, sql, values)))
        if not values:
            break
        stored, condition = parent, f"{KEYS[parent]} IN ({', '.join('?' * len(values))})"
    return found


def _column(cursor: Cursor, sql: str, values: Sequence[Value] = ()) -> list[str]:
    return [row_id for (row_id,) in cursor.rows(sql, values)]


def _restricted(
    sources: Sequence[Source], ids: Mapping[Stored, Sequence[str]]
) -> tuple[list[str], list[Value]]:
    """The sources with only the rows of these ids, and the values of their conditions."""
    expressions, values = [], list[Value]()
    for source in sources:
        if not source.column:
            expressions.append(source.among(ALL))
            continue
        among = ids.get(source.stored, [])
        marks = ", ".join("?" * len(among))
        expressions.append(source.among(f"{source.column} IN ({marks})" if among else "false"))
        values += among
    return expressions, values


def _cell(column: Column, pattern: str, length: int | None) -> tuple[str, list[Value]]:
    """What is shown of a column: SQL and its values."""
    if column.kind != "text" or length is None:
        return column.shown, []
    text = column.value
    beginning = f"left({text}, {length:d})"
    if not pattern:
        return beginning, []
    place = f"strpos({text}, regexp_extract({text}, ?))"
    sql = f"""CASE WHEN {place} > {_BEFORE_HIT}
        THEN '… ' || substr({text}, {place} - {_BEFORE_HIT}, {length:d}) ELSE {beginning} END"""
    return sql, [expression_of(pattern)] * 2
