"""Drift scores of answers that were asked for in more than one way."""

import polars as pl

from store.database.connection import Database
from tests import rows
from tui.services.workspace import Workspace


def ask_in_another_way(workspace: Workspace, database: Database) -> None:
    """Give some seeds another question and answer, nearer to them than all others."""
    with database.read() as cursor:
        seeds = cursor.rows("SELECT sample_id, config_hash FROM drift ORDER BY ALL LIMIT 9")
    samples, others = [name for name, _ in seeds], [f"{name}-again" for name, _ in seeds]
    asked = rows.queries(others, template="other", template_digest="od")
    scores = {f"a-{name}": 0.9 + 0.01 * number for number, name in enumerate(samples)}
    drift = rows.drift(scores, config=seeds[0][1]).with_columns(
        sample_id=pl.Series(samples), answer_id=pl.Series([f"a-{name}" for name in others])
    )
    for part, (table, frame) in enumerate(
        (
            ("queries", asked.with_columns(sample_id=pl.Series(samples))),
            ("answers", rows.answers(others)),
            ("drift", drift),
        )
    ):
        rows.ingest(database, workspace.path, table, frame, part=900 + part)
