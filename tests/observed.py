"""Patterns for tests: records of a log that were selected, and clustered as if by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from store.database.connection import Database
from store.observed import SELECTED, read_selected, select_observed
from tests import rows

POSITIVE, NEGATIVE = rows.LABELS[0], rows.LABELS[2]


def observe(
    database: Database,
    folder: Path,
    records: Sequence[Mapping[str, object]],
    patterns: Mapping[str, Sequence[str]],
    *,
    dataset: str = "log",
    flagged_as: str = POSITIVE,
) -> dict[str, str]:
    """Log records of `rows.add_records`, select them all, and put them into patterns.

    Patterns have ids of records, nearest first, all of one verdict. Returns the answers' ids by
    those of records.
    """
    rows.add_records(database, dataset, records)
    meant = {"flagged": flagged_as, "passed": NEGATIVE}
    verdicts = {
        str(record.get("record_id", f"r{number}")): meant.get(str(record.get("verdict", "passed")))
        for number, record in enumerate(records)
    }
    chosen = pl.DataFrame(
        {"sample_id": list(verdicts), "label": list(verdicts.values()), "stratum": None},
        schema=SELECTED,
    )
    selection = select_observed(database, dataset, "patterns", chosen, {})
    ids = dict(read_selected(database, selection).select("sample_id", "answer_id").iter_rows())
    clustered = [
        rows.members(
            {name: [ids[item] for item in members]}, label=verdicts[members[0]] or NEGATIVE
        )
        for name, members in patterns.items()
    ]
    if clustered:
        rows.ingest(database, folder, "members", pl.concat(clustered))
    return ids
