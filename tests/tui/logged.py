"""Logs of deployed guards in a workspace, as a person would have imported them."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from tests.rows import add_dataset, add_records
from tui.services.workspace import Workspace

FIRST = datetime(2026, 3, 2)
RATES = (0.06,) * 8 + (0.02,) * 6 + (0.16,) * 3  # of each day
RECORDS_A_DAY = 120
CATEGORIES = ("dosage", "diagnosis", "\x1b[31m[b]other[/b]")


def day_of(number: int, rate: float, dice: random.Random) -> Iterator[dict[str, object]]:
    """Records of a day; from the ninth on a second version of the guard."""
    for place in range(RECORDS_A_DAY):
        is_flagged = dice.random() < rate
        verdict = "flagged" if is_flagged else "failed" if dice.random() < 0.02 else "passed"
        yield {
            "record_id": f"r{number}-{place:03}",
            "logged_at": FIRST + timedelta(days=number, minutes=12 * place),
            "guard": "health-guard",
            "guard_version": "1.4" if number < 8 else "2.0",
            "verdict": verdict,
            "score": round(dice.random(), 3),
            "categories": [dice.choice(CATEGORIES)] if is_flagged else [],
            "prompt": f"What should I take for a headache, {number}-{place}?",
            "text": f"\x1b[2JTake two tablets and rest, {number}-{place}.",
            "missing": "redacted" if dice.random() < 0.05 else None,
            "feedback": "wrong" if is_flagged and dice.random() < 0.2 else None,
        }


def records() -> Sequence[dict[str, object]]:
    """Seventeen days of a guard, of which the tenth is missing, and a record without a time."""
    dice = random.Random(5)
    days = [day_of(number, rate, dice) for number, rate in enumerate(RATES) if number != 9]
    found = [record for day in days for record in day]
    return [*found[:-1], {**found[-1], "logged_at": None}]


@contextmanager
def logged(workspace: Workspace) -> Iterator[None]:
    """A log whose rate falls with a new version, and rises later."""
    with workspace.database() as database:
        add_records(database, "assistant", records())
    yield


@contextmanager
def logged_without_times(workspace: Workspace) -> Iterator[None]:
    """A log whose records have no time."""
    with workspace.database() as database:
        known = [{**record, "logged_at": None} for record in records()[:200]]
        add_records(database, "assistant", known)
    yield


@contextmanager
def came_without_log(workspace: Workspace) -> Iterator[None]:
    """Rows of production that were imported as a table."""
    with workspace.database() as database:
        add_dataset(database, "live-texts", [("p0", "A text.", None)], "production")
    yield
