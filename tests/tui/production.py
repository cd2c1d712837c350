"""A dataset of production with a log, whose flagged rows are in patterns, as jobs write them."""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from store.database.connection import Database
from store.ids import row_id
from store.schema import CLUSTER_TERMS
from tests import rows
from tests.rows import add_records
from tests.tui.filled import INITIAL, LABELS, write_job
from tui.services.jobs.patterns import PatternsRequest, draft_patterns
from tui.services.workspace import Workspace

LIVE: Final = "live"
GUARD: Final = "acme-guard"
JOB: Final = "20260107-090000-0001"
PATTERNS: Final[Mapping[str, tuple[str, ...]]] = {  # of records, the representative first
    "p-cough": ("r0", "r1", "r2", "r3"),
    "p-knit": ("r4", "r5", "r6"),
    "p-odd": ("r7",),
}
TERMS: Final = {"p-cough": ["cough syrup", "rest"], "p-knit": ["knitting", "wool"], "p-odd": []}
TEXTS: Final = {
    "p-cough": "Take cough syrup and rest, number {}.",
    "p-knit": "Knitting with wool, row {}.",
    "p-odd": "[b]An odd one[/b] \x1b[31mnumber {}.",
}
PASSED: Final = 12  # records that the guard let pass


def log_live(database: Database) -> None:
    """Put the records of the log in: the eight of PATTERNS were flagged, PASSED were not."""
    flagged = [
        {
            "record_id": record,
            "text": TEXTS[name].format(record[1:]),
            "prompt": f"What about {record}?",
            "verdict": "flagged",
            "score": 0.875,
            "categories": ["medical", "[bold]odd[/bold]"],
            "conversation": f"talk-{record}",
            "guard": GUARD,
        }
        for name, records in PATTERNS.items()
        for record in records
    ]
    passed = [{"record_id": f"r{8 + number}", "guard": GUARD} for number in range(PASSED)]
    add_records(database, LIVE, [*flagged, *passed])


def add_patterns(workspace: Workspace) -> None:
    """Log, select what was flagged, and write what the job of the selection would."""
    with workspace.database() as database:
        log_live(database)
        draft_patterns(workspace, database, PatternsRequest(LIVE))
    clusters = {name: answers_of(records) for name, records in PATTERNS.items()}
    answer_ids = [answer for members in clusters.values() for answer in members]
    predicted = rows.predictions(dict.fromkeys(answer_ids, LABELS[1]), detector_id=INITIAL)
    members = rows.members(
        clusters, clustering_id="g-live", detector_id=INITIAL, label=LABELS[0]
    ).with_columns(embeddings=pl.lit("both"), encoder=pl.lit("bundled:all-minilm-l6-v2"))
    terms = [{"cluster_id": name, "terms": found} for name, found in TERMS.items()]
    write_job(
        workspace,
        JOB,
        [
            ("predict", predicted),
            ("embed", rows.vectors(dict.fromkeys(answer_ids, (1.0, 0.0)),
                                   encoder="bundled:all-minilm-l6-v2")),
            ("cluster", members),
            ("terms", rows.frame(CLUSTER_TERMS, terms, job_id=JOB)),
        ],
    )  # fmt: skip
    with workspace.database():
        pass  # opening takes the parts in


def answers_of(records: Sequence[str]) -> list[str]:
    """The ids that records have as answers."""
    return [row_id("observed", record) for record in records]
