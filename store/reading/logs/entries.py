"""Rows of a log by their places, so that one that grows can be read on from where it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from store.reading.logs.records import Row


@dataclass(frozen=True, slots=True)
class Place:
    """How far a log has been read: bytes, and lines that ended before."""

    read_bytes: int = 0
    read_lines: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a log: where it begins, what it holds or why it holds nothing, and where it ends.

    `is_whole` is False for what ends with the file, in the middle of a row.
    """

    line: int
    row: Row | None
    raw: bytes | None  # None in tables
    reason: str
    end_bytes: int
    end_lines: int
    is_whole: bool = True

    @property
    def end(self) -> Place:
        """The place after it."""
        return Place(self.end_bytes, self.end_lines)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a file that was read up to a place is known by: digests of its ends up to there."""

    head: str
    tail: str


class LogSource(Protocol):
    """A log that can be read from any place where a row ended."""

    @property
    def name(self) -> str:
        """The name of the file."""
        ...

    @property
    def can_grow(self) -> bool:
        """Whether what ends in the middle of a row may go on later."""
        ...

    def entries(self, start: Place) -> Iterator[Entry]:
        """The rows after a place. Raises ImportRefused where the file cannot be read on."""
        ...

    def mark(self, place: Place) -> Mark | None:
        """What the file is known by up to a place; None if it ends before."""
        ...
