"""What the log of a guard says of single texts, found from key to key.

A module of its own, without polars, because a screen's first cluster waits for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from store.database.cursor import Cursor

OBSERVED: Final = "production"  # in place of the model, of answers that production wrote


@dataclass(frozen=True, slots=True)
class Logged:
    """What is known of a text that production wrote; all None where no log came with it.

    `logged_at` is in UTC, `prompt` what the text answers. `detector` is the name of the one that
    said what it is, in place of the verdict.
    """

    guard: str | None = None
    guard_version: str | None = None
    verdict: str | None = None
    score: float | None = None
    categories: tuple[str, ...] = ()
    logged_at: datetime | None = None
    conversation: str | None = None
    feedback: str | None = None
    prompt: str | None = None
    detector: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of a row of production: the `verdict` of a guard, or, without one, a label.

    The label was predicted by the detector of the name `guard`; without that, nobody said anything.
    `purpose` is what it was selected for last.
    """

    guard: str | None
    verdict: str | None
    purpose: str | None


_RECORDS: Final = """
SELECT record_id, guard, guard_version, verdict, score, categories, logged_at, conversation,
       feedback, prompt
FROM log_records WHERE record_id IN ({marks})
"""


def read_records(cursor: Cursor, sample_ids: Sequence[str]) -> dict[str, Logged]:
    """The records of samples by their id; those without one are left out."""
    if not sample_ids:
        return {}
    marks = ", ".join("?" * len(sample_ids))
    rows = cursor.rows(_RECORDS.format(marks=marks), list(sample_ids))
    return {row[0]: Logged(*(*row[1:5], tuple(row[5]), *row[6:])) for row in rows}


def read_observed(cursor: Cursor, answer_ids: Sequence[str]) -> dict[str, Logged]:
    """What is known of each of these answers that production wrote; others are left out."""
    if not answer_ids:
        return {}
    marks = ", ".join("?" * len(answer_ids))
    observed = cursor.rows(
        f"""SELECT answer_id, sample_id, CASE WHEN verdict IS NULL THEN guard END
        FROM observed_answers WHERE answer_id IN ({marks})""",
        list(answer_ids),
    )
    known = read_records(cursor, [sample_id for _, sample_id, _ in observed])
    return {
        answer_id: replace(known.get(sample_id, Logged()), detector=detector)
        for answer_id, sample_id, detector in observed
    }
