"""What readers of logs make of a row: a text, what a guard said of it, what else is known."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from store.reading.chats import Speaker

Verdict = Literal["flagged", "passed", "failed"]
Feedback = Literal["right", "wrong"]
Missing = Literal["redacted", "absent"]
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One text and what one guard said of it, as a log has it.

    Without a text, `missing` says why. `own_id` is the log's own and differs for each text and
    side of a row; without one, a record is what it holds, and `history`, the digest of the turns
    before it. One that is `repeated` may come again with the conversation that it is part of, and
    counts once. A missing `verdict` means that no guard spoke. Times are UTC, without a zone.
    """

    side: Speaker
    text: str | None
    missing: Missing | None = None
    own_id: str | None = None
    history: str = ""
    repeated: bool = False
    prompt: str | None = None
    context: str | None = None
    conversation: str | None = None
    logged_at: datetime | None = None
    guard: str | None = None
    guard_version: str | None = None
    verdict: Verdict | None = None
    score: float | None = None
    categories: tuple[str, ...] = ()
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A row, or a part of one, that holds no text that a guard could speak of, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """How the user wants a log read.

    `labels` are the task's, those of `positives` flag. `turn` is whose texts are taken; None leaves
    it to the log. `text_field` and `context_field` are where rows of a detector's own scores keep
    their texts.
    """

    labels: tuple[str, ...]
    positives: frozenset[str]
    is_pair: bool = False
    turn: Speaker | None = None
    text_field: str = "text"
    context_field: str = "context"


Reader = Callable[[Row], Iterator[LogRecord | PassedOver]]


@dataclass(frozen=True, slots=True)
class Layout:
    """One way of logging: how its rows are recognised, and what reads them.

    `open` gets what is asked and the first rows of the file, which may say what holds for all. What
    it returns raises RowRefused for a row that it cannot read.
    """

    title: str
    recognises: Callable[[Row], bool]
    open: Callable[[Asked, Sequence[Row]], Reader]
