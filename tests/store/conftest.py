"""A real database in a temporary folder, with a frozen clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database.connection import Database
from tests import rows


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path, clock=lambda: rows.NOON) as opened:
        yield opened


@pytest.fixture
def labelled(database: Database, tmp_path: Path) -> Database:
    """Six advice seeds with answers in two clusters of three, nothing decided yet."""
    names = [f"s{number}" for number in range(6)]
    seeds = [(name, f"Seed {name}.", "health-advice") for name in names]
    rows.add_dataset(database, "seeds", seeds, "seed")
    rows.ingest(database, tmp_path, "queries", rows.queries(names))
    rows.ingest(database, tmp_path, "answers", rows.answers(names))
    rows.ingest(database, tmp_path, "detectors", rows.detectors("d0"))
    found = {f"a-{name}": "health-advice" for name in names}
    rows.ingest(database, tmp_path, "predictions", rows.predictions(found))
    clusters = {"c0": ["a-s0", "a-s1", "a-s2"], "c1": ["a-s3", "a-s4", "a-s5"]}
    rows.ingest(database, tmp_path, "members", rows.members(clusters))
    return database
