"""What a queue's rows say: estimates by those drawn at random, counts by the others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.statistics.measures import wilson
from store.database.connection import Database
from tests import rows
from tests.tui.queued import label_queued, queue_rows
from tui.services.results.queue import Queues, read_queues
from tui.services.workspace import Workspace


@pytest.fixture
def opened(empty_workspace: Workspace, tmp_path: Path) -> Iterator[Database]:
    """A queue of 20 rows, every second one drawn at random; the guard flagged the first ten."""
    with empty_workspace.database() as database:
        logged = [{"verdict": "flagged" if n < 10 else "passed"} for n in range(20)]
        rows.add_records(database, "live", logged)
        rows.ingest(database, tmp_path, "detectors", rows.detectors("d0"))
        queue_rows(database, "live", [f"r{n}" for n in range(20)])
        yield database


def read(workspace: Workspace, database: Database) -> Queues:
    return read_queues(workspace, database, "live")


def test_only_rows_drawn_at_random_are_estimated_from(
    empty_workspace: Workspace, opened: Database
) -> None:
    label_queued(opened, positive=[0, 2, 4, 6, 1, 3, 11], negative=[5, 13, 15])

    (state,) = read(empty_workspace, opened).queues

    assert (state.chosen.rows, state.chosen.labelled, state.chosen.positives) == (10, 4, 4)
    assert (state.drawn.rows, state.drawn.labelled, state.drawn.positives) == (10, 6, 3)
    assert state.drawn.left == 4
    assert state.prevalence == wilson(3, 6)
    assert state.precision == wilson(2, 3)  # r1 and r3 of r1, r3 and r5, which were flagged
    assert (state.waiting, state.detectors) == (400, (rows.detectors("d0")["name"][0], "gone"))


def test_without_labels_there_are_no_estimates(
    empty_workspace: Workspace, opened: Database
) -> None:
    found = read(empty_workspace, opened)

    assert (found.queues[0].prevalence, found.queues[0].precision) == (None, None)
    assert "20 rows wait: `backquery label --dataset live`" in found.next_step


def test_what_comes_next_follows_from_what_is_left(
    empty_workspace: Workspace, opened: Database
) -> None:
    label_queued(opened, positive=range(19), negative=[])
    assert "1 row waits" in read(empty_workspace, opened).next_step
    label_queued(opened, positive=[], negative=[19])
    assert "20 rows of live are labelled. `backquery train production`" in (
        read(empty_workspace, opened).next_step
    )
    (empty_workspace.path / "recipes" / "production.toml").unlink()
    assert 'A recipe with a source `rows = "production"`' in (
        read(empty_workspace, opened).next_step
    )
    empty = read_queues(empty_workspace, opened, "other").next_step
    assert "`backquery queue --on other --budget 100`" in empty
