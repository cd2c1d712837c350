"""Queues of production rows, some of them labelled."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from store.database.connection import Database
from store.decisions import Decision, record
from store.observed import SELECTED, list_selections, read_selected, select_observed
from store.queue import CHOSEN, DRAWN
from tests import rows
from tests.rows import LABELS
from tests.tui.logged import logged
from tui.services.workspace import Workspace

ADVICE, _, GENERAL = LABELS
SETTINGS = {"strategy": "margin", "waiting": 400, "detector_ids": ["d0", "gone"]}


def queue_rows(database: Database, dataset: str, sample_ids: Sequence[str]) -> None:
    """Queue these rows, every second one as if it was drawn at random."""
    queued = [
        {"sample_id": name, "stratum": DRAWN if place % 2 else CHOSEN}
        for place, name in enumerate(sample_ids)
    ]
    select_observed(database, dataset, "queue", rows.frame(SELECTED, queued), SETTINGS)


def label_queued(database: Database, positive: Sequence[int], negative: Sequence[int]) -> None:
    """Label rows of the only queue by their places."""
    (selection,) = list_selections(database)
    answers = read_selected(database, selection.selection_id)["answer_id"].to_list()
    said = [(ADVICE, place) for place in positive] + [(GENERAL, place) for place in negative]
    decisions = [Decision("label", answer_id=answers[place], label=name) for name, place in said]
    record(database, "ann", decisions)


@contextmanager
def queued(workspace: Workspace) -> Iterator[None]:
    """Forty rows of a log in a queue, half of which are labelled."""
    with logged(workspace), workspace.database() as database:
        names = [f"r{day}-{place:03}" for day in range(4) for place in range(30, 60)]
        with database.read() as cursor:
            known = {name for (name,) in cursor.rows("SELECT sample_id FROM samples")}
        queue_rows(database, "assistant", [name for name in names if name in known][:40])
        label_queued(database, positive=range(0, 20, 3), negative=range(1, 20, 3))
    yield
