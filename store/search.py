"""Searching texts: one way of writing a pattern, one engine, time linear in the text.

A pattern is plain text, in any case, or a regular expression between two slashes. The engine is
Rust's, through polars, which no expression can make hang; it is imported with the first search,
because a screen's first cluster waits for this module.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.errors import PatternInvalid

if TYPE_CHECKING:
    import polars as pl

FIRST_ROWS: Final = 20_000  # so that the first hits come at once
MOST_ROWS: Final = 40_000  # at a time, for their texts lie in memory
OPEN, CLOSE = "\ufdd0", "\ufdd1"  # characters that Unicode keeps out of texts


def expression_of(pattern: str) -> str:
    """The regular expression that a pattern stands for. Raises PatternInvalid."""
    import polars as pl

    if len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/"):
        expression = pattern[1:-1]
    else:
        expression = f"(?i){pl.escape_regex(pattern)}"
    try:
        pl.Series([""]).str.contains(expression)
    except pl.exceptions.PolarsError as error:
        raise PatternInvalid(f"{pattern} is not a regular expression: {error}") from error
    return expression


@served
def search_representatives(database: Database, pattern: str) -> set[str]:
    """The clusters whose representative has the pattern."""
    import polars as pl

    expression = expression_of(pattern)
    with database.read() as cursor:
        frame = cursor.frame("SELECT cluster_id, representative FROM clusters")
    return set(frame.filter(pl.col("representative").str.contains(expression))["cluster_id"])


def search_members(database: Database, pattern: str) -> Iterator[set[str]]:
    """Yield the clusters that have a member with the pattern, as they are found.

    A set comes after every piece of the answers, so that the caller can stop; an empty one too.
    """
    expression_of(pattern)
    rows = count_places(database)
    for first, size in _pieces(rows):
        yield search_piece(database, pattern, first, size)


@served
def count_places(database: Database) -> int:
    """How many places the table of answers has; some may be empty."""
    with database.read() as cursor:
        return cursor.number("SELECT coalesce(max(rowid) + 1, 0) FROM answers")


@served
def search_piece(database: Database, pattern: str, first: int, size: int) -> set[str]:
    """The clusters that have a member with the pattern among the answers at these places."""
    with database.read() as cursor:
        return _clusters_of(cursor, _search_piece(cursor, expression_of(pattern), first, size))


@served
def search_answers(database: Database, pattern: str) -> "pl.DataFrame":
    """The ids of all answers that have the pattern, as the column answer_id."""
    import polars as pl

    with database.read() as cursor:
        rows, expression = count_places(database), expression_of(pattern)
        found = [_search_piece(cursor, expression, *piece) for piece in _pieces(rows)]
    return pl.concat([pl.DataFrame(schema={"answer_id": pl.String}), *found])


def _pieces(rows: int) -> Iterator[tuple[int, int]]:
    """Yield where each piece of a table begins, and its size: small at first."""
    first, size = 0, FIRST_ROWS
    while first < rows:
        yield first, size
        first, size = first + size, min(2 * size, MOST_ROWS)


def _search_piece(cursor: Cursor, expression: str, first: int, size: int) -> "pl.DataFrame":
    """answer_id of the answers with the expression, of one piece of the table."""
    import polars as pl

    answers = cursor.frame(
        "SELECT answer_id, text FROM answers WHERE rowid >= ? AND rowid < ?",
        [first, first + size],
    )
    return answers.filter(pl.col("text").str.contains(expression)).select("answer_id")


def _clusters_of(cursor: Cursor, answers: "pl.DataFrame") -> set[str]:
    """The clusters that have any of these answers; reads through all members' ids."""
    if answers.is_empty():
        return set()
    with cursor.view("hits", answers):
        rows = cursor.rows("SELECT DISTINCT cluster_id FROM members JOIN hits USING (answer_id)")
    return {cluster_id for (cluster_id,) in rows}


def find_spans(texts: Sequence[str], patterns: Sequence[str]) -> list[list[tuple[int, int]]]:
    """For each text where the patterns occur, as (start, end) in characters, in order."""
    if not patterns:
        return [[] for _ in texts]
    import polars as pl

    expression = "|".join(f"(?:{expression_of(pattern)})" for pattern in patterns)
    marked = pl.Series(texts, dtype=pl.String).str.replace_all(expression, f"{OPEN}${{0}}{CLOSE}")
    return [_read_marks(text) for text in marked]


def _read_marks(marked: str) -> list[tuple[int, int]]:
    before, *pieces = marked.split(OPEN)
    spans, place = [], len(before)
    for piece in pieces:
        inside, _, after = piece.partition(CLOSE)
        if inside:
            spans.append((place, place + len(inside)))
        place += len(inside) + len(after)
    return spans
