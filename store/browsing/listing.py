"""Lists the rows of a table that a view wants, by their row numbers, in its order.

Only the columns that the view sorts or filters by are read, so that a million rows take a moment;
`pages.py` looks up what is seen of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import duckdb
import polars as pl

from store.browsing.columns import ALL, KEYS, SEPARATOR, Browsable, Column, Source
from store.browsing.tables import SEARCHED, TABLES
from store.browsing.views import Condition, View
from store.database.connection import Database
from store.database.cursor import Value
from store.database.served import served
from store.errors import PatternInvalid
from store.search import expression_of

NO_ROW: Final = -1  # in place of the row number of what a row lacks


@served
def count_rows(database: Database, view: View) -> int:
    """How many rows of the view's table there are in all, whatever its conditions."""
    bases = TABLES[view.table].bases
    if len(bases) > 1:
        return list_rows(database, View(view.table)).height
    with database.read() as cursor:
        return cursor.number(f"SELECT count(*) FROM {next(iter(bases.values()))}")


@served
def list_rows(database: Database, view: View, limit: int | None = None) -> pl.DataFrame:
    """Row numbers of the rows of a view in its order, one column for each base of its table.

    With `limit` only the first. Raises PatternInvalid.
    """
    table = TABLES[view.table]
    conditions, values, columns = _where(table, view)
    order = [f"{alias}.place" for alias in table.bases]
    if view.sort is not None:
        column = table.column(view.sort.column)
        columns.append(column)
        direction = "DESC" if view.sort.is_descending else "ASC"
        order.insert(0, f"{column.order or column.shown} {direction} NULLS LAST")
    sources = table.needed(columns)
    places = ", ".join(f"coalesce({alias}.place, {NO_ROW}) AS {alias}" for alias in table.bases)
    with_ = with_clause([source.among(ALL) for source in sources])
    sql = f"""{with_} SELECT {places} {joined_bases(table, {}, sources)}
        WHERE {" AND ".join([ALL, *conditions])} ORDER BY {", ".join(order)}
        {"" if limit is None else f"LIMIT {limit:d}"}"""
    with database.read() as cursor:
        try:
            return cursor.frame(sql, values)
        except duckdb.InvalidInputException as error:
            raise PatternInvalid(f"{view.pattern} cannot be searched for: {error}") from error


def _where(table: Browsable, view: View) -> tuple[list[str], list[Value], list[Column]]:
    """Conditions in SQL, their values, and the columns that they read."""
    conditions, values, columns = [], list[Value](), []
    for condition in view.conditions:
        column = table.column(condition.column)
        columns.append(column)
        sql, value = _condition(column, condition)
        conditions.append(f"NOT coalesce({sql}, false)" if condition.is_left_out else f"({sql})")
        values += value
    if view.pattern:
        expression = expression_of(view.pattern)
        found = []
        for stored, ids in table.searched.items():
            has = " OR ".join(f"regexp_matches({name}, ?)" for name in SEARCHED[stored])
            found.append(f"{ids} IN (SELECT {KEYS[stored]} FROM {stored} WHERE {has})")
            values += [expression] * len(SEARCHED[stored])
        conditions.append(f"({' OR '.join(found)})")
    return conditions, values, columns


def _condition(column: Column, condition: Condition) -> tuple[str, list[Value]]:
    value = condition.value
    if column.kind == "set":
        if not value:
            return f"len({column.value}) = 0", []
        return f"list_has_all({column.value}, ?::VARCHAR[])", [str(value).split(SEPARATOR)]
    if value is None:
        return f"{column.value} IS NULL", []
    return f"{column.value} = ?", [value]


def with_clause(expressions: Sequence[str]) -> str:
    """Common table expressions, if there are any."""
    return f"WITH {', '.join(expressions)}" if expressions else ""


def joined_bases(table: Browsable, conditions: Mapping[str, str], sources: Iterable[Source]) -> str:
    """FROM the bases, of which only rows under the condition of their alias, with the sources."""
    bases = [
        f"(SELECT rowid AS place, * FROM {stored} WHERE {conditions.get(alias, ALL)}) {alias}"
        for alias, stored in table.bases.items()
    ]
    joined = f" LEFT JOIN {bases[1]} ON {table.join}" if len(bases) > 1 else ""
    return " ".join([f"FROM {bases[0]}{joined}", *(source.join for source in sources)])
