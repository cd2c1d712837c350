"""Two rounds of the loop on a log: one that is finished, and one that was just begun."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta

from engine.statistics.estimate import Estimate
from store.rounds import begin_round, finish_round
from tests.rows import NOON, add_records
from tui.services.results.flagger_names import GUARD
from tui.services.results.rounds import RoundFigures
from tui.services.workspace import Workspace

LIVE = "assistant"
FIGURES = RoundFigures(
    records=400,
    flagged=40,
    per_1000=Estimate(100.0, (74.2, 133.4), 400),
    precision=Estimate(0.9, (0.7, 0.97), 20),
    recall=Estimate(0.72, (0.51, 0.88), 55),
    false_alarms=Estimate(10.0, (3.0, 30.0), 20),
    keys=61,
    minutes=7.5,
    annotators=("ann",),
    verdict="PROMOTE",
    notes=("Which rows \x1b[31md1 was trained on is not known.",),
)


@contextmanager
def turned(workspace: Workspace) -> Iterator[None]:
    """The first is of 400 records; of the second a single one came so far."""
    found = [{"verdict": "flagged" if number < 40 else "passed"} for number in range(400)]
    later = NOON.replace(tzinfo=None) + timedelta(days=1)
    with workspace.database() as database:
        add_records(database, LIVE, found)
        first = begin_round(database, LIVE, GUARD)
        assert first is not None
        finish_round(database, first, asdict(FIGURES))
        late = {"record_id": "late", "logged_at": later, "verdict": "flagged"}
        add_records(database, LIVE, [late])
        begin_round(database, LIVE, GUARD)
    yield
