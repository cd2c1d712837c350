"""How long it takes to select, and to show, patterns of a log of a million records, 1 % flagged.

    python -m tests.benchmarks.patterns [--rows 1000000]

The job itself is left out: it takes as long as the detector does for the rows that are selected.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from store.clusters import list_clusters
from store.counts import count_all
from store.database.connection import Database
from store.datasets import add_roles
from store.ids import row_id
from store.learned_labels import use_spread
from store.observed import read_selected
from tests import rows as small
from tests.benchmarks.steps import seed_texts
from tests.tui.filled import INITIAL, LABELS, make_workspace, write_job
from tui.services.jobs.patterns import PatternsRequest, draft_patterns
from tui.services.results.patterns import summarise_patterns
from tui.services.workspace import Workspace

ROWS = 1_000_000
LIVE = "live"
_FILL = """
SELECT left(md5(concat(i)), 24) AS {key}, ? AS dataset, {columns}
FROM range(?) t(i)
"""
_SAMPLES = """?[(1 + i % 200)::BIGINT] || ' ' || i AS text, md5(concat(i)) AS text_hash,
    'log.jsonl' AS source, i AS line"""
_RECORDS = """TIMESTAMP '2026-01-01' + to_seconds(i) AS logged_at, 'guard' AS guard,
    '1' AS guard_version, CASE WHEN i % 100 = 0 THEN 'flagged' ELSE 'passed' END AS verdict,
    0.5 AS score, [] AS categories, 'log.jsonl' AS source, i AS line"""
T = TypeVar("T")


def measure(rows: int) -> None:
    """Fill a workspace, and print how long each step takes, and the memory that was needed."""
    with tempfile.TemporaryDirectory() as name:
        workspace = make_workspace(Path(name) / "workspace")
        with workspace.database() as database:
            _timed("write the log", lambda: _fill(database, rows))
        write_job(workspace, "20260105-090000-a1f0", [("train", small.detectors(INITIAL))])
        small.stand_in(workspace.path, INITIAL)
        with workspace.database() as database:
            use_spread(database, "learned")
            drafted = _timed(
                "select 5,000 of what was flagged",
                lambda: draft_patterns(workspace, database, PatternsRequest(LIVE)),
            )
            answers = read_selected(database, drafted.selection_id)["answer_id"].to_list()
        _cluster(workspace, answers)
        with workspace.database() as database:
            _timed("summarise the patterns", lambda: summarise_patterns(workspace, database, LIVE))
            _timed("list all clusters", lambda: list_clusters(database))
            _timed("count everything", lambda: count_all(database))
            request = PatternsRequest(LIVE, rows="passed")
            _timed(
                "select 5,000 of what passed", lambda: draft_patterns(workspace, database, request)
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{'peak memory':42} {peak:8.0f} MB\n")


def _fill(database: Database, rows: int) -> None:
    texts = seed_texts(200)
    with database.write() as cursor:
        add_roles(cursor, LIVE, ("production",))
        samples = _FILL.format(key="sample_id", columns=_SAMPLES)
        cursor.execute(f"INSERT INTO samples BY NAME {samples}", [LIVE, texts, rows])
        records = _FILL.format(key="record_id", columns=_RECORDS)
        cursor.execute(f"INSERT INTO log_records BY NAME {records}", [LIVE, rows])


def _cluster(workspace: Workspace, answers: list[str]) -> None:
    """Write what the job of a selection would: twenty clusters."""
    predicted = small.predictions(dict.fromkeys(answers, LABELS[0]), detector_id=INITIAL)
    clusters = {row_id("cluster", number): answers[number::20] for number in range(20)}
    members = small.members(clusters, clustering_id="live", detector_id=INITIAL)
    stages = [("predict", predicted), ("cluster", members)]
    write_job(workspace, "20260106-090000-b2f0", stages)


def _timed(what: str, work: Callable[[], T]) -> T:
    began = time.perf_counter()
    found = work()
    sys.stdout.write(f"{what:42} {time.perf_counter() - began:8.2f} s\n")
    sys.stdout.flush()
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    measure(parser.parse_args().rows)
