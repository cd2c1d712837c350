"""The quality of a batch: which share of its rows shows a sign that the model did not do as asked.

Each is counted from the flags of the rows, but for equal texts, which only a batch has.

    <n>-<stage>/look.json    the quality of a stage's first part, written once
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.generation.limits import Sign
from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson
from store.flags import Flag

LOOK_NAME: Final = "look.json"
SIGNS: Final[tuple[Sign, ...]] = (*get_args(Flag), "equal")


@dataclass(frozen=True, slots=True)
class Row:
    """What a model wrote for one seed, question or draw, with its flags.

    A row with an error is none, unless errors are counted: then it has that sign for a flag, and
    the error for a text.
    """

    text: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignShare:
    """The share of a batch's rows that have a sign, with Wilson's interval."""

    sign: Sign
    share: Estimate

    @property
    def rows(self) -> int:
        """How many rows have it."""
        return round(self.share.value * self.share.n)


def measure_quality(rows: Sequence[Row], counted: Sequence[Sign] = SIGNS) -> tuple[SignShare, ...]:
    """The share of every sign that is counted, in this order; none without a row."""
    signs = signs_of(rows)
    found = Counter(sign for own in signs for sign in own)
    shares = ((sign, wilson(found[sign], len(rows))) for sign in counted)
    return tuple(SignShare(sign, share) for sign, share in shares if share is not None)


def signs_of(rows: Sequence[Row]) -> list[frozenset[Sign]]:
    """The signs of each row; its text is equal if another row has the same words."""
    keys = [" ".join(row.text.casefold().split()) for row in rows]
    times = Counter(keys)
    return [
        frozenset(_signs(row, is_equal=bool(key) and times[key] > 1))
        for row, key in zip(rows, keys, strict=True)
    ]


def _signs(row: Row, *, is_equal: bool) -> Iterator[Sign]:
    if "error" in row.flags:
        yield "error"
        return
    yield from (sign for sign in get_args(Flag) if sign in row.flags)
    if is_equal:
        yield "equal"


class Look(BaseModel):
    """The quality of a stage's first part, and why its job pauses; "" where it goes on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shares: tuple[SignShare, ...]
    problem: str


def read_look(stage_dir: Path) -> Look | None:
    """What was seen of a stage's first part; None before, or if that is unreadable."""
    try:
        return Look.model_validate_json((stage_dir / LOOK_NAME).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
