"""How many records of a log there are in each period, by verdict: of all, and of each group."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import polars as pl

NO_CATEGORY: Final = "no category"
NO_GUARD: Final = "no name"
NAMELESS: Final = (NO_CATEGORY, NO_GUARD)


@dataclass(frozen=True, slots=True)
class Counts:
    """Records of a log; `verdicts` are those that a guard flagged or passed.

    On `failed` ones it gave no answer, on those `without_verdict` none was asked. Of the texts some
    were `redacted` or `absent` in the log. A user called the verdict of `disputed` ones wrong.
    """

    records: int = 0
    verdicts: int = 0
    flagged: int = 0
    failed: int = 0
    without_verdict: int = 0
    redacted: int = 0
    absent: int = 0
    disputed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, name) + getattr(other, name) for name in Counts.__slots__))


@dataclass(frozen=True, slots=True)
class Cell:
    """The counts of a group in a period, and the versions of guards that had any."""

    counts: Counts
    versions: tuple[str, ...]


Cells = Mapping[datetime | None, Cell]
"""By when the period begins, in UTC and in the order of time; None for records without a time."""


def cells_of_all(verdicts: pl.DataFrame) -> Cells:
    """The cells of all records, from a frame of the schema VERDICTS."""
    return _gather(verdicts.to_dicts())


def cells_of_guards(verdicts: pl.DataFrame, *, with_version: bool) -> dict[str, Cells]:
    """The cells of each guard, or of each version of it, by name."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in verdicts.to_dicts():
        name = _name(row) if with_version else row["guard"] or NO_GUARD
        rows.setdefault(name, []).append(row)
    return {name: _gather(own) for name, own in rows.items()}


def cells_by_category(flagged: pl.DataFrame, everything: Cells) -> dict[str, Cells]:
    """The cells of each category, from a frame of the schema FLAGGED: those of all, flagged so."""
    found: dict[str, dict[datetime | None, int]] = {}
    for begin, category, count in flagged.iter_rows():
        found.setdefault(category or NO_CATEGORY, {})[begin] = count
    return {
        name: {
            begin: replace(cell, counts=replace(cell.counts, flagged=counts.get(begin, 0)))
            for begin, cell in everything.items()
        }
        for name, counts in found.items()
    }


def _gather(rows: list[dict[str, Any]]) -> Cells:
    cells: dict[datetime | None, Cell] = {}
    for row in rows:
        before = cells.get(row["begin"], Cell(Counts(), ()))
        cells[row["begin"]] = Cell(before.counts + _counts(row), (*before.versions, _name(row)))
    return cells


def _counts(row: Mapping[str, Any]) -> Counts:
    verdicts = row["flagged"] + row["passed"]
    return Counts(
        records=row["records"],
        verdicts=verdicts,
        flagged=row["flagged"],
        failed=row["failed"],
        without_verdict=row["records"] - verdicts - row["failed"],
        redacted=row["redacted"],
        absent=row["absent"],
        disputed=row["disputed"],
    )


def _name(row: Mapping[str, Any]) -> str:
    """A guard with its version."""
    return " ".join(filter(None, (row["guard"], row["guard_version"]))) or NO_GUARD
