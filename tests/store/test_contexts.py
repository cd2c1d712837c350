"""Which contexts a dataset has to draw from."""

from pathlib import Path

import pytest

from store.contexts import list_contexts
from store.database.connection import Database
from store.errors import ImportRefused, UnknownName
from tests import rows


def test_contexts_are_those_of_pairs_and_of_scenarios_without_an_error(
    database: Database, tmp_path: Path
) -> None:
    rows.add_dataset(database, "made", [("d0", "tone: curt", None), ("d1", "t", None)], "invented")
    questions = rows.queries(["d0", "d1"])
    rows.ingest(database, tmp_path, "queries", questions)
    rows.add_dataset(database, "bench", [("b0", "Hi.", None), ("b1", "Ho.", None)], "benchmark")
    with database.write() as cursor:
        cursor.execute("UPDATE samples SET context = 'You help.' WHERE dataset = 'bench'")
        cursor.execute("UPDATE queries SET text = 'You cook.' WHERE sample_id = 'd0'")
        cursor.execute("UPDATE queries SET error = 'cut' WHERE sample_id = 'd1'")
    assert list_contexts(database, "bench") == ["You help."]
    assert list_contexts(database, "made") == ["You cook."]


def test_a_dataset_without_contexts_is_refused(database: Database) -> None:
    rows.add_dataset(database, "plain", [("a", "Hi.", None)], "seed")
    with pytest.raises(ImportRefused, match="'plain' has a context"):
        list_contexts(database, "plain")
    with pytest.raises(UnknownName):
        list_contexts(database, "nothing")
