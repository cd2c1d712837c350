"""Counts the values of columns that have few, to choose from."""

from collections.abc import Sequence
from typing import Final

from store.browsing.columns import ALL, TableName
from store.browsing.listing import joined_bases, with_clause
from store.browsing.tables import TABLES
from store.browsing.views import Shown
from store.database.connection import Database
from store.database.served import served

MOST_VALUES: Final = 40  # of a column, the most frequent


@served
def count_values(
    database: Database, name: TableName, columns: Sequence[str]
) -> list[tuple[tuple[Shown, int], ...]]:
    """For each of these columns of a table its values with how many rows have them.

    The most frequent come first, ties by value; of a "set" each item is counted by itself.
    """
    table = TABLES[name]
    found = []
    with database.read() as cursor:
        for wanted in columns:
            column = table.column(wanted)
            sources = table.needed([column])
            value = f"unnest({column.value})" if column.kind == "set" else column.value
            rows = cursor.rows(
                f"""{with_clause([source.among(ALL) for source in sources])}
                SELECT value, count(*) FROM (
                    SELECT {value} AS value {joined_bases(table, {}, sources)})
                GROUP BY value ORDER BY count(*) DESC, value LIMIT {MOST_VALUES}"""
            )
            found.append(tuple((value, count) for value, count in rows))
    return found
