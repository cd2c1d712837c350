"""A log with scores, two detectors that ran beside it, and labels of patterns and a sample."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from store.database.connection import Database
from store.decisions import Decision, record
from store.observed import SELECTED, read_selected, select_observed
from tests import rows
from tests.tui.evaluated import ADVICE, GENERAL, add_detectors, add_evaluation
from tui.services.jobs.recall import RecallRequest, take_sample
from tui.services.workspace import Workspace

ROWS, FLAGGED, RIGHT = 400, 80, 50
TEXTS = (
    "Take \x1b[31mtwo of these[/b] before you sleep, number {}.",
    "The clinic opens at nine on day {}.",
)


@contextmanager
def shadowed(workspace: Workspace) -> Iterator[None]:
    """The guard flags 80 of 400 rows, 50 rightly; the detector "new" these, 5 more and 5 others."""
    with workspace.database() as database, TemporaryDirectory() as folder:
        _add_log(database, Path(folder))
        _label_patterns(database, Path(folder))
        _label_sample(workspace, database)
    yield


@contextmanager
def unlabelled(workspace: Workspace) -> Iterator[None]:
    """The same log and detectors, without any label or sample."""
    with workspace.database() as database, TemporaryDirectory() as folder:
        _add_log(database, Path(folder))
    yield


def is_positive(number: int) -> bool:
    """Whether the row of a number is positive."""
    return number < RIGHT or FLAGGED <= number < FLAGGED + 5


def _add_log(database: Database, folder: Path) -> None:
    rows.add_records(
        database,
        "assistant",
        [
            {
                "score": round(1 - n / ROWS, 4),
                "verdict": "flagged" if n < FLAGGED else "passed",
                "text": TEXTS[not is_positive(n)].format(n),
                "feedback": "wrong" if n in (60, 81) else None,
            }
            for n in range(ROWS)
        ],
    )
    add_detectors(database, folder, "new", "older")
    found = {*range(RIGHT), *range(FLAGGED, FLAGGED + 10)}
    shares = [(f"r{n}", None, 0.9 if n in found else 0.1 + n / 4000) for n in range(ROWS)]
    add_evaluation(database, folder, "new", "assistant", shares)
    shares = [(f"r{n}", None, 0.8 if n < 70 else 0.2) for n in range(ROWS)]
    add_evaluation(database, folder, "older", "assistant", shares)


def _label(database: Database, selection_id: str) -> list[str]:
    selected = read_selected(database, selection_id)
    decisions = [
        Decision("label", answer_id=answer, label=ADVICE if is_positive(number) else GENERAL)
        for answer, name in selected.select("answer_id", "sample_id").rows()
        for number in [int(name.removeprefix("r"))]
    ]
    record(database, "ann", decisions)
    return selected["answer_id"].to_list()


def _label_patterns(database: Database, folder: Path) -> None:
    chosen = rows.frame(
        SELECTED, [{"sample_id": f"r{n}", "label": ADVICE} for n in range(0, FLAGGED, 2)]
    )
    settings = {"rows": "flagged", "waiting": FLAGGED, "detector_id": None}
    selection = select_observed(database, "assistant", "patterns", chosen, settings)
    answers = read_selected(database, selection)["answer_id"].to_list()
    add_detectors(database, folder, "d-old")
    clusters = {"c-0": answers[:25], "c-1": answers[25:]}
    found = rows.members(clusters, clustering_id="g-live", detector_id="d-old")
    rows.ingest(database, folder, "members", found, job_id="live")
    decisions = [("c-0", ADVICE), ("c-1", GENERAL)]
    record(
        database, "ann", [Decision("label", cluster_id=c, label=label) for c, label in decisions]
    )
    _label(database, selection)


def _label_sample(workspace: Workspace, database: Database) -> None:
    taken = take_sample(workspace, database, RecallRequest("assistant", sample=120, bins=3))
    _label(database, taken.selection_id)
